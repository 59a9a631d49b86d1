"""The open boards of this worker: loaded once, fed by the one feed loop, let go when nobody has looked for a
while.

Loading and feed overlap safely: a room is known here before it is read, so what the feed brings meanwhile is
noted and read from the log afterwards (``Room.expect``).

Snapshots are made one at a time, for the board that is furthest ahead of its last one, and by the worker that
appended the entry that made it due; then the maker rests in proportion to what it cost, so that many busy
boards can't fill a worker with snapshots.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import structlog

from tablecloth import limits
from tablecloth.flusher import Flusher
from tablecloth.known import Known
from tablecloth.log.interface import FeedEntry, Log, LogAway, Place, SnapshotRecord
from tablecloth.metrics import Metrics
from tablecloth.room import NotFounded, Room

_SNAPSHOT_SHARE = 0.05
"""The part of its time that a worker spends on snapshots at most."""
_ORPHANED = 2
"""A snapshot that is due this many times over is made by anybody: whoever should have is gone."""

_log = structlog.get_logger("rooms")


class Rooms:
    """One a worker."""

    def __init__(self, log: Log, metrics: Metrics, known: Known) -> None:
        self._log = log
        self._known = known
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._rooms: dict[str, Room] = {}
        self._loading: dict[str, asyncio.Task[Room]] = {}
        self._flusher = Flusher(metrics, self._send_away)
        self._due: set[Room] = set()
        self._making: asyncio.Task[None] | None = None
        self.joins = asyncio.Semaphore(limits.LOG_JOINS_AT_ONCE)
        """Held while somebody joins (TRAPS 20); the others wait in order."""

    async def open(self, place: Place) -> Room:
        """The room of a board, loaded. Raises LogAway, and NotFounded for a board without entries."""
        room = self._rooms.get(place.board)
        if room is not None and room.is_loaded and not room.is_rewound:
            room.touch(self._loop.time())
            return room
        task = self._loading.get(place.board)
        if task is None:
            task = self._loading[place.board] = asyncio.ensure_future(self._load(place))
            task.add_done_callback(_look_at)
        return await asyncio.shield(task)

    async def _load(self, place: Place) -> Room:
        room = self._rooms[place.board] = Room(place, self._log, self._known, self._flusher.touch)
        try:
            await room.load()
        except BaseException:
            self._rooms.pop(place.board, None)
            raise
        finally:
            del self._loading[place.board]
            self._metrics.rooms.set(len(self._rooms))
        room.touch(self._loop.time())
        if room.board.seq - room.saved >= limits.LOG_SNAPSHOT_ENTRIES:
            self._make_due(room)
        return room

    def find(self, board: str) -> Room | None:
        """The room of a board, if it is loaded here."""
        room = self._rooms.get(board)
        return room if room is not None and room.is_loaded and not room.is_rewound else None

    def keep(self, room: Room) -> None:
        """Don't let go of a room for a while."""
        room.touch(self._loop.time())

    def holds(self, room: Room) -> bool:
        """Whether a room is still fed: not let go, and not rewound."""
        return self._rooms.get(room.name) is room and not room.is_rewound

    def loaded(self) -> list[Room]:
        """The rooms that are fed."""
        return [room for room in self._rooms.values() if room.is_loaded and not room.is_rewound]

    # --- the feed -------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Fold and send what all workers append, for as long as the worker lives."""
        async for batch in self._log.follow():
            if batch:
                self.take(batch)
            else:
                # The store was away, or the feed was cut: each room asks the log itself.
                for room in list(self._rooms.values()):
                    room.read_on()

    def take(self, batch: Iterable[FeedEntry]) -> None:
        """Entries from the feed; those of boards that aren't open here are nobody's business."""
        folded = 0
        rooms = self._rooms
        for entry in batch:
            room = rooms.get(entry.board)
            if room is not None:
                folded += 1
                try:
                    room.take(entry.seq, entry.raw)
                except Exception:  # noqa: BLE001
                    # One board that can't be folded must not make the worker deaf for all others.
                    _log.exception("room_broke", seq=entry.seq)
                    self._send_away(room)
        if folded:
            self._metrics.entries.inc(folded)

    def landed(self, board: str, first: int, last: int) -> None:
        """A group that this worker appended: it must come, and a snapshot that it makes due is ours."""
        room = self._rooms.get(board)
        if room is not None:
            room.expect(last)
            every = limits.LOG_SNAPSHOT_ENTRIES
            if (first - 1) // every < last // every:
                self._make_due(room)

    def later(self, hand_out: Callable[[], None]) -> None:
        """Hand out answers in the next pass over the rooms, so that both go out in one write."""
        self._flusher.later(hand_out)

    def _send_away(self, room: Room) -> None:
        """The log went back behind what was folded here: everybody compares anew (PROTOCOL-10)."""
        _log.warning("log_went_back", board=room.name, seq=room.board.seq)
        self._drop(room)
        for subscription in list(room.subscriptions):
            subscription.rewound()

    # --- housekeeping ---------------------------------------------------------------------------

    def sweep(self) -> None:
        """Once a second: read what an answer named and no feed brought; let go of idle rooms."""
        oldest = self._loop.time() - limits.FANOUT_ROOM_IDLE_S
        for room in list(self._rooms.values()):
            if not room.is_loaded:
                continue
            room.check()
            if room.board.seq - room.saved >= _ORPHANED * limits.LOG_SNAPSHOT_ENTRIES:
                self._make_due(room)
            if room.idle_since < oldest and not room.subscriptions and room not in self._due:
                self._drop(room)

    def _drop(self, room: Room) -> None:
        if self._rooms.get(room.name) is room:
            del self._rooms[room.name]
            self._metrics.rooms.set(len(self._rooms))
        self._due.discard(room)

    @property
    def quiet_s(self) -> float:
        """For how long nothing has been sent."""
        return self._flusher.quiet_s

    def flush(self) -> None:
        """Send everything that is folded, now: before the worker goes."""
        self._flusher.finish()

    # --- snapshots ------------------------------------------------------------------------------

    def _make_due(self, room: Room) -> None:
        self._due.add(room)
        if self._making is None:
            self._making = asyncio.ensure_future(self._make_snapshots())

    async def _make_snapshots(self) -> None:
        try:
            while self._due:
                room = max(self._due, key=lambda due: due.board.seq - due.saved)
                self._due.discard(room)
                began = self._loop.time()
                try:
                    await self._save_snapshot(room)
                except LogAway:
                    continue  # it is due again with the next thousand, and in the sweep
                except Exception:  # noqa: BLE001
                    _log.exception("snapshot_broke")
                cost = self._loop.time() - began
                self._metrics.snapshots.observe(cost)
                await asyncio.sleep(cost / _SNAPSHOT_SHARE)
        finally:
            self._making = None

    async def _save_snapshot(self, room: Room) -> None:
        if room.board.seq - room.saved >= _ORPHANED * limits.LOG_SNAPSHOT_ENTRIES:
            # Another worker may have kept one meanwhile.
            record = await self._log.snapshot(room.place)
            room.saved = record.seq if record is not None else 0
            if room.board.seq - room.saved < limits.LOG_SNAPSHOT_ENTRIES:
                return
        sheet = room.pieces.take(room.board)
        data = await asyncio.to_thread(sheet.gzipped)
        room.keep(sheet, data)
        header = sheet.header
        await self._log.save_snapshot(room.place, SnapshotRecord(header.seq, header.chain, data))
        room.saved = max(room.saved, header.seq)


def _look_at(task: asyncio.Task[Room]) -> None:
    """Look at what a loading ended with, in case everybody who waited for it has left."""
    if not task.cancelled():
        task.exception()


__all__ = ["NotFounded", "Room", "Rooms"]
