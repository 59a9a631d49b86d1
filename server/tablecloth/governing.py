"""What follows from a decision: the rulings that reach the boards, and what lies beside the logs
(FOLD-113, FOLD-120).

The entries are made here and appended by ``assembly`` in one call with the tick that names the proposal.
What isn't in a log (titles in the space's list, the bytes of a picture) is mended afterwards, and again
whenever a worker opens the space: so it is done however often a worker died in between.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable

import msgspec

from tablecloth.core.agreement import BOARD_NUMBERS
from tablecloth.core.board import Board, new_board
from tablecloth.core.decisions import Decisions, Proposal
from tablecloth.core.edits import Entry
from tablecloth.core.entry import encode, with_body
from tablecloth.core.fold import apply_entry
from tablecloth.core.room_kinds import RulingHead
from tablecloth.log.interface import Entries, Log, Place, SpaceRecord
from tablecloth.restoring import restored_entries
from tablecloth.rooms import Rooms

_PAGE = 2000
_read_entry = msgspec.msgpack.Decoder(Entry).decode
_ALL_BOARDS = frozenset(("pause", "removeimage", "agreement"))
Also = tuple[tuple[Place, Entries], ...]


def ruling_of(proposal: Proposal) -> tuple[bytes, bytes | None] | None:
    """The ruling that a passed proposal is on each board that it governs; None if none needs one."""
    values: dict[str, int | str] = {}
    if proposal.act == "pause":
        assert proposal.decided is not None
        values = {"until": proposal.decided[1] + proposal.values["minutes"] * 60_000}
    elif proposal.act == "agreement":
        values = {name: value for name, value in proposal.values.items() if name in BOARD_NUMBERS}
        if not values:
            return None
    elif proposal.act == "restore":
        values = {"seq": proposal.values["seq"]}
    elif proposal.act == "newlinks":
        return None
    words = {name: said or "" for name, said in proposal.words.items()} if proposal.act == "rename" else {}
    body, digest = with_body(os.urandom(16), [proposal.why or "", *words.values()])
    head = RulingHead(
        proposal.id,
        proposal.act,
        proposal.born.author,
        proposal.about,
        proposal.elements if proposal.act == "clear" else [],
        values,
        list(words),
        digest,
    )
    return encode(head), body


def standing_rulings(known: Decisions, at: int) -> Entries:
    """What a board that is founded now begins with: pauses that last, pictures that are gone, numbers."""
    lasting = [
        proposal
        for proposal in known.proposals.values()
        if proposal.state == "passed"
        and proposal.act in _ALL_BOARDS
        and (proposal.act != "pause" or known.is_paused(proposal.about, at))
    ]
    lasting.sort(key=lambda proposal: proposal.decided or (0, 0))
    made = [ruling_of(proposal) for proposal in lasting]
    return tuple(entry for entry in made if entry is not None)


async def rulings(log: Log, rooms: Rooms, record: SpaceRecord, passed: Iterable[Proposal]) -> Also:
    """All that these decisions append to the boards of the space. Raises LogAway."""
    names = [board for board, _ in record.boards]
    also: list[tuple[Place, Entries]] = []
    for proposal in passed:
        ruling = ruling_of(proposal)
        if ruling is None:
            continue
        boards = names if proposal.act in _ALL_BOARDS else [name for name in names if name == proposal.board]
        for name in boards:
            place = Place(record.space, name)
            before: Entries = ()
            if proposal.act == "restore":
                before = await _restored(log, rooms, place, proposal)
            also.append((place, (*before, ruling)))
    return tuple(also)


async def _restored(log: Log, rooms: Rooms, place: Place, proposal: Proposal) -> Entries:
    then = new_board(place.space, place.board)
    async for entry in _entries(log, place, proposal.values["seq"]):
        apply_entry(then, entry)
    now: Board = (await rooms.open(place)).board
    if then.seq < proposal.values["seq"] or then.seq >= now.seq:
        return ()
    who, why = proposal.born.author, proposal.why or ""
    return tuple(restored_entries(now, then, proposal.id, who, why, lambda: os.urandom(16)))


async def _entries(log: Log, place: Place, last: int) -> AsyncIterator[Entry]:
    """A board's entries from the first to ``last``."""
    seq = 0
    while seq < last:
        page = await log.read(place, seq, min(_PAGE, last - seq))
        if not page:
            return
        for stored in page:
            yield _read_entry(stored.raw)
        seq = page[-1].seq


async def mend(log: Log, record: SpaceRecord, board: Board) -> bool:
    """Bring what lies beside the logs to what was decided; whether anything had to be. Raises LogAway."""
    known = board.decisions
    has_changed = False
    if known.proposals and board.title is not None and board.title != record.title:
        await log.retitle(record.space, record.space, board.title)
        has_changed = True
    titles = dict(record.boards)
    for proposal in sorted(known.proposals.values(), key=lambda p: p.decided or (0, 0)):
        title = proposal.words.get("title")
        if (
            proposal.act == "rename"
            and proposal.state == "passed"
            and title is not None
            and proposal.board in titles
        ):
            titles[proposal.board] = title
    for name, old in record.boards:
        if titles[name] != old:
            await log.retitle(record.space, name, titles[name])
            has_changed = True
    for asset in known.removed:
        await log.remove_image(record.space, asset)
    return has_changed
