"""Things that lie on the cloth: the pile, spreading, links that stay bound, answers, and colours;
and boards so large that only what is seen is laid out. By mouse, key and finger.
"""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

import pytest
from playwright.async_api import expect
from tablecloth.client import connect

from tests.support.browser import People
from tests.support.drawing import Drawer
from tests.support.person import HALL, Person
from tests.support.seen import seen, unlike

PAPER = (0xF6, 0xF1, 0xE7)


async def top_at(person: Person, x: float, y: float) -> str | None:
    """The id of the thing that is seen at a place of the screen."""
    found: str | None = await person.page.evaluate(
        """([x, y]) => document.elementsFromPoint(x, y)
            .map(e => e.closest('.world [data-id]')?.dataset.id).find(Boolean) ?? null""",
        [x, y],
    )
    return found


async def lies_on_top(person: Person, thing: str, at: tuple[float, float]) -> None:
    """Wait until this is what one sees at a place."""
    await person.page.wait_for_function(
        """([id, x, y]) => document.elementsFromPoint(x, y)
            .map(e => e.closest('.world [data-id]')?.dataset.id).find(Boolean) === id""",
        arg=[thing, *at],
    )


async def test_the_pile_by_key_by_panel_and_by_finger(people: People) -> None:
    ada = await people.start("A pile", "Ada")
    ben = await people.join(ada.link, "Ben")
    low = await ada.add_note("Low", at=(500, 350))
    high = await ada.add_note("High", at=(800, 350))
    await ada.move(high, -220, 60)
    await ada.same_as(ben)
    a, b = await ada.box(low), await ada.box(high)
    both = ((b.x + a.x + a.w) / 2, (b.y + a.y + a.h) / 2)
    assert await top_at(ada, *both) == high

    await ada.thing(low).focus()
    await ada.page.keyboard.press("]")
    await lies_on_top(ben, low, both)
    await ada.page.keyboard.press("Control+[")
    await lies_on_top(ben, high, both)
    # By mouse, from the panel.
    await ada.thing(low).focus()
    await ada.page.keyboard.press("i")
    panel = ada.page.get_by_role("dialog", name="Arrange")
    await panel.get_by_role("button", name="To the top").click()
    await lies_on_top(ben, low, both)
    await ada.page.keyboard.press("Escape")
    # By finger, from the menu.
    phone = await people.join(ada.link, "Phone", is_phone=True)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await expect(phone.thing(low)).to_be_visible()
    box = await phone.box(low)
    await phone.page.touchscreen.tap(box.x + 12, box.y + 12)
    await expect(phone.thing(low)).to_have_attribute("aria-selected", "true")
    await (
        phone.page.get_by_role("toolbar", name="What to do with it").get_by_role("button", name="More").tap()
    )
    await phone.page.get_by_role("menuitem", name="To the bottom").tap()
    await lies_on_top(ben, high, both)


async def test_three_are_spread_and_tidied(people: People) -> None:
    ada = await people.start("Spread", "Ada")
    ben = await people.join(ada.link, "Ben")
    notes = [await ada.add_note(str(x), at=(x, 300 + x // 20)) for x in (350, 600, 1050)]
    await ada.surface.focus()
    await ada.page.keyboard.press("Control+a")
    bar = ada.page.get_by_role("toolbar", name="What to do with it")
    await bar.get_by_role("button", name="Arrange").click()
    panel = ada.page.get_by_role("dialog", name="Arrange")
    await panel.get_by_role("button", name="Even across").click()
    boxes = [await ada.box(note) for note in notes]
    gaps = [right.x - left.x - left.w for left, right in pairwise(boxes)]
    assert gaps[0] == pytest.approx(gaps[1], abs=2)
    await panel.get_by_role("button", name="Bottom", exact=True).click()
    bottoms = [box.y + box.h for box in [await ada.box(note) for note in notes]]
    assert max(bottoms) - min(bottoms) < 2
    await ada.page.keyboard.press("Escape")
    await ada.same_as(ben)


async def test_a_link_stays_bound_and_has_words_of_its_own(people: People) -> None:
    ada = await people.start("Bound", "Ada")
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    door = await ada.add_note("A door", at=(420, 300))
    key = await ada.add_note("A key", at=(900, 300))
    await mine.cloth()
    await ada.tool("Link")
    await ada.drag((await ada.box(door)).middle, (await ada.box(key)).middle)
    line = (await mine.ids("connector"))[0]
    await expect(ada.thing(line)).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("textarea")).to_be_focused()
    await ada.page.keyboard.type("since May")
    await ada.page.keyboard.press("Escape")
    await expect(ben.thing(line)).to_have_attribute(
        "aria-label", re.compile("A door leads to A key: since May")
    )
    before = await ben.box(line)
    await mine.cloth()
    # Where a thing goes, the line goes: on the other's screen too.
    await ada.move(key, 60, 300)
    await ben.page.wait_for_function(
        """([id, h]) => document.querySelector(`.world [data-id="${id}"]`).offsetHeight > h""",
        arg=[line, before.h + 150],
    )
    await ada.same_as(ben)


async def test_answers_on_the_cloth_by_mouse_by_key_and_for_the_other(people: People) -> None:
    ada = await people.start("Answers", "Ada")
    ben = await people.join(ada.link, "Ben")
    asked = await ada.add_note("Who has the key?", at=(600, 300))
    await expect(ben.words(asked)).to_have_text("Who has the key?")
    await ben.choose(asked)
    bar = ben.page.get_by_role("toolbar", name="What to do with it")
    await bar.get_by_role("button", name="Answer", exact=True).click()
    await expect(ben.page.locator("textarea")).to_be_focused()
    await ben.page.keyboard.type("I have")
    await ben.page.keyboard.press("Escape")
    reply = ada.page.get_by_role("option", name=re.compile("^Reply, lemon: I have"))
    await expect(reply).to_have_count(1)
    # It lies under what it answers, and the outline knows.
    box, under = await ada.box(asked), await reply.bounding_box()
    assert under is not None
    assert under["y"] > box.y + box.h
    await expect(ada.page.get_by_role("treeitem", name=re.compile("I have"))).to_have_attribute(
        "aria-level", "2"
    )

    await reply.focus()
    await ada.page.keyboard.press("Shift+Enter")
    await expect(ada.page.locator("textarea")).to_be_focused()
    await ada.page.keyboard.type("Thank you")
    await ada.page.keyboard.press("Escape")
    await expect(ben.page.get_by_role("option", name=re.compile("^Reply, lemon: Thank you"))).to_have_count(1)
    await ada.same_as(ben)


async def test_colours_differ_by_their_mark_too(people: People) -> None:
    ada = await people.start("Marks", "Ada")
    note = await ada.add_note("Many colours", at=(600, 350))
    await ada.choose(note)
    bar = ada.page.get_by_role("toolbar", name="What to do with it")
    marks = {await ada.thing(note).locator("svg").first.inner_html()}
    for colour in ("peach", "rose", "lilac", "sky", "mint", "oat", "white"):
        await bar.get_by_role("button", name="Colour").click()
        await ada.page.get_by_role("radio", name=colour, exact=True).click()
        await expect(ada.thing(note)).to_have_attribute("aria-label", re.compile(f"^Note, {colour}"))
        marks.add(await ada.thing(note).locator("svg").first.inner_html())
    assert len(marks) == 8, "no two colours have one mark"


async def test_a_large_board_is_painted_far_out_and_laid_out_near(people: People) -> None:
    ada = await people.start("Large", "Ada")
    async with connect(ada.link.replace(HALL, "127.0.0.1"), name="Ana") as ana:
        board = await ana.open()
        for number in range(600):
            x, y = number % 30 * 240, number // 30 * 200
            await board.add("note", x=x, y=y, text=f"Note {number}")
    things = ada.page.locator('.world [data-type="note"]')
    await ada.surface.focus()
    await ada.page.keyboard.press("1")
    # Far out there are no words on the page to lay out: the sheets show all of it.
    await ada.page.wait_for_function("() => document.querySelectorAll('.world [data-type=note]').length < 60")
    box = await ada.board.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2 - 200, box["y"] + box["height"] / 2 - 150)
    async with asyncio.timeout(20):
        while unlike(await seen(ada.page, *middle, 400, 300), PAPER) < 400 * 300 // 4:
            await ada.page.evaluate("new Promise(requestAnimationFrame)")
    # Tab still goes from thing to thing, and what has the keyboard is on the page.
    await ada.page.keyboard.press("Tab")
    await expect(ada.page.get_by_role("option", name="Note, lemon: Note 0", exact=True)).to_be_focused()
    # Near, notes are words again; only those that are seen.
    for _ in range(8):
        await ada.page.keyboard.press("+")
    await expect(things.first.locator(".flow")).to_be_visible()
    assert 0 < await things.count() < 200
