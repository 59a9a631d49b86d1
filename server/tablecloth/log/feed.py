"""What any worker appends, as it is appended: one XREAD over the feeds of all buckets (TRAPS 8).

Rules for who follows
- The first batch is empty and comes once the positions stand: from then on nothing is missed. Read a board's
  log after that, and what the feed brings joins on without a hole.
- An empty batch means that entries may have been missed: read on from the log. What comes later may have
  been read there already, so drop every entry whose seq is held.
- Several boards' entries are mixed in a batch; each board's come in the order of seq.

Missed entries are noticed so: trimming takes whole nodes from a feed's start and keeps at least
``feed_entries``, far more than one XREAD asks for. So if entries behind our position were trimmed, the XREAD
came back full; only then is the feed's first entry looked at, and if it lies behind our position something
may be lost. After a break of the connection something may be lost too (the store may have come back without
its last second): positions are taken anew.

A Cluster needs one XREAD per bucket, since its feeds lie in different slots; this one is for a standalone
store. Rejected: XREAD over the boards' logs (0.2 ms a wake-up inside Valkey for 300 streams, 4 ms for
10,000); ``$`` as the position (each wake-up would lose what other feeds got meanwhile); consumer groups
(every worker reads everything).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from tablecloth.log.away import STORE_TROUBLE
from tablecloth.log.clients import Pause, UnderWay, wait_or_close
from tablecloth.log.interface import FeedEntry
from tablecloth.log.keys import BUCKETS, feed_key
from tablecloth.log.lines import StoreLine
from tablecloth.log.settings import LogSettings

READ_ENTRIES = 500
"""How many entries of a feed one XREAD takes: a batch is folded and sent in one go, and should stay below a
tick.
"""
_BEGINNING = b"0-0"

Reply = list[tuple[bytes, list[tuple[bytes, list[bytes]]]]]


def _id_key(stream_id: bytes) -> tuple[int, int]:
    """A stream id as something that sorts."""
    ms, _, n = stream_id.partition(b"-")
    return int(ms), int(n)


class Feed:
    """Reads the feeds, for one worker."""

    def __init__(
        self,
        make_line: Callable[[], StoreLine],
        under_way: UnderWay,
        closing: asyncio.Event,
        settings: LogSettings,
    ) -> None:
        self._make_line = make_line
        self._lines: set[StoreLine] = set()
        self._under_way = under_way
        self._closing = closing
        self._block_ms = int(settings.block_s * 1000)
        self._count = max(1, min(READ_ENTRIES, settings.feed_entries // 2))
        self._keys = [feed_key(bucket).encode() for bucket in range(BUCKETS)]
        self._boards: dict[bytes, str] = {}

    async def follow(self) -> AsyncIterator[list[FeedEntry]]:
        """See ``Log.follow`` and this module's head. Ends when the log is closed."""
        pause = Pause()
        line = self._make_line()
        self._lines.add(line)
        try:
            while not self._closing.is_set():
                try:
                    positions = await self._under_way.finish(self._ends(line))
                    yield []
                    pause.reset()
                    while not self._closing.is_set():
                        batch = await self._under_way.finish(self._next(line, positions))
                        if batch is None:
                            break
                        if batch:
                            yield batch
                except STORE_TROUBLE:
                    # TRAPS 9: a store that is away is waited for, at the start too.
                    await wait_or_close(self._closing, pause.next_s())
        finally:
            self._lines.discard(line)
            await line.close()

    async def wake(self) -> None:
        """End what waits for entries: for a log that is being closed."""
        for line in list(self._lines):
            await line.close()

    async def _ends(self, line: StoreLine) -> dict[bytes, bytes]:
        """The present end of every feed."""
        replies = await line.ask_all([("XREVRANGE", key, "+", "-", "COUNT", 1) for key in self._keys])
        return {
            key: entries[0][0] if entries else _BEGINNING
            for key, entries in zip(self._keys, replies, strict=True)
        }

    async def _next(self, line: StoreLine, positions: dict[bytes, bytes]) -> list[FeedEntry] | None:
        """The next entries, after at most BLOCK; none if something was missed. Moves the positions."""
        reply: Reply | None = await line.ask(
            "XREAD", "COUNT", self._count, "BLOCK", self._block_ms, "STREAMS", *positions, *positions.values()
        )
        batch: list[FeedEntry] = []
        for key, entries in reply or []:
            if len(entries) >= self._count and await self._is_overrun(line, key, positions[key]):
                return None
            positions[key] = entries[-1][0]
            for _, (name, raw) in entries:
                board = self._boards.get(name) or self._board(name)
                batch.append(FeedEntry(board, int.from_bytes(raw[2:10], "big"), raw))
        return batch

    async def _is_overrun(self, line: StoreLine, key: bytes, position: bytes) -> bool:
        """Whether what lies behind a position may be trimmed: only one that is still there proves not."""
        if position == _BEGINNING:
            return True
        first: list[tuple[bytes, list[bytes]]] = await line.ask("XRANGE", key, "-", "+", "COUNT", 1)
        return not first or _id_key(first[0][0]) > _id_key(position)

    def _board(self, name: bytes) -> str:
        """A board's id as text, made once."""
        if len(self._boards) > 10_000:
            self._boards.clear()
        board = self._boards[name] = name.decode("ascii")
        return board
