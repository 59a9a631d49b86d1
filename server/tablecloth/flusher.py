"""When rooms send what is new: at once while there is little, in wider ticks as sending costs more (DESIGN §7
Batching).

One pass flushes every room that has news. A pass is measured up to the moment when the event loop has written
it to the sockets; the next begins no earlier than a multiple of that cost later, so that sending takes a
bounded share of the worker's time and a busy room makes larger frames instead of more of them.

Rejected: a tick per room (twenty rooms each believe that they have the worker to themselves); a fixed tick
(slow when idle, and no bound when busy).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from tablecloth import limits
from tablecloth.metrics import Metrics
from tablecloth.room import Room

_log = structlog.get_logger("flusher")

_REST = 2.0
"""A pass that cost 1 ms is followed by at least this many without another."""


class Flusher:
    """One a worker. ``rewound`` takes a room whose log went back."""

    def __init__(self, metrics: Metrics, rewound: Callable[[Room], None]) -> None:
        self._metrics = metrics
        self._rewound = rewound
        self._rooms: dict[Room, None] = {}
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._not_before = 0.0

    def touch(self, room: Room) -> None:
        """The room has news. It is flushed in this turn of the loop, or at the next tick."""
        self._rooms[room] = None
        if self._timer is None:
            if self._loop.time() >= self._not_before:
                self._timer = self._loop.call_soon(self._run)
            else:
                self._timer = self._loop.call_at(self._not_before, self._run)

    def _run(self) -> None:
        began = self._loop.time()
        rooms, self._rooms = self._rooms, {}
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
        if deliveries:
            self._metrics.deliveries.inc(deliveries)
        # The loop writes to the sockets after this turn's callbacks; the next turn knows what it cost.
        self._timer = self._loop.call_soon(self._written, began)

    def _written(self, began: float) -> None:
        now = self._loop.time()
        cost = now - began
        self._metrics.flushes.observe(cost)
        self._not_before = now + min(limits.FANOUT_MAX_FLUSH_MS / 1000, cost * _REST)
        self._timer = self._loop.call_at(self._not_before, self._run) if self._rooms else None

    @property
    def quiet_s(self) -> float:
        """For how long nothing has been sent."""
        return self._loop.time() - self._not_before

    def finish(self) -> None:
        """Flush what there is, now: before a worker goes."""
        if self._timer is not None:
            self._timer.cancel()
        self._run()
