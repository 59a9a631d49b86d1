"""Frames that no honest participant would send, made from good ones by a seeded generator (PROTOCOL-3, -4).

A good frame is written here as a tree whose leaves say what the contract allows there. That is a second
description of the frames, by hand and from PROTOCOL.md and FOLD.md, so that it can disagree with
`wire/frames.py`. A mutation puts something at one place that the contract forbids there; so every case is
known to be bad, whatever our decoder thinks of it.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgpack

Path: TypeAlias = tuple[str | int, ...]

TOP = 2**53 - 1
NAN = float("nan")


@dataclass(frozen=True)
class Raw:
    """Bytes that go onto the wire as they are, inside of an otherwise well-formed message."""

    data: bytes


@dataclass(frozen=True)
class Leaf:
    """A value, values of its own type that the contract forbids in its place, and whether nil is allowed."""

    value: Any
    forbidden: tuple[Any, ...] = ()
    may_be_nil: bool = False
    is_optional: bool = False
    """The field may be missing (of a map), as may whole subtrees that begin with an optional leaf."""


@dataclass(frozen=True)
class Part:
    """A map or an array inside of a frame."""

    value: Any
    may_be_nil: bool = False
    is_optional: bool = False
    longest: int | None = None
    shortest: int = 0
    is_open: bool = False
    """A map whose keys are not given by the protocol, but have a form."""


@dataclass(frozen=True)
class Case:
    """A message, and what was done to it."""

    name: str
    data: bytes


# --- leaves -------------------------------------------------------------------------------------------------


def ident(value: str, **options: bool) -> Leaf:
    forbidden = ("", "short77", "l" * 33, value + "\n", "with space", "é" * 8, "../../../etc", "a\x00bcdefgh")
    return Leaf(value, forbidden, **options)


def ident_or_none(value: str, **options: bool) -> Leaf:
    return Leaf(value, tuple(word for word in ident(value).forbidden if word), **options)


def secret(value: str) -> Leaf:
    return Leaf(value, ("", "x" * 21, "x" * 65, value + "\n", "x" * 21 + "é", "x" * 22 + "="))


def whole(value: int, low: int, high: int, **options: bool) -> Leaf:
    beyond = [high + 1, 2**53, 2**63, 2**64 - 1, low - 1, -(2**53), -(2**63)]
    return Leaf(value, tuple(number for number in beyond if not low <= number <= high), **options)


def words(value: str, longest: int, **options: bool) -> Leaf:
    return Leaf(value, ("w" * (longest + 1), "🙂" * (longest + 1), "w" * (longest * 2 + 7)), **options)


def plain_name(value: str) -> Leaf:
    return Leaf(value, ("", "X", "9lives", "a" * 17, "__proto__", "a-b", "a\n", "ä", "a\x00"))


def order_key(value: str) -> Leaf:
    return Leaf(value, ("", "a" * 65, "a b", "a0\n", "ä", "a_", "a\u0660"))


def blob(value: bytes, shortest: int = 0, longest: int | None = None, **options: bool) -> Leaf:
    forbidden = [bytes(shortest - 1)] if shortest else []
    return Leaf(value, (*forbidden, *([bytes(longest + 1)] if longest else [])), **options)


def literal(value: Any) -> Leaf:
    near = (value.upper(), value + "s", "", "no-such-kind", "constructor") if isinstance(value, str) else ()
    return Leaf(value, near)


# --- good frames --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """The ids that a frame is made of."""

    space: str = "spacespace"
    secret: str = "s" * 22
    board: str = "boardboard"
    element: str = "elementaa1"
    hand: str = "handhandh1"
    session: str = "sessionsession01"
    token: str = "t" * 22


def coordinate(value: int) -> Leaf:
    return whole(value, -(10**9), 10**9)


def edit_parts(known: Known) -> dict[str, Part]:
    """One good edit of each kind (FOLD-1, with the content in place of the body's hash)."""

    def edit(kind: str, *rest: Any) -> Part:
        base = [whole(1, 1, TOP), whole(0, 0, TOP)]
        return Part([literal(kind), ident(known.element), ident(known.hand), *base, *rest])

    geometry = {"x": coordinate_value(10), "y": coordinate_value(-20), "colour": value_words("mint")}
    splice = Part([whole(0, 0, 50_000), whole(0, 0, 50_000), whole(5, 0, 50_000)])
    return {
        "add": edit("add", plain_name("note"), Part(geometry, longest=32, is_open=True)),
        "set": edit(
            "set",
            Part({"x": coordinate_value(3)}, longest=32, is_open=True),
            Part({"alt": words("A bird", 500)}, longest=8, is_open=True, is_optional=True),
        ),
        "text": edit(
            "text", plain_name("text"), Part([splice], longest=8, shortest=1), words("Hello", 50_000)
        ),
        "ink": edit("ink", whole(2, 1, 20_000), blob(b"\x02\x04\x80\x02\x04\x80")),
        "set-aside": edit("set-aside", words("It was said twice.", 500, is_optional=True)),
        "bring-back": edit("bring-back"),
        "order": edit("order", order_key("a5")),
        "lock": edit("lock", whole(30, 1, 480), words("Being voted on.", 500, is_optional=True)),
        "unlock": edit("unlock"),
        "vary": edit(
            "vary",
            plain_name("text"),
            Part([whole(0, 0, 50_000), whole(0, 0, 50_000), whole(5, 0, 50_000)]),
            words("Hello", 50_000),
        ),
        "unvary": edit("unvary", plain_name("text"), ident(known.element), whole(1, 1, TOP)),
        "accept": edit("accept", plain_name("text"), ident(known.element), whole(1, 1, TOP)),
    }


def coordinate_value(value: int) -> Leaf:
    """A property's integer. A frame allows any of 53 bits; bounds are the element type's affair (FOLD-10)."""
    return whole(value, -TOP, TOP)


def value_words(value: str) -> Leaf:
    """A property that is a name: which ones, the element type says (FOLD-10)."""
    return Leaf(value)


def frame_parts(known: Known) -> dict[str, Part]:
    """One good frame of each type, and an edit frame of each kind of edit."""
    board = ident(known.board)
    caret = [
        ident(known.element),
        plain_name("text"),
        whole(0, 0, 50_000),
        whole(3, 0, 50_000),
        whole(0, 0, TOP),
    ]
    drag = [ident(known.element), coordinate(0), coordinate(0), whole(200, 0, 10**6), whole(160, 0, 10**6)]
    stroke = [
        *(ident(known.element), coordinate(0), coordinate(0), plain_name("ink")),
        *(whole(4, 1, 64), blob(b"\x02\x04\x80", longest=4096)),
    ]
    area = [coordinate(0), coordinate(0), whole(800, 0, 10**6), whole(600, 0, 10**6)]
    here = {
        "at": Part([coordinate(5), coordinate(6)], may_be_nil=True, is_optional=True),
        "selected": Part([ident(known.element)], longest=50, is_optional=True),
        "caret": Part(caret, may_be_nil=True, is_optional=True),
        "drag": Part([Part(drag)], longest=50, is_optional=True),
        "stroke": Part(stroke, may_be_nil=True, is_optional=True),
        "view": Part(area, may_be_nil=True, is_optional=True),
        "laser": Leaf(True, is_optional=True),
        "follow": ident_or_none(known.element, is_optional=True),
        "look": Part([*area, whole(1, 1, TOP)], may_be_nil=True, is_optional=True),
        "react": Part(
            [literal("heart"), ident_or_none(known.element), whole(1, 1, TOP)],
            may_be_nil=True,
            is_optional=True,
        ),
    }
    frames = {
        "hello": {
            "t": literal("hello"),
            "v": Leaf(3),
            "space": ident(known.space),
            "secret": secret(known.secret),
            "token": secret(known.token),
            "session": Leaf(known.session, ("", "s" * 15, "s" * 33, "session session 01", "s" * 16 + "\n")),
            "name": words("Ada", 60, is_optional=True),
        },
        "open": {
            "t": literal("open"),
            "board": board,
            "session": Leaf(None, ("", "s" * 15, "s" * 33), may_be_nil=True, is_optional=True),
            "seq": whole(0, 0, TOP, is_optional=True),
            "chain": blob(bytes(32), shortest=32, longest=32, may_be_nil=True, is_optional=True),
            "tail": Leaf(False, is_optional=True),
        },
        "leave": {"t": literal("leave"), "board": board},
        "here": {"t": literal("here"), "board": board, "here": Part(here)},
        "name": {"t": literal("name"), "name": words("Ada", 60)},
        "ping": {"t": literal("ping")},
    }
    parts = {name: Part(fields) for name, fields in frames.items()}
    for kind, edit in edit_parts(known).items():
        parts[f"edit {kind}"] = Part(
            {
                "t": literal("edit"),
                "board": board,
                "n": whole(1, 1, TOP),
                "edits": Part([edit], longest=200, shortest=1),
                "session": Leaf(None, ("", "s" * 15, "s" * 33), may_be_nil=True, is_optional=True),
                "key": Leaf(
                    None, ("", "k" * 21, "k" * 65, "k" * 22 + "\n"), may_be_nil=True, is_optional=True
                ),
            }
        )
    return parts


# --- bytes --------------------------------------------------------------------------------------------------

_PACKER = msgpack.Packer(use_bin_type=True)


def plain(node: Any) -> Any:
    """Return the tree as plain values."""
    if isinstance(node, Leaf):
        return node.value
    inner = node.value if isinstance(node, Part) else node
    if isinstance(inner, dict):
        return {key: plain(value) for key, value in inner.items()}
    if isinstance(inner, list):
        return [plain(value) for value in inner]
    return inner


def pack(value: Any) -> bytes:
    """Encode plain values; `Raw` bytes go in as they are."""
    if isinstance(value, Raw):
        return value.data
    if isinstance(value, dict):
        head = bytes(_PACKER.pack_map_header(len(value)))
        return head + b"".join(pack(key) + pack(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return bytes(_PACKER.pack_array_header(len(value))) + b"".join(pack(item) for item in value)
    return bytes(_PACKER.pack(value))


def at_path(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def places(node: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf | Part]]:
    """Yield every place of a frame, the frame itself first."""
    yield path, node
    if isinstance(node, Part):
        children = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
        for step, child in children:
            yield from places(child, (*path, step))


# --- mutations ----------------------------------------------------------------------------------------------

STRANGERS: tuple[tuple[str, Any], ...] = (
    ("nil", None),
    ("true", True),
    ("an integer", 7),
    ("a huge integer", 2**64 - 1),
    ("a float", 1.5),
    ("a float that is whole", 1.0),
    ("minus zero", -0.0),
    ("NaN", NAN),
    ("infinity", float("inf")),
    ("a 32-bit NaN", Raw(b"\xca\x7f\xc0\x00\x00")),
    ("words", "words"),
    ("bytes", b"bytes"),
    ("an empty list", []),
    ("a list", [1, "a", None]),
    ("an empty map", {}),
    ("a map", {"a": 1}),
    ("a map with keys that are numbers", {1: 2}),
    ("an extension", msgpack.ExtType(5, b"12345678")),
    ("a time", Raw(b"\xd6\xff\x00\x00\x00\x01")),
    ("words that are no UTF-8", Raw(b"\xa4\xff\xfe\xfd\xfc")),
    ("half a surrogate pair", Raw(b"\xa3\xed\xa0\x80")),
    ("overlong UTF-8", Raw(b"\xa2\xc0\xaf")),
    ("UTF-8 cut short", Raw(b"\xa2\xf0\x9f")),
    ("the byte that means nothing", Raw(b"\xc1")),
    ("500 lists in each other", Raw(b"\x91" * 500 + b"\xc0")),
    ("60,000 lists in each other", Raw(b"\x91" * 60_000 + b"\xc0")),
    ("20,000 maps in each other", Raw(b"\x81\xa1a" * 20_000 + b"\xc0")),
    ("words of 4 GiB by their own claim", Raw(b"\xdb\xff\xff\xff\xff" + b"abc")),
    ("bytes of 4 GiB by their own claim", Raw(b"\xc6\xff\xff\xff\xff" + b"abc")),
    ("a list of 4 billion by its own claim", Raw(b"\xdd\xff\xff\xff\xff")),
    ("a map of 4 billion by its own claim", Raw(b"\xdf\xff\xff\xff\xff")),
    ("100,000 empty lists", Raw(b"\xdd" + struct.pack(">I", 100_000) + b"\x90" * 100_000)),
)
# What each stranger is, so that it is not put where it would be at home.
_KINDS: dict[str, type] = {
    "true": bool,
    "an integer": int,
    "a huge integer": int,
    "words": str,
    "bytes": bytes,
    "an empty list": list,
    "a list": list,
    "an empty map": dict,
    "a map": dict,
}


def type_of(node: Leaf | Part) -> type:
    """Return the type that the contract asks for in this place (of one that is nil in our frame: words)."""
    return str if node.value is None else type(node.value)


def stranger_for(rng: random.Random, node: Leaf | Part, in_values: bool) -> tuple[str, Any]:
    """Choose something of a type that is forbidden in this place."""
    while True:
        name, value = rng.choice(STRANGERS)
        kind = _KINDS.get(name)
        if kind is type_of(node) or (name == "nil" and node.may_be_nil):
            continue
        if in_values and kind in {int, str} and name != "a huge integer":
            continue  # a property's value is an integer or words; which, the element type says
        return name, value


def is_value(path: Path, frame: str) -> bool:
    """Whether this place is a property's value, where integers and words are both at home in a frame."""
    is_map_of_values = {"edit add": 6, "edit set": 5}.get(frame)
    return len(path) == 4 and path[0] == "edits" and path[2] == is_map_of_values


def replaced(tree: Any, path: Path, value: Any) -> Any:
    """Return the tree with another value in one place."""
    if not path:
        return value
    at_path(tree, path[:-1])[path[-1]] = value
    return tree


Mutation: TypeAlias = Callable[[random.Random, str, Part], tuple[str, Any] | None]


def wrong_type(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    path, node = rng.choice(list(places(part)))
    name, value = stranger_for(rng, node, is_value(path, frame))
    return f"{path} is {name}", replaced(plain(part), path, value)


def wrong_value(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    leaves = [(path, node) for path, node in places(part) if isinstance(node, Leaf) and node.forbidden]
    path, node = rng.choice(leaves)
    value = rng.choice(node.forbidden)
    return f"{path} is {value!r:.40}", replaced(plain(part), path, value)


def unknown_field(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    inner = [(path, node) for path, node in places(part) if isinstance(node, Part) and not node.is_open]
    path, node = rng.choice(inner)
    tree = plain(part)
    place = at_path(tree, path)
    if isinstance(place, dict):
        key = rng.choice(["extra", "T", "__proto__", "", "author", "k" * 300])
        place[key] = rng.choice([1, "x", None, [], {}])
        return f"{path} has a field {key!r:.20}", tree
    if node.longest is not None:  # a list of like things: longer is another mutation
        return None
    filled = [*place, "more"] if path[:1] != ("edits",) else fill_optional(place)
    return f"{path} has an item too many", replaced(tree, path, filled)


def fill_optional(edit: list[Any]) -> list[Any]:
    """Return an edit, or a splice, with an item behind the last that it can have."""
    if edit and edit[0] == "set-aside":
        return [*edit[:5], "why", "more"]
    if edit and edit[0] == "lock":
        return [*edit[:6], "why", "more"]
    return [*edit, "more"]


def missing_field(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    tree = plain(part)
    needed = []
    for path, node in places(part):
        parent = at_path(tree, path[:-1]) if path else None
        is_last = isinstance(parent, list) and path[-1] == len(parent) - 1
        if (
            path
            and not node.is_optional
            and (isinstance(parent, dict) or is_last)
            and not is_value(path, frame)
        ):
            needed.append(path)
    lists = [path for path, node in places(part) if isinstance(node, Part) and node.longest is not None]
    needed = [path for path in needed if path[:-1] not in lists]
    if not needed:
        return None
    path = rng.choice(needed)
    del at_path(tree, path[:-1])[path[-1]]
    return f"{path} is missing", tree


def too_many(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    full = [
        (path, node) for path, node in places(part) if isinstance(node, Part) and node.longest is not None
    ]
    if not full:
        return None
    path, node = rng.choice(full)
    tree = plain(part)
    place = at_path(tree, path)
    count = (node.longest or 0) + rng.choice([1, 7, 300])
    if isinstance(place, dict):
        place.update({f"p{number}": "x" for number in range(count)})
    elif node.shortest and rng.random() < 0.3:
        place.clear()
        return f"{path} is empty", tree
    else:
        place.extend([place[0]] * (count - len(place)))
    return f"{path} holds {count}", tree


def bad_key(rng: random.Random, frame: str, part: Part) -> tuple[str, Any] | None:
    maps = [path for path, node in places(part) if isinstance(node, Part) and node.is_open]
    if not maps:
        return None
    path = rng.choice(maps)
    tree = plain(part)
    key = rng.choice(["__proto__", "10", "", "X", "a" * 17, "a b", 5, None, b"x", "toString"])
    at_path(tree, path)[key] = "x"
    return f"{path} has the key {key!r}", tree


MUTATIONS: tuple[Mutation, ...] = (wrong_type, wrong_value, unknown_field, missing_field, too_many, bad_key)


def bad_bytes(rng: random.Random, frame: str, good: bytes) -> Case:
    """Bytes that are no message, made of a good one's."""
    match rng.randrange(6):
        case 0:
            size = rng.randrange(len(good))
            return Case(f"{frame}: cut to {size} bytes", good[:size])
        case 1:
            return Case(f"{frame}: twice in one message", good + good)
        case 2:
            return Case(f"{frame}: a byte behind", good + rng.randbytes(1))
        case 3:
            return Case(f"{frame}: in a list", b"\x91" + good)
        case 4:
            return Case(f"{frame}: as JSON", b'{"t":"ping"}')
        case _:
            # 0xc1 begins no value, so these can't come out well by chance.
            return Case(f"{frame}: noise", b"\xc1" + rng.randbytes(rng.randrange(200)))


def bad_frame(rng: random.Random, known: Known, only: tuple[str, ...] | None = None) -> Case:
    """Make one message that is no frame of the protocol, of any frame type or of those that are named."""
    parts = frame_parts(known)
    frame = rng.choice(only or tuple(parts))
    part = parts[frame]
    if rng.random() < 0.12:
        return bad_bytes(rng, frame, pack(plain(part)))
    while True:
        done = rng.choice(MUTATIONS)(rng, frame, part)
        if done is not None:
            name, tree = done
            data = pack(tree)
            if len(data) <= 131_072:
                return Case(f"{frame}: {name}", data)
