"""The kinds of thing that lie on a board, and which properties each has (FOLD-10).

A property is an integer within bounds, one of a few names, an id, an order key, or words (which stand in
bodies). Adding a kind of element means: a row here and in ``client/src/core/elements.ts``, a rule, a
vector, a picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from tablecloth.core import limits
from tablecloth.core.edits import Value

NOTE_COLOURS = ("lemon", "peach", "rose", "lilac", "sky", "mint", "oat", "white")
PEN_COLOURS = ("ink", "teal", "rust", "plum", "blue", "green", "brick")
FILLS = ("none", *NOTE_COLOURS)
FONTS = ("fit", "small", "medium", "large")
DIRECTIONS = ("auto", "ltr", "rtl")
LINES = ("solid", "dashed", "dotted")
FORMS = ("rectangle", "ellipse", "diamond", "triangle")
TIPS = ("pen", "highlighter")
MEANINGS = ("link", "leads", "supports", "against", "part", "same")
HEADS = ("end", "none", "both")
ROUTES = ("curve", "straight", "elbow")
WHOSE = ("ours", "ask", "mine")
DEFAULT_ORDER = "a0"

_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")
_ORDER = re.compile(r"[A-Za-z0-9]{1,64}")
_ASSET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class IntProp:
    """An integer from ``low`` to ``high``, both included."""

    default: int
    low: int
    high: int

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.low <= value <= self.high


@dataclass(frozen=True)
class ChoiceProp:
    """One of ``names``; the first is the default."""

    names: tuple[str, ...]

    @property
    def default(self) -> str:
        return self.names[0]

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value in self.names


@dataclass(frozen=True)
class IdProp:
    """The id of another element, or the empty string for none. The element need not exist."""

    default: str = ""

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and (value == "" or _ID.fullmatch(value) is not None)


@dataclass(frozen=True)
class OrderProp:
    """A fractional order key: where in the pile the element lies."""

    default: str = DEFAULT_ORDER

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and _ORDER.fullmatch(value) is not None


@dataclass(frozen=True)
class AssetProp:
    """SHA-256 of a stored picture's bytes, in hex, or the empty string for none yet."""

    default: str = ""

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and (value == "" or _ASSET.fullmatch(value) is not None)


Prop: TypeAlias = IntProp | ChoiceProp | IdProp | OrderProp | AssetProp


@dataclass(frozen=True)
class ElementType:
    """One row of the table: properties (in heads), words (in bodies), fields written letter by letter."""

    name: str
    props: dict[str, Prop]
    words: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    has_ink: bool = field(default=False)


def _coordinate(default: int = 0) -> IntProp:
    return IntProp(default, -limits.MAX_COORDINATE, limits.MAX_COORDINATE)


def _size(default: int) -> IntProp:
    return IntProp(default, 1, limits.MAX_SIZE)


def _place() -> dict[str, Prop]:
    """What everything has: where it begins, its place in the pile, and what it is moved with."""
    return {"x": _coordinate(), "y": _coordinate(), "order": OrderProp(), "group": IdProp(), **_words()}


def _words() -> dict[str, Prop]:
    """Whose the words are (FOLD-80), and what they were copied from (FOLD-87)."""
    return {"whose": ChoiceProp(WHOSE), "credit": IdProp(), "copied": IdProp()}


def _box(width: int, height: int) -> dict[str, Prop]:
    return {**_place(), "w": _size(width), "h": _size(height)}


def _lettering() -> dict[str, Prop]:
    """How words are set, for the element as a whole: style never belongs to ranges (DESIGN §3)."""
    return {"font": ChoiceProp(FONTS), "bold": IntProp(0, 0, 1), "dir": ChoiceProp(DIRECTIONS)}


def _outline() -> dict[str, Prop]:
    return {"colour": ChoiceProp(PEN_COLOURS), "width": IntProp(3, 1, 64), "line": ChoiceProp(LINES)}


TYPES: dict[str, ElementType] = {
    kind.name: kind
    for kind in (
        ElementType(
            "note",
            {**_box(200, 160), **_lettering(), "colour": ChoiceProp(NOTE_COLOURS), "re": IdProp()},
            words=("said",),
            fields=("text",),
        ),
        ElementType(
            "zone",
            {**_box(800, 600), "colour": ChoiceProp(("white", *NOTE_COLOURS[:-1]))},
            fields=("text",),
        ),
        ElementType(
            "ink",
            {
                **_place(),
                "colour": ChoiceProp(PEN_COLOURS),
                "width": IntProp(4, 1, 64),
                "tip": ChoiceProp(TIPS),
                "scale": IntProp(100, 5, 2000),
            },
            words=("alt", "said"),
            has_ink=True,
        ),
        ElementType(
            "connector",
            {
                **_place(),
                **_outline(),
                "from": IdProp(),
                "to": IdProp(),
                "x2": _coordinate(),
                "y2": _coordinate(),
                "meaning": ChoiceProp(MEANINGS),
                "head": ChoiceProp(HEADS),
                "route": ChoiceProp(ROUTES),
            },
            fields=("text",),
        ),
        ElementType(
            "shape",
            {
                **_box(200, 120),
                **_lettering(),
                **_outline(),
                "form": ChoiceProp(FORMS),
                "fill": ChoiceProp(FILLS),
            },
            words=("said",),
            fields=("text",),
        ),
        ElementType("image", {**_box(400, 300), "asset": AssetProp()}, words=("alt", "said")),
    )
}


FIXED = ("order", "credit", "copied")
"""What no ``set`` changes: the order has an edit of its own, and where words came from is said at birth."""


def values_fit(type_name: str, values: dict[str, Value]) -> bool:
    """Whether every property exists on that type and takes its value (FOLD-10)."""
    kind = TYPES.get(type_name)
    if kind is None:
        return False
    for name, value in values.items():
        prop = kind.props.get(name)
        if prop is None or not prop.accepts(value):
            return False
    return True
