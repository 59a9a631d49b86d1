"""``--workers N``: the parent of N worker processes, which starts one anew when it ends.

Invariants: a worker that ends is replaced, with pauses that grow while it keeps ending; a worker whose loop
stands still for a minute is killed (it writes its numbers every two seconds) and one that is only busy never
is (TRAPS 14); workers end with their parent, even by kill -9, because the pipe that is their stdin closes.

The job of a worker goes through that pipe: arguments can be read by everybody on the machine, and the store's
address may hold a password (TRAPS 27).

Rejected: uvicorn's own supervisor (it kills a worker that holds the GIL for five seconds, and gives up the
whole server when one can't start).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import structlog

from tablecloth.config import Config

STANDSTILL_S = 60.0
END_PATIENCE_S = 20.0
STEADY_S = 30.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_LOOK_EVERY_S = 0.2

_log = structlog.get_logger("supervisor")


@dataclass
class _Place:
    """One worker's place: its socket stays, its processes come and go."""

    number: int
    socket: socket.socket
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    not_before: float = 0.0
    pause_s: float = _FIRST_PAUSE_S


class Supervisor:
    """``run`` returns when it is told to end and all workers have."""

    def __init__(self, config: Config, store_url: str, sockets: list[socket.socket]) -> None:
        assert config.run_folder is not None
        self._config = config
        self._store_url = store_url
        self._folder = config.run_folder
        self._places = [_Place(number, each) for number, each in enumerate(sockets)]
        self._is_ending = False

    @property
    def pids(self) -> list[int]:
        """The workers' processes just now."""
        return [place.process.pid for place in self._places if place.process is not None]

    def run(self) -> None:
        """Start the workers and keep them. Ends at SIGINT or SIGTERM."""
        before = {each: signal.signal(each, self._end) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._is_ending:
                for place in self._places:
                    self._look_after(place)
                time.sleep(_LOOK_EVERY_S)
        finally:
            self._end_all()
            for each, handler in before.items():
                signal.signal(each, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._is_ending = True

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        process = place.process
        if process is None:
            if now >= place.not_before:
                self._start(place)
        elif process.poll() is not None:
            place.process = None
            if now - place.began > STEADY_S:
                place.pause_s = _FIRST_PAUSE_S
            place.not_before = now + place.pause_s
            _log.warning("worker_ended", worker=place.number, code=process.returncode, pause_s=place.pause_s)
            place.pause_s = min(_LONGEST_PAUSE_S, place.pause_s * 2)
        elif self._stands_still(place, now):
            _log.warning("worker_stands_still", worker=place.number)
            process.kill()

    def _numbers(self, place: _Place) -> Path:
        return self._folder / f"metrics-{place.number}"

    def _stands_still(self, place: _Place, now: float) -> bool:
        if now - place.began < STANDSTILL_S:
            return False
        try:
            age = time.time() - self._numbers(place).stat().st_mtime
        except OSError:
            return True
        return age > STANDSTILL_S

    def _start(self, place: _Place) -> None:
        with contextlib.suppress(OSError):
            self._numbers(place).unlink()
        handle = place.socket.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "tablecloth.worker_process", str(place.number), str(handle)],
            stdin=subprocess.PIPE,
            pass_fds=(handle,),
            start_new_session=True,  # Ctrl-C is for the parent, which ends them in order
        )
        place.process, place.began = process, time.monotonic()
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.write(b"\n".join((self._config.to_json(), self._store_url.encode(), b"")))
            process.stdin.flush()

    def _end_all(self) -> None:
        """Tell all to end at once, wait for them, and end those that don't."""
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        give_up = time.monotonic() + END_PATIENCE_S
        for process in running:
            try:
                process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()


def read_job(handle: int) -> tuple[Config, str]:
    """A worker's config and its store's address, from the pipe that stays open while the parent lives."""
    lines = b""
    while lines.count(b"\n") < 2:
        data = os.read(handle, 65536)
        if not data:
            raise SystemExit("This program is started by tablecloth serve.")
        lines += data
    config, store_url = lines.split(b"\n")[:2]
    return Config.from_json(config), store_url.decode()
