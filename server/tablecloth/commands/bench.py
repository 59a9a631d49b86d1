"""``tablecloth bench``: what to measure, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from tablecloth.bench.people import KINDS
from tablecloth.bench.report import table
from tablecloth.bench.run import Plan, measure
from tablecloth.problems import SetupProblem

_EACH_PER_S = 16.0
_ALL_PER_S = 8000.0
_DELIVERIES_PER_S = 1_000_000.0
"""What is asked of a server unless somebody asks for more. Everybody on one board hears everybody: a thousand
people at full pace would be sixteen million a second, and what is measured then is the length of a queue.
"""


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Measure and print; how it goes stands on stderr, so that figures can be piped."""
    mix = _mix(words.mix)
    plans = [
        Plan(clients, size, words.edits_per_s or _pace(clients, size), words.seconds, mix)
        for size in words.table
        for clients in words.clients
    ]
    result = measure(plans, words.elements, _tell)
    say(json.dumps(result, indent=1) if words.json else table(result, mix, words.seconds))
    return 0


def _pace(clients: int, table: int | None) -> float:
    """How many edits a second to ask of so many clients, ``table`` to a board or all on one."""
    return min(_ALL_PER_S, _EACH_PER_S * clients, _DELIVERIES_PER_S / min(clients, table or clients))


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _mix(text: str) -> dict[str, float]:
    """``text=60,move=25`` as shares. Raises SetupProblem."""
    mix: dict[str, float] = {}
    for part in text.split(","):
        kind, _, share = part.partition("=")
        if kind not in KINDS or not share.isdecimal():
            raise SetupProblem(
                f"{part!r} is no part of a mix.",
                f"Write it like text=60,move=25; there are {', '.join(KINDS)}.",
            )
        mix[kind] = float(share)
    if sum(mix.values()) == 0:
        raise SetupProblem("This mix holds nothing.", "Write it like text=60,move=25,add=10,ink=5.")
    return mix
