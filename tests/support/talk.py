"""A session without sockets: say things to it, carry out what it asks, fold what it hands to the log.

`Talk` stands for everything behind the session: a log that takes what comes (or answers as it is told), and
the fold of one board. Nothing happens by itself: `append` lets the log answer, `fold` lets the feed arrive.
"""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import AnyEdit, Entry
from tablecloth.core.entry import found
from tablecloth.core.fold import Outcome, apply_entry
from tablecloth.session import CallMe, Command, End, Enter, Follow, Send, Session, Show, Take, Unfollow
from tablecloth.wire.codec import decode_from_server, encode
from tablecloth.wire.frames import PROTOCOL_VERSION, BoardInfo, EditFrame, Hello, Open

SPACE, BOARD, SESSION = "space-talk", "board-talk", "session-of-this-tab"
SECRET, TOKEN = "s" * 43, "t" * 22


class Talk:
    """One conversation. `now` is the clock; `log` what the log took, in order."""

    def __init__(self, may_edit: bool = True, enters: bool = True, opens: bool = True) -> None:
        counter = itertools.count(1)
        self.now = 0.0
        self.noted: list[str] = []
        self.session = Session(lambda: next(counter).to_bytes(16, "big"), 0.0, self.noted.append)
        self.may_edit = may_edit
        self.board = new_board(SPACE, BOARD)
        self.marks: dict[tuple[str, str], int] = {}
        self.sent: list[Any] = []
        self.asked: list[Command] = []
        self.waiting: list[Take] = []
        self.unfolded: list[Entry] = []
        self.seq = 0
        self._put(found(SPACE, BOARD, bytes(32), "Talk", bytes(16)))
        self.fold()
        if enters:
            self.say(Hello(PROTOCOL_VERSION, SPACE, SECRET, TOKEN, SESSION))
            self.welcome()
        if enters and opens:
            self.open()

    # --- the participant ------------------------------------------------------------------------

    def say(self, frame: object) -> list[Any]:
        """Send a frame, or bytes as they are, and return the frames that came back at once."""
        return self.bring(frame if isinstance(frame, bytes) else encode(frame))

    def bring(self, data: bytes) -> list[Any]:
        self.session.receive(data, self.now)
        return self.carry_out()

    def edit(
        self,
        n: int,
        *edits: AnyEdit,
        board: str = BOARD,
        session: str | None = None,
        key: str | None = None,
    ) -> list[Any]:
        """Send a group and return what came back at once."""
        return self.say(EditFrame(board, n, list(edits), session, key))

    def open(self, board: str = BOARD, session: str | None = None) -> list[Any]:
        """Open a board and let it be found, with the marks that the log has."""
        before = len(self.sent)
        self.say(Open(board, session))
        follow = self.asked.pop()
        assert isinstance(follow, Follow)
        names = [SESSION] if follow.adopted is None else [SESSION, follow.adopted]
        marks = {name: self.marks.get((board, name), 0) for name in names}
        self.session.opened(follow, self.board, marks, "snapshot")
        self.carry_out()
        return self.sent[before:]

    # --- what stands behind the session -----------------------------------------------------------

    def carry_out(self) -> list[Any]:
        """Take the session's commands; return the frames among them."""
        frames = []
        for command in self.session.commands():
            match command:
                case Send():
                    frames.append(decode_from_server(command.data))
                case Take():
                    self.waiting.append(command)
                case Enter() | Follow() | Unfollow() | Show() | CallMe() | End():
                    self.asked.append(command)
        self.sent += frames
        return frames

    def welcome(self) -> list[Any]:
        """Find the link good."""
        enter = self.asked.pop()
        assert isinstance(enter, Enter)
        self.session.welcomed("who", "Talk", self.may_edit, [BoardInfo(BOARD, "Talk")], [], "fsync", 1)
        return self.carry_out()

    def append(self, count: int | None = None) -> list[Any]:
        """Let the log answer the next groups, all of them if no count is given."""
        taking = self.waiting[:count]
        del self.waiting[: len(taking)]
        answers: list[tuple[str, int, int, str | None, int]] = []
        for take in taking:
            key = (take.board, take.session)
            mark = self.marks.get(key, 0)
            if take.n != mark + 1:
                answers.append((take.session, take.n, 0, "gap", mark))
                continue
            self.marks[key] = take.n
            seq = 0
            for entry in take.entries:
                seq = self._put(entry)
            first = seq - len(take.entries) + 1 if take.entries else 0
            answers.append((take.session, take.n, first, take.refusal, take.n))
        self.session.answered(BOARD, answers)
        return self.carry_out()

    def answer(self, *answers: tuple[str, int, int, str | None, int]) -> list[Any]:
        """Let the log answer this, whatever it took."""
        self.waiting.clear()
        self.session.answered(BOARD, answers)
        return self.carry_out()

    def _put(self, entry: tuple[bytes, bytes | None]) -> int:
        self.seq += 1
        self.unfolded.append(Entry(self.seq, 1000 * self.seq, *entry))
        return self.seq

    def fold(self, board: Board | None = None) -> list[Outcome]:
        """Let the feed bring what the log took."""
        outcomes = [apply_entry(board or self.board, entry) for entry in self.unfolded]
        self.unfolded.clear()
        return outcomes

    def settle(self, n: int, *edits: AnyEdit) -> None:
        """An edit all the way: admitted, appended, folded and applied."""
        assert self.edit(n, *edits) == []
        self.append()
        assert [outcome.reason for outcome in self.fold()] == [None] * len(edits)


def junk(**fields: Any) -> bytes:
    """A map that is no frame."""
    return msgspec.msgpack.encode(fields)
