"""Reads a log with `msgpack`, hashlib and nothing of ours: the second opinion of the tests.

What is here must not import tablecloth: if our codec and our fold agree on something wrong, this is
what says so. It follows FOLD-1 and FOLD-2 as they are written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgpack

CONTENT_HASH_KINDS = {"found", "set", "text", "ink", "set-aside", "lock"}


@dataclass(frozen=True)
class Line:
    """One entry of a log, taken apart: the head's items, and the body's content if it is there."""

    seq: int
    at: int
    head: bytes
    items: tuple[Any, ...]
    content: Any

    @property
    def kind(self) -> str:
        return str(self.items[0])

    @property
    def author(self) -> str:
        return str(self.items[1])

    @property
    def element(self) -> str:
        return str(self.items[2])

    @property
    def hand(self) -> tuple[str, str, str, int]:
        """(element, author, hand, k): at most one entry of a log may carry it (FOLD-4)."""
        _, author, element, hand, k, *_ = self.items
        return element, author, hand, k


def unpack(data: bytes) -> Any:
    """Decode one MessagePack value, as strictly as msgpack can."""
    return msgpack.unpackb(data, raw=False, strict_map_key=True)


def read_line(raw: bytes) -> Line:
    """Take one stored entry apart, and check its body against its head. Any flaw raises."""
    seq, at, head, body = unpack(raw)
    items = unpack(head)
    content = None
    if body is not None:
        salt, content = unpack(body)
        assert len(salt) == 16, f"entry {seq}: a salt of {len(salt)} bytes"
        assert items[-1] == hashlib.sha256(body).digest(), f"entry {seq}: body and head don't belong together"
    return Line(seq, at, head, tuple(items), content)


def chain_of(space: str, board: str, lines: Iterable[Line]) -> bytes:
    """FOLD-2: the chain over all entries."""
    chain = hashlib.sha256(f"{space}{board}".encode("ascii")).digest()
    for line in lines:
        chain = hashlib.sha256(
            chain + line.seq.to_bytes(8, "big") + line.at.to_bytes(8, "big") + line.head
        ).digest()
    return chain


def assert_sound(space: str, board: str, lines: list[Line]) -> None:
    """A log begins with its founding, has no holes, no time that goes back, and says nothing twice."""
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1)), "the log has holes or doubles"
    assert lines[0].items[:3] == ("found", space, board)
    assert all(line.kind != "found" for line in lines[1:])
    times = [line.at for line in lines]
    assert times == sorted(times), "time goes back"
    twice = [hand for hand, count in Counter(line.hand for line in lines[1:]).items() if count > 1]
    assert not twice, f"{len(twice)} edits are in the log twice: {twice[:3]}"
