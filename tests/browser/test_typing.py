"""Two people's real typing (tests/data/README.md), key by key into one note on two pages: both end with the
same words, and nobody's caret or selection ever leaves the letters that it stood between.

All goes in through the browser's own editing, as `beforeinput` and `input`: by pressed keys, by an input
method that composes, and most of it by the commands with which keyboards of phones write. Who wrote what
when is honoured as far as two pages allow: nobody goes on before the letters of the other that they had seen
then are on their screen (tests/support/keystrokes.py).
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.async_api import CDPSession, expect
from tablecloth.session import author_of

from tests.support.browser import People
from tests.support.chance import chance
from tests.support.keystrokes import Key, Parcel, parcels
from tests.support.person import Person
from tests.support.server import Server
from tests.support.tables import new_table
from tests.support.traces import friends_forever

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

EACH = 2_000
WINDOW = {"width": 720, "height": 540}
"""Small, so that what is measured is writing and not painting."""
_PAGE = (Path(__file__).parents[1] / "support" / "typing_page.js").read_text(encoding="utf-8")


@dataclass
class Typist:
    """One of the two, at a page. ``marks``: steps made, and the tip of the log that has them."""

    person: Person
    keyboard: CDPSession
    random: Random
    marks: dict[int, int] = field(default_factory=lambda: {0: 0})
    other: Typist | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    pressed: int = 0
    composed: int = 0

    async def write(self, work: list[Parcel]) -> None:
        """Type everything, each parcel as soon as one knows enough of the other's."""
        for parcel in work:
            selects = self.random.random() < 0.2
            if selects:  # with the keyboard: some letters stay chosen while the other writes
                await asyncio.gather(*[self._arrow("ArrowLeft", 37, shift=True) for _ in range(4)])
            await self.person.page.evaluate("at => typing.reached(at)", await self._mark_of(parcel.known))
            if selects and await self.person.page.evaluate("typing.isSelected()"):
                await self._arrow("ArrowRight", 39)
            await self._type(parcel)
            self.marks[parcel.end] = await self.person.page.evaluate("typing.saved()")
            self.news.set()

    async def _mark_of(self, known: int) -> int:
        """The tip that has so many of the other's steps."""
        assert self.other is not None
        while True:
            found = [seq for made, seq in self.other.marks.items() if made >= known]
            if found:
                return min(found)
            self.other.news.clear()
            await self.other.news.wait()

    async def _type(self, parcel: Parcel) -> None:
        chosen = self.random.random()
        if chosen < 0.12:
            await self._type_keys(parcel)
        elif chosen < 0.3 and parcel.run.isalpha():
            await self._compose(parcel.run)
        else:
            await self.person.page.evaluate(
                "keys => typing.write(keys)", [asdict(key) for key in parcel.keys]
            )

    async def _type_keys(self, parcel: Parcel) -> None:
        self.pressed += len(parcel.keys)
        for key in parcel.keys:
            if key.place is not None:
                await self.person.page.evaluate("place => typing.goTo(place)", asdict(key.place))
            await self._press(key)

    async def _press(self, key: Key) -> None:
        name = {"": "Backspace", "\n": "Enter"}.get(key.letter, key.letter)
        down: dict[str, Any] = {"type": "keyDown", "key": name}
        if key.letter == "":
            down |= {"windowsVirtualKeyCode": 8, "code": "Backspace"}
        else:
            down |= {"text": "\r" if key.letter == "\n" else key.letter}
        await asyncio.gather(
            self.keyboard.send("Input.dispatchKeyEvent", down),
            self.keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": name}),
        )

    async def _compose(self, words: str) -> None:
        """The same letters by an input method, which takes them back until it is sure."""
        self.composed += 1
        for end in range(1, len(words) + 1):
            part = {"text": words[:end], "selectionStart": end, "selectionEnd": end}
            await self.keyboard.send("Input.imeSetComposition", part)
        await self.keyboard.send("Input.insertText", {"text": words})

    async def _arrow(self, name: str, code: int, shift: bool = False) -> None:
        key = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        for kind in ("keyDown", "keyUp"):
            await self.keyboard.send("Input.dispatchKeyEvent", {"type": kind, **key})


async def seat(people: People, link: str, token: str, space: str, name: str, random: Random) -> Typist:
    """A person whose pseudonym is made from this token, with the page's watch in place."""
    person = await people.person(size=WINDOW)
    await person.page.add_init_script(
        f"localStorage.setItem('tablecloth.token.{space}', '{token}');\n" + _PAGE
    )
    await person.join(link, name)
    return Typist(person, await person.page.context.new_cdp_session(person.page), random)


async def test_two_real_people_write_one_note_and_no_caret_jumps(people: People, house: Server) -> None:
    random, _ = chance("typing")
    first, second, ended = parcels(friends_forever(), EACH)
    table = await new_table(house.http)
    # Where their insertions met, it was agent 0's that stood first (tests/data/README.md).
    tokens = sorted((secrets.token_urlsafe(24) for _ in range(2)), key=lambda t: author_of(table.space, t))
    ada, ben = [
        await seat(people, table.edit_link, token, table.space, name, Random(random.random()))
        for token, name in zip(tokens, ("Ada", "Ben"), strict=True)
    ]
    ada.other, ben.other = ben, ada
    note = await ada.person.add_note("", at=(360, 220))
    await expect(ben.person.thing(note)).to_have_count(1)
    for typist in (ada, ben):
        await typist.person.write(note)
        await typist.person.page.evaluate("typing.begin()")

    async with asyncio.TaskGroup() as group:
        group.create_task(ada.write(first))
        group.create_task(ben.write(second))

    for typist in (ada, ben):
        await typist.person.wait_saved()
    await ada.person.page.evaluate("at => typing.reached(at)", max(ben.marks.values()))
    await ben.person.page.evaluate("at => typing.reached(at)", max(ada.marks.values()))
    words = [await typist.person.page.evaluate("typing.words()") for typist in (ada, ben)]
    assert words[0] == words[1]
    for typist in (ada, ben):
        report = await typist.person.page.evaluate("typing.report()")
        assert report["faults"] == []
        # There was much to be moved by, for carets and for selections, and all ways of writing were used.
        assert report["changes"] > 200
        assert min(report["selected"], typist.pressed, typist.composed) > 0
    assert SequenceMatcher(None, words[0], ended, autojunk=False).ratio() > 0.99
    for typist in (ada, ben):
        await typist.person.leave_note()
    await ada.person.same_as(ben.person)
