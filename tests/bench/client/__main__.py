"""Measure the page beside Excalidraw and tldraw, in one Chromium, one run: `make bench-client`.

For 1,000, 10,000 and 50,000 mixed things (scene.py): how long frames take while a hand pans and zooms; how
long from the link to a board that can be edited; from a key to its letter while a hundred others edit; how much
is fetched before the first edit; how large the heap is after an hour's busy workshop. Wheel events are made
in the page, one a frame, so that nothing but the page is measured. Frames come sixty times a second at most.

What the peers get is what their own pages would: a board in their own format, their own way for changes that
come from others (`updateScene`, `mergeRemoteChanges`), without a network.

Each board has so many seconds for a scene (``--patience``); what it did not reach by then is told as "more
than …", so that all nine take less than twelve minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.bench.client.boards import Peer, prepare
from tests.bench.client.measure import HALF, Found, measure_ours, measure_peer
from tests.bench.client.pages import serving
from tests.bench.client.report import line, table
from tests.bench.client.scene import Thing, mixed
from tests.support.chromium import find_chromium, launch_flags

NAMES = ("Tablecloth", "Excalidraw", "tldraw")
PATIENCE_S = 80.0
_OURS_LONGER = 2.0
"""Tablecloth's things are brought through its own door first, and at 10,000 a hundred people come in."""


async def bounded(
    browser: Browser, name: str, things: list[Thing], folder: Path, address: str, patience_s: float
) -> Found:
    """Measure one board with one scene, as far as it comes in its time."""
    told: Found = {}
    count = len(things)
    bound_s = patience_s * (_OURS_LONGER if name == "Tablecloth" else 1)
    try:
        async with asyncio.timeout(bound_s):
            if name == "Tablecloth":
                await measure_ours(browser, things, count == HALF, told)
                return told
            context = await browser.new_context()
            await prepare(context, name.lower(), address, str(count), folder)
            await context.close()
            await measure_peer(browser, Peer(name, address, str(count), things), things, count == HALF, told)
    except TimeoutError:
        told["stopped"] = f"more than {bound_s:.0f} s"
    except Exception as problem:  # noqa: BLE001 (a board that can't is a finding)
        told["stopped"] = f"gave up ({str(problem).splitlines()[0]})"
    return told


async def run(
    counts: list[int], names: list[str], patience_s: float, say: Callable[[str], None]
) -> dict[tuple[str, int], Found]:
    """All of it; by board and number of things."""
    told: dict[tuple[str, int], Found] = {}
    async with async_playwright() as playwright:
        flags = [*launch_flags(), "--js-flags=--expose-gc"]
        with (
            tempfile.TemporaryDirectory(prefix="tablecloth-scenes-") as folder,
            serving(Path(folder)) as address,
        ):
            for count in counts:
                things = mixed(count)
                (Path(folder) / f"{count}.json").write_text(json.dumps(things), encoding="utf-8")
                for name in names:
                    say(f"… {name}, {count:,} things")
                    browser = await playwright.chromium.launch(executable_path=find_chromium(), args=flags)
                    try:
                        found = await bounded(browser, name, things, Path(folder), address, patience_s)
                    finally:
                        await browser.close()
                    told[name, count] = found
                    say(line(found))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--things", default="1000,10000,50000", help="how many (1000,10000,50000)")
    parser.add_argument("--boards", default=",".join(NAMES), help=f"which ({','.join(NAMES)})")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE_S, help="seconds for each board and scene (80)"
    )
    parser.add_argument("--json", type=Path, help="where to write all figures")
    asked = parser.parse_args()
    counts = [int(count) for count in asked.things.split(",")]
    names = [name for name in NAMES if name.lower() in asked.boards.lower().split(",")]
    if not names:
        parser.error(f"--boards takes some of {', '.join(NAMES)}")
    told = asyncio.run(run(counts, names, asked.patience, lambda words: print(words, flush=True)))
    print(f"\n{table(told)}", flush=True)
    if asked.json is not None:
        figures = {f"{name} {count}": found for (name, count), found in told.items()}
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
