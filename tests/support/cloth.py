"""A worker without sockets: a log in memory, paper lines, and people who speak to it in frames.

cloth = await Cloth.make()             a worker and a space with one board
ada = await cloth.join("Ada")          somebody who said hello and opened the board
await ada.edit(add(...))               acked
"""

from __future__ import annotations

import base64
import copy
import gzip
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tablecloth.connection import Connection
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical
from tablecloth.core.edits import AddEdit, AnyEdit, TextEdit
from tablecloth.core.fold import apply_entry
from tablecloth.log.interface import Place
from tablecloth.metrics import Metrics
from tablecloth.spaces import NewSpace
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    EditFrame,
    Entries,
    Hello,
    Open,
    Opened,
    Snapshot,
    Welcome,
)
from tablecloth.worker import Worker

from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.paper_line import PaperLine


def random_word(size: int = 16) -> str:
    """Random characters of base64url."""
    return base64.urlsafe_b64encode(os.urandom(size)).decode().rstrip("=")


def note(element: str, base: int = 1, hand: str = "hand-one", x: int = 0) -> AnyEdit:
    """A new note."""
    return AddEdit(element, hand, 1, base, "note", {"x": x})


def words(element: str, k: int, base: int, written: str, hand: str = "hand-one") -> AnyEdit:
    """Words at the beginning of a note."""
    return TextEdit(element, hand, k, base, "text", [(0, 0, len(written))], written)


class Person:
    """Somebody at a worker. `line` has what they were sent, `board` is what they fold from it."""

    def __init__(self, worker: Worker, space: str, secret: str, token: str | None = None) -> None:
        self.worker = worker
        self.space = space
        self.secret = secret
        self.token = token or random_word()
        self.session = random_word()
        self.line = PaperLine()
        self.connection: Connection = worker.connect(self.line)
        self.line.receiver = self.connection
        self.ns: Counter[str] = Counter()
        """The last n on each board."""

    def say(self, frame: object) -> None:
        """Send a frame, or bytes as they are."""
        self.connection.message(frame if isinstance(frame, bytes) else encode(frame))

    async def hello(self, name: str = "") -> Welcome:
        self.say(Hello(PROTOCOL_VERSION, self.space, self.secret, self.token, self.session, name))
        welcome: Welcome = await self.line.hear(Welcome)
        return welcome

    async def open(self, board: str, seq: int = 0, chain: bytes | None = None, tail: bool = False) -> Opened:
        count = len(self.line.of(Opened)) + 1
        self.say(Open(board, None, seq, chain, tail))
        opened: Opened = await self.line.hear(Opened, count)
        return opened

    def send(self, board: str, *edits: AnyEdit) -> int:
        """Send a group; its n."""
        self.ns[board] += 1
        self.say(EditFrame(board, self.ns[board], list(edits)))
        return self.ns[board]

    async def edit(self, board: str, *edits: AnyEdit) -> int:
        """Send a group and wait for its ack; the seq of its first entry."""
        n = self.send(board, *edits)
        count = 0
        while True:
            count += 1
            ack = await self.line.hear(Ack, count)
            for settled, seq in ack.acks:
                if (ack.board, settled) == (board, n):
                    return int(seq)

    def fold(self, board: str, held: Board | None = None) -> Board:
        """What the person sees: snapshots and entries in the order in which they came. Holes raise."""
        seen = copy.deepcopy(held) if held is not None else new_board(self.space, board)
        for frame in self.line.frames:
            if isinstance(frame, Snapshot) and frame.board == board:
                seen = from_canonical(gzip.decompress(frame.data))
            elif isinstance(frame, Entries) and frame.board == board:
                for entry in frame.entries:
                    apply_entry(seen, entry)
        return seen

    async def sees(self, board: str, seq: int, held: Board | None = None) -> Board:
        """Wait until the person has been sent everything up to a seq; the board then."""
        count = 0
        while (seen := self.fold(board, held)).seq < seq:
            count = len(self.line.of(Entries))
            await self.line.hear(Entries, count + 1)
        return seen

    def leave(self) -> None:
        """Lose the connection."""
        self.connection.lost()
        self.worker.disconnect(self.connection)


class Cloth:
    """A worker, and a space with one board."""

    def __init__(self, store: MemoryStore, worker: Worker, begun: NewSpace) -> None:
        self.store = store
        self.worker = worker
        self.space = begun.record.space
        self.board = begun.record.boards[0][0]
        self.secret = begun.edit_secret
        self.view_secret = begun.view_secret

    @property
    def place(self) -> Place:
        return Place(self.space, self.board)

    def person(self, worker: Worker | None = None, token: str | None = None, views: bool = False) -> Person:
        """Somebody who has a connection and said nothing yet."""
        return Person(worker or self.worker, self.space, self.view_secret if views else self.secret, token)

    async def join(self, name: str = "", worker: Worker | None = None, views: bool = False) -> Person:
        """Somebody who follows the board."""
        person = self.person(worker, views=views)
        await person.hello(name)
        await person.open(self.board)
        return person


@asynccontextmanager
async def working(store: MemoryStore, is_shared: bool = True) -> AsyncIterator[Worker]:
    """A worker on a store in memory."""
    worker = Worker(MemoryLog(store), Metrics(), is_shared)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


@asynccontextmanager
async def laid(store: MemoryStore | None = None) -> AsyncIterator[Cloth]:
    """A worker with a space and a board."""
    store = store or MemoryStore()
    async with working(store) as worker:
        yield Cloth(store, worker, await worker.begin_space("A cloth"))


def any_refusals(person: Person) -> list[Any]:
    """The codes of everything that was refused."""
    return [frame.code for frame in person.line.frames if hasattr(frame, "code")]
