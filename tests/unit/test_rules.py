"""What the door answers early. Case by case it is held by schemas/vectors/refuse."""

from typing import Any

import msgspec
import pytest
from tablecloth.core import fold, rules
from tablecloth.core.canonical import from_canonical, to_canonical
from tablecloth.core.edits import AnyEdit, BringBackEdit, Entry, SetEdit, TextEdit
from tablecloth.core.entry import encode_entry

from tests.support.desk import NOTE, SALT, Desk
from tests.support.random_logs import MOODS, Scribbler

HAND = "hand-of-ben"
read_edit = msgspec.msgpack.Decoder(AnyEdit).decode


def test_ordinary_words_of_any_script_fit() -> None:
    assert rules.words_fit("Grüße, سلام, 👩🏽‍⚕️, שלום\n\tहिन्दी\u200f\ufeff")


@pytest.mark.parametrize(
    "char", ["\x00", "\r", "\x1b", "\x7f", "\x9f", "\ufffc", "\uffff", chr(0xD800), chr(0xDFFF)]
)
def test_what_no_page_or_picture_could_carry_does_not(char: str) -> None:
    assert not rules.words_fit(char)
    assert not rules.words_fit("a" * 50_000 + char)


def test_an_answer_changes_nothing() -> None:
    desk = Desk()
    desk.add("ada")
    desk.type("ada", 0, 0, "hello")
    before = to_canonical(desk.board)
    rules.refusal(desk.board, "author-ben", TextEdit(NOTE, HAND, 1, 3, "text", [(0, 5, 1)], "x"), 0)
    rules.refusal(desk.board, "author-ben", BringBackEdit(NOTE, HAND, 1, 3), 0)

    assert to_canonical(desk.board) == before


def test_the_counter_is_not_asked_for() -> None:
    desk = Desk()
    desk.add("ada")

    assert rules.refusal(desk.board, "author-ben", SetEdit(NOTE, HAND, 99, 2, {"x": 1}), 0) is None


def said_again(head: list[Any], content: Any) -> AnyEdit | None:
    """A random log's next head as the edit that it would have come from; None if it can't have come from
    one.
    """
    kind, _, *start = head[:6]
    rest = head[6:]
    if kind == "set":
        rest = [head[6], dict(zip(head[7], content or [], strict=False))]
    elif kind in {"text", "ink"}:
        rest.append(content)
    elif kind in {"set-aside", "lock"}:
        rest = [*rest, content or ""]
    try:
        edit: AnyEdit = read_edit(msgspec.msgpack.encode([kind, *start, *rest]))
    except msgspec.ValidationError:
        return None
    return edit


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("seed", range(3))
def test_what_the_door_refuses_the_fold_would_not_apply(seed: int, mood: str) -> None:
    print(f"seed {seed}, mood {mood}")
    scribbler = Scribbler(seed, mood)
    for _ in scribbler.entries(300):
        pass
    board, refused = to_canonical(scribbler.board), 0
    for _ in range(150):
        head, content = scribbler.edit()
        edit = said_again(head, content)
        if edit is None or rules.malformed(edit) is not None:
            continue
        code = rules.refusal(scribbler.board, head[1], edit, scribbler.board.at)
        if code is None:
            continue
        refused += 1
        entry = Entry(301, scribbler.board.at, *encode_entry(edit, head[1], SALT))
        outcome = fold.apply_entry(from_canonical(board), entry)
        assert outcome.reason is not None, f"{code}: {edit}"
        assert outcome.reason in {code, "repeat", "hole"}, edit

    assert refused > 3
