"""What edits and heads are made of: the types of their parts, with their bounds, and what every one begins
with.

The kinds themselves stand in ``edits`` (what is said on a board) and ``room_kinds`` (what the room decides).
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from tablecloth.core import limits

Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,32}$(?!\n)", description="ASCII id")]
"""An element, hand, author, space or board. ASCII, so that both languages sort it alike."""

Seq: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Counter: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Coordinate: TypeAlias = Annotated[int, msgspec.Meta(ge=-limits.MAX_COORDINATE, le=limits.MAX_COORDINATE)]
ShortText: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.MAX_SHORT_TEXT)]
OrderKey: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=rf"^[A-Za-z0-9]{{1,{limits.MAX_ORDER_KEY}}}$(?!\n)")
]
Minutes: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=limits.MAX_LOCK_MINUTES)]
PlainName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]{0,15}$(?!\n)")]
"""A type, property or field. Plain, so that ``__proto__`` and ``10`` never become keys in JavaScript."""
Value: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)] | str
Splice: TypeAlias = tuple[
    Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_TEXT)],
    Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_TEXT)],
    Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_TEXT)],
]
"""``(position, deleted, inserted)`` lengths in code points; the inserted words stand in the body."""
Splices: TypeAlias = Annotated[list[Splice], msgspec.Meta(min_length=1, max_length=limits.MAX_SPLICES)]
Values: TypeAlias = Annotated[dict[PlainName, Value], msgspec.Meta(max_length=limits.MAX_VALUES)]
"""Properties that stay when the words are withdrawn: geometry, colour, ends of a connector."""
WithdrawnRange: TypeAlias = tuple[
    Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_TEXT)],
    Annotated[int, msgspec.Meta(ge=1, le=limits.MAX_TEXT)],
]
"""``(position, length)`` in code points, over a field as of the entry's base."""
FieldRanges: TypeAlias = tuple[
    PlainName, Annotated[list[WithdrawnRange], msgspec.Meta(min_length=1, max_length=limits.MAX_RANGES)]
]
WordValues: TypeAlias = Annotated[dict[PlainName, ShortText], msgspec.Meta(max_length=limits.MAX_WORDS)]
"""Properties whose values are words, and so stand in the body."""
Hash: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Salt: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]


class Edit(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag_field="kind"):
    """What every edit begins with; ``base`` is the last seq that its author had folded."""

    element: Id
    hand: Id
    k: Counter
    base: Seq


class Head(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag_field="kind"):
    """What every other head begins with."""

    author: Id
    element: Id
    hand: Id
    k: Counter
    base: Seq
