"""Whether the log that a server shows is the one that it signed: a participant's own check (PROTOCOL-61,
PROTOCOL-62).

The twin of ``client/src/sync/watch.ts``. A tip that came is held until the board is folded up to it; then its
signature and its chain are held against the board's key and one's own chain. Every body is held against its
head. What doesn't fit is a *doubt*: told once each, and nothing is dropped or refused because of it, for
people must see what they were shown.

Rejected: folding on only what is signed (an edit would be seen seconds late); leaving a connection in doubt
(the person could neither read nor save what is there).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tablecloth.core.board import Board
from tablecloth.core.chain import body_hash
from tablecloth.core.edits import AnyHead, Entry
from tablecloth.core.room_kinds import KeyHead
from tablecloth.core.tip import Tip, is_signed

DoubtCode: TypeAlias = Literal["forged", "other", "cut", "body", "key"]

WORDS: dict[DoubtCode, str] = {
    "forged": "The signature of this record is not that of the space.",
    "other": "The record here is not the one that was signed.",
    "cut": "The server signed more than it shows: the end of this record is missing.",
    "body": "The words or ink of an entry are not what was written.",
    "key": "Another server goes on with this record, under a key of its own.",
}


@dataclass(slots=True, frozen=True)
class Doubt:
    """What doesn't fit, and at which entry."""

    code: DoubtCode
    seq: int

    @property
    def words(self) -> str:
        """The same in plain words."""
        return WORDS[self.code]


@dataclass(slots=True)
class Watch:
    """One board's. ``tip`` is the latest that was found to be signed and true."""

    tip: Tip | None = None
    _waiting: Tip | None = None
    _said: set[DoubtCode] = field(default_factory=set)
    _doubts: list[Doubt] = field(default_factory=list)

    def opened(self, tip: Tip | None, seq: int) -> None:
        """A board was opened up to ``seq``, with the last tip that its server signed."""
        if tip is None:
            return
        if tip.seq > seq:
            self._doubt("cut", seq)  # PROTOCOL-62
        else:
            self.hear(tip)

    def hear(self, tip: Tip) -> None:
        """The server vouches for the board up to here; it may not be folded yet."""
        if self._waiting is None or tip.seq >= self._waiting.seq:
            self._waiting = tip

    def check(self, board: Board, chain_at: Callable[[int], bytes | None]) -> None:
        """The board was folded on. ``chain_at``: one's own chain after a seq, None if it isn't known."""
        tip = self._waiting
        if tip is None or tip.seq > board.seq:
            return
        self._waiting = None
        held = chain_at(tip.seq)
        if not is_signed(board.key, board.space, board.board, tip):
            self._doubt("forged", tip.seq)
        elif held is not None and held != tip.chain:
            self._doubt("other", tip.seq)
        elif held is not None and (self.tip is None or tip.seq >= self.tip.seq):
            self.tip = tip

    def _same_key(self, before: bytes, board: Board) -> None:
        if before and before != board.key:
            self._doubt("key", board.seq)

    def entry(self, entry: Entry, head: AnyHead | None) -> None:
        """An entry is folded: its body must be the one its head was written with, or absent."""
        expected: bytes | None = getattr(head, "body", None)
        if entry.body is not None and head is not None and expected != body_hash(entry.body):
            self._doubt("body", entry.seq)
        if isinstance(head, KeyHead):
            self._doubt("key", entry.seq)

    def begins(self, before: Board, board: Board) -> None:
        """The server's own state takes the place of what was held."""
        self._same_key(before.key, board)
        if self.tip is not None and self.tip.seq > board.seq:
            self.tip = None

    def take(self) -> list[Doubt]:
        """What came up since the last call. Each kind once, until the board is opened anew."""
        doubts, self._doubts = self._doubts, []
        return doubts

    def _doubt(self, code: DoubtCode, seq: int) -> None:
        if code not in self._said:
            self._said.add(code)
            self._doubts.append(Doubt(code, seq))
