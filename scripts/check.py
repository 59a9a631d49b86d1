"""Run the checks by name, go on after a failure, and close with one clear summary.

`check.py all` is what `make test` runs. A folder that holds no tests yet is
passed over; a runner that ran none of the tests it has is a failure. Where a
check has a part in each language, both run at once: each alone leaves cores idle.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".build" / "reports"
SCRIPTS = Path(sys.executable).parent

PYTHON = [sys.executable]
CLIENT = [*PYTHON, "scripts/client.py", "run"]

# Files go to as many processes as there are cores, up to four: tests mostly wait for processes and disks.
SIDE_BY_SIDE = [f"--numprocesses={min(4, os.cpu_count() or 1)}", "--dist=loadfile"]

# Where commands of this thread print, if not on the terminal.
_SINK: ContextVar[IO[bytes] | None] = ContextVar("_SINK", default=None)
_NOTING = threading.Lock()

ORDER = ["lint", "types", "imports", "unit", "vectors", "property", "integration", "browser", "chaos"]


@dataclass
class Outcome:
    """What came of one check; `tests` counts passed, failed and skipped ones."""

    name: str
    is_good: bool = True
    seconds: float = 0.0
    tests: list[int] = field(default_factory=lambda: [0, 0, 0])

    def note(self, is_good: bool, tests: list[int] | None = None) -> None:
        """Take in the result of one of the check's commands."""
        with _NOTING:
            self.is_good = self.is_good and is_good
            self.tests = [mine + more for mine, more in zip(self.tests, tests or [0, 0, 0], strict=True)]


def call(*command: str) -> int:
    """Run a command from the top folder and return its exit code."""
    said = f"$ {' '.join(Path(part).name if part.startswith('/') else part for part in command)}\n"
    sink = _SINK.get()
    if sink is None:
        print(said, end="", flush=True)
    else:
        sink.write(said.encode())
        sink.flush()
    return subprocess.run(command, cwd=ROOT, check=False, stdout=sink, stderr=sink).returncode


def at_once(first: Callable[[], None], second: Callable[[], None]) -> None:
    """Do two works at once. What the second prints comes after what the first does."""
    with tempfile.TemporaryFile() as sink, ThreadPoolExecutor(1) as pool:

        def aside() -> None:
            _SINK.set(sink)
            second()

        under_way = pool.submit(aside)
        first()
        under_way.result()
        sink.seek(0)
        print(sink.read().decode(errors="replace"), end="", flush=True)


def plain(outcome: Outcome, *command: str) -> None:
    """Run a command that has no tests to count."""
    outcome.note(call(*command) == 0)


def pytest(outcome: Outcome, folder: str, *options: str) -> None:
    """Run the pytest tests of a folder under tests/."""
    if not any((ROOT / "tests" / folder).rglob("test_*.py")):
        print(f"tests/{folder} has no tests yet.")
        return
    report = REPORTS / f"{folder}-python.xml"
    report.unlink(missing_ok=True)
    code = call(*PYTHON, "-m", "pytest", f"tests/{folder}", f"--junitxml={report}", *options)
    outcome.note(code == 0, count_junit(report))


def vitest(outcome: Outcome, project: str) -> None:
    """Run the vitest tests of a project (see client/vitest.config.ts)."""
    report = REPORTS / f"{project}-client.json"
    report.unlink(missing_ok=True)
    reporters = ["--reporter=default", "--reporter=json", f"--outputFile.json={report}"]
    code = call(*CLIENT, f"test:{project}", "--", *reporters)
    outcome.note(code == 0, count_vitest(report))


def count_junit(report: Path) -> list[int]:
    """Return (passed, failed, skipped) of a pytest report; none if it is missing."""
    if not report.exists():
        return [0, 0, 0]
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 (our own report)
    total, failures, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    return [total - failures - errors - skipped, failures + errors, skipped]


def count_vitest(report: Path) -> list[int]:
    """Return (passed, failed, skipped) of a vitest report; none if it is missing."""
    if not report.exists():
        return [0, 0, 0]
    counts = json.loads(report.read_text(encoding="utf-8"))
    return [counts["numPassedTests"], counts["numFailedTests"], counts["numPendingTests"]]


def lint(outcome: Outcome) -> None:
    plain(outcome, str(SCRIPTS / "ruff"), "check", "--quiet", ".")
    plain(outcome, str(SCRIPTS / "ruff"), "format", "--check", "--quiet", "--diff", ".")


def types(outcome: Outcome) -> None:
    at_once(
        lambda: plain(outcome, *PYTHON, "-m", "mypy"),
        lambda: plain(outcome, *CLIENT, "check"),
    )


def imports(outcome: Outcome) -> None:
    at_once(
        lambda: plain(outcome, str(SCRIPTS / "lint-imports"), "--no-cache", "--no-logo"),
        lambda: plain(outcome, *CLIENT, "imports"),
    )


def unit(outcome: Outcome) -> None:
    at_once(lambda: pytest(outcome, "unit", *SIDE_BY_SIDE), lambda: vitest(outcome, "unit"))


def vectors(outcome: Outcome) -> None:
    for notes in REPORTS.glob("vectors-*.txt"):
        notes.unlink()
    at_once(lambda: pytest(outcome, "vectors"), lambda: vitest(outcome, "vectors"))
    plain(outcome, *PYTHON, "scripts/cross_check.py")


def property(outcome: Outcome) -> None:  # noqa: A001 (the folder's name)
    at_once(lambda: pytest(outcome, "property"), lambda: vitest(outcome, "property"))


def integration(outcome: Outcome) -> None:
    pytest(outcome, "integration", *SIDE_BY_SIDE)


def browser(outcome: Outcome) -> None:
    # People wait for each other most of the time: two files side by side keep two cores busy, no more.
    pytest(outcome, "browser", *SIDE_BY_SIDE)


def chaos(outcome: Outcome) -> None:
    pytest(outcome, "chaos")


CHECKS = {
    check.__name__: check
    for check in (lint, types, imports, unit, vectors, property, integration, browser, chaos)
}


def run(name: str) -> Outcome:
    """Run one check by name."""
    print(f"\n=== {name}", flush=True)
    outcome = Outcome(name)
    began = time.monotonic()
    CHECKS[name](outcome)
    outcome.seconds = time.monotonic() - began
    return outcome


def close(outcomes: list[Outcome]) -> int:
    """Print the summary and return the exit code."""
    print("\n=== Summary")
    for outcome in outcomes:
        passed, failed, skipped = outcome.tests
        counts = f"{passed} passed, {failed} failed, {skipped} skipped" if any(outcome.tests) else ""
        word = "ok" if outcome.is_good else "FAILED"
        print(f"{outcome.name:<12} {word:<7} {outcome.seconds:6.1f} s  {counts}".rstrip())
    totals = [sum(outcome.tests[place] for outcome in outcomes) for place in range(3)]
    bad = [outcome.name for outcome in outcomes if not outcome.is_good]
    print()
    if bad:
        print(f"Not good yet: {', '.join(bad)}. Each can be run alone, for example `make {bad[0]}`.")
        # A linter's complaint is a failure too, though it is no test.
        totals[1] = max(totals[1], len(bad))
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if bad else 0


def main() -> None:
    names = sys.argv[1:]
    unknown = [name for name in names if name != "all" and name not in CHECKS]
    if unknown or not names:
        raise SystemExit(f"Say some of: all, {', '.join(ORDER)}")
    os.chdir(ROOT)
    REPORTS.mkdir(parents=True, exist_ok=True)
    chosen = ORDER if names == ["all"] else names
    sys.exit(close([run(name) for name in chosen]))


if __name__ == "__main__":
    main()
