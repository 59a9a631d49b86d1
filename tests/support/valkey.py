"""A real Valkey for tests: fixtures, and a server that can be killed, frozen, thawed and started again.

    valkey          one for the whole session, on a unix socket, AOF with appendfsync always
    valkey_url      its address
    valkey_log      a ValkeyLog on it, closed at the end
    own_valkey      one that a test may harm
    redis_url       the address of a Redis, where this machine has one

Tests don't empty it: each takes ids of its own (``new_place``), as real spaces do.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from tablecloth.log.interface import Place
from tablecloth.log.settings import LogSettings
from tablecloth.log.valkey_binary import find_valkey
from tablecloth.log.valkey_log import ValkeyLog

START_S = 20.0
# A test run that is killed leaves nothing behind: the pipe's end is the run's end.
_GUARD = 'read -r word || { kill -KILL "$1"; rm -rf "$2"; }'


def new_id(kind: str = "test") -> str:
    """An id that nobody else has."""
    return f"{kind}-{secrets.token_hex(8)}"


def new_place() -> Place:
    """A board that nobody else has."""
    return Place(new_id("space"), new_id("board"))


def find_redis() -> Path | None:
    """A Redis to try the log on too: TABLECLOTH_REDIS names the program, else the PATH may have one."""
    found = os.environ.get("TABLECLOTH_REDIS") or shutil.which("redis-server")
    return Path(found) if found else None


class ValkeyServer:
    """A store in a folder of its own. ``settings`` are its own words: ``{"maxmemory": "100mb"}``."""

    def __init__(self, program: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        # Short, because a unix socket's path may have 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="tc-valkey-", dir="/tmp"))
        self.socket = str(self.folder / "valkey.sock")
        self.url = f"unix://{self.socket}"
        self._program = program or find_valkey()
        self._settings = {
            "port": "0",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "always",
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and return once it answers."""
        Path(self.socket).unlink(missing_ok=True)
        words = [str(self._program), "--dir", str(self.folder), "--unixsocket", self.socket]
        for name, value in self._settings.items():
            words += [f"--{name}", value]
        with (self.folder / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self.folder)
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "test-guard", str(self.pid), str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        until(self.answers, START_S)

    def answers(self) -> bool:
        """Whether it can be talked to now."""
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError((self.folder / "valkey.log").read_text(errors="replace"))
        try:
            return self.ask("PING") is True
        except redis.RedisError:
            return False

    def ask(self, *words: str | int | bytes) -> Any:
        """Send it one command, past everything that is being tested."""
        with redis.Redis(unix_socket_path=self.socket, socket_timeout=5) as client:
            return client.execute_command(*words)

    def kill(self) -> None:
        """Kill it as a power cut would (kill -9), and return once it is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.communicate(b"done\n")

    def restart(self) -> None:
        """Kill it with -9 and start it again on what it left."""
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Stop it without ending it: connections stay, nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def remove(self) -> None:
        """End it and its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def valkey_server(
    settings: Mapping[str, str] | None = None, program: Path | None = None, starts: bool = True
) -> Iterator[ValkeyServer]:
    """A store of one's own, removed at the end; it runs, unless it is to be started later."""
    server = ValkeyServer(program, settings)
    try:
        if starts:
            server.start()
        yield server
    finally:
        server.remove()


@asynccontextmanager
async def opened(url: str, settings: LogSettings | None = None) -> AsyncIterator[ValkeyLog]:
    """A log, closed at the end whatever happens."""
    log = ValkeyLog(url, settings)
    try:
        yield log
    finally:
        await log.close()


def until(state: Callable[[], bool], within_s: float) -> None:
    """Return once a state is reached; fail after so many seconds."""
    give_up = time.monotonic() + within_s
    while not state():
        if time.monotonic() > give_up:
            raise TimeoutError(f"not within {within_s} s")
        time.sleep(0.01)


async def until_async(state: Callable[[], bool], within_s: float = 20.0) -> None:
    """The same where the event loop must go on."""
    async with asyncio.timeout(within_s):
        while not state():  # noqa: ASYNC110 (a state of another process has no event)
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """One real store for all tests of a session."""
    with valkey_server() as server:
        yield server


@pytest.fixture
def valkey_url(valkey: ValkeyServer) -> str:
    """The address of the session's store."""
    return valkey.url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis; only for tests that are there only where one was found."""
    found = find_redis()
    assert found is not None
    with valkey_server(program=found) as server:
        yield server.url


@pytest.fixture
async def valkey_log(valkey_url: str) -> AsyncIterator[ValkeyLog]:
    """A log on the session's store, closed at the end."""
    async with opened(valkey_url) as log:
        yield log


@pytest.fixture
def own_valkey() -> Iterator[ValkeyServer]:
    """A store that a test may harm."""
    with valkey_server() as server:
        yield server
