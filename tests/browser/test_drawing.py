"""Making things on the cloth: shapes, lines, pens, lists and notes in sizes, by mouse, keys and touch."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.support.browser import People
from tests.support.drawing import Drawer
from tests.support.person import Person
from tests.support.pictures import drawing


async def test_shapes_by_mouse_and_by_keys_are_the_same_for_the_other(people: People) -> None:
    ada = await people.start("Shapes", "Ada")
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    house = await mine.shape("r", (400, 300), (640, 440), "A house that we share")
    await expect(ben.words(house)).to_have_text("A house that we share")
    assert (await ada.box(house)).w == pytest.approx(240, abs=14)

    # By keys alone: put down in the middle, written in, then made another form with a fill.
    await mine.cloth()
    await ada.page.keyboard.press("o")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("textarea")).to_be_focused()
    await ada.page.keyboard.type("By key")
    await ada.page.keyboard.press("Escape")
    other = next(one for one in await mine.ids("shape") if one != house)
    await expect(ada.thing(other)).to_be_focused()
    await expect(ada.thing(other)).to_have_attribute("aria-label", re.compile("^Ellipse.*By key"))
    await mine.pick("Shapes", "Diamond")
    await mine.pick("Shapes", "mint")
    await expect(ben.thing(other)).to_have_attribute("aria-label", re.compile("^Diamond"))
    await expect(ben.thing(other)).to_have_class(re.compile("filled"))
    await ada.page.keyboard.press("Escape")
    await ada.same_as(ben)


async def test_a_finger_makes_a_shape_by_dragging_and_one_by_tapping(people: People) -> None:
    ada = await people.start("By touch", "Ada")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    touch = Drawer(phone)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await touch.tap_tool("Shape")
    await touch.tray("Shapes").get_by_role("radio", name="Triangle").tap()
    await touch.swipe((80, 300), (280, 420))
    await expect(touch.of("shape")).to_have_count(1)
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.type("Roof")
    await expect(ada.page.locator(".world .flow", has_text="Roof")).to_be_visible()
    await phone.page.keyboard.press("Escape")

    # Nothing is cut off.
    await touch.tap_tool("Zone")
    await phone.page.touchscreen.tap(200, 600)
    await expect(touch.of("zone")).to_have_count(1)
    assert await phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_link_says_what_it_means_and_its_ends_move(people: People) -> None:
    ada = await people.start("Links", "Ada")
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    door = await ada.add_note("A door", at=(420, 300))
    key = await ada.add_note("A key", at=(900, 300))
    dog = await ada.add_note("A dog", at=(900, 650))
    await mine.cloth()
    await ada.tool("Link")
    await ada.drag((await ada.box(door)).middle, (await ada.box(key)).middle)
    await expect(mine.of("connector")).to_have_count(1)
    line = (await mine.ids("connector"))[0]
    await ada.page.get_by_label("What it means").select_option("supports")
    await mine.pick("What the line is like", "Right angles")
    await mine.pick("What the line is like", "Dashed")
    await expect(ben.thing(line)).to_have_attribute("aria-label", re.compile("A door supports A key"))
    await expect(ben.thing(line).locator(".meaning")).to_have_attribute("data-means", "supports")

    # By mouse to another thing; by key back; by mouse to the bare cloth.
    end = ada.page.locator('[data-end="to"]')
    box = await end.bounding_box()
    assert box is not None
    await ada.drag((box["x"] + 15, box["y"] + 15), (await ada.box(dog)).middle)
    await expect(ben.thing(line)).to_have_attribute("aria-label", re.compile("A door supports A dog"))
    await ada.page.get_by_role("button", name="Begin at…").click()
    await ada.thing(key).focus()
    await ada.page.keyboard.press("Enter")
    await expect(ben.thing(line)).to_have_attribute("aria-label", re.compile("A key supports A dog"))
    box = await ada.page.locator('[data-end="from"]').bounding_box()
    assert box is not None
    await ada.drag((box["x"] + 15, box["y"] + 15), (600, 560))
    await expect(ben.thing(line)).to_have_attribute("aria-label", re.compile("the open cloth supports A dog"))
    await ada.undo()
    await expect(ben.thing(line)).to_have_attribute("aria-label", re.compile("A key supports A dog"))
    await ada.same_as(ben)


async def test_a_held_stroke_becomes_a_shape_and_one_undo_brings_it_back(people: People) -> None:
    ada = await people.start("Hold", "Ada")
    mine = Drawer(ada)
    await ada.tool("Draw")
    await ada.page.mouse.move(400, 300)
    await ada.page.mouse.down()
    # In one breath, or a busy machine lets the hand rest before the shape is whole.
    await ada.page.evaluate(
        """way => way.slice(1).forEach(([x, y], i) => {
            for (let part = 1; part <= 12; part += 1) {
                const clientX = way[i][0] + ((x - way[i][0]) * part) / 12;
                const clientY = way[i][1] + ((y - way[i][1]) * part) / 12;
                const move = { pointerId: 1, pointerType: 'mouse', buttons: 1, bubbles: true };
                const event = new PointerEvent('pointermove', { ...move, clientX, clientY });
                document.elementFromPoint(clientX, clientY).dispatchEvent(event);
            }
        })""",
        [[400, 300], [640, 302], [638, 480], [402, 482], [400, 306]],
    )
    # The hand is still: nothing more comes until the shape does.
    await expect(mine.of("shape")).to_have_count(1)
    await ada.page.mouse.up()
    await expect(mine.of("ink")).to_have_count(0)
    await expect(mine.of("shape")).to_have_attribute("aria-label", re.compile("^Rectangle"))
    await expect(ada.page.get_by_text("It became: Rectangle.")).to_have_count(1)
    await ada.undo()
    await expect(mine.of("ink")).to_have_count(1)
    await expect(mine.of("shape")).to_have_count(0)


async def test_the_eraser_takes_strokes_only_and_esc_takes_a_stroke_back(people: People) -> None:
    ada = await people.start("Rubbing out", "Ada")
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    note = await ada.add_note("I stay", at=(500, 640))
    await mine.cloth()
    await ada.page.keyboard.press("d")
    for y in (250, 300, 350):
        await mine.stroke((400, y), (500, y + 10), (600, y))
    await ada.page.keyboard.press("m")
    await mine.stroke((400, 420), (600, 424))
    await expect(Drawer(ben).of("ink")).to_have_count(4)

    await ada.page.mouse.move(400, 520)
    await ada.page.mouse.down()
    await ada.page.mouse.move(600, 530, steps=5)
    await ada.surface.focus()
    await ada.page.keyboard.press("Escape")
    await ada.page.mouse.up()
    await expect(mine.of("ink")).to_have_count(4)

    await ada.page.keyboard.press("e")
    await ada.drag((500, 220), (500, 700))
    await expect(Drawer(ben).of("ink")).to_have_count(0)
    await expect(ben.thing(note)).to_be_visible()
    await ada.undo()
    await expect(Drawer(ben).of("ink")).to_have_count(4)
    await ada.page.mouse.click(500, 424)
    await expect(Drawer(ben).of("ink")).to_have_count(3)
    await ada.same_as(ben)


async def test_two_fingers_take_back_a_stroke_that_had_just_begun(people: People) -> None:
    ada = await people.start("Fingers", "Ada")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    touch = Drawer(phone)
    await phone.page.get_by_role("navigation", name="Views").get_by_role("button", name="Cloth").tap()
    await touch.tap_tool("Draw")
    await touch.swipe((100, 300), (250, 340))
    await expect(touch.of("ink")).to_have_count(1)
    fingers = phone.page.get_by_role("button", name="One finger draws")
    await expect(fingers).to_have_attribute("aria-pressed", "true")
    await fingers.click()
    await expect(fingers).to_have_attribute("aria-pressed", "false")
    stroke = (await touch.ids("ink"))[0]
    before = await phone.box(stroke)
    await touch.swipe((100, 500), (200, 560))
    await expect(touch.of("ink")).to_have_count(1)
    assert (await phone.box(stroke)).x == pytest.approx(before.x + 100, abs=3)


async def test_lists_boxes_and_addresses_in_a_note(people: People) -> None:
    ada = await people.start("Lists", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Buy:", at=(500, 350))
    box = await ada.write(note)
    await ada.page.keyboard.press("Control+End")
    keys = ada.page.keyboard
    for words in ["\n", "- milk", "\n", "bread", "\n", "\n", "[ ] flour 🌾", "\n", "salt"]:
        await (keys.press("Enter") if words == "\n" else keys.type(words))
    await expect(box).to_have_value("Buy:\n- milk\n- bread\n[ ] flour 🌾\n[ ] salt")
    await ada.leave_note()
    await expect(ben.thing(note).locator(".line.point")).to_have_count(2)
    await expect(ben.thing(note).locator(".line.open")).to_have_count(2)

    # One by a press, one by Space; neither begins to write.
    await ben.thing(note).locator("[data-box]").nth(1).click()
    await expect(ada.thing(note).locator(".line.done")).to_have_text("salt")
    await ada.thing(note).focus()
    await ada.page.keyboard.press("Space")
    await expect(ben.thing(note).locator(".line.done")).to_have_count(2)
    await expect(ada.page.locator("textarea")).to_have_count(0)

    where = await ada.add_note("See https://example.org/a?b, please", at=(900, 350))
    address = ada.thing(where).locator(".address")
    await expect(address).to_have_text("https://example.org/a?b")
    await ada.page.evaluate(
        "() => { window.opened = []; window.open = (...all) => { window.opened.push(all); return null; }; }"
    )
    await address.click()
    assert await ada.page.evaluate("window.opened") == []
    await address.click(modifiers=["Control"])
    await ada.choose(where)
    bar = ada.page.get_by_role("toolbar", name="What to do with it")
    await bar.get_by_role("button", name="Open", exact=True).click()
    seen = ["https://example.org/a?b", "_blank", "noopener,noreferrer"]
    assert await ada.page.evaluate("window.opened") == [seen, seen]
    await ada.same_as(ben)


async def line_breaks(person: Person, note: str) -> list[str]:
    """The lines of a note's words as the page broke them."""
    found: list[str] = await person.words(note).evaluate(
        """flow => {
            const lines = [], walker = document.createTreeWalker(flow, NodeFilter.SHOW_TEXT);
            let top = null;
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                for (let i = 0; i < node.length; i += 1) {
                    const range = document.createRange();
                    range.setStart(node, i); range.setEnd(node, i + 1);
                    const rect = range.getClientRects()[0];
                    if (rect === undefined || rect.width === 0) continue;
                    if (top === null || rect.top > top + rect.height / 2) { lines.push(''); top = rect.top; }
                    lines[lines.length - 1] += node.data[i];
                }
            }
            return lines.map(line => line.trim());
        }"""
    )
    return found


async def test_words_break_alike_on_every_screen_and_at_every_zoom(people: People) -> None:
    ada = await people.start("Lines", "Ada")
    words = "Neighbours who know my name, and whose names I know: Siân, محمد and well-loved others."
    notes = [
        await ada.add_note(words, at=(450, 300)),
        await ada.add_note("- " + words, at=(800, 300)),
        await ada.add_note("مكان أطبخ فيه لعائلتي ولكل من يأتي إلينا في المساء", at=(450, 560)),
    ]
    await ada.page.keyboard.press("Escape")
    await ada.wait_saved()
    wanted = {note: await line_breaks(ada, note) for note in notes}
    assert all(len(lines) > 1 for lines in wanted.values()), wanted
    sharp = await people.join(ada.link, "Sharp", device_scale_factor=2)
    odd = await people.join(
        ada.link, "Odd", device_scale_factor=1.5, size={"width": 1100, "height": 700}, color_scheme="dark"
    )
    for person in (ada, sharp, odd):
        await person.surface.focus()
        for key in ("0", "+", "+", "-", "-", "-", "-"):
            await person.page.keyboard.press(key)
            for note in notes:
                await expect(person.words(note)).to_be_attached()
                assert await line_breaks(person, note) == wanted[note]


async def test_notes_in_sizes_and_a_zone_that_takes_along_what_lies_in_it(people: People) -> None:
    ada = await people.start("Sizes", "Ada")
    mine = Drawer(ada)
    await ada.tool("Note")
    await mine.pick("Notes", "Wide")
    await ada.page.mouse.click(700, 500)
    await ada.page.keyboard.type("Wide")
    await ada.page.keyboard.press("Escape")
    note = (await mine.ids("note"))[0]
    assert (await ada.box(note)).w == pytest.approx(340, abs=4)

    await mine.cloth()
    await ada.tool("Zone")
    await ada.drag((430, 330), (1010, 720))
    await ada.page.keyboard.type("Round 1")
    await ada.page.keyboard.press("Escape")
    zone = (await mine.ids("zone"))[0]
    before, lay = await ada.box(zone), await ada.box(note)
    await ada.drag((before.x + 200, before.y + 20), (before.x + 260, before.y + 60))
    moved = await ada.box(note)
    assert (moved.x - lay.x, moved.y - lay.y) == pytest.approx((60, 40), abs=6)
    await ada.undo()
    assert (await ada.box(note)).x == pytest.approx(lay.x, abs=2)
    # Undo chose both; with Ctrl and Alt the zone goes alone.
    await mine.cloth()
    await ada.page.keyboard.down("Control")
    await ada.page.keyboard.down("Alt")
    await ada.drag((before.x + 200, before.y + 20), (before.x + 230, before.y + 20))
    await ada.page.keyboard.up("Alt")
    await ada.page.keyboard.up("Control")
    assert (await ada.box(note)).x == pytest.approx(lay.x, abs=2)
    # Esc in the middle of a drag: all is where it was.
    x, y = (await ada.box(note)).middle
    await ada.page.mouse.move(x, y)
    await ada.page.mouse.down()
    await ada.page.mouse.move(x + 120, y, steps=4)
    await ada.page.keyboard.press("Escape")
    await ada.page.mouse.up()
    assert (await ada.box(note)).x == pytest.approx(lay.x, abs=2)


async def test_a_picture_is_placed_described_and_seen_by_the_other(people: People) -> None:
    ada = await people.start("Pictures", "Ada")
    ben = await people.join(ada.link, "Ben")
    mine = Drawer(ada)
    async with ada.page.expect_file_chooser() as chooser:
        await ada.tool("Picture")
    await (await chooser.value).set_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": drawing(160, 120)}
    )
    # It lies there at once, and asks kindly; that can wait.
    dialog = ada.page.get_by_role("dialog", name="What does the picture show?")
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button", name="Later").click()
    picture = (await mine.ids("image"))[0]
    await expect(ada.thing(picture)).to_have_attribute("data-shown", "here")
    await expect(ben.thing(picture)).to_have_attribute("aria-label", re.compile("nobody described"))
    await expect(ben.thing(picture)).to_have_attribute("data-shown", "here", timeout=20_000)
    assert await ben.thing(picture).locator("img").evaluate("e => [e.naturalWidth, e.naturalHeight]") == [
        160,
        120,
    ]

    await ada.choose(picture)
    bar = ada.page.get_by_role("toolbar", name="What to do with it")
    await bar.get_by_role("button", name="Describe this picture").click()
    await dialog.get_by_label("In words").fill("Four corners in four colours")
    await ada.page.keyboard.press("Enter")
    await expect(ben.thing(picture)).to_have_attribute(
        "aria-label", re.compile("Four corners in four colours")
    )
    await ada.same_as(ben)
