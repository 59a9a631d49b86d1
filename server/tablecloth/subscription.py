"""One participant's place in a board's entries: what it was sent, and whether it keeps up (PROTOCOL-13).

*Live*: it gets every flush. *Behind*: it joined just now, or its line was crowded; it gets pages from where
it stands, each when the one before has nearly been read, and is live again once it has what the room has
flushed. Entries are never dropped, and nobody else waits (TRAPS 17).

Invariant: while it is behind, ``seq`` is the last entry that was written to its line; nothing else writes
entries there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from tablecloth.line import Line
from tablecloth.log.interface import LogAway
from tablecloth.recent import Recent
from tablecloth.wire.codec import entries_frame
from tablecloth.wire.message import binary_message

_PAGE_BYTES = 65536
_AGAIN_S = 1.0


class Source(Protocol):
    """What a subscription needs of its room."""

    recent: Recent
    flushed: int
    live: set[Subscription]

    @property
    def name(self) -> str:
        """The board's id."""

    async def read_page(self, after: int) -> list[bytes]:
        """Entries from the log, in order. Raises LogAway."""


class Subscription:
    """``rewound`` is called when the log went back behind what was sent."""

    def __init__(self, room: Source, line: Line, after: int, rewound: Callable[[], None]) -> None:
        self.line = line
        self.rewound = rewound
        self.seq = after
        self._room = room
        self._reading: asyncio.Task[None] | None = None
        self._is_stopped = False

    def fall_behind(self, seq: int) -> None:
        """Take no more flushes; ``seq`` was the last that was written."""
        self._room.live.discard(self)
        self.seq = seq
        if not self.line.is_crowded:
            self.go_on()

    def go_on(self) -> None:
        """Write pages until the line is crowded or nothing is left. Call it when the line has drained;
        harmless.
        """
        room = self._room
        if self._is_stopped or self._reading is not None or self in room.live:
            return
        while self.seq < room.flushed:
            if self.line.is_crowded:
                return
            page = room.recent.page(self.seq, room.flushed, _PAGE_BYTES)
            if page is None:
                self._reading = asyncio.ensure_future(self._read())
                return
            self._write(page)
        room.live.add(self)

    def _write(self, page: list[bytes]) -> None:
        self.line.write(binary_message(entries_frame(self._room.name, page)))
        self.seq += len(page)

    async def _read(self) -> None:
        try:
            page = await self._room.read_page(self.seq)
            # In parts, because one entry may be a hundred kilobytes; what doesn't go now is read again.
            while page and not self._is_stopped and not self.line.is_crowded:
                part, size = 0, 0
                while part < len(page) and (part == 0 or size + len(page[part]) <= _PAGE_BYTES):
                    size += len(page[part])
                    part += 1
                self._write(page[:part])
                page = page[part:]
        except LogAway:
            await asyncio.sleep(_AGAIN_S)
        finally:
            self._reading = None
        self.go_on()

    def stop(self) -> None:
        """Write nothing more. A repeat is harmless."""
        self._is_stopped = True
        self._room.live.discard(self)
