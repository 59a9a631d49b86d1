"""Who is in a space with a link for writing, on all workers: what a roll is taken from (FOLD-104).

Each worker names its own in the store when they come, when they go, and every ``presence_beat_s``; whom
nobody names any more goes by itself, so that a worker that died leaves nobody behind. A roll asks the
store, and names the worker's own with the same call: nobody who is connected here can be missing.

Rejected: presence (it is thinned, may be lost, and those who only read have none); what workers tell each
other in passing (a message that is lost would take somebody's vote).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter

from tablecloth.log.interface import Log, LogAway


class Attendance:
    """One a worker. ``worker``: its random name, without spaces."""

    def __init__(self, log: Log, worker: str) -> None:
        self._log = log
        self._worker = worker
        self._here: dict[str, Counter[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def enter(self, space: str, author: str) -> None:
        """A connection of this participant is let in with a link for writing."""
        here = self._here.setdefault(space, Counter())
        here[author] += 1
        if here[author] == 1:
            self._start(space, [author], [])

    def leave(self, space: str, author: str) -> None:
        """One of their connections is gone. Call it once for each ``enter``."""
        here = self._here.get(space)
        if here is None or author not in here:
            return
        here[author] -= 1
        if here[author] <= 0:
            del here[author]
            self._start(space, [], [author])
            if not here:
                del self._here[space]

    def beat(self) -> None:
        """Name everybody again."""
        for space, here in self._here.items():
            self._start(space, list(here), [])

    async def roll(self, space: str) -> list[str]:
        """The pseudonyms of all who are there, sorted. Raises LogAway."""
        return await self._say(space, list(self._here.get(space, ())), [])

    def _start(self, space: str, stay: list[str], leave: list[str]) -> None:
        task = asyncio.ensure_future(self._try(space, stay, leave))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, space: str, stay: list[str], leave: list[str]) -> None:
        # Trouble is no matter: the next beat names them again.
        with contextlib.suppress(LogAway):
            await self._say(space, stay, leave)

    async def _say(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        members = await self._log.here(
            space, [f"{who} {self._worker}" for who in stay], [f"{who} {self._worker}" for who in leave]
        )
        return sorted({member.partition(" ")[0] for member in members})
