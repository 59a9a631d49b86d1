"""The collector is off while people write, and called when nobody would notice."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from tablecloth.tidying import Tidying


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Leave the collector as it was."""
    yield
    gc.enable()


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_it_turns_the_collector_off() -> None:
    Tidying(0.0)
    assert not gc.isenabled()


def test_in_a_quiet_moment_what_holds_itself_goes() -> None:
    tidying = Tidying(0.0)
    gone = weakref.ref(Knot())
    assert not tidying.look(50.0, 10.0), "not every minute"
    assert not tidying.look(61.0, 1.0), "not while people write"
    assert gone() is not None
    assert tidying.look(61.0, 3.0)
    assert gone() is None


def test_where_it_is_never_quiet_it_is_done_all_the_same() -> None:
    tidying = Tidying(0.0)
    assert not tidying.look(3599.0, 0.0)
    assert tidying.look(3601.0, 0.0)
    for _ in range(2000):
        tidying.lost()
    assert tidying.look(3602.0, 0.0)
    assert not tidying.look(3603.0, 0.0)
