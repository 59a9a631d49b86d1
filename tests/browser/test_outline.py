"""The outline by the keyboard alone, each of its verbs, as a screen reader finds it.

Names, roles, levels, places, the focus and announcements are read from the accessibility tree.
"""

from __future__ import annotations

import re

from playwright.async_api import expect
from tablecloth.client import connect

from tests.support.browser import People
from tests.support.person import HALL, Person
from tests.support.reader import Reader


class Walker:
    """Somebody who walks the outline by keys."""

    def __init__(self, person: Person, reader: Reader) -> None:
        self.person = person
        self.reader = reader
        self.press = person.page.keyboard.press
        self.type = person.page.keyboard.type

    async def enter(self, name: str) -> None:
        """Come into the tree with F6, and walk to a row."""
        for _ in range(6):
            if (await self.reader.focused()).role == "treeitem":
                break
            await self.press("F6")
        await self.press("Home")
        for _ in range(30):
            node = await self.reader.focused()
            if node.role == "treeitem" and name in node.name:
                return
            await self.press("ArrowDown")
        raise AssertionError(f"no row is called {name}")

    async def tree(self) -> list[tuple[int, str]]:
        """Level and name of every row."""
        return [(row.level, row.name) for row in await self.reader.rows()]


def plain_link(person: Person) -> str:
    """The person's link by an address that this process knows."""
    return person.link.replace(HALL, "127.0.0.1")


async def walker(people: People) -> Walker:
    """Somebody at a board with a zone, two notes in it, and one beside."""
    ada = await people.start("A house", "Ada")
    async with connect(plain_link(ada), name="Ana") as ana:
        board = await ana.open()
        await board.add("zone", x=0, y=0, w=800, h=600, text="Questions")
        await board.add("note", x=40, y=80, text="What is a door?")
        await board.add("note", x=320, y=80, text="Who has the key?")
        await board.add("note", x=-400, y=0, colour="mint", text="A garden")
    await expect(ada.page.get_by_role("treeitem")).to_have_count(4)
    await ada.surface.focus()
    return Walker(ada, await Reader.of(ada.page))


async def test_it_is_a_tree_with_levels_places_and_folds(people: People) -> None:
    walk = await walker(people)
    rows = await walk.reader.rows()
    assert [(row.level, row.name) for row in rows] == [
        (1, "Note, mint: A garden"),
        (1, "Zone: Questions, 2 things"),
        (2, "Note, lemon: What is a door?"),
        (2, "Note, lemon: Who has the key?"),
    ]
    assert [row.is_expanded for row in rows] == [None, True, None, None]
    places = await walk.person.page.get_by_role("treeitem").evaluate_all(
        "all => all.map(e => [e.ariaPosInSet, e.ariaSetSize])"
    )
    assert places == [["1", "2"], ["2", "2"], ["1", "2"], ["2", "2"]]

    await walk.enter("Questions")
    await walk.press("ArrowLeft")
    assert [name for _, name in await walk.tree()] == ["Note, mint: A garden", "Zone: Questions, 2 things"]
    assert (await walk.reader.focused()).is_expanded is False
    await walk.press("ArrowRight")
    await walk.press("ArrowRight")
    await walk.reader.stands_on("treeitem", "What is a door")
    await walk.press("End")
    await walk.reader.stands_on("treeitem", "Who has the key")
    await walk.press("ArrowLeft")
    await walk.reader.stands_on("treeitem", "Questions")


async def test_it_goes_in_step_with_the_cloth_both_ways(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    await walk.enter("Who has")
    await expect(page.locator('.world [aria-selected="true"]')).to_have_attribute(
        "aria-label", "Note, lemon: Who has the key?"
    )
    await walk.press("Enter")
    await walk.reader.stands_on("option", "Who has the key")
    await walk.press("Shift+Tab")
    await walk.reader.stands_on("option", "What is a door")
    await walk.press("Control+Enter")
    await walk.reader.stands_on("treeitem", "What is a door")


async def test_notes_zones_and_replies_are_added_and_written_in_place(people: People) -> None:
    walk = await walker(people)
    ben = await people.join(walk.person.link, "Ben")
    await walk.enter("Who has")
    await walk.press("+")
    await walk.reader.stands_on("textbox", "Words of the note")
    await walk.type("And who lost it?")
    await walk.press("Escape")
    await walk.reader.stands_on("treeitem", "Note, lemon: And who lost it")
    await walk.reader.heard("A new note")
    await expect(ben.page.locator(".world .flow", has_text="And who lost it?")).to_be_visible()
    assert (2, "Note, lemon: And who lost it?") in await walk.tree()

    await walk.press("Shift+Enter")
    await walk.reader.heard("A new reply to And who lost it")
    await walk.type("I did")
    await walk.press("Control+Enter")
    await walk.reader.stands_on("treeitem", "Reply, lemon: I did")
    tree = await walk.tree()
    at = tree.index((2, "Note, lemon: And who lost it?, 1 reply"))
    assert tree[at + 1] == (3, "Reply, lemon: I did")

    await walk.press("F2")
    await walk.reader.stands_on("textbox", "Words of the note")
    await walk.press("End")
    await walk.type(", sorry")
    await walk.press("Escape")
    await walk.reader.stands_on("treeitem", "I did, sorry")

    await walk.press("Shift+F10")
    await walk.person.page.get_by_role("button", name="New zone").press("Enter")
    await walk.reader.stands_on("textbox", "Name of the zone")
    await walk.type("Ideas")
    await walk.press("Enter")
    await walk.reader.stands_on("treeitem", "Zone: Ideas")
    await walk.person.wait_saved()
    await expect(ben.page.get_by_role("treeitem", name=re.compile("Zone: Ideas"))).to_have_count(1)
    await expect(ben.page.get_by_role("treeitem", name="Reply, lemon: I did, sorry")).to_have_count(1)


async def test_things_are_moved_by_a_sheet_and_by_keys(people: People) -> None:
    walk = await walker(people)
    await walk.enter("A garden")
    await walk.press("Alt+Shift+ArrowDown")
    await walk.reader.heard("It lies here now: Questions")
    await walk.reader.stands_on("treeitem", "A garden")
    assert (2, "Note, mint: A garden") in await walk.tree()

    await walk.press("Shift+F10")
    await walk.person.page.get_by_role("button", name="Move to").press("Enter")
    dialog = walk.person.page.get_by_role("dialog", name="Move to: A garden")
    await expect(dialog.get_by_role("button", name="Questions")).to_have_attribute("aria-current", "true")
    await dialog.get_by_role("button", name="On the cloth").press("Enter")
    await walk.reader.heard("It lies here now: On the cloth")
    await walk.reader.stands_on("treeitem", "A garden")
    assert (1, "Note, mint: A garden") in await walk.tree()

    await walk.enter("What is")
    await walk.press("Alt+ArrowDown")
    await walk.reader.heard("Now after: Who has the key")
    await walk.reader.stands_on("treeitem", "What is a door")
    inside = [name for level, name in await walk.tree() if level == 2]
    assert inside == ["Note, lemon: Who has the key?", "Note, lemon: What is a door?"]
    await walk.press("Control+z")
    await expect(walk.person.page.get_by_role("treeitem").nth(2)).to_have_attribute(
        "aria-label", "Note, lemon: What is a door?"
    )


async def test_a_link_with_a_meaning_reads_as_a_sentence(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    await walk.enter("A garden")
    await walk.press("Shift+F10")
    await page.get_by_role("button", name="Link to").press("Enter")
    dialog = page.get_by_role("dialog", name="Link from: A garden")
    await dialog.get_by_label("What the link says").select_option("supports")
    await dialog.get_by_label("Find").fill("KEY who")
    await expect(dialog.get_by_role("status")).to_have_text("1 found")
    await dialog.get_by_role("radio", name="Who has the key?").press("Space")
    await dialog.get_by_label("Words on it").fill("it hangs there")
    await dialog.get_by_role("button", name="Link", exact=True).press("Enter")
    sentence = "A garden supports Who has the key?: it hangs there"
    await walk.reader.heard(sentence.replace("?", r"\?"))
    await walk.reader.stands_on("treeitem", "A garden")
    assert (2, sentence) in await walk.tree()


async def test_the_late_word_of_a_closed_sheet_does_not_close_the_next(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    await walk.enter("A garden")
    await walk.press("Shift+F10")
    await page.get_by_role("button", name="Link to").press("Enter")
    await expect(page.get_by_role("dialog", name="Link from: A garden")).to_be_visible()
    # Keys that come before the browser has told of the closing: on a busy machine they do.
    await page.evaluate(
        """() => new Promise(told => {
            const sheet = document.querySelector('dialog[open]');
            sheet.addEventListener('close', () => setTimeout(told));
            sheet.close();
            const row = document.querySelector('[role=treeitem][data-kind=note]');
            row.focus();
            row.dispatchEvent(new KeyboardEvent('keydown', { key: 'F10', shiftKey: true, bubbles: true }));
        })"""
    )
    await expect(page.locator("dialog[open] .ways .lucide-archive")).to_be_visible()


async def test_things_are_recoloured_set_aside_with_why_and_brought_back(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    await walk.enter("What is")
    await walk.press("Shift+F10")
    await page.get_by_role("button", name="sky", exact=True).press("Enter")
    await walk.reader.stands_on("treeitem", "Note, sky: What is a door")

    await walk.press("Delete")
    await walk.reader.stands_on("textbox", "Why")
    await walk.type("asked twice")
    await walk.press("Enter")
    await walk.reader.stands_on("treeitem", "Who has the key")
    await expect(page.get_by_text("Because: asked twice")).to_be_visible()
    back = page.get_by_role("button", name="Bring back: What is a door?")
    await back.press("Enter")
    await walk.reader.heard("It lies on the cloth again")
    await expect(page.get_by_role("treeitem", name="Note, sky: What is a door?")).to_have_count(1)


async def test_finding_filters_as_one_types_says_how_many_and_jumps(people: People) -> None:
    walk = await walker(people)
    await walk.enter("A garden")
    await walk.press("Control+f")
    await walk.reader.stands_on("textbox", "Find")
    await walk.type("door")
    await walk.reader.heard("1 found")
    assert [name for _, name in await walk.tree()] == [
        "Zone: Questions, 2 things",
        "Note, lemon: What is a door?",
    ]
    await walk.press("Enter")
    await walk.reader.stands_on("treeitem", "What is a door")
    await walk.press("Control+f")
    await walk.press("Escape")
    await expect(walk.person.page.get_by_role("treeitem")).to_have_count(4)


async def test_the_keyboard_is_not_lost_when_somebody_else_sets_a_thing_aside(people: People) -> None:
    walk = await walker(people)
    ben = await people.join(walk.person.link, "Ben")
    door = await ben.page.get_by_role("option", name=re.compile("What is a door")).get_attribute("data-id")
    key = await ben.page.get_by_role("option", name=re.compile("Who has the key")).get_attribute("data-id")
    assert door is not None
    assert key is not None

    await walk.enter("What is")
    await ben.set_aside(door)
    await walk.reader.heard("Somebody set this aside: What is a door")
    await walk.reader.stands_on("treeitem", "Who has the key")

    await walk.press("Enter")
    await walk.reader.stands_on("option", "Who has the key")
    await ben.set_aside(key)
    await walk.reader.heard("Somebody set this aside: Who has the key")
    await walk.reader.stands_on("option", ".")


async def test_the_cloth_is_walked_by_arrows_ends_and_names(people: People) -> None:
    walk = await walker(people)
    await walk.enter("What is")
    await walk.press("Enter")
    await walk.reader.stands_on("option", "What is a door")
    await walk.press("Control+ArrowRight")
    await walk.reader.stands_on("option", "Who has the key")
    await walk.press("Control+ArrowLeft")
    await walk.reader.stands_on("option", "What is a door")
    await walk.press("Home")
    node = await walk.reader.stands_on("option", "A garden")
    assert node.name == "Note, mint: A garden"
    await walk.press("End")
    await walk.reader.stands_on("option", "Who has the key")
    await walk.press("Shift+A")
    await walk.reader.stands_on("option", "A garden")
    stops = await walk.person.page.locator('.world [tabindex="0"]').count()
    assert stops == 1


async def test_what_others_do_is_told_summed_up_and_by_choice(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    mine = await walk.person.add_note("My question")
    await walk.reader.heard("Ana added 4 things")
    await walk.reader.forget()
    async with connect(plain_link(walk.person), name="Ana") as ana:
        board = await ana.open()
        for number in range(3):
            await board.add("note", x=2000, y=300 * number, text=f"Note {number}")
        await walk.reader.heard(r"Ana added 3 things\.")
        assert not any("Note 1" in text for _, text in await walk.reader.said())

        await page.get_by_role("button", name="Menu").press("Enter")
        await page.get_by_role("radio", name="Replies to me").check(force=True)
        await page.keyboard.press("Escape")
        await walk.reader.forget()
        await board.add("note", x=3000, y=0, text="Unasked")
        await board.add("note", x=3000, y=300, text="An answer", re=mine)
        said = await walk.reader.heard("Ana gave you 1 reply")
        assert "added" not in said

        await page.get_by_role("button", name="Menu").press("Enter")
        await page.get_by_role("checkbox", name="Pause for now").check()
        await board.add("note", x=3300, y=300, text="Another", re=mine)
        await expect(page.get_by_role("treeitem", name=re.compile("Another"))).to_have_count(1)
        await walk.reader.forget()
        await page.get_by_role("checkbox", name="Pause for now").uncheck()
        await walk.reader.heard("Ana gave you 1 reply")


async def test_one_s_own_typing_is_never_announced(people: People) -> None:
    walk = await walker(people)
    ben = await people.join(walk.person.link, "Ben")
    reader = await Reader.of(ben.page)
    await walk.reader.forget()
    await walk.person.add_note("Written by me")
    await reader.heard("Ada added 1 thing")
    said = [text for _, text in await walk.reader.said()]
    assert not any("Ada" in text or "Written by me" in text for text in said), said


async def test_a_thing_is_held_in_its_place_and_let_go(people: People) -> None:
    walk = await walker(people)
    page = walk.person.page
    await walk.enter("A garden")
    await walk.press("Shift+F10")
    await page.get_by_role("button", name="Hold in its place").press("Enter")
    await walk.reader.stands_on("treeitem", "A garden, held in its place by Ada until ")
    await walk.press("Alt+Shift+ArrowDown")
    await walk.reader.heard("Somebody asked that this stays as it is")
    await walk.press("Shift+F10")
    await page.get_by_role("button", name="Let it be moved again").press("Enter")
    await walk.reader.heard("It can be moved again")
    await walk.press("Alt+Shift+ArrowDown")
    await walk.reader.heard("It lies here now: Questions")
