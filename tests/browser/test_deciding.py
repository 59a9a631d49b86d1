"""The room decides: two people at desks and one with a phone; by mouse, by touch, by the keyboard alone."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.support.browser import PICTURES, People
from tests.support.person import Person

SMALL = {"width": 360, "height": 740}


def bar(person: Person) -> Locator:
    """The open proposals as this person sees them."""
    return person.page.locator("[data-proposal]")


async def boards(person: Person) -> Locator:
    """Open the menu of boards."""
    await person.page.get_by_role("button", name="Boards").first.click()
    return person.page.locator(".boards ul")


async def picture(person: Person, name: str) -> None:
    """Keep a picture to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await person.page.screenshot(path=PICTURES / f"{name}.png")


async def test_a_proposal_an_objection_and_a_vote_with_a_phone(people: People) -> None:
    ada = await people.start("The hall", "Ada")
    ben = await people.join(ada.link, "Ben")
    phone = await people.join(ada.link, "Cleo", size=SMALL, is_phone=True, reads_agreement=True)
    later = phone.page.get_by_role("button", name="Later")
    await expect(later).to_be_visible()
    await picture(phone, "agreement-offer-phone")
    await later.tap()
    await expect(later).to_have_count(0)

    await boards(ada)
    await ada.page.get_by_role("button", name="Propose to close this board").click()
    await picture(ada, "propose-sheet")
    await ada.page.get_by_label("Why?").fill("We have said it all")
    await ada.page.get_by_role("button", name="Propose", exact=True).click()

    for person in (ada, ben, phone):
        await expect(bar(person)).to_contain_text("close the board")
        await expect(bar(person)).to_contain_text("We have said it all")
    await expect(ben.page.locator("[aria-live]").first).to_be_attached()
    await picture(ben, "proposal-wide")
    await picture(phone, "proposal-phone")
    await expect(bar(ada).get_by_role("button", name="Object")).to_have_count(0)

    await bar(phone).get_by_role("button", name="Object").tap()
    for person in (ada, ben, phone):
        await expect(bar(person)).to_contain_text("a vote")
    await expect(bar(phone).get_by_role("button", name="Against")).to_have_attribute("aria-pressed", "true")
    await picture(phone, "vote-phone")

    # By the keyboard alone: walk to the choice and press it.
    choice = bar(ben).get_by_role("button", name="For", exact=True)
    await choice.focus()
    await ben.page.keyboard.press("Enter")
    for person in (ada, ben, phone):
        await expect(person.page.locator("[data-closed]")).to_contain_text("The room closed this board")
        await expect(bar(person)).to_have_count(0)
    await picture(ben, "closed-wide")

    await boards(ada)
    await ada.page.get_by_role("button", name="What was decided").click()
    await expect(ada.page.locator('[data-decided="passed"]')).to_contain_text("close the board")
    await expect(ada.page.locator('[data-decided="passed"]')).to_contain_text(
        "Cleo objected; 2 for, 1 against."
    )
    await picture(ada, "decisions")


async def test_pausing_needs_three_and_is_seen_by_whom_it_concerns(people: People) -> None:
    ada = await people.start("The hall", "Ada")
    ben = await people.join(ada.link, "Ben")
    cleo = await people.join(ada.link, "Cleo")
    await ada.page.get_by_role("button", name=re.compile("people here")).first.click()
    await ada.page.get_by_role("button", name="Propose that Ben pauses").click()
    await ada.page.get_by_role("button", name="Propose", exact=True).click()
    await expect(bar(ben)).to_contain_text("Ben pauses")
    await expect(bar(ben).get_by_role("button", name="Object")).to_have_count(0)
    await bar(cleo).get_by_role("button", name="Object").click()
    await expect(bar(ada)).to_have_count(0)
    await expect(ben.page.locator("[data-proposals]")).to_have_count(0)


async def test_alone_by_keys_the_agreement_is_read_and_changed_at_once(people: People) -> None:
    ada = await people.start("The hall", "Ada", reads_agreement=True)
    read = ada.page.get_by_role("button", name="Read it")
    await read.focus()
    await ada.page.keyboard.press("Enter")
    dialog = ada.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("nobody owns this space")
    await picture(ada, "agreement")
    await ada.page.get_by_role("button", name="Propose a change").press("Enter")
    await ada.page.get_by_label("Purpose").fill("To find a house")
    await ada.page.get_by_label("Minutes of a vote").fill("9")
    await picture(ada, "agreement-change")
    await ada.page.get_by_role("button", name="Propose", exact=True).press("Enter")
    await boards(ada)
    await ada.page.get_by_role("button", name="Our agreement").press("Enter")
    await expect(ada.page.get_by_role("dialog")).to_contain_text("To find a house")
    await expect(ada.page.get_by_role("dialog").locator("dl")).to_contain_text("9")

    await ada.page.keyboard.press("Escape")
    await boards(ada)
    await ada.page.get_by_role("button", name="Propose another name").press("Enter")
    await ada.page.get_by_label("The new name").fill("Table two")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator(".boards .board")).to_have_text("Table two")
