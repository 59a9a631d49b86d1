"""A board on the desk: says an edit in few words, folds it as the next entry, and answers what came of it.

For tests of the core that want to speak of notes and words instead of bytes. Hands and counters are kept; a
base is the present seq unless it is given.
"""

from typing import Any

from tablecloth.core import fold
from tablecloth.core.board import Board, Element, new_board
from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    Entry,
    InkEdit,
    LockEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
    UnlockEdit,
)
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.ink import Point, encode_points

SPACE, BOARD = "space-desk", "board-desk"
SALT = bytes(16)
NOTE = "note-one"


class Desk:
    """One board, founded at 1000. Each entry is a second later than the one before, unless ``at`` is set."""

    def __init__(self) -> None:
        self.board: Board = new_board(SPACE, BOARD)
        self.log: list[Entry] = []
        self.at = 1000
        self.keep(*found(SPACE, BOARD, bytes(32), "A desk", SALT))

    def keep(self, head: bytes, body: bytes | None) -> fold.Outcome:
        """Fold bytes as the next entry."""
        entry = Entry(self.board.seq + 1, self.at, head, body)
        self.at += 1000
        self.log.append(entry)
        return fold.apply_entry(self.board, entry)

    def say(self, edit: AnyEdit, who: str, withheld: bool = False) -> fold.Outcome:
        """Fold an edit as the next entry."""
        head, body = encode_entry(edit, f"author-{who}", SALT)
        return self.keep(head, None if withheld else body)

    def element(self, ident: str = NOTE) -> Element:
        return self.board.elements[ident]

    def start(self, who: str, ident: str, base: int | None) -> tuple[str, str, int, int]:
        """What every edit begins with: the element, this person's hand, its next k, and the base."""
        element = self.board.elements.get(ident)
        hand = f"hand-of-{who}"
        last = element.hands.get((f"author-{who}", hand), 0) if element else 0
        return ident, hand, last + 1, self.board.seq if base is None else base

    def add(self, who: str, ident: str = NOTE, kind: str = "note", **values: Any) -> fold.Outcome:
        return self.say(AddEdit(*self.start(who, ident, None), kind, values), who)

    def set(self, who: str, ident: str = NOTE, base: int | None = None, **values: Any) -> fold.Outcome:
        return self.say(SetEdit(*self.start(who, ident, base), values), who)

    def describe(self, who: str, words: str, ident: str) -> fold.Outcome:
        return self.say(SetEdit(*self.start(who, ident, None), {}, {"alt": words}), who)

    def type(
        self, who: str, position: int, deleted: int, inserted: str, ident: str = NOTE, base: int | None = None
    ) -> fold.Outcome:
        splices = [(position, deleted, len(inserted))]
        return self.say(TextEdit(*self.start(who, ident, base), "text", splices, inserted), who)

    def draw(self, who: str, points: list[Point], ident: str) -> fold.Outcome:
        return self.say(InkEdit(*self.start(who, ident, None), len(points), encode_points(points)), who)

    def set_aside(self, who: str, why: str = "", ident: str = NOTE) -> fold.Outcome:
        return self.say(SetAsideEdit(*self.start(who, ident, None), why), who)

    def bring_back(self, who: str, ident: str = NOTE) -> fold.Outcome:
        return self.say(BringBackEdit(*self.start(who, ident, None)), who)

    def lock(self, who: str, minutes: int, why: str = "", ident: str = NOTE) -> fold.Outcome:
        return self.say(LockEdit(*self.start(who, ident, None), minutes, why), who)

    def unlock(self, who: str, ident: str = NOTE) -> fold.Outcome:
        return self.say(UnlockEdit(*self.start(who, ident, None)), who)

    def order(self, who: str, key: str, ident: str = NOTE) -> fold.Outcome:
        return self.say(OrderEdit(*self.start(who, ident, None), key), who)
