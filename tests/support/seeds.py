"""Which random logs the property tests look at: new ones each time, and those that once failed.

A failing test prints its seed, mood and length. Put these into tests/property/pinned.json, and they are
looked at for ever.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.random_logs import MOODS

PINNED = Path(__file__).resolve().parents[1] / "property" / "pinned.json"
LogTest: TypeAlias = Callable[[int, str, int], None]


def many(count: int) -> settings:
    """Settings of a test over ``count`` random cases; its cases are printed when it fails, not kept in a
    folder.
    """
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def over_random_logs(count: int, longest: int) -> Callable[[LogTest], Callable[..., None]]:
    """Run a test of ``(seed, mood, length)`` over random logs and over all that are pinned."""

    def decorate(test: LogTest) -> Callable[..., None]:
        lengths = st.integers(1, longest)
        logs = given(seed=st.integers(0, 2**32), mood=st.sampled_from(MOODS), length=lengths)
        run: Callable[..., None] = logs(many(count)(test))
        for pinned in json.loads(PINNED.read_text(encoding="utf-8")):
            run = example(**pinned)(run)
        return run

    return decorate
