"""People who write in one note, each with a screen of their own: the simplest client that is right.

A typist holds the board as far as they folded it, the words on their screen, and their edits that are not
in the log yet (FOLD-30). What others' entries bring is carried over these (the client half of Jupiter), and
so reaches the screen. Nothing here asks the fold what the screen should show: the tests ask whether the two
agree.
"""

from dataclasses import dataclass, field
from random import Random

from tablecloth.core import fold
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical, to_canonical
from tablecloth.core.edits import AddEdit, Edit, Entry, Splice, TextEdit
from tablecloth.core.entry import encode_entry, found, head_of
from tablecloth.core.text import INSERT, Op, apply_op, splice_op, transform

SPACE, BOARD, NOTE = "space-typists", "board-typists", "note-typists"
SALT = bytes(16)


def founded() -> list[Entry]:
    """A board's first two entries: it is founded, and has one note."""
    add = AddEdit(NOTE, "hand-founder", 1, 1, "note", {})
    return [
        Entry(1, 1000, *found(SPACE, BOARD, bytes(32), "Typists", SALT)),
        Entry(2, 1001, *encode_entry(add, "author-founder", SALT)),
    ]


@dataclass
class Pending:
    """An edit that is not in the log yet: as it was sent, and its ops over what was folded by now."""

    edit: TextEdit
    ops: list[Op]


@dataclass
class Typist:
    """One hand. ``deleted`` are the letters that it took away, as it saw them."""

    author: str
    hand: str
    board: Board = field(default_factory=lambda: new_board(SPACE, BOARD))
    screen: str = ""
    pending: list[Pending] = field(default_factory=list)
    k: int = 0
    deleted: list[str] = field(default_factory=list)

    def type(self, splices: list[Splice], inserted: str) -> Edit:
        """Change the words on the screen, and hand out the edit that says so."""
        self.k += 1
        edit = TextEdit(NOTE, self.hand, self.k, self.board.seq, "text", splices, inserted)
        taken = 0
        for splice in splices:
            position, deleted, length = splice
            self.deleted += self.screen[position : position + deleted]
            self.screen = apply_op(self.screen, splice_op(splice), inserted[taken : taken + length])
            taken += length
        self.pending.append(Pending(edit, [splice_op(splice) for splice in splices]))
        return edit

    def hear(self, entry: Entry) -> None:
        """Fold the next entry, and show what it brought if it is somebody else's."""
        outcome = fold.apply_entry(self.board, entry)
        assert outcome.reason is None, outcome
        head = fold.read_head(entry.head)
        if not hasattr(head, "field"):
            return
        record = self.board.elements[NOTE].texts["text"].window[-1]
        if (record.author, record.hand) == (self.author, self.hand):
            self.pending.pop(0)
            return
        words = fold.read_content(entry.body)
        assert isinstance(words, str)
        for op in record.ops:
            length = sum(n for kind, n in op if kind == INSERT)
            self.show(op, words[:length], (record.author, record.hand) < (self.author, self.hand))
            words = words[length:]

    def show(self, op: Op, words: str, is_first: bool) -> None:
        """Carry somebody's op over what is pending, and what is pending over it."""
        for pending in self.pending:
            for place, mine in enumerate(pending.ops):
                pending.ops[place] = transform(mine, op, not is_first)
                op = transform(op, mine, is_first)
        self.screen = apply_op(self.screen, op, words)

    def view(self) -> str:
        """What the fold makes of the pending edits, over what was folded."""
        board = from_canonical(to_canonical(self.board))
        for pending in self.pending:
            head, _ = head_of(pending.edit, self.author, SALT)
            outcome = fold.apply_head(board, board.seq + 1, board.at, head, pending.edit.inserted)
            assert outcome.reason is None, outcome
            board.seq += 1
        return board.elements[NOTE].text()


@dataclass
class Table:
    """Typists around one log. ``random`` decides who writes, and how far everybody's messages got."""

    random: Random
    typists: list[Typist]
    log: list[Entry] = field(default_factory=founded)
    sent: dict[str, list[TextEdit]] = field(default_factory=dict)
    letters: int = 0
    seen: list[str] = field(default_factory=list)
    """What stood on some screen at some time."""

    def letter_run(self, length: int) -> str:
        """Letters that nobody wrote before."""
        start = 0x4E00 + self.letters
        self.letters += length
        return "".join(chr(start + place) for place in range(length))

    def write(self, typist: Typist) -> None:
        """Let somebody change something."""
        length, splices, words = len(typist.screen), [], ""
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            position = self.random.choice([0, length, self.random.randint(0, length)])
            deleted = min(self.random.choice([0, 0, 1, 3]), length - position)
            inserted = self.letter_run(self.random.choice([0, 1, 2] if deleted else [1, 1, 3]))
            splices.append((position, deleted, len(inserted)))
            words += inserted
            length += len(inserted) - deleted
        edit = typist.type(splices, words)
        assert isinstance(edit, TextEdit)
        self.sent.setdefault(typist.hand, []).append(edit)

    def append(self, typist: Typist) -> None:
        """Let somebody's oldest message reach the log."""
        if self.sent.get(typist.hand):
            edit = self.sent[typist.hand].pop(0)
            entry = Entry(len(self.log) + 1, 1000 + len(self.log), *encode_entry(edit, typist.author, SALT))
            self.log.append(entry)

    def deliver(self, typist: Typist) -> None:
        """Let the next entry reach somebody."""
        if typist.board.seq < len(self.log):
            typist.hear(self.log[typist.board.seq])
            self.seen.append(typist.screen)

    def step(self) -> None:
        """Let one thing happen to somebody."""
        act = self.random.choices([self.write, self.append, self.deliver], [3, 3, 6])[0]
        act(self.random.choice(self.typists))

    def settle(self) -> None:
        """Let everything arrive everywhere."""
        for typist in self.typists:
            while self.sent.get(typist.hand):
                self.append(typist)
        for typist in self.typists:
            while typist.board.seq < len(self.log):
                self.deliver(typist)
