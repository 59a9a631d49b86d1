"""A log in memory, for tests that aren't about the log. It passes the same contract suite as the real one.

``MemoryStore`` is what would be Valkey, ``MemoryLog`` one worker's view of it: give several the same store
and they are several workers. A store can be told to be away or full, and to lose its feeds' readers, so that
the rest of the server can be tried against all that a real store does, at once and without waiting.
"""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgpack
from tablecloth.core.tip import Tip
from tablecloth.log.append import check_groups, entry_tail
from tablecloth.log.interface import (
    Answer,
    Durability,
    Entries,
    FeedEntry,
    Group,
    ImageRecord,
    LogAway,
    LogBroken,
    Owed,
    Place,
    SnapshotRecord,
    SpaceRecord,
    Stored,
)
from tablecloth.wire.limits import MARK_OUTCOMES


def clock_ms() -> int:
    """The time in ms."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class _Board:
    entries: list[Stored] = field(default_factory=list)
    at: int = 0


class MemoryStore:
    """What all workers share. ``clock`` gives ms."""

    def __init__(self, clock: Callable[[], int] = clock_ms, durability: Durability = "memory") -> None:
        self.clock = clock
        self.durability: Durability = durability
        self.trouble: Literal["away", "full"] | None = None
        """Set it to make every call that needs the store (``full``: that writes) raise LogAway."""
        self.is_deaf = False
        """Set it to keep feeds from bringing what is appended: only the log itself has it."""
        self.appends = 0
        """How many append calls were carried out."""
        self._boards: dict[Place, _Board] = {}
        self._marks: dict[tuple[Place, str, str], list[int | str]] = {}
        self._snapshots: dict[Place, SnapshotRecord] = {}
        self._tips: dict[Place, Tip] = {}
        self._offers: dict[Place, int] = {}
        self._spaces: dict[str, SpaceRecord] = {}
        self._images: dict[str, dict[str, ImageRecord]] = {}
        self._here: dict[str, set[str]] = {}
        self.owed: dict[tuple[Place, str], Owed] = {}
        self._logs: list[MemoryLog] = []

    def withhold(self, place: Place, seqs: Collection[int]) -> None:
        """As ``withhold.lua``: the bodies of these entries go."""
        board = self._boards.get(place)
        for at, stored in enumerate(board.entries if board else ()):
            if stored.seq in seqs and board is not None:
                head = msgpack.unpackb(stored.raw)[2]
                raw = stored.raw[:19] + entry_tail(head, None)
                board.entries[at] = Stored(stored.seq, raw)

    def miss(self) -> None:
        """Let every worker that follows lose what it has not read yet, as when a feed was trimmed."""
        for log in self._logs:
            log.lose_feed()

    def check(self, writes: bool) -> None:
        """Raise LogAway if the store was told to be in trouble."""
        if self.trouble == "away" or (self.trouble == "full" and writes):
            raise LogAway(self.trouble, "The boards can't be reached just now. Nothing was lost.")

    def join(self, log: MemoryLog) -> None:
        self._logs.append(log)

    def leave(self, log: MemoryLog) -> None:
        if log in self._logs:
            self._logs.remove(log)

    def append(self, groups: list[Group]) -> list[Answer]:
        """As ``append.lua``: decides and writes in one go."""
        if any(group.needs_log and not self.entries(group.place) for group in groups):
            raise LogBroken("the log of a board is gone")
        self.appends += 1
        fresh: list[FeedEntry] = []
        answers = [self._settle(group, fresh) for group in groups]
        if fresh and not self.is_deaf:
            for log in self._logs:
                log.bring(fresh)
        return answers

    def _settle(self, group: Group, fresh: list[FeedEntry]) -> Answer:
        if group.when is not None and not self._fits(group):
            outcomes = self._marks.get((group.place, group.author, group.session), [])
            if group.n == 0 or group.n == len(outcomes) + 1:
                return Answer(0, "moved", False, len(outcomes))
        if group.n == 0:
            return Answer(self._enter(group, fresh), None, False, 0)
        outcomes = self._marks.setdefault((group.place, group.author, group.session), [])
        mark = len(outcomes)
        if group.n > mark + 1:
            return Answer(0, "gap", False, mark)
        repeated = group.n <= mark
        if not repeated:
            outcomes.append(group.refusal or self._enter(group, fresh))
            mark += 1
        outcome = outcomes[group.n - 1] if group.n > mark - MARK_OUTCOMES else "long-ago"
        if isinstance(outcome, int):
            return Answer(outcome, None, repeated, mark)
        return Answer(0, outcome, repeated, mark)

    def _fits(self, group: Group) -> bool:
        board = self._boards.setdefault(group.place, _Board())
        at = max(board.at, self.clock())
        when = group.when
        return when is None or (when.seq == len(board.entries) and when.since <= at < when.until)

    def _enter(self, group: Group, fresh: list[FeedEntry]) -> int:
        """Put a group's entries into their logs; the seq of the first."""
        first = self._put(group.place, group.entries, fresh)
        for place, entries in group.also:
            self._put(place, entries, fresh)
        return first

    def _put(self, place: Place, entries: Entries, fresh: list[FeedEntry]) -> int:
        board = self._boards.setdefault(place, _Board())
        board.at = max(board.at, self.clock())
        first = len(board.entries) + 1
        for head, body in entries:
            seq = len(board.entries) + 1
            stamp = b"\xcf" + seq.to_bytes(8, "big") + b"\xcf" + board.at.to_bytes(8, "big")
            raw = b"\x94" + stamp + entry_tail(head, body)
            board.entries.append(Stored(seq, raw))
            fresh.append(FeedEntry(place.board, seq, raw))
        return first

    def entries(self, place: Place) -> list[Stored]:
        """A board's log."""
        board = self._boards.get(place)
        return board.entries if board else []

    def mark(self, place: Place, author: str, session: str) -> int:
        return len(self._marks.get((place, author, session), []))

    def snapshot(self, place: Place) -> SnapshotRecord | None:
        return self._snapshots.get(place)

    def save_snapshot(self, place: Place, record: SnapshotRecord) -> None:
        held = self._snapshots.get(place)
        if held is None or record.seq > held.seq:
            self._snapshots[place] = record

    def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        board = self._boards.setdefault(place, _Board())
        last = board.entries[-1] if board.entries else None
        if last != held:
            return -1
        board.entries.extend(entries[len(board.entries) :])
        fresh = [FeedEntry(place.board, board.entries[-1].seq, board.entries[-1].raw)]
        for log in self._logs:
            log.bring(fresh)
        return board.entries[-1].seq

    def offer(self, place: Place, seq: int) -> int:
        self._offers[place] = max(seq, self._offers.get(place, 0))
        return self._offers[place]

    def signed_tip(self, place: Place) -> Tip | None:
        return self._tips.get(place)

    def save_tip(self, place: Place, tip: Tip) -> None:
        held = self._tips.get(place)
        if self.entries(place) and (held is None or tip.seq > held.seq):
            self._tips[place] = tip

    def space(self, space: str) -> SpaceRecord | None:
        return copy.deepcopy(self._spaces.get(space))

    def save_space(self, record: SpaceRecord) -> None:
        self._spaces[record.space] = copy.deepcopy(record)

    def add_board(self, space: str, board: str, title: str, most: int) -> bool:
        record = self._spaces.get(space)
        if record is None:
            return False
        if board not in [name for name, _ in record.boards]:
            if len(record.boards) >= most:
                return False
            record.boards.append((board, title))
        return True

    def keep_image(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        held = self._images.setdefault(space, {})
        if record.asset not in held:
            size = sum(len(each.data) for each in held.values()) + len(record.data)
            if space not in self._spaces or size > most_bytes or len(held) >= most:
                return False
            held[record.asset] = record
        return True

    def image(self, space: str, asset: str) -> ImageRecord | None:
        return self._images.get(space, {}).get(asset)

    def remove_image(self, space: str, asset: str) -> None:
        self._images.get(space, {}).pop(asset, None)

    def retitle(self, space: str, board: str, title: str) -> None:
        record = self._spaces.get(space)
        if record is not None and board == space:
            record.title = title
        elif record is not None:
            record.boards = [(name, title if name == board else old) for name, old in record.boards]

    def here(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        there = self._here.setdefault(space, set())
        there.update(stay)
        there.difference_update(leave)
        return sorted(there)

    def set_name(self, space: str, author: str, name: str) -> None:
        record = self._spaces.get(space)
        if record is None:
            return
        if name:
            record.names[author] = name
        else:
            record.names.pop(author, None)

    def publish(self, speaker: MemoryLog, space: str, message: bytes) -> None:
        for log in self._logs:
            if log is not speaker:
                log.tell(space, message)


class MemoryLog:
    """One worker's log, over a store that may be shared. Does what ``interface.Log`` says."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self._followers: list[asyncio.Queue[list[FeedEntry] | None]] = []
        self._hearers: list[asyncio.Queue[tuple[str, bytes] | None]] = []
        self._is_closed = False
        self.store.join(self)

    async def append(self, groups: list[Group]) -> list[Answer]:
        if not groups:
            return []
        check_groups(groups)
        await self._reach(writes=True)
        return self.store.append(groups)

    async def read(self, place: Place, after: int, limit: int) -> list[Stored]:
        await self._reach()
        return self.store.entries(place)[after : after + limit]

    async def tip(self, place: Place) -> int:
        await self._reach()
        return len(self.store.entries(place))

    async def mark(self, place: Place, author: str, session: str) -> int:
        await self._reach()
        return self.store.mark(place, author, session)

    async def snapshot(self, place: Place) -> SnapshotRecord | None:
        await self._reach()
        return self.store.snapshot(place)

    async def save_snapshot(self, place: Place, record: SnapshotRecord) -> None:
        await self._reach(writes=True)
        self.store.save_snapshot(place, record)

    async def signed_tip(self, place: Place) -> Tip | None:
        await self._reach()
        return self.store.signed_tip(place)

    async def save_tip(self, place: Place, tip: Tip) -> None:
        await self._reach(writes=True)
        self.store.save_tip(place, tip)

    async def withhold(self, place: Place, seqs: Collection[int]) -> None:
        await self._reach(writes=True)
        self.store.withhold(place, seqs)

    async def scrub(self) -> None:
        await self._reach(writes=True)

    async def owe(self, owed: Owed) -> None:
        await self._reach(writes=True)
        key = (owed.place, owed.author)
        held = self.store.owed.get(key, owed)
        is_all = not owed.elements or not held.elements
        both = () if is_all else tuple(sorted({*owed.elements, *held.elements}))
        self.store.owed[key] = Owed(*key, both)

    async def owed(self) -> list[Owed]:
        await self._reach()
        return list(self.store.owed.values())

    async def settle(self, owed: Owed) -> None:
        await self._reach(writes=True)
        self.store.owed.pop((owed.place, owed.author), None)

    async def follow(self) -> AsyncIterator[list[FeedEntry]]:
        queue: asyncio.Queue[list[FeedEntry] | None] = asyncio.Queue()
        if self._is_closed:
            return
        self._followers.append(queue)
        try:
            yield []
            while (batch := await queue.get()) is not None:
                yield batch
        finally:
            self._followers.remove(queue)

    async def create_space(self, record: SpaceRecord, founding: list[Group]) -> None:
        await self.append(founding)
        await self._reach(writes=True)
        self.store.save_space(record)

    async def add_board(self, founding: Group, title: str, most: int) -> bool:
        await self.append([founding])
        await self._reach(writes=True)
        return self.store.add_board(founding.place.space, founding.place.board, title, most)

    async def name_board(self, space: str, board: str, title: str, most: int) -> bool:
        await self._reach(writes=True)
        return self.store.add_board(space, board, title, most)

    async def offer(self, place: Place, seq: int, window_ms: int) -> tuple[int, int]:
        await self._reach(writes=True)
        return self.store.offer(place, seq), 0

    async def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        await self._reach(writes=True)
        return self.store.put_back(place, entries, held)

    async def begin_again(self, record: SpaceRecord) -> bool:
        await self._reach(writes=True)
        if self.store.space(record.space) is not None:
            return False
        self.store.save_space(record)
        return True

    async def space(self, space: str) -> SpaceRecord | None:
        await self._reach()
        return self.store.space(space)

    async def set_name(self, space: str, author: str, name: str) -> None:
        await self._reach(writes=True)
        self.store.set_name(space, author, name)

    async def keep_image(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        await self._reach(writes=True)
        return self.store.keep_image(space, record, most_bytes, most)

    async def image(self, space: str, asset: str) -> ImageRecord | None:
        await self._reach()
        return self.store.image(space, asset)

    async def remove_image(self, space: str, asset: str) -> None:
        await self._reach(writes=True)
        self.store.remove_image(space, asset)

    async def retitle(self, space: str, board: str, title: str) -> None:
        await self._reach(writes=True)
        self.store.retitle(space, board, title)

    async def here(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        await self._reach(writes=True)
        return self.store.here(space, stay, leave)

    async def publish(self, space: str, message: bytes) -> None:
        if self.store.trouble != "away":
            self.store.publish(self, space, message)

    async def hear(self) -> AsyncIterator[tuple[str, bytes]]:
        queue: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        if self._is_closed:
            return
        self._hearers.append(queue)
        try:
            while (heard := await queue.get()) is not None:
                yield heard
        finally:
            self._hearers.remove(queue)

    async def durability(self) -> Durability:
        await self._reach()
        return self.store.durability

    async def close(self) -> None:
        self._is_closed = True
        self.store.leave(self)
        for follower in self._followers:
            follower.put_nowait(None)
        for hearer in self._hearers:
            hearer.put_nowait(None)

    def bring(self, entries: list[FeedEntry]) -> None:
        """Called by the store: somebody appended these."""
        for queue in self._followers:
            queue.put_nowait(list(entries))

    def tell(self, space: str, message: bytes) -> None:
        """Called by the store: another worker said this."""
        for queue in self._hearers:
            queue.put_nowait((space, message))

    def lose_feed(self) -> None:
        """Called by the store: what was not read yet is gone."""
        for queue in self._followers:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait([])

    async def _reach(self, writes: bool = False) -> None:
        """Be a call that goes elsewhere: others run meanwhile, and the store may be away."""
        await asyncio.sleep(0)
        self.store.check(writes)
