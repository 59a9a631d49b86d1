"""The topology of docker-compose.yml without containers: a Valkey of its own, and two workers beside it.

What both are started with is read from the compose file and parsed by the real command line; only addresses
and folders are others.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from tablecloth.client import Board, Space, connect
from tablecloth.wire.frames import PROTOCOL_VERSION

from tests.support.bare_http import request
from tests.support.compose import compose_file, config_of, container_commands, options
from tests.support.plain_words import assert_plain
from tests.support.raw import raw
from tests.support.reading import assert_sound, chain_of
from tests.support.server import Server, free_port
from tests.support.stored import Store
from tests.support.tables import Table, new_table
from tests.support.valkey import ValkeyServer, until_async

pytestmark = pytest.mark.integration

PEOPLE = 12
WORKERS = 2


@pytest.fixture
def valkey_beside() -> Iterator[Beside]:
    """A Valkey with the settings of the compose file, on a port of the loopback. It isn't started."""
    settings = options(compose_file()["services"]["valkey"]["command"])
    beside = Beside(free_port(), settings)
    yield beside
    beside.remove()


class Beside(ValkeyServer):
    """A Valkey that is reached over TCP, as one in a container is."""

    def __init__(self, port: int, settings: dict[str, str]) -> None:
        super().__init__(settings=settings | {"port": str(port), "bind": "127.0.0.1"})
        self.address = f"redis://127.0.0.1:{port}/0"


def server_of_compose(valkey: Beside) -> Server:
    """A server as the compose file starts it, by that Valkey. It isn't started."""
    command, _ = container_commands()
    given = config_of(command)
    server = Server(workers=given.workers)
    server.config = dataclasses.replace(
        given,
        host="127.0.0.1",
        port=server.port,
        data=server.data,
        valkey=valkey.address,
        records="json",
        spaces_per_minute=1000,
    )
    return server


@pytest.fixture
def composed(valkey_beside: Beside) -> Iterator[Server]:
    """The whole topology, running."""
    valkey_beside.start()
    with server_of_compose(valkey_beside) as server:
        yield server


@asynccontextmanager
async def people_at(table: Table, count: int = PEOPLE) -> AsyncIterator[list[tuple[Space, Board]]]:
    """So many participants at a table, each by a connection of their own."""
    async with AsyncExitStack() as stack:
        people = []
        for number in range(count):
            link = connect(table.edit_link, name=f"Person {number}", patience_s=60)
            space = await stack.enter_async_context(link)
            people.append((space, await space.open()))
        yield people


async def until_alike(people: list[tuple[Space, Board]], seq: int) -> None:
    """Return once all have folded so much; they must then have the same chain."""
    for _, board in people:
        await board.until(lambda board=board: board.seq >= seq)  # type: ignore[misc]
    assert len({(board.seq, board.chain) for _, board in people}) == 1


class TestTwoWorkers:
    async def test_serve_one_board_and_one_may_be_killed(
        self, composed: Server, valkey_beside: Beside
    ) -> None:
        table = await new_table(composed.http)
        async with people_at(table) as people:
            notes = await asyncio.gather(*(board.add("note", text="before") for _, board in people))
            await until_alike(people, 1 + 2 * PEOPLE)

            before = composed.worker_pids()
            writing = [asyncio.ensure_future(write(board)) for _, board in people]
            await people[0][1].until(lambda: people[0][1].seq > 10 * PEOPLE)
            os.kill(before[0], signal.SIGKILL)
            later = [note for some in await asyncio.gather(*writing) for note in some]
            await until_async(lambda: len(set(composed.worker_pids()) - {before[0]}) == WORKERS, 30)

            moved = [space for space, _ in people if space.connections > 1]
            stayed = [space for space, _ in people if space.connections == 1]
            # Who had to come back was at the worker that was killed: the board was served by both.
            assert moved
            assert stayed
            expected = 1 + 2 * PEOPLE + 2 * len(later)
            await until_alike(people, expected)
            assert before[1] in composed.worker_pids(), "the other worker goes on"
        with Store(valkey_beside.url) as store:
            lines = store.lines(table.space, table.board)
        assert_sound(table.space, table.board, lines)
        assert len(lines) == expected
        assert sorted(line.element for line in lines if line.kind == "add") == sorted([*notes, *later])
        assert chain_of(table.space, table.board, lines) == people[0][1].chain

    async def test_say_that_an_ack_is_on_disk(self, composed: Server, valkey_beside: Beside) -> None:
        said = composed.readiness()

        assert said["ready"] is True
        assert said["durable"] == "fsync"
        with Store(valkey_beside.url) as store:
            assert store.setting("maxmemory-policy") == "noeviction"
        assert not (composed.data / "valkey").exists(), "it made a store of its own"

    async def test_end_in_peace(self, composed: Server) -> None:
        table = await new_table(composed.http)
        async with connect(table.edit_link) as space:
            board = await space.open()
            await board.add("note", text="Good night")
            assert await asyncio.to_thread(composed.stop) == 0


async def write(board: Board) -> list[str]:
    """Write notes, one after the other."""
    return [await board.add("note", text=f"note {number}") for number in range(20)]


class TestValkeyAway:
    async def test_at_the_start(self, valkey_beside: Beside) -> None:
        """TRAPS 9: the server starts, says what is missing, and goes on by itself when it is there."""
        server = server_of_compose(valkey_beside)
        try:
            server.start(waits=False)
            await until_async(server.is_healthy, 30)
            await until_async(lambda: server.readiness()["missing"] != [], 30)

            ready = await request(server.http, "GET", "/readyz")
            assert ready.status == 503
            assert ready.json()["ready"] is False
            for words in ready.json()["missing"]:
                assert_plain(words, "/readyz")
            begun = await request(server.http, "POST", "/api/spaces", body=b'{"title": "A"}')
            assert begun.status == 503
            assert_plain(begun.json()["words"], "a new space")
            async with raw(server.ws) as line:
                hello = {"t": "hello", "v": PROTOCOL_VERSION, "space": "spacespace", "secret": "s" * 22}
                await line.send(hello | {"token": "t" * 22, "session": "s" * 16})
                said = await line.hear_all()
            assert (said[-1]["t"], said[-1]["code"]) == ("bye", "away")
            assert_plain(said[-1]["words"], "hello")
            assert line.closed is not None
            assert line.closed[0] == 1013
            before = server.worker_pids()

            await asyncio.to_thread(valkey_beside.start)
            await asyncio.to_thread(server.wait_ready)

            table = await new_table(server.http)
            async with people_at(table, 3) as people:
                await people[0][1].add("note", text="Now it is there.")
                await until_alike(people, 3)
            assert server.worker_pids() == before, "nothing had to be started anew"
        finally:
            server.__exit__(None, None, None)

    async def test_for_a_while(self, composed: Server, valkey_beside: Beside) -> None:
        table = await new_table(composed.http)
        async with people_at(table, 4) as people:
            await people[0][1].add("note", text="before")
            before = composed.worker_pids()
            await asyncio.to_thread(valkey_beside.kill)
            await until_async(lambda: not composed.is_ready(), 30)
            for words in composed.readiness()["missing"]:
                assert_plain(words, "/readyz")
            waiting = [asyncio.ensure_future(board.add("note", text="meanwhile")) for _, board in people]

            await asyncio.to_thread(valkey_beside.start)

            notes = await asyncio.gather(*waiting)
            await until_alike(people, 3 + 2 * len(notes))
            await until_async(composed.is_ready, 30)
            assert composed.worker_pids() == before
        with Store(valkey_beside.url) as store:
            lines = store.lines(table.space, table.board)
        assert_sound(table.space, table.board, lines)
        assert sorted(line.element for line in lines[3:] if line.kind == "add") == sorted(notes)
