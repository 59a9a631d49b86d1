"""Without a name: what the door does (PROTOCOL-80 to -82), and what a device sends when (PROTOCOL-83)."""

from __future__ import annotations

import itertools
import random

import msgspec
import pytest
from tablecloth.core.anonymous import PREFIX, author_of_key, is_anonymous, may_write
from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import AddEdit, AddHead, AnyEdit, Entry, SetAsideEdit, SetEdit, TextEdit, TextHead
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.fold import apply_entry, read_content, read_head
from tablecloth.replica.anonymous import Anonymous, Slip, SlipSettled, Waits
from tablecloth.replica.events import Folded
from tablecloth.session import Show
from tablecloth.wire import limits
from tablecloth.wire.frames import Ack, Caret, Drag, EditFrame, Here, PresenceIn, Refuse, Stroke

from tests.support.talk import BOARD, SESSION, SPACE, TOKEN, Talk

KEY, OTHER_KEY = "k" * 32, "q" * 32
AUTHOR = author_of_key(SPACE, KEY)
NOTE = AUTHOR.removeprefix(PREFIX)
ONCE, ONCE_MORE = "session-for-once", "session-for-once-more"
_UNSTAMPED = ("", 1, 0)


def put(base: int = 1, element: str = NOTE) -> list[AnyEdit]:
    return [
        AddEdit(element, "hand-of-once", 1, base, "note", {"x": 5}),
        TextEdit(element, "hand-of-once", 2, base, "text", [(0, 0, 5)], "Quiet"),
    ]


def settle(talk: Talk) -> list[str | None]:
    """All that is on its way is taken by the log and folded; the reasons of the fold."""
    talk.append()
    return [outcome.reason for outcome in talk.fold()]


def codes(talk: Talk) -> list[str]:
    return [frame.code for frame in talk.sent if isinstance(frame, Refuse)]


class TestTheDoor:
    def test_protocol_80_the_key_gives_the_author_and_the_log_hears_of_nobody_else(self) -> None:
        talk = Talk()
        assert talk.edit(1, *put(), session=ONCE, key=KEY) == []
        (take,) = talk.waiting
        assert (take.author, take.session, take.n, take.refusal) == (AUTHOR, ONCE, 1, None)
        heads = [read_head(head) for head, _ in take.entries]
        assert [type(head) for head in heads] == [AddHead, TextHead]
        for said in (talk.session.author, TOKEN, SESSION, ONCE, KEY):
            assert all(said.encode() not in head + (body or b"") for head, body in take.entries)
        assert talk.append() == [Ack(BOARD, [(1, 2)], ONCE)]
        assert settle(talk) == [None, None]

    def test_protocol_80_a_repeat_is_answered_as_it_was(self) -> None:
        talk = Talk()
        talk.edit(1, *put(), session=ONCE, key=KEY)
        assert talk.edit(1, *put(), session=ONCE, key=KEY) == [], "its answer is on its way"
        settle(talk)
        talk.edit(1, *put(), session=ONCE, key=KEY)
        assert [(take.session, take.n) for take in talk.waiting] == [(ONCE, 1)], (
            "the log says how it was answered"
        )

    @pytest.mark.parametrize(("n", "session"), [(2, ONCE), (1, None), (1, SESSION)])
    def test_protocol_80_its_session_numbers_one_group(self, n: int, session: str | None) -> None:
        talk = Talk()
        (refusal,) = talk.edit(n, *put(), session=session, key=KEY)
        assert (refusal.code, talk.waiting) == ("bad-frame", [])

    def test_protocol_80_a_link_for_looking_looks(self) -> None:
        talk = Talk(may_edit=False)
        talk.edit(1, *put(), session=ONCE, key=KEY)
        assert [take.refusal for take in talk.waiting] == ["view-only"]

    def test_protocol_80_the_board_must_be_open(self) -> None:
        talk = Talk(opens=False)
        (refusal,) = talk.edit(1, *put(), session=ONCE, key=KEY)
        assert (refusal.code, refusal.session) == ("not-open", ONCE)

    def test_protocol_80_it_counts_to_the_budget_of_the_connection(self) -> None:
        talk = Talk()
        for i in range(limits.EDITS_BURST // 2):
            talk.edit(1, *put(), session=f"session-for-once-{i:06}", key=KEY)
            talk.append()
        talk.now = 0.0
        (refusal,) = talk.edit(1, *put(), session=ONCE, key=KEY)
        assert refusal.code == "slow-down"

    def test_fold_122_a_key_is_no_way_around_a_pause(self) -> None:
        talk = Talk()
        talk.board.decisions.pause(talk.session.author, 60_000, 0)
        talk.edit(1, *put(), session=ONCE, key=KEY)
        assert talk.waiting.pop().refusal == "paused"

    def test_fold_141_a_key_is_good_for_no_other_element(self) -> None:
        talk = Talk()
        talk.settle(1, AddEdit("note-one", "hand-one", 1, 1, "note", {}))
        for edits in (put(element="note-two"), [SetEdit("note-one", "hand-of-once", 1, 2, {"x": 9})]):
            talk.edit(1, *edits, session=ONCE, key=KEY)
            assert talk.waiting.pop().refusal == "not-yours"
            talk.session.doors[BOARD].flights.clear()
        group = [AddEdit("note-six", "hand-one", 1, 1, "note", {})]
        assert talk.edit(2, *group) == [], "one's own, on its way"
        words = TextEdit("note-six", "hand-of-once", 1, 1, "text", [(0, 0, 1)], "x")
        talk.edit(1, words, session=ONCE, key=KEY)
        assert talk.waiting[-1].refusal == "not-yours"

    def test_protocol_82_a_base_of_ones_own_would_tell(self) -> None:
        talk = Talk()
        talk.settle(1, AddEdit("note-one", "hand-one", 1, 1, "note", {}))
        talk.edit(1, *put(base=2), session=ONCE, key=KEY)
        assert talk.waiting.pop().refusal == "tells"
        talk.session.doors[BOARD].flights.clear()
        talk.edit(1, *put(), session=ONCE, key=KEY)
        assert settle(talk) == [None, None]
        born, said = 3, 4
        words = TextEdit(NOTE, "hand-later-1", 1, said, "text", [(5, 0, 1)], "!")
        aside = SetAsideEdit(NOTE, "hand-later-2", 1, born)
        for edit, told in ((words, said), (aside, born)):
            wrong = msgspec.structs.replace(edit, base=2)
            talk.edit(1, wrong, session=ONCE_MORE, key=KEY)
            assert talk.waiting.pop().refusal == "tells"
            talk.session.doors[BOARD].flights.clear()
            talk.edit(1, edit, session=f"{ONCE_MORE}-{told}", key=KEY)
            assert settle(talk) == [None]

    def test_protocol_81_nobodys_hand_is_shown_on_it(self) -> None:
        talk = Talk()
        talk.settle(1, AddEdit("note-one", "hand-one", 1, 1, "note", {}))
        talk.edit(1, *put(), session=ONCE, key=KEY)
        settle(talk)

        def shown(here: Here) -> Here:
            talk.say(PresenceIn(BOARD, here))
            show = talk.asked.pop()
            assert isinstance(show, Show)
            return show.here

        caret, stroke = Caret(NOTE, "text", 0, 0, 2), Stroke(NOTE, 0, 0, "ink", 4, b"")
        drags = [Drag(NOTE, 1, 1, 1, 1), Drag("note-one", 1, 1, 1, 1)]
        at = Here(at=(4, 4), selected=[NOTE, "note-one"], caret=caret, drag=drags, stroke=stroke, laser=True)
        assert shown(at) == Here(at=(4, 4), selected=["note-one"], drag=drags[1:], laser=True)
        plain = Here(selected=["note-one", "not-here-yet"], caret=Caret("note-one", "text", 0, 0, 2))
        assert shown(plain) == plain


# --- the device ---------------------------------------------------------------------------------------------


class Device:
    """The anonymous elements of a device, on a board whose log takes what it is given at once."""

    def __init__(self, seed: int = 1, waits: Waits | None = None) -> None:
        self.chance = random.Random(seed)
        ids = itertools.count(1)
        self.board = new_board(SPACE, BOARD)
        self.seq = 0
        self.log(found(SPACE, BOARD, bytes(32), "Quiet", bytes(16)))
        self.mine = Anonymous(
            SPACE,
            lambda: f"hand-{next(ids):08}",
            lambda: f"key-or-session-{next(ids):016}",
            self.chance.uniform,
            waits or Waits(),
        )

    def log(self, entry: tuple[bytes, bytes | None]) -> Folded:
        self.seq += 1
        said = Entry(self.seq, 1000 * self.seq, *entry)
        outcome = apply_entry(self.board, said)
        return Folded(said, read_head(said.head), read_content(said.body), outcome)

    def note(self, words: str, now: float = 0.0) -> Slip:
        ident = self.mine.begin()
        edits: list[AnyEdit] = [
            AddEdit(ident, *_UNSTAMPED, "note", {}),
            TextEdit(ident, *_UNSTAMPED, "text", [(0, 0, len(words))], words),
        ]
        return self.mine.write(self.board, edits, now)

    def take(self, frame: EditFrame) -> list[SlipSettled]:
        """The log takes a group."""
        assert frame.key is not None
        author = author_of_key(SPACE, frame.key)
        settled: list[SlipSettled] = []
        for edit in frame.edits:
            settled += self.mine.fold(self.log(encode_entry(edit, author, bytes(16))))
        return settled

    def sent_by(self, until: float) -> list[tuple[float, EditFrame]]:
        """What goes out up to a moment, with when."""
        out = []
        while (due := self.mine.next_due()) is not None and due <= until:
            frame = self.mine.outgoing(BOARD, due)
            assert frame is not None
            out.append((due, frame))
        return out


def test_protocol_80_each_element_has_a_key_an_author_and_an_id_of_its_own() -> None:
    device = Device()
    slips = [device.note(f"Note {i}") for i in range(20)]
    for of_each in (
        {slip.key for slip in slips},
        {slip.element for slip in slips},
        {slip.session for slip in slips},
        {slip.edits[0].hand for slip in slips},
    ):
        assert len(of_each) == 20
    for slip in slips:
        author = author_of_key(SPACE, slip.key)
        assert is_anonymous(author)
        assert may_write(author, slip.element)
        assert [(edit.k, edit.base) for edit in slip.edits] == [(1, 1), (2, 1)]


def test_protocol_83_each_goes_out_alone_after_a_random_wait() -> None:
    device = Device()
    device.mine.connected(0.0)
    for i in range(200):
        device.note(f"Note {i}")
    sent = device.sent_by(1000.0)
    assert len(sent) == 200
    assert all(frame.n == 1 for _, frame in sent)
    assert sent[0][0] >= limits.ANONYMOUS_LEAST_S
    texts = [edit.inserted for _, frame in sent for edit in frame.edits if isinstance(edit, TextEdit)]
    assert texts != sorted(texts, key=lambda words: int(words[5:])), "not in the order of writing"
    gaps = [later - sooner for (sooner, _), (later, _) in itertools.pairwise(sent)]
    assert max(gaps) > limits.ANONYMOUS_APART_S / 2
    assert len({round(gap, 3) for gap in gaps}) > 100, "not at a beat"


def test_protocol_83_what_waited_for_a_connection_does_not_come_with_whoever_came_back() -> None:
    device = Device()
    for i in range(50):
        device.note(f"Note {i}", now=0.0)
    assert device.mine.next_due() is None, "nothing goes out before the board is up to date"
    device.mine.connected(500.0)
    times = [at - 500.0 for at, _ in device.sent_by(2000.0)]
    assert times[0] >= limits.ANONYMOUS_LEAST_S
    assert max(times) > limits.ANONYMOUS_MOST_S * 2, "over a longer time than what is written while here"


def test_protocol_83_what_was_not_answered_waits_anew_and_says_the_same() -> None:
    device = Device()
    device.mine.connected(0.0)
    device.note("Once")
    ((_, first),) = device.sent_by(100.0)
    device.mine.lost()
    assert device.mine.next_due() is None
    device.mine.connected(200.0)
    ((at, again),) = device.sent_by(1000.0)
    assert again == first
    assert at >= 200.0 + limits.ANONYMOUS_LEAST_S
    (settled,) = device.take(again)
    assert (settled.code, device.mine.slips) == (None, [])


@pytest.mark.parametrize("code", ["slow-down", "busy", "read-only", "not-open"])
def test_protocol_23_a_refusal_that_keeps_the_n_waits_anew(code: str) -> None:
    device = Device()
    device.mine.connected(0.0)
    device.note("Once")
    ((at, frame),) = device.sent_by(100.0)
    assert device.mine.take(Refuse(code, "", BOARD, 1, frame.session), at) == []
    ((later, again),) = device.sent_by(200.0)
    assert again == frame
    assert later > at


def test_a_refusal_for_good_is_told_and_answers_for_others_are_not_ours() -> None:
    device = Device()
    device.mine.connected(0.0)
    device.note("Once")
    ((at, frame),) = device.sent_by(100.0)
    assert device.mine.take(Ack(BOARD, [(1, 2)]), at) is None
    assert device.mine.take(Ack(BOARD, [(1, 2)], frame.session), at) == []
    told = device.mine.take(Refuse("board-full", "Full.", BOARD, 1, frame.session), at)
    assert told is not None
    assert [(one.code, one.words) for one in told] == [("board-full", "Full.")]
    assert device.mine.slips == []


def test_protocol_82_later_words_stand_on_the_last_that_matters_and_not_on_what_was_seen_last() -> None:
    device = Device()
    device.mine.connected(0.0)
    slip = device.note("Quiet")
    ((_, frame),) = device.sent_by(100.0)
    device.take(frame)
    last = device.seq
    for i in range(5):  # others go on
        other = AddEdit(f"note-of-other-{i}", "hand-other", 1, 1, "note", {})
        device.log(encode_entry(other, "author-other-one", bytes(16)))
    later = device.mine.write(
        device.board, [TextEdit(slip.element, *_UNSTAMPED, "text", [(5, 0, 1)], "!")], 100.0
    )
    assert later.edits[0].base == last
    assert later.edits[0].hand != slip.edits[0].hand
    assert later.session != slip.session
    away = device.mine.write(device.board, [SetAsideEdit(slip.element, *_UNSTAMPED)], 100.0)
    assert away.edits[0].base == device.board.elements[slip.element].born.seq
    for _, one in device.sent_by(1000.0):
        device.take(one)
    element = device.board.elements[slip.element]
    assert element.text() == "Quiet!"
    assert element.aside is not None


def test_only_elements_whose_key_is_here_are_written() -> None:
    device = Device()
    with pytest.raises(KeyError):
        device.mine.write(device.board, [SetAsideEdit("note-of-other-1", *_UNSTAMPED)], 0.0)


def test_protocol_10_what_a_rollback_took_is_put_down_anew_as_it_was() -> None:
    device = Device()
    device.mine.connected(0.0)
    slip = device.note("Quiet")
    ((_, frame),) = device.sent_by(100.0)
    device.take(frame)
    before = device.board
    after = Device().board
    device.mine.rewound(before, after, 200.0)
    ((_, again),) = device.sent_by(500.0)
    assert again.session != frame.session
    assert again.key == slip.key
    device.board, device.seq = after, after.seq
    device.take(again)
    assert after.elements[slip.element].text() == "Quiet"
    device.mine.rewound(before, after, 500.0)
    assert device.mine.slips == [], "it is there"


def test_what_a_snapshot_holds_is_settled() -> None:
    device = Device()
    device.mine.connected(0.0)
    device.note("Quiet")
    ((_, frame),) = device.sent_by(100.0)
    there: Board = device.board
    author = author_of_key(SPACE, frame.key or "")
    for edit in frame.edits:
        device.log(encode_entry(edit, author, bytes(16)))
    (settled,) = device.mine.begun_anew(there)
    assert (settled.code, device.mine.slips) == (None, [])
