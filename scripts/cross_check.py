"""The third check over the vectors: no rule without a vector, no vector left out by a runner.

Each runner notes every vector file that it has run, a line each (see
tests/support/vectors.py and client/tests/vectors/noted.ts). This compares
the notes with what lies in schemas/vectors, and the rules in
schemas/FOLD.md and PROTOCOL.md with the rules that the vectors name.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "schemas" / "vectors"
RULES = [ROOT / "schemas" / "FOLD.md", ROOT / "schemas" / "PROTOCOL.md"]
REPORTS = ROOT / ".build" / "reports"
RUNNERS = {"Python": REPORTS / "vectors-python.txt", "TypeScript": REPORTS / "vectors-client.txt"}

# A rule begins a paragraph: **FOLD-7 Words.**
RULE = re.compile(r"^\*\*((?:FOLD|PROTOCOL)-\d+)\b", re.MULTILINE)
NAMED = re.compile(r"\b(?:FOLD|PROTOCOL)-\d+\b")

# Rules about conduct or HTTP, which no data can show; tests of the session and the server name them.
NOT_DATA = {
    f"PROTOCOL-{number}"
    for number in (1, 2, 3, 13, 24, 51, 52, 53, 54, 55, 56, 65, 66, 75, 76, 77, 78, 79, 81, 82, 83)
}


def rules_without_vector(rules: str, vectors: dict[str, str]) -> list[str]:
    """Return the rules of a page that no vector names, though data could show them."""
    named = {name for text in vectors.values() for name in NAMED.findall(text)}
    return [rule for rule in RULE.findall(rules) if rule not in named | NOT_DATA]


def names_without_rule(rules: str, vectors: dict[str, str]) -> list[str]:
    """Return what vectors name and no page has: a rule was renumbered."""
    known = set(RULE.findall(rules))
    named = {(name, path) for path, text in vectors.items() for name in NAMED.findall(text)}
    return [f"{path} names {name}" for name, path in sorted(named) if name not in known]


def left_out(vectors: dict[str, str], noted: set[str]) -> list[str]:
    """Return the vector files that a runner did not run."""
    return sorted(set(vectors) - noted)


def read_notes(report: Path) -> set[str]:
    """Return the vector files that a runner noted."""
    return set(report.read_text(encoding="utf-8").split()) if report.exists() else set()


def main() -> None:
    vectors = {
        path.relative_to(VECTORS).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(VECTORS.rglob("*.json"))
    }
    if not vectors:
        print("schemas/vectors has no vectors yet.")
        return
    rules = "\n".join(page.read_text(encoding="utf-8") for page in RULES)
    complaints = [f"{rule} has no vector" for rule in rules_without_vector(rules, vectors)]
    complaints += [f"{name}, which no page has" for name in names_without_rule(rules, vectors)]
    for runner, report in RUNNERS.items():
        complaints += [f"{runner} did not run {path}" for path in left_out(vectors, read_notes(report))]
    if complaints:
        print("\n".join(complaints))
        sys.exit(1)
    print(f"{len(vectors)} vector files, each run in both languages; every rule has one.")


if __name__ == "__main__":
    main()
