"""What people are told when a server can't be started as they asked: on the real command line, plainly.

Each time: it ends by itself and soon, not with 0, says what was found and what to do, shows no traceback, and
leaves nothing running. (No Python, no Chromium and the like: `tests/unit/test_setup.py`.)
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.plain_words import complaints
from tests.support.server import Server

pytestmark = pytest.mark.integration

COMMAND = Path(sys.executable).with_name("tablecloth")


def run(*words: str | Path, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run `tablecloth` with these words until it ends by itself. `before`: what it is run by."""
    return subprocess.run(
        [*before, str(COMMAND), *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def serve(data: Path, *words: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Try to serve; a port is chosen where the test doesn't say one."""
    port = () if "--port" in words else ("--port", "0")
    return run("serve", "--host", "127.0.0.1", "--data", data, *port, *words, before=before)


def assert_told(finished: subprocess.CompletedProcess[str], *expected: str) -> str:
    """It ended because of something that it said in plain words, these among them."""
    said = finished.stdout + finished.stderr
    assert finished.returncode not in {0, -9, -15}, said
    assert "Traceback" not in said
    for line in filter(None, said.splitlines()):
        assert not complaints(line), f"{complaints(line)}: {line}"
    for words in expected:
        assert words in said, said
    assert len(said.splitlines()) <= 8, said
    return said


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of processes that work in a folder (where /proc tells)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(process / "cwd")).is_relative_to(folder):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


class TestPort:
    def test_taken(self, taken: int, tmp_path: Path) -> None:
        said = assert_told(serve(tmp_path, "--port", str(taken)), f"Port {taken} is taken", "--port")

        suggested = re.search(r"--port (\d+)", said)
        assert suggested
        with socket.create_server(("127.0.0.1", int(suggested.group(1)))):
            pass
        assert not processes_in(tmp_path)

    def test_taken_by_workers(self, taken: int, tmp_path: Path) -> None:
        """Workers share a port; with a stranger they don't."""
        assert_told(serve(tmp_path, "--port", str(taken), "--workers", "2"), f"Port {taken} is taken")
        assert not processes_in(tmp_path)

    @pytest.mark.parametrize("port", ["70000", "-1", "eighty", ""])
    def test_that_there_is_not(self, port: str, tmp_path: Path) -> None:
        assert_told(serve(tmp_path, f"--port={port}", "--port", port), "--port")

    def test_of_no_address_of_this_machine(self, tmp_path: Path) -> None:
        finished = run("serve", "--host", "192.0.2.77", "--port", "0", "--data", tmp_path)

        assert_told(finished, "192.0.2.77", "--host")


class TestData:
    def test_a_file_in_its_place(self, tmp_path: Path) -> None:
        file = tmp_path / "boards"
        file.write_text("A shopping list.", encoding="utf-8")

        assert_told(serve(file), str(file), "--data")
        assert file.read_text(encoding="utf-8") == "A shopping list."

    def test_a_file_on_the_way(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()

        assert_told(serve(file / "deeper" / "boards"), str(file / "deeper" / "boards"), "--data")

    def test_where_not_even_root_may_write(self) -> None:
        if not Path("/proc/self").exists():
            pytest.skip("no /proc here")

        assert_told(serve(Path("/proc/boards")), "/proc/boards", "may not write", "--data")

    def test_that_is_read_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "boards"
        folder.mkdir(mode=0o555)
        before: list[str] = []
        if os.geteuid() == 0:
            # Root without the right to write everywhere is like anybody else.
            if shutil.which("setpriv") is None:
                pytest.skip("no setpriv here, and root may write everywhere")
            before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]

        finished = serve(folder, before=before)

        assert_told(finished, str(folder), "may not write", "--data")
        assert list(folder.iterdir()) == []

    def test_on_a_full_disk(self) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full here")

        assert_told(serve(Path("/dev/full")), "/dev/full", "--data")

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_of_another_server(self, workers: str, tmp_path: Path) -> None:
        with Server(data=tmp_path, workers=int(workers)) as first:
            said = assert_told(serve(tmp_path), "Another Tablecloth", str(tmp_path), "--data")
            assert str(first.pid) in said
            assert first.is_healthy()

    def test_spoiled_files(self, tmp_path: Path) -> None:
        """The log of the store is cut up in the middle: nothing is thrown away, and people are told."""
        with Server(data=tmp_path) as first:
            first.stop()
        file = next((tmp_path / "valkey" / "appendonlydir").glob("*.incr.aof"))
        spoiled = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\nnonsense\r\n" * 3
        file.write_bytes(spoiled)

        assert_told(serve(tmp_path), str(tmp_path), "copy")
        assert file.read_bytes() == spoiled
        assert not processes_in(tmp_path)


class TestWords:
    @pytest.mark.parametrize("url", ["nonsense", "http://localhost:6379", "redis://h:port/0", ""])
    def test_an_address_of_valkey_that_is_none(self, url: str, tmp_path: Path) -> None:
        assert_told(serve(tmp_path, "--valkey", url), "Valkey")

    def test_an_address_with_a_password_is_not_repeated(self, tmp_path: Path) -> None:
        said = assert_told(serve(tmp_path, "--valkey", "redis://:canarypassword@host:port/0"), "Valkey")

        assert "canarypassword" not in said

    @pytest.mark.parametrize("workers", ["0", "-3", "1000", "many"])
    def test_workers_that_cannot_be(self, workers: str, tmp_path: Path) -> None:
        assert_told(serve(tmp_path, f"--workers={workers}"), "--workers")

    @pytest.mark.parametrize(
        "link",
        [
            "",
            "nonsense",
            "http://127.0.0.1:1/s/nosuchspace",
            "http://127.0.0.1:1/s/nosuchspace#short",
            "ftp://127.0.0.1/s/nosuchspace#" + "A" * 43,
        ],
    )
    def test_a_link_that_is_none(self, link: str) -> None:
        said = assert_told(run("join", link), "link")

        assert "A" * 43 not in said

    def test_nobody_at_the_link(self) -> None:
        said = assert_told(run("join", "http://127.0.0.1:1/s/nosuchspace#" + "A" * 43), "127.0.0.1:1")

        assert "A" * 43 not in said

    @pytest.mark.parametrize("words", [["nonsense"], ["serve", "--nonsense"], ["verify"], ["export"]])
    def test_words_that_there_are_not(self, words: list[str]) -> None:
        assert_told(run(*words), "tablecloth")

    def test_an_archive_that_is_none(self, tmp_path: Path) -> None:
        for name, content in [("a.zip", b""), ("b.zip", b"PK\x03\x04nonsense"), ("c.zip", bytes(3000))]:
            (tmp_path / name).write_bytes(content)
            assert_told(run("verify", tmp_path / name), name)
        assert_told(run("verify", tmp_path / "none.zip"), "none.zip")
