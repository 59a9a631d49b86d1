"""The server that is measured: a process of its own, started from a Config as ``serve`` does, with its
Valkey, on one core if the system lets us choose; and what it used up.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tablecloth.bench.people import Door
from tablecloth.config import Config
from tablecloth.problems import SetupProblem

_START_S, _END_S = 30.0, 20.0
_PROGRAM = """
import sys
from tablecloth.config import Config
from tablecloth.serve import serve
serve(Config.from_json(sys.stdin.buffer.read()))
"""


@dataclass(slots=True, frozen=True)
class Used:
    """What server and Valkey used so far: CPU in seconds, memory in bytes."""

    server_cpu_s: float
    valkey_cpu_s: float
    server_memory: int


@dataclass(slots=True)
class Measured:
    """A running server."""

    http: httpx.Client
    port: int
    pid: int
    valkey_pid: int
    cores: tuple[int, int] | None
    """The core of server and Valkey, and the core of this process; None if they aren't kept apart."""

    def new_door(self, title: str) -> Door:
        """Begin a space, and answer the way to its board."""
        said = self.http.post("/api/spaces", json={"title": title}).json()
        secret = said["edit_link"].partition("#")[2]
        return Door("127.0.0.1", self.port, said["id"], secret, said["boards"][0]["board"])

    def durability(self) -> str:
        """What an ack means here, in the server's words."""
        said: dict[str, Any] = self.http.get("/readyz").json()
        return str(said.get("durable", said.get("durability", "")))

    def used(self) -> Used:
        """CPU and memory up to now."""
        server, valkey = _process(self.pid), _process(self.valkey_pid)
        return Used(server[0], valkey[0], server[1])


@contextmanager
def measured_server() -> Iterator[Measured]:
    """Start one on an empty folder, and end it. Raises SetupProblem if it doesn't start."""
    _allow_many_files()
    folder = Path(tempfile.mkdtemp(prefix="tablecloth-bench-"))
    config = Config(
        host="127.0.0.1", port=_free_port(), data=folder / "data", spaces_per_minute=100_000, records="json"
    )
    cores = _cores()
    before = os.sched_getaffinity(0) if cores is not None else set()
    try:
        if cores is not None:
            os.sched_setaffinity(0, {cores[0]})
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl+C ends the measurement; it ends the server
            )
        if cores is not None:
            os.sched_setaffinity(0, {cores[1]})
        try:
            assert process.stdin is not None
            process.stdin.write(config.to_json())
            process.stdin.close()
            with httpx.Client(base_url=f"http://127.0.0.1:{config.port}", trust_env=False) as http:
                _wait_until_ready(http, process, folder / "output")
                valkey_pid = int((config.data / "valkey" / "valkey.pid").read_text())
                yield Measured(http, config.port, process.pid, valkey_pid, cores)
        finally:
            _end(process)
    finally:
        if cores is not None:
            os.sched_setaffinity(0, before)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(http: httpx.Client, process: subprocess.Popen[bytes], output: Path) -> None:
    give_up = time.monotonic() + _START_S
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if http.get("/readyz").status_code == httpx.codes.OK:
                return
        time.sleep(0.05)
    last = output.read_text(errors="replace").strip().splitlines()[-3:]
    raise SetupProblem("The server to measure didn't start.", " ".join(last))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cores() -> tuple[int, int] | None:
    """One core for what is measured, one for who measures; None where there aren't two, or nobody may
    choose.
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    mine = sorted(os.sched_getaffinity(0))
    return (mine[0], mine[1]) if len(mine) > 1 else None


def _allow_many_files() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 1 << 16 if hard == resource.RLIM_INFINITY else min(hard, 1 << 16)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _process(pid: int) -> tuple[float, int]:
    """CPU seconds and resident bytes of a process: from /proc where there is one, else from ps (whole
    seconds).
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    said = subprocess.run(
        ["ps", "-o", "time=,rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    seconds = 0.0
    for part in said[0].replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds, int(said[1]) * 1024
