"""The session without sockets under tens of thousands of messages that no honest participant would send.

Whatever comes, it answers with a code and plain words or ends the conversation with a reason, hands nothing
to the log, and goes on with the next message. `tests/integration/test_bad_input.py` does the same through a
server.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import Entry
from tablecloth.core.entry import found
from tablecloth.core.fold import apply_entry
from tablecloth.session import CallMe, Command, End, Enter, Follow, Send, Session, Show, Take, Unfollow
from tablecloth.wire.frames import PROTOCOL_VERSION, BoardInfo
from tablecloth.wire.limits import MAX_BAD_FRAMES, MAX_OPEN_BOARDS

from tests.support.bad_edits import GOOD_POINTS, Setting, refused_group
from tests.support.bad_frames import Case, Known, bad_bytes, bad_frame, frame_parts, pack, plain
from tests.support.chance import chance
from tests.support.plain_words import assert_plain
from tests.support.reading import unpack

KNOWN = Known()
BAD_FRAMES = 12_000
BAD_GROUPS = 10_000


class Carrier:
    """Carries out what a session asks for, against one board in memory, and keeps what was sent."""

    def __init__(self, board: Board, known: Known = KNOWN, may_edit: bool = True) -> None:
        counter = itertools.count()
        self.session = Session(lambda: next(counter).to_bytes(16, "big"), 0.0)
        self.board = board
        self.known = known
        self.may_edit = may_edit
        self.mark = 0
        self.now = 0.0
        self.closed: int | None = None
        self.answers_opens = True
        self.taken: list[Take] = []
        self.shown: list[Show | CallMe] = []

    def say(self, data: bytes) -> list[dict[str, Any]]:
        """Bring a message and return what the session said to it."""
        self.now += 1.0  # budgets are not what is tried here
        self.session.receive(data, self.now)
        said: list[dict[str, Any]] = []
        while commands := self.session.commands():
            for command in commands:
                if isinstance(command, Send):
                    said.append(unpack(command.data))
                else:
                    self.carry_out(command)
        return said

    def carry_out(self, command: Command) -> None:
        match command:
            case Enter():
                boards = [BoardInfo(self.known.board)]
                self.session.welcomed("who", "", self.may_edit, boards, [], "fsync", 0)
            case Follow() if not self.answers_opens:
                pass  # a store that takes its time
            case Follow() if command.board == self.known.board:
                self.session.opened(command, self.board, {self.session.id: self.mark}, "tail")
            case Follow():
                self.session.not_opened(command, "no-such-board")
            case Take():
                self.take(command)
            case Show() | CallMe():
                self.shown.append(command)
            case End():
                self.closed = command.code
            case Unfollow() | Send():
                pass

    def take(self, command: Take) -> None:
        """Settle a group as the log would. Its entries are folded at once."""
        assert (command.refusal is None) == bool(command.entries)
        self.taken.append(command)
        seq = 0
        if command.n == self.mark + 1:
            self.mark += 1
            seq = self.board.seq + 1
            for head, body in command.entries:
                apply_entry(self.board, Entry(self.board.seq + 1, 0, head, body))
        answer = (command.session, command.n, seq, command.refusal, self.mark)
        self.session.answered(command.board, [answer])

    def enter(self, session: str = "", token: str = "") -> str:
        """Say hello, open the board, and return the pseudonym."""
        frames = frame_parts(self.known)
        hello = plain(frames["hello"]) | {"session": session or self.known.session}
        hello["token"] = token or self.known.token
        (welcome,) = self.say(pack(hello))
        (opened,) = self.say(pack(plain(frames["open"])))
        assert (welcome["t"], opened["t"]) == ("welcome", "opened")
        self.shown.clear()
        return str(welcome["author"])

    def write(self, *edits: list[Any]) -> list[dict[str, Any]]:
        """Send a group under the next n."""
        frame = {"t": "edit", "board": self.known.board, "n": self.mark + 1, "edits": list(edits)}
        return self.say(pack(frame))


def founded() -> Board:
    board = new_board(KNOWN.space, KNOWN.board)
    apply_entry(board, Entry(1, 0, *found(KNOWN.space, KNOWN.board, bytes(32), "A table", bytes(16))))
    return board


def laid_out(carrier: Carrier) -> Setting:
    """Lay out what `bad_edits` writes over: somebody else's things first, then the carrier's own."""
    others = Carrier(carrier.board)
    others.enter("othersothers0001", "o" * 22)
    things = {"others_note": "note", "others_ink": "ink", "set_aside": "note"}
    for element, kind in things.items():
        others.write(["add", element + "00", "othershand1", 1, 1, kind, {}])
    others.write(["ink", "others_ink00", "othershand1", 2, 1, 2, GOOD_POINTS])
    others.write(["set-aside", "set_aside00", "othershand1", 2, 1])
    others.write(["add", "asking00", "othershand1", 1, 1, "note", {"whose": "ask"}])
    carrier.enter()
    carrier.write(["add", "my_note00", "my_hand00", 1, 1, "note", {}])
    carrier.write(["text", "my_note00", "my_hand00", 2, 1, "text", [[0, 0, 5]], "Hello"])
    assert carrier.board.seq == 9
    carrier.taken.clear()
    return Setting(
        note="my_note00",
        hand="my_hand00",
        k=2,
        others_note="others_note00",
        others_hand="othershand1",
        others_k=1,
        others_ink="others_ink00",
        aside="set_aside00",
        seq=9,
        asking="asking00",
    )


def assert_refused(said: list[dict[str, Any]], where: str) -> dict[str, Any]:
    """The answer is one refusal, in plain words."""
    assert [frame["t"] for frame in said] == ["refuse"], f"{where}: {said}"
    assert_plain(said[0]["words"], where)
    return said[0]


def assert_ended(carrier: Carrier, said: list[dict[str, Any]], code: str, close: int) -> None:
    """The session said why, and asked for the end."""
    assert [(frame["t"], frame["code"]) for frame in said] == [("bye", code)]
    assert_plain(said[0]["words"], code)
    assert carrier.closed == close


class TestBadFrames:
    def test_each_is_refused_until_there_are_too_many(self) -> None:
        rng, _ = chance("bad frames")
        board = founded()
        for number in range(BAD_FRAMES):
            if number % MAX_BAD_FRAMES == 0:
                carrier = Carrier(board)
                carrier.enter()
            case = bad_frame(rng, KNOWN)
            said = carrier.say(case.data)

            if (number + 1) % MAX_BAD_FRAMES == 0:
                assert_ended(carrier, said, "bad-frame", 1008)
                assert carrier.say(pack({"t": "ping"})) == []
            else:
                assert assert_refused(said, case.name)["code"] == "bad-frame", case.name
            assert not carrier.taken
            assert not carrier.shown
        assert board.seq == 1

    def test_an_edit_that_cannot_be_read_is_refused_by_its_number(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()

        said = carrier.say(pack({"t": "edit", "board": KNOWN.board, "n": 1, "edits": [["add", 1.5]]}))

        refused = assert_refused(said, "an edit without edits")
        assert (refused["board"], refused["n"]) == (KNOWN.board, 1)
        assert carrier.write(["add", "elementaa1", "handhandh1", 1, 1, "note", {}])[0]["t"] == "ack"

    @pytest.mark.parametrize(
        "data", [b"", b"\x80", b"\x90", b"\xc0", b"\xc1", b"\xff" * 40, b"{}", b"\x81\xa1t\xc0"]
    )
    def test_of_no_frame_at_all(self, data: bytes) -> None:
        carrier = Carrier(founded())
        carrier.enter()

        assert assert_refused(carrier.say(data), repr(data))["code"] == "bad-frame"


class TestNoise:
    """Good frames with a few bits turned: some are still frames, so all that is asked is good manners."""

    def test_flipped_bits(self) -> None:
        rng, _ = chance("flipped bits")
        board = founded()
        parts = frame_parts(KNOWN)
        good = {name: pack(plain(part)) for name, part in parts.items()}
        for number in range(10_000):
            if number % MAX_BAD_FRAMES == 0:
                viewer = Carrier(board, may_edit=False)
                viewer.enter()
            name = rng.choice(list(good))
            flipped = bytearray(good[name])
            for _ in range(rng.randrange(1, 4)):
                flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
            for frame in viewer.say(bytes(flipped)):
                if "words" in frame:
                    assert_plain(frame["words"], f"{name}: {bytes(flipped)!r}")
        assert board.seq == 1


class TestBeforeHello:
    @pytest.mark.parametrize("frame", [name for name in frame_parts(KNOWN) if name != "hello"])
    def test_any_other_frame_ends_it(self, frame: str) -> None:
        carrier = Carrier(founded())

        assert_ended(carrier, carrier.say(pack(plain(frame_parts(KNOWN)[frame]))), "hello-first", 1008)

    def test_bad_hellos_change_nothing(self) -> None:
        rng, _ = chance("bad hellos")
        for case in bad_hellos(rng, 3000):
            carrier = Carrier(founded())
            said = carrier.say(case.data)
            said[0]["t"] in {"refuse", "bye"} or pytest.fail(f"{case.name}: {said}")
            assert_plain(said[0]["words"], case.name)
            assert carrier.session.state != "in"

    @pytest.mark.parametrize(
        "version", [0, 1, PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1, -1, 2**53, 2**63, -(2**63)]
    )
    def test_another_version(self, version: int) -> None:
        carrier = Carrier(founded())
        hello = plain(frame_parts(KNOWN)["hello"]) | {"v": version}

        assert_ended(carrier, carrier.say(pack(hello)), "version", 1008)

    def test_text(self) -> None:
        carrier = Carrier(founded())
        carrier.session.receive_text()

        assert_ended(carrier, carrier.say(b""), "bad-frame", 1003)


def bad_hellos(rng: random.Random, count: int) -> Iterator[Case]:
    good = pack(plain(frame_parts(KNOWN)["hello"]))
    for _ in range(count):
        yield bad_bytes(rng, "hello", good) if rng.random() < 0.2 else bad_frame(rng, KNOWN, ("hello",))


class TestBadGroups:
    def test_each_is_refused_whole_and_uses_up_its_number(self) -> None:
        rng, _ = chance("bad groups")
        board = founded()
        carrier = Carrier(board)
        setting = laid_out(carrier)
        chain = board.chain
        for _ in range(BAD_GROUPS):
            group = refused_group(rng, setting)
            before = carrier.mark

            refused = assert_refused(carrier.write(*group.edits), group.name)

            assert refused["code"] in group.codes, f"{group.name}: {refused}"
            assert refused["n"] == carrier.mark == before + 1
        assert (board.seq, board.chain) == (setting.seq, chain)
        assert carrier.write(["set", setting.note, setting.hand, setting.k + 1, 8, {"x": 1}])[0]["t"] == "ack"

    def test_a_view_link_writes_nothing(self) -> None:
        board = founded()
        laid_out(Carrier(board))
        viewer = Carrier(board, may_edit=False)
        viewer.enter()
        for number in range(300):
            edit = ["add", f"element{number}", f"handhand{number}", 1, 1, "note", {}]
            code = assert_refused(viewer.write(edit), "view link")["code"]
            assert code == "view-only"
        assert board.seq == 9

    def test_numbers_that_are_skipped_or_said_again(self) -> None:
        rng, _ = chance("numbers")
        board = founded()
        carrier = Carrier(board)
        setting = laid_out(carrier)
        edit = ["set", setting.note, setting.hand, setting.k + 1, setting.seq, {"x": 5}]
        for _ in range(500):
            n = carrier.mark + rng.choice([2, 3, 100, 2**40])
            frame = {"t": "edit", "board": KNOWN.board, "n": n, "edits": [edit]}
            refused = assert_refused(carrier.say(pack(frame)), f"n {n}")
            assert (refused["code"], refused["n"]) == ("gap", n)
        assert not carrier.taken


class TestAnothersPlace:
    def test_boards_that_are_not_of_the_space(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()
        for board in ["elsewhere1", "--------", KNOWN.board + "x"]:
            refused = assert_refused(carrier.say(pack({"t": "open", "board": board})), board)
            assert (refused["code"], refused["board"]) == ("no-such-board", board)

    def test_edits_on_boards_that_are_not_open(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()
        edit = ["add", "elementaa1", "handhandh1", 1, 1, "note", {}]

        said = carrier.say(pack({"t": "edit", "board": "elsewhere1", "n": 1, "edits": [edit]}))

        assert assert_refused(said, "elsewhere")["code"] == "not-open"

    def test_a_session_that_was_not_adopted(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()
        edit = ["add", "elementaa1", "handhandh1", 1, 1, "note", {}]
        frame = {"t": "edit", "board": KNOWN.board, "n": 1, "edits": [edit], "session": "s" * 20}

        assert assert_refused(carrier.say(pack(frame)), "session")["code"] == "not-open"
        assert not carrier.taken

    def test_too_many_boards(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()
        for number in range(MAX_OPEN_BOARDS - 1):
            board = f"boardboard{number}"
            carrier.session.opening[board] = Follow(board, 0, None, False, None)

        said = carrier.say(pack({"t": "open", "board": "boardboardx"}))

        assert assert_refused(said, "one more")["code"] == "too-many-boards"

    def test_presence_on_boards_that_are_not_open_is_shown_to_nobody(self) -> None:
        carrier = Carrier(founded())
        carrier.enter()
        here = plain(frame_parts(KNOWN)["here"]) | {"board": "elsewhere1"}

        assert carrier.say(pack(here)) == []
        assert not carrier.shown


@pytest.mark.parametrize(
    "name", ["Ada\n", " Ada", "\x00", "A\tB", "\ufffc", "A\x1b[31m", "\u2028" * 3 + "\x85"]
)
def test_names_that_cannot_stand_beside_a_cursor(name: str) -> None:
    carrier = Carrier(founded())
    carrier.enter()

    assert assert_refused(carrier.say(pack({"t": "name", "name": name})), repr(name))["code"] == "bad-name"
    assert not carrier.shown


def test_a_second_hello() -> None:
    carrier = Carrier(founded())
    author = carrier.enter()

    said = carrier.say(pack(plain(frame_parts(KNOWN)["hello"]) | {"token": "z" * 22}))

    assert assert_refused(said, "hello")["code"] == "bad-frame"
    assert carrier.session.author == author
