"""A proxy that does to a connection what networks and crashing servers do: lose replies, delay, cut, freeze.

It stands between a client and a real server (Valkey, or Tablecloth's own WebSocket) and knows nothing of
what is said. Everything is switched by plain attributes and calls while it runs, so that a test can wait for
a state and then do harm.

    async with Proxy(to="/tmp/valkey.sock") as proxy:      # or to=("127.0.0.1", 8080)
        log = ValkeyLog(proxy.valkey_url)
        proxy.lose_replies(2)      # the next two answers vanish, and their connections with them
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

Address = str | tuple[str, int]
"""A unix socket's path, or a host and port."""


@dataclass(slots=True, eq=False)
class _Line:
    """One client's connection and the one that it was given to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        for writer in (self.client, self.server):
            writer.transport.abort()


class Proxy:
    """Listens on a free loopback port and passes everything on, unless told otherwise.

    ``delay_s`` holds each piece of the server's answers for so long. ``refuses`` makes new connections end
    at once. ``to`` may be changed: new connections go there.
    """

    def __init__(self, to: Address) -> None:
        self.to = to
        self.delay_s = 0.0
        self.refuses = False
        self.accepted = 0
        """Connections that were let in so far."""
        self.lost = 0
        """Answers that were lost so far."""
        self.sent_bytes = 0
        """Bytes that went from clients to the server."""
        self._losing = 0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.thaw()
        tasks = [task for line in self._lines for task in line.tasks]
        self.cut()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def valkey_url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def lines(self) -> int:
        """Connections that are open now."""
        return len(self._lines)

    def lose_replies(self, count: int) -> None:
        """Swallow the next ``count`` answers, whole or in part: the request was carried out, its sender
        never knows.
        """
        self._losing = count

    def cut(self) -> None:
        """End every connection without a word."""
        for line in list(self._lines):
            line.abort()

    def freeze(self) -> None:
        """Pass nothing on, in either direction, and keep the connections: a server that hangs."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Pass on what was held back, and everything after it."""
        self._flowing.set()

    async def until_lost(self, count: int) -> None:
        """Return once so many answers were lost."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.lost >= count)

    async def until_sent(self, count: int) -> None:
        """Return once so many bytes went to the server."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.sent_bytes >= count)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        try:
            if isinstance(self.to, str):
                server_reader, server_writer = await asyncio.open_unix_connection(self.to)
            else:
                server_reader, server_writer = await asyncio.open_connection(*self.to)
        except OSError:
            writer.transport.abort()
            return
        self.accepted += 1
        line = _Line(writer, server_writer)
        self._lines.add(line)
        line.tasks = [
            asyncio.create_task(self._requests(reader, line)),
            asyncio.create_task(self._answers(server_reader, line)),
        ]
        try:
            await asyncio.wait(line.tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            line.abort()
            await asyncio.gather(*line.tasks, return_exceptions=True)
            self._lines.discard(line)

    async def _requests(self, reader: asyncio.StreamReader, line: _Line) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(262144):
                await self._flowing.wait()
                line.server.write(data)
                await line.server.drain()
                self.sent_bytes += len(data)
                await self._tell()

    async def _answers(self, reader: asyncio.StreamReader, line: _Line) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(262144):
                await self._flowing.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self._losing:
                    self._losing -= 1
                    self.lost += 1
                    await self._tell()
                    return
                line.client.write(data)
                await line.client.drain()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
