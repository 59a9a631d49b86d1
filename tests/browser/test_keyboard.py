"""The keyboard alone: no mouse in this file (WCAG 2.1.1)."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.support.browser import People


async def tab_to(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    for _ in range(60):
        if await wanted.count() and await wanted.first.evaluate("e => e === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {role} {name}")


async def test_the_keyboard_alone_does_all_that_a_hand_does(
    people: People,
) -> None:
    ada = await people.person()
    page, keys = ada.page, ada.page.keyboard
    await page.goto(ada.address)
    await tab_to(page, "textbox", re.compile("What shall we call it"))
    await keys.type("By keys alone")
    await tab_to(page, "button", "Lay the table")
    await keys.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await keys.press("Escape")
    await ada.wait_ready()
    ben = await people.join(ada.link, "Ben")

    await tab_to(page, "application", "The cloth")
    await keys.press("n")
    await expect(page.locator("textarea")).to_be_focused()
    await keys.type("Written without a mouse")
    await keys.press("Escape")
    note = page.get_by_role("option", name=re.compile("Written without a mouse"))
    await expect(note).to_be_focused()
    ident = await note.get_attribute("data-id")
    assert ident is not None
    await expect(ben.words(ident)).to_have_text("Written without a mouse")

    before = await ada.box(ident)
    for _ in range(5):
        await keys.press("ArrowRight")
    await keys.press("ArrowDown")
    await ada.wait_saved()
    after = await ada.box(ident)
    assert (round(after.x - before.x), round(after.y - before.y)) == (5, 1)
    await keys.press("Alt+ArrowRight")
    await expect(ada.thing(ident)).to_be_focused()
    assert (await ada.box(ident)).w > after.w

    await keys.press("c")
    await expect(page.get_by_role("radiogroup", name="Colours")).to_be_visible()
    for _ in range(3):
        await keys.press("ArrowRight")
    await keys.press("Enter")
    await expect(ben.thing(ident)).not_to_have_attribute("aria-label", re.compile("lemon"))

    await expect(ada.thing(ident)).to_be_focused()
    await keys.press("Enter")
    await keys.press("Control+End")
    await keys.type(", and more")
    await keys.press("Escape")
    await expect(ben.words(ident)).to_have_text("Written without a mouse, and more")

    await keys.press("Delete")
    await expect(ben.thing(ident)).to_have_count(0)
    await tab_to(page, "button", re.compile("Bring back: "))
    await keys.press("Enter")
    await expect(ben.thing(ident)).to_have_count(1)
    await ada.same_as(ben)


async def test_two_notes_are_linked_and_undone_by_keys(people: People) -> None:
    ada = await people.start("Links", "Ada")
    page, keys = ada.page, ada.page.keyboard
    first = await ada.add_note("First")
    second = await ada.add_note("Second")
    await expect(ada.thing(second)).to_be_focused()
    await keys.press("l")
    await keys.press("Shift+Tab")
    await expect(ada.thing(first)).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator('.world [data-type="connector"]')).to_have_count(1)
    await keys.press("Control+z")
    await expect(page.locator('.world [data-type="connector"]')).to_have_count(0)
    await keys.press("Control+Shift+z")
    await expect(page.locator('.world [data-type="connector"]')).to_have_count(1)
    await ada.wait_saved()


async def test_a_question_mark_lists_the_keys_and_f6_goes_around(people: People) -> None:
    ada = await people.start("Keys", "Ada")
    await ada.surface.focus()
    await ada.page.keyboard.press("?")
    await expect(ada.page.get_by_role("dialog")).to_contain_text("F6")
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    for _ in range(4):
        await ada.page.keyboard.press("F6")
        assert await ada.page.evaluate("document.activeElement !== document.body")
