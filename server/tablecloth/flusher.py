"""When rooms send what is new, and connections hear what the log answered: at once while there is little, in
wider ticks as sending costs more (DESIGN §7 Batching).

One pass flushes every room that has news. A pass is measured up to the moment when the event loop has written
it to the sockets, and what the worker does between two passes is measured too. Sending may take half of the
time that all else leaves: who has much to do makes larger frames instead of more of them, up to a bound that
people don't notice (``rest_after``).

Answers go in the same pass as entries, because each write to a socket costs as much as all the rest of an
edit: what a pass has for a line goes out in one (``web.outbox``).

Rejected: a tick per room (twenty rooms each believe that they have the worker to themselves); a fixed tick
(slow when idle, and no bound when busy); a fixed multiple of a pass's cost (the busiest worker would have the
least left for what it must do besides, and fall behind at 8,000 edits a second with a third of its time spent
on writing to sockets).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from tablecloth import limits
from tablecloth.metrics import Metrics
from tablecloth.room import Room

_log = structlog.get_logger("flusher")

_SHARE = 0.5
"""Of the time that is left beside other work, sending takes at most this part."""
_OURS = 0.8
"""Of a core, what a worker counts on: its store may share it."""
_LEAST = 0.1
"""Of a core, what sending may always count on."""
_NEW = 0.2
"""How much the latest stretch counts in the mean of how busy the worker is."""


def rest_after(cost_s: float, busy: float) -> float:
    """How long to send nothing, in seconds, after a pass that took ``cost_s``. ``busy``: the part of its time
    that the worker works on other things between passes.
    """
    spare = max(_LEAST, _OURS - busy)
    return min(limits.FANOUT_MAX_FLUSH_MS / 1000, cost_s / (_SHARE * spare) - cost_s)


class Flusher:
    """One a worker. ``rewound`` takes a room whose log went back."""

    def __init__(self, metrics: Metrics, rewound: Callable[[Room], None]) -> None:
        self._metrics = metrics
        self._rewound = rewound
        self._rooms: dict[Room, None] = {}
        self._answers: list[Callable[[], None]] = []
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._not_before = 0.0
        self._busy = 0.0
        self._written_at, self._cpu_then = time.perf_counter(), time.thread_time()

    def touch(self, room: Room) -> None:
        """The room has news. It is flushed in this turn of the loop, or at the next tick."""
        self._rooms[room] = None
        if self._timer is None:
            self._arm()

    def later(self, hand_out: Callable[[], None]) -> None:
        """Call this in the next pass, before the rooms are flushed."""
        self._answers.append(hand_out)
        if self._timer is None:
            self._arm()

    def _arm(self) -> None:
        if self._loop.time() >= self._not_before:
            self._timer = self._loop.call_soon(self._run)
        else:
            self._timer = self._loop.call_at(self._not_before, self._run)

    def _run(self) -> None:
        began = time.perf_counter()  # the loop's own clock stands still during a turn
        between = began - self._written_at
        if between > 0:
            self._busy += ((time.thread_time() - self._cpu_then) / between - self._busy) * _NEW
        answers, self._answers = self._answers, []
        rooms, self._rooms = self._rooms, {}
        for hand_out in answers:
            try:
                hand_out()
            except Exception:  # noqa: BLE001
                _log.exception("answers_broke")
        deliveries = 0
        for room in rooms:
            try:
                if not room.is_rewound:
                    deliveries += room.flush()
            except Exception:  # noqa: BLE001
                # One room that can't be sent must not silence the worker.
                _log.exception("flush_broke")
                room.is_rewound = True
            if room.is_rewound:
                self._rewound(room)
            elif room.flushed < room.board.seq:
                self._rooms[room] = None  # more than fits a pass: the rest in the next one
        if deliveries:
            self._metrics.deliveries.inc(deliveries)
        # The loop writes to the sockets after this turn's callbacks; the next turn knows what it cost.
        self._timer = self._loop.call_soon(self._written, began)

    def _written(self, began: float) -> None:
        self._written_at, self._cpu_then = time.perf_counter(), time.thread_time()
        cost = self._written_at - began
        self._metrics.flushes.observe(cost)
        self._not_before = self._loop.time() + rest_after(cost, self._busy)
        self._timer = (
            self._loop.call_at(self._not_before, self._run) if self._rooms or self._answers else None
        )

    @property
    def quiet_s(self) -> float:
        """For how long nothing has been sent."""
        return self._loop.time() - self._not_before

    def finish(self) -> None:
        """Flush what there is, now: before a worker goes."""
        while True:
            if self._timer is not None:
                self._timer.cancel()
            self._run()
            if not self._rooms:
                return
