"""Hands and pens on the cloth, as a screen tells of them: pressure, palms, long presses, a trackpad."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import CDPSession, expect

from tests.support.browser import People
from tests.support.drawing import Drawer, Point
from tests.support.person import Person
from tests.support.seen import seen, unlike


class Pen:
    """A stylus in front of somebody's screen."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    async def says(self, kind: str, at: Point, force: float = 0.0) -> None:
        """One event of the pen, with how hard it presses (0 to 1)."""
        is_down = kind != "mouseReleased" and force > 0
        await self._session.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": at[0],
                "y": at[1],
                "button": "left" if kind != "mouseMoved" or is_down else "none",
                "buttons": 1 if is_down else 0,
                "clickCount": 0 if kind == "mouseMoved" else 1,
                "pointerType": "pen",
                "force": force,
            },
        )

    async def stroke(self, start: Point, end: Point, *forces: float) -> None:
        """From here to there, ever as hard as said."""
        await self.says("mousePressed", start, forces[0])
        for step, force in enumerate(forces, 1):
            part = step / len(forces)
            at = (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            await self.says("mouseMoved", at, force)
        await self.says("mouseReleased", end)


async def thickness(person: Person, at: Point) -> int:
    """How many pixels high the ink is in the column at a place, as it is painted."""
    column = await seen(person.page, round(at[0]), round(at[1]) - 30, 1, 60)
    return unlike(column, column.getpixel((0, 0)))  # type: ignore[arg-type]


async def test_a_pen_presses_harder_and_its_palm_leaves_nothing(people: People) -> None:
    ada = await people.start("Pens", "Ada", is_phone=True, size={"width": 1100, "height": 800})
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    await ada.tool("Draw")
    await mine.pick("Pens", "Broad")
    pen = Pen(await ada.page.context.new_cdp_session(ada.page))
    await pen.stroke((300, 250), (500, 250), *[0.1] * 12)
    await expect(mine.of("ink")).to_have_count(1)
    await pen.stroke((300, 400), (500, 400), *[0.95] * 12)
    await expect(mine.of("ink")).to_have_count(2)
    await ada.wait_saved()
    light, hard = [await ada.box(one) for one in await mine.ids("ink")]
    if light.y > hard.y:
        light, hard = hard, light
    thin, thick = await thickness(ada, light.middle), await thickness(ada, hard.middle)
    assert 0 < thin < thick, (thin, thick)

    # The palm lies down beside the pen that writes, and after it: no mark, and the cloth stays.
    place = await ada.box((await mine.ids("ink"))[0])
    await pen.says("mousePressed", (300, 550), 0.5)
    await pen.says("mouseMoved", (340, 552), 0.5)
    await mine.fingers("touchStart", (560, 700))
    await pen.says("mouseMoved", (420, 554), 0.5)
    await mine.fingers("touchMove", (600, 720))
    await pen.says("mouseMoved", (500, 556), 0.5)
    await pen.says("mouseReleased", (500, 556))
    await mine.fingers("touchEnd")
    await expect(mine.of("ink")).to_have_count(3)
    assert await ada.box((await mine.ids("ink"))[0]) == place
    # From now on the pen draws, and a finger moves the cloth.
    fingers = ada.page.get_by_role("button", name="One finger draws")
    await expect(fingers).to_have_attribute("aria-pressed", "false")
    await expect(Drawer(ben).of("ink")).to_have_count(3)
    await ada.same_as(ben)


async def test_a_finger_that_stays_has_the_menu_and_two_pan_and_zoom(people: People) -> None:
    phone = await people.start("Fingers", "Phone", is_phone=True)
    touch = Drawer(phone)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await touch.tap_tool("Note")
    await phone.page.touchscreen.tap(190, 350)
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.type("Hello")
    await phone.page.keyboard.press("Escape")
    note = (await touch.ids("note"))[0]
    await phone.page.keyboard.press("Escape")

    # Longer than a tap: the menu, of the thing under the finger, before it is lifted.
    await touch.fingers("touchStart", (await phone.box(note)).middle)
    sheet = phone.page.get_by_role("menu")
    await expect(sheet).to_be_visible()
    await expect(phone.thing(note)).to_have_attribute("aria-selected", "true")
    await touch.fingers("touchEnd")
    await expect(sheet).to_be_visible()
    await sheet.get_by_role("menuitem", name="Answer").tap()
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.type("And hello to you")
    await phone.page.keyboard.press("Escape")
    await expect(phone.page.get_by_role("option", name=re.compile("^Reply.*And hello to you"))).to_have_count(
        1
    )
    await phone.page.keyboard.press("Escape")

    before = await phone.box(note)
    await touch.fingers("touchStart", (140, 500), (240, 500))
    for step in range(1, 9):
        await touch.fingers("touchMove", (140 - 5 * step, 500 + 6 * step), (240 + 5 * step, 500 + 6 * step))
    await touch.fingers("touchEnd")
    after = await phone.box(note)
    assert after.w > before.w * 1.4


async def test_one_finger_draws_or_pans_by_choice_and_a_line_is_straight_when_held(people: People) -> None:
    phone = await people.start("Lines", "Phone", is_phone=True)
    touch = Drawer(phone)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await touch.tap_tool("Draw")
    await touch.swipe((80, 500), (250, 540))
    await expect(touch.of("ink")).to_have_count(1)
    stroke = (await touch.ids("ink"))[0]
    # Held at its end: a line, by a finger.
    await touch.fingers("touchStart", (80, 300))
    for step in range(1, 21):
        await touch.fingers("touchMove", (80 + 10 * step, 300 + 5 * step + step % 2))
    await expect(touch.of("connector")).to_have_count(1)
    await touch.fingers("touchEnd")
    await expect(touch.of("ink")).to_have_count(1)
    await expect(touch.of("connector")).to_have_attribute("aria-label", re.compile("line"))

    fingers = phone.page.get_by_role("button", name="One finger draws")
    await fingers.tap()
    await expect(fingers).to_have_attribute("aria-pressed", "false")
    before = await phone.box(stroke)
    await touch.swipe((100, 400), (160, 440))
    await expect(touch.of("ink")).to_have_count(1)
    assert (await phone.box(stroke)).x == pytest.approx(before.x + 60, abs=3)


async def test_a_trackpad_pinches_and_slides(people: People) -> None:
    ada = await people.start("Trackpad", "Ada")
    note = await ada.add_note("Here", at=(600, 400))
    pad = await ada.page.context.new_cdp_session(ada.page)
    before = await ada.box(note)
    width = f"""document.querySelector('.world [data-id="{note}"]').getBoundingClientRect().width"""

    async def slides(dx: float, dy: float, is_pinch: bool) -> None:
        # A pinch reaches a page as a wheel with Ctrl that nobody pressed: many small steps, also of a half.
        at = {"x": before.middle[0], "y": before.middle[1], "modifiers": 2 if is_pinch else 0}
        await pad.send("Input.dispatchMouseEvent", {"type": "mouseWheel", **at, "deltaX": dx, "deltaY": dy})

    for _ in range(20):
        await slides(0, -3.5, True)
    await ada.page.wait_for_function(f"() => {width} > {before.w * 1.3}")
    near = await ada.box(note)
    assert near.middle == pytest.approx(before.middle, abs=4)
    # The page itself was not zoomed.
    assert await ada.page.evaluate("window.visualViewport.scale") == 1
    for _ in range(10):
        await slides(6, 4, False)
    x = f"""document.querySelector('.world [data-id="{note}"]').getBoundingClientRect().x"""
    await ada.page.wait_for_function(f"() => {x} < {near.x - 50}")
    panned = await ada.box(note)
    assert panned.w == pytest.approx(near.w, abs=1)
    assert (near.x - panned.x, near.y - panned.y) == pytest.approx((60, 40), abs=3)
