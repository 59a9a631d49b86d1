"""One open board in this worker: folded once, framed once, sent to everybody who follows it.

    feed ─ take ─> fold, recent ─ flush ─> one message ─> every live subscription's line
                       └─ read_on (a gap: the log fills it)

Invariants: ``board`` is the fold of the log up to ``board.seq`` without holes, whatever the feed repeats or
leaves out; a subscription gets every entry exactly once and in order (PROTOCOL-11): while it is *live* from
the flushes, else in pages from where it stands (``Subscription``); a room that finds its log behind itself is
``rewound`` and of no use any more: those who follow it are sent away to compare (PROTOCOL-10).

Rejected: a second fold or a queue for each receiver; folding at the door before the log has answered.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from tablecloth import limits
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical
from tablecloth.core.chain import chain_next
from tablecloth.core.edits import Entry, WithdrawHead, touched_by
from tablecloth.core.fold import apply_known, read_content, read_head
from tablecloth.core.provenance import about
from tablecloth.core.stamp import Stamp
from tablecloth.core.tip import Tip
from tablecloth.known import Known
from tablecloth.line import Line
from tablecloth.log.append import entry_tail
from tablecloth.log.interface import Log, LogAway, Place, SnapshotRecord, Stored
from tablecloth.pieces import Pieces, Sheet
from tablecloth.recent import Recent
from tablecloth.subscription import Subscription
from tablecloth.wire.codec import encode, entries_frame
from tablecloth.wire.frames import Snapshot, TipFrame
from tablecloth.wire.message import binary_message

How: TypeAlias = Literal["tail", "snapshot", "rewound"]

PAGE_ENTRIES = 1000
PAGE_BYTES = 262144
_LEAST_PAGE_BYTES = 16384
PASS_BYTES = 48 << 20
"""A room writes at most about this much in one pass, for all its lines together: some 50 ms of copying. Five
hundred people on one board, who had fallen behind by a megabyte, would else silence all other rooms for half
a second.
"""
_WALK_ENTRIES = 50_000
"""A participant that is further behind than this is given a snapshot without asking whether its log is ours.
"""

_read_entry = msgspec.msgpack.Decoder(Entry).decode


_BEFORE_HEAD = 19
"""Bytes of an entry before its head (append.lua)."""


def without_body(raw: bytes, author: str, element: str) -> bytes | None:
    """An entry's bytes without its body, if it has one and is this author's on this element; else None."""
    if author.encode() not in raw or element.encode() not in raw:
        return None  # most are of others; reading each would hold up the room
    entry = _read_entry(raw)
    if entry.body is None or about(read_head(entry.head)) != (author, element):
        return None
    return raw[:_BEFORE_HEAD] + entry_tail(entry.head, None)


class NotFounded(Exception):
    """The board has no entry: the space's side data names it, and its log is empty or gone."""


@dataclass(slots=True, frozen=True)
class SnapshotMessage:
    """A ``snapshot`` frame, framed once for all who join while it lasts (TRAPS 20)."""

    seq: int
    message: bytes


def inflate(record: SnapshotRecord) -> Board:
    """A kept snapshot as a board to fold on. Raises if it is damaged. Takes long for large ones."""
    board = from_canonical(gzip.decompress(record.data))
    if board.seq != record.seq or board.chain != record.chain:
        raise ValueError("the snapshot is not of the seq and chain that it is kept under")
    return board


class Room:
    """One board. ``changed`` is called when there is something to flush, or the room is rewound."""

    def __init__(self, place: Place, log: Log, known: Known, changed: Callable[[Room], None]) -> None:
        self.place = place
        self.board = new_board(place.space, place.board)
        self.recent = Recent(0, self.board.chain, limits.FANOUT_TAIL_ENTRIES, limits.FANOUT_RECENT_BYTES)
        self.pieces = Pieces()
        self.flushed = 0
        """The last seq that live subscriptions were sent."""
        self.subscriptions: set[Subscription] = set()
        self.live: set[Subscription] = set()
        self.is_rewound = False
        self.tip: Tip | None = None
        """The latest tip that was signed, by whichever worker (PROTOCOL-60)."""
        self.saved = 0
        """The seq of the latest snapshot that is known to lie in the log's keeping."""
        self.idle_since = 0.0
        """When somebody last came or went, in seconds of the loop's clock."""
        self._log = log
        self._known = known
        self._changed = changed
        self._wanted = self._wanted_before = 0
        self._reading: asyncio.Task[LogAway | None] | None = None
        self._snapshot: SnapshotMessage | None = None
        self._making: asyncio.Task[SnapshotMessage] | None = None
        self.is_loaded = False

    @property
    def name(self) -> str:
        """The board's id."""
        return self.place.board

    # --- loading --------------------------------------------------------------------------------

    async def load(self) -> None:
        """Fold what the log has: the latest snapshot and what came after it, or everything.

        Raises LogAway, and NotFounded for a board without entries.
        """
        # Before the log is read, so that the log has all that was signed, or somebody cut it.
        self.tip = await self._log.signed_tip(self.place)
        record = await self._log.snapshot(self.place)
        if record is not None and await self._log.tip(self.place) < record.seq:
            record = None  # a log that lost its end is not what this is a snapshot of
        if record is not None:
            try:
                board = await asyncio.to_thread(inflate, record)
            except (ValueError, OSError, EOFError, zlib.error):
                board = new_board(self.place.space, self.place.board)  # damaged: the log itself is the truth
            self._begin(board)
            self.saved = board.seq
        await self._fold_log()
        if self.board.seq == 0:
            raise NotFounded(self.place.board)
        await asyncio.to_thread(self.pieces.fill, self.board)
        self.flushed = self.board.seq
        self.is_loaded = True
        if self._wanted > self.board.seq:
            self.read_on()

    def _begin(self, board: Board) -> None:
        self.board = board
        self.recent = Recent(board.seq, board.chain, limits.FANOUT_TAIL_ENTRIES, limits.FANOUT_RECENT_BYTES)

    async def _fold_log(self) -> None:
        while True:
            page = await self._log.read(self.place, self.board.seq, PAGE_ENTRIES)
            if not page:
                return
            for stored in page:
                if stored.seq != self.board.seq + 1:
                    raise ValueError(f"the log of a board has a hole after {self.board.seq}")
                self._fold(stored.raw)
            await asyncio.sleep(0)  # others may speak between two pages

    def _fold(self, raw: bytes) -> None:
        entry = _read_entry(raw)
        known = self._known.take(entry.head, entry.body)
        head, content = known or (read_head(entry.head), read_content(entry.body))
        apply_known(self.board, entry, head, content)
        self.recent.add(raw, self.board.chain)
        for element in touched_by(head):
            self.pieces.touch(element)
        if isinstance(head, WithdrawHead):
            self._withhold(head)

    def _withhold(self, head: WithdrawHead) -> None:
        """FOLD-90: from now on nobody is sent what was withdrawn, in tails or an older snapshot."""
        element = self.board.elements.get(head.element)
        if element is None or Stamp(self.board.seq, self.board.at, head.author) not in element.withdrawn:
            return  # it did not apply
        self.recent.withhold(lambda raw: without_body(raw, head.author, head.element))
        self._snapshot = None

    # --- what the feed brings -------------------------------------------------------------------

    def take(self, seq: int, raw: bytes) -> None:
        """An entry from the feed. Repeats are dropped, a gap is filled from the log."""
        if not self.is_loaded or self._reading is not None:
            self.expect(seq)
        elif seq == self.board.seq + 1:
            if self.flushed == self.board.seq:
                self._changed(self)
            self._fold(raw)
        elif seq > self.board.seq:
            self.expect(seq)
            self.read_on()
        elif self.recent.raw_at(seq) not in (raw, None):
            # Another entry under a seq that was folded: the log was rolled back. Nearly: a body may have been
            # withheld.
            self.read_on()

    def expect(self, seq: int) -> None:
        """The log is known to have this seq: an answer or a feed named it."""
        self._wanted = max(self._wanted, seq)

    def check(self) -> None:
        """Once a second: read from the log what was announced a second ago and never came."""
        if self._wanted_before > self.board.seq:
            self.read_on()
        self._wanted_before = self._wanted

    def read_on(self) -> None:
        """Read from the log what the feed left out, and see that it still is the log that was folded.
        Harmless.
        """
        if self._reading is None and self.is_loaded and not self.is_rewound:
            self._reading = asyncio.ensure_future(self._read_on())

    async def read_on_now(self) -> None:
        """The same, and wait for it. Raises LogAway."""
        self.read_on()
        if self._reading is not None:
            away = await asyncio.shield(self._reading)
            if away is not None:
                raise away

    async def _read_on(self) -> LogAway | None:
        try:
            while not self.is_rewound:
                # The last entry that was folded is read again: it must still be there, and the same.
                page = await self._log.read(self.place, self.board.seq - 1, PAGE_ENTRIES)
                self.is_rewound = not self._continues(page)
                for stored in page[1:] if not self.is_rewound else ():
                    self._fold(stored.raw)
                self._changed(self)
                if len(page) <= 1 and self._wanted <= self.board.seq:
                    break
                if len(page) <= 1:
                    # What was announced isn't there: it was, and the log went back since.
                    self._wanted = self.board.seq
        except LogAway as away:
            self.expect(self.board.seq + 1)  # so that it is tried again
            return away
        else:
            return None
        finally:
            self._reading = None

    def _continues(self, page: list[Stored]) -> bool:
        if not page or page[0].seq != self.board.seq:
            return False
        before, after = self.recent.chain_at(self.board.seq - 1), self.board.chain
        if before is None:
            return True  # just loaded, from this very log
        entry = _read_entry(page[0].raw)
        return chain_next(before, entry.seq, entry.at, entry.head) == after

    # --- sending --------------------------------------------------------------------------------

    def flush(self) -> int:
        """Send what was folded since the last flush to all who are live: all, or as much as fits a pass. How
        many deliveries that was; ``flushed`` tells whether something is left.
        """
        deliveries = written = 0
        page_bytes = min(PAGE_BYTES, max(_LEAST_PAGE_BYTES, PASS_BYTES // max(1, len(self.live))))
        while self.flushed < self.board.seq and written < PASS_BYTES:
            page = self.recent.page(self.flushed, self.board.seq, page_bytes)
            if page is None:
                # More came at once than is kept: everybody goes on in pages from the log. ``flushed`` moves
                # first, or who isn't crowded would find nothing left to read, and be live with a hole.
                sent, self.flushed = self.flushed, self.board.seq
                for subscription in list(self.live):
                    subscription.fall_behind(sent)
                break
            message = binary_message(entries_frame(self.place.board, page))
            for subscription in list(self.live):
                line = subscription.line
                if line.is_crowded and line.backlog() > limits.FANOUT_ENTRIES_BACKLOG_BYTES:
                    subscription.fall_behind(self.flushed)  # PROTOCOL-13
                else:
                    line.write(message)
                    deliveries += len(page)
                    written += len(message)
            self.flushed += len(page)
        return deliveries

    @property
    def is_disputed(self) -> bool:
        """Whether the log is not the one that was signed last: it was cut or rewritten in its store. Nothing
        more is signed then, and whoever opens the board is shown that tip (PROTOCOL-62).
        """
        if self.tip is None:
            return False
        held = self.recent.chain_at(self.tip.seq)
        return self.tip.seq > self.board.seq or (held is not None and held != self.tip.chain)

    def vouch(self, tip: Tip) -> None:
        """A tip was signed and kept: send it to all who follow the board."""
        self.tip = tip
        message = binary_message(encode(TipFrame(self.place.board, tip)))
        for subscription in list(self.subscriptions):
            subscription.line.write(message)

    def subscribe(self, line: Line, after: int, rewound: Callable[[], None]) -> Subscription:
        """Send a line every entry after ``after``, from now on. ``subscription.go_on`` begins it."""
        subscription = Subscription(self, line, after, rewound)
        self.subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription, now: float) -> None:
        """Send nothing more. A repeat is harmless."""
        subscription.stop()
        self.subscriptions.discard(subscription)
        self.live.discard(subscription)
        self.touch(now)

    def touch(self, now: float) -> None:
        """Somebody came, went, or is about to come: it isn't let go for a while."""
        self.idle_since = now

    async def read_page(self, after: int) -> list[bytes]:
        """Entries after ``after`` from the log, for a subscription that is further behind than ``recent``."""
        page = await self._log.read(self.place, after, PAGE_ENTRIES)
        return [stored.raw for stored in page if stored.seq <= self.flushed]

    # --- joining --------------------------------------------------------------------------------

    async def compare(self, seq: int, chain: bytes | None, needs_tail: bool) -> How:
        """What somebody who holds ``(seq, chain)`` is to be sent (PROTOCOL-10). Raises LogAway."""
        if seq == 0 or chain is None:
            return "tail" if needs_tail and seq == 0 else "snapshot"
        if seq > self.board.seq:
            # They may have been sent more by another worker than this one has folded.
            await self.read_on_now()
            if seq > self.board.seq or self.is_rewound:
                return "rewound"
        if not needs_tail and self.board.seq - seq > _WALK_ENTRIES:
            return "snapshot"
        held = self.recent.chain_at(seq)
        is_ours = held == chain if held is not None else await self._leads_here(seq, chain)
        if not is_ours:
            return "rewound"
        return "tail" if needs_tail or seq >= self.recent.floor else "snapshot"

    async def _leads_here(self, seq: int, chain: bytes) -> bool:
        """Whether the log's entries after ``seq``, hashed onto ``chain``, end in a chain known here."""
        known: bytes | None = None
        while known is None:
            page = await self._log.read(self.place, seq, PAGE_ENTRIES)
            for stored in page:
                entry = _read_entry(stored.raw)
                chain = chain_next(chain, entry.seq, entry.at, entry.head)
                seq = stored.seq
                known = self.recent.chain_at(seq)
                if known is not None:
                    break
            else:
                if not page:
                    return False
                await asyncio.sleep(0)
        return known == chain

    async def snapshot(self) -> SnapshotMessage:
        """A snapshot from which the tail is at hand. All who join at once share one (TRAPS 20)."""
        made = self._snapshot
        if made is not None and made.seq >= self.recent.floor and self.board.seq - made.seq <= PAGE_ENTRIES:
            return made
        if self._making is None:
            self._making = asyncio.ensure_future(self._make_snapshot())
        return await asyncio.shield(self._making)

    async def _make_snapshot(self) -> SnapshotMessage:
        try:
            sheet = self.pieces.take(self.board)
            data = await asyncio.to_thread(sheet.gzipped)
            return self.keep(sheet, data)
        finally:
            self._making = None

    def keep(self, sheet: Sheet, data: bytes) -> SnapshotMessage:
        """Frame a snapshot that was made, for those who join; one that was framed before is as good."""
        seq = sheet.header.seq
        if self._snapshot is not None and self._snapshot.seq >= seq:
            return self._snapshot
        message = binary_message(encode(Snapshot(self.place.board, seq, data)))
        self._snapshot = SnapshotMessage(seq, message)
        return self._snapshot
