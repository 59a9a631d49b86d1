"""What the room proposes and decided, as its part of the canonical form (FOLD-70)."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from tablecloth.core.decisions import Decisions, Proposal, Ruling
from tablecloth.core.stamp import Stamp

_NAMES = [field.name for field in dataclasses.fields(Proposal)]
"""In the order of the array."""

_encode = msgspec.msgpack.Encoder().encode


def _stamp_out(stamp: Stamp) -> list[Any]:
    return [stamp.seq, stamp.at, stamp.author]


def _proposal_out(p: Proposal) -> list[Any]:
    return [
        p.id,
        p.act,
        p.board,
        p.about,
        p.elements,
        dict(sorted(p.values.items())),
        dict(sorted(p.words.items())),
        p.why,
        _stamp_out(p.born),
        p.deadline,
        p.state,
        p.phase,
        p.held,
        p.roll,
        dict(sorted(p.votes.items())),
        None if p.objection is None else [*_stamp_out(p.objection[0]), p.objection[1]],
        p.decided,
        p.carried,
        [[author, hand, k] for (author, hand), k in sorted(p.hands.items())],
    ]


def decisions_bytes(known: Decisions) -> bytes:
    """Nil where there is nothing: most boards cost one byte."""
    if known.is_empty():
        return b"\xc0"
    return _encode(
        [
            [_proposal_out(known.proposals[ident]) for ident in sorted(known.proposals)],
            dict(sorted(known.sections.items())),
            dict(sorted(known.numbers.items())),
            [
                [ident, ruling.act, *_stamp_out(ruling.stamp)]
                for ident, ruling in sorted(known.rulings.items())
            ],
            None if known.closed is None else _stamp_out(known.closed),
            dict(sorted(known.paused.items())),
            dict(sorted(known.removed.items())),
        ]
    )


def _proposal_in(raw: list[Any]) -> Proposal:
    named = dict(zip(_NAMES, raw, strict=True))
    objection, decided = named["objection"], named["decided"]
    return Proposal(
        **{
            **named,
            "born": Stamp(*named["born"]),
            "objection": None if objection is None else (Stamp(*objection[:3]), objection[3]),
            "decided": None if decided is None else tuple(decided),
            "hands": {(author, hand): k for author, hand, k in named["hands"]},
        }
    )


def decisions_in(data: msgspec.Raw) -> Decisions:
    """The reverse. Whatever a wrong shape runs into is raised."""
    raw = msgspec.msgpack.decode(data)
    if raw is None:
        return Decisions()
    proposals, sections, numbers, rulings, closed, paused, removed = raw
    return Decisions(
        {one[0]: _proposal_in(one) for one in proposals},
        sections,
        numbers,
        {ident: Ruling(act, Stamp(*stamp)) for ident, act, *stamp in rulings},
        None if closed is None else Stamp(*closed),
        paused,
        removed,
    )
