"""A small board with one of everything, as the entries of its log."""

from __future__ import annotations

import hashlib
import zlib

from tablecloth.archive.package import fold_all
from tablecloth.core.board import Board
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
    Value,
)
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.ink import Point, encode_points

SPACE, BOARD = "space-0001", "board-0001"
ADA, BEN = "ada-author-00001", "ben-author-00001"
PEOPLE = {ADA: "Ada", BEN: "Ben & co"}


def _png() -> bytes:
    """A picture of four pixels, two colours."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (2).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\x00\x0b\x6b\x66\xff\xe4\x8a" + b"\x00\xff\xe4\x8a\x0b\x6b\x66", 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURE_BYTES = _png()
PICTURE_ASSET = hashlib.sha256(PICTURE_BYTES).hexdigest()


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


def every_look() -> LogMaker:
    """Shapes of each form, pictures, a highlighter, scaled ink, lines of each kind, replies, a lock."""
    log = LogMaker("Every look")
    forms = ("rectangle", "ellipse", "diamond", "triangle")
    for place, (form, fill, line) in enumerate(
        zip(forms, ("none", "sky", "lemon", "mint"), ("solid", "dashed", "dotted", "solid"), strict=True)
    ):
        ident = f"shape-{place:03}"
        log.add(
            ident, "shape", x=place * 280, y=0, w=220, h=150, form=form, fill=fill, line=line, colour="plum"
        )
        log.write(ident, ("A box", "Round words in an ellipse", "Decide?", "نعم أو لا")[place])
    log.edit(SetEdit(*log.stamp("shape-000", ADA), {"width": 8, "bold": 1, "font": "large"}))
    log.add("image-001", "image", x=0, y=220, w=300, h=200, asset=PICTURE_ASSET)
    log.edit(SetEdit(*log.stamp("image-001", ADA), {}, {"alt": "Two colours & a <line>"}))
    log.add("image-002", "image", x=340, y=220, w=200, h=200, asset="ab" * 32)
    log.edit(SetEdit(*log.stamp("image-002", ADA), {}, {"alt": "The hall from the door, that isn't at hand"}))
    log.add("image-003", "image", x=580, y=220, w=120, h=120)
    log.add("note-big1", "note", x=0, y=470, font="large", bold=1, colour="rose")
    log.write("note-big1", "Large and bold")
    log.add("note-tiny", "note", BEN, x=260, y=470, font="small", dir="rtl", re="note-big1")
    log.write("note-tiny", "small, set from the right: (1)", BEN)
    log.add("note-far1", "note", BEN, x=560, y=520, re="shape-001", group="group-one")
    log.write("note-far1", "replies to the ellipse", BEN)
    stroke = [(x * 12, (x % 4) * 9 - 12, 90 + x * 4) for x in range(24)]
    log.add("ink-glow1", "ink", x=0, y=530, tip="highlighter", width=22, colour="green")
    log.draw("ink-glow1", [(x * 10, x % 3, 128) for x in range(22)])
    log.add("ink-half1", "ink", x=800, y=480, scale=50, width=6, colour="rust")
    log.draw("ink-half1", stroke)
    log.add("ink-full1", "ink", x=800, y=540, width=6, colour="rust")
    log.draw("ink-full1", stroke)
    kinds = (
        ("shape-000", "shape-001", "link", "end", "solid", "curve", 3),
        ("shape-001", "shape-002", "supports", "both", "dashed", "straight", 5),
        ("shape-002", "shape-003", "against", "end", "dotted", "curve", 4),
        ("image-001", "note-big1", "part", "none", "solid", "straight", 2),
        ("shape-003", "image-003", "same", "both", "solid", "elbow", 6),
        ("image-002", "note-far1", "leads", "end", "dashed", "elbow", 3),
    )
    for place, (first, last, meaning, head, line, way, width) in enumerate(kinds):
        ident = f"line-{place:04}"
        look: dict[str, Value] = {
            "meaning": meaning,
            "head": head,
            "line": line,
            "route": way,
            "width": width,
        }
        log.add(ident, "connector", ADA, colour="blue", **{"from": first, "to": last}, **look)
    log.write("line-0002", "not at all")
    log.add(
        "line-free", "connector", x=820, y=620, x2=1080, y2=680, head="none", line="dashed", colour="brick"
    )
    log.edit(LockEdit(*log.stamp("shape-002", BEN), 30, "We vote on it"), BEN)
    return log


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
