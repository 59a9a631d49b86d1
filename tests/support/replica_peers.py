"""A replica's counterparts, in memory: a small door and log with the real fold, and a participant at it.

What crosses between the two is cut, delayed and refused at random; the log can be rolled back. Runs hundreds
of times a second where a real server takes a minute.
"""

from __future__ import annotations

import gzip
import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from tablecloth.core.board import new_board
from tablecloth.core.canonical import canonical_hash, to_canonical
from tablecloth.core.edits import AddEdit, AnyEdit, Entry
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.fold import apply_entry
from tablecloth.core.rules import malformed, refusal
from tablecloth.replica.board import Replica
from tablecloth.replica.events import Dropped, Event, NewSession, OutOfStep, Rewound, Settled
from tablecloth.replica.outbox import Group
from tablecloth.wire.frames import Ack, EditFrame, Entries, Open, Opened, Refuse, Snapshot

SPACE, BOARD = "space-0001", "board-0001"


class Log:
    """Entries and marks, with the door's checks (PROTOCOL-20 to PROTOCOL-24)."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.board = new_board(SPACE, BOARD)
        self.outcomes: dict[str, list[tuple[int, int | str]]] = {}
        """Of each session's groups: how long the log was afterwards, and the first seq or why not."""
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
                first = len(self.entries) + 1
                for edit in frame.edits:
                    self.add(*encode_entry(edit, author, bytes(16)))
                self.borders.append(len(self.entries))
                outcomes.append((len(self.entries), first))
            else:
                outcomes.append((len(self.entries), code))
        _, settled = outcomes[frame.n - 1]
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
            outcomes[:] = [outcome for outcome in outcomes if outcome[0] <= seq]


@dataclass
class Peer:
    """A replica, its connection to the log, and what became of its groups."""

    log: Log
    author: str
    chance: random.Random
    replica: Replica = field(init=False)
    session: str = "session-1"
    is_open: bool = False
    is_given_up: bool = False
    """The connection is ended from this side; what had come before may still be read."""
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
        self.is_open = self.is_given_up = False
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
        news = self.sent_up_to < len(self.log.entries) and not self.is_given_up
        if news and self.chance.random() < 0.8:
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
                self.sessions += 1
                self.session = f"session-{self.sessions}"
                self.replica.restart()
                self.is_given_up = True
            case Rewound():
                self.rewinds += 1
            case OutOfStep(why) if "rolled back" not in why and not self.is_given_up:
                pytest.fail(why)
            case OutOfStep():
                self.is_given_up = True
            case _:
                pass

    def step(self) -> None:
        if not self.is_open:
            self.connect()
        elif self.is_given_up and (not self.from_log or self.chance.random() < 0.3):
            self.disconnect()
        elif self.to_log and self.chance.random() < 0.6:
            self.reach_log()
        else:
            self.hear_log()
        self.to_log.extend(self.replica.outgoing() if self.is_open else [])

    @property
    def is_quiet(self) -> bool:
        current = self.is_open and not self.is_given_up and self.replica.is_current
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
