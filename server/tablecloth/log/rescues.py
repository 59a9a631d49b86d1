"""Lost logs on their way back into the store (PROTOCOL-66): brought into a key of their own, then put in
place by one script. A log that is there is only ever extended.

What was brought and never put in place goes by itself after a while.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from typing import cast

from redis.asyncio import Redis

from tablecloth.log.clients import Script, command
from tablecloth.log.interface import Place, SpaceRecord, Stored, bucket_of
from tablecloth.log.keys import feed_key, log_key, offers_key, space_key, staged_key
from tablecloth.log.lines import Word
from tablecloth.log.spaces import fields_of

_BATCH = 500
_STAGED_S = 600
_OFFERED_S = 30


class Rescues:
    """Raises what the client raises."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._put = Script("put_back.lua")
        self._offer = Script("offer.lua")
        self._begin = Script("begin_again.lua")

    async def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        staged = staged_key(place, secrets.token_hex(8))
        for start in range(0, len(entries), _BATCH):
            async with self._client.pipeline(transaction=True) as pipe:
                for entry in entries[start : start + _BATCH]:
                    pipe.execute_command("XADD", staged, f"{entry.seq}-0", "e", entry.raw)
                pipe.expire(staged, _STAGED_S)
                await pipe.execute()
        keys = [log_key(place), staged, feed_key(bucket_of(place.space))]
        compared: list[Word] = [0, b""] if held is None else [held.seq, held.raw]
        args: list[Word] = [entries[-1].seq, *compared, place.board]
        return cast(int, await self._put.run(partial(command, self._client), keys, args))

    async def offer(self, place: Place, seq: int, window_ms: int) -> tuple[int, int]:
        args: list[Word] = [seq, window_ms, _OFFERED_S]
        reply = await self._offer.run(partial(command, self._client), [offers_key(place)], args)
        best, left = cast(list[int], reply)
        return best, left

    async def begin_again(self, record: SpaceRecord) -> bool:
        args = [cast(Word, part) for pair in fields_of(record).items() for part in pair]
        reply = await self._begin.run(partial(command, self._client), [space_key(record.space)], args)
        return bool(reply == 1)
