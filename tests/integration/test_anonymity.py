"""Must hold: from all frames, answers, records, numbers and exports of a run with ten people and a hundred
anonymous notes nothing joins two notes, or a note and a person. And that the checker would find it.
"""

from __future__ import annotations

import asyncio
import copy
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from tablecloth.client import Board, Folded, Space, Waits, connect
from tablecloth.commands.export import _fetch
from tablecloth.core.anonymous import is_anonymous
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import Here, PresenceIn

from tests.support.canaries import unzipped
from tests.support.chance import chance
from tests.support.joining import Record, Seen, findings
from tests.support.raw import Raw
from tests.support.server import Server
from tests.support.tables import Table, new_table, seat

pytestmark = [pytest.mark.integration, pytest.mark.timeout(280)]

PEOPLE, NOTES = 10, 10
QUICK = Waits(least=0.5, most=5.0, away=8.0, apart=0.4)
"""The usual waits, four times as fast, among people who do everything four times as fast."""
NO_WAIT = Waits(least=0.0, most=0.0, away=0.0, apart=0.0)


class Guest:
    """Somebody who writes under a name, shows a cursor, writes without a name, loses the connection."""

    def __init__(self, space: Space, rng: random.Random) -> None:
        self.space = space
        self.rng = rng
        self.notes: list[asyncio.Task[str]] = []

    async def show(self, board: Board) -> None:
        here = Here(at=(self.rng.randrange(1000), self.rng.randrange(1000)))
        await self.space._try_to_send(encode(PresenceIn(board.id, here)))

    async def pause(self, most: float) -> None:
        await asyncio.sleep(self.rng.uniform(0.05, most))  # their own time, which nobody waits for

    async def sit(self) -> None:
        board = await self.space.open()
        for number in range(NOTES):
            for _ in range(self.rng.randrange(1, 4)):
                await board.add("note", x=self.rng.randrange(5000), text=f"Said {number}")
                await self.show(board)
                await self.pause(0.6)
            await self.pause(0.8)  # writing in private: nothing moves
            self.notes.append(asyncio.create_task(board.add("note", text=f"Quiet {number}", anonymous=True)))
            await self.show(board)
            if self.rng.random() < 0.2 and self.space._socket is not None:
                self.space._socket.transport.abort()
            await self.pause(0.4)
        await asyncio.gather(*self.notes)


async def watch(line: Raw, table: Table, heard: list[tuple[float, dict[str, Any]]]) -> None:
    while (frame := await line.hear()) is not None:
        heard.append((time.monotonic(), frame))


async def held(server: Server, waits: Waits, name: str) -> Record:
    """Hold the run, and gather all that others could get of it."""
    rng, _ = chance("anonymity")
    table = await new_table(server.http, name)
    came: list[tuple[float, Folded]] = []
    heard: list[tuple[float, dict[str, Any]]] = []
    spaces = [connect(table.edit_link, f"Guest {i}", waits=waits) for i in range(PEOPLE)]
    async with connect(table.edit_link, "Watcher") as watcher, seat(table, rng) as other:
        board = await watcher.open(whole=True)
        board.listen(lambda folded: came.append((time.monotonic(), folded)))
        watching = asyncio.create_task(watch(other.line, table, heard))
        guests = []
        for space in spaces:
            await space.__aenter__()
            guests.append(Guest(space, random.Random(rng.random())))
        try:
            await asyncio.gather(*(guest.sit() for guest in guests))
            quiet = [note.result() for guest in guests for note in guest.notes]
            await board.until(lambda: all(note in board.elements for note in quiet))
            record = _record(came, heard, guests)
            record.surfaces |= await _surfaces(server, table)
        finally:
            watching.cancel()
            for space in spaces:
                await space.close()
    record.surfaces["the server's output"] = server.output().encode()
    return record


def _record(
    came: list[tuple[float, Folded]], heard: list[tuple[float, dict[str, Any]]], guests: list[Guest]
) -> Record:
    notes: dict[str, Seen] = {}
    named: list[tuple[str, float]] = []
    named_heads: list[list[Any]] = []
    for at, folded in came:
        head = _plain(folded)
        if is_anonymous(folded.author):
            notes.setdefault(head[2], Seen(head[2], [], at)).heads.append(head)
        elif folded.author:
            named.append((folded.author, at))
            named_heads.append(head)
    shown: list[tuple[str, float]] = []
    comings: list[tuple[str, float]] = []
    here: set[str] = set()
    for at, frame in heard:
        if frame["t"] != "presence":
            continue
        for around in frame.get("here", []):
            shown.append((around["author"], at))
            if around["who"] not in here:
                comings.append((around["author"], at))
            here.add(around["who"])
        here.difference_update(frame.get("gone", []))
    frames = b"".join(encode(frame) for _, frame in heard)
    record = Record(list(notes.values()), named, shown, comings, named_heads, {"others' frames": frames})
    boards = [next(iter(guest.space._open.values())) for guest in guests]
    record.authors = {
        note: guest.space.author
        for guest, board in zip(guests, boards, strict=True)
        for note in board.anonymous.keys
    }
    record.secrets = {
        "a key": [key for board in boards for key in board.anonymous.keys.values()],
        "a session": [guest.space._session for guest in guests],
        "a token": [guest.space._token for guest in guests],
    }
    return record


def _plain(folded: Folded) -> list[Any]:
    head: list[Any] = msgspec.msgpack.decode(folded.entry.head)
    return head


async def _surfaces(server: Server, table: Table) -> dict[str, bytes]:
    archive, _ = await _fetch(table.edit_link, None, True)
    async with httpx.AsyncClient(base_url=server.http, trust_env=False) as client:
        pages = [
            await client.get(path, headers={"Authorization": f"Bearer {table.secret}"})
            for path in ("/metrics", f"/api/spaces/{table.space}", "/readyz", "/api/openapi.json")
        ]
    return {
        "an export": b"".join(unzipped(archive).values()),
        "answers and numbers": b"".join(page.content for page in pages),
    }


@pytest.fixture(scope="module")
def two() -> Iterator[Server]:
    with Server(workers=2) as server:
        yield server


@pytest.fixture(scope="module")
def kept() -> dict[str, Record]:
    """The run that held, for doctoring: it takes half a minute."""
    return {}


async def test_nothing_joins_notes_or_people(two: Server, kept: dict[str, Record]) -> None:
    record = kept["good"] = await held(two, QUICK, "Ten people")
    assert len(record.notes) == PEOPLE * NOTES
    assert len(set(record.authors.values())) == PEOPLE
    assert findings(record) == []


async def test_without_the_wait_the_checker_finds_who_it_was(two: Server) -> None:
    found = findings(await held(two, NO_WAIT, "No wait"))
    assert any(words.startswith("by ") for words in found), found


def _same_hand(record: Record) -> None:
    for note in record.notes[:2]:
        for head in note.heads:
            head[3] = "hand-of-two-notes"


def _same_author(record: Record) -> None:
    for note in record.notes[:2]:
        for head in note.heads:
            head[1] = "anon-0123456789abcdef"


def _named_hand(record: Record) -> None:
    record.notes[0].heads[0][3] = record.named_heads[0][3]


def _own_base(record: Record) -> None:
    for head in record.notes[5].heads:
        head[5] = 77


def _counted(record: Record) -> None:
    for head in record.notes[5].heads:
        head[4] += 2


def _last_colour(record: Record) -> None:
    record.notes[5].heads[0][7]["colour"] = "rose"


def _session_logged(record: Record) -> None:
    record.surfaces["the server's output"] += f"refused session={record.secrets['a session'][3]}".encode()


def _key_exported(record: Record) -> None:
    record.surfaces["an export"] += record.secrets["a key"][3].encode()


def _all_at_once(record: Record) -> None:
    by_person = sorted(record.notes, key=lambda note: record.authors[note.element])
    for place, note in enumerate(by_person):
        note.came = record.notes[0].came + place * 0.001


def _with_whoever_came_back(record: Record) -> None:
    rng = random.Random(3)
    for note in record.notes:
        theirs = [at for author, at in record.named if author == record.authors[note.element]]
        note.came = rng.choice(theirs) + 0.0001


@pytest.mark.parametrize(
    "doctored",
    [
        _same_hand,
        _same_author,
        _named_hand,
        _own_base,
        _counted,
        _last_colour,
        _session_logged,
        _key_exported,
        _all_at_once,
        _with_whoever_came_back,
    ],
)
def test_the_checker_finds_what_each_protection_keeps_out(
    kept: dict[str, Record], doctored: Callable[[Record], None]
) -> None:
    record = copy.deepcopy(kept["good"])
    doctored(record)
    assert findings(record) != []
