"""When the last receiver of a board had each entry: the time that people feel in a room.

Each receiver only ever moves forward over the board's seqs, so one number a receiver is enough: an entry
has reached all when the hindmost has passed it. A frame costs O(1), an entry O(1) over all receivers
together.

The server sends the same bytes to all (PROTOCOL-11). A frame that equals one that a neighbour on the same
board just had is not decoded again: this process stands for a hall of machines which decode side by side.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from tablecloth.core.edits import is_made_by_hand
from tablecloth.core.fold import read_head
from tablecloth.wire.codec import decode_from_server
from tablecloth.wire.frames import Entries

_RECENT = 32


@dataclass(slots=True)
class Tally:
    """One board and all its receivers. Times are seconds of one clock."""

    at: dict[int, int] = field(default_factory=dict)
    """How far each receiver is, by its number."""
    deliveries: int = 0
    decoded_frames: int = 0
    frames: int = 0
    last_at: float = 0.0
    """When anything was heard last."""
    latencies: list[float] = field(default_factory=list)
    """From sending to the last receiver, of each entry that was sent here."""
    _how_many: Counter[int] = field(default_factory=Counter)
    _hindmost: int = 0
    _sent: dict[tuple[str, int], float] = field(default_factory=dict)
    _due: dict[int, float] = field(default_factory=dict)
    _foremost: int = 0
    _recent: deque[tuple[bytes, int, int]] = field(default_factory=lambda: deque(maxlen=_RECENT))

    def seat(self, receiver: int, seq: int) -> None:
        """A receiver begins at ``seq``. All are seated before anything is sent."""
        self.at[receiver] = seq
        self._how_many[seq] += 1
        self._foremost = max(self._foremost, seq)
        self._hindmost = min(self._how_many)

    def sent(self, hand: str, k: int, now: float) -> None:
        """An edit goes out."""
        self._sent[hand, k] = now

    def refused(self, hand: str, k: int) -> None:
        """An edit that went out was not taken."""
        self._sent.pop((hand, k), None)

    def heard(self, receiver: int, frame: bytes, now: float) -> int:
        """A receiver got an ``entries`` frame; answers the seq that it is at now."""
        self.frames += 1
        last = self._last_of(frame)
        before = self.at[receiver]
        self.last_at = now
        if last <= before:
            return before
        self.at[receiver] = last
        self.deliveries += last - before
        self._how_many[last] += 1
        self._how_many[before] -= 1
        if self._how_many[before] == 0:
            del self._how_many[before]
            if before == self._hindmost:
                self._all_passed(now)
        return last

    @property
    def under_way(self) -> int:
        """How many edits have not reached everybody."""
        return len(self._sent) + len(self._due)

    def begin(self) -> None:
        """Count from here on."""
        self.deliveries = self.frames = self.decoded_frames = 0
        self.latencies.clear()

    def _last_of(self, frame: bytes) -> int:
        for known, _, last in reversed(self._recent):
            if known == frame:
                return last
        entries = decode_from_server(frame)
        assert isinstance(entries, Entries)
        self.decoded_frames += 1
        for entry in entries.entries:
            if entry.seq > self._foremost:
                head = read_head(entry.head)
                if is_made_by_hand(head):
                    sent = self._sent.pop((head.hand, head.k), None)
                    if sent is not None:
                        self._due[entry.seq] = sent
        first, last = entries.entries[0].seq, entries.entries[-1].seq
        self._foremost = max(self._foremost, last)
        self._recent.append((frame, first, last))
        return last

    def _all_passed(self, now: float) -> None:
        while self._hindmost not in self._how_many:
            self._hindmost += 1
            sent = self._due.pop(self._hindmost, None)
            if sent is not None:
                self.latencies.append(now - sent)
