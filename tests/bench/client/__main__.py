"""Measure the page beside Excalidraw and tldraw, in one Chromium, one run: `make bench-client`.

For 1,000, 10,000 and 50,000 mixed things (scene.py): how long frames take while a hand pans and zooms; how long
from the link to a board that can be edited; from a key to its letter while a hundred others edit; how much
is fetched before the first edit; how large the heap is after an hour's busy workshop. Wheel events are made
in the page, one a frame, so that nothing but the page is measured. Frames come sixty times a second at most.

What the peers get is what their own pages would: a board in their own format, their own way for changes that
come from others (`updateScene`, `mergeRemoteChanges`), without a network.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from tablecloth.bench.server import measured_server

from tests.bench.client import ours
from tests.bench.client.boards import PROBE, Board, Ours, Peer, Weight, prepare
from tests.bench.client.pages import serving
from tests.bench.client.scene import Thing, mixed
from tests.support.chromium import find_chromium, launch_flags

NEAR, FAR = 0.6, 0.15
HALF = 10_000
_MS = 4000
_OTHERS = 100
_CHANGES_PER_S = 200
_KEYS = 60
_BETWEEN_KEYS_S = 0.1
_HOUR = 20_000
"""Changes of an hour's busy workshop: thirty people, one in five of whom writes at any time, at one change a second."""
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


async def frames(page: Page, board: Board) -> dict[str, Any]:
    """Frame times, in ms: panning near, zooming in and out, panning far out."""
    await board.look_at_middle(page)
    near = await page.evaluate(f"probe.reach({NEAR})")
    told: dict[str, Any] = {"near": near}
    for name, act in (
        ("still", "probe.still(1000)"),
        ("pan near", f"probe.pan({_MS})"),
        ("zoom", f"probe.zoomed({_MS}, {NEAR}, {FAR})"),
    ):
        times = await page.evaluate(act)
        told[name] = {"p50": at(times, 0.5), "p95": at(times, 0.95), "most": max(times), "frames": len(times)}
    told["far"] = await page.evaluate(f"probe.reach({FAR})")
    times = await page.evaluate(f"probe.pan({_MS})")
    told["pan far"] = {"p50": at(times, 0.5), "p95": at(times, 0.95), "most": max(times), "frames": len(times)}
    return told


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


async def measure_ours(browser: Browser, things: list[Thing], is_half: bool) -> dict[str, Any]:
    with measured_server() as server:
        door = ours.new_door(server)
        await ours.lay(door, things)
        page = await fresh(browser)
        weight = Weight(page)
        board = Ours(door)
        told: dict[str, Any] = {"open": await board.open(page)}
        if is_half:
            told["weight"] = await weight.weigh()
        told["frames"] = await frames(page, board)
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
    return told


async def measure_peer(browser: Browser, peer: Peer, things: list[Thing], is_half: bool) -> dict[str, Any]:
    page = await fresh(browser)
    weight = Weight(page)
    told: dict[str, Any] = {"open": await peer.open(page)}
    if is_half:
        told["weight"] = await weight.weigh()
    told["frames"] = await frames(page, peer)
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
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(600):
                await page.evaluate(hour, [ids, _HOUR // _AT_A_TIME, _AT_A_TIME])
        await page.evaluate("probe.settled()")
        told["heap after"] = await heap(page)
    await page.context.close()
    return told


async def run(counts: list[int], names: list[str], say: Callable[[str], None]) -> dict[str, Any]:
    """All of it; by board and number of things."""
    told: dict[str, Any] = {}
    async with async_playwright() as playwright:
        flags = [*launch_flags(), "--js-flags=--expose-gc"]
        with tempfile.TemporaryDirectory(prefix="tablecloth-scenes-") as folder, serving(Path(folder)) as address:
            for count in counts:
                things = mixed(count)
                (Path(folder) / f"{count}.json").write_text(json.dumps(things), encoding="utf-8")
                for name in names:
                    say(f"… {name}, {count:,} things")
                    browser = await playwright.chromium.launch(executable_path=find_chromium(), args=flags)
                    try:
                        if name == "Tablecloth":
                            found = await measure_ours(browser, things, count == HALF)
                        else:
                            context = await browser.new_context()
                            await prepare(context, name.lower(), address, str(count), Path(folder))
                            await context.close()
                            peer = Peer(name, address, str(count), things)
                            found = await measure_peer(browser, peer, things, count == HALF)
                    except Exception as problem:  # noqa: BLE001 (a peer that can't is a finding)
                        found = {"gave up": str(problem).splitlines()[0]}
                    finally:
                        await browser.close()
                    told[f"{name} {count}"] = found
                    say(line(found))
    return told


def line(found: dict[str, Any]) -> str:
    """One finding in a line or two, for people."""
    if "gave up" in found:
        return f"  gave up: {found['gave up']}"
    parts = [f"editable after {found['open'] / 1000:.2f} s"]
    for name in ("still", "pan near", "zoom", "pan far"):
        one = found["frames"][name]
        parts.append(f"{name} p50 {one['p50']:.1f} p95 {one['p95']:.1f} ms ({one['frames']} frames)")
    if "strokes" in found:
        strokes = found["strokes"]
        parts.append(f"key to letter p50 {at(strokes, 0.5):.1f} p95 {at(strokes, 0.95):.1f} ms ({len(strokes)} keys)")
        weights = found["weight"]
        code = sum(weights.get(kind, 0) for kind in ("script", "stylesheet", "document"))
        parts.append(f"{code / 1000:.0f} kB before the first edit, fonts {weights.get('font', 0) / 1000:.0f} kB")
        parts.append(f"heap {found['heap']:.0f} MB, after an hour {found['heap after']:.0f} MB")
    return "  " + "; ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--things", default="1000,10000,50000", help="how many (1000,10000,50000)")
    parser.add_argument("--boards", default="Tablecloth,Excalidraw,tldraw", help="which")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    asked = parser.parse_args()
    counts = [int(count) for count in asked.things.split(",")]
    told = asyncio.run(run(counts, asked.boards.split(","), lambda words: print(words, flush=True)))
    if asked.json is not None:
        asked.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
