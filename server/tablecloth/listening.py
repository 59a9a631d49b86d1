"""The sockets that a server listens on, and the addresses at which people in the room reach it.

Several workers: on Linux each has a socket of its own on the same port (SO_REUSEPORT), among which the kernel
deals out connections evenly, also when a whole hall connects at once; elsewhere they share one. The parent
holds all of them, so that nothing that was dealt to a worker is lost when it is killed and started anew.

Rejected: one shared socket on Linux (whoever wakes first takes everything that waits).
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import sys

from tablecloth.problems import SetupProblem

BACKLOG = 2048
_TRIES = 50
_SHARES_PORTS = sys.platform.startswith("linux")


def listen(host: str, port: int, workers: int) -> list[socket.socket]:
    """One socket a worker, bound and listening. Raises SetupProblem in words that help."""
    # First without sharing: a port that another server shares would look free.
    first = _bind(host, port, shared=False)
    if workers == 1 or not _SHARES_PORTS:
        first.listen(BACKLOG)
        return [first] * workers
    port = first.getsockname()[1]
    first.close()
    sockets = [_bind(host, port, shared=True) for _ in range(workers)]
    for each in sockets:
        each.listen(BACKLOG)
    return sockets


def _bind(host: str, port: int, shared: bool) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as problem:
        raise SetupProblem(
            f"{host} is no address of this machine.", "Choose another with --host; 0.0.0.0 is all of them."
        ) from problem
    bound = socket.socket(family, kind, proto)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6 and host == "::":
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind(address)
    except OSError as problem:
        bound.close()
        raise _why_not(problem, host, port) from problem
    bound.setblocking(False)
    return bound


def _why_not(problem: OSError, host: str, port: int) -> SetupProblem:
    if problem.errno == errno.EADDRINUSE:
        free = free_port(host, port)
        hint = f" Port {free} is free: add --port {free}." if free is not None else ""
        return SetupProblem(
            f"Port {port} is taken: something is running there already, perhaps another Tablecloth.",
            f"Use that one, or stop it first.{hint}",
        )
    if problem.errno == errno.EACCES:
        return SetupProblem(
            f"This account may not use port {port}.", "Choose one from 1024 to 65535 with --port."
        )
    return SetupProblem(
        f"{host} is no address of this machine.", "Choose another with --host; 0.0.0.0 is all of them."
    )


def free_port(host: str, after: int) -> int | None:
    """The next port that nobody listens on, or None if none is near."""
    for port in range(after + 1, min(after + _TRIES, 65536)):
        with contextlib.suppress(OSError), socket.create_server((host, port)):
            return port
    return None


def addresses(host: str, port: int) -> list[str]:
    """Where people reach it, the best for others in the same network first: ``http://192.168.1.7:8080``."""
    if host not in {"", "0.0.0.0", "::"}:  # noqa: S104
        return [_address(host, port)]
    return [_address(each, port) for each in [*local_addresses(), "localhost"]]


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}" if port == 80 else f"http://{shown}:{port}"


def local_addresses() -> list[str]:
    """The machine's own addresses in its networks, as far as it can tell without asking anybody."""
    found: list[str] = []
    # Nothing is sent: the system says from where it would speak to that address.
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [each for each in dict.fromkeys(found) if not ipaddress.ip_address(each).is_loopback]
