"""Proposals on the space's log: what touches everybody is proposed, and the room decides (FOLD-101 to
FOLD-114).

    open, phase 1 ── time ends ─────────────────────────────> passed
         │ object                                               ^
         v                                                      │ two thirds of the votes cast
    open, phase 2 (a fresh roll votes) ── time ends, or all ────┴─> fell
                                          have voted

Each function answers a reason, or None if it applied. Nothing here knows a clock: a phase ends when an
entry's time passes its deadline (``deadlines``).
"""

from __future__ import annotations

from tablecloth.core import limits
from tablecloth.core.acts import NEVER_ALONE, WAITS_ALONE, act_fits
from tablecloth.core.board import Board
from tablecloth.core.decisions import FELL, PASSED, TAKEN_BACK, Proposal
from tablecloth.core.edits import Content
from tablecloth.core.room_kinds import (
    ObjectHead,
    ProposalHead,
    ProposeHead,
    ResumeHead,
    RollHead,
    TakeBackHead,
    TickHead,
    VoteHead,
)
from tablecloth.core.stamp import Stamp

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
LATEST = 2**53 - 1
_HEARD_ALWAYS = frozenset(("pause",))
"""Acts that the space's number of open proposals doesn't count, so that a flood can't hinder what ends it."""


def apply_said(board: Board, seq: int, at: int, head: ProposalHead, content: Content | None) -> str | None:
    """What somebody says about a proposal."""
    if board.board != board.space:  # FOLD-100
        return "wrong-board"
    proposal = board.decisions.proposals.get(head.element)
    if proposal is None:
        if isinstance(head, ProposeHead):
            return _propose(board, seq, at, head, content)
        return "unknown-proposal"
    hand = (head.author, head.hand)
    last = proposal.hands.get(hand, 0)
    if head.k != last + 1:
        return "repeat" if head.k <= last else "hole"
    if head.base >= seq:
        return "future-base"
    proposal.hands[hand] = head.k
    reason = said_refusal(board, head.author, proposal, head)
    if reason is not None:
        return reason
    stamp = Stamp(seq, at, head.author)
    match head:
        case ObjectHead():
            _object(board, proposal, stamp, _words(content) if head.body is not None else "")
        case VoteHead():
            proposal.votes[head.author] = head.choice
            _settle_if_all_voted(board, proposal, stamp)
        case TakeBackHead():
            proposal.state, proposal.decided = TAKEN_BACK, (seq, at)
        case ResumeHead():
            assert proposal.held is not None
            proposal.deadline = min(at + max(0, proposal.deadline - proposal.held), LATEST)
            proposal.held = None
        case ProposeHead():
            pass
    return None


def said_refusal(board: Board, author: str, proposal: Proposal, said: object) -> str | None:
    """Why somebody may not say this about a proposal now; ``said``: an edit or a head of these kinds."""
    kind = type(said).__name__.removesuffix("Edit").removesuffix("Head")
    if kind == "Propose":
        return "exists"
    if not proposal.is_open:
        return "decided"
    match kind:
        case "Object":
            if proposal.phase == 2:
                return "voting"
            return "no-say" if author in {proposal.about, proposal.born.author} else None  # FOLD-106
        case "Vote":
            if proposal.phase == 1:
                return "not-voting"
            return None if author in (proposal.roll or ()) else "no-say"  # FOLD-107
        case "TakeBack":
            return None if author == proposal.born.author else "not-yours"  # FOLD-108
        case _:
            return None if proposal.held is not None else "not-held"  # FOLD-111


def propose_refusal(
    board: Board,
    at: int,
    author: str,
    act: str,
    target: str,
    about: str,
    elements: list[str],
    values: dict[str, int | str],
    words: list[str],
) -> str | None:
    """Why nobody may propose this now (FOLD-102, FOLD-103)."""
    known = board.decisions
    if not act_fits(board.space, author, act, target, about, elements, values, words):
        return "bad-value"
    minutes = values.get("minutes", 0)
    if act == "pause" and isinstance(minutes, int) and minutes > known.number("pause"):
        return "bad-value"
    if known.is_paused(author, at):
        return "paused"
    opened = [p for p in known.proposals.values() if p.is_open]
    if any((p.act, p.board, p.about) == (act, target, about) for p in opened):
        return "proposed"
    mine = [p for p in known.proposals.values() if p.born.author == author]
    if sum(p.born.at > at - HOUR_MS for p in mine) >= limits.MAX_EACH_HOUR:
        return "too-often"
    if sum(p.is_open for p in mine) >= limits.MAX_OPEN_EACH:
        return "proposals-full"
    counted = sum(p.act not in _HEARD_ALWAYS for p in opened)
    return "proposals-full" if act not in _HEARD_ALWAYS and counted >= limits.MAX_OPEN else None


def _propose(board: Board, seq: int, at: int, head: ProposeHead, content: Content | None) -> str | None:
    # FOLD-101
    if head.k != 1:
        return "hole"
    if head.base >= seq:
        return "future-base"
    values, names = head.values, head.words
    reason = propose_refusal(
        board, at, head.author, head.act, head.board, head.about, head.elements, values, names
    )
    if reason is not None:
        return reason
    said = (
        content if isinstance(content, list) and len(content) == len(names) + 1 else [None] * (len(names) + 1)
    )
    known = board.decisions
    _prune(board)
    known.proposals[head.element] = Proposal(
        head.element,
        head.act,
        head.board,
        head.about,
        list(head.elements),
        {name: value for name, value in values.items() if isinstance(value, int)},
        dict(zip(names, said[1:], strict=True)),
        said[0],
        Stamp(seq, at, head.author),
        min(at + known.number("proposal") * MINUTE_MS, LATEST),
        hands={(head.author, head.hand): 1},
    )
    return None


def _prune(board: Board) -> None:
    # FOLD-114
    known = board.decisions.proposals
    if len(known) < limits.MAX_PROPOSALS:
        return
    done = [p for p in known.values() if not p.is_open and (p.state != PASSED or p.carried)]
    if done:
        del known[min(done, key=lambda p: p.born.seq).id]


def _object(board: Board, proposal: Proposal, stamp: Stamp, why: str | None) -> None:
    # FOLD-106
    proposal.phase, proposal.roll, proposal.votes, proposal.held = 2, None, {}, None
    proposal.objection = (stamp, why)
    proposal.deadline = min(stamp.at + board.decisions.number("vote") * MINUTE_MS, LATEST)


def apply_roll(board: Board, seq: int, at: int, head: RollHead) -> str | None:
    """Who was there when the phase began (FOLD-104)."""
    if board.board != board.space:
        return "wrong-board"
    proposal = board.decisions.proposals.get(head.proposal)
    if proposal is None:
        return "unknown-proposal"
    if not proposal.is_open:
        return "decided"
    if proposal.roll is not None:
        return "repeat"
    proposal.roll = sorted({who for who in head.people if who != proposal.about})
    stamp = Stamp(seq, at, proposal.born.author)
    if proposal.phase == 1:
        _pass_alone(board, proposal, stamp)
    else:
        # FOLD-107: who proposed and who objected have said what they think; each may still vote otherwise.
        assert proposal.objection is not None
        for who, choice in ((proposal.born.author, 1), (proposal.objection[0].author, 0)):
            if who in proposal.roll:
                proposal.votes[who] = choice
        _settle_if_all_voted(board, proposal, stamp)
    return None


def _pass_alone(board: Board, proposal: Proposal, stamp: Stamp) -> None:
    # FOLD-105
    if any(who != proposal.born.author for who in proposal.roll or ()):
        return
    if proposal.act in NEVER_ALONE:
        proposal.state, proposal.decided = FELL, (stamp.seq, stamp.at)
    elif proposal.act not in WAITS_ALONE:
        _pass(board, proposal, stamp.seq, stamp.at)


def _settle_if_all_voted(board: Board, proposal: Proposal, stamp: Stamp) -> None:
    if proposal.roll and len(proposal.votes) == len(proposal.roll):
        _settle(board, proposal, stamp.seq, stamp.at)


def _settle(board: Board, proposal: Proposal, seq: int, at: int) -> None:
    # FOLD-107
    cast, agreed = len(proposal.votes), sum(proposal.votes.values())
    if agreed and 3 * agreed >= 2 * cast:
        _pass(board, proposal, seq, at)
    else:
        proposal.state, proposal.decided = FELL, (seq, at)


def end_phase(board: Board, proposal: Proposal, seq: int) -> None:
    """A proposal's time has come, with the entry ``seq`` (FOLD-109)."""
    if proposal.phase == 1:
        _pass(board, proposal, seq, proposal.deadline)
    else:
        _settle(board, proposal, seq, proposal.deadline)


def _pass(board: Board, proposal: Proposal, seq: int, at: int) -> None:
    # FOLD-113: what it changes in the space itself; boards get rulings.
    proposal.state, proposal.decided = PASSED, (seq, at)
    known = board.decisions
    match proposal.act:
        case "agreement":
            known.numbers.update(proposal.values)
            known.sections.update(proposal.words)
        case "pause":
            known.pause(proposal.about, min(at + proposal.values["minutes"] * MINUTE_MS, LATEST), at)
        case "removeimage":
            known.removed[proposal.about] = proposal.id
        case "rename":
            if proposal.board == board.space:
                board.title = proposal.words["title"]
        case _:
            pass


def apply_tick(board: Board, seq: int, head: TickHead) -> str | None:
    """Time passes by the entry's own ``at``; what it names was carried out (FOLD-112)."""
    if board.board != board.space:
        return "wrong-board"
    for ident in head.carried:
        proposal = board.decisions.proposals.get(ident)
        if proposal is not None and proposal.state == PASSED and not proposal.carried:
            proposal.carried = seq
    return None


def _words(content: Content | None) -> str | None:
    return content if isinstance(content, str) else None
