"""Messages between workers that nobody keeps: presence, names. Pub/Sub, one channel a bucket.

A message is ``worker (8 random bytes) | length of the space's id (1) | the id | what was said``. A worker's
own come back to it and are dropped by their first eight bytes. Loss is allowed: whoever needs more writes to
the log.

Sharded Pub/Sub where the server has it, so that in a Cluster a message stays within its shard; plain Pub/Sub
where it is unknown or not allowed. Rejected: a channel a space (subscribing would have to follow every join
and leave).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import NoPermissionError, ResponseError

from tablecloth.log.away import CONNECTION_LOST, STORE_TROUBLE
from tablecloth.log.clients import Pause, UnderWay, command, wait_or_close
from tablecloth.log.interface import bucket_of
from tablecloth.log.keys import BUCKETS, talk_channel

_WORKER = 8


def _is_unknown(problem: ResponseError) -> bool:
    """Whether a server has no sharded Pub/Sub, or none for us."""
    return isinstance(problem, NoPermissionError) or "unknown command" in str(problem).lower()


class Talk:
    """Speaks to the other workers and hears them, for one worker."""

    def __init__(
        self, reader: Redis, rest: Redis, under_way: UnderWay, closing: asyncio.Event, block_s: float
    ) -> None:
        self._reader = reader
        self._rest = rest
        self._under_way = under_way
        self._closing = closing
        self._block_s = block_s
        self._worker = secrets.token_bytes(_WORKER)
        self._is_sharded = True

    async def publish(self, space: str, message: bytes) -> None:
        """See ``Log.publish``."""
        name = space.encode("ascii")
        data = b"".join((self._worker, bytes((len(name),)), name, message))
        try:
            await self._under_way.finish(self._publish(talk_channel(bucket_of(space)), data))
        except STORE_TROUBLE:
            # Loss is allowed: presence is said again within the second.
            return

    async def _publish(self, channel: str, data: bytes) -> None:
        if self._is_sharded:
            try:
                await command(self._rest, "SPUBLISH", channel, data)
            except ResponseError as problem:
                if not _is_unknown(problem):
                    raise
                self._is_sharded = False
            else:
                return
        await command(self._rest, "PUBLISH", channel, data)

    async def hear(self) -> AsyncIterator[tuple[str, bytes]]:
        """See ``Log.hear``. Ends when the log is closed."""
        pause = Pause()
        while not self._closing.is_set():
            pubsub: PubSub = self._reader.pubsub()
            try:
                await self._under_way.finish(self._subscribe(pubsub))
                pause.reset()
                while not self._closing.is_set():
                    heard = await self._under_way.finish(self._next(pubsub))
                    if heard is not None:
                        yield heard
            except STORE_TROUBLE as problem:
                if isinstance(problem, ResponseError) and not isinstance(problem, CONNECTION_LOST):
                    self._is_sharded = self._is_sharded and not _is_unknown(problem)
                await wait_or_close(self._closing, pause.next_s())
            finally:
                await self._under_way.finish(pubsub.aclose())  # type: ignore[no-untyped-call]

    async def _subscribe(self, pubsub: PubSub) -> None:
        """Subscribe to every bucket; the confirmations come as messages."""
        channels = [talk_channel(bucket) for bucket in range(BUCKETS)]
        if self._is_sharded:
            await pubsub.ssubscribe(*channels)
        else:
            await pubsub.subscribe(*channels)
        for _ in channels:
            await pubsub.get_message(timeout=self._block_s)

    async def _next(self, pubsub: PubSub) -> tuple[str, bytes] | None:
        """The next message of another worker, or None after at most BLOCK."""
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=self._block_s)
        data = message["data"] if message else b""
        if not isinstance(data, bytes) or len(data) <= _WORKER or data.startswith(self._worker):
            return None
        end = _WORKER + 1 + data[_WORKER]
        return data[_WORKER + 1 : end].decode("ascii"), data[end:]
