"""A real Chromium for tests, and people in front of it.

    chromium        the browser: one for all tests, in which each person has a profile of their own
    house           a server with two workers, one for all tests: each begins a space of its own
    people          makes participants: `await people.start("Title", "Ada")`, `await people.join(link, "Ben")`

Each person has a browser profile and a network of their own (a proxy that can be cut), so that two are
never one. They come by a name that is no localhost, over plain http: no secure context, as in a hall
(TRAPS 21). What fails leaves a picture of every page in `.build/pictures/`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright, expect

from tests.support.chromium import find_chromium, launch_flags
from tests.support.person import HALL, Person
from tests.support.proxy import Proxy
from tests.support.server import Server
from tests.support.shared_server import unharmed

PICTURES = Path(__file__).resolve().parents[2] / ".build" / "pictures"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
__all__ = ["DESK", "PHONE", "People", "chromium", "house", "people"]
PATIENCE_MS = 20_000
"""How long a test waits for a state. Ample: a busy machine must not fail it, and a good one never waits."""


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
        reads_agreement = options.pop("reads_agreement", False)
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
        person.reads_agreement = reads_agreement
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


# Chromium and the driver in front of it take seconds to start, and hang on the loop that started them: so
# whoever asks for people shares one loop with all others who do.
_TOGETHER: Final = "session"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests with people in the loop of their browser."""
    for item in items:
        if isinstance(item, pytest.Function) and "people" in item.fixturenames:
            item.add_marker(pytest.mark.asyncio(loop_scope=_TOGETHER), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope=_TOGETHER)
async def _playwright() -> AsyncIterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(scope="session", loop_scope=_TOGETHER)
async def _chromium(_playwright: Playwright) -> AsyncIterator[list[Browser]]:
    """The browsers that were started; the last is the living one."""
    started: list[Browser] = []
    yield started
    for browser in started:
        await browser.close()


@pytest_asyncio.fixture(loop_scope=_TOGETHER)
async def chromium(_playwright: Playwright, _chromium: list[Browser]) -> Browser:
    """The Chromium of all tests; another one if a test has ended it."""
    if not _chromium or not _chromium[-1].is_connected():
        flags = [*launch_flags(), f"--host-resolver-rules=MAP {HALL} 127.0.0.1"]
        _chromium.append(await _playwright.chromium.launch(executable_path=find_chromium(), args=flags))
    return _chromium[-1]


@pytest.fixture(scope="session")
def house() -> Iterator[Server]:
    """A server for everybody who does it no harm."""
    with Server(workers=2) as server, unharmed(server):
        yield server


@pytest_asyncio.fixture(loop_scope=_TOGETHER)
async def people(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[People]:
    """Makes the participants of a test: on the server that it asks for (its own `server`, to harm it, or the
    module's `hall`), else in everybody's `house`.
    """
    asked = [name for name in ("server", "hall") if name in request.fixturenames]
    running: Server = request.getfixturevalue(asked[0] if asked else "house")
    made = People(chromium, running)
    yield made
    has_failed = request.node.stash.get(_HAS_FAILED, False)
    await made.close(re.sub(r"\W+", "-", request.node.name), has_failed)
    assert not made.complaints, made.complaints
