"""axe-core finds nothing to mend, in any view, in light and dark, in English and Arabic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.support.browser import People

AXE = Path(__file__).resolve().parents[2] / "client" / "node_modules" / "axe-core" / "axe.min.js"


async def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it is now."""
    # By the debugger's way, because the page's own policy lets no foreign script in.
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    report: dict[str, Any] = await page.evaluate("axe.run()")
    return [
        f"{found['id']}: {node['html'][:160]}" for found in report["violations"] for node in found["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "ar"])
async def test_every_view_is_free_of_findings(people: People, scheme: str, locale: str) -> None:
    ada = await people.start("A house", "Ada")
    note = await ada.add_note("A door that I can lock", at=(500, 300))
    second = await ada.add_note("Somewhere the dog can come", at=(850, 500))
    await ada.set_aside(second)

    guest = await people.person(color_scheme=scheme, locale=locale)
    await guest.page.goto(guest.address)
    await guest.page.locator("form").wait_for()
    assert await findings(guest.page) == []
    await guest.page.goto(guest.address + ada.link[ada.link.index("/s/") :])
    await guest.page.locator("form").wait_for()
    assert await findings(guest.page) == []
    await guest.page.locator('button[type="submit"]').click()
    await guest.wait_ready()
    await guest.words(note).wait_for()
    assert await findings(guest.page) == []

    await guest.page.mouse.click(*(await guest.box(note)).middle)
    assert await findings(guest.page) == []
    await guest.page.keyboard.press("?")
    await guest.page.get_by_role("dialog").wait_for()
    assert await findings(guest.page) == []


async def test_the_phone_s_views_are_free_of_findings(people: People) -> None:
    ada = await people.start("A house", "Ada")
    await ada.add_note("A door that I can lock", at=(500, 300))
    phone = await people.join(ada.link, "Phone", is_phone=True)
    assert await findings(phone.page) == []
    views = phone.page.get_by_role("navigation", name="Views")
    for view in ["Cloth", "People"]:
        await views.get_by_role("button", name=view).tap()
        assert await findings(phone.page) == []
