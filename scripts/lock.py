"""Remake the Python lock files: every version and hash, and no address of any registry."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Made by `make lock` from pyproject.toml; please don't edit.\n"
# Each later lock is held to the versions of the first, so that they install together.
LOCKS: dict[str, list[str]] = {
    "requirements.lock": [],
    "requirements-build.lock": ["--extra=build", "--constraints=requirements.lock"],
    "requirements-dev.lock": [
        *("--extra=build", "--extra=dev"),
        *("--constraints=requirements.lock", "--constraints=requirements-build.lock"),
    ],
}
# Only what building needs goes into the build lock; the rest is in requirements.lock.
BUILD_ONLY = "requirements-build.lock"


def compile_lock(name: str, options: list[str]) -> str:
    """Return the text of one lock file for every platform and Python that we support."""
    source = "-" if name == BUILD_ONLY else "pyproject.toml"
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", source, "--universal", "--generate-hashes"),
            *("--no-emit-index-url", "--no-annotate", "--no-header", "--quiet", "--upgrade"),
            *("--python-version=3.11",),
            *(option for option in options if source != "-" or not option.startswith("--extra")),
        ],
        cwd=ROOT,
        input="\n".join(build_requirements()) if source == "-" else None,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return HEAD + finished.stdout


def build_requirements() -> list[str]:
    """The `build` extra of pyproject.toml, line by line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["build"])


def main() -> None:
    for name, options in LOCKS.items():
        text = compile_lock(name, options)
        if re.search(r"://|/opt/|/home/|file:", text):
            raise SystemExit(f"{name} would hold an address. Nothing was written.")
        (ROOT / name).write_text(text, encoding="utf-8")
        count = len(re.findall(r"^\S+==", text, re.MULTILINE))
        print(f"{name}: {count} packages")


if __name__ == "__main__":
    main()
