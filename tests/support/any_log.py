"""Both kinds of log for the contract suites: ``any_worker`` makes workers over a real store or in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

import pytest
from tablecloth.log.interface import Log
from tablecloth.log.valkey_log import ValkeyLog

from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.valkey import find_redis


class Workers(Protocol):
    """Makes as many workers' logs as a test wants, over one store."""

    def __call__(self) -> Log: ...


@pytest.fixture(params=["valkey", "memory", *(["redis"] if find_redis() else [])])
async def any_worker(request: pytest.FixtureRequest) -> AsyncIterator[Workers]:
    """Each call is another worker on the same store."""
    logs: list[Log] = []
    make: Callable[[], Log]
    if request.param in {"valkey", "redis"}:
        url = request.getfixturevalue(f"{request.param}_url")

        def make() -> Log:
            return ValkeyLog(url)

    else:
        store = MemoryStore()

        def make() -> Log:
            return MemoryLog(store)

    def one_more() -> Log:
        logs.append(make())
        return logs[-1]

    yield one_more
    for log in logs:
        await log.close()
