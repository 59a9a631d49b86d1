"""``board.json``: the fold's state in a form that people and other programs can read, made from the log and
nothing else.

Only names come from outside the log (PROTOCOL-7): they stand in ``people``, and can be left out. What was
withheld is null. Keys are sorted, so that the same log gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tablecloth.core.board import Board, Element
from tablecloth.core.canonical import canonical_hash
from tablecloth.core.elements import TYPES
from tablecloth.core.ink import decode_points
from tablecloth.core.whose import variant_words

FORMAT = "tablecloth-board-archive"
VERSION = 3
"""1 knew neither shapes, pictures and locks nor the way in which they are drawn; 2 nothing of whose words."""


def readable(board: Board, people: Mapping[str, str]) -> dict[str, Any]:
    """A board as plain data. ``people``: names by pseudonym; only those who wrote here are kept."""
    authors = authors_of(board)
    return {
        "format": FORMAT,
        "version": VERSION,
        "space": board.space,
        "board": board.board,
        "title": board.title,
        "seq": board.seq,
        "at": board.at,
        "chain": board.chain.hex(),
        "key": board.key.hex(),
        "state": canonical_hash(board),
        "people": {author: people[author] for author in sorted(authors) if people.get(author)},
        "elements": [_element(element) for element in board.pile()],
        "margin": [_element(element) for element in board.margin()],
    }


def to_json(data: dict[str, Any]) -> bytes:
    """The file's bytes: UTF-8, keys sorted, one value a line."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def authors_of(board: Board) -> set[str]:
    """Everybody whose hand is on a board."""
    authors = {author for element in board.elements.values() for author, _ in element.hands}
    authors |= {element.born.author for element in board.elements.values()}
    authors |= {element.aside.stamp.author for element in board.elements.values() if element.aside}
    authors |= {element.lock.stamp.author for element in board.elements.values() if element.lock}
    for element in board.elements.values():
        authors |= {one.stamp.author for one in element.variants}
        authors |= {one.stamp.author for one in element.credits}
        authors |= {stamp.author for stamp in element.withdrawn}
        if credit := element.props.get("credit"):
            authors.add(str(credit))
    return authors


def _element(element: Element) -> dict[str, Any]:
    kind = TYPES[element.type]
    data: dict[str, Any] = {
        "id": element.id,
        "kind": element.type,
        "by": element.born.author,
        "born": {"seq": element.born.seq, "at": element.born.at},
        "properties": {name: element.prop(name) for name in sorted(kind.props)},
        "words": {name: element.text(name) for name in kind.fields}
        | {name: element.words.get(name, "") for name in kind.words},
    }
    if kind.has_ink:
        data["pieces"] = [None if piece.points is None else _points(piece.points) for piece in element.ink]
    if element.lock is not None:
        lock, stamp = element.lock, element.lock.stamp
        data["lock"] = {
            "seq": stamp.seq,
            "at": stamp.at,
            "by": stamp.author,
            "until": lock.until,
            "why": lock.why,
        }
    if element.aside is not None:
        stamp = element.aside.stamp
        data["aside"] = {"seq": stamp.seq, "at": stamp.at, "by": stamp.author, "why": element.aside.why}
    data |= _whose(element)
    return data


def _whose(element: Element) -> dict[str, Any]:
    """Variants, credits and withdrawals, where there are any."""
    variants = [
        {
            "field": one.field,
            "by": one.stamp.author,
            "seq": one.stamp.seq,
            "at": one.stamp.at,
            "words": None if one.words is None else variant_words(element, one),
        }
        for one in element.variants
    ]
    credited = [
        {"field": one.field, "by": one.stamp.author, "seq": one.stamp.seq, "at": one.stamp.at}
        for one in element.credits
    ]
    gone = [{"by": stamp.author, "seq": stamp.seq, "at": stamp.at} for stamp in element.withdrawn]
    told = {"variants": variants, "accepted": credited, "withdrawn": gone}
    return {name: listed for name, listed in told.items() if listed}


def _points(points: bytes) -> str | None:
    """``x,y,pressure`` of each point, parted by spaces: a stroke on one line instead of thousands."""
    decoded = decode_points(points)
    return None if decoded is None else " ".join(f"{x},{y},{pressure}" for x, y, pressure in decoded)
