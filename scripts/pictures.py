"""Take the pictures in docs/ from the running product: `make pictures`. Look at each before it is committed.

A server of its own on a folder that is thrown away, people at the Python client who write what a café might,
and Chromium in front of it.
"""

from __future__ import annotations

import asyncio
import io
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageDraw  # noqa: E402
from playwright.async_api import Browser, Page, async_playwright  # noqa: E402
from tablecloth.client import connect  # noqa: E402

from tests.support.chromium import find_chromium, launch_flags  # noqa: E402
from tests.support.server import Server  # noqa: E402
from tests.support.tables import new_table  # noqa: E402

DOCS = ROOT / "docs"
TITLE = "What makes a house a home?"
NOTES = [
    (-540, -250, "lemon", "A door that I can lock"),
    (-250, -285, "sky", "Neighbours who know my name"),
    (-330, -45, "rose", "Dim angen gofyn caniatâd"),
    (45, -250, "lilac", "مكان أطبخ فيه لعائلتي"),
    (-560, 190, "mint", "And the key is mine, not the key worker's"),
    (40, 180, "peach", "Somewhere the dog can come"),
]
ANSWERS = (0, 4)
REPLY = (-290, 300, "white", "Mine too. Nobody else should have one.")
SHAPE = (40, -30, 210, 120, "ellipse", "And a place to be alone")
ZONE = (320, -290, 480, 780, "What we do next")
STEPS = "[x] Find out whose it is\n[ ] Ask the council for the empty house\n[ ] Cook together on Sunday"
NEXT = [(350, -205, "oat", STEPS), (350, 10, "white", "A Sunday")]
PICTURE = (500, 220, 270, 202, "The empty house on the corner, with a green door")


def heart(size: float) -> list[tuple[int, int, int]]:
    """A heart as ink: (x, y, pressure), around its own middle."""
    points = []
    for step in range(61):
        t = step / 60 * 2 * math.pi
        x = 16 * math.sin(t) ** 3
        y = -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t))
        points.append((round(x * size), round(y * size), 150))
    return points


def house() -> bytes:
    """A picture that somebody took: a house with a green door, as a PNG."""
    image = Image.new("RGB", (540, 404), "#bcd9ea")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 540, 404), fill="#9cb98a")
    pen.rectangle((110, 150, 430, 340), fill="#d9b79a")
    pen.polygon([(80, 156), (270, 40), (460, 156)], fill="#8a4b38")
    pen.rectangle((238, 222, 304, 340), fill="#2f6b4f")
    pen.ellipse((290, 280, 298, 288), fill="#e9d8a0")
    for left in (146, 334):
        pen.rectangle((left, 200, left + 62, 262), fill="#5e7f93", outline="#f3efe6", width=5)
        pen.line((left + 31, 200, left + 31, 262), fill="#f3efe6", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def lay(link: str) -> None:
    """Lay the cloth that the pictures show."""
    async with connect(link, name="Ana") as ana, connect(link, name="Morgan Rees") as morgan:
        boards = [await ana.open(), await morgan.open()]
        zone_x, zone_y, width, height, words = ZONE
        await boards[0].add("zone", x=zone_x, y=zone_y, w=width, h=height, colour="mint", text=words)
        ids = []
        for number, (x, y, colour, text) in enumerate(NOTES + NEXT):
            size: dict[str, Any] = {"w": 420, "h": 190} if text == STEPS else {}
            ids.append(await boards[number % 2].add("note", x=x, y=y, colour=colour, text=text, **size))
        ends: dict[str, Any] = {"from": ids[ANSWERS[0]], "to": ids[ANSWERS[1]]}
        await boards[1].add("connector", meaning="leads", **ends)
        x, y, colour, text = REPLY
        await boards[0].add("note", x=x, y=y, colour=colour, text=text, re=ids[ANSWERS[1]])
        x, y, width, height, form, text = SHAPE
        await boards[1].add("shape", x=x, y=y, w=width, h=height, form=form, colour="plum", text=text)
        ink = await boards[0].add("ink", x=-50, y=35, colour="brick", width=6)
        await boards[0].ink(ink, heart(3.6))
        kept = await morgan.put_image(house())
        x, y, width, height, text = PICTURE
        await boards[1].add("image", x=x, y=y, w=width, h=height, asset=kept.asset, alt=text)
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


async def writes_and_points(writer: Page, other: Page) -> None:
    """One writes in a note, another points, as one sees on a table where people are at work."""
    await writer.get_by_role("option", name="A Sunday").press("Enter")
    await writer.locator("textarea").press("Control+End")
    await writer.keyboard.type(" kitchen")
    box = await other.get_by_role("option", name="Somewhere the dog").bounding_box()
    if box is not None:
        await other.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] - 30)
        await other.mouse.move(box["x"] + box["width"] - 24, box["y"] + box["height"] - 24)


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
        await page.get_by_role("button", name="See all of it").click()
        await page.get_by_role("button", name="Small map", exact=True).click()
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
        others = [await page_of(browser, link, name, 1440, 900, "light") for name in ("Rhys", "Siân")]
        wide = await page_of(browser, link, "Jo", 1440, 900, "light")
        await writes_and_points(others[0], others[1])
        await wide.locator(".cursor .flag", has_text="Siân").wait_for()
        await wide.locator('.world [aria-label*="Rhys"]').first.wait_for()
        await wide.locator("img").first.wait_for()
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
