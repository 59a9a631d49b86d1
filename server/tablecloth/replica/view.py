"""What a program reads of a board: pending edits folded over what is confirmed (DESIGN §3), element by
element.

An element without pending edits is read where it lies. For one with pending edits a copy is folded on,
through the same fold as the log's entries, and kept until either side changes. Nothing here may be written
to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from tablecloth.core.board import Board, Element, Lock
from tablecloth.core.edits import AcceptEdit, AnyEdit, TextEdit, UnvaryEdit, Value, VaryEdit
from tablecloth.core.elements import TYPES
from tablecloth.core.entry import head_of
from tablecloth.core.fold import apply_head, read_content
from tablecloth.core.ink import Point, decode_points
from tablecloth.core.text import Bridge, TextField
from tablecloth.core.whose import variant_words
from tablecloth.replica.board import Replica

_NO_SALT = bytes(16)


@dataclass(slots=True, frozen=True, eq=False)
class Seen:
    """One element as it reads now. Properties that its kind doesn't have raise AttributeError."""

    element: Element

    def prop(self, name: str) -> Value:
        """A property's value or its kind's default; ``from`` can only be read this way."""
        if name not in TYPES[self.element.type].props:
            raise AttributeError(f"a {self.element.type} has no {name}")
        return self.element.prop(name)

    def _number(self, name: str) -> int:
        value = self.prop(name)
        assert isinstance(value, int)
        return value

    @property
    def id(self) -> str:
        return self.element.id

    @property
    def kind(self) -> str:
        """``note``, ``zone``, ``ink``, ``connector``, ``shape`` or ``image``."""
        return self.element.type

    @property
    def x(self) -> int:
        return self._number("x")

    @property
    def y(self) -> int:
        return self._number("y")

    @property
    def w(self) -> int:
        return self._number("w")

    @property
    def h(self) -> int:
        return self._number("h")

    @property
    def x2(self) -> int:
        return self._number("x2")

    @property
    def y2(self) -> int:
        return self._number("y2")

    @property
    def width(self) -> int:
        return self._number("width")

    @property
    def colour(self) -> str:
        return str(self.prop("colour"))

    @property
    def order(self) -> str:
        return str(self.prop("order"))

    @property
    def group(self) -> str:
        """What it is moved and chosen with: all that has the same; empty for nothing."""
        return str(self.prop("group"))

    @property
    def re(self) -> str:
        """Of a note: the element that it replies to; empty for none."""
        return str(self.prop("re"))

    @property
    def asset(self) -> str:
        """Of an image: the name of its bytes (``Space.image``); empty for none yet."""
        return str(self.prop("asset"))

    @property
    def lock(self) -> Lock | None:
        """The last lock on it: who, until when (ms of the log's clock) and why. It may have ended."""
        return self.element.lock

    @property
    def ends(self) -> tuple[str, str]:
        """Of a connector: the elements that it joins, empty where it ends in the open."""
        return str(self.prop("from")), str(self.prop("to"))

    @property
    def text(self) -> str:
        """The words in it; U+FFFC stands for each code point that was withheld."""
        return self.element.text()

    @property
    def alt(self) -> str | None:
        """Of ink and images: what it shows, in words; None if withheld."""
        return self.element.words.get("alt", "")

    @property
    def points(self) -> list[Point]:
        """Of ink: ``(x, y, pressure)`` relative to ``x, y``; withheld pieces are missing."""
        pieces = (decode_points(piece.points) for piece in self.element.ink if piece.points is not None)
        return [point for piece in pieces if piece for point in piece]

    @property
    def author(self) -> str:
        """The pseudonym of who added it."""
        return self.element.born.author

    @property
    def variants(self) -> dict[tuple[str, str], str]:
        """Words that others propose, whole, by (author, field); U+FFFC stands for what was withheld."""
        return {
            (one.stamp.author, one.field): variant_words(self.element, one) for one in self.element.variants
        }

    @property
    def is_aside(self) -> bool:
        return self.element.aside is not None

    @property
    def why(self) -> str | None:
        """Why it was set aside: empty if no reason was given, None if the reason is withheld or it isn't
        aside.
        """
        return None if self.element.aside is None else self.element.aside.why


@dataclass(slots=True)
class _Kept:
    """An element with its first ``count`` pending edits folded on, good as long as ``version`` is."""

    version: int
    element: Element | None
    count: int = 0


class Elements(Mapping[str, Seen]):
    """Every element of a board by id, those in the margin included, in the order of their birth; pending
    ones last.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._kept: dict[str, _Kept] = {}

    def __getitem__(self, ident: str) -> Seen:
        element = self._view(ident)
        if element is None:
            raise KeyError(ident)
        return Seen(element)

    def __iter__(self) -> Iterator[str]:
        folded = self._replica.confirmed.elements
        yield from list(folded)
        unborn = dict.fromkeys(edit.element for group in self._replica.outbox for edit in group.edits())
        yield from (ident for ident in unborn if ident not in folded and self._view(ident) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _view(self, ident: str) -> Element | None:
        folded = self._replica.confirmed.elements.get(ident)
        pending = self._replica.pending(ident)
        if not pending:
            self._kept.pop(ident, None)
            return folded
        version = self._replica.version(ident)
        kept = self._kept.get(ident)
        if kept is None or kept.version != version or kept.count > len(pending):
            kept = self._kept[ident] = _Kept(version, None if folded is None else _copy(folded))
        kept.element = self._fold_on(ident, kept, pending)
        kept.count = len(pending)
        return kept.element

    def _fold_on(self, ident: str, kept: _Kept, pending: list[AnyEdit]) -> Element | None:
        """Fold the pending edits that ``kept`` doesn't hold yet, as if each were the log's next entry."""
        confirmed = self._replica.confirmed
        one = Board(confirmed.space, confirmed.board, b"", confirmed.seq, confirmed.at)
        one.decisions = confirmed.decisions
        if kept.element is not None:
            one.elements[ident] = kept.element
        for ahead, edit in enumerate(pending[kept.count :], start=confirmed.seq + kept.count + 1):
            if isinstance(edit, VaryEdit | UnvaryEdit | AcceptEdit):
                continue  # shown once the log has it: its place is over the words as they are folded
            if isinstance(edit, TextEdit):
                # It was carried over all before it, so it is made over all before it; many don't outgrow
                # the window.
                edit = msgspec.structs.replace(edit, base=ahead - 1)
            head, body = head_of(edit, self._replica.author, _NO_SALT)
            apply_head(one, ahead, one.at, head, read_content(body))
        return one.elements.get(ident)


def _copy(element: Element) -> Element:
    """An element that can be folded on without touching the one it was made from."""
    return replace(
        element,
        props=dict(element.props),
        words=dict(element.words),
        stamps=dict(element.stamps),
        texts={name: _copy_field(field) for name, field in element.texts.items()},
        ink=list(element.ink),
        hands=dict(element.hands),
    )


def _copy_field(field: TextField) -> TextField:
    bridges = {hand: Bridge(old.base, old.seq, old.waiting) for hand, old in field.bridges.items()}
    return TextField(field.value, list(field.window), bridges, field.floor)
