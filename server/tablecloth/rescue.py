"""Takes up a record that this server lost, or never had, from somebody who held it (PROTOCOL-66,
DESIGN §4.9).

    bytes ─ read_brought ─> Brought: every entry checked, up to its signed tip
          ─ Rescue.take ─> the longest of those that come together; the space, if it is gone; the log; a `key`

Invariants: a log is begun or extended, never cut or changed; nothing is taken that a signature doesn't cover,
so nobody can make a record longer than it was; the links that people hold stay the links (PROTOCOL-64), and
no others become it. What was written after the signed tip returns from its authors' devices, by hand and k.

Rejected: taking the longest without a signature (anybody could write a longer one); replacing a log that was
written on since (what is there would be lost for what was; everybody's own edits return anyway); segments
that several workers put together (a record is a few megabytes and lost once in its life).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgpack
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tablecloth import limits
from tablecloth.core.chain import body_hash, chain_next, chain_start
from tablecloth.core.edits import FoundHead
from tablecloth.core.entry import encode
from tablecloth.core.fold import read_head
from tablecloth.core.links import Links, are_links_of
from tablecloth.core.room_kinds import KeyHead
from tablecloth.core.tip import Tip, is_signed
from tablecloth.log.append import entry_tail
from tablecloth.log.interface import Group, Log, Place, SpaceRecord, Stored
from tablecloth.rooms import NotFounded, Rooms
from tablecloth.session import name_fits
from tablecloth.spaces import FOUNDER, Spaces, rights_of

_MOST_ENTRY_BYTES = 512 * 1024
_BEST_COMES_MS = 5000
_LOOK_S = 0.2


class NotTaken(Exception):
    """Why a record is not taken up: ``record-unfit``, ``record-there`` or ``no-such-space``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Said(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What stands before the entries: titles of space and board, the proof of the links, the signed tip."""

    space_title: str
    title: str
    links: Links
    tip: Tip


@dataclass(slots=True, frozen=True)
class Brought:
    """A record, every entry checked up to its signed tip. ``keys``: all that it was signed under."""

    said: Said
    entries: list[Stored]
    chains: list[bytes]
    keys: list[bytes]


_read_said = msgspec.msgpack.Decoder(Said).decode


def read_brought(place: Place, data: bytes) -> Brought:
    """Read and check what somebody brought: four bytes of length, ``Said``, then entries one after the other.

    Raises NotTaken. Takes long for large ones; may run in any thread.
    """
    try:
        size = int.from_bytes(data[:4], "big")
        said = _read_said(data[4 : 4 + size])
        return _checked(place, said, data[4 + size :])
    except NotTaken:
        raise
    except Exception:  # noqa: BLE001 (TRAPS 18: each kind of bad bytes raises something of its own)
        raise NotTaken("record-unfit") from None


def _checked(place: Place, said: Said, data: bytes) -> Brought:
    chain = chain_start(place.space, place.board)
    entries: list[Stored] = []
    chains: list[bytes] = []
    keys: list[bytes] = []
    for seq, (at, head, body) in enumerate(_entries_in(data, said.tip.seq), 1):
        read = read_head(head)
        if seq == 1 and not _founds(read, place):
            raise NotTaken("record-unfit")
        if isinstance(read, FoundHead | KeyHead) and (seq == 1 or isinstance(read, KeyHead)):
            keys.append(read.key)
        if body is not None and (read is None or getattr(read, "body", None) != body_hash(body)):
            raise NotTaken("record-unfit")
        chain = chain_next(chain, seq, at, head)
        chains.append(chain)
        stamp = b"\x94\xcf" + seq.to_bytes(8, "big") + b"\xcf" + at.to_bytes(8, "big")
        entries.append(Stored(seq, stamp + entry_tail(head, body)))
    tip = said.tip
    is_whole = len(entries) == tip.seq and chains[-1] == tip.chain
    if not is_whole or not is_signed(keys[-1], place.space, place.board, tip):
        raise NotTaken("record-unfit")
    if not any(are_links_of(key, place.space, said.links) for key in keys):
        raise NotTaken("record-unfit")
    if not (name_fits(said.space_title) and name_fits(said.title)):
        raise NotTaken("record-unfit")
    return Brought(said, entries, chains, keys)


def _founds(head: Any, place: Place) -> bool:
    return isinstance(head, FoundHead) and (head.space, head.board) == (place.space, place.board)


def _entries_in(data: bytes, most: int) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Entries 1, 2, 3… up to ``most``: what comes after the signed tip is not taken."""
    unpacker = msgpack.Unpacker(
        max_buffer_size=len(data) + 1,
        max_array_len=4,
        max_map_len=0,
        max_str_len=0,
        max_bin_len=_MOST_ENTRY_BYTES,
        max_ext_len=0,
    )
    unpacker.feed(data)
    for expected, raw in enumerate(unpacker, 1):
        if expected > most:
            return
        match raw:
            case [int(seq), int(at), bytes(head), bytes() | None as body] if (
                seq == expected and 0 <= at < 2**53
            ):
                yield at, head, body
            case _:
                raise NotTaken("record-unfit")


class Rescue:
    """One a worker."""

    def __init__(self, log: Log, rooms: Rooms, spaces: Spaces) -> None:
        self._log = log
        self._rooms = rooms
        self._spaces = spaces

    async def take(self, place: Place, secret: str, data: bytes) -> int:
        """Take a record up; how far the log reaches then. Raises NotTaken and LogAway."""
        record = await self._spaces.find(place.space, time.monotonic())
        if record is not None and rights_of(record, secret) is None:
            raise NotTaken("no-such-space")
        brought = await asyncio.to_thread(read_brought, place, data)
        if record is None and not _opens(brought.said.links, secret):
            raise NotTaken("no-such-space")
        if record is not None and brought.keys[-1] not in (record.public_key, *record.keys):
            raise NotTaken("record-unfit")
        seq = await self._put(place, brought, is_new=record is None)
        # The log first: a space that can be found has it, and no worker founds another in its place.
        record = await self._space_of(place, brought)
        if place.board != place.space:
            title, most = brought.said.title, limits.SPACE_MAX_BOARDS
            await self._log.name_board(place.space, place.board, title, most)
        await self._spaces.read_anew(place.space)
        return await self._under_own_key(place, record, brought, seq)

    async def _put(self, place: Place, brought: Brought, is_new: bool) -> int:
        """Put the log back; its last seq then. ``is_new``: the space is gone, so a log that is there already
        was put back a moment ago.
        """
        held = await self._compared(place, brought, is_new)
        if held is None:
            await self._let_the_longest_win(place, brought)
            held = await self._compared(place, brought, is_new)
        if held is not None and held.seq == len(brought.entries):
            return held.seq
        seq = await self._log.put_back(place, brought.entries, held)
        if seq < 0:
            raise NotTaken("record-there")
        return seq

    async def _compared(self, place: Place, brought: Brought, may_be_all: bool) -> Stored | None:
        """The last entry of the log that is there, if what was brought goes on from it; None if there is no
        log. Raises NotTaken if it holds as much already, or something else.
        """
        try:
            room = await self._rooms.open(place)
            await room.read_on_now()
            if room.is_rewound:
                room = await self._rooms.open(place)
        except NotFounded:
            return None
        board, most = room.board, len(brought.entries) - (0 if may_be_all else 1)
        if board.seq > most or brought.chains[board.seq - 1] != board.chain:
            raise NotTaken("record-there")
        (stored,) = await self._log.read(place, board.seq - 1, 1)
        return stored

    async def _let_the_longest_win(self, place: Place, brought: Brought) -> None:
        """Wait for others who bring the same board, and let the longest go first."""
        seq = len(brought.entries)
        _, left = await self._log.offer(place, seq, limits.SEAL_GATHER_MS)
        await asyncio.sleep(left / 1000)
        best, _ = await self._log.offer(place, seq, limits.SEAL_GATHER_MS)
        give_up = time.monotonic() + _BEST_COMES_MS / 1000
        while best > seq and time.monotonic() < give_up:
            if await self._log.tip(place) > 0:
                return
            await asyncio.sleep(_LOOK_S)

    async def _space_of(self, place: Place, brought: Brought) -> SpaceRecord:
        """The space's side data; made anew, with the old links and a new key, if it is gone."""
        record = await self._spaces.find(place.space, time.monotonic())
        if record is None:
            key = Ed25519PrivateKey.generate()
            made = SpaceRecord(
                space=place.space,
                title=brought.said.space_title,
                boards=[(place.board, brought.said.title)] if place.board != place.space else [],
                edit_hash=brought.said.links.edit,
                view_hash=brought.said.links.view,
                public_key=key.public_key().public_bytes_raw(),
                private_key=key.private_bytes_raw(),
                created=time.time_ns() // 1_000_000,
                keys=brought.keys,
            )
            await self._log.begin_again(made)
            record = await self._spaces.find(place.space, time.monotonic())
        if record is None:
            raise NotTaken("record-there")
        return record

    async def _under_own_key(self, place: Place, record: SpaceRecord, brought: Brought, seq: int) -> int:
        """Go on under this server's key, if it isn't the old one (FOLD-132)."""
        if record.public_key == brought.keys[-1]:
            return seq
        session = "key-" + hashlib.sha256(record.public_key).hexdigest()[:16]
        entry = (encode(KeyHead(record.public_key)), None)
        (answer,) = await self._log.append([Group(place, FOUNDER, session, 1, (entry,))])
        return answer.seq


def _opens(links: Links, secret: str) -> bool:
    held = hashlib.sha256(secret.encode()).digest()
    is_edit, is_view = hmac.compare_digest(held, links.edit), hmac.compare_digest(held, links.view)
    return is_edit or is_view


__all__ = ["Brought", "NotTaken", "Rescue", "Said", "read_brought"]
