"""Who inserted each letter of each field: from the heads of a log alone. Rules: FOLD-93, FOLD-94.

The fold doesn't remember it: it would cost every keystroke, and is asked for only when somebody withdraws
and when a log is verified. Here the heads are folded once more, and beside each field a list of runs is
changed by the same ops. So it can be computed by whoever has the heads, before and after a withdrawal alike.
"""

from __future__ import annotations

from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import AcceptHead, AnyHead, Entry, TextHead, WithdrawHead
from tablecloth.core.elements import TYPES
from tablecloth.core.fold import apply_known, read_head
from tablecloth.core.parts import WithdrawnRange
from tablecloth.core.room_kinds import RestoredHead
from tablecloth.core.text import DELETE, KEEP, Op, TextField
from tablecloth.core.withdraw import carried_ranges

Run = tuple[str, int]
"""An author, and how many code points next to each other they inserted."""


def about(head: AnyHead | None) -> tuple[str, str] | None:
    """Whose entry it is and on which element: what a withdrawal goes by. None for what has no such two."""
    author, element = getattr(head, "author", None), getattr(head, "element", None)
    return (author, element) if isinstance(author, str) and isinstance(element, str) else None


class Provenance:
    """The authors of all letters of one board. Give it every entry of the log, in order."""

    def __init__(self, space: str, board: str) -> None:
        self.board: Board = new_board(space, board)
        self._runs: dict[tuple[str, str], list[Run]] = {}
        self._bodies: dict[str, set[str]] = {}

    def fold(self, entry: Entry) -> bool:
        """Take in the next entry. False if it withdraws a letter that somebody else inserted (FOLD-94)."""
        head = read_head(entry.head)
        is_own = True
        if isinstance(head, WithdrawHead):
            is_own = self._are_own(head)
        outcome = apply_known(self.board, entry, head, None)
        if outcome.reason is not None or head is None:
            return True
        author, ident = about(head) or ("", "")
        element = self.board.elements.get(ident)
        if element is None:
            return is_own
        if getattr(head, "body", None) is not None:
            self._bodies.setdefault(author, set()).add(ident)
        if isinstance(head, TextHead | AcceptHead):
            self._written(element.id, head.field)
        elif isinstance(head, RestoredHead) and head.splices:
            self._written(element.id, TYPES[element.type].fields[0])
        return is_own

    def elements(self, author: str) -> list[str]:
        """Where an author has written anything that has a body, sorted."""
        return sorted(self._bodies.get(author, ()))

    def runs(self, element: str, field: str) -> list[Run]:
        """The authors of a field's letters, in their order."""
        return self._runs.get((element, field), [])

    def ranges(self, author: str, element: str) -> list[tuple[str, list[WithdrawnRange]]]:
        """What an author inserted into an element's fields, as of the last entry (FOLD-93)."""
        found: list[tuple[str, list[WithdrawnRange]]] = []
        for name in sorted(self.board.elements[element].texts):
            at, own = 0, []
            for who, length in self.runs(element, name):
                if who == author:
                    own.append((at, length))
                at += length
            if own:
                found.append((name, own))
        return found

    def _written(self, element: str, name: str) -> None:
        field = self.board.elements[element].texts.get(name)
        # A word property that was accepted has no letters of its own, and leaves the window as it was.
        if field is None or not field.window or field.window[-1].seq != self.board.seq:
            return
        runs = self._runs.get((element, name), [])
        for op in field.window[-1].ops:
            runs = runs_after(runs, op, field.window[-1].author)
        self._runs[(element, name)] = runs

    def _are_own(self, head: WithdrawHead) -> bool:
        element = self.board.elements.get(head.element)
        if element is None:
            return True
        for name, ranges in head.ranges:
            field = element.texts.get(name) or TextField()
            op = carried_ranges(field, head.base, ranges)
            if op is not None and not _all_by(self.runs(head.element, name), op, head.author):
                return False
        return True


def runs_after(runs: list[Run], op: Op, author: str) -> list[Run]:
    """The runs after an op by ``author``; neighbours of one author are one run."""
    out: list[Run] = []
    left = iter([*runs])
    who, length = next(left, ("", 0))
    for kind, count in op:
        if kind not in {KEEP, DELETE}:
            _push(out, author, count)
            continue
        while count > 0 and length > 0:
            taken = min(count, length)
            if kind == KEEP:
                _push(out, who, taken)
            count, length = count - taken, length - taken
            if length == 0:
                who, length = next(left, ("", 0))
    _push(out, who, length)
    for who, length in left:
        _push(out, who, length)
    return out


def _push(runs: list[Run], who: str, length: int) -> None:
    if length == 0:
        return
    if runs and runs[-1][0] == who:
        runs[-1] = (who, runs[-1][1] + length)
    else:
        runs.append((who, length))


def _all_by(runs: list[Run], op: Op, author: str) -> bool:
    """Whether all that ``op`` deletes is of ``author``."""
    at = 0
    mine: list[tuple[int, int]] = []
    for who, length in runs:
        if who == author:
            mine.append((at, at + length))
        at += length
    at = 0
    for kind, count in op:
        if kind == DELETE and not any(start <= at and at + count <= end for start, end in mine):
            return False
        at += count
    return True
