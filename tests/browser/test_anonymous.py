"""Without a name, on the screen: written in private by keys and on a phone, put down by itself, one's own on
that device alone.
"""

from __future__ import annotations

import os
import re

from playwright.async_api import Page, expect

from tests.support.browser import People

SOON_MS = 60_000
"""The longest wait (PROTOCOL-83), on a busy machine."""


async def write(page: Page, words: str) -> None:
    sheet = page.get_by_role("dialog", name="A note without your name")
    await sheet.get_by_label("Words").fill(words)
    await page.keyboard.press("Control+Enter")
    await expect(sheet).to_have_count(0)


async def look(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asked for it."""
    folder = os.environ.get("TABLECLOTH_PICTURES")
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png")


async def test_written_by_key_it_waits_and_then_is_nobodys(people: People) -> None:
    ada = await people.start("Quiet words", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.page.keyboard.press("x")
    sheet = ada.page.get_by_role("dialog", name="A note without your name")
    await expect(sheet.get_by_label("Words")).to_be_focused()
    await look(ada.page, "unnamed-sheet")
    await write(ada.page, "Nobody listens to us")
    waiting = ada.page.get_by_text("reaches the cloth in a moment")
    await expect(waiting.first).to_be_visible()
    assert await ada.page.locator(".world [data-type]").count() == 0, "not even here, before it is there"
    await look(ada.page, "unnamed-waiting")

    note = ben.page.locator('.world [data-type="note"]')
    await expect(note).to_have_count(1, timeout=SOON_MS)
    await expect(note).to_contain_text("Nobody listens to us")
    await expect(ada.page.locator(".unnamed-bar")).to_have_count(0)
    assert "Ada" not in await note.inner_text()

    # One's own on that device: Enter says it otherwise, undo takes it away, both by nobody and later.
    await ada.page.locator('.world [data-type="note"]').focus()
    await ada.page.keyboard.press("Enter")
    again = ada.page.get_by_role("dialog", name="Your note without a name")
    await again.get_by_label("Words").fill("Nobody hears us")
    await again.get_by_role("button", name="Say it this way").click()
    await expect(note).to_contain_text("Nobody hears us", timeout=SOON_MS)
    await ada.undo()
    await expect(note).to_have_count(0, timeout=SOON_MS)


async def test_it_can_be_taken_back_while_it_waits(people: People) -> None:
    ada = await people.start("Taken back", "Ada")
    await ada.page.keyboard.press("x")
    await write(ada.page, "Never mind")
    await ada.page.get_by_role("button", name="Take it back").click()
    await expect(ada.page.locator(".unnamed-bar")).to_have_count(0)
    await ada.page.keyboard.press("x")
    await write(ada.page, "This one")
    note = ada.page.locator('.world [data-type="note"]')
    await expect(note).to_have_count(1, timeout=SOON_MS)
    await expect(note).to_contain_text("This one")


async def test_on_a_phone_with_the_switch_on(people: People) -> None:
    ada = await people.start("On a phone", "Ada")
    cleo = await people.join(ada.link, "Cleo", is_phone=True, size={"width": 360, "height": 740})
    await cleo.page.get_by_role("button", name=re.compile("Menu")).click()
    await cleo.page.get_by_role("checkbox", name="Without my name").check()
    await cleo.page.keyboard.press("Escape")
    await cleo.page.get_by_role("button", name="Add to the cloth").click()
    await look(cleo.page, "unnamed-phone")
    await write(cleo.page, "From the back row")
    await look(cleo.page, "unnamed-phone-waiting")
    note = ada.page.locator('.world [data-type="note"]')
    await expect(note).to_contain_text("From the back row", timeout=SOON_MS)
