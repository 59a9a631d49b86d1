"""Reads the cases of schemas/vectors: from their JSON to entries, and from a board to what a case may
expect of it.

The format stands in schemas/vectors/README.md. Used by the runner (tests/vectors) and by
scripts/fill_vectors.py.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec
from tablecloth.core import fold
from tablecloth.core.board import Board, Element, Stamp, new_board
from tablecloth.core.canonical import FORMAT
from tablecloth.core.chain import body_hash
from tablecloth.core.edits import Entry
from tablecloth.core.elements import TYPES
from tablecloth.core.text import DELETE, INSERT, KEEP, Op
from tablecloth.core.whose import variant_words

from tests.support.seen_decisions import seen_decisions, seen_proposal

SPACE, BOARD = "space-vector", "board-vector"
SALT = bytes(16)
HASHED = frozenset(
    ("found", "set", "text", "ink", "set-aside", "lock", "vary", "propose", "object", "ruling", "restored")
)
"""Kinds whose head ends with the hash of their body, or nil."""
STEPS = {"keep": KEEP, "insert": INSERT, "delete": DELETE}

Json: TypeAlias = Any
encode = msgspec.msgpack.Encoder().encode


def spelled(value: Json) -> Any:
    """A value of a case with its bytes and long strings spelled out."""
    if isinstance(value, list):
        return [spelled(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "hex" in value:
        return bytes.fromhex(value["hex"]) * value.get("times", 1)
    if "repeat" in value:
        return value["repeat"] * value["times"]
    return {name: spelled(item) for name, item in value.items()}


def op_of(steps: list[tuple[str, int]]) -> Op:
    """An op of a text case."""
    return tuple((STEPS[kind], length) for kind, length in steps)


def place_of(case: dict[str, Json]) -> tuple[str, str]:
    """Space and board of a case: an ordinary board, or the space's own log."""
    return SPACE, SPACE if case.get("on") == "space" else BOARD


def founding(case: dict[str, Json]) -> Entry:
    """Entry 1 of every case that doesn't bring its own."""
    body = encode([SALT, "Vectors"])
    return Entry(1, 1000, encode(["found", *place_of(case), bytes(32), 1, body_hash(body)]), body)


def body_of(said: dict[str, Json], kind: str) -> tuple[bytes | None, bytes | None]:
    """What a body's hash is made from, and the body that the log has."""
    if "body" in said:
        body = spelled(said["body"])
        return body, body
    content = spelled(said.get("content"))
    if content is None and kind in {"text", "ink", "vary"}:
        content = b"" if kind == "ink" else ""
    if content is None:
        return None, None
    body = encode([SALT, content])
    return body, None if said.get("withheld") else body


def head_of(said: dict[str, Json], repetition: int) -> tuple[bytes, bytes | None]:
    """The bytes of an entry's head and body, at one of its repetitions."""
    head = spelled(said["head"])
    if isinstance(head, bytes):
        return head, body_of(said, "")[1]
    grow = said.get("grow", ())
    head = [item.replace("#", f"{repetition:06}") if isinstance(item, str) else item for item in head]
    for place, name in ((4, "k"), (5, "base")):
        if name in grow:
            head[place] += repetition
    hashed, body = body_of(said, head[0])
    if head[0] in HASHED:
        head.append(None if hashed is None else body_hash(hashed))
    return encode(head), body


def outcome_of(said: Json) -> dict[str, Any]:
    """An expected outcome, with only what the case says of it."""
    if isinstance(said, dict):
        return {**said, "stale": tuple(said["stale"])}
    return {"reason": said} if said == "stale" else {"reason": said, "stale": ()}


def log_of(case: dict[str, Json]) -> Iterator[tuple[Entry, dict[str, Any] | None]]:
    """The entries of a case, the founding one first, each with its expected outcome."""
    seq = 0
    if case.get("founding", True):
        yield founding(case), None
        seq = 1
    outcomes = case.get("outcomes") or [None] * len(case["entries"])
    for said, expected in zip(case["entries"], outcomes, strict=True):
        for repetition in range(said.get("times", 1)):
            seq += 1
            at = said["at"] + (repetition if "at" in said.get("grow", ()) else 0)
            head, body = head_of(said, repetition)
            yield Entry(seq, at, head, body), outcome_of(expected) if "outcomes" in case else None


def board_of(case: dict[str, Json]) -> Board:
    """The board after a case's entries."""
    board = new_board(*place_of(case))
    for entry, _ in log_of(case):
        fold.apply_entry(board, entry)
    return board


def _stamp(stamp: Stamp) -> list[Any]:
    return [stamp.seq, stamp.at, stamp.author]


def seen(element: Element, board: Board) -> dict[str, Any]:
    """Everything that a case may expect of an element. Fields are as if pruned now, as in a snapshot."""
    kind = TYPES[element.type]
    texts = {name: element.texts[name] for name in kind.fields if name in element.texts}
    return {
        "type": element.type,
        "born": _stamp(element.born),
        "props": {name: element.prop(name) for name in kind.props},
        "words": dict(element.words),
        "stamps": {name: _stamp(stamp) for name, stamp in element.stamps.items()},
        "texts": {name: element.text(name) for name in kind.fields},
        "lengths": {name: len(element.text(name)) for name in kind.fields},
        "window": {
            name: len(text.window) - text.outdated(board.seq, board.at) for name, text in texts.items()
        },
        "floor": {name: text.floor_at(board.seq, board.at) for name, text in texts.items()},
        "ink": [[piece.count, piece.points] for piece in element.ink],
        "inkCount": element.ink_count(),
        "aside": None if element.aside is None else [*_stamp(element.aside.stamp), element.aside.why],
        "lock": None
        if element.lock is None
        else [*_stamp(element.lock.stamp), element.lock.until, element.lock.why],
        "variants": [
            [one.field, one.stamp.author, one.stamp.seq, [list(step) for step in one.op], one.words]
            for one in element.variants
        ],
        "proposed": [variant_words(element, one) for one in element.variants],
        "credits": [[one.field, one.stamp.author, one.stamp.seq] for one in element.credits],
        "withdrawn": [[stamp.author, stamp.seq] for stamp in element.withdrawn],
        "hands": sorted([author, hand, k] for (author, hand), k in element.hands.items()),
    }


def missing(expected: Any, actual: Any, where: str) -> Iterator[str]:
    """What differs, of all that is expected."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, part in expected.items():
            yield from missing(part, actual.get(name, "(nothing)"), f"{where}.{name}")
    elif expected != actual:
        yield f"{where}: {actual!r}, not {expected!r}"


def differences(case: dict[str, Json], board: Board) -> list[str]:
    """What on a board is not as a case says."""
    found: list[str] = []
    for ident, expected in case.get("elements", {}).items():
        element = board.elements.get(ident)
        if expected is None or element is None:
            found += [f"{ident}: {element}"] if (expected is None) is not (element is None) else []
            continue
        found += missing(spelled(expected), seen(element, board), ident)
    whole = {name: getattr(board, name) for name in ("seq", "at", "title", "version", "key")}
    found += missing(spelled(case.get("board", {})), whole, "board")
    for ident, expected in case.get("proposals", {}).items():
        proposal = board.decisions.proposals.get(ident)
        if expected is None or proposal is None:
            found += [f"{ident}: {proposal}"] if (expected is None) is not (proposal is None) else []
            continue
        found += missing(spelled(expected), seen_proposal(proposal), ident)
    found += missing(case.get("decisions", {}), seen_decisions(board.decisions), "decisions")
    for name, ids in (("pile", board.pile()), ("margin", board.margin())):
        if name in case:
            found += missing(case[name], [element.id for element in ids], name)
    return found


def in_format(number: int, canonical: bytes) -> bytes:
    """The canonical form of a board as an older format had it (FOLD-70), for a board that it could hold."""
    if number == FORMAT:
        return canonical
    whole = msgspec.msgpack.decode(canonical)
    whole[1] = number
    assert whole.pop() is None, "formats 1 and 2 had no decisions"
    for element in whole[10]:
        assert element[11:] == [[], [], []], "format 2 had no variants and no withdrawal"
        del element[11:]
        if number == 1:
            assert element.pop() is None, "format 1 had no locks"
    return encode(whole)
