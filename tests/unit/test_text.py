"""Rebasing words: a field, its window and its bridges, seen from close by (FOLD-30 to FOLD-36).

Tables of transformed and rebased edits are in schemas/vectors/text; the laws are in tests/property.
"""

import copy

import pytest
from tablecloth.core import limits
from tablecloth.core.edits import Splice
from tablecloth.core.text import DELETE, INSERT, KEEP, Op, Rebased, TextField, growth, splice_op, transform

ADA, BEN = ("author-ada", "hand-one"), ("author-ben", "hand-one")


class Paper:
    """A field that takes one-splice edits; each has the next seq, and is a second after the one before."""

    def __init__(self) -> None:
        self.field = TextField()
        self.seq = 0

    def write(
        self, who: tuple[str, str], base: int, position: int, deleted: int, inserted: str
    ) -> Rebased | str:
        self.seq += 1
        at = self.seq * 1000
        self.field.prune(self.seq, at)
        rebased = self.field.rebase(*who, base, [(position, deleted, len(inserted))])
        if isinstance(rebased, Rebased) and rebased.ops:
            self.field.commit(self.seq, at, *who, base, rebased, inserted)
        return rebased


def test_steps_that_do_nothing_do_not_appear() -> None:
    assert splice_op((0, 0, 0)) == splice_op((9, 0, 0)) == ()
    assert splice_op((2, 0, 1)) == ((KEEP, 2), (INSERT, 1))


def test_a_field_grows_by_what_is_inserted_less_what_is_deleted() -> None:
    assert growth(((KEEP, 5), (INSERT, 3), (DELETE, 7))) == -4


@pytest.mark.parametrize("op", [(), ((INSERT, 2),), ((KEEP, 1), (DELETE, 1))])
def test_over_nothing_an_op_stays_what_it_is(op: Op) -> None:
    assert transform(op, (), True) == op


def test_to_rebase_changes_nothing_yet() -> None:
    paper = Paper()
    paper.write(ADA, 0, 0, 0, "hello")
    paper.write(BEN, 1, 5, 0, "!")
    before = copy.deepcopy(paper.field)
    paper.field.rebase(*ADA, 1, [(0, 2, 1)])

    assert paper.field == before


def test_a_bridge_keeps_only_what_its_hand_has_not_folded() -> None:
    paper = Paper()
    paper.write(ADA, 0, 0, 0, "a")
    paper.write(BEN, 1, 1, 0, "b")
    paper.write(BEN, 2, 2, 0, "c")
    paper.write(ADA, 1, 1, 0, "A")
    bridge = paper.field.bridges[ADA]
    assert (bridge.base, bridge.seq, [waiting.seq for waiting in bridge.waiting]) == (1, 4, [2, 3])

    paper.write(ADA, 2, 3, 0, "X")
    bridge = paper.field.bridges[ADA]
    assert (bridge.base, bridge.seq, [waiting.seq for waiting in bridge.waiting]) == (2, 5, [3])
    assert paper.field.value == "aAbXc"


def test_whoever_has_folded_everything_needs_no_rebasing() -> None:
    paper = Paper()
    paper.write(ADA, 0, 0, 0, "a")
    paper.write(BEN, 1, 1, 0, "b")
    paper.write(ADA, 2, 2, 0, "c")

    assert paper.field.bridges[ADA].waiting == []


def test_splices_that_do_not_fit_are_told_apart() -> None:
    field = TextField("abc")
    splices: list[Splice] = [(4, 0, 1), (3, 0, 1), (4, 0, 1), (0, 6, 0)]
    rebased = field.rebase(*ADA, 0, splices)

    assert isinstance(rebased, Rebased)
    assert rebased.kept == [False, True, True, False]
    assert len(rebased.ops) == 2


def test_the_window_keeps_its_last_entries() -> None:
    paper = Paper()
    for place in range(limits.TEXT_WINDOW + 10):
        paper.write(ADA, place, 0, 0, "a")
    paper.field.prune(paper.seq, 0)

    assert [record.seq for record in paper.field.window] == list(range(11, paper.seq + 1))
    assert paper.field.floor == 10
    assert paper.write(BEN, 9, 0, 0, "b") == "old-base"
    assert isinstance(paper.write(BEN, 11, 0, 0, "b"), Rebased)


def test_pruning_twice_is_pruning_once() -> None:
    paper = Paper()
    for place in range(limits.TEXT_WINDOW + 30):
        paper.write(BEN if place % 3 else ADA, place, 0, 0, "a")
    paper.field.prune(paper.seq, 0)
    once = copy.deepcopy(paper.field)
    paper.field.prune(paper.seq, 0)

    assert paper.field == once


def test_a_field_that_nobody_wrote_in_has_nothing_to_forget() -> None:
    field = TextField()

    assert field.outdated(10**6, 10**12) == 0
    assert field.floor_at(10**6, 10**12) == 0


def test_the_floor_can_be_asked_for_without_pruning() -> None:
    paper = Paper()
    for place in range(limits.TEXT_WINDOW + 5):
        paper.write(ADA, place, 0, 0, "a")
    window = len(paper.field.window)
    floor = paper.field.floor_at(paper.seq, 0)
    paper.field.prune(paper.seq, 0)

    assert (window, floor) == (limits.TEXT_WINDOW + 1, 5)
    assert paper.field.floor == floor


def test_bridges_go_with_the_window() -> None:
    paper = Paper()
    paper.write(BEN, 0, 0, 0, "b")
    for place in range(limits.TEXT_WINDOW + 1):
        paper.write(ADA, place + 1, 0, 0, "a")
    paper.field.prune(paper.seq, 0)

    assert set(paper.field.bridges) == {ADA}
