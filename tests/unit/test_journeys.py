"""The table of what is shown in a browser names journeys that exist, and every line of it has one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "browser"
TABLE = (FOLDER / "README.md").read_text(encoding="utf-8")
HEAD = ["Line", "Mouse", "Touch", "Keyboard"]


def journeys() -> dict[str, str]:
    """Every journey of the folder by its name, with its file."""
    found: dict[str, str] = {}
    for file in sorted(FOLDER.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and node.name.startswith("test_"):
                name = node.name.removeprefix("test_")
                assert name not in found, f"{name} is in {found[name]} and in {file.name}"
                found[name] = file.name
    return found


def rows() -> dict[str, list[str]]:
    """The cells of each line, by what it says."""
    split = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if "|" in line
    ]
    return {cells[0]: cells[1:] for cells in split if cells != HEAD and not set(cells[0]) <= set("-")}


def test_every_table_has_the_same_head() -> None:
    heads = [line for line in TABLE.splitlines() if line.startswith("| Line |")]
    assert len(heads) >= 6
    assert set(heads) == {f"| {' | '.join(HEAD)} |"}


@pytest.mark.parametrize("line", rows())
def test_a_line_has_journeys_that_exist(line: str) -> None:
    cells = rows()[line]
    assert len(cells) == len(HEAD) - 1
    named = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    assert named, "nothing shows it"
    assert set(named) <= set(journeys())
    for cell in cells:
        assert cell == "–" or "`" in cell
