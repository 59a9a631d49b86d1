"""A board as bytes that are the same in every language: snapshots, and the hash that two replicas compare.

MessagePack with arrays for records, keys sorted, the shortest form of every integer, no floats. What a text
field no longer needs is left out as if it had been pruned at this moment, which changes no later answer.

Rules: FOLD-70, FOLD-71.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from tablecloth.core.board import Aside, Board, Credit, Element, InkPiece, Lock, Stamp, Variant
from tablecloth.core.canonical_decisions import decisions_bytes, decisions_in
from tablecloth.core.edits import Hash, Id, Seq
from tablecloth.core.entry import array_head
from tablecloth.core.text import Applied, Bridge, Op, TextField, Waiting, waiting_op

NAME = "tablecloth-board"
FORMAT = 3
"""The number of this form (FOLD-70). A snapshot of another one is passed over, and the log folded again."""

_encode = msgspec.msgpack.Encoder().encode


class _Snapshot(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The outermost array of FOLD-70; the elements are read one at a time, as they are written."""

    name: str
    format: int
    space: Id
    board: Id
    seq: Seq
    at: Seq
    chain: Hash
    key: bytes
    version: int
    title: str | None
    elements: list[msgspec.Raw]
    decisions: msgspec.Raw = msgspec.Raw(b"\xc0")
    """Nil where it is missing, so that an older form is known by its number first."""


_read = msgspec.msgpack.Decoder(_Snapshot).decode


def _key(item: tuple[Any, object]) -> Any:
    return item[0]


def _op_out(op: Op) -> list[int]:
    return [number for step in op for number in step]


def _op_in(flat: list[int]) -> Op:
    return tuple((flat[i], flat[i + 1]) for i in range(0, len(flat), 2))


def _stamp_out(stamp: Stamp) -> list[Any]:
    return [stamp.seq, stamp.at, stamp.author]


def _waiting_out(waiting: list[Waiting], floor: int) -> list[list[Any]]:
    return [[w.seq, w.author, w.hand, _op_out(w.op)] for w in waiting if w.seq > floor]


def _field_out(field: TextField, seq: int, at: int) -> list[Any]:
    # FOLD-70: as if pruned, but the board stays as it is. The same conditions as in TextField.prune.
    drop = field.outdated(seq, at)
    floor = field.window[drop - 1].seq if drop else field.floor
    return [
        field.value,
        floor,
        [[r.seq, r.at, r.author, r.hand, [_op_out(op) for op in r.ops]] for r in field.window[drop:]],
        [
            [author, hand, max(b.base, floor), b.seq, _waiting_out(b.waiting, floor)]
            for (author, hand), b in sorted(field.bridges.items(), key=_key)
            if b.seq > floor
        ],
    ]


def _element_out(element: Element, seq: int, at: int) -> list[Any]:
    aside, lock = element.aside, element.lock
    return [
        element.id,
        element.type,
        _stamp_out(element.born),
        dict(sorted(element.props.items())),
        dict(sorted(element.words.items())),
        [[name, *_stamp_out(stamp)] for name, stamp in sorted(element.stamps.items())],
        [[name, *_field_out(field, seq, at)] for name, field in sorted(element.texts.items())],
        [[piece.count, piece.points] for piece in element.ink],
        None if aside is None else [*_stamp_out(aside.stamp), aside.why],
        [[author, hand, k] for (author, hand), k in sorted(element.hands.items())],
        None if lock is None else [*_stamp_out(lock.stamp), lock.until, lock.why],
        [
            [v.field, v.stamp.author, v.stamp.seq, v.stamp.at, _op_out(v.op), v.words]
            for v in element.variants
        ],
        [[c.field, c.stamp.author, c.stamp.seq, c.stamp.at] for c in element.credits],
        [[stamp.author, stamp.seq, stamp.at] for stamp in element.withdrawn],
    ]


def element_bytes(element: Element, seq: int, at: int) -> bytes:
    """One element's part of the canonical form of a board at ``(seq, at)``.

    It stays the same until an entry touches the element, or ``TextField.outdated`` of one of its texts grows.
    """
    return _encode(_element_out(element, seq, at))


def join_canonical(board: Board, elements: list[bytes], decisions: bytes) -> bytes:
    """The canonical form of a board whose elements' parts, in the order of their ids, and decisions are there
    already.
    """
    head = [
        NAME,
        FORMAT,
        board.space,
        board.board,
        board.seq,
        board.at,
        board.chain,
        board.key,
        board.version,
        board.title,
    ]
    return b"".join(
        [array_head(len(head) + 2), *map(_encode, head), array_head(len(elements)), *elements, decisions]
    )


def to_canonical(board: Board) -> bytes:
    """The whole state of the fold as bytes. Two replicas agree exactly when these are equal."""
    # One element at a time: the lists of ten thousand at once keep the garbage collector busy for longer
    # than all the rest.
    elements = [element_bytes(board.elements[ident], board.seq, board.at) for ident in sorted(board.elements)]
    return join_canonical(board, elements, decisions_bytes(board.decisions))


def canonical_hash(board: Board) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(to_canonical(board)).hexdigest()


def _field_in(raw: list[Any]) -> TextField:
    _, value, floor, window, bridges = raw
    return TextField(
        value,
        [Applied(s, at, author, hand, [_op_in(op) for op in ops]) for s, at, author, hand, ops in window],
        {
            (author, hand): Bridge(base, seq, [waiting_op(s, a, h, _op_in(op)) for s, a, h, op in waiting])
            for author, hand, base, seq, waiting in bridges
        },
        floor,
    )


def _element_in(raw: list[Any]) -> Element:
    ident, kind, born, props, words, stamps, texts, ink, aside, hands, lock, variants, credited, gone = raw
    return Element(
        id=ident,
        type=kind,
        born=Stamp(*born),
        props=props,
        words=words,
        stamps={name: Stamp(seq, at, author) for name, seq, at, author in stamps},
        texts={text[0]: _field_in(text) for text in texts},
        ink=[InkPiece(count, points) for count, points in ink],
        aside=None if aside is None else Aside(Stamp(*aside[:3]), aside[3]),
        hands={(author, hand): k for author, hand, k in hands},
        lock=None if lock is None else Lock(Stamp(*lock[:3]), lock[3], lock[4]),
        variants=tuple(
            Variant(name, Stamp(seq, at, author), _op_in(op), said)
            for name, author, seq, at, op, said in variants
        ),
        credits=tuple(Credit(name, Stamp(seq, at, author)) for name, author, seq, at in credited),
        withdrawn=tuple(Stamp(seq, at, author) for author, seq, at in gone),
    )


def from_canonical(data: bytes) -> Board:
    """A board from its canonical bytes, ready to fold on. Raises ValueError if they are not such bytes.

    For snapshots that this project wrote. It trusts their inner shape: an archive from elsewhere is folded
    from its log.
    """
    try:
        raw = _read(data)
        if raw.name != NAME or raw.format != FORMAT:
            raise ValueError("not a board of this format")
        parsed = [_element_in(msgspec.msgpack.decode(element)) for element in raw.elements]
        decisions = decisions_in(raw.decisions)
    except Exception as error:  # whatever a wrong shape runs into
        raise ValueError(f"not a snapshot: {error}") from error
    elements = {element.id: element for element in parsed}
    return Board(
        raw.space,
        raw.board,
        raw.chain,
        raw.seq,
        raw.at,
        raw.key,
        raw.version,
        raw.title,
        elements,
        decisions,
    )
