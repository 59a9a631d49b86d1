"""People who take their words back for good: from what they ask to a store that holds none of it.

    owe ─ look ─> append the withdrawals ─> withhold the bodies ─> a snapshot without them ─> scrub ─> settled

``owe`` is durable before anything else happens, so that whatever stops a worker half-way, another goes on
(``resume``). Every step may be repeated. Looking means folding the heads of the whole log beside the rooms,
in short pieces: nobody's edit waits for it (PROTOCOL-70 to 72, FOLD-90 to FOLD-94).
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

import msgspec
import structlog

from tablecloth.core import limits
from tablecloth.core.edits import Entry, WithdrawHead
from tablecloth.core.entry import encode
from tablecloth.core.fold import read_head
from tablecloth.core.parts import FieldRanges
from tablecloth.core.provenance import Provenance, about
from tablecloth.log.interface import Group, Log, LogAway, Owed, Place, SnapshotRecord
from tablecloth.rooms import Rooms

_PAGE = 200
_TRIES = 50
_read_entry = msgspec.msgpack.Decoder(Entry).decode
_log = structlog.get_logger("withdrawals")


@dataclass
class _Look:
    """What the heads of a log say of one author's entries."""

    known: Provenance
    author: str
    seq: int = 0
    bodies: dict[str, list[int]] = field(default_factory=dict)
    """Seqs of the entries that have or had a body, by element."""
    present: set[int] = field(default_factory=set)
    """Those whose body is still there."""

    def take(self, raw: bytes) -> None:
        entry = _read_entry(raw)
        head = read_head(entry.head)
        self.known.fold(entry)
        self.seq = entry.seq
        whose = about(head)
        if whose is not None and whose[0] == self.author and getattr(head, "body", None) is not None:
            self.bodies.setdefault(whose[1], []).append(entry.seq)
            if entry.body is not None:
                self.present.add(entry.seq)

    def withdrawn_at(self, element: str) -> int:
        """The seq of the author's last withdrawal there that applied, or 0."""
        there = self.known.board.elements.get(element)
        return max(
            [0, *(stamp.seq for stamp in there.withdrawn if stamp.author == self.author)] if there else [0]
        )

    def open(self, wanted: tuple[str, ...]) -> list[str]:
        """Elements where the author wrote something after their last withdrawal."""
        on_board = self.known.board.elements
        names = wanted or tuple(sorted(self.bodies))
        return [
            name
            for name in names
            if name in on_board and self.bodies.get(name, [0])[-1] > self.withdrawn_at(name)
        ]

    def doomed(self) -> set[int]:
        """Seqs whose body has to go: it is there, and was withdrawn."""
        return {
            seq
            for element, seqs in self.bodies.items()
            for seq in seqs
            if seq in self.present and seq < self.withdrawn_at(element)
        }


class Withdrawals:
    """For one worker. ``resume`` takes up what another left."""

    def __init__(self, log: Log, rooms: Rooms) -> None:
        self._store = log
        self._rooms = rooms
        self._under_way: dict[tuple[Place, str], asyncio.Task[int]] = {}

    async def begin(self, place: Place, author: str, elements: tuple[str, ...]) -> int:
        """Take back all that an author wrote on a board, or on some of its elements; empty: everywhere.

        Answers on how many elements it was withdrawn, once no file of the store holds it. Raises LogAway;
        what was begun then goes on by itself.
        """
        owed = Owed(place, author, elements)
        await self._store.owe(owed)
        return await self._run(owed)

    async def resume(self) -> None:
        """Go on with what is owed. Never raises."""
        try:
            for owed in await self._store.owed():
                await self._run(owed)
        except LogAway:
            pass  # it is asked again in a while
        except Exception:  # noqa: BLE001
            _log.exception("withdrawal_broke")

    async def _run(self, owed: Owed) -> int:
        key = (owed.place, owed.author)
        while (running := self._under_way.get(key)) is not None:
            await asyncio.wait([running])
        task = self._under_way[key] = asyncio.ensure_future(self._carry_out(owed))
        try:
            return await asyncio.shield(task)
        finally:
            if task.done():
                self._under_way.pop(key, None)
            else:
                task.add_done_callback(lambda _: self._under_way.pop(key, None))

    async def _carry_out(self, owed: Owed) -> int:
        look = _Look(Provenance(owed.place.space, owed.place.board), owed.author)
        count = await self._append_all(look, owed)
        doomed = look.doomed()
        if doomed:
            await self._store.withhold(owed.place, doomed)
        await self._renew_snapshot(owed.place, look.seq)
        await self._store.scrub()
        await self._store.settle(owed)
        return count

    async def _append_all(self, look: _Look, owed: Owed) -> int:
        withdrawn: set[str] = set()
        session = secrets.token_hex(12)
        n = 0
        for _ in range(_TRIES):
            await self._read_on(look, owed.place)
            groups = []
            for element in look.open(owed.elements):
                for ranges in _parts(look.known.ranges(owed.author, element)):
                    n += 1
                    hand = secrets.token_hex(12)
                    head = WithdrawHead(owed.author, element, hand, 1, look.seq, ranges)
                    groups.append(Group(owed.place, owed.author, session, n, ((encode(head), None),)))
                withdrawn.add(element)
            if not groups:
                return len(withdrawn)
            await self._store.append(groups)
        raise LogAway("away", "The words there go on too fast just now.")

    async def _read_on(self, look: _Look, place: Place) -> None:
        while True:
            page = await self._store.read(place, look.seq, _PAGE)
            for stored in page:
                look.take(stored.raw)
            if len(page) < _PAGE:
                return
            await asyncio.sleep(0)  # the rooms speak between two pages

    async def _renew_snapshot(self, place: Place, seq: int) -> None:
        """A snapshot as of the withdrawal or later: an older one isn't kept any more then."""
        room = await self._rooms.open(place)
        room.expect(seq)
        while room.board.seq < seq:
            await room.read_on_now()
        sheet = room.pieces.take(room.board)
        data = await asyncio.to_thread(sheet.gzipped)
        room.keep(sheet, data)
        await self._store.save_snapshot(place, SnapshotRecord(sheet.header.seq, sheet.header.chain, data))


def _parts(ranges: list[FieldRanges]) -> list[list[FieldRanges]]:
    """Ranges in heads of bounded size: words that many people wrote in turns need several."""
    most = limits.MAX_RANGES
    parts: list[list[FieldRanges]] = [
        [(name, listed[start : start + most])]
        for name, listed in ranges
        for start in range(0, len(listed), most)
    ]
    return parts or [[]]
