"""What a board is after its entries: plain data, changed only by ``fold.apply_entry``.

What an entry makes anew (stamps, pieces of ink) is msgspec structs: a frozen dataclass takes eight times as
long to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from tablecloth.core.chain import chain_start
from tablecloth.core.decisions import Decisions
from tablecloth.core.edits import Value
from tablecloth.core.elements import TYPES
from tablecloth.core.stamp import Stamp
from tablecloth.core.text import Op, TextField

__all__ = ["Aside", "Board", "Element", "InkPiece", "Lock", "Stamp", "new_board"]


@dataclass(slots=True, frozen=True)
class Aside:
    """An element's place in the margin: when, by whom, and why (None: the reason was withdrawn)."""

    stamp: Stamp
    why: str | None


@dataclass(slots=True, frozen=True)
class Lock:
    """A lease on an element: by whom and since when, until when (ms), and why (None: withdrawn)."""

    stamp: Stamp
    until: int
    why: str | None


class Variant(msgspec.Struct, frozen=True, gc=False):
    """Other words that somebody proposes for a field: an op over the field as it is now (FOLD-83).

    ``words``: what the op inserts, None where they were withheld.
    """

    field: str
    stamp: Stamp
    op: Op
    words: str | None


class Credit(msgspec.Struct, frozen=True, gc=False):
    """Words of ``stamp.author`` were accepted into a field, last by the entry of ``stamp`` (FOLD-85)."""

    field: str
    stamp: Stamp


class InkPiece(msgspec.Struct, frozen=True, gc=False):
    """A run of points as one entry brought it; ``points`` is None where they were withheld."""

    count: int
    points: bytes | None


@dataclass(slots=True)
class Element:
    """One thing on a board. Properties that nobody set have their type's default and are not in ``props``."""

    id: str
    type: str
    born: Stamp
    props: dict[str, Value] = field(default_factory=dict)
    words: dict[str, str | None] = field(default_factory=dict)
    """Word properties; None where the words were withheld."""
    stamps: dict[str, Stamp] = field(default_factory=dict)
    """Who last set each property; what isn't in it is as it was at birth."""
    texts: dict[str, TextField] = field(default_factory=dict)
    ink: list[InkPiece] = field(default_factory=list)
    aside: Aside | None = None
    hands: dict[tuple[str, str], int] = field(default_factory=dict)
    """The last k of each (author, hand) that wrote here."""
    lock: Lock | None = None
    """The last lease on it, which may have expired: ask ``is_locked``."""

    variants: tuple[Variant, ...] = ()
    """Sorted by field and author; one each."""
    credits: tuple[Credit, ...] = ()
    """Whose variants became words of this element; sorted like them."""
    withdrawn: tuple[Stamp, ...] = ()
    """Who withdrew what they had written here, and when last; sorted by author (FOLD-90)."""

    def is_locked(self, at: int) -> bool:
        """Whether a lease is in force at ``at`` (ms; FOLD-52)."""
        return self.lock is not None and self.lock.until > at

    def prop(self, name: str) -> Value:
        """A property's value, or its type's default."""
        value = self.props.get(name)
        return TYPES[self.type].props[name].default if value is None else value

    def text(self, name: str = "text") -> str:
        """The words of a field; empty if nobody wrote there."""
        written = self.texts.get(name)
        return written.value if written is not None else ""

    def stamp(self, name: str) -> Stamp:
        """Who last set a property, the element's birth counting as the first time."""
        return self.stamps.get(name, self.born)

    def ink_count(self) -> int:
        """How many points the stroke has, withheld ones included."""
        return sum(piece.count for piece in self.ink)


@dataclass(slots=True)
class Board:
    """The state of the fold after entry ``seq``. ``seq`` 0 is a board that nobody has founded yet."""

    space: str
    board: str
    chain: bytes
    seq: int = 0
    at: int = 0
    key: bytes = b""
    version: int = 1
    title: str | None = ""
    elements: dict[str, Element] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)
    """What the room proposes and decided, here (FOLD-100 on)."""

    def hands(self, ident: str) -> dict[tuple[str, str], int]:
        """The last k of each (author, hand) that wrote on an element or a proposal; empty for neither."""
        thing = self.elements.get(ident) or self.decisions.proposals.get(ident)
        return {} if thing is None else thing.hands

    def pile(self) -> Iterator[Element]:
        """Elements that are not set aside, lowest first: by order key, then by birth (FOLD-50)."""
        here = [element for element in self.elements.values() if element.aside is None]
        return iter(sorted(here, key=lambda e: (e.prop("order"), e.born.seq)))

    def margin(self) -> Iterator[Element]:
        """Elements that are set aside, the latest first."""
        away = [(element.aside.stamp.seq, element) for element in self.elements.values() if element.aside]
        return iter([element for _, element in sorted(away, key=lambda pair: -pair[0])])


def new_board(space: str, board: str) -> Board:
    """A board before its first entry."""
    return Board(space=space, board=board, chain=chain_start(space, board))
