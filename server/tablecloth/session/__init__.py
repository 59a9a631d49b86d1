"""The conversation of one connection, without any I/O: bytes and answers go in, commands come out (PROTOCOL-3
to -42).

    carrier                         session
    receive(message, now)    ->     Send, Enter, Follow, Unfollow, Take, Show, CallMe, End
    welcomed, opened, answered ->   Send, …

It knows no asyncio, no socket, no clock and no random source: time and salts are passed in. It never waits:
what needs an answer from elsewhere is a command, and the answer is a call. After ``End`` it says and takes
nothing more.

Rejected: a coroutine per connection (a task and a queue each, and order that depends on scheduling); letting
the web layer decide codes and words (they would be tested through sockets only).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from tablecloth.core.anonymous import author_of_key
from tablecloth.core.board import Board
from tablecloth.core.edits import AnyEdit, InkEdit, TextEdit
from tablecloth.core.entry import encode as encode_head
from tablecloth.core.entry import head_of
from tablecloth.core.links import Links
from tablecloth.core.rules import malformed
from tablecloth.core.tip import Tip
from tablecloth.session.anonymous import fit_to_show, tells
from tablecloth.session.budget import Budget
from tablecloth.session.commands import (
    CallMe,
    Command,
    End,
    Enter,
    Follow,
    Send,
    Show,
    Take,
    TakeBack,
    Unfollow,
)
from tablecloth.session.door import Door, Tally
from tablecloth.session.names import author_of, name_fits
from tablecloth.session.terms import (
    GOING_AWAY,
    POLICY_VIOLATION,
    TRY_AGAIN_LATER,
    UNSUPPORTED,
    Answered,
    Durable,
    How,
    Keep,
    keep_nothing,
    note_nothing,
)
from tablecloth.session.words import words_of
from tablecloth.wire import limits
from tablecloth.wire.codec import BadFrame, decode_from_participant, edit_address, encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    BoardInfo,
    Bye,
    EditFrame,
    Hello,
    Leave,
    Moving,
    Open,
    Opened,
    Person,
    Ping,
    Pong,
    PresenceIn,
    Refuse,
    Rename,
    Welcome,
    Withdraw,
    Withdrawn,
)

__all__ = [
    "Answered",
    "Budget",
    "CallMe",
    "Command",
    "End",
    "Enter",
    "Follow",
    "Send",
    "Session",
    "Show",
    "Take",
    "TakeBack",
    "Unfollow",
    "author_of",
    "name_fits",
]

_NAMES_BURST = 5
_WITHDRAWALS_PER_S = 0.1
_PONG = encode(Pong())


class Session:
    """One connection's conversation.

    ``salt`` gives 16 random bytes a call, ``now`` is seconds of a steady clock, ``note`` is told the code of
    each refusal, ``keep`` each head that is made.
    """

    def __init__(
        self,
        salt: Callable[[], bytes],
        now: float,
        note: Callable[[str], None] = note_nothing,
        keep: Keep = keep_nothing,
    ) -> None:
        self.state: Literal["new", "entering", "in", "ended"] = "new"
        self.space = self.author = self.id = self.name = ""
        self.may_edit = False
        self.takes_edits = True
        """False while the store can't write: new groups are refused and keep their n."""
        self.doors: dict[str, Door] = {}
        self.opening: dict[str, Follow] = {}
        """Boards whose opening is on its way, with what was asked last."""
        self._salt = salt
        self._note = note
        self._keep = keep
        self._out: list[Command] = []
        self._bad = 0
        self._weight = 0
        self._edits = Budget(limits.EDITS_PER_S, limits.EDITS_BURST, now)
        self._heres = Budget(limits.PRESENCE_PER_S, limits.PRESENCE_PER_S, now)
        self._names = Budget(1, _NAMES_BURST, now)
        self._withdrawals = Budget(_WITHDRAWALS_PER_S, limits.WITHDRAWALS_BURST, now)
        self._heard = now
        self._began_ms = 0
        """What the steady clock's zero is in ms of the worker's clock: locks expire by it."""

    def commands(self) -> list[Command]:
        """What is to be carried out now, in order. Each is given out once."""
        out = self._out
        self._out = []
        return out

    # --- what the participant sends -------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take one binary message. Never raises, whatever the bytes are (PROTOCOL-4, TRAPS 18)."""
        if self.state == "ended":
            return
        self._heard = now
        try:
            frame = decode_from_participant(data)
        except BadFrame:
            self._bad_frame(data)
            return
        if self.state != "in":
            self._first(frame)
            return
        if type(frame) is EditFrame:  # nearly all are
            self._edit(frame, len(data), now)
            return
        match frame:
            case PresenceIn():
                if frame.board in self.doors and self._heres.spend(1, now):
                    board = self.doors[frame.board].board
                    self._out.append(Show(frame.board, fit_to_show(frame.here, board)))
            case Ping():
                self._out.append(Send(_PONG))
            case Open():
                self._open(frame)
            case Leave():
                self._leave(frame.board)
            case Withdraw():
                self._withdraw(frame, now)
            case Rename():
                self._rename(frame.name, now)
            case Hello():
                self._count_bad_frame()  # PROTOCOL-5: a second hello

    def receive_text(self) -> None:
        """Take a text message: this protocol has none (PROTOCOL-3)."""
        self._end("bad-frame", UNSUPPORTED)

    def overdue(self) -> None:
        """Nobody said hello in time (PROTOCOL-5). Harmless when somebody did."""
        if self.state == "new":
            self._end("hello-first", POLICY_VIOLATION)

    def _first(self, frame: object) -> None:
        # PROTOCOL-5
        if self.state == "entering" or not isinstance(frame, Hello):
            self._end("hello-first", POLICY_VIOLATION)
            return
        if frame.v != PROTOCOL_VERSION:
            self._end("version", POLICY_VIOLATION)
            return
        self.state = "entering"
        self.space, self.id = frame.space, frame.session
        self.author = author_of(frame.space, frame.token)
        self.name = frame.name if name_fits(frame.name) else ""
        self._out.append(Enter(frame.space, frame.secret))

    def _bad_frame(self, data: bytes) -> None:
        self._count_bad_frame(*edit_address(data))

    def _count_bad_frame(self, board: str | None = None, n: int = 0) -> None:
        # PROTOCOL-4
        self._bad += 1
        if self._bad >= limits.MAX_BAD_FRAMES:
            self._end("bad-frame", POLICY_VIOLATION)
        else:
            self._refuse("bad-frame", board, n)

    # --- entering -------------------------------------------------------------------------------

    def welcomed(
        self,
        who: str,
        title: str,
        may_edit: bool,
        boards: list[BoardInfo],
        people: list[Person],
        durable: Durable,
        now_ms: int,
        links: Links | None = None,
    ) -> None:
        """The link opened the space. ``who`` is this connection's random name in presence."""
        if self.state != "entering":
            return
        self.state = "in"
        self.may_edit = may_edit
        self._began_ms = now_ms - round(self._heard * 1000)
        self._send(
            Welcome(
                PROTOCOL_VERSION,
                self.space,
                title,
                self.author,
                may_edit,
                boards,
                people,
                durable,
                now_ms,
                who,
                links,
            )
        )
        if self.name:
            self._out.append(CallMe(self.name))

    def turned_away(self) -> None:
        """The link opens nothing: unknown space and wrong secret are answered alike (PROTOCOL-5)."""
        self._end("no-such-link", POLICY_VIOLATION)

    def store_is_away(self) -> None:
        """The store can't be asked about the link now; the participant comes back by itself (PROTOCOL-41)."""
        self._end("away", TRY_AGAIN_LATER)

    def _rename(self, name: str, now: float) -> None:
        if not name_fits(name):
            self._refuse("bad-name")
        elif not self._names.spend(1, now):
            self._refuse("slow-down")
        else:
            self.name = name
            self._out.append(CallMe(name))

    # --- taking back ----------------------------------------------------------------------------

    def _withdraw(self, frame: Withdraw, now: float) -> None:
        # PROTOCOL-70: by whatever link; the board need only be open.
        if frame.board not in self.doors:
            self._refuse("not-open", frame.board)
        elif not self._withdrawals.spend(1, now):
            self._refuse("slow-down", frame.board)
        else:
            self._out.append(TakeBack(frame.board, tuple(frame.elements)))

    def withdrawn(self, board: str, elements: int) -> None:
        """What was asked to be taken back is gone, on so many elements (PROTOCOL-71)."""
        if self.state == "in":
            self._send(Withdrawn(board, elements))

    def not_withdrawn(self, board: str) -> None:
        """The store is away: what was begun goes on by itself (PROTOCOL-72)."""
        if self.state == "in":
            self._refuse("read-only", board)

    # --- following boards -----------------------------------------------------------------------

    def _open(self, frame: Open) -> None:
        adopted = None if frame.session in (None, self.id) else frame.session
        if frame.board in self.opening:
            return  # the answer is on its way
        if frame.board in self.doors and adopted is None:
            self._leave(frame.board)  # opened anew: from what is held now
        if frame.board not in self.doors and len(self.doors) + len(self.opening) >= limits.MAX_OPEN_BOARDS:
            self._refuse("too-many-boards", frame.board)
            return
        follow = Follow(frame.board, frame.seq, frame.chain, frame.tail, adopted)
        self.opening[frame.board] = follow
        self._out.append(follow)

    def opened(
        self, follow: Follow, board: Board, marks: dict[str, int], how: How, tip: Tip | None = None
    ) -> bool:
        """The board is there; ``marks`` by session. False if nobody waits for it any more (it was left
        meanwhile).

        ``tip``: the last one that was signed. With an adopted session on a board that is open already, the
        board simply goes on (PROTOCOL-25).
        """
        if not self.awaits(follow):
            return False
        del self.opening[follow.board]
        door = self.doors.get(follow.board)
        if door is None:
            door = self.doors[follow.board] = Door(board, self.author, self.may_edit)
        for session, mark in marks.items():
            if session not in door.tallies:
                door.tallies[session] = Tally(mark)
        mark = marks[follow.adopted or self.id]
        self._send(Opened(follow.board, board.seq, mark, how, follow.adopted, tip))
        if not self.takes_edits:
            self._refuse("read-only", follow.board)
        return True

    def not_opened(self, follow: Follow, code: str) -> None:
        """The board can't be opened: ``no-such-board``, or ``read-only`` while the store is away."""
        if self.awaits(follow):
            if code != "read-only":
                del self.opening[follow.board]
            self._refuse(code, follow.board)

    def awaits(self, follow: Follow) -> bool:
        """Whether this opening is still wanted: the board was not left, nor opened anew, meanwhile."""
        return self.state == "in" and self.opening.get(follow.board) is follow

    def _leave(self, board: str) -> None:
        self.opening.pop(board, None)
        door = self.doors.pop(board, None)
        if door is not None:
            self._weight -= sum(flight.weight for flight in door.flights.values())
            self._out.append(Unfollow(board))

    # --- edits ----------------------------------------------------------------------------------

    def _edit(self, frame: EditFrame, weight: int, now: float) -> None:
        if frame.key is not None:
            self._edit_without_name(frame, frame.key, weight, now)
            return
        session = frame.session or self.id
        n = frame.n
        door = self.doors.get(frame.board)
        tally = door.tallies.get(session) if door is not None else None
        if door is None or tally is None:
            self._refuse("not-open", frame.board, n, session)
        elif (session, n) in door.flights:
            return  # PROTOCOL-20: its answer is on its way
        elif n > tally.next_n:
            self._refuse("gap", frame.board, n, session)
        elif not self._has_room(door, session, frame, weight, now):
            return
        elif n < tally.next_n:
            self._repeat(door, session, frame, weight)
        else:
            tally.next_n += 1
            self._admit(door, session, frame, weight, now)

    def _edit_without_name(self, frame: EditFrame, key: str, weight: int, now: float) -> None:
        """PROTOCOL-80: a group about an anonymous element. Its session numbers this group and no other, so
        there is no mark to ask for: a repeat is what the log has of it already.
        """
        door, session = self.doors.get(frame.board), frame.session
        if door is None:
            self._refuse("not-open", frame.board, frame.n, session)
        elif session is None or session in door.tallies or frame.n != 1:
            self._count_bad_frame(frame.board, frame.n)
        elif (session, 1) in door.flights:
            return
        elif self._has_room(door, session, frame, weight, now):
            author = author_of_key(self.space, key)
            door.settle()
            code = door.judge(frame.edits, self._now_ms(now), author) or tells(door.board, frame.edits)
            door.depart(session, 1, frame.edits if code is None else (), weight)
            self._take(session, frame, weight, code, author)

    def _has_room(self, door: Door, session: str, frame: EditFrame, weight: int, now: float) -> bool:
        """Whether one more group can be taken on now; else its sender was told."""
        code = None
        if not self.takes_edits:
            code = "read-only"
        elif len(door.flights) >= limits.MAX_IN_FLIGHT or self._weight + weight > limits.MAX_IN_FLIGHT_BYTES:
            code = "busy"
        elif not self._edits.spend(len(frame.edits), now):
            code = "slow-down"
        if code is not None:
            self._refuse(code, frame.board, frame.n, session)
        return code is None

    def _now_ms(self, now: float) -> int:
        return self._began_ms + round(now * 1000)

    def _admit(self, door: Door, session: str, frame: EditFrame, weight: int, now: float) -> None:
        door.settle()
        code = door.judge(frame.edits, self._now_ms(now))
        # PROTOCOL-23: a refusal goes through the log as well, so that it uses up its n in order.
        door.depart(session, frame.n, frame.edits if code is None else (), weight)
        self._take(session, frame, weight, code, self.author)

    def _repeat(self, door: Door, session: str, frame: EditFrame, weight: int) -> None:
        """PROTOCOL-20: settled before. The log answers as it did.

        Should it have lost that answer, it takes the group as new: so nothing malformed may be in it, but k
        and state of the board are not asked, because they have moved on by this very group.
        """
        code = "view-only" if not self.may_edit else next(filter(None, map(malformed, frame.edits)), None)
        door.depart(session, frame.n, (), weight)
        self._take(session, frame, weight, code, self.author)

    def _take(self, session: str, frame: EditFrame, weight: int, code: str | None, author: str) -> None:
        self._weight += weight
        # A list comprehension, and not a generator: half a microsecond for the usual single edit.
        entries = () if code is not None else tuple([self._entry(edit, author) for edit in frame.edits])
        self._out.append(Take(frame.board, author, session, frame.n, entries, code))

    def _entry(self, edit: AnyEdit, author: str) -> tuple[bytes, bytes | None]:
        head, body = head_of(edit, author, self._salt())
        data = encode_head(head)
        content = edit.inserted if type(edit) is TextEdit else edit.points if type(edit) is InkEdit else None
        self._keep(data, head, body, content)
        return data, body

    def answered(self, board: str, answers: Iterable[Answered]) -> None:
        """What the log made of groups of one board, in its order. One ``ack`` a session (PROTOCOL-22)."""
        door = self.doors.get(board)
        if door is None or self.state != "in":
            return
        acks: list[tuple[int, int]] = []
        adopted: dict[str, list[tuple[int, int]]] = {}
        for session, n, seq, code, mark in answers:
            flight = door.arrive(session, n, seq, code, mark)
            if flight is not None:
                self._weight -= flight.weight
            if code is not None:
                self._refuse(code, board, n, session)
            elif session == self.id:
                acks.append((n, seq))
            else:
                adopted.setdefault(session, []).append((n, seq))
        if acks:
            self._send(Ack(board, acks))
        for session, settled in adopted.items():
            self._send(Ack(board, settled, session))

    def store_writes(self, does: bool) -> None:
        """The store can't write for a while (False), or can again. Told once a board (PROTOCOL-23)."""
        if self.takes_edits and not does and self.state == "in":
            for board in self.doors:
                self._refuse("read-only", board)
        self.takes_edits = does

    # --- ending ---------------------------------------------------------------------------------

    def moving(self, within_ms: int) -> None:
        """Say that this worker is about to stop (PROTOCOL-40). The conversation goes on until the socket
        closes.
        """
        if self.state != "ended":
            self._send(Moving(within_ms))

    def rewound(self) -> None:
        """The log went back behind what this participant was sent: they compare when they connect again."""
        self._end("behind", GOING_AWAY)

    def _end(self, code: str, close: int) -> None:
        if self.state != "ended":
            self._send(Bye(code, words_of(code)))  # PROTOCOL-41
            self._out.append(End(close))
            self.state = "ended"

    def _refuse(self, code: str, board: str | None = None, n: int = 0, session: str | None = None) -> None:
        self._note(code)
        adopted = None if session == self.id else session
        self._send(Refuse(code, words_of(code), board, n, adopted))

    def _send(self, frame: object) -> None:
        self._out.append(Send(encode(frame)))
