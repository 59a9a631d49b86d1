"""The door and locks: what it says early, and that a lock ends there too when nothing happens on a board."""

from __future__ import annotations

import pytest
from tablecloth.core.edits import AnyEdit, LockEdit, OrderEdit, SetAsideEdit, SetEdit, UnlockEdit
from tablecloth.session.door import Door, Tally

from tests.support.desk import NOTE, Desk

HAND = "hand-of-ben"
LOCKED_AT = 3000
"""By the log's clock, for a minute."""


def door_of(desk: Desk) -> Door:
    return Door(desk.board, "author-ben", may_edit=True)


def locked() -> Desk:
    desk = Desk()
    desk.add("ada")
    desk.lock("ada", 1, "We vote on it")
    assert desk.element().lock is not None
    return desk


def edits(k: int = 1) -> list[AnyEdit]:
    start = (NOTE, HAND, k, 3)
    return [SetEdit(*start, {"x": 5}), OrderEdit(*start, "b1"), SetAsideEdit(*start, "away")]


@pytest.mark.parametrize("edit", edits(), ids=lambda edit: type(edit).__name__)
def test_what_is_locked_is_refused_at_once_until_the_lock_ends(edit: AnyEdit) -> None:
    door = door_of(locked())
    assert door.judge([edit], LOCKED_AT) == "locked"
    assert door.judge([edit], LOCKED_AT + 57_000) == "locked"
    # The board's own time stands still: nothing was logged since.
    assert door.judge([edit], LOCKED_AT + 60_000) is None


def test_in_the_last_seconds_the_fold_decides() -> None:
    door = door_of(locked())
    assert door.judge([edits()[0]], LOCKED_AT + 59_000) is None
    assert door.judge([UnlockEdit(NOTE, HAND, 1, 3)], LOCKED_AT + 61_000) is None
    assert door.judge([UnlockEdit(NOTE, HAND, 1, 3)], LOCKED_AT + 63_000) == "not-locked"


def test_a_group_may_unlock_and_change() -> None:
    door = door_of(locked())
    assert door.judge([UnlockEdit(NOTE, HAND, 1, 3), SetEdit(NOTE, HAND, 2, 3, {"x": 5})], LOCKED_AT) is None
    desk = Desk()
    desk.add("ada")
    door = door_of(desk)
    group: list[AnyEdit] = [LockEdit(NOTE, HAND, 1, 2, 5), UnlockEdit(NOTE, HAND, 2, 2)]
    assert door.judge(group, LOCKED_AT) is None
    assert door.judge([UnlockEdit(NOTE, HAND, 1, 2)], LOCKED_AT) == "not-locked"


def test_what_unlocks_on_its_way_counts() -> None:
    desk = locked()
    door = door_of(desk)
    door.tallies["session-of-ben"] = Tally(0)
    door.depart("session-of-ben", 1, [UnlockEdit(NOTE, HAND, 1, 3)], 100)
    assert door.judge([SetEdit(NOTE, HAND, 2, 3, {"x": 5})], LOCKED_AT) is None
