"""The journey of somebody who does not see the screen, by keyboard only.

Join, find the question, write, answer somebody, move it, leave: once in the outline and once on the cloth.
After every step the accessibility tree is asked what has the focus, by role and name, and what was announced.
"""

from __future__ import annotations

import re

from playwright.async_api import Page, expect
from tablecloth.client import connect

from tests.support.browser import People
from tests.support.person import HALL, Person
from tests.support.reader import Reader


async def laid(people: People) -> Person:
    """A table with a question in a zone, a note of Ben's beside it, and a zone for answers."""
    ben = await people.start("What makes a house a home?", "Ben")
    async with connect(ben.link.replace(HALL, "127.0.0.1"), name="Ana") as ana:
        board = await ana.open()
        await board.add("zone", x=0, y=0, w=800, h=500, text="Question")
        await board.add("note", x=40, y=80, text="What makes a house a home?")
        await board.add("zone", x=0, y=600, w=800, h=500, text="Answers")
    await ben.wait_saved()
    await ben.add_note("A dog at the door", at=(400, 700))
    await ben.wait_saved()
    return ben


async def tab_to(page: Page, reader: Reader, role: str, name: str) -> None:
    """Press Tab until something of this role and name has the focus."""
    for _ in range(40):
        node = await reader.focused()
        if node.role == role and re.search(name, node.name):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {role} {name}")


async def joined(people: People, ben: Person) -> tuple[Person, Reader]:
    """Ada opens the link, writes her name and joins, by keys."""
    ada = await people.person()
    page = ada.page
    await page.goto(ada.address + ben.link[ben.link.index("/s/") :])
    await expect(page.get_by_role("heading", name="What makes a house a home?")).to_be_visible()
    reader = await Reader.of(page)
    await tab_to(page, reader, "textbox", "Your name")
    await page.keyboard.type("Ada")
    await tab_to(page, reader, "button", "Join")
    await page.keyboard.press("Enter")
    await ada.wait_ready()
    await expect(page).to_have_title(re.compile("What makes a house a home"))
    roles = {node.role for node in await reader.nodes()}
    assert {"main", "banner", "complementary", "tree", "toolbar", "application", "listbox"} <= roles
    return ada, reader


async def left(ada: Person, reader: Reader, ben: Person, ben_hears: Reader) -> None:
    """Ada goes home by the menu; Ben hears of it."""
    page = ada.page
    await ada.wait_saved()
    # Who comes and goes between two tellings is not told at all.
    await ben_hears.heard("Ada came to the table")
    for _ in range(4):
        await page.keyboard.press("F6")
        node = await reader.focused()
        if node.role == "button" and "Menu" in node.name:
            break
    await reader.stands_on("button", "Menu")
    assert (await reader.focused()).is_expanded is False
    await page.keyboard.press("Enter")
    await tab_to(page, reader, "button", "All my tables")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What shall we call it?")).to_be_visible()
    await ben_hears.heard("Ada left the table")


async def test_in_the_outline(people: People) -> None:
    ben = await laid(people)
    ben_hears = await Reader.of(ben.page)
    ada, reader = await joined(people, ben)
    page, press, write = ada.page, ada.page.keyboard.press, ada.page.keyboard.type

    # The outline is one of the parts that F6 goes to.
    for _ in range(5):
        await press("F6")
        if (await reader.focused()).role == "treeitem":
            break
    node = await reader.stands_on("treeitem", "A dog at the door")
    assert (node.level, node.is_expanded) == (1, None)
    await ben_hears.heard("Ada came to the table")

    # Find the question.
    await press("Control+f")
    await reader.stands_on("textbox", "Find")
    await write("house")
    await reader.heard("1 found")
    await press("Enter")
    node = await reader.stands_on("treeitem", "Note, lemon: What makes a house a home")
    assert node.level == 2
    await press("Control+f")
    await press("Escape")
    await press("ArrowDown")
    await reader.stands_on("treeitem", ".")

    # Write.
    await press("End")
    await reader.stands_on("treeitem", "Zone: Answers, 0 things")
    await press("+")
    await reader.stands_on("textbox", "Words of the note")
    await reader.heard("A new note. Write.")
    await write("My own key")
    await press("Escape")
    node = await reader.stands_on("treeitem", "Note, lemon: My own key")
    assert node.level == 2
    await expect(ben.page.get_by_role("treeitem", name="Note, lemon: My own key")).to_have_count(1)

    # Answer somebody.
    await press("Home")
    await reader.stands_on("treeitem", "A dog at the door")
    await press("Shift+Enter")
    await reader.stands_on("textbox", "Words of the note")
    await reader.heard("A new reply to A dog at the door. Write.")
    await write("And a cat")
    await press("Control+Enter")
    node = await reader.stands_on("treeitem", "Reply, lemon: And a cat")
    assert node.level == 2
    await press("ArrowLeft")
    node = await reader.stands_on("treeitem", "A dog at the door, 1 reply")
    assert node.is_expanded is True
    await ben_hears.heard("Ada gave you 1 reply")

    # Move it: the note, and with it the reply, to the answers.
    await press("Shift+F10")
    await tab_to(page, reader, "button", "Move to")
    await press("Enter")
    await expect(page.get_by_role("dialog", name="Move to: A dog at the door")).to_be_visible()
    await tab_to(page, reader, "button", "Answers")
    await press("Enter")
    await reader.heard("It lies here now: Answers")
    node = await reader.stands_on("treeitem", "A dog at the door, 1 reply")
    assert node.level == 2
    await left(ada, reader, ben, ben_hears)


async def test_on_the_cloth(people: People) -> None:
    ben = await laid(people)
    ben_hears = await Reader.of(ben.page)
    ada, reader = await joined(people, ben)
    press, write = ada.page.keyboard.press, ada.page.keyboard.type

    # The cloth has the keyboard on coming in; things are options in reading order, one stop for Tab.
    await reader.stands_on("application", "The cloth")
    await press("Tab")
    await reader.stands_on("option", "Note, lemon: A dog at the door")

    # Find the question: by the first letters of its words.
    await press("Shift+W")
    await write("hat")
    node = await reader.stands_on("option", "Note, lemon: What makes a house a home")
    assert node.states.get("selected") is True

    # Write.
    await press("n")
    await reader.stands_on("textbox", "Words of the note")
    await reader.heard("A new note. Write.")
    await write("My own key")
    await press("Escape")
    await reader.stands_on("option", "Note, lemon: My own key")
    await expect(ben.page.get_by_role("option", name="Note, lemon: My own key")).to_have_count(1)

    # Answer somebody: from the cloth to the outline, and back.
    await press("Home")
    await reader.stands_on("option", "A dog at the door")
    await press("Control+Enter")
    await reader.stands_on("treeitem", "A dog at the door")
    await press("Shift+Enter")
    await reader.stands_on("textbox", "Words of the note")
    await write("And a cat")
    await press("Escape")
    await reader.stands_on("treeitem", "Reply, lemon: And a cat")
    await press("Enter")
    await reader.stands_on("option", "Reply, lemon: And a cat")

    # Move it: by arrows, with a word each time; the thing keeps the focus.
    before = await ada.box(await _id(ada, "And a cat"))
    await press("ArrowRight")
    await reader.heard("Moved right")
    await press("Shift+ArrowDown")
    await reader.heard("Moved down")
    await reader.stands_on("option", "Reply, lemon: And a cat")
    after = await ada.box(await _id(ada, "And a cat"))
    assert after.x > before.x

    # Leave.
    await press("Escape")
    await reader.heard("Nothing is chosen")
    await reader.stands_on("application", "The cloth")
    await left(ada, reader, ben, ben_hears)


async def _id(person: Person, words: str) -> str:
    """The id of what is called so on the cloth."""
    found = await person.page.get_by_role("option", name=re.compile(words)).get_attribute("data-id")
    assert found is not None
    return found
