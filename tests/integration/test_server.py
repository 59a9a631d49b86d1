"""A real server and a real Valkey: one order for all, slow and stuck readers, workers that come and go,
moving.

What no honest participant would do is in `test_bad_*.py`; many kills under load are in `tests/chaos`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgpack
import pytest
from tablecloth import limits
from tablecloth.web import protocol
from tablecloth.wire.frames import PROTOCOL_VERSION

from tests.support.bad_edits import new_id
from tests.support.chance import chance
from tests.support.house import House, open_house
from tests.support.raw import Frame, raw
from tests.support.server import Server, children_of, wait_until
from tests.support.tables import Seat, Table, new_table, seat
from tests.support.valkey import ValkeyServer, valkey_server

pytestmark = pytest.mark.integration


def note(rng: random.Random, x: int = 0) -> list[Any]:
    """A new note, as an edit on the wire."""
    return ["add", new_id(rng), new_id(rng), 1, 1, "note", {"x": x}]


def long_note(rng: random.Random, length: int) -> list[list[Any]]:
    """A new note with so many words."""
    element, hand = new_id(rng), new_id(rng)
    return [
        ["add", element, hand, 1, 1, "note", {}],
        ["text", element, hand, 2, 1, "text", [[0, 0, length]], "x" * length],
    ]


async def entries_until(sitting: Seat, seq: int) -> list[Any]:
    """Everything that a participant was and is sent, up to a seq, as it came."""
    count = 0
    entries: list[Any] = []
    while True:
        for frame in sitting.line.heard[count:]:
            if frame["t"] == "entries":
                entries += frame["entries"]
        count = len(sitting.line.heard)
        if entries and entries[-1][0] >= seq:
            return entries
        frame_or_end = await sitting.line.hear()
        assert frame_or_end is not None, sitting.line.closed


@pytest.fixture(scope="module")
def calm() -> Iterator[Server]:
    """A server that nobody harms."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def two() -> Iterator[Server]:
    """One with two workers."""
    with Server(workers=2) as running:
        yield running


@asynccontextmanager
async def seats(table: Table, rng: random.Random, count: int) -> AsyncIterator[list[Seat]]:
    """So many participants at a table."""
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(seat(table, rng)) for _ in range(count)]


def numbers(server: Server, name: str) -> dict[str, float]:
    """A number of `/metrics`, by worker."""
    text = httpx.get(f"{server.http}/metrics", trust_env=False, timeout=60).text
    found = {}
    for line in text.splitlines():
        if line.startswith(f"{name}{{"):
            labels, _, value = line.rpartition(" ")
            found[labels.partition('worker="')[2].partition('"')[0]] = float(value)
    return found


async def everybody_writes(sitting: list[Seat], rng: random.Random, each: int) -> None:
    async def write(one: Seat) -> None:
        for _ in range(each):
            await one.write(note(rng))

    await asyncio.gather(*[write(one) for one in sitting])


class TestOneOrder:
    async def test_protocol_11_two_clients_see_one_order(self, calm: Server) -> None:
        rng, _ = chance("one order")
        table = await new_table(calm.http)
        async with seats(table, rng, 2) as sitting:
            await everybody_writes(sitting, rng, 50)
            seen = [await entries_until(one, 101) for one in sitting]
        assert seen[0] == seen[1]
        assert [entry[0] for entry in seen[0]] == list(range(2, 102))

    async def test_two_workers_serve_one_board(self, two: Server) -> None:
        rng, _ = chance("two workers")
        table = await new_table(two.http)
        async with seats(table, rng, 16) as sitting:
            await asyncio.to_thread(
                wait_until, lambda: min(numbers(two, "tablecloth_connections").values()) > 0, 10, "both serve"
            )
            await everybody_writes(sitting, rng, 10)
            seen = [await entries_until(one, 161) for one in sitting]
        assert all(each == seen[0] for each in seen)
        assert [entry[0] for entry in seen[0]] == list(range(2, 162))

    async def test_presence_and_names_cross_workers(self, two: Server) -> None:
        rng, _ = chance("presence")
        table = await new_table(two.http)
        async with seats(table, rng, 8) as sitting:
            for place, one in enumerate(sitting):
                await one.line.send({"t": "name", "name": f"Person {place}"})
                await one.line.send({"t": "here", "board": table.board, "here": {"at": [place, place]}})
            everybody = {one.author for one in sitting}
            for one in sitting:
                shown: set[str] = set()
                named: dict[str, str] = {}
                while shown != everybody or set(named) != everybody:
                    frame = await one.line.hear()
                    assert frame is not None
                    shown |= {each["author"] for each in frame.get("here", ()) if frame["t"] == "presence"}
                    named |= {each["author"]: each.get("name", "") for each in frame.get("people", ())}
                assert set(named.values()) == {f"Person {place}" for place in range(8)}

    async def test_numbers_of_all_workers_whoever_is_asked(self, two: Server) -> None:
        for _ in range(6):
            assert set(numbers(two, "tablecloth_connections")) == {"0", "1"}


class TestReaders:
    """PROTOCOL-13, TRAPS 10 and 17, over real sockets. The house is in this process: its limits can be
    changed.
    """

    @staticmethod
    async def deaf(house: House, table: Table, rng: random.Random) -> socket.socket:
        """A participant that opened the board and then stops reading, with small buffers of its own."""
        hello: Frame = {"t": "hello", "v": PROTOCOL_VERSION, "space": table.space, "secret": table.secret}
        hello |= {"token": new_id(rng) + new_id(rng), "session": new_id(rng)}
        frames: list[Frame] = [hello, {"t": "open", "board": table.board}]
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, ("127.0.0.1", house.port))
        await loop.sock_sendall(
            line,
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nUpgrade: websocket\r\n".encode()
            + b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + b"Sec-WebSocket-Version: 13\r\n\r\n",
        )
        data = b""
        while b"\r\n\r\n" not in data:
            data += await loop.sock_recv(line, 4096)
        for frame in frames:
            payload = msgpack.packb(frame)
            size = bytes((0x80 | 126,)) + len(payload).to_bytes(2, "big")
            await loop.sock_sendall(line, b"\x82" + size + bytes(4) + payload)
            if frame is hello:
                while b"welcome" not in data:
                    data += await loop.sock_recv(line, 65536)
        while b"snapshot" not in data:
            data += await loop.sock_recv(line, 65536)
        return line

    async def test_a_slow_reader_costs_nobody_and_is_brought_up_to_date(self) -> None:
        rng, _ = chance("slow reader")
        async with open_house() as house:
            table = await new_table(house.http)
            line = await self.deaf(house, table, rng)
            async with seat(table, rng) as writer, seat(table, rng) as reader:
                took = []
                for _ in range(150):
                    began = time.monotonic()
                    await writer.write(*long_note(rng, 30_000))
                    took.append(time.monotonic() - began)
                assert len(await entries_until(reader, 301)) == 300
                assert sorted(took)[len(took) // 2] < 1.0
            crowded = [each for each in house.worker.connections if each.line.is_crowded]
            assert len(crowded) == 1
            most = limits.FANOUT_ENTRIES_BACKLOG_BYTES + 2 * 262144
            assert crowded[0].line.backlog() < most
            assert await _seqs(line, 301) == list(range(2, 302))
            line.close()

    async def test_traps_10_a_stuck_reader_is_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "FANOUT_STUCK_AFTER_S", 1.0)
        rng, _ = chance("stuck reader")
        async with open_house() as house:
            table = await new_table(house.http)
            line = await self.deaf(house, table, rng)
            async with seat(table, rng) as writer:
                count = 0
                while len(house.worker.connections) > 1:
                    await writer.write(*long_note(rng, 30_000))
                    count += 1
                    await asyncio.sleep(0.01)
                assert count < 2000
                metrics = (await house.get("/metrics")).text
                assert 'tablecloth_backlog_aborts_total{worker="0"} 1.0' in metrics
            line.close()

    async def test_traps_10_13_a_reader_that_never_reads_does_not_hold_up_the_end(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "_CLOSE_WITHIN_S", 0.3)
        rng, _ = chance("stuck at the end")
        async with open_house() as house:
            table = await new_table(house.http)
            line = await self.deaf(house, table, rng)
            async with seat(table, rng) as writer:
                while not any(each.line.is_crowded for each in house.worker.connections):
                    await writer.write(*long_note(rng, 30_000))
            began = time.monotonic()
        assert time.monotonic() - began < 5
        line.close()


async def _seqs(line: socket.socket, last: int) -> list[int]:
    """Read on, and return the seqs of all entries up to the last."""
    loop = asyncio.get_running_loop()
    data = b""
    seqs: list[int] = []
    async with asyncio.timeout(60):
        while not seqs or seqs[-1] < last:
            data += await loop.sock_recv(line, 1 << 20)
            while len(data) >= 2:
                length, head = data[1], 2
                if length == 126:
                    length, head = int.from_bytes(data[2:4], "big"), 4
                elif length == 127:
                    length, head = int.from_bytes(data[2:10], "big"), 10
                if len(data) < head + length:
                    break
                if data[0] == 0x82:
                    frame = msgpack.unpackb(data[head : head + length])
                    seqs += [entry[0] for entry in frame.get("entries", ()) if frame["t"] == "entries"]
                data = data[head + length :]
    return seqs


class TestMoving:
    @pytest.mark.parametrize("workers", [1, 2])
    async def test_protocol_40_traps_13_sigterm_says_moving_first(self, workers: int) -> None:
        rng, _ = chance("moving")
        with Server(workers=workers) as server:
            table = await new_table(server.http)
            async with seats(table, rng, 4) as sitting:
                groups = [[one.frame(note(rng)) for _ in range(20)] for one in sitting]
                for one, frames in zip(sitting, groups, strict=True):
                    for frame in frames:
                        await one.line.send(frame)
                ending = asyncio.ensure_future(asyncio.to_thread(server.stop))
                for one in sitting:
                    frames = await one.line.hear_all()
                    assert any(frame["t"] == "moving" for frame in one.line.heard), one.line.heard
                    assert one.line.closed is not None
                    assert one.line.closed[0] == 1012
                    acked = [n for frame in one.line.heard if frame["t"] == "ack" for n, _ in frame["acks"]]
                    assert acked == list(range(1, 21)), "what was on its way was settled"
                assert await ending == 0
            assert "stopped" in server.output()

    async def test_it_ends_soon_when_the_store_is_away(self, own_valkey: ValkeyServer) -> None:
        rng, _ = chance("ending without a store")
        with Server(valkey=own_valkey.url) as server:
            table = await new_table(server.http)
            async with seat(table, rng) as sitting:
                own_valkey.freeze()
                await sitting.line.send(sitting.frame(note(rng)))
                began = time.monotonic()
                assert await asyncio.to_thread(server.stop) == 0
                assert time.monotonic() - began < 25
            own_valkey.thaw()


class TestWorkersComeAndGo:
    async def test_a_killed_worker_is_started_anew_and_the_others_go_on(self, two: Server) -> None:
        rng, _ = chance("a killed worker")
        table = await new_table(two.http)
        before = two.worker_pids()
        async with seats(table, rng, 12) as sitting:
            os.kill(before[0], signal.SIGKILL)
            lost = 0
            for one in sitting:
                try:
                    await one.write(note(rng))
                except AssertionError:
                    lost += 1
            assert 0 < lost < 12
        await asyncio.to_thread(two.wait_ready)
        after = two.worker_pids()
        assert len(after) == 2
        assert before[0] not in after
        assert before[1] in after
        async with seats(table, rng, 8) as again:
            await everybody_writes(again, rng, 2)

    async def test_traps_14_a_worker_that_stands_still_for_a_while_is_not_killed(self) -> None:
        rng, _ = chance("a worker that stands still")
        with Server(workers=2) as server:
            table = await new_table(server.http)
            pids = server.worker_pids()
            async with seats(table, rng, 8) as sitting:
                for pid in pids:
                    os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(7.0)
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
                await everybody_writes(sitting, rng, 1)
            assert server.worker_pids() == pids

    async def test_nothing_stays_when_the_parent_is_killed(self) -> None:
        with Server(workers=2) as server:
            children = children_of(server.pid)
            assert len(children) >= 3
            os.kill(server.pid, signal.SIGKILL)
            await asyncio.to_thread(
                wait_until, lambda: not any(_lives(pid) for pid in children), 30, "all have ended"
            )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return True


class TestStore:
    async def test_the_embedded_valkey_is_killed_and_comes_back(self, server: Server) -> None:
        rng, _ = chance("the store is killed")
        table = await new_table(server.http)
        async with seat(table, rng) as writer, seat(table, rng) as reader:
            for _ in range(3):
                await writer.write(note(rng))
                server.kill_store()
                await writer.write(note(rng))
            seen = await entries_until(reader, 7)
            assert [entry[0] for entry in seen] == list(range(2, 8))
            assert reader.line.closed is None

    async def test_protocol_23_a_store_that_is_away_for_long_is_told_and_nothing_is_lost(
        self, own_valkey: ValkeyServer
    ) -> None:
        rng, _ = chance("the store is away")
        with Server(valkey=own_valkey.url) as server:
            table = await new_table(server.http)
            async with seat(table, rng) as writer, seat(table, rng) as reader:
                await writer.write(note(rng))
                own_valkey.freeze()
                first = writer.frame(note(rng))
                await writer.line.send(first)
                refused = await reader.line.hear_until("refuse")
                assert refused[-1]["code"] == "read-only"
                assert refused[-1].get("n", 0) == 0
                second = writer.frame(note(rng))
                await writer.line.send(second)
                assert (await writer.answer(second["n"]))["code"] == "read-only"
                assert not await asyncio.to_thread(server.is_ready)
                assert await asyncio.to_thread(server.is_healthy)
                own_valkey.thaw()
                assert (await writer.answer(first["n"]))["t"] == "ack"
                del writer.settled[second["n"]]
                await writer.line.send(second)
                assert (await writer.answer(second["n"]))["t"] == "ack"
                assert [entry[0] for entry in await entries_until(reader, 4)] == [2, 3, 4]

    async def test_traps_9_it_starts_without_its_store_and_says_so(self) -> None:
        rng, _ = chance("starting without a store")
        with valkey_server(starts=False) as store:
            server = Server(valkey=store.url, workers=2)
            try:
                server.start(waits=False)
                await asyncio.to_thread(wait_until, server.is_healthy, 30, "healthy")
                said = server.readiness()
                assert (said["ready"], said["durable"]) == (False, None)
                assert said["missing"]
                async with raw(server.ws) as early:
                    hello = {"t": "hello", "v": PROTOCOL_VERSION, "space": "space-any", "secret": "s" * 43}
                    await early.send(hello | {"token": "t" * 22, "session": "s" * 16})
                    frames = await early.hear_all()
                    assert [frame.get("code") for frame in frames] == ["away"]
                    assert early.closed is not None
                    assert early.closed[0] == 1013
                store.start()
                await asyncio.to_thread(server.wait_ready)
                table = await new_table(server.http)
                async with seat(table, rng) as sitting:
                    assert await sitting.write(note(rng)) == 2
            finally:
                server.stop()
