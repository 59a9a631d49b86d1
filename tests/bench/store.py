"""What an edit costs the store: CPU of a real Valkey for the calls that a busy worker makes."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

from tablecloth.log.embedded import EmbeddedValkey
from tablecloth.log.interface import Group, Place
from tablecloth.log.valkey_log import ValkeyLog

SESSIONS = 500
HEAD, BODY = b"h" * 150, b"b" * 30


def used_s(pid: int) -> float:
    """CPU seconds of a process up to now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def store_cost_s(spaces: int, edits: int, seconds: float = 5.0) -> float:
    """CPU seconds of the store for an edit: calls of ``edits`` groups, and the feed read."""
    places = [Place(f"space-{number:010}", f"board-{number:010}") for number in range(spaces)]
    sessions = [f"session-{number:012}" for number in range(SESSIONS)]
    ns = [0] * SESSIONS
    with tempfile.TemporaryDirectory() as folder, EmbeddedValkey(Path(folder)) as valkey:
        log = ValkeyLog(valkey.url)
        reading = asyncio.ensure_future(_read(log))
        turn = done = 0
        before, until = 0.0, time.monotonic() + 1.0
        is_warm = False
        while not is_warm or time.monotonic() < until:
            if not is_warm and time.monotonic() >= until:
                is_warm, until, done = True, time.monotonic() + seconds, 0
                before = used_s(valkey.pid or 0)
            groups = []
            for _ in range(edits):
                turn = (turn + 7) % SESSIONS
                ns[turn] += 1
                place = places[turn % spaces]
                groups.append(Group(place, f"author-{turn:09}", sessions[turn], ns[turn], ((HEAD, BODY),)))
            answers = await log.append(groups)
            assert all(answer.code is None for answer in answers)
            done += edits
        cost = (used_s(valkey.pid or 0) - before) / done
        reading.cancel()
        await log.close()
    return cost


async def _read(log: ValkeyLog) -> None:
    async for _ in log.follow():
        pass
