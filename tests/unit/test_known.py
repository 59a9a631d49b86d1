"""What this worker made is known again as reading it would say (FOLD-1), and withheld words stay withheld."""

from __future__ import annotations

from typing import get_args

import pytest
from tablecloth import known
from tablecloth.core.edits import (
    AcceptEdit,
    AddEdit,
    AnyEdit,
    BringBackEdit,
    BringBackHead,
    InkEdit,
    LockEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
    UnlockEdit,
    UnvaryEdit,
    VaryEdit,
)
from tablecloth.core.fold import read_content, read_head
from tablecloth.core.ink import encode_points
from tablecloth.core.room_kinds import ObjectEdit, ProposeEdit, ResumeEdit, TakeBackEdit, VoteEdit
from tablecloth.known import Known

from tests.support.cloth import laid, note, words
from tests.support.talk import Talk

START = ("element-one", "hand-one", 1, 1)
EDITS: list[AnyEdit] = [
    AddEdit(*START, "note", {"x": -(2**40), "colour": "mint"}),
    SetEdit(*START, {"y": 7, "x": 3}),
    SetEdit(*START, {}, {"alt": "Hé 👋", "about": ""}),
    TextEdit(*START, "text", [(0, 0, 4), (9, 3, 0)], "Hé 👋"),
    InkEdit(*START, 2, encode_points([(0, 0, 9), (-70, 900, 255)])),
    SetAsideEdit(*START, "why"),
    SetAsideEdit(*START),
    BringBackEdit(*START),
    OrderEdit(*START, "a1"),
    LockEdit(*START, 30, "why"),
    LockEdit(*START, 1),
    UnlockEdit(*START),
    ProposeEdit(*START, "agreement", values={"vote": 9}, why="Hé 👋", words={"values": "b", "purpose": "a"}),
    ProposeEdit(*START, "clear", "board-one", "zone-one", ["note-one"]),
    ObjectEdit(*START, "why"),
    ObjectEdit(*START),
    VoteEdit(*START, 1),
    TakeBackEdit(*START),
    ResumeEdit(*START),
    VaryEdit(*START, "text", (0, 3, 4), "Hé 👋"),
    UnvaryEdit(*START, "text", "author-one", 3),
    AcceptEdit(*START, "text", "author-one", 3),
]


def test_no_kind_of_edit_is_left_out() -> None:
    assert {type(edit) for edit in EDITS} == set(get_args(AnyEdit))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: type(edit).__name__)
def test_fold_1_what_is_known_is_what_reading_says(edit: AnyEdit) -> None:
    held, talk = Known(), Talk()
    talk.session._keep = held.keep
    head, body = talk.session._entry(edit, talk.session.author)
    assert held.take(head, body) == (read_head(head), read_content(body))
    assert held.take(head, body) is None, "it is forgotten once it was read"


@pytest.mark.parametrize("other", [None, b"\x92\xc4\x10" + bytes(16) + b"\xa1x", b"\xc1"])
def test_a_body_that_was_withheld_or_changed_counts_as_it_lies_there(other: bytes | None) -> None:
    held, talk = Known(), Talk()
    talk.session._keep = held.keep
    head, _ = talk.session._entry(words("note-one", 2, 1, "Hello"), talk.session.author)
    assert held.take(head, other) == (read_head(head), read_content(other))


def test_it_is_bounded_and_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST", 2)
    held, head = Known(), BringBackHead("author-one", *START)
    for data in (b"one", b"two", b"three"):
        held.keep(data, head, None, None)
    assert held.take(b"one", None) is None
    assert held.take(b"two", None) == held.take(b"three", None) == (head, None)


async def test_nothing_is_left_over_once_everything_is_folded() -> None:
    async with laid() as cloth:
        ada = await cloth.join()
        await ada.edit(cloth.board, note("note-one"))
        await ada.edit(cloth.board, words("note-one", 2, 2, "Hello"))
        await ada.sees(cloth.board, 3)
        assert cloth.worker.known._kept == {}
