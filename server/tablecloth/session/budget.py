"""How much a connection may send: a bucket that fills at a steady rate and holds a burst (TRAPS 19: per
connection).
"""

from __future__ import annotations


class Budget:
    """``rate`` a second, at most ``burst`` saved up. Time is passed in, in seconds of any steady clock."""

    __slots__ = ("_burst", "_left", "_rate", "_seen")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._left = float(burst)
        self._seen = now

    def spend(self, amount: float, now: float) -> bool:
        """Take ``amount`` if it is there; otherwise take nothing and answer False."""
        if now > self._seen:
            left = self._left + (now - self._seen) * self._rate
            self._left = min(self._burst, left)
            self._seen = now
        if amount > self._left:
            return False
        self._left -= amount
        return True

    def wait(self, amount: float, now: float) -> float:
        """Seconds until ``amount`` would be there; 0 if it is. Takes nothing."""
        left = min(self._burst, self._left + max(0.0, now - self._seen) * self._rate)
        return max(0.0, (amount - left) / self._rate)
