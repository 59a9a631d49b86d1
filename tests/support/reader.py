"""What a screen reader would find: the accessibility tree as Chromium computes it, and what live regions say.

reader = await Reader.of(page)
await reader.focused()        the node that has the focus: role, name and states
await reader.rows()           the rows of the outline's tree
await reader.heard("Moved")   wait until a live region has said something like that
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import CDPSession, Page

LISTEN = """() => {
  window.__heard = [];
  const regions = document.querySelectorAll('[aria-live]');
  for (const region of regions) {
    const kind = region.getAttribute('aria-live');
    new MutationObserver(() => {
      const text = region.textContent.replace(/\\s+/g, ' ').trim();
      if (text !== '') window.__heard.push([kind, text]);
    }).observe(region, { childList: true, subtree: true, characterData: true });
  }
  return regions.length;
}"""


@dataclass(frozen=True)
class Node:
    """A node of the accessibility tree."""

    role: str
    name: str
    states: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> int:
        return int(self.states.get("level", 0))

    @property
    def is_expanded(self) -> bool | None:
        value = self.states.get("expanded")
        return None if value is None else bool(value)


def _node(raw: dict[str, Any]) -> Node:
    states = {one["name"]: one["value"].get("value") for one in raw.get("properties", [])}
    return Node(
        raw.get("role", {}).get("value", ""),
        str(raw.get("name", {}).get("value", "")),
        states,
    )


class Reader:
    """Listens to one page."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page = page
        self._session = session

    @classmethod
    async def of(cls, page: Page) -> Self:
        """Begin to listen. Both live regions must be there already: one that comes with its words is mute."""
        session = await page.context.new_cdp_session(page)
        await session.send("Accessibility.enable")
        assert await page.evaluate(LISTEN) >= 2
        return cls(page, session)

    async def nodes(self) -> list[Node]:
        """All nodes that are not ignored, in reading order."""
        found = await self._session.send("Accessibility.getFullAXTree")
        return [_node(raw) for raw in found["nodes"] if not raw.get("ignored", False)]

    async def focused(self) -> Node:
        """What has the focus."""
        handle = await self._session.send("Runtime.evaluate", {"expression": "document.activeElement"})
        found = await self._session.send(
            "Accessibility.getPartialAXTree",
            {"objectId": handle["result"]["objectId"], "fetchRelatives": False},
        )
        return _node(found["nodes"][0])

    async def rows(self) -> list[Node]:
        """The rows of the outline's tree."""
        return [node for node in await self.nodes() if node.role == "treeitem"]

    async def stands_on(self, role: str, name: str | re.Pattern[str]) -> Node:
        """Wait until the focus is on something with this role and (a part of) this name."""
        node = Node("", "")
        try:
            async with asyncio.timeout(8):
                while True:
                    node = await self.focused()
                    if node.role == role and re.search(name, node.name):
                        return node
                    await self.page.evaluate("new Promise(requestAnimationFrame)")
        except TimeoutError:
            raise AssertionError(f"the focus is on {node}, not on {role} {name}") from None

    async def said(self) -> list[tuple[str, str]]:
        """All that live regions said since the last `forget`: politely or assertively, and what."""
        return [(kind, text) for kind, text in await self.page.evaluate("window.__heard")]

    async def forget(self) -> None:
        await self.page.evaluate("window.__heard.length = 0")

    async def heard(self, words: str, kind: str = "polite", within_s: float = 12) -> str:
        """Wait until a live region of that kind has said something that matches; what it said."""
        said: list[tuple[str, str]] = []
        try:
            async with asyncio.timeout(within_s):
                while True:
                    said = await self.said()
                    for one, text in said:
                        if one == kind and re.search(words, text):
                            return text
                    await self.page.evaluate("new Promise(requestAnimationFrame)")
        except TimeoutError:
            raise AssertionError(f"nobody said {words}, but {said}") from None
