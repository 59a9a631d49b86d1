"""The Python replica, alone: pending edits over a log that moves on, lost connections, refusals, rollbacks.

What crosses between a replica and its log is cut, delayed and refused at random. Seeds are printed by the
test's id.
"""

from __future__ import annotations

import random

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
from tablecloth.core.text import DELETE, INSERT, KEEP, Op, TextField, apply_op
from tablecloth.replica.board import Replica
from tablecloth.replica.events import Folded, Rewound
from tablecloth.replica.outbox import Group
from tablecloth.replica.view import Elements
from tablecloth.replica.words import OldBase, OwnWords, inverse, splices_of, without_others
from tablecloth.wire.frames import Entries

from tests.support.replica_peers import BOARD, SPACE, Log, Peer, same_boards, settle

NOTE = "note-0001"


def add_note(peer: Peer, element: str = NOTE, text: str = "") -> Group:
    edits: list[AnyEdit] = [AddEdit(element, "", 0, 0, "note", {"x": 1, "y": 2})]
    if text:
        edits.append(TextEdit(element, "", 0, 0, "text", [(0, 0, len(text))], text))
    return peer.replica.write(edits)


def type_in(peer: Peer, position: int, deleted: int, inserted: str, base: int | None = None) -> Group:
    splice = (position, deleted, len(inserted))
    return peer.replica.write([TextEdit(NOTE, "", 0, 0, "text", [splice], inserted)], base)


def seen(peer: Peer) -> str:
    return Elements(peer.replica)[NOTE].text


def two_peers(text: str = "the common words") -> tuple[Log, Peer, Peer]:
    log = Log()
    ada, ben = Peer(log, "ada-00001", random.Random(1)), Peer(log, "ben-00001", random.Random(2))
    add_note(ada, text=text)
    settle([ada, ben])
    return log, ada, ben


# --- what a caller sees -----------------------------------------------------------------------------------


def test_a_group_is_settled_once_it_is_folded_and_can_be_read() -> None:
    log, ada, ben = two_peers("hello")
    assert [reason for _, reason in ada.ends] == [None]
    assert Elements(ben.replica)[NOTE].text == "hello"
    assert (Elements(ben.replica)[NOTE].x, Elements(ben.replica)[NOTE].colour) == (1, "lemon")
    same_boards(log, [ada, ben])


def test_pending_edits_show_at_once_and_the_confirmed_board_stays() -> None:
    _, ada, _ = two_peers()
    type_in(ada, 0, 3, "our")
    type_in(ada, 4, 6, "shared")
    ada.replica.write([SetEdit(NOTE, "", 0, 0, {"x": 77})])
    ada.replica.write([SetAsideEdit(NOTE, "", 0, 0, "done")])
    view = Elements(ada.replica)[NOTE]
    assert (view.text, view.x, view.is_aside, view.why) == ("our shared words", 77, True, "done")
    assert ada.replica.confirmed.elements[NOTE].text() == "the common words"
    add_note(ada, "note-0002", "new")
    assert list(Elements(ada.replica)) == [NOTE, "note-0002"]
    assert Elements(ada.replica)["note-0002"].text == "new"


def test_typing_does_not_wait_for_acks_while_others_type() -> None:
    log, ada, ben = two_peers("")
    for index, letter in enumerate("one"):
        type_in(ada, index, 0, letter)
    for index, letter in enumerate("two"):
        type_in(ben, index, 0, letter)
    settle([ada, ben])
    assert seen(ada) == seen(ben) == "onetwo"
    same_boards(log, [ada, ben])


def test_an_explicit_base_speaks_of_the_words_as_they_were_then() -> None:
    log, ada, ben = two_peers("abc")
    base = ada.replica.confirmed.seq
    type_in(ben, 0, 0, "XX")
    settle([ada, ben])
    type_in(ada, 3, 0, "!", base)
    type_in(ada, 4, 0, "!", base)
    type_in(ada, 0, 1, "", base)
    assert seen(ada) == "XXbc!!"
    settle([ada, ben])
    assert seen(ben) == "XXbc!!"
    same_boards(log, [ada, ben])


def test_a_base_that_goes_back_is_told_and_leaves_nothing_behind() -> None:
    _, ada, ben = two_peers("abc")
    old = ada.replica.confirmed.seq
    type_in(ben, 0, 0, "X")
    settle([ada, ben])
    type_in(ada, 0, 0, "Y")
    with pytest.raises(OldBase):
        ada.replica.write(
            [
                TextEdit(NOTE, "", 0, 0, "text", [(0, 0, 1)], "Z"),
                TextEdit("note-0002", "", 0, 0, "text", [(0, 0, 1)], "Z"),
            ],
            old,
        )
    assert seen(ada) == "YXabc"
    assert len(ada.replica.outbox) == 1
    settle([ada, ben])
    assert seen(ben) == "YXabc"


def test_what_is_out_of_range_is_refused_and_later_words_stand() -> None:
    log, ada, ben = two_peers("abc")
    type_in(ada, 90, 0, "far")
    type_in(ada, 3, 0, "d")
    settle([ada, ben])
    assert [reason for _, reason in ada.ends][1:] == ["out-of-range", None]
    assert seen(ben) == "abcd"
    same_boards(log, [ada, ben])


def test_after_a_refusal_the_later_edits_of_that_hand_are_written_anew() -> None:
    log, ada, ben = two_peers("abc")
    ada.disconnect()
    type_in(ada, 3, 0, "\x00")
    type_in(ada, 4, 0, "d")
    ada.replica.write([SetEdit(NOTE, "", 0, 0, {"x": 9})])
    type_in(ben, 0, 0, ">> ")
    settle([ada, ben])
    assert [reason for _, reason in ada.ends][1:] == ["bad-words", None, None]
    assert seen(ben) == ">> abcd"
    assert Elements(ben.replica)[NOTE].x == 9
    same_boards(log, [ada, ben])


def test_words_written_away_from_the_table_come_home_after_more_than_the_window() -> None:
    log, ada, ben = two_peers("middle")
    ada.disconnect()
    type_in(ada, 6, 0, " end")
    type_in(ada, 0, 6, "MIDDLE")
    for _ in range(300):
        type_in(ben, 0, 0, ".")
        settle([ben])
    settle([ada, ben])
    assert seen(ben) == "MIDDLE" + "." * 300 + " end"
    assert [reason for _, reason in ada.ends][1:] == [None, None]
    same_boards(log, [ada, ben])


def test_deleting_what_others_deleted_meanwhile_is_settled_without_an_entry() -> None:
    log, ada, ben = two_peers("one two")
    ada.disconnect()
    type_in(ada, 3, 4, "")
    for _ in range(200):
        type_in(ben, 0, 0, ".")
        settle([ben])
    type_in(ben, 200, 7, "")
    settle([ada, ben])
    assert [reason for _, reason in ada.ends][1:] == [None]
    assert seen(ben) == "." * 200
    same_boards(log, [ada, ben])


def test_a_rolled_back_log_gets_back_what_it_lost_once() -> None:
    log, ada, ben = two_peers("common")
    kept = len(log.entries)
    add_note(ada, "note-0002", "of ada")
    type_in(ada, 6, 0, " ground")
    settle([ada, ben])
    type_in(ben, 0, 0, "our ")
    settle([ada, ben])
    type_in(ada, 4, 0, "ONE ")
    settle([ada, ben])
    assert seen(ada) == "our ONE common ground"
    ada.disconnect()
    ben.disconnect()
    type_in(ada, 0, 0, "[")
    log.roll_back(kept)
    log.chance = random.Random(9)
    settle([ada, ben])
    assert (ada.rewinds, ben.rewinds) == (1, 1)
    assert sorted(seen(ben)) == sorted("[our ONE common ground")
    assert Elements(ben.replica)["note-0002"].text == "of ada"
    same_boards(log, [ada, ben])


def test_a_lost_ack_makes_no_second_entry() -> None:
    log, ada, ben = two_peers("x")
    type_in(ada, 1, 0, "y")
    ada.to_log.extend(ada.replica.outgoing())
    while ada.to_log:
        log.submit(ada.author, ada.author + ada.session, ada.to_log.popleft())
    ada.disconnect()
    settle([ada, ben])
    assert seen(ben) == "xy"
    assert len(ada.ends) == 2


def test_a_forgotten_mark_needs_a_new_session_and_nothing_counts_twice() -> None:
    log, ada, ben = two_peers("x")
    type_in(ada, 1, 0, "y")
    ada.to_log.extend(ada.replica.outgoing())
    while ada.to_log:
        log.submit(ada.author, ada.author + ada.session, ada.to_log.popleft())
    ada.disconnect()
    log.outcomes.clear()
    type_in(ada, 2, 0, "z")
    settle([ada, ben])
    assert seen(ben) == "xyz"
    assert ada.sessions == 2
    assert [reason for _, reason in ada.ends] == [None] * 3


# --- the algebra of words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_splices_say_the_same_as_the_ops(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        value = "".join(chance.choices("abcdef", k=chance.randint(0, 12)))
        op = tuple((chance.choice((0, 1, 2)), 1) for _ in range(chance.randint(0, 8)))
        taken = sum(1 for kind, _ in op if kind != 1)
        if taken > len(value):
            continue
        words = "".join(chance.choices("XYZ", k=sum(1 for kind, _ in op if kind == 1)))
        by_splices, rest = value, words
        for position, deleted, inserted in splices_of([op]):
            by_splices = by_splices[:position] + rest[:inserted] + by_splices[position + deleted :]
            rest = rest[inserted:]
        assert by_splices == apply_op(value, op, words)


def test_an_inverse_takes_back() -> None:
    op = ((KEEP, 2), (INSERT, 3), (DELETE, 4))
    assert inverse(op) == ((KEEP, 2), (DELETE, 3), (INSERT, 4))
    assert inverse(inverse(op)) == op


def test_own_words_without_what_others_wrote_between() -> None:
    first: Op = ((0, 1), (1, 1))
    theirs: Op = ((1, 1),)
    second: Op = ((0, 3), (1, 1))
    assert without_others([(True, [first]), (False, [theirs]), (True, [second])]) == [
        [((0, 1), (1, 1))],
        [((0, 2), (1, 1))],
    ]


def test_a_dropped_edit_leaves_the_others_where_they_were() -> None:
    own = OwnWords(("ada-00001", "hand-0001"))
    first = own.write(TextField("abc"), 1, [(1, 1, 2)], "XY")
    second = own.write(TextField("abc"), 1, [(4, 0, 1)], "!")
    own.drop(first, 5)
    assert splices_of(second.ops) == [(3, 0, 1)]
    assert own.length == 4


# --- everything at once -----------------------------------------------------------------------------------


def act(peer: Peer, chance: random.Random, tokens: list[str]) -> None:
    """One random thing that a participant may do on what they see."""
    elements = Elements(peer.replica)
    ids = list(elements)
    roll = chance.random()
    if roll < 0.12 or not ids:
        add_note(peer, peer.new_id(), "new")
        return
    element = chance.choice(ids)
    one = elements[element]
    if roll < 0.75 and one.kind == "note":
        length = len(one.text)
        position = chance.randint(0, length)
        deleted = min(chance.choice((0, 0, 0, 1, 3)), length - position)
        token = chr(0x4E00 + len(tokens))
        tokens.append(token)
        edit = TextEdit(element, "", 0, 0, "text", [(position, deleted, 1)], token)
        peer.replica.write([edit])
    elif roll < 0.85:
        peer.replica.write([SetEdit(element, "", 0, 0, {"x": chance.randint(-9, 9)})])
    elif roll < 0.9:
        peer.replica.write([SetAsideEdit(element, "", 0, 0, "")])
    elif roll < 0.95:
        peer.replica.write([BringBackEdit(element, "", 0, 0)])
    elif roll < 0.97:
        peer.replica.write([OrderEdit(element, "", 0, 0, "a1")])
    else:
        ink = peer.new_id()
        points = encode_points([(0, 0, 10), (5, 5, 200)])
        peer.replica.write([AddEdit(ink, "", 0, 0, "ink", {}), InkEdit(ink, "", 0, 0, 2, points)])


def view_is_pending_over_confirmed(peer: Peer) -> None:
    """The words that are carried along and the fold of the pending edits tell the same (DESIGN §3)."""
    for (element, name), own in peer.replica.own._words._fields.items():
        folded = peer.replica.confirmed.elements.get(element)
        value = "" if folded is None else folded.text(name)
        for typed in own.typed:
            rest = typed.inserted
            for op in typed.ops:
                length = sum(n for kind, n in op if kind == 1)
                value, rest = apply_op(value, op, rest[:length]), rest[length:]
        assert len(value) == own.length
        if element in Elements(peer.replica):
            assert Elements(peer.replica)[element].text == value


@pytest.mark.parametrize("rolls_back", [False, True], ids=["steady", "rolled-back"])
@pytest.mark.parametrize("seed", range(10))
def test_replicas_converge_and_every_edit_counts_once(seed: int, rolls_back: bool) -> None:
    chance = random.Random(seed)
    log = Log()
    log.chance = random.Random(seed + 1)
    log.lenient = chance.choice((0.0, 0.0, 0.3))
    peers = [
        Peer(log, f"peer-{name}-01", random.Random(seed * 7 + place)) for place, name in enumerate("abc")
    ]
    tokens: list[str] = []
    settle(peers)
    for _ in range(500):
        peer = chance.choice(peers)
        if chance.random() < 0.4:
            if peer.replica.confirmed.seq:
                act(peer, chance, tokens)
        elif chance.random() < 0.04 and peer.is_open:
            peer.disconnect()
        elif rolls_back and chance.random() < 0.02:
            for one in peers:
                one.disconnect()
            log.roll_back(chance.randint(max(1, len(log.entries) - 20), len(log.entries)))
        else:
            peer.step()
        if chance.random() < 0.05:
            view_is_pending_over_confirmed(peer)
    settle(peers)
    same_boards(log, peers)
    ends = {id(group): reason for peer in peers for group, reason in peer.ends}
    assert len(ends) == sum(len(peer.ends) for peer in peers)
    written = "".join(
        event.content
        for event in _replayed(log)
        if isinstance(event.content, str) and event.outcome.reason is None
    )
    for token in tokens:
        assert written.count(token) <= 1
    if not rolls_back:
        assert sum(written.count(token) for token in tokens) == sum(
            1
            for peer in peers
            for group, reason in peer.ends
            if reason is None and any(_is_word(item.edit, tokens) for item in group.message)
        )


def _is_word(edit: AnyEdit, tokens: list[str]) -> bool:
    return isinstance(edit, TextEdit) and edit.inserted in tokens


def _replayed(log: Log) -> list[Folded]:
    reader = Replica(SPACE, BOARD, "reader-01", lambda: "none-0001")
    return [event for event in reader.receive(Entries(BOARD, log.entries)) if isinstance(event, Folded)]


def test_a_log_that_others_wrote_on_after_a_rollback_gets_own_deletions_back() -> None:
    log, ada, ben = two_peers("one two three")
    held = len(log.entries)
    type_in(ada, 4, 4, "")
    type_in(ada, 0, 3, "uno")
    settle([ada, ben])
    assert seen(ben) == "uno three"
    ada.disconnect()
    ben.disconnect()
    log.roll_back(held)
    cleo = Peer(log, "cleo-0001", random.Random(3))
    settle([cleo])
    type_in(cleo, 13, 0, " four")
    settle([cleo])
    assert seen(cleo) == "one two three four"
    settle([ada, ben, cleo])
    assert seen(cleo) == seen(ada) == "uno three four"
    assert ada.rewinds == 1
    same_boards(log, [ada, ben, cleo])


def test_after_a_rollback_the_kept_log_ends_where_both_agree() -> None:
    log, ada, ben = two_peers("one")
    held = len(log.entries)
    type_in(ada, 3, 0, " two")
    settle([ada, ben])
    ben.disconnect()
    ada.disconnect()
    log.roll_back(held)
    cleo = Peer(log, "cleo-0001", random.Random(3))
    settle([cleo])
    type_in(cleo, 0, 0, "zero ")
    settle([cleo])
    commons: list[int] = []
    ben.connect()
    while not ben.is_quiet:
        if not ben.is_open:
            ben.connect()
        while ben.from_log:
            for event in ben.replica.receive(ben.from_log.popleft()):
                commons += [event.common] if isinstance(event, Rewound) else []
                ben.take(event)
    assert commons == [held]


def test_what_was_written_on_somebodys_lost_note_waits_until_it_is_back() -> None:
    log, ada, ben = two_peers("common")
    held = len(log.entries)
    add_note(ada, "note-0002", "of ada")
    settle([ada, ben])
    ben.replica.write([TextEdit("note-0002", "", 0, 0, "text", [(6, 0, 1)], "!")])
    ben.replica.write([SetEdit("note-0002", "", 0, 0, {"x": 9})])
    settle([ada, ben])
    ada.disconnect()
    ben.disconnect()
    log.roll_back(held)
    type_in(ben, 0, 0, ">")
    for _ in range(200):
        ben.step()
    assert seen(ben) == ">common"
    assert len(ben.replica.outbox) == 2
    settle([ada, ben])
    assert sorted(Elements(ada.replica)["note-0002"].text) == sorted("of ada!")
    assert Elements(ada.replica)["note-0002"].x == 9
    same_boards(log, [ada, ben])


def test_what_waited_long_enough_for_a_lost_note_is_refused() -> None:
    log, ada, ben = two_peers("common")
    held = len(log.entries)
    add_note(ada, "note-0002", "of ada")
    settle([ada, ben])
    ben.replica.write([SetEdit("note-0002", "", 0, 0, {"x": 9})])
    settle([ada, ben])
    ada.disconnect()
    ben.disconnect()
    log.roll_back(held)
    for _ in range(200):
        ben.step()
    ben.replica.stop_waiting()
    settle([ben])
    assert [reason for _, reason in ben.ends] == [None, "unknown-element"]


def test_a_deletion_of_words_that_were_lost_is_made_again_when_they_return() -> None:
    log, ada, ben = two_peers("common")
    held = len(log.entries)
    type_in(ada, 6, 0, " ground")
    settle([ada, ben])
    type_in(ben, 8, 3, "")
    settle([ada, ben])
    assert seen(ada) == "common gnd"
    ada.disconnect()
    ben.disconnect()
    log.roll_back(held)
    settle([ben])
    assert seen(ben) == "common"
    settle([ada, ben])
    assert seen(ada) == seen(ben) == "common gnd"
    same_boards(log, [ada, ben])


def test_a_second_rollback_may_go_back_further_than_the_first() -> None:
    log, ada, ben = two_peers("")
    places = []
    for letter in "abc":
        places.append(len(log.entries))
        type_in(ada, len(seen(ada)), 0, letter)
        settle([ada, ben])
    for place in (places[2], places[0]):
        ada.disconnect()
        ben.disconnect()
        log.roll_back(place)
        type_in(ben, 0, 0, ".")
        settle([ben])
        settle([ada, ben])
    assert sorted(seen(ben)) == sorted("..abc")
    same_boards(log, [ada, ben])


def test_words_behind_a_deletion_that_others_made_first_are_shown() -> None:
    _, ada, ben = two_peers("one two")
    ada.disconnect()
    type_in(ada, 3, 4, "")
    type_in(ben, 3, 4, "")
    settle([ben])
    ada.connect()
    while ada.from_log:
        ada.hear_log()
    type_in(ada, 3, 0, "!")
    assert seen(ada) == "one!"
