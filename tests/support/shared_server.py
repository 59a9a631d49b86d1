"""One server with two workers for the tests of a module that attack it, and what holds after each of them.

hall            the server; fails a test after which not all of its processes are the ones from before
http            its address
table           a space of the test's own; other_table: one more
store           a look into its Valkey
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.server import Server
from tests.support.stored import Store
from tests.support.tables import Table, new_table


@contextmanager
def unharmed(server: Server) -> Iterator[list[int]]:
    """What may come to a running server, none of whose processes (given) may end, nor have any mishap."""
    before = processes(server)
    yield before
    assert processes(server) == before, f"a process ended\n{server.output()}"
    mishaps = [line for line in server.output().splitlines() if '"level":"error"' in line.replace(" ", "")]
    assert not mishaps, f"what others send is no mishap of the server: {mishaps[:3]}"


@pytest.fixture(scope="module")
def _hall() -> Iterator[tuple[Server, list[int]]]:
    with Server(workers=2) as server, unharmed(server) as before:
        yield server, before


def processes(server: Server) -> list[int]:
    return [server.pid, server.store_pid(), *server.worker_pids()]


@pytest.fixture
def hall(_hall: tuple[Server, list[int]]) -> Iterator[Server]:
    """The server. Whatever a test does to it, no process may end or stop to answer."""
    server, before = _hall
    yield server
    for pid in before:
        os.kill(pid, 0)  # raises if it is gone
    assert server.is_healthy()


@pytest.fixture
def http(hall: Server) -> str:
    return hall.http


@pytest.fixture
async def table(http: str) -> Table:
    """A space of this test's own."""
    return await new_table(http)


@pytest.fixture
async def other_table(http: str) -> Table:
    """Another space on the same server."""
    return await new_table(http, "Another table")


@pytest.fixture
def store(hall: Server) -> Iterator[Store]:
    """What lies in the server's Valkey."""
    with Store(f"unix://{hall.data}/valkey/valkey.sock") as looking:
        yield looking
