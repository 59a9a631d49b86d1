"""What an edit costs this side, from the bytes of its message to the bytes for everybody: ``make bench``.

Printed, not judged. Microseconds depend on the machine and on what else it does just now; ``units`` less so:
each round is compared with a fixed piece of plain work that was done right before and after it, and the
middle one of all rounds stands there. So only units compare two states of the code.

    python -m tests.bench [clients,boards,edits-a-tick …]
"""

from __future__ import annotations

import gc
import hashlib
import statistics
import sys
import time

import uvloop

from tests.bench.hall import Hall
from tests.bench.store import store_cost_s
from tests.bench.typing import cost_s

ROUNDS, WARM = 150, 8
BEHIND = (0, 6, 30, 90)
STORE_PLANS = ((20, 120), (20, 300), (1, 120))
PLANS = ["500,20,40", "500,20,120", "500,20,300", "100,1,30", "500,1,120"]


def unit_s() -> float:
    """CPU seconds of a fixed piece of plain work: a hundred hashes and a loop of a thousand additions."""
    began = time.thread_time()
    data = bytes(200)
    for _ in range(100):
        hashlib.sha256(data).digest()
    total = 0
    for step in range(1000):
        total += step
    return time.thread_time() - began


async def cost(clients: int, boards: int, edits: int) -> tuple[float, float, float]:
    """(microseconds an edit, the same in units, messages an edit)."""
    hall = Hall(clients, boards)
    await hall.open()
    for _ in range(WARM):
        await hall.round(edits)
    gc.collect()
    hall.is_counting = True
    costs: list[float] = []
    units: list[float] = []
    for _ in range(ROUNDS):
        hall.cpu_s = 0.0
        before = unit_s()
        await hall.round(edits)
        costs.append(hall.cpu_s / edits)
        units.append(hall.cpu_s / edits / (before + unit_s()) * 2)
    assert not hall.refusals(), hall.refusals()
    await hall.worker.stop()
    return statistics.quantiles(costs, n=10)[0] * 1e6, statistics.median(units), hall.frames / ROUNDS / edits


def main() -> None:
    """Measure what was asked for, or all plans."""
    print("clients boards edits/tick   µs/edit   units  messages/edit")
    for plan in sys.argv[1:] or PLANS:
        clients, boards, edits = map(int, plan.split(","))
        us, units, messages = uvloop.run(cost(clients, boards, edits))
        print(f"{clients:7} {boards:6} {edits:10} {us:9.1f} {units:7.3f} {messages:10.2f}")
    if not sys.argv[1:]:
        print("\nspaces edits/call   µs of the store an edit")
        for spaces, edits in STORE_PLANS:
            print(f"{spaces:6} {edits:10} {uvloop.run(store_cost_s(spaces, edits)) * 1e6:25.1f}")
        print("\nentries behind   µs to fold a keystroke")
        for behind in BEHIND:
            print(f"{behind:14} {min(cost_s(behind) for _ in range(5)) * 1e6:24.1f}")


main()
