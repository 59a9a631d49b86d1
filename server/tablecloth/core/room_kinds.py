"""What the room decides, as edits and heads: proposals on the space's log, and what of them reaches the
boards.

People propose, object, vote, take back and resume. A proposal is a thing with an id like an element, so
hands, k and base work alike (FOLD-4, FOLD-5). What no edit can make, because only a worker knows it or may
say it, is a head without a hand:

    roll       who was connected with a link for writing when it was asked for (FOLD-104)
    tick       time has passed; the decisions named are carried out by this very append (FOLD-110)
    ruling     on a board: what the room decided (FOLD-120)
    restored   on a board: one element as it was (FOLD-127)
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from tablecloth.core import limits
from tablecloth.core.parts import (
    Edit,
    Hash,
    Head,
    Id,
    PlainName,
    Seq,
    ShortText,
    Splice,
    Values,
)

BoardId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{8,32})?$(?!\n)")]
"""A board's id, the space's, or the empty string for none."""
About: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{0,64}$(?!\n)")]
"""Whom or what it concerns: a pseudonym, a zone, a picture's asset, or the empty string."""
Ids: TypeAlias = Annotated[list[Id], msgspec.Meta(max_length=limits.MAX_LISTED)]
Section: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.MAX_SECTION)]
Sections: TypeAlias = Annotated[dict[PlainName, Section], msgspec.Meta(max_length=limits.MAX_WORDS)]
Names: TypeAlias = Annotated[list[PlainName], msgspec.Meta(max_length=limits.MAX_WORDS)]
Choice: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1)]
Place: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2)]
FewSplices: TypeAlias = Annotated[list[Splice], msgspec.Meta(max_length=limits.MAX_SPLICES)]


class ProposeEdit(Edit, tag="propose", frozen=True):
    """Propose something that touches everybody; which parts an ``act`` takes: FOLD-102."""

    act: PlainName
    board: BoardId = ""
    about: About = ""
    elements: Ids = msgspec.field(default_factory=list)
    values: Values = msgspec.field(default_factory=dict)
    why: ShortText = ""
    words: Sections = msgspec.field(default_factory=dict)


class ObjectEdit(Edit, tag="object", frozen=True):
    """Object to a proposal, with a reason or none: then the room votes."""

    why: ShortText = ""


class VoteEdit(Edit, tag="vote", frozen=True):
    """Vote: 1 for, 0 against. The last one counts."""

    choice: Choice


class TakeBackEdit(Edit, tag="take-back", frozen=True):
    """Take back one's own proposal."""


class ResumeEdit(Edit, tag="resume", frozen=True):
    """Let a proposal's time go on that stood still while no worker was there (FOLD-111)."""


class ProposeHead(Head, tag="propose", frozen=True):
    act: PlainName
    board: BoardId
    about: About
    elements: Ids
    values: Values
    words: Names
    body: Hash
    """Of the reason, and the words in the order of their names."""


class ObjectHead(Head, tag="object", frozen=True):
    body: Hash | None


class VoteHead(Head, tag="vote", frozen=True):
    choice: Choice


class TakeBackHead(Head, tag="take-back", frozen=True):
    pass


class ResumeHead(Head, tag="resume", frozen=True):
    pass


class RoomHead(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, tag_field="kind"):
    """What workers write, which belongs to nobody's hand."""


class RollHead(RoomHead, tag="roll", frozen=True):
    proposal: Id
    people: Annotated[list[Id], msgspec.Meta(max_length=limits.MAX_ROLL)]


class TickHead(RoomHead, tag="tick", frozen=True):
    carried: Annotated[list[Id], msgspec.Meta(max_length=limits.MAX_CARRIED)]
    """Passed proposals whose rulings are appended together with this."""


class RulingHead(RoomHead, tag="ruling", frozen=True):
    proposal: Id
    act: PlainName
    author: Id
    """Who proposed it."""
    about: About
    elements: Ids
    values: Values
    words: Names
    body: Hash | None


class RestoredHead(RoomHead, tag="restored", frozen=True):
    proposal: Id
    author: Id
    element: Id
    base: Seq
    values: Values
    words: Names
    splices: FewSplices
    """Over the element's own field."""
    place: Place
    """0: where it is, 1: to the margin, 2: back from it."""
    body: Hash | None


class KeyHead(RoomHead, tag="key", frozen=True):
    """The record goes on under another key: a server that was not the one before took it up (FOLD-132)."""

    key: Hash


ProposalEdit: TypeAlias = ProposeEdit | ObjectEdit | VoteEdit | TakeBackEdit | ResumeEdit
ProposalHead: TypeAlias = ProposeHead | ObjectHead | VoteHead | TakeBackHead | ResumeHead
WorkersHead: TypeAlias = RollHead | TickHead | RulingHead | RestoredHead | KeyHead
PROPOSAL_EDITS = frozenset((ProposeEdit, ObjectEdit, VoteEdit, TakeBackEdit, ResumeEdit))
ROOM_HEADS = frozenset(
    (
        ProposeHead,
        ObjectHead,
        VoteHead,
        TakeBackHead,
        ResumeHead,
        RollHead,
        TickHead,
        RulingHead,
        RestoredHead,
        KeyHead,
    )
)
"""Asked by ``type(head) in``: a fraction of what ``isinstance`` takes, for every entry of every board."""


def elements_of(head: object) -> list[str]:
    """The elements that something of the room's names: for who keeps what was touched."""
    if isinstance(head, RulingHead):
        return head.elements
    return [head.element] if isinstance(head, RestoredHead) else []
