"""When a worker looks for objects that only hold each other: when nobody would notice.

A board is a hundred thousand small objects that stay, and hold no cycles. Python's collector would look
through the young ones several times a second while people write (a tenth of the worker's time, in pauses of
20 to 90 ms), and through all of them now and then. What leaves cycles behind are connections and troubles,
and those are few. So the collector is off, and the worker calls it when nothing was sent for a while; at the
latest when many connections have gone, or after an hour.

Rejected: other thresholds (the same work in other portions); ``gc.freeze`` every second (what is frozen is
never freed).
"""

from __future__ import annotations

import gc

QUIET_S = 2.0
_AT_MOST_EVERY_S = 60.0
_AT_LEAST_EVERY_S = 3600.0
_MANY_LOST = 2000


class Tidying:
    """One a worker's process. Making it turns the collector off."""

    def __init__(self, now: float) -> None:
        gc.disable()
        self._last = now
        self._lost = 0

    def lost(self) -> None:
        """A connection is gone, and may have left something behind."""
        self._lost += 1

    def look(self, now: float, quiet_s: float) -> bool:
        """Once a second, with how long nothing has been sent. Collects if it is time; whether it did."""
        age = now - self._last
        is_quiet = quiet_s >= QUIET_S and age >= _AT_MOST_EVERY_S
        if not is_quiet and age < _AT_LEAST_EVERY_S and self._lost < _MANY_LOST:
            return False
        gc.collect()
        self._last = now
        self._lost = 0
        return True
