"""Away for long: ten minutes without a network on both sides, and a day, while the table went on.

The browsers' clocks are moved on (every timer that was due fires); the server, its store and the device's own
store are real.
"""

from __future__ import annotations

import re

from playwright.async_api import expect
from tablecloth.client import connect
from tablecloth.wire.codec import decode_from_server
from tablecloth.wire.frames import Entries, Snapshot

from tests.support.browser import People
from tests.support.person import HALL, Person

_STATUS = "[data-status]"
A_DAY_MS = 24 * 60 * 60 * 1000


async def with_a_clock(people: People) -> Person:
    """Somebody whose browser's clock can be moved on."""
    person = await people.person()
    await person.page.clock.install()
    return person


async def is_away_and_safe(person: Person) -> None:
    """The status says that changes are only here, how many, and that the device has them."""
    status = person.page.locator(_STATUS)
    await expect(status).to_have_attribute("data-status", re.compile("offline|reconnecting"))
    await expect(status).to_have_attribute("data-kept", "device")
    await expect(status).to_contain_text(re.compile(r"[2-9]\d* changes"))


async def write_many(person: Person, count: int, day: str) -> None:
    """Notes by somebody else at the same table, far below."""
    async with connect(person.link.replace(HALL, "127.0.0.1"), name="Ana") as ana:
        board = await ana.open()
        for number in range(count):
            x, y = number % 10 * 220, 1200 + number // 10 * 180
            await board.add("note", x=x, y=y, text=f"{day} {number}")


async def test_ten_minutes_without_a_network_on_both_sides_merge_on_return(people: People) -> None:
    ada, ben = await with_a_clock(people), await with_a_clock(people)
    await ada.start("The tunnel", "Ada")
    await ben.join(ada.link, "Ben")
    shared = await ada.add_note("middle", at=(500, 300))
    old = await ada.add_note("Nice curtains", at=(900, 300))
    await expect(ben.words(old)).to_have_text("Nice curtains")
    await ada.same_as(ben)

    for one in (ada, ben):
        await one.go_offline()
    # Both write in one note; one moves it, the other gives it a colour; each adds, and one sets aside.
    await ada.write(shared)
    await ada.page.keyboard.press("Control+Home")
    await ada.page.keyboard.insert_text("before the ")
    await ada.leave_note()
    await ada.move(shared, -120, 200)
    hers = await ada.add_note("Ada's, from the tunnel", at=(1000, 620))
    await ben.write(shared)
    await ben.page.keyboard.press("Control+End")
    await ben.page.keyboard.insert_text(" and the end")
    await ben.leave_note()
    await ben.recolour(shared, "mint")
    his = await ben.add_note("Ben's, from the tunnel", at=(700, 620))
    await ben.set_aside(old)

    for one in (ada, ben):
        await one.page.clock.fast_forward("10:00")
        await one.wait_kept()
    await is_away_and_safe(ada)
    await is_away_and_safe(ben)
    await expect(ada.thing(his)).to_have_count(0)
    # What one does after the ten minutes counts as well.
    await ada.page.keyboard.press("Escape")
    late = await ada.add_note("And a last one", at=(300, 200))

    for one in (ada, ben):
        await one.come_back()
    for one in (ada, ben):
        await expect(one.words(shared)).to_have_text("before the middle and the end")
        await expect(one.thing(shared)).to_have_attribute("aria-label", re.compile("mint"))
        await expect(one.words(hers)).to_have_text("Ada's, from the tunnel")
        await expect(one.words(his)).to_have_text("Ben's, from the tunnel")
        await expect(one.words(late)).to_have_text("And a last one")
        await expect(one.thing(old)).to_have_count(0)
        await expect(one.page.locator("[data-missed-bar]")).to_have_count(0)
    await ada.same_as(ben)
    assert (await ada.tip())[1] == (await ben.tip())[1]


async def test_a_device_that_was_away_for_a_day_goes_on_from_its_own_store(people: People) -> None:
    ada, ben = await people.start("Two days", "Ada"), await with_a_clock(people)
    await ben.join(ada.link, "Ben")
    shared = await ada.add_note("Monday", at=(500, 300))
    await expect(ben.words(shared)).to_have_text("Monday")
    await write_many(ada, 30, "Monday")
    await ada.same_as(ben)
    # A device keeps the board every few seconds.
    await ben.page.clock.fast_forward("00:10")
    held, _ = await ben.tip()
    assert held > 60

    # Ben writes in the train, and closes the lid.
    await ben.go_offline()
    his = await ben.add_note("From the train", at=(900, 500))
    await ben.write(shared)
    await ben.page.keyboard.press("Control+End")
    await ben.page.keyboard.insert_text(", and a word of Ben's")
    await ben.leave_note()
    await ben.wait_kept()
    link, context = ben.link, ben.page.context
    await ben.page.close()

    # The table goes on: by hand, and by so many entries that they would fill a page.
    await ada.write(shared)
    await ada.page.keyboard.press("Control+Home")
    await ada.page.keyboard.insert_text("It was ")
    await ada.leave_note()
    await write_many(ada, 60, "Tuesday")
    await ada.wait_saved()

    # A day later he opens the lid, with a network again.
    page = await context.new_page()
    ben = Person(page, ben.proxy)
    now = await ada.page.evaluate("Date.now()")
    await page.clock.install(time=now + A_DAY_MS)
    received: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode())
        ),
    )
    await context.set_offline(False)
    ben.proxy.refuses = False
    await page.goto(link)
    await ben.wait_ready()
    await ben.wait_saved()
    for one in (ada, ben):
        await expect(one.words(shared)).to_have_text("It was Monday, and a word of Ben's")
        await expect(one.words(his)).to_have_text("From the train")
        await one.wait_saved()
    assert await ada.tip() == await ben.tip()

    # What his device had kept was not sent again, only what is above it.
    frames = [decode_from_server(data) for data in received]
    assert not [frame for frame in frames if isinstance(frame, Snapshot)]
    came: dict[str, int] = {}
    for frame in frames:
        if isinstance(frame, Entries):
            first = min(entry.seq for entry in frame.entries)
            came[frame.board] = min(first, came.get(frame.board, first))
    [first_that_came] = came.values()
    assert 1 < first_that_came <= held + 1
