"""The seal in the browser: the same words for everybody, by mouse, by key, on a phone and in Arabic."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Page, expect
from tablecloth.client import connect
from tablecloth.core.seal import read_phrase, seal_hash, seal_phrase

from tests.support.browser import PICTURES, People
from tests.support.person import HALL


async def opened(page: Page, menu: str = "Menu", item: str = "Show the seal") -> None:
    """Open the sheet from the menu in the bar."""
    await page.get_by_role("button", name=menu).first.click()
    await page.get_by_role("button", name=item).click()


async def shown(page: Page) -> str:
    """The phrase, once there is one."""
    phrase = page.locator("[data-seal-phrase]")
    await expect(phrase).to_have_text(re.compile(r"^\s*([a-z]{4}\s+){4}[a-z]{4}\s*$"))
    read = read_phrase(await phrase.inner_text())
    assert read is not None
    return read


async def until_same(pages: list[Page], phrase: str) -> None:
    """Sheets stay open: they follow the latest tip."""
    for page in pages:
        await expect(page.locator("[data-seal-phrase]")).to_have_text(
            re.compile(r"\s+".join(phrase.split())), timeout=15_000
        )


async def test_everybody_sees_the_same_seal(people: People) -> None:
    ada = await people.start("Sealed together", "Ada")
    ben = await people.join(ada.link, "Ben", is_phone=True)
    cleo = await people.person(locale="ar")
    await cleo.page.goto(cleo.address + ada.link[ada.link.index("/s/") :])
    await cleo.page.get_by_role("textbox").fill("Cleo")
    await cleo.page.keyboard.press("Enter")
    await ada.add_note("One for all", at=(500, 400))
    await ada.wait_saved()
    await opened(ada.page)
    await opened(ben.page)
    await opened(cleo.page, "القائمة", "إظهار الختم")
    pages = [ada.page, ben.page, cleo.page]
    for page in pages:
        await shown(page)
    async with connect(ada.link.replace(HALL, "127.0.0.1")) as program:
        board = await program.open()
        await board.until(lambda: board.tip is not None and board.tip.seq == board.seq)
        assert board.tip is not None
        assert board.doubts == []
        phrase = seal_phrase(seal_hash(program.id, {board.id: board.tip}))
    await until_same(pages, phrase)
    await expect(ada.page.locator("[data-seal-not] li")).to_have_count(4)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for page, name in zip(pages, ("wide", "phone", "arabic"), strict=True):
        await page.screenshot(path=PICTURES / f"seal-{name}.png")
    assert await fits(ben.page)
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.locator("[data-seal-phrase]")).to_have_count(0)
    await expect(ada.page.locator("[data-record-bar]")).to_have_count(0)


async def fits(page: Page) -> Any:
    """Nothing of the sheet reaches past the sides of the screen."""
    return await page.evaluate(
        "() => [...document.querySelectorAll('dialog[open] *')].every((e) => "
        "{ const b = e.getBoundingClientRect();"
        " return b.width === 0 || (b.left >= -1 && b.right <= innerWidth + 1); })"
    )
