"""Make .venv and keep it in step with the lock files. Started by bootstrap.py.

`run` gets what serving and building need, `dev` also what the tests need. A
stamp in .venv holds a hash of all that went in, so doing it again costs
nothing, and an interrupted set-up is simply done again.
"""

import contextlib
import errno
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("TABLECLOTH_VENV") or ROOT / ".venv")
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "tablecloth-stamp.json"

LOCKS = {
    "run": ["requirements.lock", "requirements-build.lock"],
    "dev": ["requirements-dev.lock"],
}
# A dev environment serves for `run` too, so its stamp covers every lock.
STAMPED = {
    "run": ["requirements.lock", "requirements-build.lock", "pyproject.toml", "hatch_build.py"],
    "dev": [
        *("requirements.lock", "requirements-build.lock", "requirements-dev.lock"),
        *("pyproject.toml", "hatch_build.py"),
    ],
}

NO_VENV = """
This Python cannot make a virtual environment: its `venv` or `ensurepip` module is missing.

  Debian, Ubuntu:  sudo apt install python{version}-venv

Then run the same command again.
"""

NO_PACKAGES = """
Some packages did not arrive (the lines above say which).
Nothing is broken. When the network is back, run the same command again: it goes on from here.
"""

NOT_WRITABLE = """
{place} cannot be written to, so nothing can be set up there.
Is it yours?  ls -ld {place}
"""


def digest(level: str) -> str:
    """Hash all that decides what the environment of this level holds."""
    hashed = hashlib.sha256(f"{ROOT}\n{platform.python_implementation()}\n".encode())
    for name in STAMPED[level]:
        hashed.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    return hashed.hexdigest()


def read_stamp() -> dict[str, str]:
    """Return level → digest of what is installed; empty if unknown."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(level: str) -> bool:
    """Tell whether nothing needs to be done for this level."""
    stamp = read_stamp()
    levels = ["dev"] if level == "dev" else ["run", "dev"]
    return any(stamp.get(each) == digest(each) for each in levels) and venv_works()


def venv_works() -> bool:
    """Tell whether the environment's Python still starts (the one that it was made from may be gone)."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        finished = subprocess.run([VENV_PYTHON, "-c", question], capture_output=True, check=False)
    except OSError:
        return False
    return finished.returncode == 0


def make_venv() -> None:
    """Make .venv anew, or say what this Python lacks for it."""
    try:
        # Debian ships venv without ensurepip, so only trying tells.
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SystemExit(NO_VENV.format(version=version).strip()) from None
    print(f"Making {VENV.name} with Python {platform.python_version()}.", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def pip_install(*arguments: str) -> None:
    """Install into .venv, or say kindly that packages did not arrive."""
    # A person's own pip settings may ask for --user, which a virtual environment refuses.
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input", *arguments]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise SystemExit(NO_PACKAGES.strip())


def install(level: str) -> None:
    """Install the locked packages of a level, and Tablecloth itself in place."""
    print("Getting the packages. The first time this takes a minute or two.", flush=True)
    locks = [argument for name in LOCKS[level] for argument in ("-r", name)]
    pip_install("--require-hashes", *locks)
    # Its build tools are among the locked packages: nothing unlocked is fetched.
    pip_install("--no-deps", "--no-build-isolation", "-e", ".")
    stamp = read_stamp() | {level: digest(level)}
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second `make` in the same checkout wait for the first."""
    if os.name == "nt":
        yield
        return
    import fcntl

    VENV.parent.mkdir(parents=True, exist_ok=True)
    with (VENV.parent / f"{VENV.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    level = sys.argv[1] if len(sys.argv) > 1 else "run"
    if level not in LOCKS:
        raise SystemExit(f"Say one of: {', '.join(LOCKS)}")
    if is_ready(level):
        return
    try:
        with one_at_a_time():
            if is_ready(level):
                return
            if not venv_works():
                make_venv()
            install(level)
    except OSError as refused:
        if refused.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        place = Path(refused.filename or VENV).parent
        raise SystemExit(NOT_WRITABLE.format(place=place).strip()) from None


if __name__ == "__main__":
    main()
