"""What ``verify`` asks of withdrawals: were they made by their own authors' rules? (FOLD-93, FOLD-94)

A body may be absent for good reason, and a letter may be blank because somebody took it back. From the heads
alone it can be told whose letters a withdrawal took, and whether an absent body is one that was taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

from tablecloth.core.edits import Entry, WithdrawHead
from tablecloth.core.fold import read_head
from tablecloth.core.provenance import Provenance, about


def foreign_letters(space: str, board: str, entries: list[Entry]) -> Iterator[int]:
    """The seqs of withdrawals that took letters of somebody else than who they are by."""
    if not any(isinstance(read_head(entry.head), WithdrawHead) for entry in entries):
        return  # folding the log once more is only worth it where somebody withdrew
    known = Provenance(space, board)
    for entry in entries:
        if not known.fold(entry):
            yield entry.seq


def bodies_left(entries: list[Entry]) -> Iterator[int]:
    """The seqs of entries that still have a body, though their author withdrew it later."""
    latest: dict[tuple[str, str], int] = {}
    for entry in reversed(entries):
        head = read_head(entry.head)
        whose = about(head)
        if whose is None:
            continue
        if isinstance(head, WithdrawHead):
            latest.setdefault(whose, entry.seq)
        elif entry.body is not None and whose in latest:
            yield entry.seq
