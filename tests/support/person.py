"""One participant at a browser, in the words of what people do: write a note, move it, set it aside.

A page object. It waits for what a person would see and never for a time. Things are found by role and name
first; by `data-id` where several look alike.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.support.proxy import Proxy

HALL = "hall.test"
"""What the server is called in people's browsers."""


@dataclass(frozen=True)
class Seen:
    """A thing as this person's screen shows it."""

    id: str
    type: str
    label: str


@dataclass(frozen=True)
class Box:
    """Where a thing is on the screen, in CSS pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


_KNOWS_AGREEMENT = """() => {
  const space = location.pathname.split('/').pop();
  return localStorage.getItem(`tablecloth.agreement.${space}`) !== null;
}"""


class Person:
    """Somebody in front of `page`, whose network goes through `proxy`."""

    def __init__(self, page: Page, proxy: Proxy) -> None:
        self.page = page
        self.proxy = proxy
        self.reads_agreement = False
        """Whether the offer of the agreement stays until it is answered in the test."""
        self.board = page.locator(".board[data-seq]")
        self.surface = page.get_by_role("application", name="The cloth")

    # --- coming in ------------------------------------------------------------------------------

    async def start(self, title: str, name: str = "") -> None:
        """Start a space and close the sheet that invites."""
        await self.page.goto(self.address)
        await self.page.get_by_label("What shall we call it?").fill(title)
        if name:
            await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Lay the table").click()
        await expect(self.page.get_by_role("dialog")).to_be_visible()
        await self.page.keyboard.press("Escape")
        await self.wait_ready()
        await self.leave_agreement()

    async def join(self, link: str, name: str = "") -> None:
        """Open a link and come in."""
        await self.page.goto(self.address + link[link.index("/s/") :])
        box = self.page.get_by_label("Your name")
        await box.fill(name)
        await self.page.get_by_role("button", name="Join").click()
        await self.wait_ready()
        await self.leave_agreement()

    async def leave_agreement(self) -> None:
        """Put the offer of the agreement away for later, as who comes to write does. A repeat is harmless."""
        if self.reads_agreement or await self.page.evaluate(_KNOWS_AGREEMENT):
            return
        await self.page.locator("[data-agreement-offer] button").last.click()

    async def wait_ready(self) -> None:
        """Wait until the board is up to date. On a phone the list stands for it."""
        await expect(self.page.locator('.board[data-ready="true"], .list').first).to_be_visible()

    @property
    def address(self) -> str:
        """The server, by this person's own way to it."""
        return f"http://{HALL}:{self.proxy.port}"

    @property
    def link(self) -> str:
        """The link that this person came by."""
        return self.page.url

    # --- writing --------------------------------------------------------------------------------

    async def add_note(self, words: str, at: tuple[float, float] | None = None) -> str:
        """Double-click the cloth (or press N if no place is named), write, and leave the note. Its id."""
        known = {thing.id for thing in await self.things()}
        if at is None:
            await self.surface.focus()
            await self.page.keyboard.press("n")
        else:
            await self.page.mouse.dblclick(*at)
        box = self.page.locator("textarea")
        await expect(box).to_be_focused()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Escape")
        await expect(box).to_have_count(0)
        return next(thing.id for thing in await self.things() if thing.id not in known)

    async def write(self, note: str) -> Locator:
        """Open a note to write in it, by double-click; the text box."""
        await self.page.mouse.dblclick(*(await self.box(note)).middle)
        box = self.page.locator("textarea")
        await expect(box).to_be_focused()
        return box

    async def leave_note(self) -> None:
        """Be done with writing."""
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator("textarea")).to_have_count(0)

    # --- other acts -----------------------------------------------------------------------------

    async def tool(self, name: str) -> None:
        """Take a tool from the bar."""
        await (
            self.page.get_by_role("toolbar", name="Tools")
            .get_by_role("button", name=name, exact=True)
            .click()
        )

    async def choose(self, thing: str) -> None:
        """Choose a thing by a click."""
        await self.page.mouse.click(*(await self.box(thing)).middle)
        await expect(self.thing(thing)).to_have_attribute("aria-selected", "true")

    async def drag(self, start: tuple[float, float], *way: tuple[float, float]) -> None:
        """Press, move along a way, and let go."""
        await self.page.mouse.move(*start)
        await self.page.mouse.down()
        for point in way:
            await self.page.mouse.move(*point, steps=6)
        await self.page.mouse.up()

    async def draw(self, *way: tuple[float, float]) -> None:
        """Draw along a way in one breath: a pen that stays still on the way, as a busy machine makes it,
        means something else. Chromium may leave out places on the way (TRAPS 21).
        """
        await self.page.mouse.move(*way[0])
        steps = [
            (here[0] + (there[0] - here[0]) * part / 6, here[1] + (there[1] - here[1]) * part / 6)
            for here, there in pairwise(way)
            for part in range(1, 7)
        ]
        session = await self.page.context.new_cdp_session(self.page)

        async def mouse(kind: str, at: tuple[float, float]) -> None:
            event: dict[str, Any] = {"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1}
            await session.send("Input.dispatchMouseEvent", {**event, "buttons": int(kind != "mouseReleased")})

        acts = [("mousePressed", way[0]), *(("mouseMoved", at) for at in steps)]
        await asyncio.gather(*(mouse(kind, at) for kind, at in [*acts, ("mouseReleased", way[-1])]))
        await session.detach()

    async def move(self, thing: str, dx: float, dy: float) -> None:
        """Drag a thing."""
        x, y = (await self.box(thing)).middle
        await self.drag((x, y), (x + dx, y + dy))

    async def recolour(self, thing: str, colour: str) -> None:
        """Give a thing another colour from the bar beside it."""
        await self.choose(thing)
        bar = self.page.get_by_role("toolbar", name="What to do with it")
        await bar.get_by_role("button", name="Colour").click()
        await self.page.get_by_role("radio", name=colour, exact=True).click()

    async def set_aside(self, thing: str) -> None:
        """Set a thing aside from the bar beside it."""
        await self.choose(thing)
        bar = self.page.get_by_role("toolbar", name="What to do with it")
        await bar.get_by_role("button", name="Set aside").click()
        await expect(self.thing(thing)).to_have_count(0)

    async def bring_back(self, words: str) -> None:
        """Bring something back from the margin."""
        await self.page.get_by_role("button", name=re.compile(f"Bring back: .*{re.escape(words)}")).click()

    async def undo(self) -> None:
        """Undo by the key."""
        await self.page.keyboard.press("Control+z")

    async def redo(self) -> None:
        """Redo by the key."""
        await self.page.keyboard.press("Control+Shift+z")

    # --- seeing ---------------------------------------------------------------------------------

    def thing(self, ident: str) -> Locator:
        """A thing on the cloth."""
        return self.page.locator(f'.world [data-id="{ident}"]')

    def words(self, note: str) -> Locator:
        """The words of a note as they stand on the cloth."""
        return self.thing(note).locator(".flow")

    async def things(self) -> list[Seen]:
        """All things on the screen, in reading order as far as they are seen."""
        found = await self.page.locator(".world [data-id]").evaluate_all(
            "all => all.map(e => [e.dataset.id, e.dataset.type, e.getAttribute('aria-label')])"
        )
        return [Seen(*one) for one in found]

    async def box(self, ident: str) -> Box:
        """Where a thing is on the screen."""
        box = await self.thing(ident).bounding_box()
        assert box is not None, ident
        return Box(box["x"], box["y"], box["width"], box["height"])

    async def tip(self) -> tuple[int, str]:
        """The board's seq and chain as this page has folded them."""
        seq, chain = await self.board.evaluate("e => [e.dataset.seq, e.dataset.chain]")
        return int(seq), chain

    async def wait_saved(self, timeout_ms: int = 20_000) -> None:
        """Wait until all that this person did is saved."""
        await expect(self.page.locator("[data-status]")).to_have_attribute(
            "data-status", "saved", timeout=timeout_ms
        )

    async def wait_kept(self) -> None:
        """Wait until the device has all that is not saved."""
        await expect(self.page.locator("[data-status]")).to_have_attribute("data-kept", "device")

    async def same_as(self, other: Person) -> None:
        """Wait until both have saved all, and have the same log and the same things in the same places."""
        await self.wait_saved()
        await other.wait_saved()
        async with asyncio.timeout(20):
            # What others move glides to its place, so a frame or two may pass after the entry was folded.
            while await self.tip() != await other.tip() or await self.screen() != await other.screen():
                await self.page.evaluate("new Promise(requestAnimationFrame)")

    async def screen(self) -> dict[str, list[str | float]]:
        """What lies where, in board units: the same on equal screens, wherever each person looks."""
        found: dict[str, list[str | float]] = await self.page.locator(".world").evaluate(
            """world => Object.fromEntries([...world.querySelectorAll('[data-id]')].map(e => [e.dataset.id,
                [e.dataset.type, e.getAttribute('aria-label'), e.offsetWidth, e.offsetHeight]]))"""
        )
        return found

    # --- the network ----------------------------------------------------------------------------

    async def go_offline(self) -> None:
        """Lose the network, as in a hall's Wi-Fi: connections die, and the browser knows it."""
        self.proxy.refuses = True
        self.proxy.cut()
        await self.page.context.set_offline(True)
        await expect(self.page.locator("[data-status]")).to_have_attribute(
            "data-status", re.compile("offline|reconnecting")
        )

    async def come_back(self) -> None:
        """Have the network again, and wait until all is saved."""
        self.proxy.refuses = False
        await self.page.context.set_offline(False)
        await self.wait_saved()
