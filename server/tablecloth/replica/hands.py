"""The hands of one session on one board, and their counters (FOLD-4): random ids, k's without holes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tablecloth.core.board import Board


@dataclass(slots=True)
class Hands:
    """A hand an element: random, and no other element's, so that it joins nothing."""

    author: str
    new_id: Callable[[], str]
    _ids: dict[str, str] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    """The last k that was given out, where it may be above the folded one."""

    def of(self, element: str) -> str:
        """The session's hand on an element."""
        return self._ids.setdefault(element, self.new_id())

    def is_own(self, author: str, element: str, hand: str) -> bool:
        """Whether it is a hand of this session."""
        return author == self.author and self._ids.get(element) == hand

    def folded(self, board: Board, element: str) -> int:
        """The last k that the fold has of the hand."""
        return board.hands(element).get((self.author, self.of(element)), 0)

    def last(self, board: Board, element: str) -> int:
        """The last k that was given out, or folded if none was."""
        known = self._last.get(element)
        return self.folded(board, element) if known is None else known

    def give(self, board: Board, element: str) -> int:
        """The next k."""
        k = self._last[element] = self.last(board, element) + 1
        return k

    def note(self, element: str, k: int) -> None:
        """A k is in use; the highest counts."""
        self._last[element] = max(k, self._last.get(element, 0))

    def forget_given(self) -> None:
        """Count on from what is folded."""
        self._last.clear()
