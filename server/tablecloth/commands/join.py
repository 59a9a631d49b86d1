"""``tablecloth join``: follow a board in a terminal, one readable line an entry."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable

from tablecloth.client import Board, Folded, Space, connect
from tablecloth.commands.entering import TRIES, entering
from tablecloth.commands.lines import line


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print what there is and what comes, until Ctrl+C."""
    with entering(words.link):
        asyncio.run(_follow(words, say))
    return 0


async def _follow(words: argparse.Namespace, say: Callable[[str], None]) -> None:
    async with connect(words.link, name=words.name, tries=TRIES) as space:
        board = await space.open(words.board, whole=True)
        tip = board.seq
        say(f"{board.title or space.title}: {tip} entries so far, {len(board.elements)} elements.")
        async for folded in board.entries(after=0):
            say(_told(folded, space, board))
            if folded.seq == tip:
                if words.until_now:
                    return
                say("— that is all so far; Ctrl+C to leave —")


def _told(folded: Folded, space: Space, board: Board) -> str:
    return line(folded, space.people, board.replica.confirmed)
