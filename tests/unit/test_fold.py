"""``board = fold(entries)``: what the vectors can't say of it. Rule by rule it is held by
schemas/vectors/fold.
"""

import re
from pathlib import Path

import pytest
from tablecloth.core import fold
from tablecloth.core.board import new_board
from tablecloth.core.canonical import to_canonical
from tablecloth.core.edits import Entry

from tests.support.desk import BOARD, NOTE, SPACE, Desk

RULES = (Path(__file__).resolve().parents[2] / "schemas" / "FOLD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("seq", [0, 1, 3, 9])
def test_an_entry_that_does_not_follow_is_the_callers_mistake(seq: int) -> None:
    desk = Desk()
    before = to_canonical(desk.board)

    with pytest.raises(ValueError, match=f"entry {seq} does not follow 1"):
        fold.apply_entry(desk.board, Entry(seq, 2000, b"", None))
    assert to_canonical(desk.board) == before


def test_every_reason_stands_in_the_rules() -> None:
    written = {word for words in re.findall(r"`([a-z, -]+)`", RULES) for word in words.split(", ")}
    listed = set(re.findall(r"[a-z]+-[a-z]+", RULES))

    assert [reason for reason in fold.REASONS if reason not in written | listed] == []


def test_two_boards_fold_one_log_without_touching_each_other() -> None:
    desk = Desk()
    desk.add("ada", x=1)
    desk.type("ada", 0, 0, "hello")
    other = new_board(SPACE, BOARD)
    for entry in desk.log:
        fold.apply_entry(other, entry)
    halfway = to_canonical(other)
    desk.type("ben", 5, 0, "!")
    desk.set("ben", x=2)

    assert to_canonical(other) == halfway


def test_a_head_that_was_read_does_not_become_part_of_the_board() -> None:
    desk = Desk()
    desk.add("ada", x=1)
    entry = desk.log[-1]
    one, other = new_board(SPACE, BOARD), new_board(SPACE, BOARD)
    for board in (one, other):
        fold.apply_entry(board, desk.log[0])
        head = fold.read_head(entry.head)
        assert head is not None
        fold.apply_head(board, 2, 2000, head, None)
    one.elements[NOTE].props["x"] = 99

    assert other.elements[NOTE].prop("x") == 1


def test_pending_edits_are_folded_without_bytes() -> None:
    desk = Desk()
    desk.add("ada")
    head = fold.read_head(text_head("hi"))
    assert head is not None
    outcome = fold.apply_head(desk.board, desk.board.seq + 1, desk.board.at, head, "hi")

    assert outcome == fold.APPLIED
    assert desk.element().text() == "hi"
    assert desk.board.seq == 2, "seq, time and chain are the log's"


def text_head(words: str) -> bytes:
    """The bytes of a text head."""
    desk = Desk()
    desk.add("ada")
    desk.type("ben", 0, 0, words)
    return desk.log[-1].head


def test_several_people_meet_on_one_note() -> None:
    desk = Desk()
    desk.add("ada", colour="peach")
    desk.type("ada", 0, 0, "What do we need?")
    assert desk.type("ben", 16, 0, " Time.", base=3).reason is None
    assert desk.type("ada", 0, 4, "Whom", base=3).reason is None
    assert desk.set_aside("cem", "It is answered").reason is None
    assert desk.type("ben", 22, 0, " And room.", base=5).reason is None
    assert desk.bring_back("ada").reason is None

    note = desk.element()
    assert note.text() == "Whom do we need? Time. And room."
    assert note.aside is None
    assert {author[7:]: k for (author, _), k in note.hands.items()} == {"ada": 4, "ben": 2, "cem": 1}


def test_what_was_withdrawn_leaves_its_place_and_nothing_else() -> None:
    desk = Desk()
    desk.add("ada")
    desk.type("ada", 0, 0, "my secret")
    withheld = desk.log[-1]
    desk.log[-1] = Entry(withheld.seq, withheld.at, withheld.head, None)
    desk.type("ben", 9, 0, " is safe")
    board = new_board(SPACE, BOARD)
    for entry in desk.log:
        fold.apply_entry(board, entry)

    assert board.elements[NOTE].text() == "\ufffc" * 9 + " is safe"
    assert board.chain == desk.board.chain
    assert b"secret" not in to_canonical(board)
