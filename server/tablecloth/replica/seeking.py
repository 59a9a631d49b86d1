"""After a rollback: where the log and this side still agree (PROTOCOL-10, DESIGN §4.9). The twin of
``client/src/sync/seeking.ts``.

A log that was rolled back and written on by others comes as a snapshot of a state that this side never had.
Then it is read once more from its first entry, and folded as long as its chain is the one that was folded
here. From the last common place everything since is known: own edits return exactly, deletions too.

A snapshot that was folded here once is where the search begins, on the same connection: what follows it may
be common, too. (Own edits, carried back over that part and forward again, may come to lie elsewhere.)

Rejected: comparing the snapshots (what somebody deleted and what the log lost look alike).
"""

from __future__ import annotations

from dataclasses import dataclass

from tablecloth.core.board import Board
from tablecloth.core.chain import chain_next
from tablecloth.core.edits import Entry
from tablecloth.core.fold import apply_entry
from tablecloth.replica.history import History


@dataclass(slots=True)
class Seeking:
    """``board`` is as of the last place that both have; if there is none, as far as the log was read.

    It is where to begin, and is folded on in place.
    """

    board: Board
    history: History
    is_from_snapshot: bool = False
    _is_found: bool = False

    def take(self, entries: list[Entry]) -> list[Entry] | None:
        """Fold what is common. Answers the entries that are not, in order; None if one is missing."""
        for index, entry in enumerate(entries):
            if entry.seq != self.board.seq + 1:
                return None
            chain = chain_next(self.board.chain, entry.seq, entry.at, entry.head)
            if not self.history.is_before(entry.seq) and self._is_last(entry.seq, chain):
                return entries[index:]
            apply_entry(self.board, entry)
        return []

    def _is_last(self, seq: int, chain: bytes) -> bool:
        """Whether the entry that would make this chain is not common, while all before it are."""
        self._is_found = self._is_found or self.history.has(self.board.seq, self.board.chain)
        return self._is_found and not self.history.has(seq, chain)
