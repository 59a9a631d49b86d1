"""The same acts by other ways: the cloth and the list by fingers alone, the outline by the mouse alone."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.test_outline import walker
from tests.support.browser import People
from tests.support.drawing import Drawer, Point
from tests.support.person import Person
from tests.support.pictures import drawing


class Thumb:
    """Somebody's finger on a phone's cloth."""

    def __init__(self, phone: Person) -> None:
        self.phone = phone
        self.page = phone.page
        self.made = Drawer(phone)
        self.bar = self.page.get_by_role("toolbar", name="What to do with it")

    async def view(self, name: str) -> None:
        """Go to the list, the cloth or the people."""
        await self.page.get_by_role("navigation", name="Views").get_by_role("button", name=name).tap()

    async def tap(self, at: Point) -> None:
        """Tap a place of the screen."""
        await self.page.touchscreen.tap(*at)

    async def note(self, words: str, at: Point) -> str:
        """A note where one taps. Its id."""
        known = set(await self.made.ids("note"))
        await self.made.tap_tool("Note")
        await self.tap(at)
        await expect(self.page.locator("textarea")).to_be_focused()
        await self.page.keyboard.type(words)
        await self.bare()
        await expect(self.page.locator("textarea")).to_have_count(0)
        return next(one for one in await self.made.ids("note") if one not in known)

    async def bare(self) -> None:
        """Tap where nothing lies, which ends writing and choosing."""
        await self.tap((380, 300))

    async def choose(self, thing: str) -> None:
        """Choose a thing by a tap in its corner."""
        box = await self.phone.box(thing)
        await self.tap((box.x + 14, box.y + 14))
        await expect(self.phone.thing(thing)).to_have_attribute("aria-selected", "true")

    async def do(self, name: str) -> None:
        """A button of the bar for what is chosen, or, where there is no room for it, of its menu."""
        button = self.bar.get_by_role("button", name=name, exact=True)
        if await button.count() > 0:
            await button.tap()
            return
        await self.bar.get_by_role("button", name="More").tap()
        await self.page.get_by_role("menuitem", name=re.compile(f"^{name}")).tap()

    async def undo(self) -> None:
        await self.made.tap_tool("Undo")


async def test_the_cloth_by_touch_alone(people: People) -> None:
    ada = await people.start("By touch", "Ada")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    thumb = Thumb(phone)
    theirs = Drawer(ada)
    await thumb.view("Cloth")
    await expect(phone.board).to_be_visible()
    bread = await thumb.note("Bread", (130, 320))
    soup = await thumb.note("Soup", (200, 560))

    # A colour, and a link of which both ends are taps, with words and a meaning.
    await thumb.choose(bread)
    await thumb.do("Colour")
    await phone.page.get_by_role("radio", name="mint", exact=True).tap()
    await expect(ada.thing(bread)).to_have_attribute("aria-label", re.compile("^Note, mint"))
    await thumb.bare()
    await thumb.made.tap_tool("Link")
    for note in (bread, soup):
        box = await phone.box(note)
        await thumb.tap((box.x + 14, box.y + 14))
    await expect(thumb.made.of("connector")).to_have_count(1)
    line = (await thumb.made.ids("connector"))[0]
    await phone.page.get_by_label("What it means").select_option("supports")
    await thumb.do("Write")
    await expect(phone.page.locator("textarea")).to_be_focused()
    await phone.page.keyboard.type("on Sundays")
    await thumb.bare()
    await expect(ada.thing(line)).to_have_attribute(
        "aria-label", re.compile("Bread supports Soup: on Sundays")
    )

    # All of it: in line, and a group; then each is undone.
    await thumb.made.fingers("touchStart", (380, 300))
    menu = phone.page.get_by_role("menu")
    await expect(menu).to_be_visible()
    await thumb.made.fingers("touchEnd")
    await menu.get_by_role("menuitem", name="Choose all").tap()
    await thumb.do("Arrange")
    panel = phone.page.get_by_role("dialog", name="Arrange")
    await panel.get_by_role("button", name="Left", exact=True).tap()
    await panel.get_by_role("button", name="Back").first.tap()
    await ada.page.wait_for_function(
        """both => {
            const [a, b] = both.map(id => document.querySelector(`.world [data-id="${id}"]`).offsetLeft);
            return a === b;
        }""",
        arg=[bread, soup],
    )
    await thumb.do("Group")
    await thumb.bare()
    await thumb.choose(bread)
    await expect(phone.thing(soup)).to_have_attribute("aria-selected", "true")
    await thumb.undo()
    await thumb.bare()
    await thumb.choose(bread)
    await expect(phone.thing(soup)).to_have_attribute("aria-selected", "false")
    await thumb.bare()

    # Ink, the eraser, and undo.
    await thumb.made.tap_tool("Draw")
    await thumb.made.swipe((40, 640), (340, 660), rests=True)
    await expect(theirs.of("ink")).to_have_count(1)
    await phone.page.get_by_role("radio", name="Eraser").tap()
    await thumb.made.swipe((300, 600), (310, 672), rests=True)
    await expect(theirs.of("ink")).to_have_count(0)
    await thumb.undo()
    await expect(theirs.of("ink")).to_have_count(1)

    # A picture, and what is set aside and brought back.
    async with phone.page.expect_file_chooser() as chooser:
        await thumb.made.tap_tool("Picture")
    await (await chooser.value).set_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": drawing(60, 60)}
    )
    sheet = phone.page.get_by_role("dialog", name="What does the picture show?")
    await sheet.get_by_label("In words").tap()
    await phone.page.keyboard.type("Four corners")
    await sheet.get_by_role("button", name="Keep").tap()
    await expect(ada.page.get_by_role("option", name="Picture: Four corners")).to_have_count(1)
    await thumb.made.tap_tool("Choose")
    await thumb.bare()
    await thumb.choose(soup)
    await thumb.do("Set aside")
    await expect(ada.thing(soup)).to_have_count(0)
    await thumb.view("List")
    await phone.page.get_by_role("button", name="Bring back: Soup").tap()
    await expect(ada.thing(soup)).to_have_count(1)
    await phone.wait_saved()


async def test_the_list_by_touch_alone(people: People) -> None:
    walk = await walker(people)
    ada = walk.person
    phone = await people.join(ada.link, "Phone", is_phone=True)
    page = phone.page

    def card(words: str) -> Locator:
        return page.locator("[data-card]", has=page.locator(".words", has_text=words))

    async def sheet(words: str, way: str) -> None:
        await card(words).get_by_role("button", name=re.compile("^More for")).tap()
        await page.get_by_role("dialog").get_by_role("button", name=way, exact=True).tap()

    await sheet("A garden", "Move to…")
    await page.get_by_role("dialog", name="Move to: A garden").get_by_role("button", name="Questions").tap()
    await expect(ada.page.get_by_role("treeitem", name="Note, mint: A garden")).to_have_attribute(
        "aria-level", "2"
    )
    await sheet("A garden", "Link to…")
    dialog = page.get_by_role("dialog", name="Link from: A garden")
    await dialog.get_by_label("What the link says").select_option("supports")
    await dialog.get_by_text("Who has the key?").tap()
    await dialog.get_by_role("button", name="Link", exact=True).tap()
    await expect(ada.page.get_by_role("treeitem", name="A garden supports Who has the key?")).to_have_count(1)

    await card("What is a door?").get_by_role("button", name="Answer to: What is a door?").tap()
    await expect(page.locator("textarea")).to_be_focused()
    await page.keyboard.type("A wall that opens")
    await page.get_by_role("button", name="Done").tap()
    await expect(
        ada.page.get_by_role("treeitem", name=re.compile("^Reply, .*A wall that opens"))
    ).to_have_count(1)

    await page.get_by_role("searchbox").or_(page.get_by_label("Find")).first.tap()
    await page.keyboard.type("garden")
    await expect(card("What is a door?")).to_have_count(0)
    await expect(card("A garden").first).to_be_visible()


async def test_the_outline_by_mouse_alone(people: People) -> None:
    walk = await walker(people)
    ada = walk.person
    page = ada.page
    bar = page.get_by_role("toolbar", name="With this line")

    def row(name: str) -> Locator:
        return page.get_by_role("treeitem", name=re.compile(name))

    async def chosen(name: str) -> None:
        # The first press ends the writing, and rows may close up under it.
        await row(name).click()
        await expect(page.locator(".tree textarea")).to_have_count(0)
        await row(name).click()
        await expect(row(name)).to_have_attribute("aria-selected", "true")

    async def way(name: str) -> None:
        await bar.get_by_role("button", name="More").click()
        await page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    # In step with the cloth, both ways.
    await row("A garden").click()
    await expect(page.locator('.world [aria-selected="true"]')).to_have_attribute(
        "aria-label", "Note, mint: A garden"
    )
    await ada.page.get_by_role("option", name="Note, lemon: Who has the key?").click()
    await expect(row("Who has the key")).to_have_attribute("aria-selected", "true")

    await row("A garden").click()
    await bar.get_by_role("button", name="Answer").click()
    await expect(page.locator(".tree textarea")).to_be_focused()
    await page.keyboard.type("With a pond")
    await chosen("Questions")
    await expect(row("^Reply, lemon: With a pond")).to_have_attribute("aria-level", "2")
    await bar.get_by_role("button", name="Note").click()
    await page.keyboard.type("Where is it?")
    await chosen("A garden")
    await expect(row("Where is it")).to_have_attribute("aria-level", "2")

    await way("Move to…")
    await page.get_by_role("dialog", name="Move to: A garden").get_by_role("button", name="Questions").click()
    await expect(row("^Note, mint: A garden")).to_have_attribute("aria-level", "2")
    await row("What is a door").click()
    await way("Later")
    names = [await one.get_attribute("aria-label") for one in await page.get_by_role("treeitem").all()]
    assert names.index("Note, lemon: What is a door?") > names.index("Note, lemon: Who has the key?")
    await way("Link to…")
    dialog = page.get_by_role("dialog", name="Link from: What is a door?")
    await dialog.get_by_text("Who has the key?").click()
    await dialog.get_by_role("button", name="Link", exact=True).click()
    await expect(row("What is a door.* Who has the key")).to_have_count(1)

    # A zone closes and opens by its sign; what one finds, one comes to.
    box = page.get_by_label("Find", exact=True)
    await box.click()
    await page.keyboard.type("pond")
    await expect(row("With a pond")).to_be_visible()
    await expect(row("Who has the key")).to_have_count(0)
    await page.get_by_role("button", name="Empty the search").click()
    await expect(row("^Note, lemon: Who has the key")).to_have_count(1)
