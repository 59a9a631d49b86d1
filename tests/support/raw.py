"""A participant that says exactly what it is told, good or bad, and reads the answers with `msgpack`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.bad_frames import pack
from tests.support.reading import unpack

Frame: TypeAlias = dict[str, Any]

PATIENCE_S = 20.0


@dataclass
class Raw:
    """One connection. `closed` is (code, reason) once the server has closed it."""

    socket: ClientConnection
    closed: tuple[int, str] | None = None
    heard: list[Frame] = field(default_factory=list)

    async def send(self, message: bytes | str | Frame) -> None:
        """Send bytes or text as they are, a frame as MessagePack. One that is gone takes anything."""
        try:
            await self.socket.send(pack(message) if isinstance(message, dict) else message)
        except ConnectionClosed as gone:
            self._note(gone)

    async def hear(self) -> Frame | None:
        """Return the next frame, or None when the server has closed."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                data = await self.socket.recv(decode=False)
        except ConnectionClosed as gone:
            self._note(gone)
            return None
        frame: Frame = unpack(data)
        self.heard.append(frame)
        return frame

    async def hear_until(self, kind: str, count: int = 1) -> list[Frame]:
        """Return the frames up to the `count`th of a kind, it included, or up to the close."""
        frames: list[Frame] = []
        while count:
            frame = await self.hear()
            if frame is None:
                break
            frames.append(frame)
            count -= frame["t"] == kind
        return frames

    async def hear_all(self) -> list[Frame]:
        """Return the frames up to the close, which must come."""
        frames: list[Frame] = []
        while (frame := await self.hear()) is not None:
            frames.append(frame)
        return frames

    async def volley(self, messages: Iterable[bytes]) -> list[list[Frame]]:
        """Send all at once, with a ping after each, and return what was said to each before its pong.

        What others do on the board (entries, presence, names) and tips are left out. Ends early when the
        server closes.
        """
        sent = list(messages)
        for message in sent:
            await self.send(message)
            await self.send({"t": "ping"})
        answers: list[list[Frame]] = []
        while len(answers) < len(sent):
            frames = await self.hear_until("pong")
            kinds = {"snapshot", "entries", "presence", "people", "boards", "tip", "pong"}
            answers.append([frame for frame in frames if frame["t"] not in kinds])
            if self.closed is not None:
                break
        return answers

    async def ask(self, frame: Frame, answer: str) -> Frame:
        """Send a frame and return its answer of this kind. Anything before it is dropped."""
        await self.send(frame)
        frames = await self.hear_until(answer)
        assert [each["t"] for each in frames[-1:]] == [answer], f"{frame}: {frames[-3:]}, {self.closed}"
        return frames[-1]

    def _note(self, gone: ConnectionClosed) -> None:
        if gone.rcvd is not None:
            self.closed = (gone.rcvd.code, gone.rcvd.reason)
        else:
            self.closed = (1006, "")


@asynccontextmanager
async def raw(url: str, **options: Any) -> AsyncIterator[Raw]:
    """Connect to `ws://…/ws`, and to nothing else: no proxy, no compression, no pings of its own."""
    async with connect(
        url, compression=None, max_size=None, ping_interval=None, proxy=None, max_queue=None, **options
    ) as socket:
        yield Raw(socket)
