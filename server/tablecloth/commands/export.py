"""``tablecloth export``: all boards of a space, or one, as one file, whole: everybody who holds a link can
take them away (DESIGN §4.5).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from tablecloth.archive.package import assets_of, fold_all, pack_space
from tablecloth.client import Refused, Space, connect
from tablecloth.commands.entering import TRIES, entering
from tablecloth.commands.lines import counted
from tablecloth.core.board import Board
from tablecloth.core.edits import Entry
from tablecloth.core.tip import Tip
from tablecloth.problems import SetupProblem

_SIGNED_WITHIN_S = 8.0
"""A server signs three seconds after the last change; one that doesn't is no reason to take nothing home."""


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Fetch the whole log, fold it, and write the archive."""
    output: Path = words.output
    _must_be_writable(output)
    with entering(words.link):
        data, told = asyncio.run(_fetch(words.link, words.board, not words.no_names))
    _write(output, data)
    say(f"{output}: {told}")
    return 0


async def _fetch(link: str, board: str | None, with_names: bool) -> tuple[bytes, str]:
    async with connect(link, tries=TRIES) as space:
        names = [board] if board is not None else [each.board for each in space.boards]
        tips: dict[str, Tip] = {}
        boards = [await _whole(space, name, tips) for name in names]
        wanted = sorted({asset for folded, _ in boards for asset in assets_of(folded)})
        pictures = await _pictures(space, wanted)
        data = pack_space(space.title, boards, space.people if with_names else {}, pictures, tips)
        return data, _told([folded for folded, _ in boards], len(wanted) - len(pictures))


async def _whole(space: Space, board: str, tips: dict[str, Tip]) -> tuple[Board, list[Entry]]:
    """A board's log, and what it folds to. Its signed tip goes into ``tips``, if one comes soon."""
    shared = await space.open(board, whole=True)
    seq = shared.seq
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SIGNED_WITHIN_S):
            await shared.until(lambda: shared.tip is not None and shared.tip.seq >= seq)
    entries = list(shared.log)
    if shared.tip is not None:
        tips[board] = shared.tip
    # Only so many boards may be open at once.
    await space.leave(shared)
    # Folded from the entries that go into the archive, not taken from what the connection has folded since.
    return fold_all(space.id, board, entries), entries


def _told(boards: list[Board], missing: int) -> str:
    elements = counted(sum(len(board.elements) for board in boards), "element")
    entries = counted(sum(board.seq for board in boards), "entry", "entries")
    lost = f", without {counted(missing, 'picture')} that the server doesn't have" if missing else ""
    if len(boards) > 1:
        return f"{counted(len(boards), 'board')}, {elements}, {entries}{lost}"
    return f"{elements}, {entries}{lost}, chain {boards[0].chain.hex()}"


async def _pictures(space: Space, assets: list[str]) -> dict[str, bytes]:
    """The bytes of pictures, one after another; without those that the server doesn't have."""
    found = {}
    for asset in assets:
        try:
            found[asset] = await space.image(asset)
        except Refused as refused:
            if refused.code not in {"no-such-picture", "no-such-page", "not-found"}:
                raise
    return found


def _must_be_writable(output: Path) -> None:
    if output.is_dir():
        raise SetupProblem(f"{output} is a folder.", "Name a file after -o, for example board.zip.")
    if not output.parent.is_dir():
        raise SetupProblem(f"There is no folder {output.parent}.", "Make it first, or name another after -o.")


def _write(output: Path, data: bytes) -> None:
    """All or nothing: a full disk leaves what was there before."""
    partial = output.with_name(output.name + ".part")
    try:
        partial.write_bytes(data)
        partial.replace(output)
    except OSError as problem:
        partial.unlink(missing_ok=True)
        raise SetupProblem(
            f"{output} can't be written: {problem.strerror}.", "Name another file after -o."
        ) from None
