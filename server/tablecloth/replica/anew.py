"""Own words when the board begins anew from a state of the server's (PROTOCOL-10). The twin of
``client/src/sync/anew.ts``.

If that state was folded here once, everything since is known, and own words are carried back exactly, without
what others wrote meanwhile: that returns by their own hands. If it was not, they are carried back to where
this side's knowledge begins, and from there over the difference of the two fields. Only words from before
that are put where they stood as near as can be, and their deletions are not made: deleting what nobody
looked at could take somebody's words away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tablecloth.core.board import Board
from tablecloth.core.text import KEEP, Op, splice_op
from tablecloth.replica.history import History, Past
from tablecloth.replica.outbox import Item
from tablecloth.replica.words import Typed, Where, difference, over, without_others


@dataclass(slots=True, frozen=True)
class Between:
    """What lies between the state that is gone and the one to begin from."""

    before: Board
    since: Sequence[Past]
    """All that was folded since a state that the new one has, or differs from by ``shift``."""
    older: Sequence[Past]
    """Own entries from before that."""
    history: History | None
    """Where the new state was never folded here: knows the words at the beginning of ``since``."""

    @classmethod
    def of(cls, history: History, before: Board, board: Board) -> Between:
        """What was folded here since ``board``, as far as it is known; ``before``: the state that is gone."""
        since = history.since(board.seq, board.chain)
        if since is not None:
            return cls(before, since, [], None)
        return cls(before, history.known(), history.older(), history)

    def items(self) -> list[Item]:
        """Own edits, in the order of the log."""
        return [one.item for one in (*self.older, *self.since) if one.item is not None]

    def words(self, where: Where, value: str) -> str:
        """A field's words at the beginning of ``since``; ``value``: as they are in the new state."""
        return value if self.history is None else self.history.words_at_start(where)

    def place(self, where: Where, value: str, returned: Sequence[Typed], pending: Sequence[Typed]) -> None:
        """Say what own edits of a field mean over ``value``: those of the past that return, and then those
        that were pending.
        """
        if self.history is not None and not returned:
            _shift(pending, [difference(_words_of(self.before, where), value)])
            return
        past = [one for one in self.since if one.where == where]
        back = {id(typed) for typed in returned}
        recent = [_typed(one) if id(_typed(one)) in back else None for one in past]
        own = [(typed is not None, one.ops) for typed, one in zip(recent, past, strict=True)]
        exact = [*(typed for typed in recent if typed is not None), *pending]
        pending_ops = [(True, typed.ops) for typed in pending]
        for typed, ops in zip(exact, without_others(own + pending_ops), strict=True):
            typed.ops = ops
        moved = [difference(self.words(where, value), value)]
        known = {id(typed) for typed in exact}
        length = len(value)
        for typed in returned:
            if id(typed) not in known:
                typed.ops = _near(typed, length)
                length += len(typed.inserted)
                moved += typed.ops
        _shift(exact, moved)


def _shift(chain: Sequence[Typed], others: list[Op]) -> None:
    """Edits that follow each other, over a field that differs by ``others``."""
    for typed in chain:
        typed.ops, others = over(typed.ops, others)


def _words_of(board: Board, where: Where) -> str:
    element = board.elements.get(where[0])
    return "" if element is None or where[1] not in element.texts else element.texts[where[1]].value


def _typed(past: Past) -> Typed | None:
    return None if past.item is None else past.item.typed


def _near(typed: Typed, length: int) -> list[Op]:
    """Insertions as near as can be to where they stood, in a field of this length."""
    first = next((step for op in typed.ops[:1] for step in op[:1] if step[0] == KEEP), (KEEP, 0))
    inserted = len(typed.inserted)
    return [splice_op((min(first[1], length), 0, inserted))] if inserted else []
