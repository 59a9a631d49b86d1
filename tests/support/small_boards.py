"""A small board with one of everything, as the entries of its log."""

from __future__ import annotations

from tablecloth.archive.package import fold_all
from tablecloth.core.board import Board
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
    Value,
)
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.ink import Point, encode_points

SPACE, BOARD = "space-0001", "board-0001"
ADA, BEN = "ada-author-00001", "ben-author-00001"
PEOPLE = {ADA: "Ada", BEN: "Ben & co"}


class LogMaker:
    """Edits in, entries out. Each author has one hand."""

    def __init__(self, title: str = "What now?") -> None:
        self.entries: list[Entry] = []
        self._last: dict[tuple[str, str], int] = {}
        self._put(*found(SPACE, BOARD, bytes(range(32)), title, bytes(16)))

    def _put(self, head: bytes, body: bytes | None) -> None:
        self.entries.append(Entry(len(self.entries) + 1, 1_700_000_000_000 + len(self.entries), head, body))

    def edit(self, edit: AnyEdit, author: str = ADA) -> None:
        """One more entry of an edit that is complete."""
        self._put(*encode_entry(edit, author, len(self.entries).to_bytes(16, "big")))

    def stamp(self, element: str, author: str) -> tuple[str, str, int, int]:
        """Element, hand, next k and base."""
        k = self._last[element, author] = self._last.get((element, author), 0) + 1
        return element, f"{author[:3]}-hand", k, len(self.entries)

    def add(self, element: str, kind: str, author: str = ADA, **values: Value) -> None:
        self.edit(AddEdit(*self.stamp(element, author), kind, values), author)

    def write(self, element: str, words: str, author: str = ADA) -> None:
        self.edit(TextEdit(*self.stamp(element, author), "text", [(0, 0, len(words))], words), author)

    def draw(self, element: str, points: list[Point], author: str = ADA) -> None:
        self.edit(InkEdit(*self.stamp(element, author), len(points), encode_points(points)), author)

    def fold(self) -> Board:
        return fold_all(SPACE, BOARD, self.entries)


def one_of_everything() -> LogMaker:
    """A note, a note in Arabic, a zone, a stroke with words for it, a connector; moved, set aside and
    brought back.
    """
    log = LogMaker()
    log.add("zone-0001", "zone", x=-40, y=-70, w=900, h=400)
    log.write("zone-0001", "Café")
    log.add("note-0001", "note", x=10, y=20, colour="sky")
    log.write("note-0001", "A door that I can lock, & <b>a key</b>")
    log.add("note-0002", "note", BEN, x=300, y=20)
    log.write("note-0002", "نريد أن نقرر معاً", BEN)
    log.add("ink-00001", "ink", x=40, y=250, colour="plum", width=6)
    log.draw("ink-00001", [(0, 0, 40), (20, 10, 120), (60, -10, 255)])
    log.edit(SetEdit(*log.stamp("ink-00001", ADA), {}, {"alt": "a wave"}))
    log.add("link-0001", "connector", BEN, **{"from": "note-0001", "to": "note-0002"})
    log.write("link-0001", "leads to", BEN)
    log.edit(SetEdit(*log.stamp("note-0001", BEN), {"x": 12}), BEN)
    log.edit(SetAsideEdit(*log.stamp("note-0001", BEN), "later"), BEN)
    log.edit(BringBackEdit(*log.stamp("note-0001", ADA)))
    log.edit(OrderEdit(*log.stamp("note-0001", ADA), "b1"))
    log.add("note-0003", "note", x=600, y=20)
    log.edit(SetAsideEdit(*log.stamp("note-0003", ADA), "said already"))
    return log
