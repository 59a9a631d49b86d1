"""A record that outlives its server: its data deleted under three browsers; a server that never saw it.

Each of the three has another edit that no server has seen. All of it comes back, and none of it twice.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import PICTURES, People
from tests.support.person import Person
from tests.support.server import Server

PATIENCE_S = 90
WRITTEN = ("Ada was here", "Ben was here", "Ada, offline", "Ben, offline")
_KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('tablecloth');
  opening.onsuccess = () => {
    const db = opening.result, tx = db.transaction(['logs', 'tips']);
    const logs = tx.objectStore('logs').getAll(), tips = tx.objectStore('tips').getAll();
    tx.oncomplete = () => {
      db.close();
      const last = (all, of) => Math.max(0, ...all.result.map(of));
      resolve([last(logs, (one) => one.to), last(tips, (one) => one.tip.seq)]);
    };
  };
})"""


@pytest.fixture
async def fresh() -> AsyncIterator[Server]:
    """A server that never saw the space."""
    with Server() as running:
        yield running


async def kept(page: Page, seq: int) -> None:
    """Wait until a device has the whole record up to here, and a tip that vouches for it."""
    async with asyncio.timeout(PATIENCE_S):
        while (await page.evaluate(_KEPT)) != [seq, seq]:
            await page.evaluate("() => new Promise(requestAnimationFrame)")


async def three(people: People) -> list[Person]:
    """Three people on a board that every device has as a whole."""
    ada = await people.start("Outlives its server", "Ada")
    ben, cleo = await people.join(ada.link, "Ben"), await people.join(ada.link, "Cleo")
    await ada.add_note("Ada was here", at=(400, 300))
    await ada.wait_saved()
    await ben.add_note("Ben was here", at=(800, 300))
    await ben.wait_saved()
    await ben.same_as(ada)
    await cleo.same_as(ada)
    seq, _ = await ada.tip()
    for person in (ada, ben, cleo):
        await kept(person.page, seq)
    return [ada, ben, cleo]


async def away(all_three: list[Person]) -> None:
    """All lose the network and go on: Ada and Ben each write a note, Cleo moves one."""
    for person in all_three:
        await person.go_offline()
    ada, ben, cleo = all_three
    await ada.add_note("Ada, offline", at=(400, 600))
    await ben.add_note("Ben, offline", at=(800, 600))
    await cleo.move((await named(cleo, "Ada was here")), 0, -120)
    for person in all_three:
        await person.wait_kept()


async def named(person: Person, words: str) -> str:
    """The id of a note by its words."""
    return next(thing.id for thing in await person.things() if words in thing.label)


async def back(all_three: list[Person], port: int) -> None:
    """All come back at once, to a server at this port."""
    for person in all_three:
        person.proxy.to = ("127.0.0.1", port)
        person.proxy.refuses = False
    await asyncio.gather(*(person.page.context.set_offline(False) for person in all_three))


async def has_all(person: Person) -> None:
    """Wait until everything is there, once, and saved."""
    for words in WRITTEN:
        note = person.page.get_by_role("option", name=re.compile(re.escape(words)))
        await expect(note).to_have_count(1, timeout=PATIENCE_S * 1000)
    await person.wait_saved(PATIENCE_S * 1000)
    assert len(await person.things()) == len(WRITTEN)


def wiped(server: Server) -> None:
    """Delete everything that the store has."""
    server.stop()
    shutil.rmtree(server.data)
    server.start()


async def came_back(all_three: list[Person], picture: str) -> None:
    """Everybody has everything, and is told that another key vouches for it now."""
    ada, ben, cleo = all_three
    for person in all_three:
        await has_all(person)
    await ben.same_as(ada)
    await cleo.same_as(ada)
    for person in all_three:
        bar = person.page.locator("[data-record-bar=key]")
        await expect(bar).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    await ada.page.screenshot(path=PICTURES / f"{picture}.png")
    await ada.page.get_by_role("button", name="What now?").click()
    await ada.page.screenshot(path=PICTURES / f"{picture}-sheet.png")
    await ada.page.get_by_role("button", name="I have seen it").click()
    await expect(ada.page.locator("[data-record-bar]")).to_have_count(0)
    await ada.page.keyboard.press("Escape")


async def test_the_data_deleted_under_three_browsers(people: People, server: Server) -> None:
    all_three = await three(people)
    await away(all_three)
    await asyncio.to_thread(wiped, server)
    await back(all_three, server.port)
    await came_back(all_three, "rescue-wiped")


async def test_onto_a_server_that_never_saw_it(people: People, server: Server, fresh: Server) -> None:
    all_three = await three(people)
    await away(all_three)
    await asyncio.to_thread(server.stop)
    await back(all_three, fresh.port)
    await came_back(all_three, "rescue-fresh")
    dan = await people.person()
    dan.proxy.to = ("127.0.0.1", fresh.port)
    await dan.join(all_three[0].link, "Dan")
    await has_all(dan)
