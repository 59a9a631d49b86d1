"""What ``interface.Log`` promises those who follow and hear, of the real log and of the one in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from tablecloth.log.interface import FeedEntry, Log, Place

from tests.support.any_log import Workers
from tests.support.log_groups import group
from tests.support.valkey import new_id, new_place

pytestmark = pytest.mark.integration


@pytest.fixture
def log(any_worker: Workers) -> Log:
    return any_worker()


async def following(log: Log) -> AsyncIterator[list[FeedEntry]]:
    """A follower whose positions stand."""
    batches = log.follow()
    assert await anext(batches) == []
    return batches


async def collect(
    batches: AsyncIterator[list[FeedEntry]], enough: Callable[[list[FeedEntry]], bool], board: str
) -> list[FeedEntry]:
    """What a follower hears of a board until it is enough. Another test's boards may be in the same feed."""
    heard: list[FeedEntry] = []
    while not enough(heard):
        heard += [entry for entry in await anext(batches) if entry.board == board]
    return heard


async def test_a_follower_gets_what_comes_and_not_what_was(log: Log) -> None:
    place = new_place()
    await log.append([group(place, n=1, entries=[(b"before", None)])])
    batches = await following(log)
    await log.append([group(place, n=2, entries=[(b"after", b"body"), (b"that", None)])])
    heard = await collect(batches, lambda heard: len(heard) == 2, place.board)
    stored = await log.read(place, 1, 10)
    assert [(entry.seq, entry.raw) for entry in heard] == [(entry.seq, entry.raw) for entry in stored]


async def test_two_workers_see_one_order(any_worker: Workers) -> None:
    logs = [any_worker(), any_worker()]
    space = new_id("space")
    places = [Place(space, new_id("board")) for _ in range(3)]
    followers = [await following(log) for log in logs]

    async def write(log: Log, author: str) -> None:
        for n in range(1, 41):
            await log.append([group(place, author=author, n=n) for place in places])

    await asyncio.gather(write(logs[0], "author-one"), write(logs[1], "author-two"))
    for place in places:
        stored = [(entry.seq, entry.raw) for entry in await logs[0].read(place, 0, 1000)]
        assert [seq for seq, _ in stored] == list(range(1, 81))
    heard: list[dict[str, list[tuple[int, bytes]]]] = []
    for batches in followers:
        seen: dict[str, list[tuple[int, bytes]]] = {place.board: [] for place in places}
        while any(len(entries) < 80 for entries in seen.values()):
            for entry in await anext(batches):
                if entry.board in seen:
                    seen[entry.board].append((entry.seq, entry.raw))
        heard.append(seen)
    assert heard[0] == heard[1]
    for place in places:
        assert heard[0][place.board] == [(e.seq, e.raw) for e in await logs[1].read(place, 0, 1000)]


async def test_reading_after_the_first_batch_leaves_no_hole(any_worker: Workers) -> None:
    """A board's log is read once the positions stand; the feed joins on, with repeats but without holes."""
    writer, reader = any_worker(), any_worker()
    place = new_place()
    going = asyncio.Event()

    async def write() -> None:
        for n in range(1, 201):
            await writer.append([group(place, n=n)])
            if n == 50:
                going.set()

    writing = asyncio.create_task(write())
    await going.wait()
    batches = await following(reader)
    held = [stored.seq for stored in await reader.read(place, 0, 100_000)]
    while held[-1] < 200:
        for entry in await anext(batches):
            if entry.board == place.board and entry.seq > held[-1]:
                held.append(entry.seq)
    await writing
    assert held == list(range(1, 201))


async def test_closing_ends_the_iterators(any_worker: Workers) -> None:
    log = any_worker()
    batches, words = log.follow(), log.hear()
    assert await anext(batches) == []
    waiting: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(anext(batches, "ended")),
        asyncio.ensure_future(anext(words, "ended")),
    ]
    await asyncio.wait(waiting, timeout=0.05)
    await log.close()
    async with asyncio.timeout(1.5):
        ends = await asyncio.gather(*waiting)
    assert ends[1] == "ended"
    await log.close()


# --- talk ------------------------------------------------------------------------------------------------


async def test_other_workers_hear_and_oneself_does_not(any_worker: Workers) -> None:
    one, two = any_worker(), any_worker()
    space = new_id("space")
    heard: dict[str, list[bytes]] = {"one": [], "two": []}
    both = asyncio.Event()

    async def listen(log: Log, name: str) -> None:
        async for where, message in log.hear():
            if where == space:
                heard[name].append(message)
            if all(heard.values()):
                both.set()

    listeners = [asyncio.create_task(listen(one, "one")), asyncio.create_task(listen(two, "two"))]
    async with asyncio.timeout(20):
        while not both.is_set():
            # Nobody keeps a message: it is said until it was heard.
            await one.publish(space, b"\x00from one\xff")
            await two.publish(space, b"")
            await asyncio.sleep(0.02)
    await one.close()
    await two.close()
    await asyncio.gather(*listeners)
    assert set(heard["one"]) == {b""}
    assert set(heard["two"]) == {b"\x00from one\xff"}
