"""Who points at what on the boards of this worker: never logged, thinned first, forgotten when somebody
leaves.

Each board keeps everybody's last presence. Every ``presence_tick_ms`` what changed goes out as one frame, the
same bytes to all, of at most ``presence_budget_bytes``; who didn't fit comes first next time, so people take
turns (PROTOCOL-30), but who asks to look or reacts goes first, within half of the budget (PROTOCOL-32). What
is said again unchanged goes to nobody. Other workers are told the same in one message a space and tick, and
what they tell goes the same way.

A line that is crowded gets nothing (PROTOCOL-13: presence goes first). Once it has read, and when somebody
joins, it is brought up to date by frames of its own, a budget's worth a tick.

A worker that dies says no goodbye: every ``presence_beat_s`` each says who is still with it, and whom nobody
has named for ``presence_lost_s`` is gone. A beat that names somebody unknown is answered by asking (a message
was lost).

Rejected: presence in the feed (Valkey would keep what nobody wants kept); a frame of its own for each
receiver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from tablecloth import limits
from tablecloth.line import Line
from tablecloth.log.interface import Log, Place
from tablecloth.moments import Person
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import Around, Frame, Here
from tablecloth.wire.message import binary_message

_FRAME_BYTES = 128
"""Room for a frame's own keys and a few names that left."""
_REST = 4.0
"""A tick that cost 20 ms is followed by at least this many times that without one."""


class _Out(Frame, tag="presence", frozen=True):
    """A ``presence`` frame around what is encoded already."""

    board: str
    here: list[msgspec.Raw]
    gone: list[str]


class Shown(msgspec.Struct, array_like=True, tag="shown"):
    """Worker to workers: presence that changed here, and who left."""

    board: str
    here: list[tuple[str, bytes]]
    """(who, an encoded ``Around``)."""
    gone: list[str]


class Beat(msgspec.Struct, array_like=True, tag="beat"):
    """Worker to workers: everybody who is with me on a board."""

    board: str
    who: list[str]


class Ask(msgspec.Struct, array_like=True, tag="ask"):
    """Worker to workers: tell me everybody who is with you on a board."""

    board: str


Message: TypeAlias = Shown | Beat | Ask
_decode = msgspec.msgpack.Decoder(Message).decode


class BoardPresence:
    """Everybody on one board, and who is to be told what."""

    def __init__(self, board: str) -> None:
        self.board = board
        self.people: dict[str, Person] = {}
        self.lines: dict[Line, set[str]] = {}
        """Each line that follows, with whom it must still hear that they left."""
        self._owed: dict[Line, dict[str, None] | None] = {}
        """Lines that are brought up to date on their own: with whose presence, None for everybody's."""
        self._changed: dict[str, None] = {}
        self._fresh: dict[str, None] = {}
        """Those of the changed who did something that must be seen."""
        self._gone: dict[str, bool] = {}
        """Who left, and whether they were with this worker."""

    @property
    def is_due(self) -> bool:
        """Whether there is something for the next tick."""
        return bool(self._changed or self._gone or self._owed)

    def show(self, who: str, raw: bytes, heard: float | None) -> None:
        """Somebody's presence, in place of the one before. The same again is news to nobody."""
        person = self.people.get(who)
        if person is None:
            person = self.people[who] = Person(raw, heard)
        elif not person.show(raw, heard):
            return
        self._gone.pop(who, None)
        self._changed[who] = None  # who waits already keeps the turn
        if person.is_fresh:
            self._fresh[who] = None

    def leave(self, who: str) -> None:
        """Somebody is gone. A repeat is harmless."""
        self._changed.pop(who, None)
        self._fresh.pop(who, None)
        person = self.people.pop(who, None)
        if person is not None:
            self._gone[who] = person.heard is None

    def join(self, line: Line) -> None:
        """A line begins to follow: it is sent everybody, a budget's worth a tick."""
        self.lines[line] = set()
        self._owed[line] = None

    def part(self, line: Line) -> None:
        """A line follows no longer. A repeat is harmless."""
        self.lines.pop(line, None)
        self._owed.pop(line, None)

    def tick(self) -> Shown | None:
        """Tell the lines what is new, and return what other workers are to be told."""
        chosen = self._next()
        gone, self._gone = self._gone, {}
        for who in chosen:
            del self._changed[who]
            self._fresh.pop(who, None)
        if chosen or gone:
            self._tell_all(chosen, list(gone))
        if self._owed:
            self._tell_owed()
        ours = [(who, self.people[who].raw) for who in chosen if self.people[who].heard is None]
        left = [who for who, was_ours in gone.items() if was_ours]
        for who in chosen:
            if self.people[who].told():
                self._changed[who] = None
        return Shown(self.board, ours, left) if ours or left else None

    def _next(self) -> list[str]:
        """Whose turn it is. Half a frame is left to those who only move: reactions stop nobody."""
        if not self._fresh:
            return self._choose(self._changed)
        first = self._choose(self._fresh, limits.FANOUT_PRESENCE_BUDGET_BYTES // 2)
        others = (who for who in self._changed if who not in first)
        return self._choose((*first, *others))

    def _choose(self, names: Iterable[str], budget: int = limits.FANOUT_PRESENCE_BUDGET_BYTES) -> list[str]:
        """As many as fit into so many bytes, in their order; at least one if there is one."""
        size = _FRAME_BYTES
        chosen: list[str] = []
        for who in names:
            size += len(self.people[who].raw)
            if chosen and size > budget:
                break
            chosen.append(who)
        return chosen

    def _message(self, names: list[str], gone: list[str]) -> bytes:
        here = [msgspec.Raw(self.people[who].raw) for who in names]
        return binary_message(encode(_Out(self.board, here, gone)))

    def _tell_all(self, chosen: list[str], gone: list[str]) -> None:
        message = self._message(chosen, gone)
        for line, missed in self.lines.items():
            if line.is_crowded:
                missed.update(gone)
                self._owed[line] = None  # PROTOCOL-13: nothing now, everybody anew once it has read
            elif line in self._owed:
                missed.update(gone)
                waiting = self._owed[line]
                if waiting is not None:
                    waiting.update(dict.fromkeys(chosen))
            else:
                line.write(message)

    def _tell_owed(self) -> None:
        for line, owed in list(self._owed.items()):
            if line.is_crowded:
                continue
            waiting = [who for who in (self.people if owed is None else owed) if who in self.people]
            names = self._choose(waiting)
            left = self.lines[line].difference(self.people)
            if names or left:
                line.write(self._message(names, sorted(left)))
            self.lines[line].clear()
            if len(names) == len(waiting):
                del self._owed[line]
            else:
                self._owed[line] = dict.fromkeys(waiting[len(names) :])

    def beat(self, who: Iterable[str], now: float) -> bool:
        """Another worker named everybody with it. False if one of them is unknown here."""
        known = True
        for name in who:
            person = self.people.get(name)
            if person is None:
                known = False
            elif person.heard is not None:
                person.heard = now
        return known

    def forget_lost(self, now: float) -> None:
        """Let go of whom no worker has named for ``presence_lost_s``."""
        oldest = now - limits.FANOUT_PRESENCE_LOST_S
        for who in [w for w, p in self.people.items() if p.heard is not None and p.heard < oldest]:
            self.leave(who)

    def ours(self) -> list[tuple[str, bytes]]:
        """Everybody who is with this worker."""
        return [(who, person.raw) for who, person in self.people.items() if person.heard is None]


class Presences:
    """All boards of a worker. ``is_shared``: whether there may be other workers to tell."""

    def __init__(self, log: Log, is_shared: bool) -> None:
        self._log = log
        self._is_shared = is_shared
        self._loop = asyncio.get_running_loop()
        self._boards: dict[Place, BoardPresence] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._saying: dict[str, asyncio.Task[None]] = {}
        self._to_say: dict[str, list[Message]] = {}

    # --- from this worker's connections ---------------------------------------------------------

    def join(self, place: Place, line: Line) -> None:
        """A line follows a board from now on."""
        board = self._boards.get(place)
        if board is None:
            board = self._boards[place] = BoardPresence(place.board)
            self._say(place.space, Ask(place.board))
        board.join(line)
        self._arm(board)

    def part(self, place: Place, line: Line, who: str) -> None:
        """A line follows no longer, and ``who`` is gone from the board. A repeat is harmless."""
        board = self._boards.get(place)
        if board is None:
            return
        board.part(line)
        board.leave(who)
        if not board.lines:
            # Nobody here is left to be told; the others are.
            self._say(place.space, Shown(place.board, [], [who]))
            del self._boards[place]
        else:
            self._arm(board)

    def show(self, place: Place, who: str, author: str, here: Here) -> None:
        """Somebody's presence on a board that their line follows."""
        board = self._boards.get(place)
        if board is not None:
            board.show(who, encode(Around(who, author, here)), None)
            self._arm(board)

    # --- ticks ----------------------------------------------------------------------------------

    def _arm(self, board: BoardPresence) -> None:
        if self._timer is None and board.is_due:
            self._timer = self._loop.call_later(limits.FANOUT_PRESENCE_TICK_MS / 1000, self._tick)

    def _tick(self) -> None:
        began = self._loop.time()
        self._timer = None
        is_due = False
        try:
            for place, board in self._boards.items():
                if board.is_due:
                    shown = board.tick()
                    if shown is not None:
                        self._say(place.space, shown)
                    is_due = is_due or board.is_due
        finally:
            cost = self._loop.time() - began
            wait = max(limits.FANOUT_PRESENCE_TICK_MS / 1000, cost * _REST)
            if is_due:
                self._timer = self._loop.call_later(wait, self._tick)

    # --- with other workers ---------------------------------------------------------------------

    def _say(self, space: str, message: Message) -> None:
        if not self._is_shared:
            return
        self._to_say.setdefault(space, []).append(message)
        if space not in self._saying:
            self._saying[space] = asyncio.ensure_future(self._speak(space))

    async def _speak(self, space: str) -> None:
        try:
            while messages := self._to_say.pop(space, None):
                for message in messages:
                    await self._log.publish(space, PRESENCE + encode(message))
        finally:
            del self._saying[space]

    def hear(self, space: str, data: bytes) -> None:
        """What another worker published (after ``PRESENCE``). What can't be read is of another version:
        dropped.
        """
        try:
            message = _decode(data)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return
        board = self._boards.get(Place(space, message.board))
        if board is None:
            return
        match message:
            case Shown():
                now = self._loop.time()
                for who, raw in message.here:
                    board.show(who, raw, now)
                for who in message.gone:
                    board.leave(who)
            case Beat():
                if not board.beat(message.who, self._loop.time()):
                    self._say(space, Ask(message.board))
            case Ask():
                self._say(space, Shown(message.board, board.ours(), []))
        self._arm(board)

    def beat(self) -> None:
        """Say who is here and let go of whom nobody names. Call it every ``presence_beat_s``."""
        now = self._loop.time()
        for place, board in self._boards.items():
            board.forget_lost(now)
            self._arm(board)
            self._say(place.space, Beat(place.board, [who for who, _ in board.ours()]))

    def stop(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            self._timer.cancel()


PRESENCE = b"p"
"""What a published message of presence begins with; names begin with another letter (``spaces``)."""
