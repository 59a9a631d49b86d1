"""Time in the fold: an entry's own, never a clock's (FOLD-109, FOLD-110).

Before an entry is folded, every deadline up to its time fires, in the order of (deadline, id). While
something is open, workers log a ``tick`` at least every five minutes; so a gap of more than ten says that
nobody could have objected, and the open deadlines stand still until somebody resumes.
"""

from __future__ import annotations

from tablecloth.core import limits, proposals
from tablecloth.core.board import Board


def pass_time(board: Board, before: int, at: int, seq: int) -> None:
    """Let what falls due up to ``at`` happen; ``before``: the time of the entry before, ``seq``: of this
    one.
    """
    waiting = [p for p in board.decisions.proposals.values() if p.is_open and p.held is None]
    if not waiting:
        return
    if at - before > limits.HOLD_MS:
        for proposal in waiting:
            proposal.held = before
        return
    for proposal in sorted(waiting, key=lambda p: (p.deadline, p.id)):
        if proposal.deadline > at:
            return
        proposals.end_phase(board, proposal, seq)


def next_deadline(board: Board) -> int | None:
    """The earliest deadline that time alone will reach, in ms; None if nothing is open or all stands
    still.
    """
    times = [p.deadline for p in board.decisions.proposals.values() if p.is_open and p.held is None]
    return min(times, default=None)
