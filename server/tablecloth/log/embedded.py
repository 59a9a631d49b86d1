"""The embedded Valkey: a real one, in the data directory, started with the server and ended with it.

Invariants
- One Tablecloth a folder, one Valkey a folder: two on one AOF would ruin it (``valkey_folder.py``).
- It listens on a unix socket only, in a folder that only this account can enter.
- It is supervised. With ``appendfsync always`` it exits on a write error by design (TRAPS 4): it is started
  again, with pauses that grow, and whoever talks to it goes on by itself.
- It does not outlive its Tablecloth. A guard (a ``sh`` that waits on a pipe) ends it when the pipe closes,
  which the kernel does even for kill -9. Should the guard be killed too, the next start ends the Valkey that
  was left over, in peace, before it starts its own. (Adopting it was rejected: who isn't its parent can't
  wait for its end.)
- Ctrl-C reaches the server only, not its Valkey: what is being appended is finished first.

Everything here is threads and blocking calls, because the process that starts the workers has no event loop.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import platformdirs
import structlog

from tablecloth.log.valkey_binary import find_valkey
from tablecloth.log.valkey_folder import StoreFolder
from tablecloth.problems import SetupProblem

_log = structlog.get_logger()

START_PATIENCE_S = 60.0
"""After this long a store that still reads its files is left to it, and the server starts without (TRAPS 9).
"""
END_PATIENCE_S = 10.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_S = 60.0
"""Who ran this long is not what it takes the pauses for."""
MAX_LOG_BYTES = 4 << 20
_GUARD = 'read -r word || kill -TERM "$1"'

Pulse = Literal["answers", "loading", "silent"]


def default_data_dir() -> Path:
    """Where boards are kept if nobody says otherwise: the platform's place for an account's data."""
    return platformdirs.user_data_path("tablecloth", appauthor=False)


def machine_memory() -> int:
    """Bytes of memory there are for us: the machine's, or what its container may have."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return memory


def pulse(path: Path) -> Pulse:
    """What a Valkey at a socket says to PING."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            answer = line.recv(64)
    except OSError:
        return "silent"
    if answer.startswith(b"+PONG"):
        return "answers"
    return "loading" if answer.startswith(b"-LOADING") else "silent"


def _until(state: Callable[[], bool], within_s: float) -> bool:
    """Wait for a state of another process; whether it was reached in time."""
    give_up = time.monotonic() + within_s
    while not state():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


class EmbeddedValkey:
    """A Valkey in ``data``/valkey. ``with EmbeddedValkey(data) as valkey: …valkey.url…``, or ``start`` and
    ``stop``.
    """

    def __init__(self, data: Path) -> None:
        self._folder = StoreFolder(data)
        self._program = Path()
        self._socket = Path()
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._log_start = 0
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._keeper: threading.Thread | None = None
        self.trouble: str | None = None
        """What is wrong with it now, in plain words; None while it runs."""

    @property
    def url(self) -> str:
        """Its address, for ValkeyLog. The same after each of its restarts."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        """Its process now, if it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and return once it answers (or still reads its files after a minute). Raises
        SetupProblem.
        """
        self._stopping.clear()
        self._program = find_valkey()
        self._folder.prepare()
        self._lock = self._folder.take()
        try:
            end_leftover(self._folder)
            self._socket = self._folder.choose_socket()
            self._folder.write_conf(self._socket, machine_memory() // 2)
            self._launch()
            self._await_answer()
        except BaseException:
            self.stop()
            raise
        self._keeper = threading.Thread(target=self._supervise, name="valkey-keeper", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """End it in peace and let go of the folder. A repeat is harmless. Raises nothing."""
        self._stopping.set()
        with self._changing:
            if self._process is not None:
                _end(self._process)
            self._dismiss_guard()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._socket.unlink()
            os.close(self._lock)
            self._lock = None

    def _launch(self) -> None:
        """Start the process and its guard."""
        self._log_start = _turn_log(self._folder.log)
        store_lock = self._folder.take_store()
        if store_lock is None:
            raise SetupProblem(
                f"Another store (Valkey) is still at work in {self._folder.data}.",
                "Wait a moment and start again. If that does not help, restart this machine.",
            )
        try:
            self._process = subprocess.Popen(
                [str(self._program), "valkey.conf"],
                cwd=self._folder.path,
                pass_fds=(store_lock,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as problem:
            raise SetupProblem(
                f"The store of the boards could not be started: {self._program} does not run here.",
                "Install Valkey yourself, or name one elsewhere with --valkey URL.",
            ) from problem
        finally:
            # Valkey has inherited it; ours would keep the folder locked after its end.
            os.close(store_lock)
        self._began = time.monotonic()
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "tablecloth-guard", str(self._process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _await_answer(self) -> None:
        """Return once it answers or reads its files for long; raise SetupProblem if it ends."""
        process = self._process
        assert process is not None
        _until(lambda: process.poll() is not None or pulse(self._socket) == "answers", START_PATIENCE_S)
        if process.poll() is not None:
            raise self._why_ended()

    def _why_ended(self) -> SetupProblem:
        """What its last words mean to people."""
        words = self._last_words()
        if "No space left" in words:
            what = f"The disk that holds {self._folder.data} is full. Nothing was lost."
            return SetupProblem(what, "Make some room on it and start again.")
        if "reading the append only file" in words:
            return SetupProblem(
                f"The store could not read its own files in {self._folder.path}.",
                f"First make a copy of that folder. Its last words stand in {self._folder.log}.",
            )
        return SetupProblem(
            "The store of the boards (Valkey) ended as soon as it was started.",
            f"Its last words stand in {self._folder.log}.",
        )

    def _last_words(self) -> str:
        """The end of what it wrote into its log since it was last started."""
        with contextlib.suppress(OSError), self._folder.log.open("rb") as file:
            file.seek(max(self._log_start, file.seek(0, os.SEEK_END) - 2000))
            return file.read().decode(errors="replace")
        return ""

    def _supervise(self) -> None:
        """Start it again whenever it ends, until ``stop``."""
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            process = self._process
            assert process is not None
            code = process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - self._began > STEADY_S:
                pause_s = FIRST_PAUSE_S
            self.trouble = f"{self._why_ended().what} It is being started again."
            _log.warning(
                "valkey_ended", code=code, last_words=self._last_words().splitlines()[-2:], pause_s=pause_s
            )
            if self._stopping.wait(pause_s):
                return
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
            self._relaunch()

    def _relaunch(self) -> None:
        """Start it once more; what goes wrong is tried again by ``_supervise``."""
        with self._changing:
            if self._stopping.is_set():
                return
            self._dismiss_guard()
            try:
                self._launch()
            except SetupProblem as problem:
                _log.warning("valkey_not_started", what=problem.what)
                return
        process = self._process
        _until(
            lambda: (
                self._stopping.is_set()
                or process is None
                or process.poll() is not None
                or pulse(self._socket) == "answers"
            ),
            START_PATIENCE_S,
        )
        if self.pid is not None:
            self.trouble = None
            _log.info("valkey_started_again", pid=self.pid)

    def _dismiss_guard(self) -> None:
        """Tell the guard that there is nothing left to end."""
        guard, self._guard = self._guard, None
        if guard is not None and guard.stdin is not None:
            with contextlib.suppress(OSError):
                guard.stdin.write(b"done\n")
                guard.stdin.close()
            guard.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a Valkey of ours: it fsyncs, closes its files and goes."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(END_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_leftover(folder: StoreFolder) -> None:
    """End a Valkey whose Tablecloth was killed, so that ours is the only one. Raises SetupProblem if it
    stays.
    """

    def is_gone() -> bool:
        lock = folder.take_store()
        if lock is not None:
            os.close(lock)
        path = folder.read_socket()
        # The socket is asked too: not every file system has locks that children inherit.
        return lock is not None and (path is None or pulse(path) == "silent")

    if is_gone():
        return
    _log.info("valkey_left_over", pid=folder.read_pid())
    _ask_to_end(folder.read_socket())
    for word in (signal.SIGTERM, signal.SIGKILL):
        if _until(is_gone, END_PATIENCE_S):
            return
        pid = folder.read_pid()
        if pid is not None and _is_valkey(pid):
            with contextlib.suppress(OSError):
                os.kill(pid, word)
    if not _until(is_gone, END_PATIENCE_S):
        raise SetupProblem(
            f"Another store (Valkey) is still at work in {folder.data} and does not end.",
            "Stop it, or give this server a folder of its own with --data DIR.",
        )


def _ask_to_end(path: Path | None) -> None:
    """SHUTDOWN, for a Valkey that isn't our child."""
    if path is None:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1.0)
        line.connect(str(path))
        line.sendall(b"SHUTDOWN\r\n")
        line.recv(64)


def _is_valkey(pid: int) -> bool:
    """Whether a pid is still a Valkey's. Where that can't be asked, the pid file is believed."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text()
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except OSError:
        return False
    return name.startswith(("valkey-", "redis-"))


def _turn_log(log: Path) -> int:
    """Keep Valkey's log from growing for ever: one old one stays. Returns where the next words will begin."""
    try:
        if log.stat().st_size <= MAX_LOG_BYTES:
            return log.stat().st_size
        log.replace(log.with_suffix(".log.1"))
    except OSError:
        return 0
    return 0
