"""Setting up: config, sockets, what stands in the terminal, numbers of several workers, and flushes."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import socket
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tablecloth import limits, supervisor
from tablecloth.announcement import announcement, qr
from tablecloth.config import Config
from tablecloth.core.board import new_board
from tablecloth.flusher import Flusher, rest_after
from tablecloth.listening import addresses, free_port, listen, local_addresses
from tablecloth.metrics import Metrics, Shared
from tablecloth.problems import SetupProblem
from tablecloth.room import Room
from tablecloth.serve import serve

from tests.support.plain_words import assert_plain
from tests.support.valkey import until_async


def assert_told(problem: SetupProblem, *expected: str) -> None:
    """What was found and what to do, in plain words."""
    assert_plain(problem.what, "what")
    assert_plain(problem.do, "do")
    for words in expected:
        assert words in f"{problem.what} {problem.do}"


class TestConfig:
    def test_it_crosses_to_a_worker_whole(self, tmp_path: Path) -> None:
        config = Config(
            "127.0.0.1",
            8123,
            tmp_path,
            "redis://user:password@host/0",
            3,
            ("https://boards.example",),
            "https://boards.example",
            "json",
            5,
            "Ada of the library",
            "at the desk",
            tmp_path / "run",
        )
        assert Config.from_json(config.to_json()) == config
        assert Config.from_json(Config().to_json()) == Config()

    def test_several_workers_or_a_store_of_ones_own_are_shared(self) -> None:
        assert not Config().is_shared
        assert Config(workers=2).is_shared
        assert Config(valkey="redis://localhost").is_shared

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (Config(port=70000), "--port"),
            (Config(port=-1), "--port"),
            (Config(workers=0), "--workers"),
            (Config(workers=65), "--workers"),
            (Config(origins=("boards.example",)), "https://boards.example"),
            (Config(host_name="Ada\nBen"), "--host-name"),
            (Config(contact="x" * 121), "--contact"),
            (Config(public_url="boards.example"), "https://boards.example"),
            (Config(public_url="https://boards.example/path"), "https://boards.example"),
        ],
    )
    def test_what_cannot_be_served_is_told(self, wrong: Config, words: str) -> None:
        with pytest.raises(SetupProblem) as problem:
            wrong.checked()
        assert_told(problem.value, words)

    def test_a_slash_at_the_end_of_the_public_url_is_no_matter(self) -> None:
        assert Config(public_url="https://boards.example/").checked().public_url == "https://boards.example"


class TestListening:
    def test_a_port_that_is_taken_names_one_that_is_free(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for workers in (1, 2):
                with pytest.raises(SetupProblem) as problem:
                    listen("127.0.0.1", port, workers)
                assert_told(problem.value, f"Port {port} is taken", "--port")
            free = free_port("127.0.0.1", port)
            assert free is not None
            assert f"--port {free}" in problem.value.do
            socket.create_server(("127.0.0.1", free)).close()

    def test_a_port_that_another_server_shares_among_its_workers_is_taken(self) -> None:
        sockets = listen("127.0.0.1", 0, 2)
        try:
            for workers in (1, 2):
                with pytest.raises(SetupProblem):
                    listen("127.0.0.1", sockets[0].getsockname()[1], workers)
        finally:
            for each in sockets:
                each.close()

    def test_an_address_of_another_machine(self) -> None:
        for host in ("192.0.2.77", "nowhere.example"):
            with pytest.raises(SetupProblem) as problem:
                listen(host, 0, 1)
            assert_told(problem.value, host, "--host")

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ports are shared on Linux only")
    def test_each_worker_has_a_socket_of_its_own_on_one_port(self) -> None:
        sockets = listen("127.0.0.1", 0, 3)
        try:
            assert len({each.getsockname() for each in sockets}) == 1
            assert len({each.fileno() for each in sockets}) == 3
        finally:
            for each in sockets:
                each.close()

    def test_addresses_for_people_in_the_room(self) -> None:
        assert addresses("127.0.0.1", 8080) == ["http://127.0.0.1:8080"]
        assert addresses("::1", 80) == ["http://[::1]"]
        everywhere = addresses("0.0.0.0", 8080)
        assert everywhere[-1] == "http://localhost:8080"
        assert len(everywhere) == len(local_addresses()) + 1


class TestAnnouncement:
    def test_it_says_where_and_what_an_ack_means(self, tmp_path: Path) -> None:
        text = announcement(
            Config(data=tmp_path), ["http://192.168.1.7:8080", "http://localhost:8080"], "fsync"
        )
        assert "http://192.168.1.7:8080" in text
        assert "http://localhost:8080" in text
        assert str(tmp_path) in text
        assert "on disk" in text
        assert "Ctrl+C" in text
        assert qr("http://192.168.1.7:8080").splitlines()[3] in text

    def test_every_durability_is_said_plainly(self) -> None:
        texts = {announcement(Config(), ["http://x"], each) for each in ("fsync", "second", "memory", None)}
        assert len(texts) == 4

    def test_traps_27_the_address_of_the_store_is_not_shown(self) -> None:
        config = Config(valkey="redis://ada:canary@host:6379", workers=2)
        text = announcement(config, ["http://x"], "second")
        assert "canary" not in text
        assert "--valkey" in text
        assert "Workers" in text

    def test_behind_a_proxy_the_public_address_is_the_best(self) -> None:
        text = announcement(Config(public_url="https://boards.example"), ["http://10.0.0.2:8080"], "fsync")
        assert qr("https://boards.example").splitlines()[3] in text


class TestServe:
    def test_a_store_whose_address_cannot_be_understood(self) -> None:
        with pytest.raises(SetupProblem):
            serve(Config("127.0.0.1", 0, valkey="nonsense"), print)

    def test_nothing_stays_when_it_cannot_start(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()
        port = free_port("127.0.0.1", 20000)
        assert port is not None
        with pytest.raises(SetupProblem):
            serve(Config("127.0.0.1", port, file / "data"), print)
        socket.create_server(("127.0.0.1", port)).close()

    def test_traps_27_a_job_comes_through_a_pipe(self) -> None:
        config = dataclasses.replace(Config(), valkey="redis://user:password@host")
        out, into = os.pipe()
        try:
            os.write(into, b"\n".join((config.to_json(), b"redis://user:password@host", b"")))
            assert supervisor.read_job(out) == (config, "redis://user:password@host")
        finally:
            os.close(into)
            os.close(out)


class TestNumbers:
    """`/metrics` with several workers."""

    def test_every_worker_answers_for_all(self, tmp_path: Path) -> None:
        metrics = [Metrics(), Metrics()]
        shared = [Shared(each, number, tmp_path) for number, each in enumerate(metrics)]
        metrics[0].edits.inc(3)
        metrics[1].edits.inc(4)
        metrics[1].refusals.labels("rebase").inc()
        metrics[0].appends.observe(0.002)
        shared[1].write()
        text = shared[0].render().decode()
        families = {family.name: family for family in text_string_to_metric_families(text)}
        edits = {s.labels["worker"]: s.value for s in families["tablecloth_edits"].samples}
        assert edits == {"0": 3, "1": 4}
        assert families["tablecloth_append_seconds"].type == "histogram"
        refused = [(s.labels, s.value) for s in families["tablecloth_refusals"].samples]
        assert refused == [({"code": "rebase", "worker": "1"}, 1)]

    def test_half_written_or_strange_files_are_left_out(self, tmp_path: Path) -> None:
        shared = Shared(Metrics(), 0, tmp_path)
        (tmp_path / "metrics-1").write_bytes(b"nonsense")
        (tmp_path / "metrics-2.half").write_bytes(b"")
        assert b'worker="0"' in shared.render()
        assert b'worker="1"' not in shared.render()

    def test_one_worker_writes_nothing(self, tmp_path: Path) -> None:
        Shared(Metrics(), 0, None).write()
        assert b"tablecloth_edits_total" in Shared(Metrics(), 0, None).render()


class Rooming(Room):
    """A room whose flush is counted and costs what it is told."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.cost_s = 0.0
        self.flushed = 0
        self.is_rewound = False
        self.board = new_board("space-one", "board-one")

    def flush(self) -> int:
        loop = asyncio.get_running_loop()
        self.times.append(loop.time())
        until = loop.time() + self.cost_s
        while loop.time() < until:
            pass
        return 1


class TestFlusher:
    async def test_at_once_when_idle(self) -> None:
        flusher, room = Flusher(Metrics(), lambda _: None), Rooming()
        began = asyncio.get_running_loop().time()
        flusher.touch(room)
        flusher.touch(room)
        await asyncio.sleep(0)
        assert len(room.times) == 1
        assert room.times[0] - began < 0.05

    async def test_ticks_grow_with_what_a_flush_costs(self) -> None:
        flusher, room = Flusher(Metrics(), lambda _: None), Rooming()
        room.cost_s = 0.008
        loop = asyncio.get_running_loop()
        until = loop.time() + 0.6
        while loop.time() < until:
            flusher.touch(room)
            await asyncio.sleep(0.001)
        gaps = [after - before for before, after in zip(room.times, room.times[1:], strict=False)]
        assert min(gaps) >= 0.018, "sending takes half of the time at most"

    def test_who_is_busy_sends_less_often(self) -> None:
        rests = [rest_after(0.003, busy) for busy in (0.0, 0.2, 0.4, 0.6, 0.7, 1.0)]
        assert rests == sorted(rests)
        assert rests[0] == pytest.approx(0.0045)
        assert rests[2] == pytest.approx(0.012)
        assert rests[-1] == limits.FANOUT_MAX_FLUSH_MS / 1000, "but nobody waits longer than that"
        assert rest_after(0.0, 1.0) == 0.0

    async def test_but_nobody_waits_longer_than_a_blink(self) -> None:
        flusher, room = Flusher(Metrics(), lambda _: None), Rooming()
        room.cost_s = 0.3
        flusher.touch(room)
        await until_async(lambda: len(room.times) == 1)
        await asyncio.sleep(0)
        asked = asyncio.get_running_loop().time()
        flusher.touch(room)
        await until_async(lambda: len(room.times) == 2)
        assert room.times[1] - asked < limits.FANOUT_MAX_FLUSH_MS / 1000 + 0.2, "not twice 0.3 s"

    async def test_a_rewound_room_is_not_flushed(self) -> None:
        rewound: list[Room] = []
        flusher, room = Flusher(Metrics(), rewound.append), Rooming()
        room.is_rewound = True
        flusher.touch(room)
        flusher.finish()
        assert rewound == [room]
        assert room.times == []

    async def test_a_room_that_breaks_does_not_silence_the_others(self) -> None:
        rewound: list[Room] = []
        flusher, broken, room = Flusher(Metrics(), rewound.append), Rooming(), Rooming()
        broken.cost_s = None  # type: ignore[assignment]
        for turn in range(1, 4):
            flusher.touch(broken)
            flusher.touch(room)
            await until_async(lambda turn=turn: len(room.times) == turn)  # type: ignore[misc]
        assert rewound[0] is broken
