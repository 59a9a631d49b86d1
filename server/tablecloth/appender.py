"""The way into the log: one appender a bucket gathers what sessions hand on and makes one call of it at a
time.

    Connection.take ─> offer ─> queue ─ one log.append ─> answers, gathered for each connection and board

Invariants: groups of one bucket reach the log in the order in which they were offered; a group stays here
until the log has answered it, through any number of failures (the marks make repeats harmless, PROTOCOL-20);
nobody is answered before the log has (PROTOCOL-22). While the store can't write for longer than
``read_only_after_s``, ``Store`` says so.

Rejected: a call for each group (an fsync each); cancelling a call that takes long (TRAPS 3).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeAlias

import structlog

from tablecloth import limits
from tablecloth.log.interface import Answer, Group, Log, LogAway, bucket_of
from tablecloth.metrics import Metrics

_CALL_S = 0.0015
"""Calls of all buckets together begin this often at most: one costs some 0.3 ms of this core and the store's.
"""
_ROUND_S = 0.03
"""But when many buckets are busy, none waits longer than this for its turn."""
_CALLS_AHEAD = 8
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0

_log = structlog.get_logger("appender")


class Owner(Protocol):
    """Who handed on a group."""

    def answered(self, board: str, answers: list[tuple[str, int, Answer]]) -> None:
        """(session, n, answer) of groups of one board, in the log's order."""

    def unanswerable(self) -> None:
        """The log can't take a group, and never will: this side's mistake. The participant starts over."""


class Store:
    """Whether edits can be kept. ``changed`` is called with the new answer."""

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self.is_writable = True
        self.code = ""
        self._changed = changed

    def trouble(self, code: str) -> None:
        """``away`` or ``full``. A repeat is harmless."""
        if self.is_writable:
            self.is_writable, self.code = False, code
            _log.warning("store_cannot_write", code=code)
            self._changed(False)

    def well(self) -> None:
        """An append was answered. A repeat is harmless."""
        if not self.is_writable:
            self.is_writable, self.code = True, ""
            _log.warning("store_writes_again")
            self._changed(True)


class Pace:
    """When the next call may begin, all buckets together: a steady rate with a little ahead.

    What comes in before a call begins rides along, so that under load calls get larger and not more.
    """

    def __init__(self) -> None:
        self.busy = 0
        """Buckets that have something to append."""
        self._next = 0.0

    def wait_s(self, now: float) -> float:
        """Reserve a call; how long to wait for it."""
        spacing = min(_CALL_S, _ROUND_S / max(1, self.busy))
        self._next = max(self._next + spacing, now - _CALLS_AHEAD * spacing)
        return max(0.0, self._next - now)


Landed: TypeAlias = Callable[[str, int, int], None]
"""Told (board, seq of the first entry, seq of the last) of each group that the log took."""


class Appender:
    """One bucket's."""

    def __init__(self, log: Log, store: Store, pace: Pace, metrics: Metrics, landed: Landed) -> None:
        self._log = log
        self._store = store
        self._pace = pace
        self._metrics = metrics
        self._landed = landed
        self._queue: deque[tuple[Group, Owner]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def at_work(self) -> asyncio.Task[None] | None:
        """What ends once everything that was offered has been answered; None if it has."""
        return self._task

    def offer(self, group: Group, owner: Owner) -> None:
        """Take a group to the log after those that were offered before it."""
        self._queue.append((group, owner))
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        self._pace.busy += 1
        try:
            while self._queue:
                wait = self._pace.wait_s(clock())
                if wait > 0.0005:
                    await asyncio.sleep(wait)
                batch = list(self._queue)
                self._queue.clear()
                began = clock()
                answers = await self._until_answered([group for group, _ in batch])
                self._metrics.appends.observe(clock() - began)
                self._hand_out(batch, answers)
        finally:
            self._pace.busy -= 1
            self._task = None

    async def _until_answered(self, groups: list[Group]) -> list[Answer | None]:
        pause = _FIRST_PAUSE_S
        loop = asyncio.get_running_loop()
        while True:
            late = loop.call_later(limits.LOG_READ_ONLY_AFTER_S, self._store.trouble, "away")
            try:
                answers: list[Answer | None] = [*await self._log.append(groups)]
            except LogAway as away:
                self._store.trouble(away.code)
            except Exception:  # noqa: BLE001
                # This side's mistake, and no reason to hold up the others: find out whose it is.
                _log.exception("append_is_wrong", groups=len(groups))
                if len(groups) == 1:
                    return [None]
                return [answer for group in groups for answer in await self._until_answered([group])]
            else:
                self._store.well()
                return answers
            finally:
                late.cancel()
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, pause * 2)

    def _hand_out(self, batch: list[tuple[Group, Owner]], answers: list[Answer | None]) -> None:
        gathered: dict[tuple[Owner, str], list[tuple[str, int, Answer]]] = {}
        taken = 0
        for (group, owner), answer in zip(batch, answers, strict=True):
            if answer is None:
                owner.unanswerable()
                continue
            board = group.place.board
            if answer.code is None and not answer.repeated:
                taken += 1
                self._landed(board, answer.seq, answer.seq + len(group.entries) - 1)
            gathered.setdefault((owner, board), []).append((group.session, group.n, answer))
        self._metrics.edits.inc(taken)
        for (owner, board), theirs in gathered.items():
            owner.answered(board, theirs)


class Appenders:
    """All buckets' appenders."""

    def __init__(self, log: Log, store: Store, metrics: Metrics, landed: Landed) -> None:
        self._log = log
        self._store = store
        self._metrics = metrics
        self._landed = landed
        self._pace = Pace()
        self._buckets: dict[int, Appender] = {}

    def offer(self, group: Group, owner: Owner) -> None:
        """Take a group to the log."""
        bucket = bucket_of(group.place.space)
        appender = self._buckets.get(bucket)
        if appender is None:
            appender = Appender(self._log, self._store, self._pace, self._metrics, self._landed)
            self._buckets[bucket] = appender
        appender.offer(group, owner)

    async def finish(self, timeout_s: float) -> None:
        """Return once everything that was offered is answered, or when the time is over."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + timeout_s
        while loop.time() < give_up:
            at_work = [appender.at_work for appender in self._buckets.values() if appender.at_work]
            if not at_work:
                return
            await asyncio.wait(at_work, timeout=give_up - loop.time())
