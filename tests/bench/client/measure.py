"""What is measured of one whiteboard with one scene (see ``__main__``)."""

from __future__ import annotations

import asyncio
from typing import Any, TypeAlias

from playwright.async_api import Browser, Page
from tablecloth.bench.server import measured_server

from tests.bench.client import ours
from tests.bench.client.boards import PROBE, Board, Ours, Peer, Weight
from tests.bench.client.scene import Thing

Found: TypeAlias = dict[str, Any]
"""Figures by name; what is missing was not reached in time."""

NEAR, FAR = 0.6, 0.15
HALF = 10_000
_MS = 4000
_OTHERS = 100
_CHANGES_PER_S = 200
_KEYS = 60
_BETWEEN_KEYS_S = 0.1
_HOUR = 20_000
"""Changes of an hour's busy workshop: thirty people, one in five of whom writes at any time, one change a second."""
_AT_A_TIME = 10


def at(values: list[float], share: float) -> float:
    """A percentile, in the values' unit; nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


async def fresh(browser: Browser) -> Page:
    """A page of a person who was never here."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = await context.new_page()
    await page.add_init_script(PROBE)
    return page


async def frames(page: Page, board: Board, told: Found) -> None:
    """Frame times, in ms: panning near, zooming in and out, panning far out."""
    await board.look_at_middle(page)
    told["near"] = await page.evaluate(f"probe.reach({NEAR})")
    for name, act in (
        ("still", "probe.still(1000)"),
        ("pan near", f"probe.pan({_MS})"),
        ("zoom", f"probe.zoomed({_MS}, {NEAR}, {FAR})"),
    ):
        told[name] = spread(await page.evaluate(act))
    told["far"] = await page.evaluate(f"probe.reach({FAR})")
    told["pan far"] = spread(await page.evaluate(f"probe.pan({_MS})"))


def spread(times: list[float]) -> Found:
    """What is told of frame times."""
    return {"p50": at(times, 0.5), "p95": at(times, 0.95), "most": max(times), "frames": len(times)}


async def heap(page: Page) -> float:
    """Of the page's scripts, after a collection, in MB."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"]) / 1e6


async def write(page: Page, board: Board) -> list[float]:
    """Type at ten keys a second; ms from each key to its letter."""
    await board.write_somewhere(page)
    await page.evaluate("probe.strokes.length = 0")
    for number in range(_KEYS):
        await page.keyboard.press("etaoin"[number % 6])
        # Nothing is waited for: this is the typist's pace, ten keys a second.
        await asyncio.sleep(_BETWEEN_KEYS_S)
    times: list[float] = await page.evaluate("probe.strokes")
    await page.keyboard.press("Escape")
    return times


async def measure_ours(browser: Browser, things: list[Thing], is_half: bool, told: Found) -> None:
    """Measure Tablecloth into ``told``; what is there already stays if the rest takes too long."""
    with measured_server() as server:
        door = ours.new_door(server)
        await ours.lay(door, things)
        page = await fresh(browser)
        weight = Weight(page)
        board = Ours(door)
        told["open"] = await board.open(page)
        if is_half:
            told["weight"] = await weight.weigh()
        await frames(page, board, told)
        if is_half:
            told["heap"] = await heap(page)
            others = ours.Others(door, _OTHERS)
            await others.enter()
            await page.evaluate(f"probe.reach({NEAR})")
            busy = asyncio.ensure_future(others.edit(_CHANGES_PER_S, _KEYS * 0.13 + 1))
            told["strokes"] = await write(page, board)
            await busy
            await others.edit(_HOUR / 20, 20)
            others.leave()
            await page.evaluate("probe.settled()")
            told["heap after"] = await heap(page)
        await page.context.close()


async def measure_peer(browser: Browser, peer: Peer, things: list[Thing], is_half: bool, told: Found) -> None:
    """The same for another whiteboard."""
    page = await fresh(browser)
    weight = Weight(page)
    told["open"] = await peer.open(page)
    if is_half:
        told["weight"] = await weight.weigh()
    await frames(page, peer, told)
    if is_half:
        told["heap"] = await heap(page)
        ids = [thing["id"] for thing in things if thing["type"] == "note"][:1000]
        # Others' changes come some twenty times a second, as a room sends them.
        await page.evaluate(
            """([ids, each, ms]) => { let at = 0; window.crowd = setInterval(() => {
                 peer.change(Array.from({ length: each }, (_, one) => ids[(at += 7) % ids.length])); }, ms); }""",
            [ids, _CHANGES_PER_S // 20, 50],
        )
        told["strokes"] = await write(page, peer)
        await page.evaluate("clearInterval(window.crowd)")
        hour = """async ([ids, rounds, each]) => { let at = 0; for (let round = 0; round < rounds; round += 1) {
             peer.change(Array.from({ length: each }, () => ids[(at += 7) % ids.length]));
             await new Promise((done) => setTimeout(done, 0)); } }"""
        await page.evaluate(hour, [ids, _HOUR // _AT_A_TIME, _AT_A_TIME])
        await page.evaluate("probe.settled()")
        told["heap after"] = await heap(page)
    await page.context.close()
