"""The laws of text rebasing: both ways round end alike (TP1), as a plain model of letters and gaps says."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tablecloth.core.text import DELETE, INSERT, KEEP, Op, apply_op, growth, transform

from tests.support.seeds import many


@st.composite
def ops(draw: st.DrawFn, length: int) -> Op:
    """Any op over that many code points, in its one form (FOLD-31)."""
    steps: list[tuple[int, int]] = []
    left = length
    for kind, size in draw(st.lists(st.tuples(st.sampled_from((KEEP, INSERT, DELETE)), st.integers(1, 4)))):
        taken = size if kind == INSERT else min(size, left)
        left -= 0 if kind == INSERT else taken
        if taken and steps and steps[-1][0] == kind:
            steps[-1] = (kind, steps[-1][1] + taken)
        elif taken:
            steps.append((kind, taken))
    if steps and steps[-1][0] == KEEP:
        steps.pop()
    return tuple(steps)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, Op, Op]:
    """A field and two ops over it."""
    length = draw(st.integers(0, 12))
    return "".join(chr(ord("a") + place) for place in range(length)), draw(ops(length)), draw(ops(length))


def insertions(op: Op, capital: str) -> str:
    """Words for an op's insertions, each letter its own."""
    return "".join(chr(ord(capital) + place) for place in range(sum(n for kind, n in op if kind == INSERT)))


def gaps(op: Op, words: str, length: int) -> tuple[list[str], list[bool]]:
    """An op as what it puts into each gap between letters, and which letters it takes away."""
    put, gone = [""] * (length + 1), [False] * length
    at = taken = 0
    for kind, size in op:
        if kind == INSERT:
            put[at] += words[taken : taken + size]
            taken += size
            continue
        gone[at : at + size] = [kind == DELETE] * size
        at += size
    return put, gone


def merged(value: str, first: tuple[list[str], list[bool]], second: tuple[list[str], list[bool]]) -> str:
    """What the field should be after both: in each gap the first one's words, then the second one's."""
    letters = [*value, ""]
    out = []
    for place, letter in enumerate(letters):
        is_gone = place < len(value) and (first[1][place] or second[1][place])
        out.append(first[0][place] + second[0][place] + ("" if is_gone else letter))
    return "".join(out)


@many(1500)
@given(pair=pairs(), op_first=st.booleans())
def test_both_ways_round_end_alike(pair: tuple[str, Op, Op], op_first: bool) -> None:
    value, op, other = pair
    mine, theirs = insertions(op, "A"), insertions(other, "À")
    one = apply_op(apply_op(value, other, theirs), transform(op, other, op_first), mine)
    two = apply_op(apply_op(value, op, mine), transform(other, op, not op_first), theirs)
    sides = gaps(op, mine, len(value)), gaps(other, theirs, len(value))

    assert one == two
    assert one == merged(value, *(sides if op_first else sides[::-1]))


@many(500)
@given(pair=pairs(), op_first=st.booleans())
def test_what_comes_out_is_in_the_one_form(pair: tuple[str, Op, Op], op_first: bool) -> None:
    _, op, other = pair
    out = transform(op, other, op_first)

    assert all(length > 0 for _, length in out)
    assert all(one[0] != next_one[0] for one, next_one in pairwise(out))
    assert out == () or out[-1][0] != KEEP


@many(500)
@given(pair=pairs())
def test_growth_is_how_much_longer_a_field_gets(pair: tuple[str, Op, Op]) -> None:
    value, op, _ = pair

    assert len(apply_op(value, op, insertions(op, "A"))) == len(value) + growth(op)
