"""A board's latest snapshot: its canonical bytes, gzipped, as of a seq, with the chain there.

It only ever moves forward (``keep_snapshot.lua``): two workers may save at the same time, in any order. It
is never the truth, only a shorter way to it: without it a board is folded from its first entry.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from redis.asyncio import Redis

from tablecloth.log.clients import Script, command
from tablecloth.log.interface import Place, SnapshotRecord
from tablecloth.log.keys import snapshot_key
from tablecloth.log.lines import Word


class Snapshots:
    """Keeps and finds snapshots. Raises what the client raises."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._keep = Script("keep_snapshot.lua")

    async def read(self, place: Place) -> SnapshotRecord | None:
        reply = await command(self._client, "HMGET", snapshot_key(place), "seq", "chain", "data")
        seq, chain, data = cast(list[bytes | None], reply)
        if seq is None or chain is None or data is None:
            return None
        return SnapshotRecord(int(seq), chain, data)

    async def save(self, place: Place, record: SnapshotRecord) -> None:
        args: list[Word] = [record.seq, record.chain, record.data]
        await self._keep.run(partial(command, self._client), [snapshot_key(place)], args)
