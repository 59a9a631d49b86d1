"""Servers that lie: a double that stands between clients and a real server and changes what the server says;
and a hand in the store that changes what lies there.

The double speaks whole frames. It has no key: what it changes, no signature covers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import msgpack
import redis
from tablecloth.log.interface import Place
from tablecloth.log.keys import log_key, snapshot_key
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

Frame: TypeAlias = dict[str, Any]
Lie: TypeAlias = Callable[[Frame], list[Frame]]
"""What is said instead of a frame of the server's: nothing, itself, or others."""


@asynccontextmanager
async def lying(server_ws: str, lie: Lie) -> AsyncIterator[int]:
    """A double of a server; its port."""

    async def talk(client: ServerConnection) -> None:
        async with connect(server_ws, compression=None, max_size=None, proxy=None) as server:

            async def down() -> None:
                async for data in server:
                    for frame in lie(msgpack.unpackb(data)):
                        await client.send(msgpack.packb(frame))

            async def up() -> None:
                async for data in client:
                    await server.send(data)

            tasks = [asyncio.create_task(down()), asyncio.create_task(up())]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            with contextlib.suppress(Exception):
                await asyncio.gather(*tasks, return_exceptions=True)

    async with serve(talk, "127.0.0.1", 0, compression=None, max_size=None) as double:
        yield next(iter(double.sockets)).getsockname()[1]


class Hand:
    """Changes a board's log in a store, past every server."""

    def __init__(self, url: str, place: Place) -> None:
        self._redis = redis.Redis.from_url(url.replace("valkey://", "redis://"))
        self._key, self._snapshot = log_key(place), snapshot_key(place)

    def entries(self) -> list[list[Any]]:
        """Every entry as ``[seq, at, head, body]``."""
        page: Any = self._redis.xrange(self._key)
        return [msgpack.unpackb(fields[b"e"]) for _, fields in page]

    def write(self, entries: list[list[Any]]) -> None:
        """Make the log these entries, numbered anew, and its snapshot nothing."""
        self._redis.delete(self._key, self._snapshot)
        for seq, (_, at, head, body) in enumerate(entries, 1):
            stamp = b"\x94\xcf" + seq.to_bytes(8, "big") + b"\xcf" + at.to_bytes(8, "big")
            tail = msgpack.packb(head) + msgpack.packb(body)
            self._redis.xadd(self._key, {"e": stamp + tail}, id=f"{seq}-0")

    def close(self) -> None:
        self._redis.close()
