"""The answers that setting up gives on a machine that lacks something.

Each test starts the scripts as a person's `make` would, on a machine made
poor by its environment: a PATH with little on it, a folder of stand-ins.
"""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import environment
import pytest

import client

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
PYTHON_LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]
NPM_LOCK = "client/package-lock.json"


# Making an environment takes seconds on a quiet machine, and many times that beside other work.
pytestmark = pytest.mark.timeout(300)


def start(*command: str | Path, **environment: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command with this environment and no other, and no input."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={name: str(value) for name, value in environment.items()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def assert_kind(finished: subprocess.CompletedProcess[str], *told: str) -> None:
    """The command ended badly, said these things, and showed no traceback."""
    said = finished.stdout + finished.stderr
    assert finished.returncode != 0
    assert "Traceback" not in said
    for words in told:
        assert words in said


def stand_in(folder: Path, name: str, script: str) -> Path:
    """Put a small shell program on a machine."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def site_that_feels(folder: Path, old: str = "") -> Path:
    """Make a folder for PYTHONPATH whose Python takes itself for an older one."""
    folder.mkdir(exist_ok=True)
    version = tuple(int(part) for part in old.split("."))
    lines = f"import sys\nsys.version_info = (*{version}, 'final', 0)\n"
    (folder / "sitecustomize.py").write_text(lines, encoding="utf-8")
    return folder


def old_pythons() -> list[Path]:
    """Return the Pythons of this machine that are too old for us, where distributions and pyenv put them."""
    folders = [Path("/usr/bin"), Path("/usr/local/bin"), *(Path.home() / ".pyenv/versions").glob("*/bin")]
    names = [f"python3.{minor}" for minor in range(6, 11)]
    return [folder / name for folder in folders for name in names if (folder / name).is_file()]


def without_funding(value: Any) -> Any:
    """Return the parsed lock file less its `funding` parts."""
    if isinstance(value, dict):
        return {key: without_funding(each) for key, each in value.items() if key != "funding"}
    return [without_funding(each) for each in value] if isinstance(value, list) else value


class TestPythonTooOld:
    def test_says_what_to_install(self, tmp_path: Path) -> None:
        site = site_that_feels(tmp_path / "site", old="3.6.9")

        finished = start(sys.executable, SCRIPTS / "bootstrap.py", "run", PATH=tmp_path, PYTHONPATH=site)

        assert_kind(
            finished, "needs Python 3.11 or newer", "This one is 3.6.9", "apt install", "brew install"
        )

    def test_uses_a_newer_one_on_the_path(self, tmp_path: Path) -> None:
        site = site_that_feels(tmp_path / "site", old="3.6.9")
        stand_in(tmp_path / "bin", "python3.14", "exit 1")  # there, but too old by its own word
        stand_in(tmp_path / "bin", "python3.12", 'if [ "$1" != "-c" ]; then echo "started: $*"; fi')

        finished = start(
            *(sys.executable, SCRIPTS / "bootstrap.py", "dev"), PATH=tmp_path / "bin", PYTHONPATH=site
        )

        assert finished.returncode == 0, finished.stderr
        assert finished.stdout.strip() == f"started: {SCRIPTS / 'environment.py'} dev"

    def test_bootstrap_speaks_to_very_old_pythons(self) -> None:
        # Parsed by the grammar of 3.6 where this Python can still do so.
        source = (SCRIPTS / "bootstrap.py").read_text(encoding="utf-8")
        compile(source, "bootstrap.py", "exec", dont_inherit=True)
        ast.parse(source, feature_version=(3, 7))
        assert not re.search(r'\bf"|:=|^\s*match |\blist\[|\bdict\[| \| None', source, re.MULTILINE)

    def test_with_really_old_pythons(self, tmp_path: Path) -> None:
        tried = [python for python in old_pythons() if start(python, "-c", "", PATH=tmp_path).returncode == 0]
        if not tried:
            pytest.skip("no Python 3.6 to 3.10 here")

        for python in tried:
            finished = start(python, SCRIPTS / "bootstrap.py", "run", PATH=tmp_path)
            assert_kind(finished, "needs Python 3.11 or newer")

    def test_make_says_so_when_there_is_no_python(self, tmp_path: Path) -> None:
        make = shutil.which("make")
        assert make
        for tool in ["sh", "test", "echo"]:
            found = shutil.which(tool)
            assert found
            (tmp_path / tool).symlink_to(found)

        assert_kind(start(make, "run", PATH=tmp_path), "found no Python here")


class TestVenvMissing:
    def test_names_the_debian_package(self, tmp_path: Path) -> None:
        # As Debian without python3-venv: the module's import fails.
        (tmp_path / "ensurepip.py").write_text("raise ImportError('not on this machine')\n", encoding="utf-8")

        finished = start(
            *(sys.executable, SCRIPTS / "bootstrap.py", "run"),
            PATH=os.environ["PATH"],
            PYTHONPATH=tmp_path,
            TABLECLOTH_VENV=tmp_path / "venv",
        )

        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert_kind(finished, f"sudo apt install python{version}-venv", "run the same command again")
        assert not (tmp_path / "venv").exists()


class TestPackagesMissing:
    def test_says_that_nothing_is_broken(self, tmp_path: Path) -> None:
        finished = start(
            *(sys.executable, SCRIPTS / "bootstrap.py", "run"),
            PATH=os.environ["PATH"],
            TABLECLOTH_VENV=tmp_path / "venv",
            HOME=tmp_path,
            PIP_CONFIG_FILE=os.devnull,
            PIP_NO_INDEX="1",
            PIP_NO_CACHE_DIR="1",
        )

        assert_kind(finished, "Some packages did not arrive", "Nothing is broken")
        # No stamp: the next time goes on with it.
        assert not (tmp_path / "venv" / "tablecloth-stamp.json").exists()


class TestNotWritable:
    def test_names_the_folder(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        if os.access(closed, os.W_OK):  # root may write anywhere but in the kernel's own folders
            closed = Path("/sys")
            if not closed.is_dir():
                pytest.skip("no folder here that root can't write to")

        finished = start(
            *(sys.executable, SCRIPTS / "bootstrap.py", "run"),
            PATH=os.environ["PATH"],
            TABLECLOTH_VENV=closed / "inner" / "venv",
        )

        assert_kind(finished, f"{closed} cannot be written to")


class TestNoChromium:
    def test_says_how_to_get_one(self, tmp_path: Path) -> None:
        # No apt, no chromium, and playwright's download goes nowhere.
        finished = start(
            *(sys.executable, SCRIPTS / "browser.py"),
            PATH=tmp_path,
            HOME=tmp_path,
            PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:9",
            PLAYWRIGHT_BROWSERS_PATH=tmp_path / "browsers",
        )

        assert_kind(finished, "No Chromium was found", "sudo apt install chromium", "brew install")

    def test_the_chosen_one_must_be_there(self, tmp_path: Path) -> None:
        finished = start(
            *(sys.executable, SCRIPTS / "browser.py"),
            PATH=tmp_path,
            HOME=tmp_path,
            TABLECLOTH_CHROMIUM=tmp_path / "nowhere",
        )

        assert_kind(finished, "TABLECLOTH_CHROMIUM names", "cannot be started")

    def test_the_chosen_one_is_taken(self, tmp_path: Path) -> None:
        chosen = stand_in(tmp_path / "mine", "browser", "exit 0")
        stand_in(tmp_path / "bin", "chromium", "exit 0")

        finished = start(
            *(sys.executable, SCRIPTS / "browser.py"),
            PATH=tmp_path / "bin",
            HOME=tmp_path,
            TABLECLOTH_CHROMIUM=chosen,
        )

        assert (finished.returncode, finished.stdout.strip()) == (0, f"Chromium: {chosen}")

    def test_playwrights_own_is_found(self, tmp_path: Path) -> None:
        for revision in ["1100", "1200"]:
            stand_in(tmp_path / f"browsers/chromium-{revision}/chrome-linux", "chrome", "exit 0")

        finished = start(
            *(sys.executable, SCRIPTS / "browser.py"),
            PATH=tmp_path,
            HOME=tmp_path,
            PLAYWRIGHT_BROWSERS_PATH=tmp_path / "browsers",
        )

        assert "chromium-1200" in finished.stdout


class TestLockFiles:
    @pytest.mark.parametrize("name", [*PYTHON_LOCKS, NPM_LOCK])
    def test_hold_no_registry_address(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        if name == NPM_LOCK:
            # Addresses of people who would like a donation are none of registries.
            text = json.dumps(without_funding(json.loads(text)), indent=0)

        assert "://" not in text
        assert not re.search(r'"(file|link|git[+\w]*):|"resolved"|index-url|find-links', text)
        assert not re.search(r"(^|[\s\"'@])/(opt|home|root|tmp|usr|Users)/", text)

    def test_every_python_package_has_a_hash(self) -> None:
        for name in PYTHON_LOCKS:
            text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
            for line in text.splitlines():
                assert not line or line.startswith("#") or "--hash=sha256:" in line, line

    def test_every_npm_package_has_a_hash(self) -> None:
        packages = json.loads((ROOT / NPM_LOCK).read_text(encoding="utf-8"))["packages"]
        bare = [name for name, entry in packages.items() if name and "integrity" not in entry]
        assert bare == []

    def test_agree_with_pyproject(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"]
        wanted = {
            "requirements.lock": project["dependencies"],
            "requirements-build.lock": extras["build"],
            "requirements-dev.lock": [*project["dependencies"], *extras["build"], *extras["dev"]],
        }
        for name, requirements in wanted.items():
            locked = set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
            named = {re.split(r"[\[<>=!;\s]", line)[0].lower() for line in requirements}
            assert named <= {package.lower() for package in locked}, f"{name} is old: make lock"

    def test_agree_with_each_other(self) -> None:
        pinned: dict[str, str] = {}
        for name in PYTHON_LOCKS:
            text = (ROOT / name).read_text(encoding="utf-8")
            for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
                assert pinned.setdefault(package, version) == version, f"{package} in {name}"


class TestClientStamp:
    """What makes the client be built anew."""

    def make_checkout(self, folder: Path) -> Path:
        for name in [
            "client/src/main.ts",
            "client/package.json",
            "client/package-lock.json",
            "schemas/limits.json",
        ]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("{}", encoding="utf-8")
        return folder

    def pretend_built(self, checkout: Path) -> None:
        dist = checkout / "client/dist"
        dist.mkdir()
        (dist / "index.html").write_text("<!doctype html>", encoding="utf-8")
        (dist / ".stamp").write_text(client.digest(checkout, client.INPUTS), encoding="ascii")

    @pytest.mark.parametrize(
        ("changed", "stays_built"),
        [
            ("client/src/main.ts", False),
            ("client/src/new.svelte", False),
            ("client/package-lock.json", False),
            ("schemas/limits.json", False),
            ("client/src/main.test.ts", True),
            ("client/node_modules/x/index.json", True),
            ("server/tablecloth/cli.py", True),
        ],
    )
    def test_changes(self, changed: str, stays_built: bool, tmp_path: Path) -> None:
        checkout = self.make_checkout(tmp_path)
        assert not client.is_built(checkout)
        self.pretend_built(checkout)
        assert client.is_built(checkout)

        (checkout / changed).parent.mkdir(parents=True, exist_ok=True)
        (checkout / changed).write_text("changed", encoding="utf-8")

        assert client.is_built(checkout) is stays_built

    @pytest.mark.parametrize(
        "page",
        [
            "<script>alert(1)</script>",
            "<script type=module>import './x.js'</script>",
            "<style>p {}</style>",
            '<p style="color: red">',
            '<body onload="x()">',
        ],
    )
    def test_a_page_with_inline_code_is_refused(self, page: str, tmp_path: Path) -> None:
        (tmp_path / "index.html").write_text(page, encoding="utf-8")

        with pytest.raises(SystemExit, match="inline"):
            client.refuse_inline_code(tmp_path / "index.html")

    def test_a_plain_page_is_taken(self, tmp_path: Path) -> None:
        page = tmp_path / "index.html"
        page.write_text(
            '<script type="module" crossorigin src="/a.js"></script><p class="on"></p>', encoding="utf-8"
        )

        client.refuse_inline_code(page)


def test_environment_stamp_follows_the_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in environment.STAMPED["dev"]:
        (tmp_path / name).write_text(hashlib.sha256(name.encode()).hexdigest(), encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    before = {level: environment.digest(level) for level in environment.LOCKS}
    (tmp_path / "requirements-dev.lock").write_text("changed", encoding="utf-8")

    assert environment.digest("run") == before["run"]
    assert environment.digest("dev") != before["dev"]
