"""What can be said on a board, and the two byte strings that an entry keeps of it.

An *edit* is what a participant sends. An admitted edit becomes an *entry*: a **head** (who, where, and
everything that a rule decides by) and a **body** (a salt, and only what a person may withdraw: words, ink,
reasons). Both are encoded once, by the server, and stored, sent and hashed as those bytes (FOLD-1).

Edits and heads are MessagePack arrays whose first item is the kind: half the bytes of maps, and there are
many of them.

    edit   [kind, element, hand, k, base, ...of the kind, content?]
    head   [kind, author, element, hand, k, base, ...of the kind, body hash?]
    body   [salt, content]

Rejected: maps with key names (190 instead of 120 bytes for a keystroke, times every receiver); one format
for edit and head (the author must not be the sender's to choose, and the content must not be in the head).
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, TypeGuard

import msgspec

from tablecloth.core import limits
from tablecloth.core.parts import (
    Coordinate,
    Counter,
    Edit,
    FieldRanges,
    Hash,
    Head,
    Id,
    Minutes,
    OrderKey,
    PlainName,
    Salt,
    Seq,
    ShortText,
    Splice,
    Splices,
    Value,
    Values,
    WordValues,
)
from tablecloth.core.room_kinds import ProposalEdit, ProposalHead, WorkersHead, elements_of

__all__ = [
    "AddEdit",
    "AddHead",
    "AnyEdit",
    "AnyHead",
    "BoardEdit",
    "BoardHead",
    "Body",
    "BringBackEdit",
    "BringBackHead",
    "Content",
    "Coordinate",
    "Counter",
    "Edit",
    "Entry",
    "FoundHead",
    "Hash",
    "Head",
    "Id",
    "InkEdit",
    "InkHead",
    "LockEdit",
    "LockHead",
    "Minutes",
    "OrderEdit",
    "OrderHead",
    "OrderKey",
    "PlainName",
    "Salt",
    "Seq",
    "SetAsideEdit",
    "SetAsideHead",
    "SetEdit",
    "SetHead",
    "ShortText",
    "Splice",
    "Splices",
    "TextEdit",
    "TextHead",
    "UnlockEdit",
    "UnlockHead",
    "Value",
    "Values",
    "WordValues",
    "is_made_by_hand",
    "touched_by",
]


class AddEdit(Edit, tag="add", frozen=True):
    """Put a new, empty element on the board. Words and ink follow as edits of their own in the same group."""

    type: PlainName
    values: Values


class SetEdit(Edit, tag="set", frozen=True):
    """Change properties, each by last-writer-wins (FOLD-20)."""

    values: Values
    words: WordValues = msgspec.field(default_factory=dict)


class TextEdit(Edit, tag="text", frozen=True):
    """Change words: splices over the field as its author saw it; ``inserted`` is their insertions, joined."""

    field: PlainName
    splices: Splices
    inserted: Annotated[str, msgspec.Meta(max_length=limits.MAX_TEXT)]


class InkEdit(Edit, tag="ink", frozen=True):
    """Lengthen a stroke by ``count`` points, delta-coded (FOLD-40)."""

    count: Annotated[int, msgspec.Meta(ge=1, le=limits.MAX_INK_POINTS)]
    points: bytes


class SetAsideEdit(Edit, tag="set-aside", frozen=True):
    """Move an element to the margin, with a reason or none."""

    why: ShortText = ""


class BringBackEdit(Edit, tag="bring-back", frozen=True):
    """Take an element back from the margin."""


class OrderEdit(Edit, tag="order", frozen=True):
    """Give an element its place in the pile: a fractional key."""

    key: OrderKey


class LockEdit(Edit, tag="lock", frozen=True):
    """Ask everybody to leave an element as it is for some minutes: a lease, with a reason or none."""

    minutes: Minutes
    why: ShortText = ""


class UnlockEdit(Edit, tag="unlock", frozen=True):
    """End a lock before its time. Anybody may."""


class VaryEdit(Edit, tag="vary", frozen=True):
    """Propose other words beside somebody's (FOLD-82): one splice over the field as its author saw it."""

    field: PlainName
    splice: Splice
    inserted: Annotated[str, msgspec.Meta(max_length=limits.MAX_TEXT)]


class UnvaryEdit(Edit, tag="unvary", frozen=True):
    """Take one's own variant back, or leave the one that somebody made of one's words (FOLD-84)."""

    field: PlainName
    of: Id
    variant: Counter


class AcceptEdit(Edit, tag="accept", frozen=True):
    """Take somebody's variant for one's own words (FOLD-85): whose it is, and the seq that it has now."""

    field: PlainName
    of: Id
    variant: Counter


BoardEdit: TypeAlias = (
    AddEdit
    | SetEdit
    | TextEdit
    | InkEdit
    | SetAsideEdit
    | BringBackEdit
    | OrderEdit
    | LockEdit
    | UnlockEdit
    | VaryEdit
    | UnvaryEdit
    | AcceptEdit
)
AnyEdit: TypeAlias = BoardEdit | ProposalEdit


class FoundHead(
    msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="found"
):
    """The first entry of every log: which board of which space, and the space's public key (Ed25519)."""

    space: Id
    board: Id
    key: Hash
    version: Counter
    body: Hash


class AddHead(Head, tag="add", frozen=True):
    type: PlainName
    values: Values


class SetHead(Head, tag="set", frozen=True):
    values: Values
    words: Annotated[list[PlainName], msgspec.Meta(max_length=limits.MAX_WORDS)]
    """Names of the word properties; their values stand in the body, in this order."""
    body: Hash | None


class TextHead(Head, tag="text", frozen=True):
    field: PlainName
    splices: Splices
    body: Hash


class InkHead(Head, tag="ink", frozen=True):
    count: Annotated[int, msgspec.Meta(ge=1, le=limits.MAX_INK_POINTS)]
    body: Hash


class SetAsideHead(Head, tag="set-aside", frozen=True):
    body: Hash | None


class BringBackHead(Head, tag="bring-back", frozen=True):
    pass


class OrderHead(Head, tag="order", frozen=True):
    key: OrderKey


class LockHead(Head, tag="lock", frozen=True):
    minutes: Minutes
    body: Hash | None


class UnlockHead(Head, tag="unlock", frozen=True):
    pass


class VaryHead(Head, tag="vary", frozen=True):
    field: PlainName
    splice: Splice
    body: Hash


class UnvaryHead(Head, tag="unvary", frozen=True):
    field: PlainName
    of: Id
    """Whose variant."""
    variant: Counter
    """The seq of the entry that made it."""


class AcceptHead(Head, tag="accept", frozen=True):
    field: PlainName
    of: Id
    variant: Counter


class WithdrawHead(Head, tag="withdraw", frozen=True):
    """All that ``author`` wrote on an element goes for good (FOLD-90). No edit makes one: workers do."""

    ranges: Annotated[list[FieldRanges], msgspec.Meta(max_length=limits.MAX_WORDS)]


BoardHead: TypeAlias = (
    AddHead
    | SetHead
    | TextHead
    | InkHead
    | SetAsideHead
    | BringBackHead
    | OrderHead
    | LockHead
    | UnlockHead
    | VaryHead
    | UnvaryHead
    | AcceptHead
    | WithdrawHead
)
AnyHead: TypeAlias = FoundHead | BoardHead | ProposalHead | WorkersHead


def is_made_by_hand(head: AnyHead | None) -> TypeGuard[BoardHead | ProposalHead]:
    """Whether somebody said this with a hand: all but founding entries and what workers write."""
    return isinstance(head, Head)


def touched_by(head: AnyHead | None) -> list[str]:
    """The elements (or the proposal) that an entry names."""
    return [head.element] if is_made_by_hand(head) else elements_of(head)


Content: TypeAlias = str | bytes | list[str]
"""What a body holds beside its salt: inserted words, ink points, a reason, a title, or the values of a set.
"""


_CONTENT = {
    "anyOf": [
        {"type": "string"},
        {"type": "string", "contentEncoding": "base64"},
        {"type": "array", "items": {"type": "string"}},
    ]
}


class Body(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """What can be withdrawn. The salt (16 random bytes) keeps a short word from being guessed."""

    salt: Salt
    content: Annotated[Any, msgspec.Meta(extra_json_schema=_CONTENT)]
    """``Content``: msgspec has no union of str and bytes, so ``fold.read_content`` checks it."""


class Entry(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """One line of the log, as stored and sent: ``seq`` from 1, ``at`` in ms, ``body`` None if withheld."""

    seq: Counter
    at: Seq
    head: bytes
    body: bytes | None
