"""Pictures in a real browser: one person puts one down, another sees it; also after a time offline."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, expect

from tests.support.browser import People
from tests.support.drawing import Drawer
from tests.support.person import Person
from tests.support.pictures import drawing, photo


async def bring(person: Person, data: bytes) -> None:
    """Choose a file as the picture tool does; what it asks for then is left for later."""
    file: FilePayload = {"name": "drawing.png", "mimeType": "image/png", "buffer": data}
    await person.page.locator('input[type="file"]').first.set_input_files([file])


def pictures(person: Person) -> Locator:
    """The pictures whose points are on this person's screen."""
    return person.page.locator('[data-type="image"][data-shown="here"] img')


async def test_a_picture_is_put_down_and_seen_by_another(people: People) -> None:
    ada = await people.start("A picture", "Ada")
    ben = await people.join(ada.link, "Ben")
    await bring(ada, drawing(64, 48))
    for person in (ada, ben):
        await expect(pictures(person)).to_have_count(1)
        assert await pictures(person).evaluate("image => [image.naturalWidth, image.naturalHeight]") == [
            64,
            48,
        ]
        assert (await pictures(person).get_attribute("src") or "").startswith("blob:")


async def test_one_that_is_put_down_without_a_network_follows_by_itself(people: People) -> None:
    ada = await people.start("A picture", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.page.context.set_offline(True)
    ada.proxy.cut()
    await bring(ada, drawing(80, 48))
    await expect(pictures(ada)).to_have_count(1)
    await expect(pictures(ben)).to_have_count(0)
    await ada.page.context.set_offline(False)
    await expect(pictures(ben)).to_have_count(1, timeout=60_000)


async def placed(person: Person, data: bytes) -> str:
    """Put a picture down, leave its words for later, and wait until it rests; its id."""
    await bring(person, data)
    await person.page.get_by_role("dialog").get_by_role("button", name="Later").click()
    await expect(pictures(person)).to_have_count(1)
    return (await Drawer(person).ids("image"))[0]


async def test_a_picture_is_resized_by_corner_by_key_and_by_tap_and_never_squeezed(people: People) -> None:
    ada = await people.start("A picture", "Ada")
    ben = await people.join(ada.link, "Ben")
    picture = await placed(ada, drawing(160, 120))
    await ada.wait_saved()
    await ada.choose(picture)
    before = await ada.box(picture)

    # The lower right corner; the upper left stays.
    corner = (before.x + before.w, before.y + before.h)
    await ada.drag(corner, (corner[0] + 80, corner[1] + 20))
    grown = await ada.box(picture)
    assert (round(grown.x), round(grown.y)) == (round(before.x), round(before.y))
    assert grown.w - before.w == pytest.approx(80, abs=6)
    assert grown.w / grown.h == pytest.approx(160 / 120, abs=0.02)
    # The upper left one, inwards; the lower right stays.
    await ada.drag((grown.x, grown.y), (grown.x + 60, grown.y + 45))
    shrunk = await ada.box(picture)
    assert shrunk.x + shrunk.w == pytest.approx(grown.x + grown.w, abs=2)
    assert grown.w - shrunk.w == pytest.approx(60, abs=6)
    assert shrunk.w / shrunk.h == pytest.approx(160 / 120, abs=0.02)
    await ada.same_as(ben)

    # By keys.
    await ada.thing(picture).focus()
    for _ in range(3):
        await ada.page.keyboard.press("Alt+Shift+ArrowRight")
    await ada.wait_saved()
    wide = await ada.box(picture)
    assert wide.w > shrunk.w + 20
    assert wide.w / wide.h == pytest.approx(160 / 120, abs=0.02)
    await ada.same_as(ben)

    # By taps, on a phone.
    phone = await people.join(ada.link, "Phone", is_phone=True)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await expect(pictures(phone)).to_have_count(1)
    await phone.page.touchscreen.tap(*(await phone.box(picture)).middle)
    bar = phone.page.get_by_role("toolbar", name="What to do with it")
    await bar.get_by_role("button", name="More").tap()
    await phone.page.get_by_role("menuitem", name="Size step by step").tap()
    pad = phone.page.get_by_role("group", name="Size step by step")
    width = (await ada.thing(picture).bounding_box() or {"width": 0})["width"]
    await pad.get_by_role("radio", name="50").tap()
    await pad.get_by_role("button", name="Wider").tap()
    await pad.get_by_role("button", name="Done").tap()
    await ada.page.wait_for_function(
        """([id, w]) => document.querySelector(`.world [data-id="${id}"]`).offsetWidth > w + 30""",
        arg=[picture, width],
    )


async def test_pictures_are_pasted_and_dropped(people: People, tmp_path: Path) -> None:
    ada = await people.start("Pictures", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.page.mouse.move(500, 300)
    await ada.surface.focus()
    await ada.page.evaluate(
        """data => {
            const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], 'pasted.jpg', { type: 'image/jpeg' }));
            document.activeElement.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
        }""",
        b64encode(photo(120, 90)).decode(),
    )
    dialog = ada.page.get_by_role("dialog", name="What does the picture show?")
    await dialog.get_by_role("button", name="Later").click()
    await expect(pictures(ada)).to_have_count(1)

    # A file from the desk, dropped by the browser's own way.
    file = tmp_path / "dropped.webp"
    file.write_bytes(drawing(100, 100, kind="WEBP"))
    desk = await ada.page.context.new_cdp_session(ada.page)
    where = {"x": 760, "y": 500, "data": {"items": [], "files": [str(file)], "dragOperationsMask": 1}}
    for step in ("dragEnter", "dragOver", "drop"):
        await desk.send("Input.dispatchDragEvent", {"type": step, **where})
    await dialog.get_by_label("In words").fill("A square in four colours")
    await dialog.get_by_role("button", name="Keep").click()
    await expect(pictures(ben)).to_have_count(2, timeout=20_000)
    dropped = ada.page.get_by_role("option", name="Picture: A square in four colours")
    box = await dropped.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] / 2 == pytest.approx(760, abs=6)
    await ada.same_as(ben)
