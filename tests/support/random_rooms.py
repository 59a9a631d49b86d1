"""Random histories of a room, from a seed: people who propose, object and vote on the space's log, and
boards that
rulings reach. The heads are written with `msgpack`, not with the code under test.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from tablecloth.core import fold
from tablecloth.core.agreement import NUMBERS, SECTIONS
from tablecloth.core.board import new_board
from tablecloth.core.chain import body_hash
from tablecloth.core.edits import Entry

from tests.support.random_logs import SPACE, Scribbler, packed

BOARD = "board-random"
PEOPLE = [f"author-{name}" for name in ("ada", "ben", "cem", "Zoe", "0th")]
HASHED = frozenset(("found", "propose", "object", "ruling", "restored"))
Head = list[Any]


class Assembly:
    """Writes one random log of a space."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"room/{seed}")
        self.board = new_board(SPACE, SPACE)
        self.at = 1_700_000_000_000
        self.ids: list[str] = []

    def entries(self, length: int) -> Iterator[Entry]:
        """The first ``length`` entries, the founding one included."""
        while self.board.seq < length:
            head, content = self.next()
            self.at += self.random.choices([0, 1, 20_000, 200_000, 700_000], [8, 8, 8, 1, 0.2])[0]
            body = None if content is None else packed([self.random.randbytes(16), content])
            if head[0] in HASHED:
                head = [*head, None if body is None else body_hash(body)]
            held = None if self.random.random() < 0.05 else body
            entry = Entry(self.board.seq + 1, self.at, packed(head), held)
            fold.apply_entry(self.board, entry)
            yield entry

    def next(self) -> tuple[Head, Any]:
        if self.board.seq == 0:
            return ["found", SPACE, SPACE, bytes(32), 1], "Random"
        if not self.ids or self.random.random() < 0.15:
            return self.propose()
        opened = [p.id for p in self.board.decisions.proposals.values() if p.is_open]
        ident = self.random.choice(opened if opened and self.random.random() < 0.85 else self.ids[-6:])
        kinds = ["roll", "object", "vote", "take-back", "resume", "tick", "odd"]
        kind = self.random.choices(kinds, [5, 3, 12, 0.3, 1.5, 4, 0.4])[0]
        match kind:
            case "roll":
                there = self.random.sample(PEOPLE, self.random.randrange(len(PEOPLE) + 1))
                return ["roll", ident, there], None
            case "tick":
                return [
                    "tick",
                    self.random.sample(self.ids, min(len(self.ids), self.random.randrange(3))),
                ], None
            case "object":
                return self.said(kind, ident), self.random.choice([None, "No", "", ["No"], "😀"])
            case "vote":
                return [*self.said(kind, ident), self.random.choice([0, 1, 1, 2])], None
            case "odd":
                return self.random.choice(
                    [["add", *self.said("add", ident)[1:], "note", {}], ["tick"], ["roll", ident]]
                ), None
            case _:
                return self.said(kind, ident), None

    def said(self, kind: str, ident: str) -> Head:
        who = self.random.choice(PEOPLE)
        hand = f"hand-{self.random.choice('11112')}-of{who[7:]}"
        k = self.board.hands(ident).get((who, hand), 0) + 1
        if self.random.random() < 0.03:
            k = max(1, k + self.random.choice([-1, 1]))
        return [kind, who, ident, hand, k, max(0, self.board.seq - self.random.choice([0, 0, 1, 5, -1]))]

    def propose(self) -> tuple[Head, Any]:
        ident = f"proposal-{self.board.seq:06}"
        self.ids.append(ident)
        head = self.said("propose", ident)
        board, about, elements, values, words = "", "", [], {}, []
        act = self.random.choice(
            ["close", "reopen", "clear", "pause", "agreement", "restore", "rename", "removeimage", "newlinks"]
        )
        match act:
            case "clear":
                board, elements = BOARD, ["element-1", "element-2"]
            case "pause":
                about, values = self.random.choice(PEOPLE), {"minutes": self.random.choice([1, 10, 30, 31])}
            case "agreement":
                name = self.random.choice(list(NUMBERS))
                values = {name: self.random.choice([NUMBERS[name].low, NUMBERS[name].high, 3, 0])}
                words = self.random.sample(SECTIONS, self.random.randrange(3))
            case "restore":
                board, values = BOARD, {"seq": self.random.choice([1, 7])}
            case "rename":
                board, words = self.random.choice([BOARD, SPACE]), ["title"]
            case "removeimage":
                about = self.random.choice(["0" * 64, "1" * 64, "2" * 63])
            case "close" | "reopen":
                board = self.random.choice([BOARD, "board-other", SPACE])
        said = ["why", *(f"words of {name}" for name in words)]
        if self.random.random() < 0.05:
            said = said[1:]
        return [*head, act, board, about, elements, values, words], said


class Governed(Scribbler):
    """A random board on which rulings fall now and then."""

    def edit(self) -> tuple[Head, Any]:
        if self.random.random() > 0.06 or not self.board.elements:
            return super().edit()
        proposal = f"proposal-{self.random.randrange(40):04}"
        who = self.random.choice(self.authors)
        known = list(self.board.elements)
        some = self.random.sample(known, min(len(known), self.random.randrange(4)))
        if self.random.random() < 0.5:
            return self.restored(proposal, who)
        act = self.random.choice(
            [
                "close",
                "reopen",
                "reopen",
                "reopen",
                "clear",
                "pause",
                "agreement",
                "rename",
                "removeimage",
                "dance",
            ]
        )
        values: dict[str, int] = {}
        if act == "pause":
            values = {"until": self.at + self.random.choice([0, 1000, 60_000])}
        elif act == "agreement":
            values = {"lock": self.random.choice([1, 480, 0])}
        words = ["title"] if act == "rename" else []
        about = who if act == "pause" else "0" * 64 if act == "removeimage" else ""
        head = ["ruling", proposal, act, who, about, some, values, words]
        return head, self.random.choice([None, ["why", *("Title" for _ in words)], ["why"]])

    def restored(self, proposal: str, who: str) -> tuple[Head, Any]:
        element = self.random.choice(list(self.board.elements.values()))
        words = self.random.choice([[], ["alt"]])
        length = len(element.text())
        splices, inserted = self.random.choice([([], ""), ([[0, length, 3]], "old"), ([[length, 0, 1]], "x")])
        place = self.random.choice([0, 1, 2])
        head = [
            "restored",
            proposal,
            who,
            element.id,
            self.base(),
            self.values(element.type),
            words,
            splices,
            place,
        ]
        return head, self.random.choice([["why", *("A tree" for _ in words), inserted], None, "why"])

    def with_body(self, head: Head, content: Any) -> tuple[bytes, bytes | None]:
        if head[0] not in {"ruling", "restored"}:
            return super().with_body(head, content)
        body = None if content is None else packed([self.random.randbytes(16), content])
        return packed([*head, None if body is None else body_hash(body)]), body


def random_room(seed: int, length: int) -> list[Entry]:
    """A random log of a space."""
    return list(Assembly(seed).entries(length))


def governed_log(seed: int, mood: str, length: int) -> list[Entry]:
    """A random log of a board on which the room decides things."""
    return list(Governed(seed, mood).entries(length))
