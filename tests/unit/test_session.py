"""The session by itself: PROTOCOL-3 to PROTOCOL-42 without a socket. Names quote the rule."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
import pytest
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
from tablecloth.core.ink import encode_points
from tablecloth.session import CallMe, End, Enter, Follow, Session, Show, Unfollow, author_of, name_fits
from tablecloth.session.words import WORDS, words_of
from tablecloth.wire import limits
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    Bye,
    EditFrame,
    Hello,
    Here,
    Leave,
    Moving,
    Open,
    Opened,
    Ping,
    Pong,
    PresenceIn,
    Refuse,
    Rename,
    Welcome,
)

from tests.support.talk import BOARD, SECRET, SESSION, SPACE, TOKEN, Talk, junk

NOTE, OTHER, STROKE = "note-one", "note-two", "stroke-one"
HAND, HAND2 = "hand-one", "hand-two"
ADOPTED = "session-of-a-closed-tab"


def add(element: str = NOTE, hand: str = HAND, k: int = 1, base: int = 1, kind: str = "note") -> AnyEdit:
    return AddEdit(element, hand, k, base, kind, {"x": 5})


def text(k: int, base: int = 1, words: str = "a", element: str = NOTE, hand: str = HAND) -> AnyEdit:
    return TextEdit(element, hand, k, base, "text", [(0, 0, len(words))], words)


def move(k: int, base: int = 1, element: str = NOTE, hand: str = HAND) -> AnyEdit:
    return SetEdit(element, hand, k, base, {"x": 7})


def codes(frames: list[Any]) -> list[str]:
    return [frame.code for frame in frames if isinstance(frame, Refuse | Bye)]


def one(frames: list[Any], kind: type[Any]) -> Any:
    found = [frame for frame in frames if isinstance(frame, kind)]
    assert len(found) == 1, frames
    return found[0]


class TestHello:
    def test_protocol_5_hello_asks_for_the_link_and_is_welcomed(self) -> None:
        talk = Talk(enters=False)
        assert talk.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION, "Ada")) == []
        assert talk.asked == [Enter(SPACE, SECRET)]

        welcome = one(talk.welcome(), Welcome)

        assert (welcome.space, welcome.may_edit, welcome.who) == (SPACE, True, "who")
        assert welcome.author == talk.session.author
        assert talk.asked == [CallMe("Ada")]

    def test_protocol_5_a_link_that_opens_nothing(self) -> None:
        talk = Talk(enters=False)
        talk.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION))
        talk.session.turned_away()
        assert codes(talk.carry_out()) == ["no-such-link"]
        assert talk.asked[-1] == End(1008)

    def test_protocol_5_the_store_is_away(self) -> None:
        talk = Talk(enters=False)
        talk.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION))
        talk.session.store_is_away()
        assert codes(talk.carry_out()) == ["away"]
        assert talk.asked[-1] == End(1013)

    def test_protocol_5_another_version(self) -> None:
        talk = Talk(enters=False)
        assert codes(talk.say(Hello(PROTOCOL_VERSION - 1, SPACE, SECRET, TOKEN, SESSION))) == ["version"]
        assert talk.asked == [End(1008)]

    @pytest.mark.parametrize("frame", [Ping(), Open(BOARD), Rename("Ada")])
    def test_protocol_5_anything_else_first(self, frame: object) -> None:
        talk = Talk(enters=False)
        assert codes(talk.say(frame)) == ["hello-first"]
        assert talk.asked == [End(1008)]

    def test_protocol_5_a_second_hello_is_a_bad_frame(self) -> None:
        talk = Talk()
        assert codes(talk.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION))) == ["bad-frame"]
        assert talk.say(Ping()) == [Pong()]

    def test_protocol_5_nobody_says_hello(self) -> None:
        talk = Talk(enters=False)
        talk.session.overdue()
        assert codes(talk.carry_out()) == ["hello-first"]

    def test_protocol_5_who_said_hello_is_not_overdue(self) -> None:
        talk = Talk()
        talk.session.overdue()
        assert talk.carry_out() == []

    def test_protocol_6_pseudonym(self) -> None:
        digest = hashlib.sha256(b"tablecloth-author" + b"space-one" + b"token").digest()
        assert author_of("space-one", "token") == base64.urlsafe_b64encode(digest).decode()[:16]
        assert author_of("space-two", "token") != author_of("space-one", "token")

    def test_after_the_end_nothing_is_said_or_taken(self) -> None:
        talk = Talk()
        talk.session.receive_text()
        talk.carry_out()
        assert talk.say(Ping()) == []
        assert talk.edit(1, add()) == []
        talk.session.moving(1000)
        assert talk.carry_out() == []


class TestNames:
    def test_protocol_7_a_name_is_kept_and_taken_away(self) -> None:
        talk = Talk()
        talk.asked.clear()
        talk.say(Rename("Zoë"))
        talk.say(Rename(""))
        assert talk.asked == [CallMe("Zoë"), CallMe("")]

    @pytest.mark.parametrize(
        "name", ["two\nlines", "tab\tbed", " padded", "null\0", "\ufffc", "a\u202eb", "\u200b"]
    )
    def test_protocol_23_bad_name(self, name: str) -> None:
        assert not name_fits(name)
        talk = Talk()
        talk.asked.clear()
        assert codes(talk.say(Rename(name))) == ["bad-name"]
        assert talk.asked == []

    def test_a_bad_name_in_hello_is_no_name(self) -> None:
        talk = Talk(enters=False)
        talk.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION, "two\nlines"))
        talk.welcome()
        assert talk.asked == []

    def test_names_have_a_budget(self) -> None:
        talk = Talk()
        answers = [codes(talk.say(Rename(f"Name {i}"))) for i in range(8)]
        assert ["slow-down"] in answers


class TestBadFrames:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\xc1",
            junk(t="nothing"),
            junk(t="ping", more=1),
            junk(t="open", board=5),
            junk(t="open", board="board-talk", seq=-1),
            junk(t="name", name="x" * 61),
            b"\x82\xa1t\xa4name\xa4name\xa2\xff\xff",
            b"\x91" * 5000,
            b"\xdd\xff\xff\xff\xff",
            b"\x81\xa1t\xcb\x7f\xf8\0\0\0\0\0\0",
        ],
    )
    def test_protocol_4_is_refused_and_changes_nothing(self, data: bytes) -> None:
        talk = Talk()
        assert codes(talk.say(data)) == ["bad-frame"]
        assert talk.say(Ping()) == [Pong()]
        assert talk.waiting == []

    def test_protocol_4_an_edit_that_cannot_be_read_keeps_its_n(self) -> None:
        talk = Talk()
        refuse = one(talk.say(junk(t="edit", board=BOARD, n=1, edits=[["add", 5]])), Refuse)
        assert (refuse.code, refuse.board, refuse.n) == ("bad-frame", BOARD, 1)
        assert talk.edit(1, add()) == []
        assert len(talk.waiting) == 1

    @pytest.mark.parametrize("n", [0, -1, "1", 2**60, None])
    def test_protocol_4_without_a_readable_n_there_is_none(self, n: object) -> None:
        refuse = one(Talk().say(junk(t="edit", board=BOARD, n=n, edits=[])), Refuse)
        assert (refuse.code, refuse.board, refuse.n) == ("bad-frame", None, 0)

    def test_protocol_4_twenty_close(self) -> None:
        talk = Talk()
        for _ in range(limits.MAX_BAD_FRAMES - 1):
            assert codes(talk.say(b"")) == ["bad-frame"]
        talk.asked.clear()
        bye = one(talk.say(b""), Bye)
        assert bye.code == "bad-frame"
        assert talk.asked == [End(1008)]

    def test_protocol_3_text_closes(self) -> None:
        talk = Talk()
        talk.asked.clear()
        talk.session.receive_text()
        assert codes(talk.carry_out()) == ["bad-frame"]
        assert talk.asked == [End(1003)]

    def test_protocol_3_a_message_that_is_too_long(self) -> None:
        assert codes(Talk().say(b"\xc4" * (limits.MAX_MESSAGE_BYTES + 1))) == ["bad-frame"]


class TestOpening:
    def test_protocol_10_open_asks_and_opened_answers(self) -> None:
        talk = Talk(opens=False)
        opened = one(talk.open(), Opened)
        assert (opened.board, opened.seq, opened.mark, opened.how, opened.session) == (
            BOARD,
            1,
            0,
            "snapshot",
            None,
        )

    def test_protocol_10_no_such_board(self) -> None:
        talk = Talk(opens=False)
        talk.say(Open("board-nowhere"))
        follow = talk.asked.pop()
        assert isinstance(follow, Follow)
        talk.session.not_opened(follow, "no-such-board")
        refuse = one(talk.carry_out(), Refuse)
        assert (refuse.code, refuse.board) == ("no-such-board", "board-nowhere")
        assert not talk.session.awaits(follow)

    def test_protocol_10_at_most_sixteen(self) -> None:
        talk = Talk(opens=False)
        for i in range(limits.MAX_OPEN_BOARDS):
            talk.say(Open(f"board-{i:03}"))
        assert codes(talk.say(Open("board-more"))) == ["too-many-boards"]
        talk.say(Leave("board-003"))
        assert talk.say(Open("board-more")) == []

    def test_opening_while_it_is_opening_is_one_opening(self) -> None:
        talk = Talk(opens=False)
        talk.say(Open(BOARD))
        talk.say(Open(BOARD))
        assert len(talk.asked) == 1

    def test_left_while_it_was_opening(self) -> None:
        talk = Talk(opens=False)
        talk.say(Open(BOARD))
        follow = talk.asked.pop()
        assert isinstance(follow, Follow)
        talk.say(Leave(BOARD))
        assert not talk.session.opened(follow, talk.board, {SESSION: 0}, "snapshot")
        assert talk.carry_out() == []

    def test_left_and_opened_anew_while_it_was_opening(self) -> None:
        """Only the last opening is answered: the first was asked with what was held then."""
        talk = Talk(opens=False)
        talk.say(Open(BOARD, None, 0))
        first = talk.asked.pop()
        talk.say(Leave(BOARD))
        talk.say(Open(BOARD, None, 1, bytes(32)))
        second = talk.asked.pop()
        assert isinstance(first, Follow)
        assert isinstance(second, Follow)
        assert not talk.session.opened(first, talk.board, {SESSION: 0}, "snapshot")
        assert talk.session.opened(second, talk.board, {SESSION: 0}, "tail")

    def test_opened_anew_begins_from_what_is_held_now(self) -> None:
        talk = Talk()
        talk.say(Open(BOARD, None, 1, bytes(32)))
        assert talk.asked == [Unfollow(BOARD), Follow(BOARD, 1, bytes(32), False, None)]

    def test_leave(self) -> None:
        talk = Talk()
        talk.say(Leave(BOARD))
        assert talk.asked == [Unfollow(BOARD)]
        assert codes(talk.edit(1, add())) == ["not-open"]
        talk.asked.clear()
        talk.say(Leave(BOARD))
        assert talk.asked == []

    def test_protocol_25_adopting_learns_the_mark_and_resends(self) -> None:
        talk = Talk()
        talk.marks[(BOARD, ADOPTED)] = 3
        opened = one(talk.open(session=ADOPTED), Opened)
        assert (opened.mark, opened.session) == (3, ADOPTED)

        assert talk.edit(4, add(), session=ADOPTED) == []
        ack = one(talk.append(), Ack)

        assert (ack.session, ack.acks) == (ADOPTED, [(4, 2)])
        assert talk.edit(1, add(OTHER)) == []

    def test_protocol_25_a_session_that_was_not_opened(self) -> None:
        refuse = one(Talk().edit(1, add(), session=ADOPTED), Refuse)
        assert (refuse.code, refuse.session) == ("not-open", ADOPTED)

    def test_protocol_25_adopting_before_opening_opens_both(self) -> None:
        talk = Talk(opens=False)
        talk.marks[(BOARD, ADOPTED)] = 3
        assert one(talk.open(session=ADOPTED), Opened).mark == 3
        assert talk.edit(1, add()) == []
        assert talk.edit(4, add(OTHER), session=ADOPTED) == []


class TestNumbers:
    def test_protocol_20_groups_go_to_the_log_in_order(self) -> None:
        talk = Talk()
        for n, edit in enumerate((add(), text(2), text(3)), 1):
            assert talk.edit(n, edit) == []
        assert [take.n for take in talk.waiting] == [1, 2, 3]
        assert one(talk.append(), Ack).acks == [(1, 2), (2, 3), (3, 4)]

    def test_protocol_20_a_hole_is_a_gap_and_keeps_its_n(self) -> None:
        talk = Talk()
        refuse = one(talk.edit(2, add()), Refuse)
        assert (refuse.code, refuse.n) == ("gap", 2)
        assert talk.waiting == []
        assert talk.edit(1, add()) == []

    def test_protocol_20_a_lower_n_is_answered_by_the_log(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        assert talk.edit(1, add()) == []
        assert talk.waiting[0].n == 1
        assert talk.waiting[0].refusal is None, "k and board moved on by this very group"
        assert one(talk.answer((SESSION, 1, 2, None, 1)), Ack).acks == [(1, 2)]

    def test_protocol_20_a_repeat_of_what_is_malformed_is_no_way_in(self) -> None:
        """Should the log have lost its answer, it would take the group."""
        talk = Talk()
        talk.settle(1, add())
        talk.edit(1, text(2, words="\ufffc"))
        assert talk.waiting[0].refusal == "bad-words"
        assert talk.waiting[0].entries == ()

    def test_protocol_20_a_repeat_on_its_way_is_answered_once(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        assert talk.edit(1, add()) == []
        assert len(talk.waiting) == 1

    def test_protocol_20_the_log_has_less_than_the_door_believed(self) -> None:
        """A gap from the log: the door begins again after the log's mark."""
        talk = Talk()
        talk.edit(1, add())
        talk.edit(2, text(2))
        frames = talk.answer((SESSION, 1, 0, "gap", 0), (SESSION, 2, 0, "gap", 0))
        assert codes(frames) == ["gap", "gap"]
        assert talk.edit(1, add()) == []
        assert talk.waiting[0].refusal is None, "the flights of before are forgotten"

    def test_protocol_20_a_late_gap_does_not_undo_what_was_sent_anew(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.edit(2, text(2))
        talk.answer((SESSION, 1, 0, "gap", 0))
        talk.edit(1, add())
        talk.session.answered(BOARD, [(SESSION, 2, 0, "gap", 0)])
        talk.carry_out()
        assert talk.edit(2, text(2)) == []

    def test_protocol_20_the_mark_of_the_log_goes_on(self) -> None:
        talk = Talk(opens=False)
        talk.marks[(BOARD, SESSION)] = 41
        assert one(talk.open(), Opened).mark == 41
        assert codes(talk.edit(43, add())) == ["gap"]
        assert talk.edit(42, add()) == []

    def test_protocol_22_one_ack_for_all_that_was_appended(self) -> None:
        talk = Talk()
        for n, edit in enumerate((add(), text(2), move(3)), 1):
            talk.edit(n, edit)
        frames = talk.append()
        assert len(frames) == 1

    def test_protocol_23_not_open(self) -> None:
        talk = Talk(opens=False)
        refuse = one(talk.edit(1, add()), Refuse)
        assert (refuse.code, refuse.board, refuse.n) == ("not-open", BOARD, 1)

    def test_answers_for_a_board_that_was_left_are_nobodys(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.say(Leave(BOARD))
        assert talk.append() == []


class TestRefusals:
    def test_protocol_23_a_refusal_uses_up_its_n_through_the_log(self) -> None:
        talk = Talk()
        assert talk.edit(1, text(1)) == [], "not before the log has it"
        assert talk.waiting[0].refusal == "unknown-element"
        refuse = one(talk.append(), Refuse)
        assert (refuse.code, refuse.n) == ("unknown-element", 1)
        assert talk.edit(2, add()) == []

    def test_protocol_23_later_groups_keep_their_order(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.edit(2, text(7))
        talk.edit(3, text(2))
        assert [(take.n, take.refusal) for take in talk.waiting] == [(1, None), (2, "rebase"), (3, None)]
        frames = talk.append()
        assert codes(frames) == ["rebase"]
        assert one(frames, Ack).acks == [(1, 2), (3, 3)]

    def test_protocol_23_view_only(self) -> None:
        talk = Talk(may_edit=False)
        talk.edit(1, add())
        assert (talk.waiting[0].refusal, talk.waiting[0].entries) == ("view-only", ())
        assert codes(talk.append()) == ["view-only"]

    def test_protocol_23_view_only_holds_for_repeats(self) -> None:
        talk = Talk(may_edit=False, opens=False)
        talk.marks[(BOARD, SESSION)] = 5
        talk.open()
        talk.edit(3, add())
        assert talk.waiting[0].refusal == "view-only"

    @pytest.mark.parametrize(
        ("edit", "code"),
        [
            (AddEdit(OTHER, HAND2, 1, 1, "sofa", {}), "bad-value"),
            (AddEdit(OTHER, HAND2, 1, 1, "note", {"x": "left"}), "bad-value"),
            (AddEdit(NOTE, HAND2, 1, 1, "note", {}), "exists"),
            (SetEdit(NOTE, HAND2, 1, 1, {}), "bad-value"),
            (SetEdit(NOTE, HAND2, 1, 1, {"colour": "beige"}), "bad-value"),
            (SetEdit(NOTE, HAND2, 1, 1, {}, {"alt": "words"}), "bad-value"),
            (TextEdit(NOTE, HAND2, 1, 1, "text", [(0, 0, 1)], "\0"), "bad-words"),
            (TextEdit(NOTE, HAND2, 1, 1, "text", [(0, 0, 2)], "x"), "bad-words"),
            (TextEdit(NOTE, HAND2, 1, 1, "title", [(0, 0, 1)], "x"), "no-such-field"),
            (SetAsideEdit(NOTE, HAND2, 1, 1, "\x7f"), "bad-words"),
            (BringBackEdit(NOTE, HAND2, 1, 1), "not-aside"),
            (InkEdit(NOTE, HAND2, 1, 1, 1, encode_points([(1, 1, 9)])), "no-such-field"),
            (InkEdit(STROKE, HAND2, 1, 1, 2, b"\x01"), "bad-ink"),
            (text(1, element="note-nowhere", hand=HAND2), "unknown-element"),
            (text(1, base=99, hand=HAND2), "rebase"),
            (text(2, hand=HAND2), "rebase"),
            (text(1, hand=HAND), "rebase"),
        ],
    )
    def test_protocol_23_what_the_fold_would_not_apply(self, edit: AnyEdit, code: str) -> None:
        talk = Talk()
        talk.settle(1, add(), add(STROKE, HAND2, kind="ink"))
        talk.edit(2, edit)
        assert talk.waiting[0].refusal == code
        assert codes(talk.append()) == [code]
        assert talk.noted == [code]

    def test_protocol_21_a_group_goes_through_whole_or_not_at_all(self) -> None:
        talk = Talk()
        talk.edit(1, add(), text(2), text(9))
        assert talk.waiting[0].entries == ()
        talk.append()
        talk.edit(2, add(), text(2), text(3))
        assert len(talk.waiting[0].entries) == 3
        assert one(talk.append(), Ack).acks == [(2, 2)]

    def test_protocol_23_every_code_has_plain_words(self) -> None:
        for code in WORDS:
            assert words_of(code).endswith(".")
        assert words_of("code-of-tomorrow")


class TestCounters:
    """PROTOCOL-24: k at the door, with what is on its way."""

    def test_flights_count_before_they_are_answered(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.edit(2, text(2))
        talk.edit(3, text(3))
        assert [take.refusal for take in talk.waiting] == [None] * 3

    def test_flights_count_between_ack_and_fold(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.append()
        talk.edit(2, text(2))
        assert talk.waiting[0].refusal is None

    def test_a_hole_is_rebase(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        talk.edit(2, text(4))
        assert talk.waiting[0].refusal == "rebase"

    def test_a_refused_group_gives_its_ks_back(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        talk.edit(2, TextEdit(NOTE, HAND, 2, 1, "title", [(0, 0, 1)], "x"))
        talk.edit(3, text(2))
        assert [take.refusal for take in talk.waiting] == ["no-such-field", None]

    def test_fold_35_words_that_were_not_applied_give_their_k_back(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        talk.edit(2, TextEdit(NOTE, HAND, 2, 1, "text", [(50, 0, 1)], "x"))
        talk.append()
        assert [outcome.reason for outcome in talk.fold()] == ["out-of-range"]
        talk.edit(3, text(2))
        assert talk.waiting[0].refusal is None
        talk.append()
        talk.edit(4, text(4))
        assert talk.waiting[0].refusal == "rebase"

    def test_two_hands_count_by_themselves(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        talk.edit(2, text(1, hand=HAND2), text(2), text(2, hand=HAND2))
        assert talk.waiting[0].refusal is None

    def test_nothing_is_left_when_all_is_folded(self) -> None:
        talk = Talk()
        talk.settle(1, add(), text(2))
        talk.settle(2, SetAsideEdit(NOTE, HAND, 3, 3))
        talk.settle(3, BringBackEdit(NOTE, HAND, 4, 4))
        door = talk.session.doors[BOARD]
        door.settle()
        assert (door.flights, door._ks, door._adds, door._moves) == ({}, {}, {}, {})
        assert talk.session._weight == 0

    def test_a_repeated_answer_forgets_the_flight_too(self) -> None:
        """A tab that reconnects resends what an old connection had appended already."""
        talk = Talk()
        talk.edit(1, add())
        talk.answer((SESSION, 1, 1, None, 1))
        talk.session.doors[BOARD].settle()
        assert talk.session.doors[BOARD]._ks == {}


class TestOnTheirWay:
    """An element whose `add` is on its way is there for the one who added it, with the rules of its type."""

    @pytest.mark.parametrize("in_one_group", [True, False])
    def test_words_and_moves_on_a_new_note(self, in_one_group: bool) -> None:
        talk = Talk()
        edits = [add(), text(2), move(3), OrderEdit(NOTE, HAND, 4, 1, "b0"), SetAsideEdit(NOTE, HAND, 5, 1)]
        if in_one_group:
            talk.edit(1, *edits)
        else:
            for n, edit in enumerate(edits, 1):
                talk.edit(n, edit)
        assert {take.refusal for take in talk.waiting} == {None}

    def test_ink_on_a_new_stroke(self) -> None:
        talk = Talk()
        points = encode_points([(1, 1, 9)])
        talk.edit(1, add(STROKE, kind="ink"), InkEdit(STROKE, HAND, 2, 1, 1, points))
        talk.edit(2, InkEdit(STROKE, HAND, 3, 1, 1, points))
        assert {take.refusal for take in talk.waiting} == {None}

    @pytest.mark.parametrize(
        ("edit", "code"),
        [
            (SetEdit(NOTE, HAND, 2, 1, {"width": 4}), "bad-value"),
            (TextEdit(NOTE, HAND, 2, 1, "title", [(0, 0, 1)], "x"), "no-such-field"),
            (InkEdit(NOTE, HAND, 2, 1, 1, encode_points([(1, 1, 9)])), "no-such-field"),
            (text(2, base=7), "rebase"),
            (text(3), "rebase"),
        ],
    )
    def test_the_rules_of_its_type_hold(self, edit: AnyEdit, code: str) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.edit(2, edit)
        assert talk.waiting[1].refusal == code

    def test_aside_and_back_may_follow_each_other(self) -> None:
        talk = Talk()
        talk.settle(1, add())
        talk.edit(2, SetAsideEdit(NOTE, HAND, 2, 2))
        talk.edit(3, BringBackEdit(NOTE, HAND, 3, 2))
        talk.edit(4, SetAsideEdit(NOTE, HAND, 4, 2), BringBackEdit(NOTE, HAND, 5, 2))
        assert {take.refusal for take in talk.waiting} == {None}

    def test_what_was_refused_is_not_on_its_way(self) -> None:
        talk = Talk()
        talk.edit(1, AddEdit(NOTE, HAND, 1, 1, "sofa", {}))
        talk.edit(2, text(2))
        assert [take.refusal for take in talk.waiting] == ["bad-value", "unknown-element"]

    def test_what_somebody_else_adds_is_not_there_yet(self) -> None:
        talk = Talk()
        talk.edit(1, text(1, element="note-of-others"))
        assert talk.waiting[0].refusal == "unknown-element"


class TestBudgets:
    def test_protocol_23_slow_down_keeps_the_n(self) -> None:
        talk = Talk()
        n = 0
        answers: list[str] = []
        while not answers:
            n += 1
            answers = codes(talk.edit(n, *[add(f"note-{n:04}-{i:03}") for i in range(200)]))
            talk.append()
        assert answers == ["slow-down"]
        assert n == 1 + limits.EDITS_BURST // 200
        talk.now += 1.0
        assert talk.edit(n, add("note-after-a-second")) == []

    def test_protocol_23_busy_keeps_the_n(self) -> None:
        talk = Talk()
        for n in range(1, limits.MAX_IN_FLIGHT + 1):
            assert talk.edit(n, add(f"note-{n:04}")) == []
        n = limits.MAX_IN_FLIGHT + 1
        assert codes(talk.edit(n, add(f"note-{n:04}"))) == ["busy"]
        talk.append(1)
        assert talk.edit(n, add(f"note-{n:04}")) == []

    def test_busy_by_bytes(self) -> None:
        talk = Talk()
        words = "x" * 40_000
        sent = 0
        while not codes(talk.edit(sent + 1, add(f"note-{sent:04}"), text(2, 1, words, f"note-{sent:04}"))):
            sent += 1
        assert sent * 40_000 < limits.MAX_IN_FLIGHT_BYTES < (sent + 1) * 40_500
        talk.append()
        assert talk.session._weight == 0

    def test_repeats_on_their_way_are_bounded_too(self) -> None:
        talk = Talk(opens=False)
        talk.marks[(BOARD, SESSION)] = 1000
        talk.open()
        answers = [codes(talk.edit(n, add())) for n in range(1, limits.MAX_IN_FLIGHT + 2)]
        assert answers[-1] == ["busy"]
        assert len(talk.waiting) == limits.MAX_IN_FLIGHT

    def test_protocol_30_presence_over_the_budget_is_dropped(self) -> None:
        talk = Talk()
        talk.asked.clear()
        for i in range(limits.PRESENCE_PER_S + 10):
            assert talk.say(PresenceIn(BOARD, Here((i, i)))) == []
        assert len(talk.asked) == limits.PRESENCE_PER_S
        talk.now += 1.0
        talk.say(PresenceIn(BOARD, Here((1, 2))))
        assert talk.asked[-1] == Show(BOARD, Here((1, 2)))

    def test_presence_on_a_board_that_is_not_open(self) -> None:
        talk = Talk(opens=False)
        assert talk.say(PresenceIn(BOARD, Here((1, 2)))) == []
        assert talk.asked == []


class TestStore:
    def test_protocol_23_read_only_keeps_the_n_and_is_told_once(self) -> None:
        talk = Talk()
        talk.session.store_writes(False)
        notice = one(talk.carry_out(), Refuse)
        assert (notice.code, notice.board, notice.n) == ("read-only", BOARD, 0)
        talk.session.store_writes(False)
        assert talk.carry_out() == []
        refuse = one(talk.edit(1, add()), Refuse)
        assert (refuse.code, refuse.n) == ("read-only", 1)
        talk.session.store_writes(True)
        assert talk.edit(1, add()) == []

    def test_what_was_on_its_way_is_answered_when_the_store_is_back(self) -> None:
        talk = Talk()
        talk.edit(1, add())
        talk.session.store_writes(False)
        talk.carry_out()
        assert one(talk.append(), Ack).acks == [(1, 2)]

    def test_who_opens_a_board_meanwhile_is_told(self) -> None:
        talk = Talk(opens=False)
        talk.session.store_writes(False)
        frames = talk.open()
        assert one(frames, Opened)
        assert codes(frames) == ["read-only"]

    def test_an_opening_that_waits_for_the_store_goes_on(self) -> None:
        talk = Talk(opens=False)
        talk.say(Open(BOARD))
        follow = talk.asked.pop()
        assert isinstance(follow, Follow)
        talk.session.not_opened(follow, "read-only")
        assert codes(talk.carry_out()) == ["read-only"]
        assert talk.session.awaits(follow)


class TestEnding:
    def test_protocol_40_moving(self) -> None:
        talk = Talk()
        talk.session.moving(5000)
        assert talk.carry_out() == [Moving(5000)]
        assert talk.edit(1, add()) == [], "it goes on until the socket closes"

    def test_protocol_41_the_log_went_back(self) -> None:
        talk = Talk()
        talk.session.rewound()
        assert codes(talk.carry_out()) == ["behind"]
        assert talk.asked[-1] == End(1001)

    def test_protocol_42_ping(self) -> None:
        assert Talk().say(Ping()) == [Pong()]


def test_salts_are_taken_from_the_caller() -> None:
    """Two bodies with the same words differ: a short word can't be guessed from its hash (FOLD-1)."""
    talk = Talk()
    talk.edit(1, add(), text(2, words="no"), text(3, words="no"))
    bodies = [body for _, body in talk.waiting[0].entries if body is not None]
    salts = [msgspec.msgpack.decode(body)[0] for body in bodies]
    assert len(set(salts)) == 2


def test_a_session_needs_no_notes_of_its_refusals() -> None:
    session = Session(lambda: bytes(16), 0.0)
    session.receive(encode(EditFrame(BOARD, 1, [add()])), 0.0)
    assert session.state == "ended"
