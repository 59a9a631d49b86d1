"""Pictures in a real browser: one person puts one down, another sees it; also after a time offline."""

from __future__ import annotations

from playwright.async_api import FilePayload, Locator, expect

from tests.support.browser import People
from tests.support.person import Person
from tests.support.pictures import drawing


async def bring(person: Person, data: bytes) -> None:
    """Choose a file as the picture tool does; what it asks for then is left for later."""
    file: FilePayload = {"name": "drawing.png", "mimeType": "image/png", "buffer": data}
    await person.page.locator('input[type="file"]').first.set_input_files([file])


def pictures(person: Person) -> Locator:
    """The pictures whose points are on this person's screen."""
    return person.page.locator('[data-type="image"][data-shown="here"] img')


async def test_a_picture_is_put_down_and_seen_by_another(people: People) -> None:
    ada = await people.start("A picture", "Ada")
    ben = await people.join(ada.link, "Ben")
    await bring(ada, drawing(64, 48))
    for person in (ada, ben):
        await expect(pictures(person)).to_have_count(1)
        assert await pictures(person).evaluate("image => [image.naturalWidth, image.naturalHeight]") == [
            64,
            48,
        ]
        assert (await pictures(person).get_attribute("src") or "").startswith("blob:")


async def test_one_that_is_put_down_without_a_network_follows_by_itself(people: People) -> None:
    ada = await people.start("A picture", "Ada")
    ben = await people.join(ada.link, "Ben")
    await ada.page.context.set_offline(True)
    ada.proxy.cut()
    await bring(ada, drawing(80, 48))
    await expect(pictures(ada)).to_have_count(1)
    await expect(pictures(ben)).to_have_count(0)
    await ada.page.context.set_offline(False)
    await expect(pictures(ben)).to_have_count(1, timeout=60_000)
