"""Every tray, bar, panel and sheet of the cloth, wide and on a phone of 360 × 740, in both directions.

In each: axe finds nothing, whatever one presses is as large as a hand needs (24 px; 44 on touch, WCAG 2.5.8),
and nothing of it is cut off or lies outside the window.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser.test_axe import come_in, findings, guest, laid, sticks_out, too_small
from tests.support.browser import People
from tests.support.drawing import Drawer
from tests.support.person import Person
from tests.support.pictures import drawing

_PANELS = {"c": "colour", "y": "style", "i": "arrange", "u": "hold"}


async def cut_off(page: Page) -> list[str]:
    """What one presses in the cloth's trays and sheets that lies outside the window or its holder.

    What a holder scrolls to is not cut off.
    """
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('.board button, .board input, .board select')]
            .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.world, .unseen'))
            .filter(e => {
                const box = e.getBoundingClientRect();
                let holder = e.parentElement;
                for (; holder !== null; holder = holder.parentElement) {
                    const { overflowY } = getComputedStyle(holder);
                    if (overflowY === 'auto' || overflowY === 'scroll') break;
                }
                if (holder !== null && holder.scrollHeight > holder.clientHeight + 1) {
                    const edge = holder.getBoundingClientRect();
                    return box.left < edge.left - 1 || box.right > edge.right + 1;
                }
                const [right, bottom] = [box.right - innerWidth, box.bottom - innerHeight];
                return Math.max(-box.left, -box.top, right, bottom) > 1;
            })
            .map(e => `cut off: ${e.outerHTML.slice(0, 120)}`)"""
    )
    return found


async def trays(person: Person) -> AsyncIterator[str]:
    """Opens each tray, panel and sheet of the cloth in turn, and says which."""
    page, keys = person.page, person.page.keyboard
    mine = Drawer(person)

    for tool in ("note", "draw", "shape"):
        await page.locator(f'[data-tool="{tool}"]').click()
        yield f"the tray of {tool}"
        more = page.locator(".board .tray > button[aria-expanded=false]")
        if await more.count() > 0:
            await more.first.click()
            yield f"more of {tool}"
    for key, tip in (("m", "highlighter"), ("e", "eraser")):
        await bare_cloth(person)
        await keys.press(key)
        yield f"the tray of the {tip}"
    await bare_cloth(person)
    for kind in ("note", "zone", "shape", "connector"):
        await mine.of(kind).first.focus()
        yield f"a {kind} that is chosen"
        for key, panel in _PANELS.items():
            if kind in ("zone", "connector") and key in "iu":
                continue
            await mine.of(kind).first.focus()
            await keys.press(key)
            if await page.locator(".bar [role=dialog]").count() > 0:
                yield f"the {panel} of a {kind}"
                await keys.press("Escape")
        await bare_cloth(person)
    await keys.press("Control+a")
    await keys.press("i")
    yield "arranging all"
    await keys.press("Escape")
    await bare_cloth(person)
    await keys.press("Shift+F10")
    yield "the menu of the cloth"
    await keys.press("Escape")
    await mine.of("note").first.focus()
    await keys.press("Shift+F10")
    yield "the menu of a note"
    await keys.press("Escape")
    await mine.of("note").first.focus()
    await keys.press("w")
    yield "step by step"
    await keys.press("Escape")
    await bare_cloth(person)
    await keys.press(":")
    yield "reactions"
    await keys.press("Escape")
    await bare_cloth(person)
    await keys.press("p")
    yield "the laser"
    await keys.press("Escape")
    file: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": drawing(80, 60)}
    await page.locator('input[type="file"]').first.set_input_files([file])
    await page.get_by_role("dialog").wait_for()
    yield "what a picture shows"
    await keys.press("Escape")


async def bare_cloth(person: Person) -> None:
    """The cloth has the keyboard, with nothing chosen and no tool in hand."""
    surface = person.page.locator(".surface")
    await surface.focus()
    for _ in range(3):
        await person.page.keyboard.press("Escape")
    await surface.focus()


@pytest.mark.parametrize(
    ("theme", "locale", "is_phone", "text"),
    [("light", "en-GB", False, 200), ("dark", "ar", False, 100), ("contrast", "cy", True, 100)],
    ids=["wide, words 200 %", "wide, dark, right to left", "phone, contrast, long words"],
)
async def test_every_tray_can_be_pressed_and_is_free_of_findings(
    people: People, theme: str, locale: str, is_phone: bool, text: int
) -> None:
    ada = await laid(people)
    size = {"width": 360, "height": 740} if is_phone else None
    person = await guest(people, ada.link, theme, locale, is_phone=is_phone, size=size)
    await person.page.evaluate("text => localStorage.setItem('tablecloth.text', text)", str(text))
    await person.page.reload()
    await come_in(person)
    if is_phone:
        await person.page.locator("nav button").nth(1).tap()
    await expect(person.page.locator('.board[data-ready="true"]')).to_be_visible()
    await bare_cloth(person)
    await person.page.keyboard.press("1")
    found: dict[str, list[str]] = {}
    async for tray in trays(person):
        page = person.page
        said = await findings(page) + await too_small(page, 44 if is_phone else 24) + await cut_off(page)
        if await sticks_out(page):
            said.append("wider than the window")
        found[tray] = said
    assert len(found) >= 20
    assert {tray: said for tray, said in found.items() if said} == {}


async def test_nothing_moves_by_itself_where_less_motion_is_wanted(people: People) -> None:
    ada = await people.start("Still", "Ada", reduced_motion="reduce")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Still", at=(500, 300))
    await expect(ben.words(note)).to_have_text("Still")
    await ben.page.get_by_role("button", name="React").click()
    await ben.page.get_by_role("button", name="Clap").click()
    await expect(ada.page.locator(".float")).to_have_text("Clap")
    moving = """() => document.getAnimations()
        .filter(one => one.playState === 'running' && one.effect.getComputedTiming().duration > 1).length"""
    assert await ada.page.evaluate(moving) == 0
    # What others move is where it goes at once: one place before, one after, none between.
    await ada.page.evaluate(
        """id => {
            const thing = document.querySelector(`.world [data-id="${id}"]`);
            window.places = new Set();
            const look = () => {
                window.places.add(Math.round(thing.getBoundingClientRect().x));
                requestAnimationFrame(look);
            };
            look();
        }""",
        note,
    )
    await ben.thing(note).focus()
    await ben.page.keyboard.press("Shift+ArrowRight")
    await ben.surface.focus()
    await ada.same_as(ben)
    await ada.page.wait_for_function("() => window.places.size === 2")
