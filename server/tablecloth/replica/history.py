"""The last entries that a replica folded, kept for the day when the log comes back shorter (PROTOCOL-10,
DESIGN §4.9).

From the place where the old and the new log agree, one's own entries return as pending edits with the same
hand and k; words are carried back over what others wrote in between, which returns by their own hands.
Bounded: an entry that is older than ``_KEPT`` others doesn't return from here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tablecloth.core.edits import AnyHead, TextHead
from tablecloth.core.text import Op
from tablecloth.replica.outbox import Item
from tablecloth.replica.words import without_others

_KEPT = 4096


@dataclass(slots=True, frozen=True)
class Past:
    """A folded entry: the chain after it, the own edit that it was, and which words it changed how."""

    seq: int
    chain: bytes
    item: Item | None
    where: tuple[str, str] | None
    ops: list[Op]


@dataclass(slots=True)
class History:
    _start: tuple[int, bytes] = (0, b"")
    _past: deque[Past] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def begin(self, seq: int, chain: bytes) -> None:
        """Forget all; what comes next follows ``(seq, chain)``."""
        self._start = (seq, chain)
        self._past.clear()

    def note(self, seq: int, chain: bytes, item: Item | None, head: AnyHead | None, ops: list[Op]) -> None:
        """One more entry was folded; ``item`` if it is one's own."""
        where = (head.element, head.field) if ops and isinstance(head, TextHead) else None
        if len(self._past) == _KEPT:
            self._start = (self._past[0].seq, self._past[0].chain)
        self._past.append(Past(seq, chain, item, where, ops))

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
        past = list(self._past)
        if self._start == (seq, chain):
            return past
        place = next((index for index, one in enumerate(past) if (one.seq, one.chain) == (seq, chain)), None)
        return None if place is None else past[place + 1 :]

    def all(self) -> list[Past]:
        """Everything that is kept."""
        return list(self._past)


def own_items(past: Iterable[Past]) -> list[Item]:
    """The own edits among entries, in the order of the log."""
    return [one.item for one in past if one.item is not None]


def carried_back(past: list[Past], where: tuple[str, str], pending: list[list[Op]]) -> list[list[Op]]:
    """The ops of one's own edits of one field, folded ones and then pending ones, without what others wrote
    between.
    """
    folded = [(one.item is not None, one.ops) for one in past if one.where == where]
    return without_others(folded + [(True, ops) for ops in pending])
