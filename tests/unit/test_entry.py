"""From an edit to the two byte strings of its entry (FOLD-1), read back by another reader of MessagePack."""

import hashlib
from typing import Any

import msgpack
import pytest
from tablecloth.core import fold
from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    InkEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
)
from tablecloth.core.entry import array_head, encode_entry, found

SALT = b"sixteen salty by"
START = ("note-one", "hand-one", 3, 7)
COMMON = ["author-one", "note-one", "hand-one", 3, 7]
HASH = object()

CASES: list[tuple[AnyEdit, list[Any], Any]] = [
    (AddEdit(*START, "note", {"y": 2, "x": 1}), ["add", *COMMON, "note", {"y": 2, "x": 1}], None),
    (SetEdit(*START, {"x": 1}), ["set", *COMMON, {"x": 1}, [], None], None),
    (
        SetEdit(*START, {}, {"title": "t", "alt": "a"}),
        ["set", *COMMON, {}, ["alt", "title"], HASH],
        ["a", "t"],
    ),
    (TextEdit(*START, "text", [(0, 1, 2)], "hé"), ["text", *COMMON, "text", [[0, 1, 2]], HASH], "hé"),
    (TextEdit(*START, "text", [(0, 1, 0)], ""), ["text", *COMMON, "text", [[0, 1, 0]], HASH], ""),
    (InkEdit(*START, 1, b"\x02\x02\x04"), ["ink", *COMMON, 1, HASH], b"\x02\x02\x04"),
    (SetAsideEdit(*START, "why"), ["set-aside", *COMMON, HASH], "why"),
    (SetAsideEdit(*START), ["set-aside", *COMMON, None], None),
    (BringBackEdit(*START), ["bring-back", *COMMON], None),
    (OrderEdit(*START, "a1"), ["order", *COMMON, "a1"], None),
]


@pytest.mark.parametrize(("edit", "head", "content"), CASES, ids=lambda part: type(part).__name__)
def test_what_can_be_withdrawn_stands_in_the_body_and_nothing_else_does(
    edit: AnyEdit, head: list[Any], content: Any
) -> None:
    head_bytes, body = encode_entry(edit, "author-one", SALT)
    digest = hashlib.sha256(body).digest() if body is not None else None

    assert msgpack.unpackb(head_bytes) == [digest if item is HASH else item for item in head]
    assert (None if body is None else msgpack.unpackb(body)) == (None if content is None else [SALT, content])


@pytest.mark.parametrize("edit", [case[0] for case in CASES], ids=lambda edit: type(edit).__name__)
def test_what_is_written_can_be_read(edit: AnyEdit) -> None:
    head, body = encode_entry(edit, "author-one", SALT)

    assert fold.read_head(head) is not None
    assert (fold.read_content(body) is None) == (body is None)


def test_the_author_is_not_the_senders_to_choose() -> None:
    edit = BringBackEdit("note-one", "hand-one", 1, 7)

    assert not hasattr(edit, "author")
    assert msgpack.unpackb(encode_entry(edit, "author-two", SALT)[0])[1] == "author-two"


def test_the_same_words_of_two_people_have_different_hashes() -> None:
    edit = SetAsideEdit("note-one", "hand-one", 1, 7, "yes")
    one, other = (encode_entry(edit, "author-one", salt)[0] for salt in (bytes(16), bytes(15) + b"\x01"))

    assert one != other


def test_a_board_is_founded_with_its_key_and_title() -> None:
    head, body = found("space-one", "board-one", b"k" * 32, "Tisch", SALT)

    assert msgpack.unpackb(head) == [
        "found",
        "space-one",
        "board-one",
        b"k" * 32,
        1,
        hashlib.sha256(body).digest(),
    ]
    assert msgpack.unpackb(body) == [SALT, "Tisch"]


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 65_535, 65_536])
def test_an_array_can_be_begun_by_hand(length: int) -> None:
    assert array_head(length) + b"\xc0" * length == msgpack.packb([None] * length)
