"""The spaces that this worker serves: what a link opens, its boards, the names of people, and beginning a new
one.

The secret for writing is 32 random bytes, shown once, and kept as SHA-256 (TRAPS 25); the one for looking
follows from it. A space's record is read from the log at most every ``_FRESH_S``, so that a hall that
reconnects asks once; while the store is away the last known record serves.

Names and new boards go to everybody in the space at once (PROTOCOL-7, PROTOCOL-55), through this worker and a
message to the others. Names are in that message; of boards it says only that there are more, and each worker
reads the record anew: two boards that are founded at the same time can't hide each other. Such a message may
be lost, so whenever a record is read that has other boards than before, they are told too.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import string
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tablecloth import limits
from tablecloth.core.entry import found
from tablecloth.core.links import Links, sign_links
from tablecloth.log.interface import Entries, Group, Log, LogAway, Place, SpaceRecord
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import BoardInfo, Boards, People, Person
from tablecloth.wire.message import binary_message

_FRESH_S = 2.0
_AGAIN_S = 1.0
_KEPT_S = 600.0
_ID_LENGTH = 16
_ID_FIRST = string.ascii_letters + string.digits
_ID_REST = _ID_FIRST + "-_"
FOUNDER = "founding"
"""Author and session of the founding group: there is no participant yet."""

NAMES = b"n"
"""What a published message of names begins with."""

BOARDS = b"b"
"""A published message that a space has more boards."""

Send: TypeAlias = Callable[[bytes], None]
Standing: TypeAlias = Callable[[str], Awaitable[Entries]]
_decode_names = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode


@dataclass(slots=True, frozen=True)
class NewSpace:
    """A space that was begun just now; the secrets appear here once and nowhere else."""

    record: SpaceRecord
    edit_secret: str
    view_secret: str


def new_id() -> str:
    """A random id of 16 characters (95 bits), never beginning with a dash or underscore."""
    return secrets.choice(_ID_FIRST) + "".join(secrets.choice(_ID_REST) for _ in range(_ID_LENGTH - 1))


def new_secret() -> str:
    """32 random bytes as base64url, 43 characters."""
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode("ascii")


def view_secret_of(edit_secret: str) -> str:
    """The secret of the link for looking. It follows from the one for writing, so that not only whoever began
    the space can hand both on: all who hold the same link are equals (PROTOCOL-50). There is no way back.
    """
    held = hashlib.sha256(b"tablecloth-view" + edit_secret.encode()).digest()
    return base64.urlsafe_b64encode(held).rstrip(b"=").decode("ascii")


def hash_secret(secret: str) -> bytes:
    """How a secret is kept."""
    return hashlib.sha256(secret.encode()).digest()


def rights_of(record: SpaceRecord, secret: str) -> bool | None:
    """Whether a secret opens the space for writing (True) or for looking (False), or not at all (None)."""
    held = hash_secret(secret)
    # Both are compared in any case, so that time tells nothing.
    may_edit = hmac.compare_digest(held, record.edit_hash)
    may_view = hmac.compare_digest(held, record.view_hash)
    return True if may_edit else False if may_view else None


def links_of(record: SpaceRecord) -> Links:
    """The proof of a space's links, for everybody to keep (PROTOCOL-64)."""
    return sign_links(record.private_key, record.space, 1, record.edit_hash, record.view_hash)


def boards_of(record: SpaceRecord) -> list[BoardInfo]:
    """A record's boards as frames name them."""
    return [BoardInfo(board, title) for board, title in record.boards]


def _look_at(task: asyncio.Task[SpaceRecord | None]) -> None:
    """Look at what a reading ended with, in case everybody who waited for it has left."""
    if not task.cancelled():
        task.exception()


class _Known:
    """A space's record, when it was read, and who is to hear of names and boards."""

    __slots__ = ("hearers", "read_at", "reading", "record", "unkept")

    def __init__(self) -> None:
        self.record: SpaceRecord | None = None
        self.read_at = 0.0
        self.reading: asyncio.Task[SpaceRecord | None] | None = None
        self.hearers: set[Send] = set()
        self.unkept: dict[str, str] = {}
        """Names that were told and that the log hasn't kept yet."""


def _send_all(known: _Known, frame: People | Boards) -> None:
    message = binary_message(encode(frame))
    for send in list(known.hearers):
        send(message)


class Spaces:
    """All spaces that somebody here asked for lately. ``is_shared``: whether there may be other workers."""

    def __init__(self, log: Log, is_shared: bool) -> None:
        self._log = log
        self._is_shared = is_shared
        self._known: dict[str, _Known] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, space: str, since: float | None = None) -> SpaceRecord | None:
        """A space's record, names included; None if there is no such space. Raises LogAway.

        ``since``: read from the log after this moment (of ``time.monotonic``); else a little while ago will
        do.
        """
        known = self._known.get(space)
        if known is None:
            known = self._known[space] = _Known()
        oldest = time.monotonic() - _FRESH_S if since is None else since
        if known.record is not None and known.read_at > oldest:
            return known.record
        if since is not None and known.reading is not None:
            # It may have begun before that moment.
            await asyncio.wait([known.reading])
        if known.reading is None:
            known.reading = asyncio.ensure_future(self._read(space, known))
            known.reading.add_done_callback(_look_at)
        try:
            return await asyncio.shield(known.reading)
        except LogAway:
            if known.record is None:
                raise
            return known.record

    async def _read(self, space: str, known: _Known) -> SpaceRecord | None:
        asked_at = time.monotonic()
        try:
            record = await self._log.space(space)
            if record is None and not known.hearers:
                self._known.pop(space, None)
            if record is not None:
                record.names.update(known.unkept)
            before, known.record = known.record, record
            known.read_at = asked_at
            if record is not None and before is not None and record.boards != before.boards:
                _send_all(known, Boards(boards_of(record)))
            return record
        finally:
            known.reading = None

    async def begin(self, title: str) -> NewSpace:
        """Found a space with one board of the same title. Raises LogAway; then nothing of it can be found."""
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        space, board = new_id(), new_id()
        edit_secret = new_secret()
        view_secret = view_secret_of(edit_secret)
        record = SpaceRecord(
            space=space,
            title=title,
            boards=[(board, title)],
            edit_hash=hash_secret(edit_secret),
            view_hash=hash_secret(view_secret),
            public_key=public,
            private_key=key.private_bytes_raw(),
            created=time.time_ns() // 1_000_000,
        )
        # The space's own log is a board whose id is the space's (FOLD-100).
        founding = [
            Group(
                Place(space, each),
                FOUNDER,
                FOUNDER,
                1,
                (found(space, each, public, title, os.urandom(16)),),
            )
            for each in (board, space)
        ]
        await self._log.create_space(record, founding)
        return NewSpace(record, edit_secret, view_secret)

    async def has_board(self, space: str, board: str) -> bool:
        """Whether a board is of a space: also one that another worker founded just now. Raises LogAway."""
        if board == space:
            return True
        began = time.monotonic()
        for since in (None, began):
            record = await self.find(space, since)
            if record is None or any(board == name for name, _ in record.boards):
                return record is not None
        return False

    # --- boards ---------------------------------------------------------------------------------

    async def add_board(self, record: SpaceRecord, title: str, standing: Standing) -> str | None:
        """Found one more board in a space, and tell everybody; its id, or None if the space is full. Raises
        LogAway: then it may be there all the same, and everybody will hear of it.

        ``standing``: what it begins with, as was decided so far. It is asked once more after the board is
        named, so that a decision in between misses no board (a ruling counts once, FOLD-120).
        """
        if len(record.boards) >= limits.SPACE_MAX_BOARDS:
            return None
        place = Place(record.space, new_id())
        entry = found(place.space, place.board, record.public_key, title, os.urandom(16))
        rulings = await standing(place.space)
        founding = Group(place, FOUNDER, FOUNDER, 1, (entry, *rulings))
        if not await self._log.add_board(founding, title, limits.SPACE_MAX_BOARDS):
            return None
        later = await standing(place.space)
        if len(later) != len(rulings):
            await self._log.append([Group(place, FOUNDER, FOUNDER, 2, later)])
        await self.tell_boards(place.space)
        return place.board

    async def tell_boards(self, space: str) -> None:
        """The list of a space's boards is another: everybody is to hear of it."""
        if self._is_shared:
            await self._log.publish(space, BOARDS)
        await self.read_anew(space)

    async def read_anew(self, space: str) -> None:
        """Read the record of a space that somebody is in, because it has more boards. Trouble is no matter:
        it is read again soon.
        """
        if space in self._known:
            with contextlib.suppress(LogAway):
                await self.find(space, time.monotonic())

    def hear_boards(self, space: str) -> None:
        """Another worker told that a space has more boards."""
        self._start(self.read_anew(space))

    def look_again(self) -> None:
        """Read the records of all spaces that somebody is in: a message may have been lost. Call it now and
        then.
        """
        self._start(self._look_again([space for space, known in self._known.items() if known.hearers]))

    async def _look_again(self, spaces: list[str]) -> None:
        for space in spaces:
            await self.read_anew(space)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- names ----------------------------------------------------------------------------------

    def enter(self, space: str, send: Send) -> None:
        """Tell this connection of names from now on."""
        self._known.setdefault(space, _Known()).hearers.add(send)

    def depart(self, space: str, send: Send) -> None:
        """Tell it no more. A repeat is harmless."""
        known = self._known.get(space)
        if known is not None:
            known.hearers.discard(send)

    def call(self, space: str, author: str, name: str) -> None:
        """Somebody's name from now on. Told at once; kept as soon as the store can. A repeat tells nobody."""
        known = self._known.get(space)
        record = known.record if known is not None else None
        if record is None or record.names.get(author, "") == name:
            return
        self._tell(space, [(author, name)])
        if known is not None and author not in known.unkept:
            self._start(self._keep_name(space, author, known.unkept))
        if known is not None:
            known.unkept[author] = name

    async def _keep_name(self, space: str, author: str, unkept: dict[str, str]) -> None:
        """Tell the other workers and keep the name; the last one, if they chose again meanwhile."""
        told: str | None = None
        while told != unkept[author]:
            told = unkept[author]
            if self._is_shared:
                await self._log.publish(space, NAMES + encode([(author, told)]))
            try:
                await self._log.set_name(space, author, told)
            except LogAway:
                told = None
                await asyncio.sleep(_AGAIN_S)
        del unkept[author]

    def hear(self, space: str, data: bytes) -> None:
        """Names that another worker told of (after ``NAMES``)."""
        try:
            self._tell(space, _decode_names(data))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return

    def _tell(self, space: str, names: Iterable[tuple[str, str]]) -> None:
        known = self._known.get(space)
        if known is None:
            return
        people = []
        for author, name in names:
            people.append(Person(author, name))
            if known.record is not None and name:
                known.record.names[author] = name
            elif known.record is not None:
                known.record.names.pop(author, None)
        _send_all(known, People(people))

    # --- housekeeping ---------------------------------------------------------------------------

    def forget(self) -> None:
        """Let go of spaces that nobody is in and nobody asked for lately."""
        oldest = time.monotonic() - _KEPT_S
        idle = [
            space
            for space, known in self._known.items()
            if not known.hearers and known.reading is None and known.read_at < oldest
        ]
        for space in idle:
            del self._known[space]
