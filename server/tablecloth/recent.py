"""The last entries of a board that a worker has folded, as bytes, each with the chain after it.

Tails are cut from here without asking the log, and what a participant says it holds is compared with the
chains.

Invariants: what is kept is contiguous and ends at the board's tip; trimming only drops from the front.
"""

from __future__ import annotations

from collections.abc import Callable

_SLACK = 2


class Recent:
    """At most about ``most_entries`` entries and ``most_bytes`` bytes; twice that until the next trim."""

    def __init__(self, seq: int, chain: bytes, most_entries: int, most_bytes: int) -> None:
        self.floor = seq
        """The seq before the first entry that is kept; its chain is known too."""
        self._raws: list[bytes] = []
        self._chains: list[bytes] = [chain]
        self._bytes = 0
        self._most_entries = most_entries
        self._most_bytes = most_bytes

    @property
    def seq(self) -> int:
        """The last seq that is kept."""
        return self.floor + len(self._raws)

    def add(self, raw: bytes, chain: bytes) -> None:
        """The next entry and the chain after it."""
        self._raws.append(raw)
        self._chains.append(chain)
        self._bytes += len(raw)
        if len(self._raws) > _SLACK * self._most_entries or self._bytes > _SLACK * self._most_bytes:
            self._trim()

    def _trim(self) -> None:
        drop = max(0, len(self._raws) - self._most_entries)
        dropped = sum(map(len, self._raws[:drop]))
        while drop < len(self._raws) and self._bytes - dropped > self._most_bytes:
            dropped += len(self._raws[drop])
            drop += 1
        del self._raws[:drop], self._chains[:drop]
        self._bytes -= dropped
        self.floor += drop

    def chain_at(self, seq: int) -> bytes | None:
        """The chain after an entry, or None if it is older than what is kept or not there yet."""
        return self._chains[seq - self.floor] if self.floor <= seq <= self.seq else None

    def raw_at(self, seq: int) -> bytes | None:
        """An entry's bytes, or None if they are not kept."""
        return self._raws[seq - self.floor - 1] if self.floor < seq <= self.seq else None

    def withhold(self, is_gone: Callable[[bytes], bytes | None]) -> None:
        """Give every entry another form where ``is_gone`` has one: its body was withdrawn. Chains stay."""
        for place, raw in enumerate(self._raws):
            left = is_gone(raw)
            if left is not None:
                self._raws[place] = left
                self._bytes -= len(raw) - len(left)

    def page(self, after: int, until: int, most_bytes: int) -> list[bytes] | None:
        """Entries after ``after`` up to ``until``, at least one, in all at most about ``most_bytes``.

        None if the next one is not kept any more.
        """
        if after < self.floor:
            return None
        page: list[bytes] = []
        size = 0
        for place in range(after - self.floor, until - self.floor):
            raw = self._raws[place]
            size += len(raw)
            if page and size > most_bytes:
                break
            page.append(raw)
        return page
