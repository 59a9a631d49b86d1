"""A participant who makes things on the cloth: shapes, lines, strokes, lists; by mouse, keys and fingers.

A page object beside ``Person``. It waits for what a person would see and never for a time.
"""

from __future__ import annotations

import asyncio

from playwright.async_api import CDPSession, Locator, expect

from tests.support.person import Person

Point = tuple[float, float]
_A_MOMENT = """new Promise(done => {
    const begun = performance.now();
    const look = () => (performance.now() - begun > 120 ? done() : requestAnimationFrame(look));
    look();
})"""
"""As long as a browser looks back for how swift a finger was."""


class Drawer:
    """What ``person`` makes on the cloth."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self._session: CDPSession | None = None

    # --- finding --------------------------------------------------------------------------------

    def of(self, kind: str) -> Locator:
        """Things of a kind: note, shape, connector, ink, image, zone."""
        return self.page.locator(f'.world [data-type="{kind}"]')

    async def ids(self, kind: str) -> list[str]:
        """Their ids, in reading order as far as it is known."""
        found: list[str] = await self.of(kind).evaluate_all("all => all.map(e => e.dataset.id)")
        return found

    def tray(self, name: str) -> Locator:
        """The small choices at the head of the cloth."""
        return self.page.get_by_role("toolbar", name=name)

    async def pick(self, tray: str, choice: str) -> None:
        """Pick one of a tray's choices."""
        await self.tray(tray).get_by_role("radio", name=choice, exact=True).click()

    # --- by mouse and keys ----------------------------------------------------------------------

    async def cloth(self) -> None:
        """Give the keyboard to the cloth, with nothing chosen and no tool in hand."""
        await self.person.surface.focus()
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Escape")
        await self.person.surface.focus()

    async def shape(self, key: str, start: Point, end: Point, words: str) -> str:
        """Take a form by its key, drag it out, and write in it. Its id."""
        known = set(await self.ids("shape"))
        await self.cloth()
        await self.page.keyboard.press(key)
        await self.person.drag(start, end)
        await expect(self.page.locator("textarea")).to_be_focused()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator("textarea")).to_have_count(0)
        return next(one for one in await self.ids("shape") if one not in known)

    async def stroke(self, *way: Point) -> str:
        """Draw with the pen in hand. Its id."""
        known = set(await self.ids("ink"))
        await self.person.draw(*way)
        await expect(self.of("ink")).to_have_count(len(known) + 1)
        return next(one for one in await self.ids("ink") if one not in known)

    # --- by fingers -----------------------------------------------------------------------------

    async def fingers(self, kind: str, *points: Point) -> None:
        """Touch events as a screen sends them."""
        if self._session is None:
            self._session = await self.page.context.new_cdp_session(self.page)
        touches = [{"x": x, "y": y} for x, y in points]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    async def swipe(self, start: Point, end: Point, steps: int = 8, *, rests: bool = False) -> None:
        """One finger from here to there. One that ``rests`` before it is lifted leaves no momentum: else
        Chromium takes the next tap for one that halts it, and makes no click of it.
        """
        await self.fingers("touchStart", start)
        parts = [step / steps for step in range(1, steps + 1)]
        way = [
            (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part) for part in parts
        ]
        # In one breath: a finger that draws and stays still on the way means something else.
        moves = [self.fingers("touchMove", point) for point in way]
        if not rests:
            await asyncio.gather(*moves, self.fingers("touchEnd"))
            return
        await asyncio.gather(*moves)
        await self.page.evaluate(_A_MOMENT)
        await self.fingers("touchMove", end)
        await self.fingers("touchEnd")

    async def tap_tool(self, name: str) -> None:
        """Take a tool by a tap."""
        bar = self.page.get_by_role("toolbar", name="Tools")
        await bar.get_by_role("button", name=name, exact=True).tap()
