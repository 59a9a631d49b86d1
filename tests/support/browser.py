"""A real Chromium for tests, and people in front of it.

    chromium        the browser, one a test
    people          makes participants: `await people.start("Title", "Ada")`, `await people.join(link, "Ben")`

Each person has a browser profile and a network of their own (a proxy that can be cut), so that two are
never one. They come by a name that is no localhost, over plain http: no secure context, as in a hall
(TRAPS 21). What fails leaves a picture of every page in `.build/pictures/`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.support.chromium import find_chromium, launch_flags
from tests.support.person import HALL, Person
from tests.support.proxy import Proxy
from tests.support.server import Server

PICTURES = Path(__file__).resolve().parents[2] / ".build" / "pictures"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
__all__ = ["DESK", "PHONE", "People", "chromium", "people"]


class People:
    """Those who take part in one test."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser = browser
        self._server = server
        self._contexts: list[BrowserContext] = []
        self._proxies: list[Proxy] = []
        self.all: list[Person] = []
        self.complaints: list[str] = []
        """What pages wrote to their console as an error, and what they threw."""

    async def person(
        self, size: dict[str, int] | None = None, is_phone: bool = False, **options: Any
    ) -> Person:
        """Somebody with a browser of their own, on no page yet."""
        viewport: Any = size or (PHONE if is_phone else DESK)
        context = await self._browser.new_context(
            viewport=viewport,
            has_touch=is_phone,
            is_mobile=is_phone,
            locale=options.pop("locale", "en-GB"),
            **options,
        )
        self._contexts.append(context)
        proxy = await Proxy(to=("127.0.0.1", self._server.port)).__aenter__()
        self._proxies.append(proxy)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))
        person = Person(page, proxy)
        self.all.append(person)
        return person

    def _hear(self, kind: str, text: str) -> None:
        # A server that is killed in a test makes Chromium write lines of its own about the network.
        if kind == "error" and not re.search(r"WebSocket|ERR_|Failed to load resource", text):
            self.complaints.append(text)

    async def start(self, title: str, name: str = "", **options: Any) -> Person:
        """Somebody who starts a space on the start page."""
        person = await self.person(**options)
        await person.start(title, name)
        return person

    async def join(self, link: str, name: str = "", **options: Any) -> Person:
        """Somebody who opens a link."""
        person = await self.person(**options)
        await person.join(link, name)
        return person

    async def close(self, test: str, has_failed: bool) -> None:
        """Take a picture of every page if the test failed, and close them."""
        for number, person in enumerate(self.all):
            if has_failed and not person.page.is_closed():
                PICTURES.mkdir(parents=True, exist_ok=True)
                await person.page.screenshot(path=PICTURES / f"{test}-{number}.png")
        for context in self._contexts:
            await context.close()
        for proxy in self._proxies:
            await proxy.__aexit__(None, None, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let fixtures know how the test itself went."""
    report = yield
    if report.when == "call":
        item.stash[_HAS_FAILED] = report.failed
    return report


_HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium of this test's own."""
    async with async_playwright() as playwright:
        flags = [*launch_flags(), f"--host-resolver-rules=MAP {HALL} 127.0.0.1"]
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        await browser.close()


@pytest.fixture
async def people(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[People]:
    """Makes the participants of a test: on the module's server with two workers (`hall`), or on the test's
    own (`server`) if it asks for that one to harm it.
    """
    running: Server = request.getfixturevalue("server" if "server" in request.fixturenames else "hall")
    made = People(chromium, running)
    yield made
    has_failed = request.node.stash.get(_HAS_FAILED, False)
    await made.close(re.sub(r"\W+", "-", request.node.name), has_failed)
    assert not made.complaints, made.complaints
