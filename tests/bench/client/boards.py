"""The whiteboards that are measured, each opened in a page of its own: ours through its server, the peers from
files.

``open`` answers the milliseconds from the first request until the board can be edited. For ours that is a
text box with the keyboard in it, on a board that holds all; for the peers, two frames after all their
elements are in place.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Protocol

from playwright.async_api import BrowserContext, Page, Response
from tablecloth.bench.people import Door

from tests.bench.client.scene import Thing, middle

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
_OPEN_MS = 240_000
# Whoever comes by a link is asked for a name first; that is no waiting.
_JOIN = """
new MutationObserver(() => {
  for (const button of document.querySelectorAll('button')) if (/^Join/.test(button.textContent.trim())) button.click();
}).observe(document, { childList: true, subtree: true });
"""
_EDITABLE = """() => new Promise((done) => {
  const look = () => {
    const surface = document.querySelector('.surface');
    if (surface === null || document.querySelector('.board[data-ready="true"]') === null) return requestAnimationFrame(look);
    if (document.querySelector('textarea') !== null) return requestAnimationFrame(() => done(performance.now()));
    surface.focus();
    surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }));
    requestAnimationFrame(look);
  };
  look();
})"""
_PRESENT = """() => new Promise((done) => {
  const look = () => {
    if (!(window.peer?.ready?.() ?? false)) return setTimeout(look, 4);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  look();
})"""


class Weight:
    """What a page fetched, gzipped, by kind: in bytes."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        self._waiting: list[Response] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        self._waiting.append(response)

    async def weigh(self) -> dict[str, int]:
        """Scripts, styles, pages and fonts up to now. Boards don't count."""
        for response in self._waiting:
            kind = response.request.resource_type
            if kind in ("script", "stylesheet", "document", "font") and response.ok:
                body = await response.body()
                size = len(body) if kind == "font" else len(gzip.compress(body, 9))
                self.bytes[kind] = self.bytes.get(kind, 0) + size
        self._waiting.clear()
        return dict(self.bytes)


class Board(Protocol):
    """A whiteboard with a scene on it."""

    name: str

    async def open(self, page: Page) -> float:
        """Open it; milliseconds until it can be edited."""

    async def look_at_middle(self, page: Page) -> None:
        """Bring the middle of the scene to the middle of the page."""

    async def write_somewhere(self, page: Page) -> None:
        """Put the keyboard into the words of a note near the middle."""


class Ours:
    """Tablecloth, through its server."""

    name = "Tablecloth"

    def __init__(self, door: Door) -> None:
        self.door = door

    async def open(self, page: Page) -> float:
        await page.add_init_script(_JOIN)
        address = f"http://{self.door.host}:{self.door.port}/s/{self.door.space}#{self.door.secret}"
        await page.goto(address)
        page.set_default_timeout(_OPEN_MS)
        took = float(await page.evaluate(_EDITABLE))
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        return took

    async def look_at_middle(self, page: Page) -> None:
        await page.locator(".surface").focus()
        await page.keyboard.press("Shift+1")
        await page.evaluate("probe.settled()")

    async def write_somewhere(self, page: Page) -> None:
        await page.locator(".surface").focus()
        await page.keyboard.press("n")
        await page.locator("textarea").wait_for()


class Peer:
    """Excalidraw or tldraw, prepared before."""

    def __init__(self, name: str, address: str, scene: str, things: list[Thing]) -> None:
        self.name = name
        self._page = f"{address}/{name.lower()}.html?scene={scene}"
        self._middle = middle(things)

    async def open(self, page: Page) -> float:
        await page.goto(self._page, wait_until="commit")
        page.set_default_timeout(_OPEN_MS)
        return float(await page.evaluate(_PRESENT))

    async def look_at_middle(self, page: Page) -> None:
        x, y = self._middle
        await page.evaluate(
            "([x, y]) => peer.look(x - innerWidth / 1.2, y - innerHeight / 1.2, 0.6)", [x, y]
        )
        await page.evaluate("probe.settled()")

    async def write_somewhere(self, page: Page) -> None:
        # Between two rows of things, so that it is a text of its own.
        await page.mouse.click(700, 420)
        await page.keyboard.press("Escape")
        await page.keyboard.press("t")
        await page.mouse.click(704, 424)
        box = "textarea.excalidraw-wysiwyg" if self.name == "Excalidraw" else "[contenteditable=true]"
        await page.locator(box).first.wait_for(timeout=60_000)


async def prepare(context: BrowserContext, peer: str, address: str, scene: str, folder: Path) -> None:
    """Have a peer turn a scene into a board of its own format, and keep that."""
    page = await context.new_page()
    await page.goto(f"{address}/{peer}.html?scene={scene}&prepare=1", wait_until="commit")
    await page.wait_for_function("window.peer?.prepared !== undefined", timeout=_OPEN_MS)
    prepared = str(await page.evaluate("window.peer.prepared"))
    json.loads(prepared)
    (folder / f"{peer}-{scene}.json").write_text(prepared, encoding="utf-8")
    await page.close()
