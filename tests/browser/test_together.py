"""Two and more people on one board, each in a browser of their own, on the running server.

What they do goes through the page: mouse, touch and keys. That screens are equal is read from the screens:
the log that each page has folded, and what lies on the cloth.
"""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.support.browser import People
from tests.support.server import Server


async def test_two_strangers_write_draw_and_undo_and_a_third_sees_the_same(people: People) -> None:
    ada = await people.start("What makes a house a home?", "Ada")
    ben = await people.join(ada.link, "Ben")
    assert not await ada.page.evaluate("window.isSecureContext")

    door = await ada.add_note("A door that I can lock", at=(500, 300))
    await expect(ben.words(door)).to_have_text("A door that I can lock")
    dog = await ben.add_note("Somewhere the dog can come", at=(900, 500))
    await expect(ada.words(dog)).to_have_text("Somewhere the dog can come")

    await ben.move(door, -150, 120)
    await ada.recolour(dog, "mint")
    await expect(ben.thing(dog)).to_have_attribute("aria-label", re.compile("mint"))

    await ada.tool("Draw")
    await ada.draw((700, 700), (760, 640), (820, 700), (880, 640))
    await expect(ben.page.locator('.world [data-type="ink"]')).to_have_count(1)
    await ada.tool("Choose")

    await ada.tool("Link")
    await ada.drag((await ada.box(door)).middle, (await ada.box(dog)).middle)
    await expect(ben.page.locator('.world [data-type="connector"]')).to_have_count(1)
    await ada.tool("Choose")
    await ada.same_as(ben)

    # Each undoes what is one's own: Ada the link, Ben the move.
    await ada.undo()
    await expect(ben.page.locator('.world [data-type="connector"]')).to_have_count(0)
    await ben.undo()
    await ada.redo()
    await expect(ben.page.locator('.world [data-type="connector"]')).to_have_count(1)
    await ada.same_as(ben)

    cleo = await people.join(ada.link)
    await cleo.same_as(ada)
    assert {thing.id for thing in await cleo.things()} >= {door, dog}


async def test_two_write_in_one_note_and_their_carets_stay(people: People) -> None:
    ada = await people.start("Words", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("middle", at=(600, 400))
    await expect(ben.words(note)).to_have_text("middle")

    ada_box, ben_box = await ada.write(note), await ben.write(note)
    await ada.page.keyboard.press("Control+Home")
    await ben.page.keyboard.press("Control+End")
    for left, right in zip("one two ", " three 🌻", strict=False):
        await ada.page.keyboard.insert_text(left)
        await ben.page.keyboard.insert_text(right)
    await expect(ada_box).to_have_value("one two middle three 🌻")
    await expect(ben_box).to_have_value("one two middle three 🌻")
    caret = "e => [e.selectionStart, e.selectionEnd]"
    assert await ada_box.evaluate(caret) == [8, 8]
    end = await ben_box.evaluate("e => e.value.length")
    assert await ben_box.evaluate(caret) == [end, end]

    # Each sees where the other writes.
    await expect(ada.board.get_by_text("Ben").first).to_be_visible()
    await ada.leave_note()
    await ben.leave_note()
    await ada.same_as(ben)


async def test_offline_work_joins_on_return(people: People) -> None:
    ada = await people.start("Far away", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("shared", at=(600, 300))
    await expect(ben.words(note)).to_have_text("shared")

    await ada.go_offline()
    await ada.write(note)
    await ada.page.keyboard.press("Control+End")
    await ada.page.keyboard.type(" from the train")
    await ada.leave_note()
    alone = await ada.add_note("Written in the tunnel", at=(900, 600))
    await expect(ada.page.locator("[data-status]")).to_contain_text("only on this device")

    await ben.write(note)
    await ben.page.keyboard.press("Control+Home")
    await ben.page.keyboard.type("still ")
    await ben.leave_note()
    await ben.wait_saved()
    await expect(ben.thing(alone)).to_have_count(0)

    await ada.come_back()
    await expect(ben.words(alone)).to_have_text("Written in the tunnel")
    await expect(ben.words(note)).to_have_text("still shared from the train")
    await ada.same_as(ben)


async def test_a_closed_laptop_keeps_what_was_pending_and_sends_it_once(people: People) -> None:
    ada = await people.start("Suitcase", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.go_offline()
    note = await ada.add_note("Packed away", at=(600, 300))
    await expect(ada.page.locator("[data-status]")).to_contain_text("only on this device")
    await ada.wait_kept()

    link = ada.link
    await ada.page.close()
    await ada.page.context.set_offline(False)
    ada.proxy.refuses = False
    ada.__init__(await ada.page.context.new_page(), ada.proxy)  # type: ignore[misc]
    await ada.page.goto(link)
    await ada.wait_ready()
    await ada.wait_saved()
    await expect(ben.words(note)).to_have_text("Packed away")
    await ada.same_as(ben)
    assert sum(thing.type == "note" for thing in await ben.things()) == 1


async def test_the_server_is_killed_and_nothing_is_lost(people: People, server: Server) -> None:
    ada = await people.start("Power cut", "Ada")
    ben = await people.join(ada.link, "Ben")
    first = await ada.add_note("Before", at=(500, 300))
    await ada.wait_saved()

    server.kill()
    await expect(ada.page.locator("[data-status]")).to_have_attribute(
        "data-status", re.compile("offline|reconnecting")
    )
    during = await ada.add_note("In the dark", at=(900, 500))
    server.start()
    await ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    await ben.page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(ben.words(during)).to_have_text("In the dark", timeout=40_000)
    await expect(ben.words(first)).to_have_text("Before")
    await ada.same_as(ben)


async def test_what_is_set_aside_lies_in_the_margin_and_anybody_brings_it_back(people: People) -> None:
    ada = await people.start("Margin", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Nice curtains", at=(600, 300))
    await expect(ben.words(note)).to_have_text("Nice curtains")
    await ben.set_aside(note)
    await expect(ada.thing(note)).to_have_count(0)
    margin = ada.page.get_by_role("region", name="Margin")
    await expect(margin).to_contain_text("Nice curtains")
    await expect(margin).to_contain_text("Ben")
    await ada.bring_back("Nice curtains")
    await expect(ben.thing(note)).to_have_count(1)
    await ada.same_as(ben)


async def test_a_link_for_looking_shows_all_and_changes_nothing(people: People) -> None:
    ada = await people.start("Glass", "Ada")
    note = await ada.add_note("Look at me", at=(600, 300))
    await ada.page.get_by_role("button", name="Invite").click()
    dialog = ada.page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="To look").check()
    view_link = await dialog.get_by_role("textbox", name="To look").input_value()
    guest = await people.join(view_link, "Guest")
    await expect(guest.words(note)).to_have_text("Look at me")
    tools = guest.page.get_by_role("toolbar", name="Tools")
    await expect(tools.get_by_role("button", name="Note", exact=True)).to_have_count(0)
    before = await guest.tip()
    await guest.page.mouse.dblclick(900, 600)
    await guest.move(note, 100, 100)
    await guest.surface.focus()
    await guest.page.keyboard.press("n")
    assert await guest.tip() == before
    await expect(guest.page.locator("textarea")).to_have_count(0)


async def test_cursors_have_names_and_a_corner_resizes(people: People) -> None:
    ada = await people.start("Corners", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("Grow", at=(600, 400))
    await expect(ben.words(note)).to_have_text("Grow")
    await ben.page.mouse.move(700, 600)
    await ben.page.mouse.move(720, 620)
    flag = ada.page.locator(".cursors .flag", has_text="Ben")
    await expect(flag).to_be_visible()

    await ada.choose(note)
    before = await ada.box(note)
    corner = (before.x + before.w, before.y + before.h)
    await ada.drag(corner, (corner[0] + 120, corner[1] + 80))
    await ada.wait_saved()
    after = await ada.box(note)
    assert abs(after.w - before.w - 120) < 6
    assert abs(after.h - before.h - 80) < 6
    assert (round(after.x), round(after.y)) == (round(before.x), round(before.y))
    await ada.same_as(ben)


async def test_the_wheel_pans_and_zooms_at_the_pointer(people: People) -> None:
    ada = await people.start("Near and far", "Ada")
    note = await ada.add_note("Here", at=(600, 400))
    before = await ada.box(note)
    await ada.page.mouse.move(*before.middle)
    await ada.page.mouse.wheel(0, 100)
    rect = f"""document.querySelector('.world [data-id="{note}"]').getBoundingClientRect()"""
    await ada.page.wait_for_function(f"() => {rect}.y < {before.y - 90}")
    panned = await ada.box(note)
    await ada.page.mouse.move(*panned.middle)
    await ada.page.keyboard.down("Control")
    await ada.page.mouse.wheel(0, -240)
    await ada.page.keyboard.up("Control")
    await ada.page.wait_for_function(f"() => {rect}.width > {panned.w + 20}")
    near = await ada.box(note)
    assert abs(near.middle[0] - panned.middle[0]) < 4
    assert abs(near.middle[1] - panned.middle[1]) < 4
