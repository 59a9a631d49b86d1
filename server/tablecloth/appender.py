"""The way into the log: what all sessions hand on is gathered, and taken to the log in one call at a time.

    Connection.take ─> offer ─> queue ─ one log.append ─> answers, gathered for each connection and board

Invariants: groups of one bucket reach the log in the order in which they were offered; a group stays here
until the log has answered it, through any number of failures (the marks make repeats harmless, PROTOCOL-20);
nobody is answered before the log has (PROTOCOL-22). While the store can't write for longer than
``read_only_after_s``, ``Store`` says so.

Rejected: a call for each group (an fsync each); calls of all buckets side by side (each costs half a
millisecond of this core and the store's, and twenty busy spaces then do nothing else); cancelling a call that
takes long (TRAPS 3).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, TypeAlias

import structlog

from tablecloth import limits
from tablecloth.log.interface import Answer, Group, Log, LogAway
from tablecloth.metrics import Metrics
from tablecloth.patience import Patience
from tablecloth.session import Answered

_SPACING_S = 0.001
_LONGEST_SPACING_S = 0.008
"""Calls begin ``_SPACING_S`` apart at least for each space in them, because each has a script of its own,
which costs worker and store about as much as an edit: what comes in between rides along. An edit waits for
its call, then for the flusher's tick: both together have to stay well below a tenth of a second.
"""
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0

_log = structlog.get_logger("appender")


class Owner(Protocol):
    """Who handed on a group."""

    def answered(self, board: str, answers: list[Answered]) -> None:
        """What became of groups of one board, in the log's order."""

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


Later: TypeAlias = Callable[[Callable[[], None]], None]
"""Calls what it is given, soon: when answers are handed out."""
Landed: TypeAlias = Callable[[str, int, int], None]
"""Told (board, seq of the first entry, seq of the last) of each group that the log took."""


class Appender:
    """One a worker."""

    def __init__(self, log: Log, store: Store, metrics: Metrics, landed: Landed, later: Later) -> None:
        self._log = log
        self._store = store
        self._metrics = metrics
        self._landed = landed
        self._later = later
        self._queue: list[tuple[Group, Owner]] = []
        self._task: asyncio.Task[None] | None = None

    def offer(self, group: Group, owner: Owner) -> None:
        """Take a group to the log after those that were offered before it."""
        self._queue.append((group, owner))
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def finish(self, timeout_s: float) -> None:
        """Return once everything that was offered is answered, or when the time is over."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=timeout_s)

    async def _run(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue, []
                began = time.perf_counter()
                answers = await self._until_answered([group for group, _ in batch])
                took = time.perf_counter() - began
                self._metrics.appends.observe(took)
                self._hand_out(batch, answers)
                spaces = len({group.place.space for group, _ in batch})
                spacing = min(_LONGEST_SPACING_S, _SPACING_S * spaces)
                if took < spacing:
                    await asyncio.sleep(spacing - took)
        finally:
            self._task = None

    async def _until_answered(self, groups: list[Group]) -> list[Answer | None]:
        pause = _FIRST_PAUSE_S
        while True:
            late = Patience(limits.LOG_READ_ONLY_AFTER_S, self._is_away)
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
                late.end()
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, pause * 2)

    def _is_away(self) -> None:
        self._store.trouble("away")

    def _hand_out(self, batch: list[tuple[Group, Owner]], answers: list[Answer | None]) -> None:
        gathered: dict[tuple[Owner, str], list[Answered]] = {}
        taken = 0
        for (group, owner), answer in zip(batch, answers, strict=True):
            if answer is None:
                owner.unanswerable()
                continue
            board, seq, code = group.place.board, answer.seq, answer.code
            if code is None and not answer.repeated:
                taken += 1
                self._landed(board, seq, seq + len(group.entries) - 1)
            answered = (group.session, group.n, seq, code, answer.mark)
            theirs = gathered.get((owner, board))
            if theirs is None:
                gathered[owner, board] = [answered]
            else:
                theirs.append(answered)
        self._metrics.edits.inc(taken)
        self._later(lambda: _tell(gathered))


def _tell(gathered: dict[tuple[Owner, str], list[Answered]]) -> None:
    for (owner, board), theirs in gathered.items():
        owner.answered(board, theirs)
