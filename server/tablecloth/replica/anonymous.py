"""What one device writes without a name on one board: keys, groups that wait, and when each goes out
(PROTOCOL-80 to -82, DESIGN §4.7). No I/O; time and chance are the caller's. The browser's twin is
``client/src/sync/anonymous.ts``.

Each group is sent under a session of its own, by a hand of its own, at a random moment, in a message of its
own, and is not part of ``Outbox``: its order among others would tell. Nothing of it shows before it is in
the log.

Invariants: a group that was sent keeps its session, hand and k's until it is answered, so a repeat is
harmless; whatever a lost connection left unanswered waits anew, because what goes out the moment a device
comes back tells whose it is; between two groups of one device lies a random pause.

Rejected: a pseudonym for each note that the server hands out (the server would be asked just before); waiting
for a common beat of all devices (in a small room one note a beat is one person's).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import msgspec

from tablecloth.core.anonymous import PREFIX, author_of_key
from tablecloth.core.board import Board, Element
from tablecloth.core.edits import AddEdit, AnyEdit, InkEdit, SetEdit, TextEdit
from tablecloth.core.fold import Outcome
from tablecloth.replica.events import Folded
from tablecloth.replica.outbox import N_KEPT
from tablecloth.wire import limits
from tablecloth.wire.frames import Ack, EditFrame, Refuse

Between: TypeAlias = Callable[[float, float], float]
"""A random number between two: ``random.SystemRandom().uniform``."""
FIRST_BASE = 1


@dataclass(slots=True, frozen=True)
class Waits:
    """How long groups wait, in seconds (``limits.json``). Shorter ones are for tests."""

    least: float = limits.ANONYMOUS_LEAST_S
    most: float = limits.ANONYMOUS_MOST_S
    away: float = limits.ANONYMOUS_AWAY_S
    """At most, for what waited while there was no connection."""
    apart: float = limits.ANONYMOUS_APART_S


class State(Enum):
    WAITING = "waiting"
    SENT = "sent"


@dataclass(slots=True, eq=False)
class Slip:
    """One group about one anonymous element."""

    element: str
    key: str
    edits: list[AnyEdit]
    session: str
    due: float
    state: State = State.WAITING
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class SlipSettled:
    """A slip's entries are folded, or (``code``) it was not taken and will not be."""

    slip: Slip
    code: str | None = None
    words: str = ""


def base_of(board: Board, edit: AnyEdit) -> int:
    """What an edit of an anonymous element says as its base: the last seq that matters to it, which is the
    same on every device (PROTOCOL-82).
    """
    element = board.elements.get(edit.element)
    if element is None:
        return FIRST_BASE
    words = element.texts.get(edit.field) if isinstance(edit, TextEdit) else None
    last = 0 if words is None else words.window[-1].seq if words.window else words.floor
    return max(element.born.seq, last)


@dataclass(slots=True)
class Anonymous:
    """The anonymous elements of this device on one board. ``new_key``: at least 128 random bits."""

    space: str
    new_id: Callable[[], str]
    new_key: Callable[[], str]
    between: Between
    waits: Waits = field(default_factory=Waits)
    keys: dict[str, str] = field(default_factory=dict)
    """The key of each element that was made here, by element. Whoever holds one can write as its author."""
    slips: list[Slip] = field(default_factory=list)
    _is_here: bool = False
    _apart_until: float = 0.0

    def begin(self) -> str:
        """A new key; answers the id of the one element that it is good for (FOLD-141)."""
        key = self.new_key()
        element = author_of_key(self.space, key).removeprefix(PREFIX)
        self.keys[element] = key
        return element

    def write(self, board: Board, edits: list[AnyEdit], now: float) -> Slip:
        """A group about one element whose key is here; hand, k and base are filled in. KeyError if it
        isn't.
        """
        element = edits[0].element
        adds = isinstance(edits[0], AddEdit)
        hand = self.new_id()
        said = [
            msgspec.structs.replace(
                edit, hand=hand, k=k, base=FIRST_BASE if adds else base_of(board, edit), element=element
            )
            for k, edit in enumerate(edits, 1)
        ]
        slip = Slip(element, self.keys[element], said, self.new_key(), self._due(now))
        self.slips.append(slip)
        return slip

    def _due(self, now: float) -> float:
        waits = self.waits
        return now + self.between(waits.least, waits.most if self._is_here else waits.away)

    # --- the connection -----------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """The board is open and folded up to its tip. A repeat is harmless."""
        if self._is_here:
            return
        for slip in self.slips:
            slip.due = self._due(now)
        self._is_here = True

    def lost(self) -> None:
        """The connection is gone. A repeat is harmless."""
        self._is_here = False
        for slip in self.slips:
            slip.state = State.WAITING

    def next_due(self) -> float | None:
        """When ``outgoing`` is to be asked again; None while nothing waits for its time."""
        waiting = [slip.due for slip in self.slips if slip.state is State.WAITING]
        return max(min(waiting), self._apart_until) if waiting and self._is_here else None

    def outgoing(self, board: str, now: float) -> EditFrame | None:
        """The group to send now, if the time of one has come: never two at once."""
        due = self.next_due()
        if due is None or due > now:
            return None
        slip = min((one for one in self.slips if one.state is State.WAITING), key=lambda one: one.due)
        slip.state = State.SENT
        self._apart_until = now + self.between(0, self.waits.apart)
        return EditFrame(board, 1, slip.edits, slip.session, slip.key)

    # --- answers ------------------------------------------------------------------------------------------

    def of(self, session: str | None) -> Slip | None:
        """The slip that is sent under a session."""
        return next((slip for slip in self.slips if slip.session == session), None)

    def take(self, frame: Ack | Refuse, now: float) -> list[SlipSettled] | None:
        """An answer for a slip; None if it is for none. An ack says nothing: its entries are waited for."""
        slip = self.of(frame.session)
        if slip is None:
            return None
        if isinstance(frame, Ack):
            return []
        if frame.code in N_KEPT:
            slip.state, slip.due = State.WAITING, self._due(now)
            return []
        self.slips.remove(slip)
        return [SlipSettled(slip, frame.code, frame.words)]

    def fold(self, event: Folded) -> list[SlipSettled]:
        """An entry was folded: a slip is settled by its last."""
        head = event.head
        hand = getattr(head, "hand", None)
        slip = next((one for one in self.slips if one.edits[0].hand == hand), None) if hand else None
        if slip is None:
            return []
        slip.outcomes.append(event.outcome)
        if len(slip.outcomes) < len(slip.edits):
            return []
        self.slips.remove(slip)
        return [SlipSettled(slip)]

    def begun_anew(self, board: Board) -> list[SlipSettled]:
        """The fold went on from a snapshot: what that holds will not be seen as an entry."""
        held = [slip for slip in self.slips if self._is_held(board, slip)]
        self.slips = [slip for slip in self.slips if slip not in held]
        return [SlipSettled(slip) for slip in held]

    def _is_held(self, board: Board, slip: Slip) -> bool:
        element = board.elements.get(slip.element)
        hand = (author_of_key(self.space, slip.key), slip.edits[0].hand)
        return element is not None and element.hands.get(hand, 0) > 0

    def rewound(self, before: Board, after: Board, now: float) -> None:
        """The log lost what came last (PROTOCOL-10): elements of this device's keys are put down anew, as
        they were.
        """
        on_their_way = {slip.element for slip in self.slips}
        for ident in self.keys:
            element = before.elements.get(ident)
            if element is not None and ident not in after.elements and ident not in on_their_way:
                self.write(after, _as_it_was(element), now)


def _as_it_was(element: Element) -> list[AnyEdit]:
    place = (element.id, "", 1, FIRST_BASE)
    edits: list[AnyEdit] = [AddEdit(*place, element.type, dict(element.props))]
    said = {name: words for name, words in element.words.items() if words}
    if said:
        edits.append(SetEdit(*place, {}, said))
    for name, words in element.texts.items():
        if words.value:
            edits.append(TextEdit(*place, name, [(0, 0, len(words.value))], words.value))
    edits += [InkEdit(*place, piece.count, piece.points) for piece in element.ink if piece.points is not None]
    return edits
