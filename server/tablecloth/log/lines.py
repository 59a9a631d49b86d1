"""Bare lines to the store, for what happens all the time: appending and reading the feeds.

A line is one connection with one command on it at a time, and one timeout around both sending and answer.
What ends in any other way than with an answer ends the connection too, so an answer can never be the next
one's (TRAPS 3). Nothing is retried (TRAPS 1).

A command costs about half of what it costs through the client's pool, with its two timers, a task and its
telemetry: that is a hundred microseconds of this core, some hundreds of times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias, cast

import hiredis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

from tablecloth.log.away import STORE_TROUBLE
from tablecloth.patience import Patience

Word: TypeAlias = str | bytes | int

# Its types say a tuple of one.
_pack: Callable[[tuple[Word, ...]], bytes] = cast(Any, hiredis).pack_command


class StoreLine:
    """One connection. Makes itself at the first command, and again after a break."""

    def __init__(self, connection: AbstractConnection, timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    async def ask(self, *words: Word) -> Any:
        """Send a command; its answer. Raises the store's refusals (ResponseError), and CONNECTION_LOST."""
        return (await self.ask_all([words]))[0]

    async def ask_all(self, commands: Sequence[tuple[Word, ...]]) -> list[Any]:
        """Send several commands in one go; their answers. The first refusal ends it."""
        packed = b"".join([_pack(words) for words in commands])
        try:
            async with asyncio.timeout(None) as limit:
                patience = Patience(self._timeout_s, partial(limit.reschedule, 0.0))
                try:
                    await self._be_ready()
                    await self._connection.send_packed_command(packed, check_health=False)
                    return [await self._connection.read_response() for _ in commands]
                finally:
                    patience.end()
        except BaseException as problem:
            if len(commands) > 1 or not isinstance(problem, ResponseError):
                # Somewhere in it there may still be an answer.
                await self.close()
            raise

    async def _be_ready(self) -> None:
        """Be connected, with nothing left to read: neither an old answer nor the other side's farewell."""
        connection = self._connection
        if connection.is_connected:
            if not await connection.can_read():
                return
            await connection.disconnect(nowait=True)
        await connection.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """End the connection; who waits on it is told that it was lost. A repeat is harmless."""
        try:
            await self._connection.disconnect(nowait=True)
        except STORE_TROUBLE:
            return


class StoreLines:
    """As many lines as are asked at once, up to ``most``; beyond that callers wait their turn (TRAPS 2)."""

    def __init__(self, make: Callable[[], StoreLine], most: int) -> None:
        self._make = make
        self._room = asyncio.Semaphore(most)
        self._free: list[StoreLine] = []

    async def ask(self, *words: Word) -> Any:
        """As ``StoreLine.ask``, on any line that is free."""
        return (await self.ask_all([words]))[0]

    async def ask_all(self, commands: Sequence[tuple[Word, ...]]) -> list[Any]:
        """As ``StoreLine.ask_all``, on any line that is free."""
        async with self._room:
            line = self._free.pop() if self._free else self._make()
            try:
                return await line.ask_all(commands)
            finally:
                self._free.append(line)

    async def close(self) -> None:
        """End the lines. Their commands must have ended."""
        for line in self._free:
            await line.close()
        self._free.clear()
