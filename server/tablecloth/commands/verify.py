"""``tablecloth verify``: say plainly whether an archive is whole, and what is not."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tablecloth.archive.verify import Report, verify
from tablecloth.commands.lines import counted, shown
from tablecloth.problems import SetupProblem

_MOST_TOLD = 20


def _tell(part: Report, say: Callable[[str], None]) -> None:
    """What an archive holds of one board."""
    board = part.board
    assert board is not None
    say(f"  Board     {'(withdrawn)' if board.title is None else shown(board.title)}")
    withheld = f", {part.withheld} withheld" if part.withheld else ""
    entries = counted(part.entries, "entry", "entries")
    say(f"  Holds     {entries}, {counted(len(board.elements), 'element')}{withheld}")
    say(f"  Tip       {board.seq}:{board.chain.hex()}")


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what was found; 0 if all fits together, 1 if not."""
    archive: Path = words.archive
    try:
        with archive.open("rb") as file:
            report = verify(file, words.tip)
    except OSError as problem:
        raise SetupProblem(
            f"{archive} can't be opened: {problem.strerror}.", "Name a file that export wrote."
        ) from None
    if report.is_good:
        say(f"{archive} is whole.")
        for part in report.boards:
            _tell(part, say)
        for note in report.notes:
            say(f"  {note}")
        say("  Compare the tip with one that somebody noted: the same tip means the same log.")
        return 0
    say(f"{archive} is not as it was written:")
    for fault in report.faults[:_MOST_TOLD]:
        say(f"  {fault}")
    if len(report.faults) > _MOST_TOLD:
        say(f"  … and {len(report.faults) - _MOST_TOLD} more.")
    return 1
