"""The last entries that a replica folded, kept for the day when the log comes back shorter (PROTOCOL-10,
DESIGN §4.9). The twin of ``client/src/sync/history.ts``.

From the place where the old and the new log agree, one's own entries return as pending edits with the same
hand and k; words are carried back over what others wrote in between, which returns by their own hands. A
rollback forgets nothing that lies before that place: the next one may go back further.
Bounded: an entry that is older than ``_KEPT`` others doesn't return from here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tablecloth.core.board import Board
from tablecloth.core.text import PLACEHOLDER, Op, apply_op
from tablecloth.replica.outbox import Item
from tablecloth.replica.words import Where, inserted_by

_KEPT = 4096


@dataclass(slots=True, frozen=True)
class Past:
    """A folded entry: the chain after it, the own edit that it was, and which words it changed how."""

    seq: int
    chain: bytes
    item: Item | None
    by: tuple[str, str] = ("", "")
    """(author, hand)"""
    where: Where | None = None
    ops: list[Op] = field(default_factory=list)
    words: str | None = ""
    """What ``ops`` insert, joined; None if it is withheld."""


@dataclass(slots=True)
class History:
    _start: tuple[int, bytes] = (0, b"")
    _words: dict[Where, str] = field(default_factory=dict)
    """Every field that had words at ``_start``."""
    _past: deque[Past] = field(default_factory=deque)
    _older: list[Past] = field(default_factory=list)
    """Own entries from before ``_start``, whose surroundings are not known any more."""

    def rewind(self, board: Board) -> None:
        """``board`` is the state now: what came after it is no longer so."""
        since = self.since(board.seq, board.chain)
        if since is not None:
            for _ in since:
                self._past.pop()
            return
        own = [past for past in self.all() if past.item is not None and past.seq <= board.seq]
        self._older = own[-_KEPT:]
        self._past.clear()
        self._start = (board.seq, board.chain)
        self._words = {
            (element.id, name): text.value
            for element in board.elements.values()
            for name, text in element.texts.items()
        }

    def note(self, past: Past) -> None:
        """One more entry was folded."""
        self._past.append(past)
        if len(self._past) <= _KEPT:
            return
        first = self._past.popleft()
        self._start = (first.seq, first.chain)
        if first.where is not None:
            self._words[first.where] = changed(self.words_at_start(first.where), first.ops, first.words)

    def words_at_start(self, where: Where) -> str:
        """A field's words before all that is known here."""
        return self._words.get(where, "")

    def is_before(self, seq: int) -> bool:
        """Whether this lies before all that is known here."""
        return seq < self._start[0]

    def has(self, seq: int, chain: bytes) -> bool:
        """Whether ``(seq, chain)`` was the state here. Entries are noted without holes."""
        place = seq - self._start[0]
        if not 0 < place <= len(self._past):
            return (seq, chain) == self._start
        return self._past[place - 1].chain == chain

    def chain_at(self, seq: int) -> bytes | None:
        """The chain here after an entry, None if that isn't known any more."""
        place = seq - self._start[0]
        if place == 0:
            return self._start[1]
        return self._past[place - 1].chain if 0 < place <= len(self._past) else None

    def since(self, seq: int, chain: bytes) -> list[Past] | None:
        """What was folded after ``(seq, chain)``, or None if that was never the state here."""
        if not self.has(seq, chain):
            return None
        return list(self._past)[seq - self._start[0] :]

    def known(self) -> list[Past]:
        """All that was folded since the start."""
        return list(self._past)

    def older(self) -> list[Past]:
        """Own entries from before the start."""
        return list(self._older)

    def all(self) -> list[Past]:
        """Everything that is kept."""
        return [*self._older, *self._past]


def changed(value: str, ops: Iterable[Op], words: str | None) -> str:
    """A field's words after ``ops``; withheld words are placeholders."""
    for op in ops:
        count = inserted_by(op)
        said, words = (PLACEHOLDER * count, None) if words is None else (words[:count], words[count:])
        value = apply_op(value, op, said)
    return value
