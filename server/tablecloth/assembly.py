"""The space's own log at this worker: what is said there goes to the log here, time passes, and what is
decided is carried out.

    Connection ─ a group ─> offer ─> thought out on a copy of the fold ─> Appender ─> answered
    sweep, once a second ─ a deadline, or five minutes of silence ─> tick ──^

Everything is *thought out* first: the group and a roll are folded onto a copy of the board, and what
passes by it is carried out in the very same call: its rulings on the boards, and the ``tick`` that says
so. The call holds on the condition that the log still has the seq of the copy, and that its time lies
between the same edges (deadlines, ends of pauses). If not, it is thought out anew. So it can't be that
something passed and its rulings are missing, however many workers do this at once and whenever one dies.
A proposal that passed without (a clock jumped) is completed by the next sweep.

Invariants: of one space, one group at a time; a session's groups in their order (PROTOCOL-20).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable

import structlog

from tablecloth.appender import Appender, Owner
from tablecloth.attendance import Attendance
from tablecloth.core import limits
from tablecloth.core.board import Board
from tablecloth.core.canonical import from_canonical, to_canonical
from tablecloth.core.decisions import PASSED, Proposal
from tablecloth.core.edits import Entry
from tablecloth.core.entry import encode, found
from tablecloth.core.fold import apply_entry, read_head
from tablecloth.core.proposals import HOUR_MS
from tablecloth.core.room_kinds import ObjectHead, ProposeHead, RollHead, TickHead
from tablecloth.governing import Also, mend, rulings, standing_rulings
from tablecloth.log.interface import Entries, Group, Log, LogAway, Place, When
from tablecloth.rooms import NotFounded, Room, Rooms
from tablecloth.session import Answered
from tablecloth.spaces import Spaces

TICK_EVERY_MS = 290_000
"""A little under the five minutes that FOLD-110 counts on twice."""
_LATEST = 2**53 - 1
_FOUNDER = "founding"
_AGAIN_S = 0.05
_TRIES = 200

_log = structlog.get_logger("assembly")


def edges(board: Board) -> list[int]:
    """The times at which what may be said, or what comes of it, changes by itself."""
    known = board.decisions
    times = [*known.paused.values()]
    for proposal in known.proposals.values():
        times.append(proposal.born.at + HOUR_MS)
        if proposal.is_open and proposal.held is None:
            times += [proposal.deadline, board.at + limits.HOLD_MS + 1]
    return times


def window(board: Board, now_ms: int) -> When:
    """The state for which something is thought out at ``now_ms``."""
    now = max(now_ms, board.at)
    times = edges(board)
    since = max((edge for edge in times if edge <= now), default=0)
    return When(board.seq, since, min((edge for edge in times if edge > now), default=_LATEST))


def is_tick_due(board: Board, now_ms: int) -> bool:
    """Whether a worker has to log that time passes: a deadline, silence, or a decision that was not
    carried out.
    """
    opened = [p for p in board.decisions.proposals.values() if p.is_open and p.held is None]
    if any(p.state == PASSED and not p.carried for p in board.decisions.proposals.values()):
        return True
    if not opened:
        return False
    return any(p.deadline <= now_ms for p in opened) or now_ms - board.at >= TICK_EVERY_MS


class _Waiting:
    """An ``Owner`` of one group: waits for its answer."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Answered | None] = asyncio.get_running_loop().create_future()

    def answered(self, board: str, answers: list[Answered]) -> None:
        if not self.answer.done():
            self.answer.set_result(answers[0])

    def unanswerable(self) -> None:
        if not self.answer.done():
            self.answer.set_result(None)


class Assembly:
    """One space at this worker."""

    def __init__(self, space: str, parts: Assemblies) -> None:
        self.space = space
        self._parts = parts
        self._queue: deque[tuple[Group, Owner]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._is_mended = False
        self.used_at = time.monotonic()

    @property
    def is_idle(self) -> bool:
        return self._task is None

    def offer(self, group: Group, owner: Owner) -> None:
        """Take a group to the space's log after those before it."""
        self._queue.append((group, owner))
        self.stir()

    def stir(self) -> None:
        """Look whether time has to be logged, or something has to be carried out. A repeat is harmless."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            room = await self._parts.open(self.space)
            if is_tick_due(room.board, self._parts.now_ms()):
                await self._append(room, None)
            while self._queue or not self._is_mended:
                if self._queue:
                    await self._take(*self._queue.popleft())
                else:
                    await self._mend()
        except LogAway:
            pass  # the sweep tries again; whoever waits for an answer asks again
        except Exception:  # noqa: BLE001
            _log.exception("assembly_broke", space=self.space)
        finally:
            self._task = None
            for _, owner in self._queue:
                owner.unanswerable()
            self._queue.clear()

    async def _take(self, group: Group, owner: Owner) -> None:
        if group.refusal is not None:
            self._parts.appender.offer(group, owner)
            return
        try:
            answer = await self._append(await self._parts.open(self.space), group)
        except Exception:
            owner.unanswerable()
            raise
        if answer is None:
            owner.unanswerable()
        else:
            owner.answered(self.space, [answer])

    async def _append(self, room: Room, said: Group | None) -> Answered | None:
        """Think a group out and append it, until it fits. None if the log will never take it."""
        for _ in range(_TRIES):
            group = await self._thought_out(room, said)
            if group is None:
                return None
            waiting = _Waiting()
            self._parts.appender.offer(group, waiting)
            answer = await waiting.answer
            if answer is None or answer[3] != "moved":
                room.expect(answer[2] + len(group.entries) - 1 if answer is not None else 0)
                self._is_mended = self._is_mended and not group.also
                return answer
            await room.read_on_now()
            if room.is_rewound or not self._parts.rooms.holds(room):
                room = await self._parts.open(self.space)
            if said is None and not is_tick_due(room.board, self._parts.now_ms()):
                return None  # another worker was quicker
            await asyncio.sleep(_AGAIN_S)
        _log.error("assembly_never_fitted", space=self.space)
        return None

    async def _thought_out(self, room: Room, said: Group | None) -> Group | None:
        """The group with the rolls, rulings and the tick that belong to it, for the board as it is now."""
        board = from_canonical(to_canonical(room.board))
        now = max(self._parts.now_ms(), board.at)
        when = window(board, now)
        entries: list[tuple[bytes, bytes | None]] = [] if said is None else [*said.entries]
        for head, body in list(entries):
            read = read_head(head)
            outcome = apply_entry(board, Entry(board.seq + 1, now, head, body))
            if outcome.reason is None and isinstance(read, ProposeHead | ObjectHead):
                people = sorted({*await self._parts.attendance.roll(self.space), read.author})
                entries.append((encode(RollHead(read.element, people[: limits.MAX_ROLL])), None))
        for head, body in entries[len(said.entries) if said is not None else 0 :]:
            apply_entry(board, Entry(board.seq + 1, now, head, body))
        if said is None:
            apply_entry(board, Entry(board.seq + 1, now, encode(TickHead([])), None))
        passed = [p for p in board.decisions.proposals.values() if p.state == PASSED and not p.carried]
        passed = sorted(passed, key=lambda p: p.decided or (0, 0))[: limits.MAX_CARRIED]
        also = await self._rulings(passed)
        if said is None or passed:
            entries.append((encode(TickHead([proposal.id for proposal in passed])), None))
        author, session, n = ("", "", 0) if said is None else (said.author, said.session, said.n)
        return Group(Place(self.space, self.space), author, session, n, tuple(entries), None, when, also)

    async def _rulings(self, passed: list[Proposal]) -> Also:
        if not passed:
            return ()
        # Read anew: a board may have been founded at another worker a moment ago.
        record = await self._parts.spaces.find(self.space, time.monotonic())
        return () if record is None else await rulings(self._parts.log, self._parts.rooms, record, passed)

    async def _mend(self) -> None:
        room = await self._parts.open(self.space)
        await room.read_on_now()
        record = await self._parts.spaces.find(self.space, time.monotonic())
        if record is not None and await mend(self._parts.log, record, room.board):
            await self._parts.spaces.tell_boards(self.space)
        self._is_mended = True


class Assemblies:
    """All spaces that somebody is in at this worker. ``now_ms``: about what the store's clock says."""

    def __init__(
        self,
        log: Log,
        rooms: Rooms,
        appender: Appender,
        spaces: Spaces,
        attendance: Attendance,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.log = log
        self.rooms = rooms
        self.appender = appender
        self.spaces = spaces
        self.attendance = attendance
        self.now_ms = now_ms
        self._known: dict[str, Assembly] = {}

    def of(self, space: str) -> Assembly:
        """The assembly of a space that somebody is in."""
        assembly = self._known.get(space)
        if assembly is None:
            assembly = self._known[space] = Assembly(space, self)
        assembly.used_at = time.monotonic()
        return assembly

    async def open(self, space: str) -> Room:
        """The room of a space's log, which is founded first if it never was. Raises LogAway; NotFounded if
        there is no such space.
        """
        place = Place(space, space)
        try:
            return await self.rooms.open(place)
        except NotFounded:
            record = await self.spaces.find(space)
            if record is None:
                raise
            entry = found(space, space, record.public_key, record.title, os.urandom(16))
            await self.log.append([Group(place, _FOUNDER, _FOUNDER, 1, (entry,))])
            return await self.rooms.open(place)

    async def standing(self, space: str) -> Entries:
        """What a board that is founded now begins with. Raises LogAway."""
        room = await self.open(space)
        await room.read_on_now()
        return standing_rulings(room.board.decisions, max(self.now_ms(), room.board.at))

    async def removed(self, space: str) -> frozenset[str]:
        """Pictures that the room took away: nobody brings them again. Raises LogAway."""
        room = await self.open(space)
        await room.read_on_now()
        return frozenset(room.board.decisions.removed)

    def sweep(self) -> None:
        """Once a second: let time pass where something is open, and see that decisions are carried out."""
        now_ms = self.now_ms()
        for space, assembly in list(self._known.items()):
            room = self.rooms.find(space)
            if room is None:
                if assembly.is_idle:
                    del self._known[space]
                continue
            if any(proposal.is_open for proposal in room.board.decisions.proposals.values()):
                self.rooms.keep(room)  # an absent room decides too
            if is_tick_due(room.board, now_ms):
                assembly.stir()


__all__ = ["Assemblies", "Assembly", "edges", "is_tick_due", "window"]
