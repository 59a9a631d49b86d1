"""One participant's connection: carries out what its session commands, and brings it the answers.

    Line ─ message ─> Session ─ commands ─> Line, Rooms, Appender, Presences, Spaces
                         ^────── answers ──────┘

Everything here returns at once (TRAPS 11). What must wait (a link that is looked up, a board that is loaded)
is a task of its own; while the link is looked up, messages wait in a queue of bounded length, and reading
stops beyond it.

Invariant: after ``lost`` nothing of the connection is left in rooms, presence or names; its groups that are
on their way to the log are appended all the same, and answered to nobody.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from tablecloth import limits as fanout
from tablecloth.appender import Appender, Store
from tablecloth.assembly import Assemblies
from tablecloth.attendance import Attendance
from tablecloth.known import Known
from tablecloth.line import Line
from tablecloth.log.interface import Durability, Group, Log, LogAway, Place
from tablecloth.metrics import Metrics
from tablecloth.presence import Presences
from tablecloth.rooms import NotFounded, Room, Rooms
from tablecloth.session import (
    Answered,
    Budget,
    CallMe,
    Command,
    End,
    Enter,
    Follow,
    Send,
    Session,
    Show,
    Take,
    TakeBack,
    Unfollow,
)
from tablecloth.spaces import Spaces, boards_of, links_of, rights_of
from tablecloth.subscription import Subscription
from tablecloth.wire import limits
from tablecloth.wire.frames import Person
from tablecloth.wire.message import binary_message
from tablecloth.withdrawals import Withdrawals

_AGAIN_S = 1.0
_INTERNAL_TROUBLE = 1011
_WHO_BYTES = 6

Asked = TypeVar("Asked", Enter, Follow, TakeBack)

_log = structlog.get_logger("connection")


class Parts(Protocol):
    """What a worker shares among its connections."""

    log: Log
    rooms: Rooms
    appender: Appender
    presences: Presences
    assemblies: Assemblies
    attendance: Attendance
    spaces: Spaces
    withdrawals: Withdrawals
    known: Known
    store: Store
    metrics: Metrics

    async def durability(self) -> Durability:
        """What an ack means. Raises LogAway while that isn't known."""


@dataclass(slots=True)
class _Following:
    """A board that this connection follows."""

    room: Room
    subscription: Subscription


class Connection:
    """A ``Receiver`` of its line, and an ``Owner`` of its groups."""

    def __init__(self, line: Line, parts: Parts) -> None:
        self.line = line
        self.who = base64.urlsafe_b64encode(os.urandom(_WHO_BYTES)).decode("ascii")
        self._parts = parts
        self._loop = asyncio.get_running_loop()
        now = self._loop.time()
        self.session = Session(_salt, now, self._note, parts.known.keep)
        self.session.takes_edits = parts.store.is_writable
        self._messages = Budget(limits.MESSAGES_PER_S, limits.MESSAGES_BURST, now)
        self._inbox: deque[bytes] = deque()
        self._is_entering = False
        self._is_lost = False
        self._attends = False
        self._following: dict[str, _Following] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._overdue = self._loop.call_later(limits.HELLO_TIMEOUT_S, self._hello_is_overdue)
        self._stands: tuple[int, float] | None = None

    def _note(self, code: str) -> None:
        self._parts.metrics.refusals.labels(code).inc()

    # --- Receiver: what the line brings ---------------------------------------------------------

    def message(self, data: bytes) -> None:
        now = self._loop.time()
        if self._is_entering:
            self._inbox.append(data)
            if len(self._inbox) >= limits.MAX_QUEUE_MESSAGES:
                self.line.pause()
            return
        if not self._messages.spend(1, now):
            # A flood waits in its sender's own socket; this message was read already and is served.
            self.line.pause()
            self._loop.call_later(self._messages.wait(limits.MAX_QUEUE_MESSAGES, now), self.line.resume)
        self.session.receive(data, now)
        self._carry_out()

    def text(self) -> None:
        self.session.receive_text()
        self._carry_out()

    def drained(self) -> None:
        for following in list(self._following.values()):
            following.subscription.go_on()

    def lost(self) -> None:
        self._is_lost = True
        self._overdue.cancel()
        for task in self._tasks:
            task.cancel()
        for board in list(self._following):
            self._unfollow(board)
        self._parts.spaces.depart(self.session.space, self.line.write)
        if self._attends:
            self._attends = False
            self._parts.attendance.leave(self.session.space, self.session.author)

    def _hello_is_overdue(self) -> None:
        self.session.overdue()
        self._carry_out()

    # --- what the session commands --------------------------------------------------------------

    def _carry_out(self) -> None:
        for command in self.session.commands():
            # Two of eight kinds are nearly all there is.
            if type(command) is Take:
                self._take(command)
            elif type(command) is Send:
                self.line.write(binary_message(command.data))
            else:
                self._carry_out_rarer(command)

    def _take(self, take: Take) -> None:
        place = self._following[take.board].room.place
        entries, refusal = take.entries, take.refusal
        if place.board != place.space:
            group = Group(place, take.author, take.session, take.n, entries, refusal, needs_log=True)
            self._parts.appender.offer(group, self)
            return
        if take.author != self.session.author and refusal is None:
            entries, refusal = (), "no-say"  # PROTOCOL-75: nobody decides under two names
        group = Group(place, take.author, take.session, take.n, entries, refusal)
        self._parts.assemblies.of(place.space).offer(group, self)

    def _carry_out_rarer(self, command: Command) -> None:
        parts, session = self._parts, self.session
        match command:
            case Show():
                place = self._following[command.board].room.place
                parts.presences.show(place, self.who, session.author, command.here)
            case Follow():
                self._start(self._follow, command)
            case TakeBack():
                self._start(self._take_back, command)
            case Unfollow():
                self._unfollow(command.board)
            case CallMe():
                parts.spaces.call(session.space, session.author, command.name)
            case Enter():
                self._is_entering = True
                self._start(self._enter, command)
            case End():
                self.line.close(command.code)

    def _start(self, work: Callable[[Asked], Awaitable[None]], command: Asked) -> None:
        task = asyncio.ensure_future(self._guard(work, command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, work: Callable[[Asked], Awaitable[None]], command: Asked) -> None:
        try:
            await work(command)
        except Exception:  # noqa: BLE001
            # This side's mistake must not leave somebody waiting: they connect again, with all that they
            # hold.
            _log.exception("connection_broke")
            self.line.close(_INTERNAL_TROUBLE)

    # --- entering -------------------------------------------------------------------------------

    async def _enter(self, command: Enter) -> None:
        parts, session = self._parts, self.session
        try:
            record = await parts.spaces.find(command.space)
            durable = await parts.durability()
        except LogAway:
            session.store_is_away()
        else:
            may_edit = rights_of(record, command.secret) if record is not None else None
            if record is None or may_edit is None:
                session.turned_away()
            else:
                parts.spaces.enter(command.space, self.line.write)
                people = [Person(author, name) for author, name in record.names.items()]
                if may_edit and not self._is_lost:
                    self._attends = True
                    parts.attendance.enter(command.space, session.author)
                now_ms = time.time_ns() // 1_000_000
                session.welcomed(
                    self.who,
                    record.title,
                    may_edit,
                    boards_of(record),
                    people,
                    durable,
                    now_ms,
                    links_of(record),
                )
        self._carry_out()
        self._is_entering = False
        while self._inbox and not self._is_entering:
            self.message(self._inbox.popleft())
        self.line.resume()

    # --- following boards -----------------------------------------------------------------------

    async def _follow(self, follow: Follow) -> None:
        parts, session = self._parts, self.session
        is_told = False
        while session.awaits(follow):
            try:
                if not await parts.spaces.has_board(session.space, follow.board):
                    session.not_opened(follow, "no-such-board")
                    break
                async with parts.rooms.joins:
                    await self._join(follow)
                break
            except NotFounded:
                session.not_opened(follow, "no-such-board")
                break
            except LogAway:
                # It goes on by itself once the store is back; until then they are told once.
                if not is_told:
                    session.not_opened(follow, "read-only")
                    self._carry_out()
                is_told = True
            await asyncio.sleep(_AGAIN_S)
        self._carry_out()

    async def _join(self, follow: Follow) -> None:
        """Answer an opening, and from then on send entries. Raises LogAway and NotFounded."""
        parts, session = self._parts, self.session
        place = Place(session.space, follow.board)
        if place.board == place.space:
            room = await parts.assemblies.open(place.space)
            parts.assemblies.of(place.space).stir()
        else:
            room = await parts.rooms.open(place)
        marks = {
            name: await parts.log.mark(place, session.author, name)
            for name in (session.id, follow.adopted)
            if name is not None
        }
        if follow.board in self._following:
            session.opened(follow, room.board, marks, "tail", room.tip)  # PROTOCOL-25: it only learns a mark
            return
        how = await room.compare(follow.seq, follow.chain, follow.tail)
        snapshot = await room.snapshot() if how != "tail" else None
        if not parts.rooms.holds(room):
            raise LogAway("away", "The board was let go meanwhile.")
        # From here on nothing waits: between what is answered and what is sent no entry may come in.
        if self._is_lost or not session.opened(follow, room.board, marks, how, room.tip):
            return
        self._following[follow.board] = _Following(
            room, room.subscribe(self.line, follow.seq if snapshot is None else snapshot.seq, self._rewound)
        )
        self._carry_out()
        if snapshot is not None:
            self.line.write(snapshot.message)
        parts.presences.join(place, self.line)
        self._following[follow.board].subscription.go_on()

    async def _take_back(self, command: TakeBack) -> None:
        session = self.session
        place = Place(session.space, command.board)
        try:
            count = await self._parts.withdrawals.begin(place, session.author, command.elements)
        except LogAway:
            session.not_withdrawn(command.board)
        else:
            session.withdrawn(command.board, count)
        self._carry_out()

    def _unfollow(self, board: str) -> None:
        following = self._following.pop(board, None)
        if following is not None:
            following.room.unsubscribe(following.subscription, self._loop.time())
            self._parts.presences.part(following.room.place, self.line, self.who)

    def _rewound(self) -> None:
        self.session.rewound()
        self._carry_out()

    # --- Owner: what the log answers ------------------------------------------------------------

    def answered(self, board: str, answers: list[Answered]) -> None:
        if not self._is_lost:
            self.session.answered(board, answers)
            self._carry_out()

    def unanswerable(self) -> None:
        self.line.close(_INTERNAL_TROUBLE)

    # --- what the worker tells all --------------------------------------------------------------

    def store_writes(self, does: bool) -> None:
        """Whether edits can be kept just now."""
        self.session.store_writes(does)
        self._carry_out()

    def moving(self, within_ms: int) -> None:
        """The worker is about to stop (PROTOCOL-40)."""
        self.session.moving(within_ms)
        self._carry_out()

    def check(self, now: float) -> None:
        """Once a second: drop a line whose reader takes nothing for ``stuck_after_s`` (PROTOCOL-13, TRAPS
        10).
        """
        if not self.line.is_crowded:
            self._stands = None
        elif self._stands is None or self.line.taken > self._stands[0]:
            self._stands = (self.line.taken, now)
        elif now - self._stands[1] >= fanout.FANOUT_STUCK_AFTER_S:
            self._parts.metrics.aborts.inc()
            self.line.abort()


class _Salts:
    """Random bytes, fetched for many salts at once; each is given out once."""

    def __init__(self) -> None:
        self._pool = b""
        self._at = 0

    def __call__(self) -> bytes:
        if self._at >= len(self._pool):
            self._pool, self._at = os.urandom(16 * 256), 0
        self._at += 16
        return self._pool[self._at - 16 : self._at]


_salt = _Salts()
