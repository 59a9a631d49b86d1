"""Choosing, arranging, copying and holding still: each by mouse, touch and keyboard, as people do it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.test_axe import findings
from tests.support.browser import People
from tests.support.person import Person


async def choose_all(person: Person) -> None:
    await person.surface.focus()
    await person.page.keyboard.press("Control+a")


async def menu(person: Person) -> None:
    """The menu of what is chosen, by key."""
    await person.page.keyboard.press("Shift+F10")
    await expect(person.page.get_by_role("menu")).to_be_visible()


async def pick(person: Person, words: str) -> None:
    await person.page.get_by_role("menuitem", name=words, exact=True).click()


async def notes(person: Person) -> int:
    return await person.page.locator('.world [data-type="note"]').count()


async def expect_notes(person: Person, count: int) -> None:
    await expect(person.page.locator('.world [data-type="note"]')).to_have_count(count)


async def paste(page: Page, **data: str) -> None:
    """What another program put on the clipboard, pasted by the page's own event."""
    await page.evaluate(
        """data => {
            const transfer = new DataTransfer();
            for (const [type, value] of Object.entries(data)) transfer.setData(`text/${type}`, value);
            document.activeElement.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
        }""",
        data,
    )


async def test_copy_paste_and_duplicate_by_keys_go_to_another_space(people: People) -> None:
    ada = await people.start("Here", "Ada")
    first = await ada.add_note("Bread", at=(500, 300))
    second = await ada.add_note("Butter", at=(900, 300))
    await ada.tool("Link")
    await ada.drag((await ada.box(first)).middle, (await ada.box(second)).middle)
    await choose_all(ada)
    await ada.page.keyboard.press("Control+c")
    await ada.page.mouse.move(700, 600)
    await ada.page.keyboard.press("Control+v")
    await expect_notes(ada, 4)
    await expect(ada.page.locator('.world [data-type="connector"]')).to_have_count(2)
    await ada.undo()
    await expect_notes(ada, 2)
    await ada.page.keyboard.press("Control+Shift+z")
    await expect_notes(ada, 4)
    await ada.page.keyboard.press("Control+d")
    await expect_notes(ada, 6)

    await choose_all(ada)
    await ada.page.keyboard.press("Control+c")
    await ada.page.goto(ada.address)
    await ada.start("Elsewhere", "Ada")
    await ada.surface.focus()
    await ada.page.keyboard.press("Control+v")
    await expect_notes(ada, 6)
    await expect(ada.page.locator('.world [data-type="connector"]')).to_have_count(3)
    await ada.page.keyboard.press("Control+x")
    await expect_notes(ada, 0)
    await ada.page.keyboard.press("Control+v")
    await expect_notes(ada, 6)
    await ada.wait_saved()


async def test_alt_and_drag_leaves_the_first_and_guides_show_what_is_in_line(people: People) -> None:
    ada = await people.start("Guides", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("One", at=(500, 300))
    box = await ada.box(note)
    await ada.page.keyboard.down("Alt")
    await ada.drag(box.middle, (box.middle[0] + 3, box.middle[1] + 260))
    await ada.page.keyboard.up("Alt")
    await expect_notes(ben, 2)
    assert (await ada.box(note)).y == box.y
    second = next(thing.id for thing in await ada.things() if thing.id != note)
    # It was three pixels beside: the guides brought it in line.
    assert abs((await ada.box(second)).x - box.x) < 1

    x, y = (await ada.box(second)).middle
    await ada.page.mouse.move(x, y)
    await ada.page.mouse.down()
    await ada.page.mouse.move(x + 300, y - 256, steps=8)
    await expect(ada.page.locator("[data-guides]")).to_be_visible()
    await ada.page.mouse.up()
    await expect(ada.page.locator("[data-guides]")).to_have_count(0)
    assert abs((await ada.box(second)).y - box.y) < 1
    await ada.same_as(ben)


async def test_words_tables_and_links_from_elsewhere_become_notes(people: People) -> None:
    ada = await people.start("Paste", "Ada")
    await ada.surface.focus()
    await paste(ada.page, plain="Milk\nBread\n\nTea")
    await expect_notes(ada, 3)
    await ada.undo()
    await expect_notes(ada, 0)
    await paste(
        ada.page, html="<table><tr><th>Who</th><th>What</th></tr><tr><td>Ana</td><td>Tea</td></tr></table>"
    )
    await expect_notes(ada, 4)
    await ada.undo()
    await paste(ada.page, plain="\n".join(f"line {i}" for i in range(40)))
    dialog = ada.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("40 notes")
    await dialog.get_by_role("button", name="One note").click()
    await expect_notes(ada, 1)
    await ada.undo()
    await paste(ada.page, html='<div data-tablecloth="broken!"></div>', plain="")
    await expect_notes(ada, 0)
    await ada.wait_saved()


async def test_groups_by_keys_and_by_double_press(people: People) -> None:
    ada = await people.start("Groups", "Ada")
    ben = await people.join(ada.link, "Ben")
    first = await ada.add_note("One", at=(500, 300))
    second = await ada.add_note("Two", at=(900, 300))
    third = await ada.add_note("Three", at=(700, 600))
    await ada.choose(first)
    await ada.page.keyboard.down("Shift")
    await ada.page.mouse.click(*(await ada.box(second)).middle)
    await ada.page.keyboard.up("Shift")
    await ada.page.keyboard.press("Control+g")
    await ada.choose(third)
    await ada.choose(first)
    await expect(ada.thing(second)).to_have_attribute("aria-selected", "true")
    before = await ada.box(second)
    await ada.move(first, 0, 90)
    assert round((await ada.box(second)).y - before.y) == 90

    # Ben's screen knows the group too: a double press goes inside to one.
    await ben.page.mouse.dblclick(*(await ben.box(first)).middle)
    await expect(ben.thing(first)).to_have_attribute("aria-selected", "true")
    await expect(ben.thing(second)).to_have_attribute("aria-selected", "false")
    await expect(ben.page.locator("textarea")).to_have_count(0)
    await ben.page.keyboard.press("Escape")
    await expect(ben.thing(second)).to_have_attribute("aria-selected", "true")
    await ben.page.keyboard.press("Control+Shift+g")
    await ben.choose(first)
    await expect(ben.thing(second)).to_have_attribute("aria-selected", "false")
    await ada.same_as(ben)


async def test_aligning_and_moving_by_keys_alone(people: People) -> None:
    ada = await people.start("In order", "Ada")
    keys = ada.page.keyboard
    first = await ada.add_note("One", at=(400, 300))
    second = await ada.add_note("Two", at=(700, 347))
    third = await ada.add_note("Three", at=(1000, 271))
    await choose_all(ada)
    await keys.press("i")
    panel = ada.page.get_by_role("dialog", name="Arrange")
    await expect(panel.get_by_role("button", name="Left", exact=True)).to_be_focused()
    await panel.get_by_role("button", name="Top", exact=True).focus()
    await keys.press("Enter")
    ys = {round((await ada.box(one)).y) for one in (first, second, third)}
    assert len(ys) == 1
    await keys.press("Escape")
    await expect(panel).to_have_count(0)

    await keys.press("Escape")
    await ada.choose(first)
    before = await ada.box(first)
    await keys.press("w")
    pad = ada.page.get_by_role("group", name="Move step by step")
    await expect(pad).to_be_visible()
    for _ in range(3):
        await keys.press("Shift+ArrowDown")
    await keys.press("Enter")
    await expect(pad).to_have_count(0)
    assert round((await ada.box(first)).y - before.y) == 30
    await menu(ada)
    await pick(ada, "Size step by step")
    await keys.press("Shift+ArrowRight")
    await keys.press("Escape")
    assert round((await ada.box(first)).w) == round(before.w)
    await ada.wait_saved()


async def test_holding_still_says_who_and_why_and_anybody_frees_it(people: People) -> None:
    ada = await people.start("Leases", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("We vote on this", at=(600, 350))
    await ada.choose(note)
    await ada.page.keyboard.press("u")
    panel = ada.page.get_by_role("dialog", name="Hold still")
    await panel.get_by_label("Why?").fill("voting")
    await panel.get_by_role("button", name="10 minutes").click()
    await expect(ben.thing(note)).to_have_attribute(
        "aria-label", re.compile("Ada holds this still until .*: voting")
    )

    before = await ben.box(note)
    tip = await ben.tip()
    await ben.move(note, 120, 60)
    assert await ben.box(note) == before
    assert await ben.tip() == tip
    await expect(ben.page.get_by_text(re.compile("Ada holds this still")).first).to_be_visible()

    mark = ben.page.locator(f'[data-held="{note}"]')
    await mark.click()
    await ben.page.locator(".marks .told").get_by_role("button", name="Free it").click()
    await expect(ada.page.locator(f'[data-held="{note}"]')).to_have_count(0)
    await expect(ada.thing(note)).not_to_have_attribute("aria-label", re.compile("holds"))
    await ben.move(note, 120, 60)
    assert round((await ben.box(note)).x - before.x) == 120
    await ada.same_as(ben)


async def test_a_phone_moves_copies_and_holds_by_taps_alone(people: People) -> None:
    ada = await people.start("On the way", "Ada", is_phone=True)
    page = ada.page
    await page.get_by_role("button", name="Cloth", exact=True).tap()
    await page.get_by_role("toolbar", name="Tools").get_by_role("button", name="Note").tap()
    await page.touchscreen.tap(180, 300)
    await expect(page.locator("textarea")).to_be_focused()
    await page.keyboard.type("Apples")
    await page.keyboard.press("Escape")
    await expect_notes(ada, 1)
    [thing] = [one for one in await ada.things() if one.type == "note"]
    x, y = (await ada.box(thing.id)).middle
    await page.touchscreen.tap(x, y)
    bar = page.get_by_role("toolbar", name="What to do with it")
    await expect(bar).to_be_visible()
    for button in await bar.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["width"] >= 44
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    await bar.get_by_role("button", name="More").tap()
    sheet = page.get_by_role("menu")
    await expect(sheet).to_be_visible()
    await sheet.get_by_role("menuitem", name="Duplicate").tap()
    await expect_notes(ada, 2)
    await bar.get_by_role("button", name="More").tap()
    await sheet.get_by_role("menuitem", name="Move step by step").tap()
    pad = page.get_by_role("group", name="Move step by step")
    chosen = page.locator('.world [aria-selected="true"]')
    before = await chosen.bounding_box()
    await pad.get_by_role("button", name="Down").tap()
    await pad.get_by_role("button", name="Done").tap()
    after = await chosen.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] > before["y"]
    await ada.wait_saved()


async def test_zones_take_things_along_and_in_without_a_drag(people: People) -> None:
    ada = await people.start("Zones", "Ada")
    keys = ada.page.keyboard
    await ada.page.mouse.click(400, 700)
    await keys.press("z")
    await keys.press("Enter")
    await keys.type("Round 1")
    await keys.press("Escape")
    zone = next(thing.id for thing in await ada.things() if thing.type == "zone")
    await keys.press("Escape")
    note = await ada.add_note("Into the zone")
    await keys.press("w")
    for _ in range(60):
        await keys.press("Shift+ArrowLeft")
    await keys.press("Enter")
    await menu(ada)
    await pick(ada, "Move to a zone…")
    panel = ada.page.get_by_role("dialog", name="Move to a zone")
    assert await findings(ada.page) == []
    await panel.get_by_role("button", name="Round 1").click()
    await ada.wait_saved()
    inside, around = await ada.box(note), await ada.box(zone)
    assert inside.x > around.x
    assert inside.x + inside.w < around.x + around.w

    await ada.page.get_by_role("option", name=re.compile("Zone: Round 1")).focus()
    await keys.press("Shift+ArrowDown")
    await ada.wait_saved()
    await ada.page.wait_for_function(
        "([id, y]) => document.querySelector(`[data-id='${id}']`).getBoundingClientRect().y > y",
        arg=[note, inside.y],
    )
    await menu(ada)
    await pick(ada, "Choose what lies on it")
    await expect(ada.thing(note)).to_have_attribute("aria-selected", "true")
    await expect(ada.thing(zone)).to_have_attribute("aria-selected", "false")


async def test_panels_and_menus_are_free_of_findings(people: People) -> None:
    ada = await people.start("Panels", "Ada")
    keys = ada.page.keyboard
    note = await ada.add_note("One", at=(500, 300))
    await ada.add_note("Two", at=(900, 500))
    await ada.choose(note)
    await keys.press("u")
    await ada.page.get_by_role("dialog", name="Hold still").get_by_role("button", name="1 hour").click()
    await expect(ada.page.locator(f'[data-held="{note}"]')).to_be_visible()
    await choose_all(ada)
    for key in ("c", "y", "i", "u"):
        await keys.press(key)
        await expect(ada.page.locator(".panel[role=dialog]")).to_be_visible()
        assert await findings(ada.page) == []
        await keys.press("Escape")
        await expect(ada.page.locator(".panel[role=dialog]")).to_have_count(0)
    await menu(ada)
    assert await findings(ada.page) == []
    await keys.press("Escape")
    await keys.press("w")
    await expect(ada.page.get_by_role("group", name="Move step by step")).to_be_visible()
    assert await findings(ada.page) == []


async def test_a_long_press_has_the_menu_and_the_box_takes_words(people: People) -> None:
    ada = await people.start("Fingers", "Ada", is_phone=True)
    page = ada.page
    await page.get_by_role("button", name="Cloth", exact=True).tap()
    await expect(ada.surface).to_be_visible()
    # A finger that goes down and stays.
    await page.evaluate(
        """() => {
            const at = { clientX: 150, clientY: 250, button: 0, bubbles: true, cancelable: true };
            const finger = { pointerId: 5, pointerType: 'touch', isPrimary: true, ...at };
            document.querySelector('.surface').dispatchEvent(new PointerEvent('pointerdown', finger));
        }"""
    )
    sheet = page.get_by_role("menu")
    await expect(sheet).to_be_visible()
    await sheet.get_by_role("menuitem", name="Notes from words").tap()
    await page.get_by_role("textbox").fill("Milk\nBread\nTea")
    await page.get_by_role("button", name="Make 3 notes").press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect_notes(ada, 3)
    await ada.wait_saved()
