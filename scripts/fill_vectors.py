"""Fill in what no human should write into the vectors: chain and hash of fold cases, and put the files in
form.

Only what is missing is filled in; what stands there is frozen (schemas/vectors/README.md). `--check` names
files that want filling or are not in form, and writes nothing.
"""

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tablecloth.core.canonical import canonical_hash  # noqa: E402

from tests.support.cases import board_of  # noqa: E402
from tests.support.vectors import VECTORS, vector_files  # noqa: E402

WIDTH = 118
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def escaped(text: str) -> str:
    """Return JSON in which what can't be seen or written as UTF-8 is escaped."""
    return "".join(
        json.dumps(char)[1:-1] if unicodedata.category(char) in UNSEEN or char == "\ufffc" else char
        for char in text
    )


def form(value: Any, indent: str = "") -> str:
    """Return JSON with one line for whatever fits on one."""
    line = escaped(json.dumps(value, ensure_ascii=False))
    if len(indent) + len(line) <= WIDTH or not isinstance(value, list | dict) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        items = [inner + form(item, inner) for item in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    pairs = [f"{inner}{escaped(json.dumps(name))}: {form(item, inner)}" for name, item in value.items()]
    return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"


def whole(cases: list[dict[str, Any]]) -> str:
    """Return a file: a case is never on one line with another."""
    return "[\n" + ",\n".join("  " + form(case, "  ") for case in cases) + "\n]\n"


def filled(path: Path, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cases with chain and hash where they lacked."""
    if path.parent.name != "fold":
        return cases
    for case in cases:
        if "chain" not in case or "hash" not in case:
            board = board_of(case)
            case.setdefault("chain", board.chain.hex())
            case.setdefault("hash", canonical_hash(board))
    return cases


def main() -> int:
    """Write or, with `--check`, name what differs. Returns the exit code."""
    is_check = "--check" in sys.argv[1:]
    found = 0
    for path in vector_files():
        text = path.read_text(encoding="utf-8")
        made = whole(filled(path, json.loads(text)))
        if made != text:
            found += 1
            print(f"{path.relative_to(VECTORS)} {'wants filling' if is_check else 'is filled'}.")
            if not is_check:
                path.write_text(made, encoding="utf-8")
    return 1 if is_check and found else 0


if __name__ == "__main__":
    sys.exit(main())
