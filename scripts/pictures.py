"""Take the pictures in docs/ from the running product: `make pictures`. Look at each before it is committed.

A server of its own on a folder that is thrown away, people at the Python client who write what a café might,
and Chromium in front of it.
"""

from __future__ import annotations

import asyncio
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.async_api import Browser, Page, async_playwright  # noqa: E402
from tablecloth.client import connect  # noqa: E402

from tests.support.chromium import find_chromium, launch_flags  # noqa: E402
from tests.support.server import Server  # noqa: E402
from tests.support.tables import new_table  # noqa: E402

DOCS = ROOT / "docs"
TITLE = "What makes a house a home?"
NOTES = [
    (-330, -170, "lemon", "A door that I can lock"),
    (60, -210, "sky", "Neighbours who know my name"),
    (-480, 50, "rose", "Dim angen gofyn caniatâd"),
    (270, -30, "lilac", "مكان أطبخ فيه لعائلتي"),
    (-270, 230, "mint", "And the key is mine, not the key worker's"),
    (40, 170, "peach", "Somewhere the dog can come"),
]
ANSWERS = (0, 4)
REPLY = (-30, 400, "white", "Mine too. Nobody else should have one.")
ZONE = (560, -260, 460, 560, "What we do next")
NEXT = [(590, -180, "oat", "Ask the council for the empty house"), (780, 60, "white", "A Sunday kitchen")]


def heart(size: float) -> list[tuple[int, int, int]]:
    """A heart as ink: (x, y, pressure), around its own middle."""
    points = []
    for step in range(61):
        t = step / 60 * 2 * math.pi
        x = 16 * math.sin(t) ** 3
        y = -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t))
        points.append((round(x * size), round(y * size), 150))
    return points


async def lay(link: str) -> None:
    """Lay the cloth that the pictures show."""
    async with connect(link, name="Ana") as ana, connect(link, name="Morgan Rees") as morgan:
        boards = [await ana.open(), await morgan.open()]
        zone_x, zone_y, width, height, words = ZONE
        await boards[0].add("zone", x=zone_x, y=zone_y, w=width, h=height, colour="mint", text=words)
        ids = []
        for number, (x, y, colour, text) in enumerate(NOTES + NEXT):
            ids.append(await boards[number % 2].add("note", x=x, y=y, colour=colour, text=text))
        ends: dict[str, Any] = {"from": ids[ANSWERS[0]], "to": ids[ANSWERS[1]]}
        await boards[1].add("connector", meaning="leads", **ends)
        x, y, colour, text = REPLY
        await boards[0].add("note", x=x, y=y, colour=colour, text=text, re=ids[ANSWERS[1]])
        ink = await boards[0].add("ink", x=-20, y=-20, colour="brick", width=6)
        await boards[0].ink(ink, heart(3.2))
        away = await boards[0].add("note", x=0, y=400, text="Nice curtains")
        await boards[1].set_aside(away, why="it is a detail")


async def page_of(
    browser: Browser, link: str, name: str, width: int, height: int, scheme: str, **more: object
) -> Page:
    """A page that has joined and shows the board. `theme`: one that the device knows already."""
    theme = more.pop("theme", None)
    options: dict[str, object] = {
        "viewport": {"width": width, "height": height},
        "color_scheme": scheme,
        **more,
    }
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    page = await context.new_page()
    if theme is not None:
        await page.add_init_script(f"localStorage.setItem('tablecloth.theme', '{theme}')")
    await page.goto(link)
    await page.locator("form input").fill(name)
    await page.locator('button[type="submit"]').click()
    await page.locator('.board[data-ready="true"], .list').first.wait_for()
    await page.evaluate("document.fonts.ready")
    return page


VIEWS: dict[str, tuple[str, int, int, str, dict[str, object]]] = {
    "board-dark": ("Lena", 1440, 900, "dark", {}),
    "board-contrast": ("Noor", 1440, 900, "light", {"theme": "contrast"}),
    "board-projector": ("Zaal", 1920, 1080, "light", {}),
    "phone": ("Sam", 390, 844, "light", {"is_mobile": True, "has_touch": True}),
    "phone-cloth": ("Mo", 390, 844, "light", {"is_mobile": True, "has_touch": True}),
}
"""What is taken besides: file, name, width, height, scheme, and options of the page."""


async def look_around(page: Page, picture: str) -> None:
    """What is done before a picture is taken."""
    if picture == "board-projector":
        # Nothing but the cloth: the outline is put away, as one does before a beamer.
        await page.locator(".outline[aria-expanded]").click()
        await page.locator(".surface").press("1")
    elif picture == "phone-cloth":
        await page.locator("nav button").nth(1).tap()
        await page.locator('.board[data-ready="true"]').wait_for()
    await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def take(server: Server) -> None:
    """Take all pictures."""
    table = await new_table(server.http, TITLE)
    await lay(table.edit_link)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=launch_flags())
        link = table.edit_link
        rhys = await page_of(browser, link, "Rhys", 1440, 900, "light")
        await rhys.mouse.move(900, 700)
        wide = await page_of(browser, link, "Jo", 1440, 900, "light")
        await wide.locator(".cursors, .cursor").first.wait_for()
        await wide.screenshot(path=DOCS / "board.png")
        for picture, (name, width, height, scheme, more) in VIEWS.items():
            page = await page_of(browser, link, name, width, height, scheme, **more)
            await look_around(page, picture)
            await page.screenshot(path=DOCS / f"{picture}.png")
        start = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
        await start.goto(server.http)
        await start.locator("form").wait_for()
        await start.screenshot(path=DOCS / "start.png")
        await browser.close()


def main() -> None:
    """Take the pictures and say where they lie."""
    with Server() as server:
        asyncio.run(take(server))
    print("Pictures lie in docs/. Look at each of them.")


if __name__ == "__main__":
    main()
