"""The short way through ``transform`` gives what the walk gives."""

from __future__ import annotations

import random
from itertools import product

import pytest
from tablecloth.core.text import DELETE, INSERT, KEEP, Op, _finish, _push, _walk, growth, transform


def some_op(chance: random.Random) -> Op:
    """An op in its one form: no two neighbours of a kind, nothing of length 0, no keep at the end."""
    steps: list[tuple[int, int]] = []
    for _ in range(chance.randint(0, 4)):
        _push(steps, chance.choice((KEEP, KEEP, INSERT, DELETE)), chance.randint(0, 6))
    return _finish(steps)


@pytest.mark.parametrize("seed", range(10))
def test_both_ways_agree(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(4000):
        op, other = some_op(chance), some_op(chance)
        for first in (False, True):
            assert transform(op, other, first) == _walk(op, other, first), (op, other, first)


def test_both_ways_agree_where_edits_touch() -> None:
    """Every pair of one insertion, deletion or replacement within five code points."""
    ops = [
        _finish([step for step in ((KEEP, at), (INSERT, new), (DELETE, gone)) if step[1]])
        for at, new, gone in product(range(4), range(2), range(3))
    ]
    for op, other, first in product(ops, ops, (False, True)):
        assert transform(op, other, first) == _walk(op, other, first), (op, other, first)


def test_growth() -> None:
    assert growth(((KEEP, 5), (INSERT, 3), (DELETE, 1))) == 2
    assert growth(()) == 0
