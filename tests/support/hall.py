"""A hall full of people who write at boards, while harm is done to the server at moments that a seed chose.

Moments are counted in sentences, not in seconds, so that a slow machine has the same evening as a fast one.
Progress and seed are printed as it goes.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from tablecloth.client import connect
from tablecloth.client import space as connection

from tests.support.ack_book import AckBook
from tests.support.chance import chance
from tests.support.harms import Harm, Place
from tests.support.one_truth import assert_one_truth
from tests.support.proxy import Proxy
from tests.support.scribes import Scribe
from tests.support.sentences import find_sentences
from tests.support.server import Server
from tests.support.stored import Store
from tests.support.tables import Table, new_table


@dataclass(frozen=True)
class Plan:
    """How many people write how much on how many boards, and what harm is done meanwhile."""

    people: int
    boards: int
    sentences: int
    workers: int
    harms: dict[Harm, int]
    goes_back: bool = False
    """Whether the log may come back shorter: then people leave others' notes alone that may be set aside, and
    what they did returns in their order on each note, but not over all notes.
    """

    def __str__(self) -> str:
        harms = ", ".join(
            f"{harm.__name__.replace('_', ' ')} × {count}" for harm, count in self.harms.items()
        )
        people = f"{self.people} people on {self.boards} boards, {self.sentences} sentences each"
        return f"{people}, workers: {self.workers}; {harms}"


class Progress:
    """How much is written, by all people together."""

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


async def do_harm(place: Place, plan: Plan, rng: random.Random, progress: Progress) -> None:
    """Do all harm of a plan, in an order and at moments that the seed chose, while people write."""
    harms = list(Counter(plan.harms).elements())
    rng.shuffle(harms)
    moments = sorted(rng.sample(range(progress.whole // 20, progress.whole * 9 // 10), len(harms)))
    for moment, harm in zip(moments, harms, strict=True):
        await progress.reaches(moment)
        progress.say(harm.__name__.replace("_", " "))
        await harm(place)


async def fill_the_hall(
    stack: AsyncExitStack, tables: list[Table], plan: Plan, rng: random.Random, progress: Progress
) -> list[list[Scribe]]:
    """Let everybody in, and put one zone on each board in which all write. The people of each table."""
    lines = find_sentences().lines
    hall: list[list[Scribe]] = []
    for table in tables:
        async with connect(table.edit_link) as space:
            shared = await (await space.open()).add("zone", text="Together:\n")
        sitting: list[Scribe] = []
        for person in range(plan.people // plan.boards):
            link = connect(table.edit_link, name=f"Person {person + 1}", patience_s=None)
            space = await stack.enter_async_context(link)
            own = random.Random(rng.randrange(2**64))
            board = await space.open()
            told = (progress.act, progress.sentence, plan.goes_back)
            sitting.append(Scribe(board, space.author, own, lines, shared, *told))
        hall.append(sitting)
    return hall


def through(proxy: Proxy, table: Table) -> Table:
    """The same table, with its links leading through a proxy."""
    here = urlsplit(table.http).netloc
    there = f"127.0.0.1:{proxy.port}"
    links = [link.replace(here, there, 1) for link in (table.edit_link, table.view_link)]
    return Table(table.http, table.space, table.board, *links)


async def spend_an_evening(plan: Plan, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]) -> None:
    """Let people write while harm is done, and see afterwards that there is one truth."""
    rng, seed = chance("evening")
    say(f"\n  TABLECLOTH_SEED={seed}: {plan}")
    say(f"  {find_sentences().source}")
    book = AckBook()
    book.watch(monkeypatch)
    # Who was cut off five times in a row would stay away for half a minute; an evening here is shorter.
    monkeypatch.setattr(connection, "_LONGEST_S", 3.0)
    progress = Progress(plan.people * plan.sentences, say)
    with Server(workers=plan.workers) as server:
        async with Proxy(("127.0.0.1", server.port)) as proxy, AsyncExitStack() as stack:
            made = [await new_table(server.http, f"Table {number + 1}") for number in range(plan.boards)]
            tables = [through(proxy, table) for table in made]
            hall = await fill_the_hall(stack, tables, plan, rng, progress)
            async with asyncio.TaskGroup() as group:
                place = Place(server, proxy, lambda: progress.acts)
                group.create_task(do_harm(place, plan, rng, progress))
                for scribe in (scribe for sitting in hall for scribe in sitting):
                    group.create_task(scribe.write(plan.sentences))
            progress.say("all is written")
            with Store(f"unix://{server.data}/valkey/valkey.sock") as store:
                lengths = [
                    await assert_one_truth(table, sitting, store, book)
                    for table, sitting in zip(tables, hall, strict=True)
                ]
        acked = sum(len(hands) for hands in book.acked.values())
        progress.say(f"{acked} acknowledged edits lie in logs of {lengths} entries, once each")
