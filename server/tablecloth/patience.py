"""How long somebody else has kept silent, not counting the time in which this side didn't listen.

A timer says how late it is, and not whose fault that is: a worker that is held up for three seconds finds the
timer due and the answer in its socket at the same moment, and would call a store silent that answered long
ago. So patience is a row of short timers, each begun when the one before was served: while the loop is late
every step is late, and between two steps the loop has looked at its sockets.

Rejected: asking the clock of the answer (it is known only once it is read); a watchdog thread (it would see
the loop's lateness, and could not say what waits in the socket).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_STEPS = 10


class Patience:
    """Calls ``over`` after ``seconds`` of silence, unless ended before. Make it inside a running loop."""

    __slots__ = ("_left", "_loop", "_over", "_step_s", "_timer")

    def __init__(self, seconds: float, over: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = over
        self._left = _STEPS
        self._step_s = seconds / _STEPS
        self._timer = self._loop.call_later(self._step_s, self._step)

    def _step(self) -> None:
        self._left -= 1
        if self._left:
            self._timer = self._loop.call_later(self._step_s, self._step)
        else:
            self._over()

    def end(self) -> None:
        """The silence is over. A repeat is harmless."""
        self._timer.cancel()
