"""The folder of the embedded Valkey: who may use it, where its socket lies, and what it is told.

    DATA/valkey/
      appendonlydir/   the boards: every append, fsynced before anybody sees it server.lock      held by the
      Tablecloth that serves this folder, for as long as it lives; holds its pid store.lock       held by
      Valkey itself, which inherits it: free means that no Valkey is alive here, whatever
                       became of its Tablecloth
      socket           where its socket is (the path of a unix socket may have about 100 bytes, a folder's
      may not) valkey.conf, valkey.log, valkey.pid

Locks are flock's: the kernel lets go of them when a process ends, even by kill -9, so none is ever stale.
Rejected: pid files as locks (a pid is used again), a TCP port (anybody on the machine could read the
boards).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
import stat
import sys
import tempfile
from pathlib import Path

from tablecloth.problems import SetupProblem

if sys.platform != "win32":
    import fcntl

MAX_SOCKET_PATH = 100
"""Bytes: Linux takes 107, macOS 103."""
_BUSY = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}


class StoreFolder:
    """``DATA/valkey``. ``prepare`` first."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.path = self.data / "valkey"
        self.log = self.path / "valkey.log"

    def prepare(self) -> None:
        """Make the folder and see that it can be written to. Raises SetupProblem. A repeat is harmless."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as problem:
            if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise SetupProblem(
                    f"The disk that holds {self.data} is full. Nothing was lost.",
                    "Make some room on it and start again.",
                ) from problem
            raise SetupProblem(
                f"The boards can't be kept in {self.data}: this account may not write there.",
                "Choose another folder with --data DIR, or let this account write to that one.",
            ) from problem

    def take(self) -> int:
        """Take the folder for this process; the lock's file descriptor. Raises SetupProblem if another has
        it.
        """
        lock = self._lock("server.lock")
        if lock is None:
            raise SetupProblem(
                f"Another Tablecloth is serving the boards in {self.data}{self._who()}.",
                "Use that one, or stop it first, or give this one a folder of its own with --data DIR.",
            )
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        return lock

    def _who(self) -> str:
        """Which process that is, if it said so."""
        with contextlib.suppress(OSError, ValueError):
            return f" (process {int((self.path / 'server.lock').read_text())})"
        return ""

    def take_store(self) -> int | None:
        """The lock that a Valkey inherits, as a file descriptor to pass on and close; None if one is alive
        here.
        """
        return self._lock("store.lock")

    def _lock(self, name: str) -> int | None:
        """Lock a file of the folder, or return None if somebody else has it."""
        handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno in _BUSY:
                os.close(handle)
                return None
            # A file system without locks: the socket still tells whether a Valkey is alive here.
        return handle

    def read_pid(self) -> int | None:
        """The pid that Valkey wrote down, if there is one."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.path / "valkey.pid").read_text())
        return None

    def read_socket(self) -> Path | None:
        """Where the last Valkey of this folder had its socket."""
        with contextlib.suppress(OSError):
            return Path((self.path / "socket").read_text(encoding="utf-8"))
        return None

    def choose_socket(self) -> Path:
        """A path that a socket can be made at: in the folder, else in a short one of ours. Raises
        SetupProblem.
        """
        for place in (self.path, _short_folder(self.path)):
            path = place / "valkey.sock"
            if len(os.fsencode(path)) <= MAX_SOCKET_PATH and _can_bind(path):
                (self.path / "socket").write_text(str(path), encoding="utf-8")
                return path
        raise SetupProblem(
            f"No way was found to talk to a store (Valkey) in {self.data}.",
            "Choose a folder on a local disk with --data DIR.",
        )

    def write_conf(self, socket_path: Path, max_memory: int) -> None:
        """Write what Valkey is told. Names are relative to the folder, which is where it runs."""
        lines = [
            "# Written by Tablecloth at every start.",
            "port 0",
            f'unixsocket "{_quoted(socket_path)}"',
            "unixsocketperm 700",
            "databases 1",
            "dir ./",
            "logfile valkey.log",
            "pidfile valkey.pid",
            "# An edit is acknowledged when it is on disk.",
            "appendonly yes",
            "appendfsync always",
            'save ""',
            "# A full memory makes boards read-only; it never drops one.",
            f"maxmemory {max_memory}",
            "maxmemory-policy noeviction",
            "# Appending is nearly all it does: fewer nodes to make, and no histogram of every command.",
            "stream-node-max-bytes 16384",
            "stream-node-max-entries 200",
            "latency-tracking no",
        ]
        (self.path / "valkey.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _short_folder(path: Path) -> Path:
    """A folder with a short name that only this account can enter, the same for the same ``path``."""
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"tablecloth-{os.getuid()}-{digest}"


def _can_bind(path: Path) -> bool:
    """Whether a socket can be made here, safe from others on this machine; some file systems know none."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        held = path.parent.lstat()
        # In /tmp somebody else may have made a folder of that name first.
        if not stat.S_ISDIR(held.st_mode) or held.st_uid != os.getuid() or held.st_mode & 0o022:
            return False
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(str(path))
        path.unlink()
    except OSError:
        return False
    return True
