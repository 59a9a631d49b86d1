"""People write while everything is killed: every acknowledged edit is in its log, once, and all boards agree.

Kills are `kill -9`, at moments that the seed chooses by how much is written. Afterwards the logs are read
from Valkey with `msgpack`, chains are computed anew with hashlib, and each board is had in four ways: from
each participant, from one who comes late, from the whole log, and from the snapshot and what follows it.
A kill is no power cut (TRAPS 4): what `appendfsync` does for that, the log's own tests hold.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial

import pytest
from tablecloth.client import Board, Space, connect
from tablecloth.core.board import Board as CoreBoard
from tablecloth.core.board import new_board
from tablecloth.core.canonical import canonical_hash, from_canonical
from tablecloth.core.edits import Entry
from tablecloth.core.fold import apply_entry

from tests.support.ack_book import AckBook
from tests.support.chance import chance
from tests.support.reading import assert_sound, chain_of, read_line, unpack
from tests.support.scribes import Scribe, assert_remembered
from tests.support.sentences import find_sentences
from tests.support.server import Server, children_of
from tests.support.stored import Store
from tests.support.tables import Table, new_table

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Plan:
    """How many people write how much on how many boards, and how often what is killed."""

    people: int
    boards: int
    sentences: int
    workers: int
    kills: int
    store_kills: int

    def __str__(self) -> str:
        return (
            f"{self.people} people on {self.boards} boards, {self.sentences} sentences each, "
            f"workers: {self.workers}, everything killed {self.kills} times, Valkey alone {self.store_kills}"
        )


class Progress:
    """How many sentences are written, of all people together; kills wait for a number of them."""

    def __init__(self, whole: int, say: Callable[[str], None]) -> None:
        self.whole = whole
        self.acts = 0
        self.written = 0
        self._say = say
        self._began = time.monotonic()
        self._waiting: list[tuple[int, asyncio.Event]] = []

    def act(self) -> None:
        self.acts += 1

    def sentence(self) -> None:
        self.written += 1
        for threshold, event in self._waiting:
            if self.written >= threshold:
                event.set()

    async def reaches(self, count: int) -> None:
        """Return once so many sentences are written."""
        event = asyncio.Event()
        self._waiting.append((count, event))
        if self.written < count:
            await event.wait()

    def say(self, what: str) -> None:
        at = time.monotonic() - self._began
        self._say(f"  {at:6.1f} s  {self.written:5} of {self.whole} sentences, {self.acts:6} acts: {what}")


def kill_everything(server: Server) -> None:
    """End all processes of a server at once by kill -9: parent, workers, Valkey and what guards it."""
    for pid in [server.pid, *children_of(server.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.kill()  # takes leave of the process


async def do_harm(server: Server, plan: Plan, rng: random.Random, progress: Progress) -> None:
    """Kill at moments that the seed chose, and start again what doesn't start by itself."""
    harms = ["everything"] * plan.kills + ["Valkey"] * plan.store_kills
    rng.shuffle(harms)
    moments = sorted(rng.sample(range(progress.whole // 20, progress.whole * 9 // 10), len(harms)))
    for moment, harm in zip(moments, harms, strict=True):
        await progress.reaches(moment)
        progress.say(f"kill -9 {harm}")
        if harm == "Valkey":
            await asyncio.to_thread(server.kill_store)
        else:
            await asyncio.to_thread(kill_everything, server)
            await asyncio.to_thread(server.start)
            progress.say("it serves again")


@dataclass
class Hall:
    """Boards, and the people at them."""

    tables: list[Table]
    boards: list[Board]
    """Of each person, in order; person p sits at table p modulo the number of tables."""
    scribes: list[Scribe]

    def at(self, table: int) -> list[int]:
        return [person for person in range(len(self.scribes)) if person % len(self.tables) == table]


async def enter(stack: AsyncExitStack, link: str, name: str) -> tuple[Space, Board]:
    space = await stack.enter_async_context(connect(link, name=name, patience_s=None))
    return space, await space.open()


async def fill_the_hall(
    stack: AsyncExitStack, server: Server, plan: Plan, rng: random.Random, progress: Progress
) -> Hall:
    """Make the spaces, let everybody in, and put one note on each board that all share."""
    lines = find_sentences().lines
    hall = Hall([], [], [])
    shared: list[str] = []
    for number in range(plan.boards):
        table = await new_table(server.http, f"Table {number + 1}")
        async with connect(table.edit_link) as space:
            shared.append(await (await space.open()).add("zone", text="Together:\n"))
        hall.tables.append(table)
    for person in range(plan.people):
        place = person % plan.boards
        space, board = await enter(stack, hall.tables[place].edit_link, f"Person {person + 1}")
        own = random.Random(rng.randrange(2**64))
        scribe = Scribe(board, space.author, own, lines, shared[place], progress.act, progress.sentence)
        hall.boards.append(board)
        hall.scribes.append(scribe)
    return hall


def folded(space: str, board: str, raw: list[bytes], onto: CoreBoard | None = None) -> CoreBoard:
    """Fold stored entries, from the first on or from a snapshot on."""
    state = onto or new_board(space, board)
    for entry in raw[state.seq :]:
        apply_entry(state, Entry(*unpack(entry)))
    return state


async def assert_one_truth(hall: Hall, place: int, store: Store, book: AckBook) -> int:
    """The log of one board against everybody's memory, and against all ways to have the board. Its length."""
    table = hall.tables[place]
    raw = store.raw_entries(table.space, table.board)
    lines = [read_line(entry) for entry in raw]
    assert_sound(table.space, table.board, lines)

    held = {line.hand for line in lines[1:]}
    lost = book.acked[table.space, table.board] - held
    assert not lost, f"{len(lost)} acknowledged edits are not in the log: {sorted(lost)[:3]}"
    for person in hall.at(place):
        assert_remembered(hall.scribes[person], lines)

    whole = folded(table.space, table.board, raw)
    chain, digest = chain_of(table.space, table.board, lines), canonical_hash(whole)
    assert whole.chain == chain
    for scribe in (hall.scribes[person] for person in hall.at(place)):
        for note, words in scribe.finished.items():
            assert whole.elements[note].text() == words
    snapshot = store.snapshot(table.space, table.board)
    if snapshot is not None:
        joined = folded(table.space, table.board, raw, from_canonical(snapshot.data))
        assert (joined.chain, canonical_hash(joined)) == (chain, digest), (
            "snapshot and tail tell another story"
        )
    for name, board in await late_and_all(hall, place, len(raw)):
        state = board.replica.confirmed
        assert (state.seq, state.chain) == (len(raw), chain), f"{name} has another chain"
        assert canonical_hash(state) == digest, f"{name} sees another board"
    return len(raw)


async def late_and_all(hall: Hall, place: int, seq: int) -> list[tuple[str, Board]]:
    """Return everybody's board at a table, and that of one who comes in now, once all have folded `seq`."""
    boards = [(f"person {person + 1}", hall.boards[person]) for person in hall.at(place)]
    async with connect(hall.tables[place].edit_link, name="Late", patience_s=None) as space:
        boards.append(("who comes late", await space.open()))
        for _, board in boards:
            await board.until(lambda board=board: board.seq >= seq)  # type: ignore[misc]
    return boards


async def run(plan: Plan, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]) -> None:
    rng, seed = chance("kills")
    say(f"\n  TABLECLOTH_SEED={seed}: {plan}")
    say(f"  {find_sentences().source}")
    book = AckBook()
    book.watch(monkeypatch)
    progress = Progress(plan.people * plan.sentences, say)
    with Server(workers=plan.workers) as server:
        async with AsyncExitStack() as stack:
            hall = await fill_the_hall(stack, server, plan, rng, progress)
            async with asyncio.TaskGroup() as group:
                group.create_task(do_harm(server, plan, rng, progress))
                for scribe in hall.scribes:
                    group.create_task(scribe.write(plan.sentences))
            progress.say("all is written")
            with Store(f"unix://{server.data}/valkey/valkey.sock") as store:
                lengths = [
                    await assert_one_truth(hall, place, store, book) for place in range(len(hall.tables))
                ]
            acked = sum(len(hands) for hands in book.acked.values())
            progress.say(f"{acked} acknowledged edits lie in logs of {lengths} entries, once each")


async def test_everything_is_killed_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(people=24, boards=6, sentences=200, workers=1, kills=5, store_kills=1)
    with capsys.disabled():
        await run(plan, monkeypatch, partial(print, flush=True))


async def test_two_workers_are_killed_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(people=12, boards=3, sentences=40, workers=2, kills=2, store_kills=1)
    with capsys.disabled():
        await run(plan, monkeypatch, partial(print, flush=True))
