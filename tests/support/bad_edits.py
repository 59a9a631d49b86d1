"""Well-formed edits that the door must refuse, and with which code (PROTOCOL-23, FOLD.md).

They are written over a small board that `setting` describes: a note and a stroke of one's own, a note and a
stroke of somebody else's, and a note in the margin. Codes are from the pages, not from the code.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Edits: TypeAlias = list[list[Any]]

GOOD_POINTS = b"\x02\x04\x80\x02\x04\x80"
UNFIT_SIGNS = ("\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\ufffe", "\uffff", "\ufffc", "\r")


@dataclass(frozen=True)
class Setting:
    """What lies on the board: ids of elements, and the tip at which they lay so."""

    note: str
    """One's own, with some words in it; set by `hand` with k = `k`."""
    hand: str
    k: int
    others_note: str
    others_hand: str
    others_k: int
    others_ink: str
    aside: str
    seq: int
    asking: str = ""
    """A note of somebody else's who wants to be asked; none where the setting has none."""


@dataclass(frozen=True)
class Refused:
    """A group, and the codes with which it may be refused."""

    name: str
    edits: Edits
    codes: frozenset[str]


def new_id(rng: random.Random) -> str:
    """Return an id that nothing on the board has."""
    return f"{rng.getrandbits(80):020x}"


class Writer:
    """Writes edits by fresh hands over a setting; those that are meant to be wrong say where."""

    def __init__(self, rng: random.Random, setting: Setting) -> None:
        self.rng = rng
        self.setting = setting

    def edit(self, kind: str, element: str, *rest: Any, **other: Any) -> list[Any]:
        head = [kind, element, other.get("hand") or new_id(self.rng), other.get("k", 1)]
        return [*head, other.get("base", self.setting.seq), *rest]

    def good(self) -> list[Any]:
        """Return an edit that would be taken if it were alone."""
        note = self.setting.note
        return self.rng.choice(
            [
                self.edit("add", new_id(self.rng), "note", {"x": self.rng.randrange(1000)}),
                self.edit("set", note, {"x": self.rng.randrange(1000)}),
                self.edit("text", note, "text", [[0, 0, 2]], "So"),
                self.edit("order", note, "a7"),
            ]
        )


Maker: TypeAlias = Callable[[Writer], tuple[str, list[Any], set[str]]]


def unknown_element(w: Writer) -> tuple[str, list[Any], set[str]]:
    edits: list[tuple[Any, ...]] = [
        ("set", {"x": 1}),
        ("text", "text", [[0, 0, 1]], "a"),
        ("ink", 2, GOOD_POINTS),
        ("set-aside", "why"),
        ("bring-back",),
        ("order", "a5"),
        ("vary", "text", [0, 0, 1], "a"),
        ("accept", "text", w.setting.note, 1),
    ]
    kind, *rest = w.rng.choice(edits)
    return f"{kind} of nothing", w.edit(kind, new_id(w.rng), *rest), {"unknown-element"}


def there_already(w: Writer) -> tuple[str, list[Any], set[str]]:
    element = w.rng.choice([w.setting.note, w.setting.others_note, w.setting.others_ink, w.setting.aside])
    return "an id that is taken", w.edit("add", element, "note", {}), {"exists"}


BAD_VALUES: tuple[dict[str, Any], ...] = (
    {"x": 10**9 + 1},
    {"y": -(10**9) - 1},
    {"w": 0},
    {"h": -5},
    {"w": 10**6 + 1},
    {"x": "12"},
    {"colour": "red"},
    {"colour": ""},
    {"colour": 3},
    {"width": 5},
    {"from": "elementaa1"},
    {"nonsense": 1},
    {"constructor": "x"},
    {"x": 2**53 - 1},
)


def bad_value(w: Writer) -> tuple[str, list[Any], set[str]]:
    values = w.rng.choice(BAD_VALUES)
    if w.rng.random() < 0.5:
        return f"set {values}", w.edit("set", w.setting.others_note, values), {"bad-value"}
    return f"add {values}", w.edit("add", new_id(w.rng), "note", values), {"bad-value"}


def bad_shape(w: Writer) -> tuple[str, list[Any], set[str]]:
    name, edit = w.rng.choice(
        [
            ("an unknown type", w.edit("add", new_id(w.rng), "cat", {})),
            ("a type of JavaScript's", w.edit("add", new_id(w.rng), "constructor", {})),
            ("nothing to set", w.edit("set", w.setting.note, {})),
            ("order by set", w.edit("set", w.setting.note, {"order": "a1"})),
            ("words that notes don't have", w.edit("set", w.setting.note, {}, {"alt": "a bird"})),
            ("ends of a line on a note", w.edit("add", new_id(w.rng), "note", {"x2": 1})),
        ]
    )
    return name, edit, {"bad-value"}


def bad_words(w: Writer) -> tuple[str, list[Any], set[str]]:
    sign = w.rng.choice(UNFIT_SIGNS)
    words = f"one{sign}two"
    name, edit = w.rng.choice(
        [
            (f"words with {sign!r}", w.edit("text", w.setting.note, "text", [[0, 0, len(words)]], words)),
            (f"a reason with {sign!r}", w.edit("set-aside", w.setting.note, words)),
            ("more words than it says", w.edit("text", w.setting.note, "text", [[0, 0, 1]], "two")),
            ("fewer words than it says", w.edit("text", w.setting.note, "text", [[0, 0, 9]], "two")),
            ("a splice that does nothing", w.edit("text", w.setting.note, "text", [[0, 0, 0]], "")),
        ]
    )
    return name, edit, {"bad-words"}


def bad_field(w: Writer) -> tuple[str, list[Any], set[str]]:
    name, edit = w.rng.choice(
        [
            ("a field that notes don't have", w.edit("text", w.setting.note, "title", [[0, 0, 1]], "a")),
            ("words in a stroke", w.edit("text", w.setting.others_ink, "text", [[0, 0, 1]], "a")),
            ("ink in a note", w.edit("ink", w.setting.note, 2, GOOD_POINTS)),
        ]
    )
    return name, edit, {"no-such-field"}


def bad_ink(w: Writer) -> tuple[str, list[Any], set[str]]:
    ink = w.setting.others_ink
    name, edit = w.rng.choice(
        [
            ("ink cut short", w.edit("ink", ink, 2, GOOD_POINTS[:-1])),
            ("ink of fewer points than it says", w.edit("ink", ink, 3, GOOD_POINTS)),
            ("no ink at all", w.edit("ink", ink, 1, b"")),
            ("a varint without end", w.edit("ink", ink, 1, b"\xff" * 50)),
            ("ink beyond the world", w.edit("ink", ink, 1, b"\xff\xff\xff\xff\x7f\x00\x80")),
        ]
    )
    return name, edit, {"bad-ink"}


def of_others(w: Writer) -> tuple[str, list[Any], set[str]]:
    others = {"hand": w.setting.others_hand, "k": w.setting.others_k + 1}
    name, edit, code = w.rng.choice(
        [
            ("another's stroke", w.edit("ink", w.setting.others_ink, 2, GOOD_POINTS), "not-yours"),
            ("another's hand", w.edit("set", w.setting.others_note, {"x": 1}, **others), "rebase"),
            (
                "another's hand in words",
                w.edit("text", w.setting.others_note, "text", [[0, 0, 1]], "a", **others),
                "rebase",
            ),
        ]
    )
    return name, edit, {code}


def bad_counter(w: Writer) -> tuple[str, list[Any], set[str]]:
    setting = w.setting
    name, edit = w.rng.choice(
        [
            ("a hand that begins at 2", w.edit("set", setting.note, {"x": 1}, k=2)),
            ("a hand that begins at 2^53 - 1", w.edit("set", setting.note, {"x": 1}, k=2**53 - 1)),
            ("a k that was there", w.edit("set", setting.note, {"x": 1}, hand=setting.hand, k=setting.k)),
            (
                "a k that leaves one out",
                w.edit("set", setting.note, {"x": 1}, hand=setting.hand, k=setting.k + 2),
            ),
            ("a new element at k 2", w.edit("add", new_id(w.rng), "note", {}, k=2)),
            ("a base far ahead", w.edit("set", setting.note, {"x": 1}, base=2**53 - 1)),
            ("words of the future", w.edit("text", setting.note, "text", [[0, 0, 1]], "a", base=2**40)),
        ]
    )
    return name, edit, {"rebase"}


def margin(w: Writer) -> tuple[str, list[Any], set[str]]:
    aside = w.setting.aside
    name, edit, code = w.rng.choice(
        [
            ("a move in the margin", w.edit("set", aside, {"x": 1}), "aside"),
            ("an order in the margin", w.edit("order", aside, "a5"), "aside"),
            ("set aside twice", w.edit("set-aside", aside, ""), "aside"),
            ("bring back what is here", w.edit("bring-back", w.setting.others_note), "not-aside"),
        ]
    )
    return name, edit, {code}


def whose(w: Writer) -> tuple[str, list[Any], set[str]]:
    """Somebody's words, who wants to be asked (FOLD-80 to FOLD-87)."""
    asking = w.setting.asking
    name, edit, code = w.rng.choice(
        [
            ("another's words", w.edit("text", asking, "text", [[0, 0, 1]], "a"), "ask-first"),
            ("who said another's words", w.edit("set", asking, {"x": 1}, {"said": "Eve"}), "ask-first"),
            ("making another's words ours", w.edit("set", asking, {"whose": "ours"}), "not-yours"),
            ("keeping another's words", w.edit("set", w.setting.others_note, {"whose": "mine"}), "not-yours"),
            ("a variant of no field", w.edit("vary", asking, "title", [0, 0, 1], "a"), "no-such-field"),
            ("a variant of other words", w.edit("vary", asking, "text", [0, 0, 2], "a"), "bad-words"),
            ("accepting nothing", w.edit("accept", asking, "text", w.setting.note, 1), "no-variant"),
            ("leaving nothing", w.edit("unvary", asking, "text", w.setting.note, 1), "no-variant"),
            ("a credit by set", w.edit("set", w.setting.note, {"credit": asking}), "bad-value"),
            (
                "a copy that names another",
                w.edit("add", new_id(w.rng), "note", {"copied": asking, "credit": "nobody-at-all"}),
                "bad-value",
            ),
        ]
    )
    return name, edit, {code}


def too_full(w: Writer) -> tuple[str, list[Any], set[str]]:
    edit = w.edit("text", w.setting.note, "text", [[0, 0, 50_000]], "x" * 50_000)
    return "more words than a field holds", edit, {"text-full"}


MAKERS: tuple[Maker, ...] = (
    *(unknown_element, there_already, bad_value, bad_shape, bad_words, bad_field, bad_ink, of_others),
    *(bad_counter, margin, whose),
)


def refused_group(rng: random.Random, setting: Setting) -> Refused:
    """Make a group that must be refused whole: one edit that can't be, alone or among some that could."""
    w = Writer(rng, setting)
    maker = too_full if rng.random() < 0.005 else rng.choice(MAKERS)
    name, edit, codes = maker(w)
    group = [edit]
    if rng.random() < 0.25:
        group.extend(w.good() for _ in range(rng.randrange(1, 4)))
        rng.shuffle(group)
        name += f" among {len(group)}"
    return Refused(name, group, frozenset(codes))
