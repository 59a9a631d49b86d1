"""What a case may expect of proposals, the agreement and rulings (schemas/vectors/README.md)."""

from typing import Any

from tablecloth.core.decisions import Decisions, Proposal
from tablecloth.core.stamp import Stamp


def _stamp(stamp: Stamp) -> list[Any]:
    return [stamp.seq, stamp.at, stamp.author]


def seen_proposal(p: Proposal) -> dict[str, Any]:
    """Everything that a case may expect of a proposal."""
    return {
        "act": p.act,
        "board": p.board,
        "about": p.about,
        "elements": p.elements,
        "values": p.values,
        "words": p.words,
        "why": p.why,
        "born": _stamp(p.born),
        "deadline": p.deadline,
        "state": p.state,
        "phase": p.phase,
        "held": p.held,
        "roll": p.roll,
        "votes": p.votes,
        "objection": None if p.objection is None else [*_stamp(p.objection[0]), p.objection[1]],
        "decided": None if p.decided is None else [*p.decided],
        "carried": p.carried,
        "hands": [[author, hand, k] for (author, hand), k in sorted(p.hands.items())],
    }


def seen_decisions(known: Decisions) -> dict[str, Any]:
    """Everything else that the room decided."""
    return {
        "sections": known.sections,
        "numbers": known.numbers,
        "rulings": {ident: [r.act, *_stamp(r.stamp)] for ident, r in known.rulings.items()},
        "closed": None if known.closed is None else _stamp(known.closed),
        "paused": known.paused,
        "removed": known.removed,
        "count": len(known.proposals),
    }
