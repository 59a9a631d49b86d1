"""Randomness that can be had again: a failing test has printed its seed, `TABLECLOTH_SEED` repeats it."""

from __future__ import annotations

import os
import random


def chance(what: str) -> tuple[random.Random, int]:
    """Return a random source and its seed, which is printed under the name of what it is for."""
    seed = int(os.environ.get("TABLECLOTH_SEED") or random.SystemRandom().randrange(2**32))
    print(f"{what}: TABLECLOTH_SEED={seed} makes this run again")
    return random.Random(f"{what} {seed}"), seed
