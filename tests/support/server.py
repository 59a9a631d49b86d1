"""A real server for tests: processes of its own, a port, and a store that it starts or that it is given.

    server          one that a test may harm, with its own embedded store
    Server(...)     the same with other settings: `with Server(workers=2) as server: ...`

It is started from a `Config`, as the command line does it. It begins spaces as fast as tests ask for them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
from tablecloth.config import Config

START_S = 30.0
END_S = 30.0
_PROGRAM = """
import sys
from tablecloth.config import Config
from tablecloth.problems import SetupProblem
from tablecloth.serve import serve
try:
    serve(Config.from_json(sys.stdin.buffer.read()))
except SetupProblem as problem:
    sys.exit(f"{problem.what} {problem.do}")
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(state: Callable[[], bool], within_s: float, what: str) -> None:
    """Return once a state of another process is reached; fail after so many seconds."""
    give_up = time.monotonic() + within_s
    while not state():
        if time.monotonic() > give_up:
            raise TimeoutError(f"not within {within_s} s: {what}")
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    found = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in found.splitlines()]
    return [int(child) for child, parent, state in rows if int(parent) == pid and "Z" not in state]


class Server:
    """`data`: a folder, else one that is removed at the end. `settings`: further fields of `Config`."""

    def __init__(
        self,
        data: Path | None = None,
        workers: int = 1,
        valkey: str | None = None,
        port: int | None = None,
        **settings: Any,
    ) -> None:
        self._own_folder = Path(tempfile.mkdtemp(prefix="tc-", dir="/tmp"))
        self.data = data or self._own_folder / "data"
        self.port = port or free_port()
        config = Config(
            host="127.0.0.1",
            port=self.port,
            data=self.data,
            valkey=valkey,
            workers=workers,
            spaces_per_minute=1_000_000,
            records="json",
        )
        self.config = dataclasses.replace(config, **settings)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def http(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        """The address of its WebSocket."""
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def pid(self) -> int:
        """The process that was started: the only one, or the workers' parent."""
        assert self._process is not None
        return self._process.pid

    def worker_pids(self) -> list[int]:
        """The processes that serve."""
        if self.config.workers == 1:
            return [self.pid]
        shell_names = {"valkey-server", "sh"}
        return [child for child in children_of(self.pid) if _name_of(child) not in shell_names]

    def store_pid(self) -> int:
        """The embedded Valkey's process."""
        return int((self.data / "valkey" / "valkey.pid").read_text())

    def output(self) -> str:
        """What it has printed and recorded so far."""
        return (self._own_folder / "output").read_text(errors="replace")

    # --- its life -------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            if kind is not None:
                print(self.output())
            shutil.rmtree(self._own_folder, ignore_errors=True)

    def start(self, waits: bool = True) -> None:
        """Start it, and return once it takes edits; with `waits=False` at once."""
        with (self._own_folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        assert self._process.stdin is not None
        self._process.stdin.write(self.config.to_json())
        self._process.stdin.close()
        if waits:
            self.wait_ready()

    def wait_ready(self, within_s: float = START_S) -> None:
        """Return once it takes edits, with all its workers."""
        wait_until(self._is_up, within_s, f"ready\n{self.output()}")

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(self.output())
        if not self.is_ready() or len(self.worker_pids()) != self.config.workers:
            return False
        return self.config.workers == 1 or self._numbers() == self.config.workers

    def _numbers(self) -> int:
        """How many workers say their numbers."""
        text = httpx.get(f"{self.http}/metrics", timeout=START_S).text
        return sum(line.startswith("tablecloth_connections{") for line in text.splitlines())

    def is_healthy(self) -> bool:
        """Whether it answers at all."""
        return self._status("/healthz", END_S) == 200

    def is_ready(self) -> bool:
        """Whether it takes edits."""
        return self._status("/readyz") == 200

    def readiness(self) -> dict[str, Any]:
        """What `/readyz` says."""
        said: dict[str, Any] = httpx.get(f"{self.http}/readyz", timeout=START_S).json()
        return said

    def _status(self, path: str, within_s: float = 5) -> int:
        try:
            return httpx.get(self.http + path, timeout=within_s).status_code
        except httpx.HTTPError:
            return 0

    def stop(self) -> int:
        """End it as Ctrl+C would, and return its exit code. A repeat is harmless."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
        return code

    def kill(self) -> None:
        """Kill it with -9, its workers too; an embedded store ends by itself, and is waited for."""
        process = self._process
        if process is None:
            return
        for pid in {*self.worker_pids(), process.pid}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self._process = None

    def kill_store(self) -> None:
        """Kill the embedded Valkey with -9; the server starts it again."""
        os.kill(self.store_pid(), signal.SIGKILL)

    def restart(self) -> None:
        """Kill it with -9 and start it again: same data, same port."""
        self.kill()
        self.start()


def _name_of(pid: int) -> str:
    """What a process is called."""
    found = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()).name


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that a test may harm."""
    with Server() as running:
        yield running
