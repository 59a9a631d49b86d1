"""What must hold of a board after whatever was done to its server.

The log is read from Valkey with `msgpack`, the chain is computed anew with hashlib, and the board is had in
four ways: from each participant, from one who comes late, from the whole log, and from the snapshot and what
follows it. All must be the same, and hold each acknowledged edit once.
"""

from __future__ import annotations

from tablecloth.client import Board, connect
from tablecloth.core.board import Board as CoreBoard
from tablecloth.core.board import new_board
from tablecloth.core.canonical import canonical_hash, from_canonical
from tablecloth.core.edits import Entry
from tablecloth.core.fold import apply_entry
from tablecloth.limits import LOG_SNAPSHOT_ENTRIES

from tests.support.ack_book import AckBook
from tests.support.reading import assert_sound, chain_of, read_line, unpack
from tests.support.scribes import Scribe, assert_remembered
from tests.support.stored import Store
from tests.support.tables import Table


def folded(space: str, board: str, raw: list[bytes], onto: CoreBoard | None = None) -> CoreBoard:
    """Fold stored entries, from the first on or from a snapshot on."""
    state = onto or new_board(space, board)
    for entry in raw[state.seq :]:
        apply_entry(state, Entry(*unpack(entry)))
    return state


async def assert_one_truth(table: Table, scribes: list[Scribe], store: Store, book: AckBook) -> int:
    """The log of one board against everybody's memory, and against all ways to have it. Its length."""
    for scribe in scribes:
        await come_home(scribe.board)
    raw = store.raw_entries(table.space, table.board)
    lines = [read_line(entry) for entry in raw]
    assert_sound(table.space, table.board, lines)

    for scribe in scribes:
        assert_remembered(scribe, lines)
    held = {line.hand for line in lines[1:]}
    lost = book.acked[table.space, table.board] - held
    assert not lost, f"{len(lost)} acknowledged edits are not in the log: {sorted(lost)[:3]}"

    whole = folded(table.space, table.board, raw)
    chain, digest = chain_of(table.space, table.board, lines), canonical_hash(whole)
    assert whole.chain == chain
    for scribe in scribes:
        for note, words in scribe.finished.items():
            assert whole.elements[note].text() == words
    snapshot = store.snapshot(table.space, table.board)
    assert snapshot is not None or len(raw) < 3 * LOG_SNAPSHOT_ENTRIES, "no snapshot was kept"
    if snapshot is not None:
        joined = folded(table.space, table.board, raw, from_canonical(snapshot.data))
        assert (joined.chain, canonical_hash(joined)) == (chain, digest), "snapshot and tail differ"
    for name, board in await late_and_all(table, scribes, len(raw)):
        state = board.replica.confirmed
        assert (state.seq, state.chain) == (len(raw), chain), f"{name} has another chain"
        assert canonical_hash(state) == digest, f"{name} sees another board"
    return len(raw)


async def come_home(board: Board) -> None:
    """Return once a participant is connected, has folded all, and has nothing left to say.

    Who had written everything before a log went back only learns of it on coming back.
    """
    await board.until(lambda: board.replica.is_current and board.pending == 0)


async def late_and_all(table: Table, scribes: list[Scribe], seq: int) -> list[tuple[str, Board]]:
    """Return everybody's board, and that of one who comes in now, once all have folded `seq`."""
    boards = [(scribe.author, scribe.board) for scribe in scribes]
    async with connect(table.edit_link, name="Late", patience_s=None) as space:
        boards.append(("who comes late", await space.open()))
        for _, board in boards:
            await board.until(lambda board=board: board.seq >= seq)  # type: ignore[misc]
    return boards
