"""Somebody at a page who does one thing after another at random, by mouse and keys, on whatever is there.

What an act is about is chosen from what this person's screen shows, so a seed gives the same wishes and not
quite the same walk: what came through from the others by then differs. An act that finds nothing to do, or
whose thing somebody takes away meanwhile, is passed over and counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from playwright.async_api import Error, Locator

from tests.support.person import Person

_PATIENCE_MS = 2_500
_WORDS = ["tea", "why?", "somewhere", "a door", "ممكن", "ŵyneb", "👩🏽‍🌾 soil", "\n", "together "]
_FULL = 16
"""Things on the board above which few are added."""
_ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
_WRITTEN = {"note", "zone", "connector", "shape"}
_SCREEN = """world => {
    const byId = (a, b) => (a.dataset.id < b.dataset.id ? -1 : 1);
    const things = [...world.querySelectorAll('[data-id]')].sort(byId);
    const first = things[0];
    const px = (thing, side) => Math.round(parseFloat(thing.style[side]) - parseFloat(first.style[side]));
    return things.map(thing => [thing.dataset.id, thing.dataset.type, thing.getAttribute('aria-label'),
        [...thing.querySelectorAll('.flow, .name, .label')].map(words => words.textContent),
        px(thing, 'left'), px(thing, 'top'), thing.offsetWidth, thing.offsetHeight]);
}"""
_KEPT = """async ([seq]) => {
    // As when the browser is about to stop the page: everything is kept.
    document.dispatchEvent(new Event('freeze'));
    const open = () => new Promise((resolve, reject) => {
        const request = indexedDB.open('tablecloth');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const db = await open();
    const all = await new Promise((resolve) => {
        const request = db.transaction('states').objectStore('states').getAll();
        request.onsuccess = () => resolve(request.result);
    });
    db.close();
    const mine = all.find((state) => state.seq === seq);
    return mine === undefined ? null : [...mine.data];
}"""


class Walker:
    """One person on a walk. ``done``: acts by name; ``passed``: acts that came to nothing."""

    def __init__(self, person: Person, random: Random) -> None:
        self.person = person
        self.page = person.page
        self.random = random
        self.done: dict[str, int] = {}
        self.passed = 0
        self.is_away = False

    async def walk(self, acts: int) -> None:
        """Do so many acts."""
        for _ in range(acts):
            name = self.random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
            did = False
            with contextlib.suppress(Error, AssertionError):
                act: Callable[[], Awaitable[bool]] = getattr(self, f"_{name}")
                did = await act()
            self.done[name] = self.done.get(name, 0) + did
            self.passed += not did
            if not did:
                await self._sober()

    async def rest(self) -> None:
        """Come back to the network and let go of everything."""
        await self._online()
        await self._sober()

    async def _sober(self) -> None:
        for _ in range(3):
            await self.page.keyboard.press("Escape")

    # --- finding --------------------------------------------------------------------------------

    async def _things(self) -> list[tuple[str, str]]:
        return [(thing.id, thing.type) for thing in await self.person.things()]

    async def _focus(self, kinds: set[str] | None = None) -> str | None:
        """Give the keyboard to a thing, by which it is chosen too; its id."""
        things = [ident for ident, kind in await self._things() if kinds is None or kind in kinds]
        if not things:
            return None
        ident = self.random.choice(things)
        has_it = await self.page.evaluate(
            """ident => {
                const thing = document.querySelector(`.world [data-id="${ident}"]`);
                thing?.focus();
                return thing !== null && document.activeElement === thing;
            }""",
            ident,
        )
        return ident if has_it else None

    def _place(self) -> tuple[float, float]:
        return self.random.randrange(250, 950), self.random.randrange(180, 640)

    def _textbox(self) -> Locator:
        return self.page.locator(".board textarea")

    async def _press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    # --- acts -----------------------------------------------------------------------------------

    async def _add(self) -> bool:
        if len(await self._things()) >= _FULL and self.random.random() < 0.85:
            return await self._write()
        await self.person.surface.focus()
        await self._press("n")
        await self._textbox().wait_for(timeout=_PATIENCE_MS)
        await self.page.keyboard.insert_text(self.random.choice(_WORDS))
        await self._press("Escape")
        return True

    async def _zone(self) -> bool:
        if len(await self._things()) >= _FULL:
            return await self._move()
        await self.person.surface.focus()
        await self._press("z", "Enter")
        await self._textbox().wait_for(timeout=_PATIENCE_MS)
        await self.page.keyboard.insert_text("zone ")
        await self._press("Escape")
        return True

    async def _write(self) -> bool:
        if await self._focus(_WRITTEN) is None:
            return False
        await self._press("Enter")
        await self._textbox().wait_for(timeout=_PATIENCE_MS)
        await self._press(self.random.choice(["Control+Home", "Control+End", "End"]))
        for _ in range(self.random.randrange(1, 4)):
            if self.random.random() < 0.3:
                await self._press(self.random.choice(["Backspace", "Delete", "Shift+ArrowLeft", "ArrowLeft"]))
            else:
                await self.page.keyboard.insert_text(self.random.choice(_WORDS))
        await self._press("Escape")
        return True

    async def _move(self) -> bool:
        if await self._focus() is None:
            return False
        way = self.random.choice(_ARROWS)
        await self._press(*[self.random.choice(["", "Shift+"]) + way] * self.random.randrange(1, 6))
        return True

    async def _drag(self) -> bool:
        ident = await self._focus({"note", "zone", "shape", "ink"})
        if ident is None:
            return False
        box = await self.person.thing(ident).bounding_box(timeout=_PATIENCE_MS)
        if box is None:
            return False
        x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 30)
        if not (150 < x < 1000 and 120 < y < 700):
            return False
        dx, dy = self.random.randrange(-90, 90), self.random.randrange(-70, 70)
        await self.person.drag((x, y), (x + dx, y + dy))
        return True

    async def _resize(self) -> bool:
        if await self._focus({"note", "zone", "shape"}) is None:
            return False
        way = self.random.choice(_ARROWS)
        await self._press(*["Alt+" + way] * self.random.randrange(1, 5))
        return True

    async def _recolour(self) -> bool:
        if await self._focus() is None:
            return False
        await self._press("c")
        swatches = self.page.get_by_role("radiogroup").get_by_role("radio")
        await swatches.first.wait_for(timeout=_PATIENCE_MS)
        await swatches.nth(self.random.randrange(await swatches.count())).click(timeout=_PATIENCE_MS)
        return True

    async def _connect(self) -> bool:
        if await self._focus({"note", "zone", "shape"}) is None or len(await self._things()) >= _FULL + 4:
            return False
        await self._press("l", self.random.choice(_ARROWS), "Enter")
        await self._sober()
        return True

    async def _draw(self) -> bool:
        if len(await self._things()) >= _FULL:
            return False
        await self.person.surface.focus()
        await self._press("d")
        start = self._place()
        way = [(start[0] + self.random.randrange(80), start[1] + self.random.randrange(60)) for _ in range(3)]
        await self.person.drag(start, *way)
        await self._press("v")
        return True

    async def _aside(self) -> bool:
        if await self._focus() is None:
            return False
        await self._press("Delete")
        return True

    async def _back(self) -> bool:
        buttons = self.page.get_by_role("button", name="Bring back")
        count = await buttons.count()
        if count == 0:
            return False
        await buttons.nth(self.random.randrange(count)).click(timeout=_PATIENCE_MS)
        return True

    async def _undo(self) -> bool:
        await self.person.surface.focus()
        await self._press(*["Control+z"] * self.random.randrange(1, 4))
        return True

    async def _redo(self) -> bool:
        await self.person.surface.focus()
        await self._press(*["Control+Shift+z"] * self.random.randrange(1, 3))
        return True

    async def _order(self) -> bool:
        if await self._focus() is None:
            return False
        await self._press(self.random.choice(["]", "["]))
        return True

    async def _arrange(self) -> bool:
        """What is done to several at once: group, part, duplicate; keys that mean nothing are no harm."""
        await self.person.surface.focus()
        if len(await self._things()) < 2 * _FULL:
            await self._press("Control+a")
            for _ in range(self.random.randrange(3)):
                await self._focus()
        await self._press(self.random.choice(["Control+g", "Control+Shift+g"]))
        await self._sober()
        return True

    async def _duplicate(self) -> bool:
        if len(await self._things()) >= _FULL or await self._focus() is None:
            return False
        await self._press("Control+d")
        return True

    # --- the network ----------------------------------------------------------------------------

    async def _cut(self) -> bool:
        self.person.proxy.cut()
        return True

    async def _hang(self) -> bool:
        """The connection is there and carries nothing, until it is cut or carries on."""
        self.person.proxy.freeze()
        await self._write()
        await self._move()
        if self.random.random() < 0.5:
            self.person.proxy.cut()
        self.person.proxy.thaw()
        return True

    async def _leave(self) -> bool:
        if not self.is_away:
            self.is_away = True
            self.person.proxy.refuses = True
            self.person.proxy.cut()
            await self.page.context.set_offline(True)
        return True

    async def _online(self) -> bool:
        self.person.proxy.thaw()
        self.person.proxy.refuses = False
        if self.is_away:
            self.is_away = False
            await self.page.context.set_offline(False)
        return True

    # --- at the end -----------------------------------------------------------------------------

    async def screen(self) -> list[Any]:
        """All that is drawn: what it is, its words, where it lies beside the others, how large it is."""
        found: list[Any] = await self.page.locator(".world").evaluate(_SCREEN)
        return found

    async def canonical_hash(self) -> str:
        """Of the board as this page has folded it, from what it keeps on the device (FOLD-70)."""
        seq, _ = await self.person.tip()
        async with asyncio.timeout(20):
            while (data := await self.page.evaluate(_KEPT, [seq])) is None:
                await self.page.evaluate("new Promise(requestAnimationFrame)")
        return hashlib.sha256(bytes(data)).hexdigest()


_WEIGHTS = {
    "add": 6,
    "zone": 1,
    "write": 12,
    "move": 6,
    "drag": 4,
    "resize": 3,
    "recolour": 4,
    "connect": 2,
    "draw": 3,
    "aside": 4,
    "back": 4,
    "undo": 6,
    "redo": 4,
    "order": 3,
    "arrange": 2,
    "duplicate": 2,
    "cut": 3,
    "hang": 1,
    "leave": 2,
    "online": 4,
}
