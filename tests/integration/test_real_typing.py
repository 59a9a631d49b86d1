"""Two people's real typing through the running server and a real Valkey: everybody ends with the text that
they ended with.

Each client writes an agent's steps in order. A step's base is the last seq up to which everything by the
other agent is in the step's past, and no step is sent before its client has folded all of that past; how
far the two run ahead of each other is left to chance and the server. A third participant joins afterwards,
and the export is looked at too.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from tablecloth.client import Board, Folded, Space, connect
from tablecloth.core.canonical import canonical_hash
from tablecloth.core.edits import TextEdit, TextHead
from tablecloth.core.limits import MAX_SPLICES
from tablecloth.session import author_of

from tests.support import server as server_support
from tests.support.chance import chance
from tests.support.server import Server
from tests.support.tables import Table, new_table
from tests.support.traces import Step, Trace, friends_forever, strange_trace

pytestmark = [pytest.mark.integration, pytest.mark.slow]

MOST_PENDING = 24
"""Edits that an agent has under way: with the other's they stay within a field's window (FOLD-34)."""
_UNHURRIED = """
import tablecloth.wire.limits as limits
limits.EDITS_PER_S = limits.EDITS_BURST = limits.MESSAGES_PER_S = limits.MESSAGES_BURST = 1_000_000
"""


@contextmanager
def without_budget() -> Iterator[None]:
    """Servers started within take edits as fast as they come: hours of typing are written in a minute."""
    with patch.object(server_support, "_PROGRAM", _UNHURRIED + server_support._PROGRAM):
        yield


def parcels(trace: Trace, agent: int, most: int) -> Iterator[tuple[int, list[Step]]]:
    """An agent's steps as they travel: (how many of the other's they know, steps), at most ``most`` in one
    edit.

    Never across a place where the other knows the first but not the rest: a base can't stand within an entry.
    """
    seams = {step.known for step in trace.of(1 - agent)}
    parcel: list[Step] = []
    for place, step in enumerate(trace.of(agent)):
        if parcel and (place in seams or len(parcel) == most or parcel[0].known != step.known):
            yield parcel[0].known, parcel
            parcel = []
        parcel.append(step)
    if parcel:
        yield parcel[0].known, parcel


@dataclass
class Agent:
    """One of the two, with what they have heard of the other."""

    board: Board
    other: str
    note: str
    heard: list[int] = field(default_factory=list)
    """The seq of the entry that brought each of the other's steps."""

    def hear(self, folded: Folded) -> None:
        """Called for every entry that is folded."""
        if isinstance(folded.head, TextHead) and folded.author == self.other:
            assert folded.outcome.reason is None, folded
            self.heard += [folded.seq] * len(folded.head.splices)

    async def write(self, way: Iterator[tuple[int, list[Step]]]) -> None:
        """Write all steps, as fast as the other's let it."""
        for known, steps in way:
            await self.board.until(self._may_write(known))
            base = self.heard[known] - 1 if len(self.heard) > known else self.board.seq
            patches = [each for step in steps for each in step.patches]
            splices = [(position, deleted, len(inserted)) for position, deleted, inserted in patches]
            words = "".join(inserted for _, _, inserted in patches)
            self.board.send([TextEdit(self.note, "", 0, 0, "text", splices, words)], base)
        await self.board.settled()

    def _may_write(self, known: int) -> Callable[[], bool]:
        return lambda: len(self.heard) >= known and self.board.pending < MOST_PENDING


def two_tokens(space: str) -> list[str]:
    """Tokens whose pseudonyms sort as the agents do: insertions do meet at one place in the real trace."""
    tokens = [secrets.token_urlsafe(24) for _ in range(2)]
    return sorted(tokens, key=lambda token: author_of(space, token))


async def reached(board: Board, seq: int) -> None:
    """Return once a board is folded up to there."""
    await board.until(lambda: board.seq == seq)


async def seated(stack: AsyncExitStack, table: Table, tokens: list[str], server: Server) -> list[Space]:
    """The two participants; if there are several workers, each with another one (the kernel chooses: try
    again).
    """
    first = await stack.enter_async_context(connect(table.edit_link, token=tokens[0]))
    while True:
        async with AsyncExitStack() as attempt:
            second = await attempt.enter_async_context(connect(table.edit_link, token=tokens[1]))
            if len(await busy_workers(server)) == min(2, server.config.workers):
                stack.push_async_exit(attempt.pop_all().__aexit__)
                return [first, second]


async def busy_workers(server: Server) -> list[str]:
    """Lines of the metrics that tell of workers with connections."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        text = (await client.get(f"{server.http}/metrics")).text
    lines = [line for line in text.splitlines() if line.startswith("tablecloth_connections{")]
    return [line for line in lines if float(line.rpartition(" ")[2]) > 0]


async def play(trace: Trace, server: Server, most: int) -> tuple[str, list[str], list[str]]:
    """Let both write. Answers the link, the texts that they and a latecomer see, and the boards' hashes."""
    table = await new_table(server.http, trace.name)
    tokens = two_tokens(table.space)
    authors = [author_of(table.space, token) for token in tokens]
    async with AsyncExitStack() as stack:
        spaces = await seated(stack, table, tokens, server)
        boards = [await space.open() for space in spaces]
        note = await boards[0].add("note")
        await boards[1].until(lambda: note in boards[1].elements)
        agents = [Agent(board, authors[1 - place], note) for place, board in enumerate(boards)]
        for agent in agents:
            agent.board.listen(agent.hear)
        await asyncio.gather(
            *(agent.write(parcels(trace, place, most)) for place, agent in enumerate(agents))
        )
        tip = max(board.seq for board in boards)
        await asyncio.gather(*(reached(board, tip) for board in boards))
        boards.append(await (await stack.enter_async_context(connect(table.view_link))).open())
        assert all(space.connections == 1 for space in spaces)
        entries = sum(len(list(parcels(trace, place, most))) for place in range(2))
        assert boards[2].seq == 2 + entries, "nothing was written twice, refused or written anew"
        texts = [board.elements[note].text for board in boards]
        return table.edit_link, texts, [canonical_hash(board.replica.confirmed) for board in boards]


def exported_text(link: str, folder: Path) -> str:
    """The note's words in an archive that ``verify`` finds whole."""
    archive = folder / "board.zip"
    command = [sys.executable, "-m", "tablecloth"]
    subprocess.run([*command, "export", link, "-o", str(archive)], check=True, capture_output=True)
    subprocess.run([*command, "verify", str(archive)], check=True, capture_output=True)
    with zipfile.ZipFile(archive) as files:
        state = json.loads(files.read("board.json"))
    words: str = state["elements"][0]["words"]["text"]
    return words


async def shows(trace: Trace, server: Server, most: int, folder: Path) -> None:
    """All see the same end."""
    link, texts, hashes = await play(trace, server, most)
    assert texts == [trace.end] * 3
    assert len(set(hashes)) == 1
    assert await asyncio.to_thread(exported_text, link, folder) == trace.end


@pytest.fixture
def two_workers() -> Iterator[Server]:
    with Server(workers=2) as server:
        yield server


async def test_two_people_really_typing(tmp_path: Path) -> None:
    """Every step is an edit of its own."""
    with without_budget(), Server() as server:
        await shows(friends_forever(), server, 1, tmp_path)


async def test_the_same_through_two_workers(two_workers: Server, tmp_path: Path) -> None:
    """With the budget that everybody has, so steps over the same words travel together."""
    await shows(friends_forever(), two_workers, MAX_SPLICES, tmp_path)


async def test_emoji_arabic_and_combining_marks(two_workers: Server, tmp_path: Path) -> None:
    _, seed = chance("strange typing")
    await shows(strange_trace(seed, 3000), two_workers, 1, tmp_path)
