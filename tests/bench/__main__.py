"""What an edit costs this side, from the bytes of its message to the bytes for everybody: ``make bench``."""

from __future__ import annotations

import gc
import hashlib
import sys
import time

import uvloop

from tests.bench.hall import Hall

ROUNDS, REPEATS = 20, 10


def unit_us() -> float:
    """Microseconds that this machine takes just now for a fixed piece of plain work: 100 × SHA-256 of 200 bytes
    and a loop of 1,000 additions.
    """
    best = 1e9
    data = bytes(200)
    for _ in range(20):
        began = time.thread_time()
        for _ in range(100):
            hashlib.sha256(data).digest()
        total = 0
        for step in range(1000):
            total += step
        best = min(best, time.thread_time() - began)
    return best * 1e6


async def cost(clients: int, boards: int, edits: int) -> tuple[float, float, float]:
    """(microseconds an edit, the same in units, messages an edit), the best of some."""
    hall = Hall(clients, boards)
    await hall.open()
    for _ in range(5):
        await hall.round(edits)
    gc.collect()
    best, best_units, frames = 1e9, 1e9, 0.0
    hall.is_counting = True
    for _ in range(REPEATS):
        unit = unit_us()
        hall.cpu_s, hall.edits, hall.frames = 0.0, 0, 0
        for _ in range(ROUNDS):
            await hall.round(edits)
        us = hall.cpu_s / hall.edits * 1e6
        best, best_units = min(best, us), min(best_units, us / max(unit, unit_us()))
        frames = hall.frames / hall.edits
    assert not hall.refusals(), hall.refusals()
    await hall.worker.stop()
    return best, best_units, frames


def main() -> None:
    plans = [(500, 20, 40), (500, 20, 120), (500, 20, 300), (100, 1, 30), (500, 1, 120)]
    if len(sys.argv) > 1:
        plans = [tuple(map(int, sys.argv[1].split(",")))]  # type: ignore[misc]
    print("clients boards edits/tick   µs/edit   units  messages/edit")
    for clients, boards, edits in plans:
        us, units, frames = uvloop.run(cost(clients, boards, edits))
        print(f"{clients:7} {boards:6} {edits:10} {us:9.1f} {units:7.3f} {frames:10.2f}")


main()
