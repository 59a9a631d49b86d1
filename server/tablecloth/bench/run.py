"""The measurements, one after the other, and what they add up to.

What happens in one, and what of it counts:

    twenty clients come and go              so that what a server loads once is no connection's own
    everybody enters                        memory a connection: the server's growth over this
    everybody furnishes                     a note and a stroke each, and a note for every three
    everybody writes for a second           warm: code, sockets, the store's files
    everybody writes for ``seconds``        counted, and until the last edit has reached its last receiver

The clients are one process on a core of its own. How busy it was, and how late it sent, is part of the
figures: near 100 %, or many ms late, it is the clients that were measured.
"""

from __future__ import annotations

import asyncio
import gc
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from time import perf_counter, process_time
from typing import Any

from tablecloth.bench.joining import Joined, fill, join
from tablecloth.bench.people import Pace, Person
from tablecloth.bench.report import machine
from tablecloth.bench.server import Measured, measured_server
from tablecloth.bench.tally import Tally
from tablecloth.problems import SetupProblem

SEED = 20_240_601
_AT_ONCE = 50
_FIRST = 20
_DRAIN_S = 20.0
_AFTER_S = 10.0
"""How long is waited for the last edits of what is counted; what is missing then is told."""
_ENTER_S = 30.0
_WARM_S = 1.0


@dataclass(slots=True, frozen=True)
class Plan:
    """What to measure. ``tables``: how many clients share a board; None for all on one."""

    clients: int
    table: int | None
    edits_per_s: float
    seconds: float
    mix: dict[str, float]

    @property
    def boards(self) -> int:
        return 1 if self.table is None else max(1, -(-self.clients // self.table))


@dataclass(slots=True, frozen=True)
class Figures:
    """What one plan gave. Times in ms; ``left``: edits that had not reached everybody when we stopped
    waiting.
    """

    clients: int
    boards: int
    asked_per_s: float
    edits_per_s: float
    deliveries_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    left: int
    refusals: dict[str, int]
    server_busy: float
    valkey_busy: float
    cpu_s_per_million: float
    bytes_per_connection: int
    generator_busy: float
    generator_late_ms: float


def measure(plans: list[Plan], elements: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Carry out all plans and join a full board, each with a server of its own. ``say`` hears how it goes."""
    result: dict[str, Any] = {"machine": None, "plans": [], "join": None}
    gc.disable()  # pauses of this process would be counted as the server's
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        for plan in plans:
            share = f"on {plan.boards} boards" if plan.boards > 1 else "on one board"
            say(f"… {plan.clients} clients {share}, {plan.edits_per_s:,.0f} edits/s")
            with measured_server() as server:
                result["machine"] = machine(server)
                result["plans"].append(asdict(runner.run(_measure_plan(server, plan))))
            gc.collect()
        if elements:
            say(f"… joining {elements:,} elements")
            with measured_server() as server:
                result["machine"] = machine(server)
                result["join"] = asdict(runner.run(_measure_join(server, elements)))
    return result


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _measure_plan(server: Measured, plan: Plan) -> Figures:
    chance = random.Random(SEED)
    for person in (await _seat(server, replace(plan, clients=min(_FIRST, plan.clients)), chance))[0]:
        person.leave()  # what the first connections make the server load is no connection's own
    before = server.used()
    people, tallies = await _seat(server, plan, chance)
    seated = server.used()
    furnished = Counter({id(tally): 1 for tally in tallies})  # the founding entry
    for person in people:
        furnished[id(person.tally)] += person.furnish()
    await _until(lambda: all(set(t.at.values()) == {furnished[id(t)]} for t in tallies), _DRAIN_S)
    warm = Pace(plan.edits_per_s, min(_WARM_S, plan.seconds), plan.mix)
    await warm.run(people, chance)
    await _until(lambda: all(tally.under_way == 0 for tally in tallies), _DRAIN_S)
    for tally in tallies:
        tally.begin()
    pace = Pace(plan.edits_per_s, plan.seconds, plan.mix)
    start_used, start, start_own = server.used(), perf_counter(), process_time()
    await pace.run(people, chance)
    await _until(lambda: all(tally.under_way == 0 for tally in tallies), _AFTER_S)
    own = process_time() - start_own
    took, used = max(plan.seconds, max(tally.last_at for tally in tallies) - start), server.used()
    for person in people:
        person.leave()
    latencies = sorted(latency for tally in tallies for latency in tally.latencies)
    deliveries = sum(tally.deliveries for tally in tallies)
    server_cpu = used.server_cpu_s - start_used.server_cpu_s
    valkey_cpu = used.valkey_cpu_s - start_used.valkey_cpu_s
    return Figures(
        clients=plan.clients,
        boards=plan.boards,
        asked_per_s=plan.edits_per_s,
        edits_per_s=len(latencies) / took,
        deliveries_per_s=deliveries / took,
        p50_ms=_at(latencies, 0.50) * 1000,
        p99_ms=_at(latencies, 0.99) * 1000,
        max_ms=_at(latencies, 1.0) * 1000,
        left=sum(tally.under_way for tally in tallies),
        refusals=dict(sum((person.refusals for person in people), Counter())),
        server_busy=server_cpu / took,
        valkey_busy=valkey_cpu / took,
        cpu_s_per_million=(server_cpu + valkey_cpu) / deliveries * 1e6 if deliveries else 0.0,
        bytes_per_connection=(seated.server_memory - before.server_memory) // plan.clients,
        generator_busy=own / took,
        generator_late_ms=_at(sorted(pace.lateness), 0.99) * 1000,
    )


async def _seat(server: Measured, plan: Plan, chance: random.Random) -> tuple[list[Person], list[Tally]]:
    """Everybody enters; as many at once as a door can take."""
    doors = [await asyncio.to_thread(server.new_door, f"Table {number}") for number in range(plan.boards)]
    tallies = [Tally() for _ in doors]
    people = []
    for index in range(plan.clients):
        board = index % plan.boards
        people.append(
            Person(doors[board], index // plan.boards, tallies[board], random.Random(chance.random()))
        )
    for start in range(0, len(people), _AT_ONCE):
        try:
            async with asyncio.timeout(_ENTER_S):
                await asyncio.gather(*(person.enter() for person in people[start : start + _AT_ONCE]))
        except (TimeoutError, OSError) as problem:
            raise SetupProblem(
                f"Only {start} of {plan.clients} clients could enter.", "Measure with fewer: --clients 100"
            ) from problem
    return people, tallies


async def _until(state: Callable[[], bool], within_s: float) -> None:
    """Wait for a state that other callbacks bring about; give up after so many seconds."""
    give_up = perf_counter() + within_s
    while not state() and perf_counter() < give_up:  # noqa: ASYNC110 (many sockets bring it about)
        await asyncio.sleep(0.01)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def _measure_join(server: Measured, elements: int) -> Joined:
    door = await asyncio.to_thread(server.new_door, "A full board")
    await fill(door, elements, random.Random(SEED))
    times = [await join(door) for _ in range(5)]
    return sorted(times, key=lambda joined: joined.received_s)[len(times) // 2]
