"""The Python replica, alone: pending edits over a log that moves on, lost connections, refusals, rollbacks.

A small door and log stand in for the server's, with the real fold; what crosses between them is cut,
delayed and refused at random. Seeds are printed by the test's id.
"""

from __future__ import annotations

import gzip
import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from tablecloth.core.board import new_board
from tablecloth.core.canonical import canonical_hash, to_canonical
from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    Entry,
    InkEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
)
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.fold import apply_entry
from tablecloth.core.ink import encode_points
from tablecloth.core.rules import malformed, refusal
from tablecloth.core.text import DELETE, INSERT, KEEP, Op, TextField, apply_op
from tablecloth.replica.board import Replica
from tablecloth.replica.events import Dropped, Event, Folded, NewSession, OutOfStep, Rewound, Settled
from tablecloth.replica.outbox import Group
from tablecloth.replica.view import Elements
from tablecloth.replica.words import OldBase, OwnWords, inverse, splices_of, without_others
from tablecloth.wire.frames import Ack, EditFrame, Entries, Open, Opened, Refuse, Snapshot

SPACE, BOARD = "space-0001", "board-0001"
NOTE = "note-0001"


class Log:
    """Entries and marks, with the door's checks (PROTOCOL-20 to PROTOCOL-24)."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.board = new_board(SPACE, BOARD)
        self.outcomes: dict[str, list[int | str]] = {}
        self.at = 1_000
        self.lenient = 0.0
        self.chance = random.Random(0)
        self.borders = [1]
        self.add(*found(SPACE, BOARD, bytes(32), "A board", bytes(16)))

    def add(self, head: bytes, body: bytes | None) -> None:
        self.at += 7
        entry = Entry(len(self.entries) + 1, self.at, head, body)
        self.entries.append(entry)
        apply_entry(self.board, entry)

    def mark(self, session: str) -> int:
        return len(self.outcomes.get(session, []))

    def submit(self, author: str, session: str, frame: EditFrame) -> Ack | Refuse:
        outcomes = self.outcomes.setdefault(session, [])
        if frame.n > len(outcomes) + 1:
            return Refuse("gap", "", BOARD, frame.n)
        if frame.n == len(outcomes) + 1:
            code = None if self.chance.random() < self.lenient else self.why_not(author, frame.edits)
            if code is None:
                outcomes.append(len(self.entries) + 1)
                for edit in frame.edits:
                    self.add(*encode_entry(edit, author, bytes(16)))
                self.borders.append(len(self.entries))
            else:
                outcomes.append(code)
        settled = outcomes[frame.n - 1]
        if isinstance(settled, str):
            return Refuse(settled, "", BOARD, frame.n)
        return Ack(BOARD, [(frame.n, settled)])

    def why_not(self, author: str, edits: list[AnyEdit]) -> str | None:
        ahead: dict[tuple[str, str], int] = {}
        born: set[str] = set()
        for edit in edits:
            element = self.board.elements.get(edit.element)
            folded = 0 if element is None else element.hands.get((author, edit.hand), 0)
            last = ahead.get((edit.element, edit.hand), folded)
            if edit.k != last + 1:
                return "rebase"
            ahead[edit.element, edit.hand] = edit.k
            if isinstance(edit, AddEdit):
                born.add(edit.element)
            reason = malformed(edit)
            if reason is None and (isinstance(edit, AddEdit) or edit.element not in born):
                reason = refusal(self.board, author, edit, self.board.at)
            if reason is not None:
                return "rebase" if reason == "old-base" else reason
        return None

    def opened(self, frame: Open, session: str) -> list[Opened | Snapshot | Entries]:
        held = new_board(SPACE, BOARD)
        for entry in self.entries[: frame.seq]:
            apply_entry(held, entry)
        tip, mark = len(self.entries), self.mark(session)
        if frame.seq > 0 and (held.seq, held.chain) != (frame.seq, frame.chain):
            snapshot, seq = self.snapshot()
            return [Opened(BOARD, tip, mark, "rewound"), snapshot, *self.tail(seq)]
        if frame.seq == 0 and not frame.tail and self.chance.random() < 0.5:
            snapshot, seq = self.snapshot()
            return [Opened(BOARD, tip, mark, "snapshot"), snapshot, *self.tail(seq)]
        return [Opened(BOARD, tip, mark, "tail"), *self.tail(frame.seq)]

    def snapshot(self) -> tuple[Snapshot, int]:
        seq = self.chance.randint(1, len(self.entries))
        board = new_board(SPACE, BOARD)
        for entry in self.entries[:seq]:
            apply_entry(board, entry)
        return Snapshot(BOARD, seq, gzip.compress(to_canonical(board), mtime=0)), seq

    def tail(self, after: int) -> list[Entries]:
        entries = self.entries[after:]
        return [Entries(BOARD, entries[start : start + 3]) for start in range(0, len(entries), 3)]

    def roll_back(self, seq: int) -> None:
        """The store lost all after ``seq``: entries and marks alike. Appends are atomic, so no group is
        torn.
        """
        seq = max(border for border in self.borders if border <= seq)
        self.borders = [border for border in self.borders if border <= seq]
        del self.entries[seq:]
        self.board = new_board(SPACE, BOARD)
        for entry in self.entries:
            apply_entry(self.board, entry)
        for outcomes in self.outcomes.values():
            lost = next((i for i, one in enumerate(outcomes) if isinstance(one, int) and one > seq), None)
            if lost is not None:
                del outcomes[lost:]


@dataclass
class Peer:
    """A replica, its connection to the log, and what became of its groups."""

    log: Log
    author: str
    chance: random.Random
    replica: Replica = field(init=False)
    session: str = "session-1"
    is_open: bool = False
    to_log: deque[EditFrame] = field(default_factory=deque)
    from_log: deque[Opened | Snapshot | Entries | Ack | Refuse] = field(default_factory=deque)
    sent_up_to: int = 0
    ends: list[tuple[Group, str | None]] = field(default_factory=list)
    rewinds: int = 0
    ids: int = 0
    sessions: int = 1

    def __post_init__(self) -> None:
        self.replica = Replica(SPACE, BOARD, self.author, self.new_id)

    def new_id(self) -> str:
        self.ids += 1
        return f"{self.author}-{self.ids:06}"

    def connect(self) -> None:
        frames = self.log.opened(self.replica.open_frame(), self.author + self.session)
        self.from_log.extend(frames)
        self.sent_up_to = len(self.log.entries)
        self.is_open = True

    def disconnect(self) -> None:
        while self.to_log and self.chance.random() < 0.5:
            self.reach_log()
        self.to_log.clear()
        self.from_log.clear()
        self.is_open = False
        self.replica.lost()

    def reach_log(self) -> None:
        frame = self.to_log.popleft()
        chance = self.chance.random()
        if chance < 0.03:
            # A door that is over budget keeps the n: what follows is a gap.
            self.from_log.append(Refuse("slow-down", "", BOARD, frame.n))
            return
        self.from_log.append(self.log.submit(self.author, self.author + self.session, frame))

    def hear_log(self) -> None:
        if self.sent_up_to < len(self.log.entries) and self.chance.random() < 0.8:
            self.from_log.append(Entries(BOARD, self.log.entries[self.sent_up_to :]))
            self.sent_up_to = len(self.log.entries)
        if not self.from_log:
            return
        for event in self.replica.receive(self.from_log.popleft()):
            self.take(event)

    def take(self, event: Event) -> None:
        match event:
            case Settled(group):
                reasons = [outcome.reason for outcome in group.outcomes if outcome.reason is not None]
                self.ends.append((group, reasons[0] if reasons else None))
            case Dropped(group, code):
                self.ends.append((group, code))
            case NewSession():
                self.disconnect()
                self.sessions += 1
                self.session = f"session-{self.sessions}"
                self.replica.restart()
            case Rewound():
                self.rewinds += 1
            case OutOfStep(why) if "rolled back" not in why:
                pytest.fail(why)
            case OutOfStep():
                self.disconnect()
            case _:
                pass

    def step(self) -> None:
        if not self.is_open:
            self.connect()
        elif self.to_log and self.chance.random() < 0.6:
            self.reach_log()
        else:
            self.hear_log()
        self.to_log.extend(self.replica.outgoing() if self.is_open else [])

    @property
    def is_quiet(self) -> bool:
        current = self.is_open and self.replica.is_current
        return current and not (self.to_log or self.from_log or len(self.replica.outbox)) and self.is_even

    @property
    def is_even(self) -> bool:
        return self.replica.confirmed.seq == len(self.log.entries)


def settle(peers: list[Peer]) -> None:
    """Run until nothing is under way anywhere; the limit only catches replicas that hang."""
    for _ in range(200_000):
        if all(peer.is_quiet for peer in peers):
            return
        for peer in peers:
            peer.step()
    pytest.fail(f"it never came to rest: {[len(peer.replica.outbox) for peer in peers]}")


def same_boards(log: Log, peers: list[Peer]) -> None:
    fresh = new_board(SPACE, BOARD)
    for entry in log.entries:
        apply_entry(fresh, entry)
    for peer in peers:
        assert canonical_hash(peer.replica.confirmed) == canonical_hash(fresh)


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
    for (element, name), own in peer.replica._words._fields.items():
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
