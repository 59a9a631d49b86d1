"""Bodies that leave the store for good: streams written anew without them, and files that hold nothing else.

    owed      tc:{b}:owed, a hash: what somebody asked for and is not done yet. Any worker goes on with it.
    withhold  the log and the bucket's feed, by ``withhold.lua``
    scrub     Valkey's own files: the AOF and, where there is one, the RDB

A repeat of each is harmless. Two workers never rebuild streams of one bucket at once: the second's copy would
bring back what the first had left out.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, cast

import msgpack
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from tablecloth.log.clients import Pause, Script, command
from tablecloth.log.interface import Owed, Place, bucket_of
from tablecloth.log.keys import BUCKETS, feed_key, log_key, owed_key, remade_key, remaking_key

_CHUNK = 500
"""Entries a call: a few ms of the store's time."""
_HELD_S = 30
_BETWEEN_S = 0.002
_ASK_AGAIN_S = 0.05


class Withdrawals:
    """For one worker. Raises what the client raises."""

    def __init__(self, client: Redis, closing: asyncio.Event) -> None:
        self._client = client
        self._closing = closing
        self._withhold = Script("withhold.lua")
        self._scrubbing: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def owe(self, owed: Owed) -> None:
        field = f"{owed.place.space} {owed.place.board} {owed.author}"
        key = owed_key(bucket_of(owed.place.space))
        held = cast(bytes | None, await command(self._client, "HGET", key, field))
        elements = sorted({*owed.elements, *(_elements_in(held) if held is not None else ())})
        is_all = not owed.elements or (held is not None and not _elements_in(held))
        await command(self._client, "HSET", key, field, " ".join([] if is_all else elements))

    async def owed(self) -> list[Owed]:
        pipe = self._client.pipeline(transaction=False)
        for bucket in range(BUCKETS):
            pipe.execute_command("HGETALL", owed_key(bucket))
        return [owed for reply in await pipe.execute() for owed in _owed_in(reply)]

    async def settle(self, owed: Owed) -> None:
        field = f"{owed.place.space} {owed.place.board} {owed.author}"
        await command(self._client, "HDEL", owed_key(bucket_of(owed.place.space)), field)

    async def withhold(self, place: Place, seqs: Collection[int]) -> None:
        bucket = bucket_of(place.space)
        await self._remake(log_key(place), bucket, b"e", seqs)
        await self._remake(feed_key(bucket), bucket, place.board.encode(), seqs)

    async def _remake(self, key: str, bucket: int, field: bytes, seqs: Collection[int]) -> None:
        token = secrets.token_hex(8)
        lock, blob = remaking_key(bucket), cast(bytes, msgpack.packb(sorted(seqs)))
        pause = Pause(0.02)
        while True:
            if await command(self._client, "SET", lock, token, "NX", "EX", _HELD_S):
                break
            await asyncio.sleep(pause.next_s())
        done, begins = 0, 1
        while done != 1:
            keys = [key, remade_key(bucket), lock]
            done = await self._withhold.run(
                partial(command, self._client), keys, [token, _CHUNK, field, blob, begins]
            )
            if done == -1:  # so slow that the lock ran out: begin again
                await self._remake(key, bucket, field, seqs)
                return
            begins = 0
            await asyncio.sleep(_BETWEEN_S)  # the room's own edits go between two calls

    async def scrub(self) -> None:
        """Wait until the store's files were written anew after this call. Several share one."""
        if self._scrubbing is None:
            self._scrubbing = asyncio.ensure_future(self._scrub())
            await asyncio.shield(self._scrubbing)
            return
        # One is on its way that may have begun before what is to go was gone: the next one is right.
        if self._next is None:
            self._next = asyncio.ensure_future(self._after(self._scrubbing))
        await asyncio.shield(self._next)

    async def _after(self, running: asyncio.Task[None]) -> None:
        await asyncio.wait([running])
        self._next = None
        self._scrubbing = asyncio.ensure_future(self._scrub())
        await asyncio.shield(self._scrubbing)

    async def _scrub(self) -> None:
        try:
            said = await self._persistence()
            if said.get("aof_enabled"):
                await self._rewritten("BGREWRITEAOF", "aof_rewrite")
            if await self._keeps_rdb():
                await self._rewritten("BGSAVE", "rdb_bgsave")
        finally:
            self._scrubbing = None

    async def _keeps_rdb(self) -> bool:
        try:
            reply = await command(self._client, "CONFIG", "GET", "save")
        except ResponseError:
            return True  # a hired store that doesn't say: better once too often
        items = list(reply.items()) if isinstance(reply, dict) else [(reply[0], reply[1])]
        return any(bool(value) for _, value in items)

    async def _rewritten(self, ask: str, name: str) -> None:
        """Ask for a file to be written anew, and wait for one that began after this call."""
        while True:
            await self._idle(name)
            try:
                await command(self._client, ask)
            except ResponseError as problem:
                if "in progress" not in str(problem) and "child" not in str(problem):
                    raise
                await asyncio.sleep(_ASK_AGAIN_S)
                continue
            await self._idle(name)
            return

    async def _idle(self, name: str) -> None:
        while not self._closing.is_set():
            said = await self._persistence()
            if not said.get(f"{name}_in_progress") and not said.get("aof_rewrite_scheduled"):
                return
            await asyncio.sleep(_ASK_AGAIN_S)

    async def _persistence(self) -> dict[str, Any]:
        return await self._client.info("persistence")


def _elements_in(value: bytes) -> list[str]:
    return value.decode("ascii").split()


def _owed_in(reply: Any) -> Iterator[Owed]:
    items = (
        list(reply.items()) if isinstance(reply, dict) else list(zip(reply[::2], reply[1::2], strict=True))
    )
    for field, value in items:
        space, board, author = field.decode("ascii").split()
        yield Owed(Place(space, board), author, tuple(_elements_in(value)))
