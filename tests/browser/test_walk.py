"""Three people do things at random, on three pages at once, and their network comes and goes. In the end all
screens show the same, and all three have folded the same board.

`make walk` goes 500 acts. A walk that failed is kept in pinned_walks.json and walked first from then on.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from pathlib import Path
from random import Random, SystemRandom

import pytest

from tests.support.browser import People
from tests.support.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1_800)]

_PINNED = Path(__file__).with_name("pinned_walks.json")
_PEOPLE = ("Ada", "Ben", "Cleo")
_ACTS = 60


def pinned() -> list[tuple[int, int]]:
    """Walks that failed once: (seed, acts)."""
    return [(walk["seed"], walk["acts"]) for walk in json.loads(_PINNED.read_text(encoding="utf-8"))]


def pin(seed: int, acts: int) -> None:
    """Keep a walk that failed."""
    walks = sorted({*pinned(), (seed, acts)})
    kept = [{"seed": each, "acts": count} for each, count in walks]
    _PINNED.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


async def walk(people: People, seed: int, acts: int) -> None:
    """Walk, and see that all ends equal."""
    persons = [await people.start("A walk", _PEOPLE[0])]
    persons += [await people.join(persons[0].link, name) for name in _PEOPLE[1:]]
    walkers = [Walker(person, Random(f"{seed} {place}")) for place, person in enumerate(persons)]
    async with asyncio.TaskGroup() as group:
        for walker in walkers:
            group.create_task(walker.walk(acts // len(walkers)))
    for walker in walkers:
        await walker.rest()
    for person in persons:
        await person.page.evaluate("window.dispatchEvent(new Event('online'))")
        await person.wait_saved(timeout_ms=60_000)
        await person.surface.focus()
        await person.page.keyboard.press("1")
    first = walkers[0]
    try:
        async with asyncio.timeout(30):
            while not await are_equal(walkers):
                await first.page.evaluate("new Promise(requestAnimationFrame)")
    except TimeoutError:
        raise AssertionError(await explain(walkers)) from None
    assert len({await walker.canonical_hash() for walker in walkers}) == 1
    did = sum((Counter(walker.done) for walker in walkers), Counter[str]())
    assert not people.complaints, people.complaints
    passed = sum(walker.passed for walker in walkers)
    print(f"walk {seed}: {await first.person.tip()}, {passed} passed over, {dict(did)}")
    assert did.total() > acts // 2, did


async def are_equal(walkers: list[Walker]) -> bool:
    """Whether all have one tip and one screen."""
    tips = [await walker.person.tip() for walker in walkers]
    screens = [await walker.screen() for walker in walkers]
    return all(tip == tips[0] for tip in tips) and all(screen == screens[0] for screen in screens)


async def explain(walkers: list[Walker]) -> str:
    """How the screens differ."""
    screens = [{thing[0]: thing for thing in await walker.screen()} for walker in walkers]
    lines = [str(await walker.person.tip()) for walker in walkers]
    for ident in sorted(set().union(*screens)):
        seen = [screen.get(ident) for screen in screens]
        if any(one != seen[0] for one in seen):
            lines += [f"{ident}:", *(f"    {one}" for one in seen)]
    return "\n".join(lines)


async def test_walks_that_failed_once_end_equal(people: People) -> None:
    for seed, acts in pinned():
        await walk(people, seed, acts)


async def test_a_random_walk_ends_with_equal_screens(people: People, pytestconfig: pytest.Config) -> None:
    acts = int(pytestconfig.getoption("walk_acts") or os.environ.get("TABLECLOTH_WALK_ACTS") or _ACTS)
    seed = int(os.environ.get("TABLECLOTH_SEED") or SystemRandom().randrange(2**32))
    print(f"walk: TABLECLOTH_SEED={seed} TABLECLOTH_WALK_ACTS={acts} makes this walk again")
    try:
        await walk(people, seed, acts)
    except BaseException:
        pin(seed, acts)
        raise
