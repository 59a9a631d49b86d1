"""A board as bytes that are the same in every language: snapshots, and the hash that two replicas compare
(FOLD-70).

MessagePack with arrays for records, keys sorted, the shortest form of every integer, no floats. What a text
field no longer needs is left out as if it had been pruned at this moment, which changes no later answer.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

import msgspec

from tablecloth.core.board import Aside, Board, Element, InkPiece, Stamp
from tablecloth.core.text import Applied, Bridge, Op, TextField, Waiting

FORMAT = 1


def _op_out(op: Op) -> list[int]:
    return [number for step in op for number in step]


def _op_in(flat: list[int]) -> Op:
    return tuple((flat[i], flat[i + 1]) for i in range(0, len(flat), 2))


def _stamp_out(stamp: Stamp) -> list[Any]:
    return [stamp.seq, stamp.at, stamp.author]


def _field_out(field: TextField, seq: int, at: int) -> list[Any]:
    field = copy.deepcopy(field)
    field.prune(seq, at)
    return [
        field.value,
        field.floor,
        [[r.seq, r.at, r.author, r.hand, [_op_out(op) for op in r.ops]] for r in field.window],
        [
            [author, hand, b.base, b.seq, [[w.seq, w.author, w.hand, _op_out(w.op)] for w in b.waiting]]
            for (author, hand), b in sorted(field.bridges.items())
        ],
    ]


def _element_out(element: Element, seq: int, at: int) -> list[Any]:
    aside = element.aside
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
    ]


def to_canonical(board: Board) -> bytes:
    """The whole state of the fold as bytes. Two replicas agree exactly when these are equal."""
    return msgspec.msgpack.encode(
        [
            "tablecloth-board",
            FORMAT,
            board.space,
            board.board,
            board.seq,
            board.at,
            board.chain,
            board.key,
            board.version,
            board.title,
            [_element_out(element, board.seq, board.at) for _, element in sorted(board.elements.items())],
        ]
    )


def canonical_hash(board: Board) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(to_canonical(board)).hexdigest()


def _field_in(raw: list[Any]) -> TextField:
    _, value, floor, window, bridges = raw
    return TextField(
        value,
        [Applied(s, at, author, hand, [_op_in(op) for op in ops]) for s, at, author, hand, ops in window],
        {
            (author, hand): Bridge(base, seq, [Waiting(s, a, h, _op_in(op)) for s, a, h, op in waiting])
            for author, hand, base, seq, waiting in bridges
        },
        floor,
    )


def _element_in(raw: list[Any]) -> Element:
    ident, kind, born, props, words, stamps, texts, ink, aside, hands = raw
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
    )


def from_canonical(data: bytes) -> Board:
    """A board from its canonical bytes, ready to fold on. Raises ValueError if they are not such bytes.

    For snapshots that this project wrote. It trusts their inner shape: an archive from elsewhere is folded
    from its log.
    """
    try:
        raw = msgspec.msgpack.decode(data)
        name, form, space, board, seq, at, chain, key, version, title, elements = raw
        if name != "tablecloth-board" or form != FORMAT:
            raise ValueError("not a board of this format")
        parsed = [_element_in(element) for element in elements]
        return Board(space, board, chain, seq, at, key, version, title, {e.id: e for e in parsed})
    except (TypeError, KeyError, IndexError, msgspec.MsgspecError) as error:
        raise ValueError(f"not a snapshot: {error}") from error
