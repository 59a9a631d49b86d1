"""Lists while one writes: lines hang from their sign, and several people write in one list."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.support.browser import People
from tests.support.person import Person

HANGING = """(mirror) => {
    // Where each line of the page begins, by line of the words: [[left, left, …], …], in pixels.
    const range = document.createRange();
    const node = mirror.firstChild;
    return node.data.split('\\n').map((line, number, all) => {
        const from = all.slice(0, number).reduce((sum, one) => sum + one.length + 1, 0);
        const lefts = new Map();
        for (let i = from; i < from + line.length; i += 1) {
            range.setStart(node, i); range.setEnd(node, i + 1);
            const rect = range.getClientRects()[0];
            if (rect === undefined || rect.width === 0) continue;
            const top = Math.round(rect.top);
            lefts.set(top, Math.min(lefts.get(top) ?? Infinity, rect.left));
        }
        return [...lefts.values()];
    });
}"""


async def write_list(person: Person, *lines: str) -> None:
    """Type lines, with Enter between them, as one does."""
    for number, line in enumerate(lines):
        if number > 0:
            await person.page.keyboard.press("Enter")
        await person.page.keyboard.type(line)


async def test_wrapped_lines_hang_under_their_words_while_one_writes(people: People) -> None:
    ada = await people.start("Hanging", "Ada")
    note = await ada.add_note("", at=(500, 350))
    await ada.write(note)
    long = "a garden in which all of us may sit on every day of the year"
    await write_list(ada, f"- {long}", long)
    await expect(ada.page.locator("textarea")).to_have_value(f"- {long}\n- {long}")
    lines = await ada.page.locator(".on-cloth .mirror .words").evaluate(HANGING)
    for lefts in lines:
        assert len(lefts) > 1, "each wraps"
        assert all(left > lefts[0] + 3 for left in lefts[1:]), lefts
        assert max(lefts[1:]) - min(lefts[1:]) < 1
    # The box of the page has the same indent as the mirror, or carets of others would lie.
    both = "all => all.map(e => getComputedStyle(e).textIndent)"
    box, mirror = await ada.page.locator(".on-cloth textarea, .on-cloth .mirror .words").evaluate_all(both)
    assert box == mirror
    assert "each-line" in box

    # Prose does not hang.
    await ada.page.keyboard.press("Control+a")
    await ada.page.keyboard.type(long)
    [lefts] = await ada.page.locator(".on-cloth .mirror .words").evaluate(HANGING)
    assert len(lefts) > 1
    assert max(lefts) - min(lefts) < 1


async def test_three_people_write_in_one_list(people: People) -> None:
    ada = await people.start("One list", "Ada")
    ben = await people.join(ada.link, "Ben")
    phone = await people.join(ada.link, "Phone", is_phone=True)
    note = await ada.add_note("Bring:", at=(600, 350))
    await expect(ben.words(note)).to_have_text("Bring:")
    await ada.write(note)
    await ada.page.keyboard.press("Control+End")
    await write_list(ada, "", "- bread", "soup", "salt")
    await expect(ben.thing(note).locator(".line.point")).to_have_count(3)

    # Ada goes on at the end, Ben after the first point, the phone (in its list of cards) in the second.
    await ben.write(note)
    await ben.page.keyboard.press("Control+Home")
    await ben.page.keyboard.press("ArrowDown")
    await ben.page.keyboard.press("End")
    await phone.page.locator(f'[data-card="{note}"] .words').tap()
    await expect(phone.page.locator("textarea")).to_be_focused()
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "End"):
        await phone.page.keyboard.press(key)
    await asyncio.gather(
        write_list(ada, "", "pepper", "plates"),
        write_list(ben, "", "butter", "jam"),
        phone.page.keyboard.type(" for ten"),
    )
    wanted = ["Bring:", "- bread", "- butter", "- jam", "- soup for ten", "- salt", "- pepper", "- plates"]
    for one in (ada, ben, phone):
        await expect(one.page.locator("textarea")).to_have_value("\n".join(wanted))
    # Each caret is where its own hand left it.
    at = "e => e.value.slice(0, e.selectionStart).split('\\n').at(-1)"
    for one, line in ((ada, "- plates"), (ben, "- jam"), (phone, "- soup for ten")):
        assert await one.page.locator("textarea").evaluate(at) == line
    for one in (ada, ben):
        await one.leave_note()
    await phone.page.get_by_role("button", name="Done").tap()
    await expect(ben.thing(note).locator(".line.point")).to_have_count(7)
    await ada.same_as(ben)
