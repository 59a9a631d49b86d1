"""The three clients that talk to Valkey, each with the settings that its commands need (TRAPS 1-3).

- ``append``  no retries and a short timeout: an append that was not answered may have been carried out. Only
  ``append.lua`` may be repeated, and ``append.py`` does that where it can be seen.
- ``reader``  a timeout above BLOCK, so that waiting for entries is not mistaken for a store that is gone. No
  retries: who reads on must know that there was a break.
- ``rest``    reads and idempotent writes: two retries.

Pools wait for a free connection instead of raising at the hundredth. A command that has begun is never
cancelled: ``UnderWay.finish`` lets it end in peace, or its reply would be the next caller's.

Rejected: one client for all (each default is wrong for two of the three); ``Redis.from_url`` (what stands
after ``?`` in the URL wins over what is written here).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.connection import BlockingConnectionPool, UnixDomainSocketConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import NoScriptError

from tablecloth.log.away import STORE_TROUBLE, log_away
from tablecloth.problems import SetupProblem

Result = TypeVar("Result")

REST_TIMEOUT_S = 2.0
REST_RETRIES = 2
READ_BYTES = 262144
_FROM_URL = {"username", "password", "host", "port", "db", "path", "connection_class"}
_RAW_REPLIES = ("XREAD", "XRANGE", "XREVRANGE")


def address_of(url: str) -> dict[str, Any]:
    """What a URL says of where and who. Raises SetupProblem. Settings after ``?`` are left out, but for TLS
    and db.
    """
    scheme, colon, rest = url.partition(":")
    redis_url = {"valkey": "redis", "valkeys": "rediss"}.get(scheme, scheme) + colon + rest
    try:
        options = cast(dict[str, Any], parse_url(redis_url))
    except ValueError as problem:
        raise SetupProblem(
            "The address of Valkey could not be understood.",
            "Write it like redis://localhost:6379/0, rediss://… with TLS, or unix:///path/to/valkey.sock.",
        ) from problem
    return {name: value for name, value in options.items() if name in _FROM_URL or name.startswith("ssl_")}


def _as_it_came(response: Any, **_: Any) -> Any:
    return response


async def command(client: Redis, *words: str | bytes | int) -> Any:
    """Send a command that the client has no typed method for. Raises what the client raises."""
    return await client.execute_command(*words)  # type: ignore[no-untyped-call]


def make_client(url: str, timeout_s: float, retries: int, connections: int) -> Redis:
    """A client with all its settings said. Connects at its first command, so a store that is away is no
    trouble here.
    """
    options = address_of(url)
    if options.get("connection_class") is not UnixDomainSocketConnection:
        options["socket_keepalive"] = True
    pool = BlockingConnectionPool(
        max_connections=connections,
        timeout=timeout_s,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        socket_read_size=READ_BYTES,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05) if retries else NoBackoff(), retries),
        protocol=2,
        driver_info=None,
        **options,
    )
    client: Redis = Redis.from_pool(pool)
    for command in _RAW_REPLIES:
        # As they came: dictionaries of each entry would cost more than the reading.
        client.set_response_callback(command, _as_it_came)
    return client


@dataclass(slots=True, frozen=True)
class Clients:
    """The three. ``close`` ends what the reader waits for; the others' commands must have ended
    (``UnderWay.drain``).
    """

    append: Redis
    reader: Redis
    rest: Redis

    @classmethod
    def of(cls, url: str, append_timeout_s: float, block_s: float) -> Clients:
        return cls(
            append=make_client(url, append_timeout_s, retries=0, connections=16),
            reader=make_client(url, block_s + 2.0, retries=0, connections=4),
            rest=make_client(url, REST_TIMEOUT_S, REST_RETRIES, connections=32),
        )

    async def close(self) -> None:
        for client in (self.reader, self.append, self.rest):
            try:
                await client.aclose(close_connection_pool=True)
            except STORE_TROUBLE:
                # It is gone already, which is what closing is for.
                continue


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


class Script:
    """A Lua script of this package, loaded where the store doesn't have it (it forgets all at a restart)."""

    def __init__(self, name: str) -> None:
        self.text = resources.files("tablecloth.log").joinpath(name).read_text(encoding="utf-8")
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    async def run(self, client: Redis, keys: list[str], args: list[Any]) -> Any:
        """Run it. Raises what the client raises."""
        try:
            return await client.evalsha(self.sha, len(keys), *keys, *args)
        except NoScriptError:
            # SCRIPT LOAD and not EVAL: Valkey 8 forgets scripts that came with EVAL when there are many.
            await client.script_load(self.text)
            return await client.evalsha(self.sha, len(keys), *keys, *args)


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
