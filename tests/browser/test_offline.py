"""Away from the network and back, in several tabs, and on lines that die without a word."""

from __future__ import annotations

import asyncio
import re
from itertools import count

from playwright.async_api import expect

from tests.support.browser import People
from tests.support.person import Person

_STATUS = "[data-status]"


async def test_what_did_not_fit_is_listed_and_put_by_the_keyboard(people: People) -> None:
    ada = await people.start("Curtains", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Nice curtains", at=(600, 300))
    await expect(ben.words(note)).to_have_text("Nice curtains")
    await ada.wait_saved()
    await ada.go_offline()
    await ada.recolour(note, "mint")
    await ada.wait_kept()
    await ben.set_aside(note)
    await ben.wait_saved()
    await ada.come_back()

    # Nothing was forced: it lies in the margin, as Ben wanted.
    await expect(ada.thing(note)).to_have_count(0)
    bar = ada.page.locator("[data-missed-bar]")
    await expect(bar).to_contain_text("1 change from while you were away did not fit.")
    await bar.get_by_role("button", name="Look at them").press("Enter")
    sheet = ada.page.get_by_role("dialog", name="From while you were away")
    await expect(sheet.get_by_role("heading", name="Nice curtains")).to_be_visible()
    await expect(sheet).to_contain_text("mint")
    await expect(sheet).to_contain_text("It was set aside")
    await sheet.get_by_role("button", name="Put mine").press("Enter")
    await expect(sheet).to_contain_text("That was all.")
    await ada.page.keyboard.press("Escape")
    await expect(bar).to_have_count(0)
    await expect(ben.thing(note)).to_have_attribute("aria-label", re.compile("mint"))
    await ada.same_as(ben)


async def test_what_is_left_stays_left_over_a_reload(people: People) -> None:
    ada = await people.start("Leave it", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Mine", at=(600, 300))
    await expect(ben.words(note)).to_have_text("Mine")
    await ada.wait_saved()
    await ada.go_offline()
    await ada.recolour(note, "sky")
    await ada.wait_kept()
    await ben.set_aside(note)
    await ben.wait_saved()
    await ada.come_back()
    bar = ada.page.locator("[data-missed-bar]")
    await expect(bar).to_be_visible()
    await ada.page.reload()
    await ada.wait_ready()
    await bar.get_by_role("button", name="Look at them").click()
    await ada.page.get_by_role("dialog").get_by_role("button", name="Leave it").click()
    await ada.page.keyboard.press("Escape")
    await ada.page.reload()
    await ada.wait_ready()
    await ada.wait_saved()
    await expect(bar).to_have_count(0)
    await expect(ada.thing(note)).to_have_count(0)


async def second_tab(people: People, person: Person, link: str) -> Person:
    """One more tab of the same person, in the same browser."""
    tab = Person(await person.page.context.new_page(), person.proxy)
    people.all.append(tab)
    await tab.page.goto(link)
    await tab.wait_ready()
    return tab


async def test_two_tabs_of_one_person_do_not_fight(people: People) -> None:
    ada = await people.start("Two tabs", "Ada")
    ben = await people.join(ada.link, "Ben")
    other = await second_tab(people, ada, ada.link)
    # One person, however many tabs.
    await expect(ben.page.get_by_text("2 people here", exact=False).first).to_be_attached()

    first = await ada.add_note("From the first tab", at=(500, 300))
    await expect(other.words(first)).to_have_text("From the first tab")
    second = await other.add_note("From the second tab", at=(900, 500))
    await expect(ada.words(second)).to_have_text("From the second tab")
    # Undo is a tab's own.
    await ada.surface.focus()
    # Words that took long to type are several steps.
    while await ada.thing(first).count() > 0:
        await ada.undo()
    await expect(ben.thing(first)).to_have_count(0)
    await expect(ben.words(second)).to_have_text("From the second tab")

    link = ada.link
    ada.proxy.refuses = True
    ada.proxy.cut()
    await ada.page.context.set_offline(True)
    alone = await ada.add_note("Packed away", at=(500, 600))
    late = await other.add_note("Still open", at=(900, 200))
    await ada.wait_kept()
    await other.wait_kept()
    # As a hand closes it: the page hears of it and says so to the other tab.
    async with ada.page.expect_event("close"):
        await ada.page.close(run_before_unload=True)
    other.proxy.refuses = False
    await other.page.context.set_offline(False)
    await expect(ben.words(alone)).to_have_text("Packed away", timeout=60_000)
    await expect(ben.words(late)).to_have_text("Still open")
    third = await second_tab(people, other, link)
    await other.same_as(ben)
    await third.same_as(ben)
    labels = [thing.label for thing in await ben.things()]
    assert sum("Packed away" in label for label in labels) == 1
    assert sum("Still open" in label for label in labels) == 1


async def test_a_line_that_dies_without_a_word_is_noticed_while_one_draws(people: People) -> None:
    ada = await people.start("Another Wi-Fi", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.tool("Draw")
    await ada.page.mouse.move(500, 400)
    await ada.page.mouse.down()
    connections = ada.proxy.accepted
    ada.proxy.freeze()
    # Ink is written down about every second, also while nobody hears of it. The pen is down and scribbles
    # (held still it would mean a line) until the page finds out that nobody answers.
    async with asyncio.timeout(60):
        for step in count():
            await ada.page.mouse.move(560 + step * 37 % 140, 440 - step * 53 % 110)
            if await ada.page.locator(_STATUS).get_attribute("data-status") == "reconnecting":
                break
    await expect(ada.page.locator(_STATUS)).to_have_attribute("data-kept", "device")
    await ada.page.mouse.move(700, 460, steps=8)
    ada.proxy.cut()
    ada.proxy.thaw()
    await ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    await ada.page.mouse.up()
    await ada.tool("Choose")
    await ada.wait_saved(timeout_ms=40_000)
    assert ada.proxy.accepted > connections
    await expect(ben.page.locator('.world [data-type="ink"]')).to_have_count(1, timeout=30_000)
    await ada.same_as(ben)
    width = await ben.page.locator('.world [data-type="ink"]').evaluate("e => e.offsetWidth")
    assert width > 190, "the whole stroke is there, from before and after"


async def test_a_browser_that_keeps_nothing_says_so_and_goes_on(people: People) -> None:
    ada = await people.person()
    await ada.page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    await ada.start("In the page alone", "Ada")
    ben = await people.join(ada.link, "Ben")
    first = await ada.add_note("Saved all the same", at=(600, 300))
    await expect(ben.words(first)).to_have_text("Saved all the same")
    await ada.go_offline()
    second = await ada.add_note("Only here", at=(900, 500))
    await expect(ada.page.locator(_STATUS)).to_contain_text("only in this page")
    await expect(ada.page.locator(_STATUS)).to_have_attribute("data-kept", "page")
    await ada.come_back()
    await expect(ben.words(second)).to_have_text("Only here")
    await ada.same_as(ben)
