"""Random logs, from a seed: people who write, move, draw and set aside, on a board that they know
imperfectly.

A log of the same seed and mood is the beginning of every longer one, so that shortening a failing log finds
its first bad entry. Each mood strains something else:

    words    a few people in one or two notes, with stale bases, splices out of range and withheld words
    things   many elements, properties that go stale, the margin, ink, several hands an author
    hostile  both, and heads and bodies that were broken in every way
    late     long silences and clocks that go back: what was seen long ago

The heads are written with `msgpack`, not with the code under test. The board is folded along to aim edits
at what is there; what comes of an entry is not looked at.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import msgpack
from tablecloth.core import fold
from tablecloth.core.anonymous import is_anonymous
from tablecloth.core.board import Board, Element, new_board
from tablecloth.core.chain import body_hash
from tablecloth.core.edits import Entry
from tablecloth.core.elements import (
    DIRECTIONS,
    FILLS,
    FONTS,
    FORMS,
    HEADS,
    LINES,
    MEANINGS,
    NOTE_COLOURS,
    PEN_COLOURS,
    ROUTES,
    TIPS,
    TYPES,
    WHOSE,
)
from tablecloth.core.text import TextField, growth

SPACE, BOARD = "space-random", "board-random"
MOODS = ("words", "things", "hostile", "late")
LETTERS = (
    [*"abcdefgh ABC xyz .,-\n"],
    [*"سلامكيفحالك ؟"],
    ["😀", "👩", "\u200d", "🏽", "𝄞", "🇦", "🇲", "\ufe0f"],
    ["e", "\u0301", "\u0308", "ก", "ำ", "\u0939", "\u093f"],
    ["\ufeff", "\u2028", "\ufffd", "\ufffc", "\x00", "\x7f", "\uffff"],
)

NAMES: dict[str, Sequence[str]] = {
    "font": [*FONTS, "huge"],
    "dir": DIRECTIONS,
    "line": LINES,
    "form": FORMS,
    "fill": FILLS,
    "tip": TIPS,
    "meaning": MEANINGS,
    "head": HEADS,
    "route": ROUTES,
    "whose": [*WHOSE, "theirs"],
}

Head = list[Any]


class Scribbler:
    """Writes one random log. ``mood`` is one of MOODS; equal seeds and moods write equal logs."""

    def __init__(self, seed: int, mood: str) -> None:
        self.random = Random(f"{mood}/{seed}")
        self.mood = mood
        self.board = new_board(SPACE, BOARD)
        self.at = 1_700_000_000_000
        self.count = 0
        self.authors = [f"author-{name}" for name in ("ada", "ben", "cem", "Zoe", "0th")]
        self.used: list[tuple[bytes, bytes | None]] = []

    def entries(self, length: int) -> Iterator[Entry]:
        """The first ``length`` entries, the founding one included."""
        while self.board.seq < length:
            entry = Entry(self.board.seq + 1, self.next_at(), *self.next_bytes())
            fold.apply_entry(self.board, entry)
            yield entry

    def next_at(self) -> int:
        roll = self.random.random()
        if self.mood == "late" and roll < 0.05:
            self.at += self.random.choice([59_999, 60_000, 60_001, 120_000])
        elif self.mood in {"late", "hostile"} and roll > 0.97:
            return max(0, self.at - self.random.randrange(200_000))
        self.at += self.random.randrange(2000 if self.mood == "things" else 300)
        return self.at

    def next_bytes(self) -> tuple[bytes, bytes | None]:
        if self.board.seq == 0 and (self.mood != "hostile" or self.random.random() < 0.9):
            return self.with_body(["found", SPACE, BOARD, bytes(32), 1], "Random")
        if self.used and self.random.random() < 0.02:  # a log that was put together twice
            return self.random.choice(self.used)
        head, content = self.edit()
        made = self.with_body(head, content)
        self.used.append(made)
        return self.broken(made) if self.mood == "hostile" and self.random.random() < 0.15 else made

    # --- one edit -------------------------------------------------------------------------------------------

    def edit(self) -> tuple[Head, Any]:
        """A head without its body hash, and the body's content if its kind has one (None: none)."""
        kinds: dict[Callable[[Element], tuple[Head, Any]], float] = {
            self.text: 8 if self.mood in {"words", "late"} else 3,
            self.set: 1 if self.mood == "words" else 4,
            self.ink: 1,
            self.aside: 0.6,
            self.back: 0.6,
            self.order: 0.5,
            self.lock: 0.4,
            self.unlock: 0.3,
            self.vary: 1.5 if self.mood == "words" else 0.8,
            self.unvary: 0.3,
            self.accept: 0.6,
            self.withdraw: 0.3,
        }
        few = {"words": 2, "late": 4}.get(self.mood, 30)
        elements = list(self.board.elements.values())
        if not elements or self.random.random() < (0.3 if len(elements) < few else 0.01):
            return self.add(), None
        (kind,) = self.random.choices(list(kinds), list(kinds.values()))
        element = self.random.choice(elements[-few:])
        if kind in {self.text, self.ink} and self.random.random() < 0.9:
            kind = self.ink if TYPES[element.type].has_ink else self.text
        return kind(element)

    def add(self) -> Head:
        known = list(self.board.elements)
        is_old = known and self.random.random() < 0.1
        element = self.random.choice(known) if is_old else f"element-{self.board.seq:06}"
        kind = self.random.choice(["note", "note", *TYPES, "square"])
        k = 1 if self.random.random() < 0.95 else self.random.randrange(1, 4)
        author, hand = self.hand()
        if self.random.random() < 0.1:
            element = f"nameless-{self.board.seq:07}"
            author = f"anon-{element}"  # FOLD-141
        return ["add", author, element, hand, k, self.base(), kind, self.values(kind)]

    def text(self, element: Element) -> tuple[Head, Any]:
        author, hand = self.hand()
        field = element.texts.get("text") or TextField()
        base = self.base()
        bridge = field.bridges.get((author, hand))
        if bridge is not None and self.random.random() < 0.9:
            base = self.random.choice(
                [max(base, bridge.base), bridge.base, max(bridge.base, self.board.seq - 3)]
            )
        seen = field.rebase(author, hand, base, [])
        waiting = [] if isinstance(seen, str) else seen.waiting
        length = len(field.value) - sum(growth(other.op) for other in waiting)
        splices, words = self.splices(length)
        name = "text" if self.random.random() < 0.98 else "title"
        head = [*self.start("text", element, author, hand, base), name, splices]
        return head, words if self.random.random() < 0.98 else self.random.choice(
            [words + "x", [words], 7, b"x"]
        )

    def splices(self, length: int) -> tuple[list[list[int]], str]:
        splices, words = [], ""
        for _ in range(self.random.choice([1, 1, 1, 1, 2, 3, 8])):
            reach = length if self.random.random() < 0.97 else length + 3
            position = min(50_000, self.random.choice([0, reach, self.random.randint(0, max(0, reach))]))
            deleted = min(self.random.choice([0, 0, 0, 1, 2, 20]), max(0, reach - position))
            inserted = self.words(
                self.random.choice([0, 1, 1, 1, 2, 5, 30]) if deleted else self.random.choice([1, 1, 2, 9])
            )
            splices.append([position, deleted, len(inserted)])
            words += inserted
            length += len(inserted) - deleted
        return splices, words

    def words(self, length: int) -> str:
        alphabet = self.random.choices(LETTERS, [6, 3, 3, 2, 0.3])[0]
        return "".join(self.random.choices(alphabet, k=length))

    def set(self, element: Element) -> tuple[Head, Any]:
        start = self.start("set", element, *self.hand())
        if (known := TYPES[element.type].words) and self.random.random() < 0.4:
            names = self.random.choice([[name] for name in known] + [["alt", "alt"], ["title"]])
            return [*start, self.values(element.type) if self.random.random() < 0.5 else {}, names], [
                self.words(4) for _ in names
            ]
        return [*start, self.values(element.type), []], None

    def values(self, kind: str) -> dict[str, Any]:
        if self.random.random() < 0.03:
            return self.random.choice(
                [{}, {"x": 2**53 - 1}, {"constructor": 1}, {"w": 0}, {"order": "-"}, {"x": "1"}]
            )
        props = [*TYPES[kind].props] if kind in TYPES else ["x"]
        names = self.random.sample(props, self.random.randrange(1, min(4, len(props)) + 1))
        for name in ("order", "credit", "copied"):
            if name in names and self.random.random() < 0.8:
                names.remove(name)
        return {name: self.value(name) for name in names}

    def value(self, name: str) -> int | str:
        if name in {"x", "y", "x2", "y2"}:
            return self.random.choice([0, 1, -1, 10**9, -(10**9), self.random.randrange(-5000, 5000)])
        if name in {"w", "h"}:
            return self.random.choice([1, 10**6, self.random.randrange(1, 2000)])
        if name == "credit":
            return self.random.choice(["", *self.authors])
        if name in {"from", "to", "re", "group", "copied"}:
            return self.random.choice(["", *self.board.elements])
        if name == "width":
            return self.random.randrange(1, 66)
        if name == "scale":
            return self.random.choice([5, 100, 2000, self.random.randrange(4, 2002)])
        if name == "bold":
            return self.random.choice([0, 1, 1, 2])
        if name == "asset":
            return self.random.choice(["", "0" * 64, self.random.randbytes(32).hex(), "A" * 64])
        if name == "order":
            return self.random.choice(["a0", "Zz", "10", "2"])
        return self.random.choice(NAMES.get(name, [*NOTE_COLOURS, *PEN_COLOURS]))

    def ink(self, element: Element) -> tuple[Head, Any]:
        author, hand = self.hand()
        if self.random.random() < 0.8:
            author = element.born.author
        count = self.random.choice([1, 1, 2, 5, 40, 19_000])
        return [*self.start("ink", element, author, hand), count], self.random.randbytes(min(count, 200) * 3)

    def aside(self, element: Element) -> tuple[Head, Any]:
        why = None if self.random.random() < 0.4 else self.words(5)
        return self.start("set-aside", element, *self.hand()), why

    def back(self, element: Element) -> tuple[Head, Any]:
        return self.start("bring-back", element, *self.hand()), None

    def order(self, element: Element) -> tuple[Head, Any]:
        return [
            *self.start("order", element, *self.hand()),
            self.random.choice(["a0", "a1", "Zz", "10", "2"]),
        ], None

    def lock(self, element: Element) -> tuple[Head, Any]:
        why = None if self.random.random() < 0.5 else self.words(5)
        minutes = self.random.choice([1, 1, 2, 480, 0, 481])
        return [*self.start("lock", element, *self.hand()), minutes], why

    def unlock(self, element: Element) -> tuple[Head, Any]:
        return self.start("unlock", element, *self.hand()), None

    def vary(self, element: Element) -> tuple[Head, Any]:
        author, hand = self.hand()
        kind = TYPES[element.type]
        name = self.random.choice([*kind.fields, *kind.fields, *kind.words, "title"])
        base = self.base()
        (position, deleted, inserted), *_ = self.splices(len(element.text()))[0]
        if name not in kind.fields and self.random.random() < 0.9:
            position = deleted = 0
        head = [*self.start("vary", element, author, hand, base), name, [position, deleted, inserted]]
        return head, self.words(inserted if self.random.random() < 0.95 else inserted + 1)

    def unvary(self, element: Element) -> tuple[Head, Any]:
        return self.about_variant("unvary", element), None

    def accept(self, element: Element) -> tuple[Head, Any]:
        return self.about_variant("accept", element), None

    def about_variant(self, kind: str, element: Element) -> Head:
        author, hand = self.hand()
        if self.random.random() < 0.8:
            author = element.born.author
        if not element.variants or self.random.random() < 0.1:
            return [*self.start(kind, element, author, hand), "text", self.authors[0], self.board.seq or 1]
        one = self.random.choice(element.variants)
        return [*self.start(kind, element, author, hand), one.field, one.stamp.author, one.stamp.seq]

    def withdraw(self, element: Element) -> tuple[Head, Any]:
        author, hand = self.hand()
        length = len(element.text())
        ranges: list[list[int]] = []
        at = 0
        while at < length and len(ranges) < 4:
            position = self.random.randint(at, length)
            count = self.random.randint(1, 5)
            ranges.append([position, count])
            at = position + count + self.random.choice([0, 0, 1, -1])
        name = "text" if self.random.random() < 0.98 else "title"
        return [*self.start("withdraw", element, author, hand), [[name, ranges]] if ranges else []], None

    # --- what heads begin with, and bodies ------------------------------------------------------------------

    def hand(self) -> tuple[str, str]:
        author = self.random.choices(self.authors, [8, 8, 3, 1, 1])[0]
        return author, f"hand-{self.random.choices([1, 2, 3], [8, 2, 1])[0]}-of{author[7:]}"

    def base(self) -> int:
        seq = self.board.seq
        lag = self.random.choices([0, 1, 5, 30, 150, 10**9, -3], [40, 20, 20, 8, 3, 1, 0.5])[0]
        return max(0, seq - (lag if lag <= 1 or lag == 10**9 else self.random.randrange(lag)))

    def start(self, kind: str, element: Element, author: str, hand: str, base: int | None = None) -> Head:
        if is_anonymous(element.born.author) and self.random.random() < 0.5:
            author = element.born.author
        elif self.random.random() < 0.01:
            author = "anon-nameless-0000002"
        k = element.hands.get((author, hand), 0) + 1
        if self.random.random() < 0.03:
            k = max(1, k + self.random.choice([-2, -1, 1, 2]))
        ident = element.id if self.random.random() < 0.99 else "no-such-element"
        return [kind, author, ident, hand, k, self.base() if base is None else base]

    def with_body(self, head: Head, content: Any) -> tuple[bytes, bytes | None]:
        body = None if content is None else packed([self.random.randbytes(16), content])
        if head[0] in {"found", "set", "text", "ink", "set-aside", "lock", "vary"}:
            head = [*head, None if body is None else body_hash(body)]
        return packed(head), None if self.random.random() < 0.06 else body

    def broken(self, made: tuple[bytes, bytes | None]) -> tuple[bytes, bytes | None]:
        """Head or body with something wrong in its bytes."""
        head, body = made
        if body is not None and self.random.random() < 0.5:
            return head, self.spoilt(body)
        return self.spoilt(head), body

    def spoilt(self, data: bytes) -> bytes:
        at = self.random.randrange(len(data))
        odd = self.random.choice(ODD)
        return self.random.choice(
            [
                data[:at],
                data[:at] + self.random.randbytes(1) + data[at + 1 :],
                data[:at] + odd + data[at + 1 :],
                data[:at] + odd + data[at:],
                data + odd,
                data[:at] + data[at + 1 :],
                self.random.randbytes(self.random.randrange(40)),
            ]
        )


ODD = [
    b"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00",  # 1.0
    b"\xcb\x80\x00\x00\x00\x00\x00\x00\x00",  # -0.0
    b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",  # NaN
    b"\xca\x3f\x80\x00\x00",
    b"\xcf\x00\x20\x00\x00\x00\x00\x00\x01",  # 2^53 + 1
    b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00",
    b"\xcc\x01",
    b"\xd0\xff",
    b"\xd9\x01a",
    b"\xa3\xed\xa0\x80",
    b"\xa9__proto__",
    b"\x81\xa9__proto__\x01",
    b"\xc0",
    b"\xc1",
    b"\xc2",
    b"\xc4\x01a",
    b"\xd4\x05\x00",
    b"\xd6\xff\x00\x00\x00\x00",
    b"\xdd\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\x91" * 600,
]
"""Bytes that readers of MessagePack stumble over, each in its own way."""


def packed(value: Any) -> bytes:
    """MessagePack by the library that the code under test doesn't use."""
    data: bytes = msgpack.packb(value)
    return data


def random_log(seed: int, mood: str, length: int) -> list[Entry]:
    """A random log of that many entries."""
    return list(Scribbler(seed, mood).entries(length))


def folded(entries: list[Entry], board: Board | None = None) -> tuple[Board, list[fold.Outcome]]:
    """The board after some entries, from an empty one or from the one given, and what each entry did."""
    board = new_board(SPACE, BOARD) if board is None else board
    return board, [fold.apply_entry(board, entry) for entry in entries]
