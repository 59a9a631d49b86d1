"""Whose words: asked first, proposed beside, taken or left; and one's own taken back, from every device."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.async_api import expect

from tests.support.browser import People
from tests.support.person import Person

SHOTS = os.environ.get("TABLECLOTH_SHOTS")
"""A folder for pictures of the screens, to be looked at; none are taken without it."""

HELD = """async (words) => {
  const open = await new Promise((done, failed) => {
    const asked = indexedDB.open('tablecloth');
    asked.onsuccess = () => done(asked.result);
    asked.onerror = failed;
  });
  const found = [];
  const utf8 = new TextDecoder();
  const holds = (value) => {
    if (typeof value === 'string') return value.includes(words);
    if (value instanceof Uint8Array) return utf8.decode(value).includes(words);
    if (value instanceof Map) return [...value].some(holds);
    if (value === null || typeof value !== 'object') return false;
    return Object.values(value).some(holds);
  };
  for (const name of open.objectStoreNames) {
    const all = await new Promise((done) => {
      const asked = open.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    });
    if (all.some(holds)) found.push(name);
  }
  open.close();
  return found;
}"""
"""Which of the device's stores hold some words, whatever they are packed in."""


async def shot(person: Person, name: str) -> None:
    if SHOTS is not None:
        await person.page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def ask_whose(person: Person, note: str) -> None:
    """Open the sheet of a note's words through its menu."""
    await person.choose(note)
    await (
        person.page.get_by_role("toolbar", name="What to do with it")
        .get_by_role("button", name="More")
        .click()
    )
    await person.page.get_by_role("menuitem", name="Whose words, proposals").click()
    await expect(person.page.get_by_role("dialog", name="Whose words")).to_be_visible()


async def test_asked_first_proposed_taken_and_left(people: People) -> None:
    ada = await people.start("Doors", "Ada")
    ben = await people.join(ada.link, "Ben")
    note = await ada.add_note("A red door", at=(500, 300))
    await ask_whose(ada, note)
    await ada.page.get_by_role("radio", name="Ask me").check()
    await shot(ada, "whose")
    await ada.page.keyboard.press("Escape")

    # Ben's double-click leads to a proposal beside it, not to a dead end.
    await expect(ben.words(note)).to_have_text("A red door")
    await ben.page.mouse.dblclick(*(await ben.box(note)).middle)
    sheet = ben.page.get_by_role("dialog", name="Whose words")
    await expect(sheet.get_by_text("Ada wants to be asked.")).to_be_visible()
    await sheet.get_by_label("Your words, beside theirs").fill("A blue door")
    await shot(ben, "propose")
    await sheet.get_by_role("button", name="Propose").click()
    await expect(sheet).to_have_count(0)

    # Ada goes on writing; the proposal follows, and is taken in one press.
    mark = ada.page.locator(f'[data-variants="{note}"]')
    await expect(mark).to_have_text("1")
    box = await ada.write(note)
    await ada.page.keyboard.press("Control+End")
    await ada.page.keyboard.insert_text(", please")
    await expect(box).to_have_value("A red door, please")
    await ada.leave_note()
    await mark.click()
    sheet = ada.page.get_by_role("dialog", name="Whose words")
    await expect(sheet.locator("[data-variant] .words")).to_have_text("A blue door, please")
    await shot(ada, "variant")
    await sheet.get_by_role("button", name="Take it: Ben's words").click()
    await expect(ben.words(note)).to_have_text("A blue door, please")
    await expect(sheet.get_by_text("with words of Ben")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await ada.same_as(ben)


async def test_a_phone_and_the_keyboard_propose_and_leave(people: People) -> None:
    ada = await people.start("Doors", "Ada")
    note = await ada.add_note("A red door", at=(500, 300))
    await ask_whose(ada, note)
    await ada.page.get_by_role("radio", name="Ask me").check()
    await ada.page.keyboard.press("Escape")
    await ada.wait_saved()

    cem = await people.join(ada.link, "Cem", is_phone=True)
    card = cem.page.locator(f'[data-card="{note}"]')
    await card.get_by_role("button").last.click()
    await cem.page.get_by_role("button", name="Whose words, proposals").click()
    sheet = cem.page.get_by_role("dialog", name="Whose words")
    await sheet.get_by_label("Your words, beside theirs").fill("A green door")
    await shot(cem, "propose-phone")
    await sheet.get_by_role("button", name="Propose").click()

    # By keys alone: the menu of the note, the sheet, and leave it.
    await expect(ada.page.locator(f'[data-variants="{note}"]')).to_have_text("1")
    await ask_whose(ada, note)
    leave = ada.page.get_by_role("button", name="Leave it: Cem's words")
    await leave.focus()
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator(f'[data-variants="{note}"]')).to_have_count(0)
    await expect(ada.words(note)).to_have_text("A red door")


async def test_words_that_were_taken_back_are_on_no_device(people: People) -> None:
    ada = await people.start("Gone", "Ada")
    ben = await people.join(ada.link, "Ben")
    cem = await people.join(ada.link, "Cem")
    note = await ada.add_note("Maulwurfshuegel", at=(500, 300))
    await ben.add_note("Haselnuss", at=(900, 300))
    for one in (ben, cem):
        await expect(one.words(note)).to_have_text("Maulwurfshuegel")
    await cem.page.wait_for_function(f"async () => (await ({HELD})('Maulwurfshuegel')).includes('states')")
    await cem.go_offline()

    await ask_whose(ada, note)
    sheet = ada.page.get_by_role("dialog", name="Whose words")
    await sheet.get_by_role("button", name="Take my words back for good").click()
    await expect(sheet.get_by_text("What stays")).to_be_visible()
    await shot(ada, "take-back")
    await sheet.get_by_role("button", name="Take them back").click()
    await expect(ada.page.get_by_text("Your words are taken back.")).to_be_visible(timeout=60_000)
    await shot(ben, "withdrawn")

    await cem.come_back()
    await cem.same_as(ada)
    for one in (ada, ben, cem):
        await one.page.wait_for_function(f"async () => (await ({HELD})('Maulwurfshuegel')).length === 0")
        await expect(one.words(note)).to_have_text("░" * len("Maulwurfshuegel"))
        await expect(one.thing(note)).to_have_attribute("aria-label", re.compile("withdrawn"))
