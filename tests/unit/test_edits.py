"""What can be said on a board, as bytes: what the door lets in and what it never sees."""

from typing import Any

import msgpack
import msgspec
import pytest
from tablecloth.core import limits
from tablecloth.core.edits import AddEdit, AnyEdit, AnyHead, Entry, SetAsideEdit, SetEdit, TextEdit

read_edit = msgspec.msgpack.Decoder(AnyEdit).decode
START = ["note-one", "hand-one", 1, 7]


def packed(value: Any) -> bytes:
    data: bytes = msgpack.packb(value)
    return data


def test_an_edit_is_an_array_that_begins_with_its_kind() -> None:
    edit = AddEdit("note-one", "hand-one", 1, 7, "note", {"x": 5})

    assert msgpack.unpackb(msgspec.msgpack.encode(edit)) == ["add", *START, "note", {"x": 5}]


def test_what_may_be_left_out_may_be_left_out() -> None:
    assert read_edit(packed(["set", *START, {"x": 1}])) == SetEdit("note-one", "hand-one", 1, 7, {"x": 1})
    assert read_edit(packed(["set-aside", *START])) == SetAsideEdit("note-one", "hand-one", 1, 7)


def test_a_keystroke_is_small() -> None:
    edit = TextEdit("note-one-0123456", "hand-one-0123456", 300, 70_000, "text", [(300, 0, 1)], "a")

    assert len(msgspec.msgpack.encode(edit)) < 64


@pytest.mark.parametrize(
    "said",
    [
        ["add", *START, "note"],
        ["add", *START, "note", {}, 1],
        ["found", "space-one", "board-one", bytes(32), 1, bytes(32)],
        ["text", *START, "text", [], ""],
        ["text", *START, "text", [[0, 0, 1]] * (limits.MAX_SPLICES + 1), "a"],
        ["text", *START, "text", [[0, 0, 1]], "a" * (limits.MAX_TEXT + 1)],
        ["text", *START, "Text", [[0, 0, 1]], "a"],
        ["text", *START, "text", [[0, 0, 1]], b"a"],
        ["ink", *START, 0, b""],
        ["ink", *START, limits.MAX_INK_POINTS + 1, b""],
        ["set", *START, {"__proto__": 1}],
        ["set", *START, {}, {"alt": "a" * (limits.MAX_SHORT_TEXT + 1)}],
        ["set", *START, {"x": float("nan")}],
        ["set", *START, {f"p{place}": 1 for place in range(limits.MAX_VALUES + 1)}],
        ["set-aside", *START, "a" * (limits.MAX_SHORT_TEXT + 1)],
        ["order", *START, "a" * (limits.MAX_ORDER_KEY + 1)],
        ["bring-back", "note one", "hand-one", 1, 7],
        ["bring-back", "note-one", "hand-one", 0, 7],
        ["bring-back", "note-one", "hand-one", 1, -1],
        ["bring-back", "note-one", "hand-one", 2**53, 7],
    ],
    ids=lambda said: f"{said[0]} {str(said[5:])[:40]}",
)
def test_what_breaks_a_bound_is_no_edit(said: list[Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_edit(packed(said))


def test_a_limit_counts_code_points_and_not_bytes() -> None:
    edit = read_edit(packed(["set-aside", *START, "😀" * limits.MAX_SHORT_TEXT]))

    assert edit.why == "😀" * limits.MAX_SHORT_TEXT


def test_edits_heads_and_entries_cannot_be_changed() -> None:
    edit = AddEdit("note-one", "hand-one", 1, 7, "note", {})
    entry = Entry(1, 7, b"", None)

    with pytest.raises(AttributeError):
        edit.k = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        entry.seq = 2  # type: ignore[misc]


def test_every_kind_of_edit_has_a_kind_of_head() -> None:
    def kinds(union: Any) -> set[str]:
        return {part.__struct_config__.tag for part in union.__args__}

    assert kinds(AnyHead) == {
        "found",
        "withdraw",
        *kinds(AnyEdit),
        "roll",
        "tick",
        "ruling",
        "restored",
        "key",
    }
