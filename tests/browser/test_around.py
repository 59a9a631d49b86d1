"""Around the board: the small map, looking along, laser, "please look here", reactions, other boards, search,
people. Each by mouse, by key and by finger; two people and more, each in a browser of their own.
"""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.test_axe import findings
from tests.support.browser import People
from tests.support.person import Person


async def listen(*persons: Person) -> None:
    """Take down from now on what these people's screen readers are told."""
    for person in persons:
        await person.page.evaluate(
            """() => {
                window.heard = [];
                const place = document.querySelector('[data-speech]');
                new MutationObserver(() => window.heard.push(place.textContent)).observe(place, {
                    childList: true, subtree: true, characterData: true,
                });
            }"""
        )


async def heard(person: Person, words: str) -> None:
    """Wait until this person's screen reader was told something with these words in it."""
    await person.page.wait_for_function("words => window.heard.some(one => one.includes(words))", arg=words)


def map_of(person: Person) -> Locator:
    return person.page.get_by_role("application", name="Small map")


async def tap(person: Person, name: str) -> None:
    await person.page.get_by_role("button", name=name, exact=True).tap()


async def view(person: Person, name: str) -> None:
    """One of a phone's views."""
    await person.page.get_by_role("navigation", name="Views").get_by_role("button", name=name).tap()


async def rest(person: Person, note: str) -> tuple[float, float]:
    """Where a note is on the screen once the view rests."""
    before = None
    while (now := await person.box(note)) != before:
        before = now
        for _ in range(2):
            await person.page.evaluate("new Promise(requestAnimationFrame)")
    return round(now.x), round(now.y)


# --- the small map ------------------------------------------------------------------------------


async def test_the_small_map_takes_one_there_by_press_drag_and_key(people: People) -> None:
    ada = await people.start("A map", "Ada")
    near = await ada.add_note("Near", at=(500, 300))
    await ada.page.mouse.wheel(0, 3000)
    await ada.add_note("Far", at=(500, 300))
    await expect(map_of(ada)).to_be_visible()
    box = await map_of(ada).bounding_box()
    assert box is not None

    await expect(ada.thing(near)).not_to_be_in_viewport()
    await ada.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 12)
    await expect(ada.thing(near)).to_be_in_viewport()

    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await ada.drag(middle, (middle[0], box["y"] + box["height"] - 8))
    await expect(ada.thing(near)).not_to_be_in_viewport()

    await listen(ada)
    await map_of(ada).focus()
    for _ in range(24):
        await ada.page.keyboard.press("ArrowUp")
    await ada.page.keyboard.press("Home")
    await expect(ada.thing(near)).to_be_in_viewport()
    await heard(ada, " in view.")

    # Others are on it; it can be closed, and stays closed.
    ben = await people.join(ada.link, "Ben")
    await expect(map_of(ada).locator("rect.other")).to_have_count(1)
    await ada.page.get_by_role("button", name="Small map", exact=True).click()
    await expect(map_of(ada)).to_have_count(0)
    await ada.page.reload()
    await ada.wait_ready()
    await expect(ada.page.get_by_role("button", name="Small map", exact=True)).to_be_visible()
    await expect(map_of(ada)).to_have_count(0)
    await ben.page.close()

    phone = await people.join(ada.link, "Phone", is_phone=True)
    await view(phone, "Cloth")
    await expect(map_of(phone)).to_have_count(0)
    await tap(phone, "Small map")
    await expect(map_of(phone)).to_be_visible()


# --- looking along ------------------------------------------------------------------------------


async def follow(person: Person, name: str) -> None:
    """Look along with somebody, from the list of people."""
    await person.page.locator(".people-opener").click()
    await person.page.get_by_role("button", name=f"Look along with {name}").click()


async def test_one_looks_along_until_one_moves_oneself(people: People) -> None:
    ada = await people.start("Together", "Ada")
    note = await ada.add_note("A door that I can lock", at=(500, 300))
    ben = await people.join(ada.link, "Ben")
    await expect(ben.words(note)).to_have_text("A door that I can lock")

    await follow(ben, "Ada")
    await expect(ben.page.get_by_text("You look along with Ada.", exact=True)).to_be_visible()
    await expect(ada.page.get_by_text("1 person looks along")).to_be_visible()

    await ada.page.mouse.move(600, 500)
    await ada.page.mouse.wheel(260, 180)
    assert await rest(ada, note) != (500, 300)
    there = await rest(ada, note)
    await expect(ben.page.get_by_text("You look along with Ada.", exact=True)).to_be_visible()
    await wait_at(ben, note, there)

    # No rings.
    await follow(ada, "Ben")
    await expect(ada.page.get_by_text("Ben looks along with you already.").first).to_be_visible()
    await expect(ada.page.get_by_text("You look along with Ben.")).to_have_count(0)

    # Any move of one's own ends it, kindly.
    await ben.page.mouse.move(600, 500)
    await ben.page.mouse.wheel(40, 0)
    await expect(ben.page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    await expect(ben.page.get_by_text("You look for yourself again").first).to_be_visible()
    await expect(ada.page.get_by_text("1 person looks along")).to_have_count(0)


async def test_looking_along_ends_with_who_is_followed(people: People) -> None:
    ada = await people.start("Together", "Ada")
    ben = await people.join(ada.link, "Ben")
    await follow(ben, "Ada")
    await ben.page.get_by_role("button", name="Stop", exact=True).click()
    await expect(ada.page.get_by_text("looks along")).to_have_count(0)
    await follow(ben, "Ada")
    await expect(ada.page.get_by_text("1 person looks along")).to_be_visible()
    await ada.page.close()
    await expect(ben.page.get_by_text("You look for yourself again").first).to_be_visible(timeout=15_000)


async def test_a_phone_goes_to_somebody_and_looks_along(people: People) -> None:
    ada = await people.start("Together", "Ada")
    note = await ada.add_note("Here", at=(500, 300))
    phone = await people.join(ada.link, "Phone", is_phone=True)
    # Who reads the list is here as well.
    await expect(ada.page.locator(".people-opener")).to_contain_text("2")
    await view(phone, "People")
    await tap(phone, "Go to Ada")
    await expect(phone.thing(note)).to_be_in_viewport()
    await view(phone, "People")
    await tap(phone, "Look along with Ada")
    await expect(ada.page.get_by_text("1 person looks along")).to_be_visible()
    await tap(phone, "Stop")
    await expect(ada.page.get_by_text("looks along")).to_have_count(0)


async def test_one_looks_along_from_somebody_s_cursor_or_by_key(people: People) -> None:
    ada = await people.start("Together", "Ada")
    note = await ada.add_note("A door that I can lock", at=(640, 420))
    ben = await people.join(ada.link, "Ben")
    await expect(ben.words(note)).to_have_text("A door that I can lock")
    ada_box, ben_box = await ada.box(note), await ben.box(note)
    # She rests on the note; her name lies over it on his screen.
    await ada.page.mouse.move(ada_box.x + 60, ada_box.y + 60)
    flag = ben.page.locator(".cursor .flag", has_text="Ada")
    await expect(flag).to_be_visible()
    await rests(ben)

    async def press_it() -> None:
        box = await flag.bounding_box()
        assert box is not None
        assert abs(box["x"] - ben_box.x - 60 * ben_box.w / ada_box.w - 11) < 6
        await ben.page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2)
        await ben.page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)

    await press_it()
    await expect(flag).to_contain_text("Look along")
    await ben.page.mouse.down()
    await ben.page.mouse.up()
    await expect(ben.page.get_by_text("You look along with Ada.", exact=True)).to_be_visible()
    await expect(ada.page.get_by_text("1 person looks along")).to_be_visible()
    # What lies under the name was not chosen, and a drag that begins on it goes through it.
    await expect(ben.thing(note)).to_have_attribute("aria-selected", "false")
    await ben.page.get_by_role("button", name="Stop", exact=True).click()
    # By key, the list of people has the same.
    await ben.page.locator(".people-opener").press("Enter")
    await ben.page.get_by_role("button", name="Look along with Ada").press("Enter")
    await expect(ada.page.get_by_text("1 person looks along")).to_be_visible()
    await ben.page.get_by_role("button", name="Stop", exact=True).press("Enter")

    phone = await people.join(ada.link, "Phone", is_phone=True)
    await view(phone, "Cloth")
    flag = phone.page.locator(".cursor .flag", has_text="Ada")
    await expect(flag).to_be_visible()
    await rests(phone)
    box = await flag.bounding_box()
    assert box is not None
    # As large as a finger needs: it is met from beside.
    await phone.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] + 10)
    await expect(phone.page.get_by_text("You look along with Ada.", exact=True)).to_be_visible()
    await tap(phone, "Stop")
    await expect(ada.page.get_by_text("looks along")).to_have_count(0)


async def rests(person: Person) -> None:
    """Wait until a cursor has rested for so long on this screen that its name can be pressed."""
    await person.page.wait_for_function(
        """() => {
            const { transform } = document.querySelector('.cursor').style;
            const since = performance.now();
            if (window.rested?.transform !== transform) window.rested = { transform, since };
            return performance.now() - window.rested.since > 400;
        }"""
    )


async def wait_at(person: Person, note: str, place: tuple[float, float]) -> None:
    """Wait until a note stands at a place of the screen."""
    await person.page.wait_for_function(
        """([id, x, y]) => {
            const box = document.querySelector(`.world [data-id="${id}"]`)?.getBoundingClientRect();
            return box !== undefined && Math.abs(box.x - x) < 3 && Math.abs(box.y - y) < 3;
        }""",
        arg=[note, *place],
    )


# --- laser --------------------------------------------------------------------------------------


async def test_a_laser_by_mouse_key_and_finger(people: People) -> None:
    ada = await people.start("Pointing", "Ada")
    note = await ada.add_note("Nobody moves this", at=(500, 300))
    ben = await people.join(ada.link, "Ben")
    beam = ben.page.locator(".cursor.laser .flag", has_text="Ada")

    await listen(ada)
    await ada.surface.focus()
    await ada.page.keyboard.press("p")
    await expect(ada.page.get_by_text("Your pointer is a laser.")).to_be_visible()
    await heard(ada, "Laser on.")
    place = await rest(ada, note)
    await ada.drag((500, 300), (700, 420))
    await expect(beam).to_be_visible()
    assert await rest(ada, note) == place
    before = await beam.bounding_box()
    assert before is not None
    await ada.page.keyboard.press("Escape")
    await expect(beam).to_have_count(0)
    await expect(ada.page.get_by_text("Your pointer is a laser.")).to_have_count(0)

    # With keys alone: a dot in the middle, which the arrows move.
    await ada.surface.focus()
    await ada.page.keyboard.press("p")
    await ada.page.keyboard.press("ArrowRight")
    await expect(beam).to_be_visible()
    start = await beam.evaluate("e => e.getBoundingClientRect().x")
    for _ in range(5):
        await ada.page.keyboard.press("ArrowRight")
    await ben.page.wait_for_function(
        "x => document.querySelector('.cursor.laser .flag').getBoundingClientRect().x > x + 80", arg=start
    )
    await ada.page.get_by_role("button", name="Put the laser away").click()
    await expect(beam).to_have_count(0)

    phone = await people.join(ada.link, "Phone", is_phone=True)
    await view(phone, "Cloth")
    await tap(phone, "React")
    await tap(phone, "Point with a laser")
    await phone.page.touchscreen.tap(200, 400)
    finger = {"pointerId": 7, "pointerType": "touch", "clientX": 180, "clientY": 420}
    await phone.page.locator(".pad").dispatch_event("pointerdown", finger)
    await expect(ben.page.locator(".cursor.laser .flag", has_text="Phone")).to_be_visible()


# --- please look here ---------------------------------------------------------------------------


async def test_who_is_asked_to_look_goes_or_stays(people: People) -> None:
    ada = await people.start("Look", "Ada")
    note = await ada.add_note("A door that I can lock", at=(400, 300))
    ben, cleo = await people.join(ada.link, "Ben"), await people.join(ada.link, "Cleo")
    for one in (ben, cleo):
        await one.page.mouse.move(600, 500)
        await one.page.mouse.wheel(0, 4000)
        await expect(one.thing(note)).not_to_be_in_viewport()

    await listen(ada, ben, cleo)
    await ada.choose(note)
    await ada.page.keyboard.press("!")
    await heard(ada, "Everybody was asked to look here.")
    asked = "Ada asks: please look here. Note, lemon: A door that I can lock"
    for one in (ben, cleo):
        await expect(one.page.locator(".offer")).to_contain_text(asked)
        await heard(one, asked)
        await expect(one.thing(note)).not_to_be_in_viewport()
    assert await findings(ben.page) == []

    # One key each: to stay, and to go.
    await ben.surface.focus()
    await ben.page.keyboard.press("Escape")
    await expect(ben.page.locator(".offer")).to_have_count(0)
    await expect(ben.thing(note)).not_to_be_in_viewport()
    await cleo.surface.focus()
    await cleo.page.keyboard.press("g")
    await expect(cleo.thing(note)).to_be_in_viewport()
    await expect(cleo.thing(note)).to_be_focused()

    # Not twice within a moment.
    await ada.choose(note)
    await ada.page.keyboard.press("!")
    await heard(ada, "You asked a moment ago.")
    await expect(cleo.page.locator(".offer")).to_have_count(0)


async def test_who_does_not_want_to_be_asked_is_not(people: People) -> None:
    ada = await people.start("Look", "Ada")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    ben = await people.join(ada.link, "Ben")
    await ben.page.locator(".people-opener").click()
    await ben.page.get_by_label("Others may ask me to look somewhere").uncheck()
    await ada.page.get_by_role("button", name="React").click()
    await ada.page.get_by_role("button", name="Please look here").click()
    await expect(phone.page.locator(".offer")).to_contain_text("The open cloth.")
    await expect(ben.page.locator(".offer")).to_have_count(0)
    await tap(phone, "Go and look")
    await expect(phone.board).to_be_visible()


# --- reactions ----------------------------------------------------------------------------------


async def test_reactions_by_mouse_key_and_finger(people: People) -> None:
    ada = await people.start("Hearts", "Ada")
    note = await ada.add_note("A door that I can lock", at=(500, 500))
    ben = await people.join(ada.link, "Ben")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    floats = ben.page.locator(".float")

    await listen(ada, ben)
    await ada.choose(note)
    await ada.page.keyboard.press(":")
    await expect(ada.page.get_by_role("button", name="Heart", exact=True)).to_be_focused()
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("Enter")
    await expect(floats).to_have_text("Clap")
    await heard(ada, "You: Clap.")
    await ada.page.keyboard.press("Escape")
    await expect(ada.thing(note)).to_be_focused()
    await heard(ben, "Ada: Clap, at Note, lemon: A door that I can lock")
    await expect(floats).to_have_count(0)

    await tap(phone, "React")
    assert await findings(phone.page) == []
    await tap(phone, "Thanks")
    await expect(floats).to_have_text("Thanks")
    await heard(ben, "Phone: Thanks.")

    await ben.page.get_by_role("button", name="React").click()
    await ben.page.get_by_role("button", name="Wow").click()
    await expect(ada.page.locator(".float")).to_have_text("Wow")
    await expect(ben.page.locator(".float")).to_have_text("Wow")


# --- boards -------------------------------------------------------------------------------------


async def lay_board(person: Person, title: str) -> None:
    await person.page.get_by_role("button", name="Boards", exact=False).first.click()
    await person.page.get_by_role("button", name="New board").click()
    await person.page.get_by_label("What shall we call it?").fill(title)
    await person.page.keyboard.press("Enter")
    await expect(board_name(person)).to_have_text(title)
    await person.wait_ready()


def board_name(person: Person) -> Locator:
    return person.page.locator(".boards .board")


async def test_boards_are_laid_changed_and_come_back_to(people: People) -> None:
    ada = await people.start("Café", "Ada")
    ben = await people.join(ada.link, "Ben")
    link = ada.link
    await ada.add_note("On the first", at=(500, 300))

    # What is being written is kept when one changes.
    await ada.page.mouse.dblclick(800, 500)
    await expect(ada.page.locator("textarea")).to_be_focused()
    await ada.page.keyboard.type("Half a sent")
    await listen(ada)
    await lay_board(ada, "Table 2")
    await expect(ada.page.locator(".world [data-id]")).to_have_count(0)
    await heard(ada, "You are at Table 2 now.")
    second = await ada.add_note("On the second", at=(500, 300))

    # The link stays the space's; Back and Forward go from board to board, and a reload stays.
    assert ada.link == link
    await ada.page.go_back()
    await expect(board_name(ada)).to_have_text("Café")
    await expect(ada.page.get_by_text("Half a sent").first).to_be_visible()
    await ada.page.go_forward()
    await expect(ada.words(second)).to_have_text("On the second")
    await ada.page.reload()
    await ada.wait_ready()
    await expect(board_name(ada)).to_have_text("Table 2")

    # Others hear of it, see who is there, and come by key.
    await ben.page.get_by_role("button", name="Boards").first.click()
    await expect(ben.page.get_by_role("button", name=re.compile("Table 2.*Here: Ada"))).to_be_visible()
    assert await findings(ben.page) == []
    await ben.page.get_by_role("button", name=re.compile("Café")).last.focus()
    await ben.page.keyboard.press("ArrowDown")
    await ben.page.keyboard.press("Enter")
    await expect(ben.words(second)).to_have_text("On the second")
    await expect(ada.page.locator(".people-opener")).to_contain_text("2")

    phone = await people.join(link, "Phone", is_phone=True)
    await expect(phone.page.get_by_text("Half a sent")).to_be_visible()
    await phone.page.locator(".second .opener").tap()
    await phone.page.get_by_role("button", name=re.compile("^Table 2")).tap()
    await expect(phone.page.get_by_text("On the second")).to_be_visible()


# --- search -------------------------------------------------------------------------------------


async def test_search_finds_on_all_boards_and_goes_there(people: People) -> None:
    ada = await people.start("Homes", "Ada")
    door = await ada.add_note("A Dóor that I can lock", at=(500, 300))
    gone = await ada.add_note("Outdoors", at=(900, 500))
    await ada.set_aside(gone)
    await lay_board(ada, "Table 2")
    far = await ada.add_note("باب أَحْمَد", at=(500, 300))
    await ada.add_note("The door of the hall", at=(900, 500))
    await ada.page.mouse.wheel(0, 5000)

    await listen(ada)
    box = ada.page.get_by_role("searchbox")
    await ada.surface.focus()
    await ada.page.keyboard.press("/")
    await expect(box).to_be_focused()
    await ada.page.keyboard.type("door")
    dialog = ada.page.get_by_role("dialog", name="Search")
    await expect(dialog.get_by_role("button", name=re.compile("Dóor that I can lock"))).to_be_visible()
    assert await dialog.locator("h3").all_inner_texts() == ["Table 2\nyou are here", "Homes"]
    await expect(dialog.locator("mark").nth(1)).to_have_text("Dóor")
    await expect(dialog.get_by_text("Set aside, in the margin")).to_be_visible()
    await heard(ada, "3 found")
    assert await findings(ada.page) == []

    # By key: down twice, Enter: to the other board, there, and with the keyboard.
    await ada.page.keyboard.press("ArrowDown")
    await ada.page.keyboard.press("ArrowDown")
    await ada.page.keyboard.press("Enter")
    await expect(board_name(ada)).to_have_text("Homes")
    await expect(ada.thing(door)).to_be_focused()
    await expect(ada.thing(door)).to_be_in_viewport()

    # From the margin, and then Arabic letters as people write them.
    await ada.page.keyboard.press("Control+k")
    await ada.page.keyboard.type("outd")
    await dialog.get_by_role("button", name="Bring back: Outdoors").click()
    await expect(ada.words(gone)).to_have_text("Outdoors")
    await ada.page.get_by_role("button", name="Search", exact=True).click()
    await ada.page.keyboard.type("احمد")
    await expect(dialog.locator("mark")).to_have_text("أَحْمَد")
    await ada.page.keyboard.press("Enter")
    await expect(ada.thing(far)).to_be_focused()

    phone = await people.join(ada.link, "Phone", is_phone=True)
    await tap(phone, "Search")
    await phone.page.get_by_role("searchbox").fill("hall")
    await phone.page.get_by_role("dialog").get_by_role("button", name=re.compile("door of the hall")).tap()
    await expect(phone.page.locator('.world [aria-label*="The door of the hall"]')).to_be_in_viewport()


async def test_search_knows_what_this_device_keeps_while_the_server_is_away(people: People) -> None:
    ada = await people.start("Homes", "Ada")
    await ada.add_note("A door that I can lock", at=(500, 300))
    await lay_board(ada, "Table 2")
    await ada.wait_saved()
    await ada.go_offline()
    await ada.page.keyboard.press("Control+k")
    await ada.page.keyboard.type("door")
    dialog = ada.page.get_by_role("dialog", name="Search")
    await expect(dialog.get_by_role("button", name=re.compile("A door that"))).to_be_visible(timeout=10_000)
    await ada.page.keyboard.press("Escape")
    await ada.come_back()


# --- people -------------------------------------------------------------------------------------


async def test_one_changes_ones_name_in_place_and_sees_who_writes_where(people: People) -> None:
    ada = await people.start("Names", "Ada")
    note = await ada.add_note("A door", at=(500, 300))
    ben = await people.join(ada.link, "Ben")
    await ben.page.locator(".people-opener").click()
    await ben.page.get_by_role("button", name="Change your name").click()
    await ben.page.keyboard.type("Benedict")
    await ben.page.keyboard.press("Enter")
    await expect(ben.page.get_by_role("button", name="Change your name")).to_be_focused()

    assert await findings(ben.page) == []

    await ada.write(note)
    row = ben.page.locator(".people li", has_text="Ada")
    await expect(row).to_contain_text("writes in: A door")
    await ada.leave_note()
    await ada.page.locator(".people-opener").click()
    await expect(ada.page.get_by_role("button", name="Look along with Benedict")).to_be_visible()
