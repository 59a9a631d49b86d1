"""Joining: a snapshot and the tail after it give the same board as the whole log (FOLD-71), from Valkey."""

from __future__ import annotations

import gzip
import random

import msgspec
import pytest
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import canonical_hash, from_canonical, to_canonical
from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    Entry,
    InkEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
)
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.fold import apply_entry
from tablecloth.log.interface import Group, Place, SnapshotRecord
from tablecloth.log.valkey_log import ValkeyLog

from tests.support.chance import chance
from tests.support.valkey import new_id, new_place

pytestmark = pytest.mark.integration

read_entry = msgspec.msgpack.Decoder(Entry).decode
WORDS = ["tea ", "and ", "🌱", "سلام ", "Tische ", "e\u0301", "\n"]


class Participant:
    """Somebody who writes this and that, often over a board that is older than they think."""

    def __init__(self, source: random.Random, author: str) -> None:
        self.random = source
        self.author = author
        self.elements: list[tuple[str, str]] = []
        self._hand = new_id("hand")
        self._ks: dict[str, int] = {}
        self._session = new_id("session")
        self._n = 0

    def group(self, place: Place, tip: int) -> Group:
        """The next group: one to three edits over some seq up to the tip."""
        base = max(1, tip - self.random.choice([0, 0, 0, 1, 5]))
        edits = [self._edit(base) for _ in range(self.random.randrange(1, 4))]
        self._n += 1
        entries = tuple(encode_entry(edit, self.author, self.random.randbytes(16)) for edit in edits)
        return Group(place, self.author, self._session, self._n, entries)

    def _edit(self, base: int) -> AnyEdit:
        if not self.elements or self.random.random() < 0.2:
            kind = self.random.choice(["note", "note", "ink", "zone"])
            self.elements.append((new_id("elem"), kind))
            element = self.elements[-1][0]
            self._ks[element] = 1
            return AddEdit(element, self._hand, 1, base, kind, {"x": self.random.randrange(999)})
        element, kind = self.random.choice(self.elements)
        self._ks[element] = self._ks.get(element, 0) + 1
        common = (element, self._hand, self._ks[element], base)
        match self.random.randrange(6):
            case 0:
                return SetEdit(*common, {"y": self.random.randrange(-999, 999)})
            case 1:
                return SetAsideEdit(*common, self.random.choice(["", "in the way"]))
            case 2:
                return BringBackEdit(*common)
            case _ if kind == "ink":
                return InkEdit(*common, 2, bytes([2, 4, 128, 1, 3, 200]))
            case _:
                word = self.random.choice(WORDS)
                return TextEdit(*common, "text", [(0, 0, len(word))], word)


async def write(log: ValkeyLog, place: Place, source: random.Random, ticks: int) -> None:
    """Found a board and let three people write on it."""
    founding = found(place.space, place.board, bytes(32), "A board", bytes(16))
    await log.append([Group(place, "", "founding", 1, (founding,))])
    people = [Participant(source, author) for author in ("author-a", "author-b", "author-c")]
    for person in people[1:]:
        person.elements = people[0].elements
    for _ in range(ticks):
        tip = await log.tip(place)
        await log.append([person.group(place, tip) for person in people])


async def fold_on(log: ValkeyLog, place: Place, board: Board) -> Board:
    """Fold whatever comes after what a board holds, a piece at a time."""
    while tail := await log.read(place, board.seq, 37):
        for stored in tail:
            apply_entry(board, read_entry(stored.raw))
    return board


@pytest.mark.parametrize("run", range(3))
async def test_snapshot_and_tail_are_the_whole_fold(valkey_log: ValkeyLog, run: int) -> None:
    source, _ = chance(f"join {run}")
    place = new_place()
    await write(valkey_log, place, source, 40)
    tip = await valkey_log.tip(place)
    whole = await fold_on(valkey_log, place, new_board(place.space, place.board))
    assert whole.seq == tip
    assert whole.elements
    for at in sorted(source.sample(range(1, tip + 1), 12)):
        before = new_board(place.space, place.board)
        for stored in await valkey_log.read(place, 0, at):
            apply_entry(before, read_entry(stored.raw))
        record = SnapshotRecord(at, before.chain, gzip.compress(to_canonical(before)))
        await valkey_log.save_snapshot(place, record)
        held = await valkey_log.snapshot(place)
        assert held == record
        joined = from_canonical(gzip.decompress(held.data))
        assert (joined.seq, joined.chain) == (held.seq, held.chain)
        joined = await fold_on(valkey_log, place, joined)
        assert joined.chain == whole.chain
        assert canonical_hash(joined) == canonical_hash(whole)
