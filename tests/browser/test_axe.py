"""axe-core finds nothing to mend, in every view, sheet and menu and each theme, wide and on a phone.

And what axe does not measure: nothing that one presses is smaller than it should be (WCAG 2.5.8; 44 px on
touch), and nothing is cut off or scrolls two ways at 320 pixels (WCAG 1.4.10) or with words twice as large.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tablecloth.client import connect

from tests.support.browser import People
from tests.support.person import HALL, Person

AXE = Path(__file__).resolve().parents[2] / "client" / "node_modules" / "axe-core" / "axe.min.js"


async def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it is now."""
    # By the debugger's way, because the page's own policy lets no foreign script in.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    report: dict[str, Any] = await page.evaluate("axe.run()")
    return [
        f"{found['id']}: {node['html'][:160]}" for found in report["violations"] for node in found["nodes"]
    ]


async def too_small(page: Page, least: int) -> list[str]:
    """What one presses that is seen and smaller than so many pixels, either way."""
    found: list[str] = await page.evaluate(
        """least => [...document.querySelectorAll('button, a[href], input, select, [role=treeitem]')]
            .filter(e => e.checkVisibility({ visibilityProperty: true }))
            .filter(e => !e.closest('.unseen, .skips, [inert], .world'))
            .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && box.height > 0)
            .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
            .map(([e, box]) => `${e.outerHTML.slice(0, 120)} ${box.width}x${box.height}`)""",
        least,
    )
    return found


async def sticks_out(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


async def laid(people: People) -> Person:
    """A board with all kinds of things."""
    ada = await people.start("A house", "Ada")
    async with connect(ada.link.replace(HALL, "127.0.0.1"), name="Ana") as ana:
        board = await ana.open()
        await board.add("zone", x=0, y=0, w=760, h=520, colour="sky", text="Questions")
        first = await board.add("note", x=40, y=80, text="A door that I can lock")
        second = await board.add("note", x=300, y=80, colour="mint", text="A garden", re=first)
        for number, words in enumerate(["Bread", "Soup"]):
            await board.add("note", x=40 + 220 * number, y=300, text=words, group="cluster-one")
        await board.add("shape", x=820, y=0, form="ellipse", colour="teal", fill="lemon", text="The yard")
        ends: dict[str, Any] = {"from": first, "to": second}
        await board.add("connector", meaning="supports", text="since May", **ends)
        aside = await board.add("note", x=0, y=700, text="Nice curtains")
        await board.set_aside(aside, why="a detail")
    await expect(ada.page.get_by_role("treeitem")).to_have_count(9)
    return ada


async def guest(people: People, link: str, theme: str, locale: str, **options: Any) -> Person:
    """Somebody whose device knows a theme and a language, at the door."""
    scheme = theme if theme in ("light", "dark") else "light"
    person = await people.person(color_scheme=scheme, locale=locale, **options)
    if theme == "contrast":
        await person.page.add_init_script("localStorage.setItem('tablecloth.theme', 'contrast')")
    await person.page.goto(person.address + link[link.index("/s/") :])
    await person.page.locator("form").wait_for()
    return person


async def come_in(person: Person) -> None:
    await person.page.locator('button[type="submit"]').click()
    await person.wait_ready()


async def views_of_the_room(person: Person) -> AsyncIterator[str]:
    """Opens each view, sheet and menu of a wide screen in turn, and says which."""
    page, keys = person.page, person.page.keyboard
    yield "the room"
    openers = await page.locator('[data-region="bar"] .opener').all()
    assert len(openers) >= 3
    for number, opener in enumerate(openers):
        await opener.click()
        yield f"menu {number} of the bar"
        await keys.press("Escape")
    await page.locator(".surface").focus()
    await keys.press("?")
    await page.get_by_role("dialog").wait_for()
    yield "the keys"
    await keys.press("Escape")
    row = page.locator('[role=treeitem][data-kind="note"]').first
    await row.focus()
    yield "a row that is chosen"
    await keys.press("F2")
    await page.locator(".tree textarea").wait_for()
    yield "writing in the outline"
    await keys.press("Escape")
    await expect(row).to_be_focused()
    await keys.press("Shift+F10")
    sheet = page.locator("dialog[open]")
    await sheet.wait_for()
    yield "what one can do"
    ways = sheet.locator(".ways button")
    for icon in ["folder-input", "spline"]:
        await ways.filter(has=page.locator(f".lucide-{icon}")).click()
        await expect(sheet.locator(".ways button .lucide-archive")).to_have_count(0)
        yield f"the sheet of {icon}"
        await keys.press("Escape")
        await expect(sheet).to_have_count(0)
        await row.focus()
        await keys.press("Shift+F10")
    await keys.press("Escape")
    await row.focus()
    await keys.press("Delete")
    await sheet.wait_for()
    yield "why set aside"
    await keys.press("Escape")
    await row.focus()
    await keys.press("Enter")
    await expect(page.locator('.world [aria-selected="true"]').first).to_be_focused()
    yield "a thing that is chosen"
    await keys.press("c")
    yield "its colours"
    await keys.press("Escape")
    await keys.press("Shift+F10")
    yield "its menu"
    await keys.press("Escape")


@pytest.mark.parametrize(
    ("theme", "locale"), [("light", "en-GB"), ("dark", "ar"), ("contrast", "en-GB"), ("light", "ar")]
)
async def test_every_view_is_free_of_findings(people: People, theme: str, locale: str) -> None:
    ada = await laid(people)
    person = await guest(people, ada.link, theme, locale)
    found = {"the door": await findings(person.page)}
    await come_in(person)
    async for view in views_of_the_room(person):
        found[view] = await findings(person.page) + await too_small(person.page, 24)
    await person.page.goto(person.address)
    await person.page.locator("form").wait_for()
    found["the start"] = await findings(person.page)
    assert {view: said for view, said in found.items() if said} == {}


@pytest.mark.parametrize(("theme", "locale"), [("light", "en-GB"), ("contrast", "ar"), ("dark", "cy")])
async def test_the_phone_s_views_are_free_of_findings(people: People, theme: str, locale: str) -> None:
    ada = await laid(people)
    size = {"width": 360, "height": 740}
    person = await guest(people, ada.link, theme, locale, is_phone=True, size=size)
    page = person.page
    found = {"the door": await findings(page)}

    async def look(view: str) -> None:
        found[view] = await findings(page) + await too_small(page, 44)
        if await sticks_out(page):
            found[view].append("wider than the window")

    await come_in(person)
    await look("the list")
    await page.locator(".card .icon-button").first.tap()
    await page.locator("dialog[open]").wait_for()
    await look("what one can do")
    await page.keyboard.press("Escape")
    await page.locator(".card .words").first.tap()
    await page.locator("textarea").wait_for()
    await look("writing in the list")
    await page.locator(".card .button").tap()
    openers = await page.locator('[data-region="bar"] .opener').all()
    assert len(openers) >= 2
    for number, opener in enumerate(openers):
        await opener.tap()
        await look(f"menu {number} of the bar")
        await page.keyboard.press("Escape")
    for number in [1, 2]:
        await page.locator("nav button[aria-current], nav button").nth(number).tap()
        await look(f"view {number}")
    assert {view: said for view, said in found.items() if said} == {}


@pytest.mark.parametrize("text", [100, 200], ids=["zoom 400 %", "words 200 %"])
async def test_nothing_is_cut_off_when_all_is_large(people: People, text: int) -> None:
    """A window of 1280 × 1024 at 400 % has 320 × 256 pixels to give; larger words are a setting of ours."""
    ada = await laid(people)
    size = {"width": 320, "height": 256} if text == 100 else {"width": 360, "height": 740}
    person = await people.person(size=size)
    await person.page.add_init_script(f"localStorage.setItem('tablecloth.text', {json.dumps(str(text))})")
    await person.page.goto(person.address + ada.link[ada.link.index("/s/") :])
    await come_in(person)
    page = person.page
    await expect(page.locator(".list")).to_be_visible()
    assert not await sticks_out(page)
    for scroller in await page.locator(".list .scroll").all():
        assert await scroller.evaluate("e => e.scrollWidth <= e.clientWidth")
    # What one came for is reached by scrolling one way.
    last = page.locator(".card .words").last
    await last.scroll_into_view_if_needed()
    await expect(last).to_be_in_viewport()
    await page.get_by_role("button", name="Add to the cloth").click()
    await expect(page.locator("textarea")).to_be_focused()
    await expect(page.locator("textarea")).to_be_in_viewport()
    assert not await sticks_out(page)


async def test_forced_colours_and_calm_mode_are_free_of_findings(people: People) -> None:
    ada = await laid(people)
    forced = await people.join(ada.link, "Forced", forced_colors="active")
    assert await findings(forced.page) == []
    calm = await people.person()
    await calm.page.add_init_script("localStorage.setItem('tablecloth.calm', 'yes')")
    await calm.join(ada.link, "Calm")
    bar = calm.page.get_by_role("navigation", name="One zone at a time")
    await expect(bar).to_contain_text("On the cloth 1 of 2")
    await bar.get_by_role("button", name="The next zone").click()
    await expect(bar).to_contain_text("Questions 2 of 2")
    await expect(calm.page.get_by_role("treeitem").first).to_have_attribute("aria-level", "1")
    await expect(calm.page.get_by_role("treeitem", name="The yard")).to_have_count(0)
    assert await findings(calm.page) == []
    # Nobody's pointer shows.
    await ada.page.mouse.move(600, 400)
    await expect(calm.page.locator(".cursors")).to_be_hidden()
