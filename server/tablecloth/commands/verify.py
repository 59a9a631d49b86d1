"""``tablecloth verify``: say plainly whether an archive is whole, and what is not."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tablecloth.archive.verify import Report, verify
from tablecloth.commands.lines import counted, shown
from tablecloth.core.seal import Seal, read_code, read_phrase, seal_hash, seal_phrase
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
    if part.tip is not None:
        sealed = seal_hash(board.space, {board.board: part.tip})
        say(f"  Seal      {seal_phrase(sealed)} (up to entry {part.tip.seq})")
    if part.sealing is not None:
        say(f"  {part.sealing.words}")


def _seal(text: str | None) -> Seal | str | None:
    """A seal as somebody noted it. Raises SetupProblem if it is none."""
    if text is None:
        return None
    read = read_code(text) or read_phrase(text)
    if read is None:
        raise SetupProblem(
            "That is no seal.", "It has five words of four letters, or is the text of its code."
        )
    return read


def _open(archive: Path, look: Callable[[IO[bytes]], Report]) -> Report:
    try:
        with archive.open("rb") as file:
            return look(file)
    except OSError as problem:
        raise SetupProblem(
            f"{archive} can't be opened: {problem.strerror}.", "Name a file that export wrote."
        ) from None


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what was found; 0 if all fits together, 1 if not."""
    archive: Path = words.archive
    seal = _seal(words.seal)
    other = None if words.against is None else _open(words.against, verify)
    report = _open(archive, lambda file: verify(file, words.tip, seal, other))
    if report.is_good:
        say(f"{archive} is whole.")
        for part in report.boards:
            _tell(part, say)
        for note in report.notes:
            say(f"  {note}")
        if seal is None and other is None:
            say("  Compare the seal with one that somebody noted: the same seal means the same record.")
        return 0
    say(f"{archive} is not as it was written:")
    for fault in report.faults[:_MOST_TOLD]:
        say(f"  {fault}")
    if len(report.faults) > _MOST_TOLD:
        say(f"  … and {len(report.faults) - _MOST_TOLD} more.")
    return 1
