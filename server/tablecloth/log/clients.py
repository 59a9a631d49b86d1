"""What talks to Valkey, each with the settings that its commands need (TRAPS 1-3).

- ``append``  bare lines with a short timeout. Nothing is retried: an append that was not answered may have
  been carried out. Only ``append.lua`` may be repeated, and ``append.py`` does that where it can be seen.
- ``feed``    a bare line for each follower, with a timeout above BLOCK, so that waiting for entries is not
  mistaken for a store that is gone. No retries: who reads on must know that there was a break.
- ``talk``    for Pub/Sub; as ``feed``.
- ``rest``    reads and idempotent writes: two retries.

Who asks waits for a free connection; the client's own pools raise at the hundredth. A command that has begun
is never cancelled: ``UnderWay.finish`` lets it end in peace.

Rejected: one client for all (each default is wrong for most of them); ``Redis.from_url`` (see
``address.py``).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from importlib import resources
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.connection import BlockingConnectionPool
from redis.exceptions import NoScriptError

from tablecloth.log.address import connection_to, options_of
from tablecloth.log.away import STORE_TROUBLE, log_away
from tablecloth.log.lines import StoreLine, StoreLines, Word
from tablecloth.log.settings import LogSettings

Result = TypeVar("Result")

REST_TIMEOUT_S = 2.0
REST_RETRIES = 2
BEYOND_BLOCK_S = 2.0
_RAW_REPLIES = ("XREAD", "XRANGE", "XREVRANGE")


def _as_it_came(response: Any, **_: Any) -> Any:
    return response


def make_client(url: str, timeout_s: float, retries: int, connections: int) -> Redis:
    """A client with all its settings said. Connects at its first command, so a store may be away here."""
    pool = BlockingConnectionPool(
        max_connections=connections,
        timeout=timeout_s,
        **options_of(url, timeout_s, timeout_s, retries),
    )
    client: Redis = Redis.from_pool(pool)
    for name in _RAW_REPLIES:
        # As they came: dictionaries of each entry would cost more than the reading.
        client.set_response_callback(name, _as_it_came)
    return client


class Clients:
    """All of them. Raises SetupProblem if the address can't be understood."""

    def __init__(self, url: str, settings: LogSettings) -> None:
        self._url = url
        self._settings = settings
        timeout_s = settings.append_timeout_s
        self.append = StoreLines(lambda: StoreLine(connection_to(url, timeout_s), timeout_s), most=16)
        self.talk = make_client(url, settings.block_s + BEYOND_BLOCK_S, retries=0, connections=4)
        self.rest = make_client(url, REST_TIMEOUT_S, REST_RETRIES, connections=32)

    def feed_line(self) -> StoreLine:
        """A line for one follower; the follower closes it."""
        return StoreLine(connection_to(self._url, REST_TIMEOUT_S), self._settings.block_s + BEYOND_BLOCK_S)

    async def wake(self) -> None:
        """End what waits for others to speak."""
        await _end(self.talk.connection_pool.disconnect(inuse_connections=True))

    async def close(self) -> None:
        """Let go of the store. Commands must have ended (``UnderWay.drain``). A repeat is harmless."""
        await self.append.close()
        await _end(self.talk.aclose(close_connection_pool=True))
        await _end(self.rest.aclose(close_connection_pool=True))


async def _end(work: Awaitable[None]) -> None:
    try:
        await work
    except STORE_TROUBLE:
        # It is gone already, which is what this is for.
        return


class UnderWay:
    """Commands that have begun and must end, whoever waits for them (TRAPS 3)."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()

    async def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Await a command. If the caller is cancelled it goes on alone, and its outcome is dropped."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Looked at, so that asyncio doesn't complain of a trouble that nobody waits for any more.
            task.exception()

    async def drain(self) -> None:
        """Return once everything that has begun has ended."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))


async def answered(work: Awaitable[Result]) -> Result:
    """The answer to a command of ``rest``, or LogAway."""
    try:
        return await work
    except STORE_TROUBLE as problem:
        raise log_away(problem) from problem


async def command(client: Redis, *words: Word) -> Any:
    """Send a command that the client has no typed method for. Raises what the client raises."""
    return await client.execute_command(*words)  # type: ignore[no-untyped-call]


class Script:
    """A Lua script of this package, loaded where the store doesn't have it (it forgets all at a restart)."""

    def __init__(self, name: str) -> None:
        self.text = resources.files("tablecloth.log").joinpath(name).read_text(encoding="utf-8")
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    async def run(self, ask: Callable[..., Awaitable[Any]], keys: list[str], args: list[Word]) -> Any:
        """Run it by ``ask``, which sends a command. Raises what that raises."""

        async def ask_all(commands: Sequence[tuple[Word, ...]]) -> list[Any]:
            return [await ask(*words) for words in commands]

        return (await self.run_all(ask_all, [(keys, args)]))[0]

    async def run_all(
        self,
        ask_all: Callable[[Sequence[tuple[Word, ...]]], Awaitable[list[Any]]],
        calls: Sequence[tuple[list[str], list[Word]]],
    ) -> list[Any]:
        """Run it several times by ``ask_all``, which sends commands together: for scripts whose repeats are
        harmless, because the first that is refused ends it.
        """
        commands = [("EVALSHA", self.sha, len(keys), *keys, *args) for keys, args in calls]
        try:
            return await ask_all(commands)
        except NoScriptError:
            # SCRIPT LOAD and not EVAL: Valkey 8 forgets scripts that came with EVAL when there are many.
            await ask_all([("SCRIPT", "LOAD", self.text)])
            return await ask_all(commands)


class Pause:
    """How long to wait before trying again: a random part of a time that doubles, so that workers don't
    march in step.
    """

    def __init__(self, first_s: float = 0.05, longest_s: float = 1.0) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def reset(self) -> None:
        self._next_s = self._first_s

    def next_s(self) -> float:
        """The next wait in seconds; never none at all."""
        wait_s = self._next_s * random.uniform(0.5, 1.0)
        self._next_s = min(self._longest_s, self._next_s * 2)
        return wait_s


async def wait_or_close(closing: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the log's closing."""
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        return
