"""What a room proposes and has decided, as a part of the fold's state: plain data.

On the space's log: proposals, and the agreement. On every board: the rulings that reached it. One record
serves both, so that a board is one kind of thing; a board without any of it costs nothing in a snapshot
(FOLD-70).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tablecloth.core.agreement import NUMBERS
from tablecloth.core.stamp import Stamp

OPEN, PASSED, FELL, TAKEN_BACK = "open", "passed", "fell", "taken-back"


@dataclass(slots=True)
class Proposal:
    """One proposal. ``phase`` 1: it passes unless somebody objects; 2: somebody did, and the roll votes."""

    id: str
    act: str
    board: str
    about: str
    elements: list[str]
    values: dict[str, int]
    words: dict[str, str | None]
    """New words by name: a title, or sections of the agreement; None where they were withheld."""
    why: str | None
    born: Stamp
    deadline: int
    """When its phase ends, in ms of the log's time."""
    state: str = OPEN
    phase: int = 1
    held: int | None = None
    """Since when its time stands still, or None (FOLD-110)."""
    roll: list[str] | None = None
    """Who was connected when the phase began, sorted; None until a worker has logged it."""
    votes: dict[str, int] = field(default_factory=dict)
    objection: tuple[Stamp, str | None] | None = None
    decided: tuple[int, int] | None = None
    """The seq that brought the decision, and its time: a deadline's own, or that entry's."""
    carried: int = 0
    """The seq with which its rulings were appended; 0 before."""
    hands: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


@dataclass(slots=True, frozen=True)
class Ruling:
    """A decision that reached this board: what, by which entry, and who had proposed it."""

    act: str
    stamp: Stamp


@dataclass(slots=True)
class Decisions:
    """All of it. ``proposals``, ``sections``: the space's log only; ``rulings``, ``closed``: boards only."""

    proposals: dict[str, Proposal] = field(default_factory=dict)
    sections: dict[str, str | None] = field(default_factory=dict)
    """Sections of the agreement that were ever changed; None where the words were withheld."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers of the agreement that were ever changed."""
    rulings: dict[str, Ruling] = field(default_factory=dict)
    """By proposal."""
    closed: Stamp | None = None
    paused: dict[str, int] = field(default_factory=dict)
    """Until when (ms), by pseudonym."""
    removed: dict[str, str] = field(default_factory=dict)
    """Pictures that the room took away: the proposal, by asset."""

    def number(self, name: str) -> int:
        """A number of the agreement as it is in force."""
        return self.numbers.get(name, NUMBERS[name].default)

    def is_paused(self, author: str, at: int) -> bool:
        """Whether somebody's edits are paused at ``at`` (ms; FOLD-122)."""
        return self.paused.get(author, 0) > at

    def held(self, author: str, at: int) -> str | None:
        """What the room decided that keeps this person's edit from a board: ``closed``, ``paused`` or
        None.
        """
        if self.closed is not None:
            return "closed"
        return "paused" if self.paused and self.is_paused(author, at) else None

    def pause(self, author: str, until: int, at: int) -> None:
        """Pause somebody. What is over goes, so that the record stays small."""
        self.paused = {who: end for who, end in self.paused.items() if end > at and who != author}
        if until > at:
            self.paused[author] = until

    def is_empty(self) -> bool:
        """Whether there is nothing that a snapshot would have to keep."""
        return self == _NOTHING


_NOTHING = Decisions()
