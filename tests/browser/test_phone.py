"""A phone, 390 × 844 and 360 × 740, by touch: the list first, the cloth one tap away, nothing cut off."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser import People
from tests.support.person import Person

SMALL = {"width": 360, "height": 740}


async def tap(person: Person, what: Locator) -> None:
    """Tap the middle of something, after seeing that a thumb can hit it."""
    box = await what.bounding_box()
    assert box is not None
    assert box["height"] >= 44, (await what.inner_text(), box)
    await what.tap()


async def nothing_sticks_out(person: Person) -> None:
    """The page itself is as wide as the screen."""
    assert await person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", [None, SMALL], ids=["390", "360"])
async def test_a_phone_reads_adds_and_writes_in_the_list(people: People, size: dict[str, int] | None) -> None:
    ada = await people.start("In the hall", "Ada")
    note = await ada.add_note("A door that I can lock", at=(500, 300))
    phone = await people.join(ada.link, "Phone", size=size, is_phone=True)
    await nothing_sticks_out(phone)
    await expect(phone.page.locator(f'[data-card="{note}"]')).to_contain_text("A door that I can lock")

    await tap(phone, phone.page.get_by_role("button", name="Add to the cloth"))
    box = phone.page.locator("textarea")
    await expect(box).to_be_focused()
    await phone.page.keyboard.type("Added by thumb")
    await tap(phone, phone.page.get_by_role("button", name="Done"))
    await expect(ada.page.locator(".world .flow", has_text="Added by thumb")).to_be_visible()

    # Letter by letter in the list, while somebody writes in the same note on the cloth.
    await phone.page.locator(f'[data-card="{note}"] .words').tap()
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.press("Control+End")
    await phone.page.keyboard.type("!")
    await expect(ada.words(note)).to_have_text("A door that I can lock!")
    await nothing_sticks_out(phone)


async def test_a_phone_pans_zooms_and_writes_on_the_cloth(people: People) -> None:
    ada = await people.start("Cloth", "Ada")
    note = await ada.add_note("Hello phone", at=(500, 300))
    phone = await people.join(ada.link, "Phone", is_phone=True)
    views = phone.page.get_by_role("navigation", name="Views")
    await tap(phone, views.get_by_role("button", name="Cloth"))
    await expect(phone.words(note)).to_be_visible()
    before = await phone.box(note)

    session = await phone.page.context.new_cdp_session(phone.page)

    async def fingers(kind: str, *points: tuple[float, float]) -> None:
        await session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    await fingers("touchStart", (150, 300), (250, 300))
    for step in range(1, 8):
        await fingers("touchMove", (150 - 8 * step, 300), (250 + 8 * step, 300))
    await fingers("touchEnd")
    await expect(phone.thing(note)).to_be_visible()
    assert (await phone.box(note)).w > before.w * 1.4

    await phone.page.get_by_role("toolbar", name="Tools").get_by_role("button", name="Note", exact=True).tap()
    await phone.page.touchscreen.tap(200, 620)
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.type("By tap")
    await expect(ada.page.locator(".world .flow", has_text="By tap")).to_be_visible()
