"""The latest signed tip of each board, beside its log (PROTOCOL-60).

It only ever moves forward: a tip that was signed says what the log held, whatever became of it since. So it
is what a log that was cut or rewritten in the store is found by.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from redis.asyncio import Redis

from tablecloth.core.tip import Tip
from tablecloth.log.clients import Script, command
from tablecloth.log.interface import Place
from tablecloth.log.keys import log_key, tip_key
from tablecloth.log.lines import Word


class Tips:
    """Keeps and finds tips. Raises what the client raises."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._keep = Script("keep_tip.lua")

    async def read(self, place: Place) -> Tip | None:
        reply = await command(self._client, "HMGET", tip_key(place), "seq", "at", "chain", "signature")
        seq, at, chain, signature = cast(list[bytes | None], reply)
        if seq is None or at is None or chain is None or signature is None:
            return None
        return Tip(int(seq), int(at), chain, signature)

    async def save(self, place: Place, tip: Tip) -> None:
        args: list[Word] = [tip.seq, tip.at, tip.chain, tip.signature]
        await self._keep.run(partial(command, self._client), [tip_key(place), log_key(place)], args)
