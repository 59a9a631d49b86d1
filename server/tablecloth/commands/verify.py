"""``tablecloth verify``: say plainly whether an archive is whole, and what is not."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tablecloth.archive.verify import verify
from tablecloth.commands.lines import counted, shown
from tablecloth.problems import SetupProblem

_MOST_TOLD = 20


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
    board = report.board
    if board is not None and report.is_good:
        say(f"{archive} is whole.")
        say(f"  Board     {'(withdrawn)' if board.title is None else shown(board.title)}")
        withheld = f", {report.withheld} withheld" if report.withheld else ""
        entries = counted(report.entries, "entry", "entries")
        say(f"  Holds     {entries}, {counted(len(board.elements), 'element')}{withheld}")
        say(f"  Tip       {board.seq}:{board.chain.hex()}")
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
