"""What is wrong with this machine's set-up, and how to mend it: one finding for each thing that has kept
people from starting.

Each check looks at one thing, changes nothing that it doesn't take back, and never raises: what it can't
find out it says. ``well`` is for what is as it must be, ``worth knowing`` for what works but not as well as
it could, ``amiss`` for what keeps Tablecloth from working.
"""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from tablecloth.problems import SetupProblem

Verdict: TypeAlias = Literal["well", "worth knowing", "amiss"]
MIN_PYTHON = (3, 11)
_LITTLE_BYTES, _TOO_LITTLE_BYTES = 1 << 30, 64 << 20
_MANY_FILES = 4096
_PATIENCE_S = 10.0
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_BROWSERS = Path("/Applications/Chromium.app"), Path("/Applications/Google Chrome.app")
_PACKAGE = Path(__file__).resolve().parent
_NEEDED = ("hiredis", "httpx", "msgpack", "msgspec", "redis", "segno", "starlette", "uvicorn", "websockets")


@dataclass(slots=True, frozen=True)
class Finding:
    """What one check found. ``do``: what to do about it, in one sentence; empty if all is well."""

    about: str
    verdict: Verdict
    what: str
    do: str = ""


def examine(port: int, data: Path) -> Iterator[Finding]:
    """All findings, one after the other. ``port`` and ``data`` are those that ``serve`` would use."""
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", python),
        ("Packages", packages),
        ("Store", store),
        ("Boards", lambda: folder(data)),
        ("Disk", lambda: disk(data)),
        ("Port", lambda: port_is_free(port)),
        ("Network", network),
        ("Page", page),
        ("Clock", clock),
        ("Letters", letters),
        ("Crowd", crowd),
        ("Browser", browser),
    ]
    for about, check in checks:
        try:
            yield check()
        except Exception as problem:  # noqa: BLE001 (a doctor that faints helps nobody)
            yield Finding(about, "worth knowing", f"This could not be looked at ({type(problem).__name__}).")


def python() -> Finding:
    """The version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= MIN_PYTHON:
        return Finding("Python", "well", f"{version} at {sys.executable}")
    return Finding("Python", "amiss", f"{version} is too old.", "Install Python 3.11 or newer.")


def packages() -> Finding:
    """Whether what Tablecloth is built on is installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        what = f"Missing: {', '.join(missing)}."
        return Finding("Packages", "amiss", what, "In the project's folder run make run; it gets them.")
    if find_spec("uvloop") is None:
        return Finding("Packages", "worth knowing", "uvloop is missing.", "With it, one machine serves more.")
    return Finding("Packages", "well", "all there")


def store() -> Finding:
    """Whether the Valkey that comes along runs here."""
    from tablecloth.log.valkey_binary import find_valkey

    do = "Install Valkey 8 or newer yourself and name it: tablecloth serve --valkey redis://127.0.0.1:6379"
    try:
        program = find_valkey()
    except SetupProblem as problem:
        return Finding("Store", "amiss", problem.what, problem.do)
    asked = [str(program), "--version"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=_PATIENCE_S, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return Finding("Store", "amiss", f"The store of the boards, {program}, does not run here.", do)
    version = next((word.removeprefix("v=") for word in said.split() if word.startswith("v=")), "")
    return Finding("Store", "well", f"Valkey {version}")


def folder(data: Path) -> Finding:
    """Whether boards can be kept."""
    place = data
    while not place.exists() and place != place.parent:
        place = place.parent
    do = "Choose another folder with --data DIR, or let this account write to that one."
    if not place.is_dir():
        return Finding(
            "Boards", "amiss", f"{place} is a file, not a folder.", "Choose another with --data DIR."
        )
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError:
        return Finding("Boards", "amiss", f"This account may not write in {place}.", do)
    if place == data:
        return Finding("Boards", "well", f"in {data}")
    return Finding("Boards", "well", f"in {data}, which will be made")


def disk(data: Path) -> Finding:
    """How much room there is for boards."""
    place = data
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    room = f"{free / (1 << 30):.1f} GiB free" if free >= 1 << 30 else f"{free >> 20} MiB free"
    do = "Make some room, or choose a folder on another disk with --data DIR."
    if free < _TOO_LITTLE_BYTES:
        return Finding("Disk", "amiss", f"Only {room}.", do)
    return (
        Finding("Disk", "worth knowing", f"Only {room}.", do)
        if free < _LITTLE_BYTES
        else Finding("Disk", "well", room)
    )


def port_is_free(port: int) -> Finding:
    """Whether a server could listen, or is listening already."""
    if not 0 <= port <= 65535:
        return Finding(
            "Port", "amiss", f"There is no port {port}.", "Choose one from 1024 to 65535 with --port."
        )
    try:
        with socket.create_server(("", port)):
            return Finding("Port", "well", f"{port} is free")
    except PermissionError:
        return Finding(
            "Port", "amiss", f"This account may not listen on {port}.", "Choose one above 1023 with --port."
        )
    except OSError:
        pass
    if _tablecloth_answers(port):
        return Finding("Port", "well", f"a Tablecloth is running on {port}")
    return Finding(
        "Port", "amiss", f"Something else uses port {port}.", "Choose another with --port, for example 8090."
    )


def _tablecloth_answers(port: int) -> bool:
    import httpx

    try:
        return "tablecloth" in httpx.get(f"http://127.0.0.1:{port}/api/openapi.json", timeout=2).text.lower()
    except httpx.HTTPError:
        return False


def network() -> Finding:
    """Whether others in the room could reach this machine."""
    from tablecloth.listening import local_addresses

    found = local_addresses()
    if found:
        return Finding("Network", "well", f"others in this network reach it at {found[0]}")
    do = "To work with others, join the same network as they."
    return Finding("Network", "worth knowing", "This machine is in no network; only you can open boards.", do)


def page() -> Finding:
    """Whether the page that people open was built."""
    places = [_PACKAGE / "web" / "static", _PACKAGE.parent.parent / "client" / "dist"]
    if any((place / "index.html").is_file() for place in places):
        return Finding("Page", "well", "built")
    return Finding(
        "Page", "amiss", "The page that people open is not built.", "In the project's folder run make client."
    )


def clock() -> Finding:
    """Whether the clock can be right: it stands in every entry."""
    now = time.time()
    made = (_PACKAGE / "__init__.py").stat().st_mtime
    shown = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
    if now < made - 86_400 or now > made + 50 * 365 * 86_400:
        return Finding(
            "Clock", "amiss", f"It says {shown}, which can't be.", "Set it; boards keep times for ever."
        )
    return Finding("Clock", "well", shown)


def letters() -> Finding:
    """Whether this terminal can show what people write."""
    encoding = (
        (sys.stdout.encoding or locale.getpreferredencoding(do_setlocale=False)).lower().replace("-", "")
    )
    if encoding == "utf8":
        return Finding("Letters", "well", "UTF-8")
    do = "Set LANG to C.UTF-8 or a language of yours with UTF-8. Boards are right all the same."
    return Finding(
        "Letters", "worth knowing", "This terminal doesn't use UTF-8, so it can't show all words.", do
    )


def crowd() -> Finding:
    """How many people one server may hold open files for."""
    with contextlib.suppress(ImportError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < _MANY_FILES:
            do = "For more people at once, raise the limit of open files (ulimit -n)."
            return Finding("Crowd", "worth knowing", f"At most {hard} files and connections are allowed.", do)
    return Finding("Crowd", "well", "room for thousands of connections")


def browser() -> Finding:
    """Whether there is a Chromium for the project's own tests; nobody else needs one here."""
    there = [os.environ.get("TABLECLOTH_CHROMIUM"), *map(shutil.which, _BROWSERS)]
    there += [str(place) for place in _MAC_BROWSERS if place.exists()]
    found = next(filter(None, there), None)
    if found is not None:
        return Finding("Browser", "well", f"{found} (only tests need it)")
    do = "Only make test needs it, and it gets one by itself."
    return Finding("Browser", "worth knowing", "There is no Chromium here.", do)
