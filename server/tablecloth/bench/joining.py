"""What it takes to join a full board: bytes and time until all of it is there, and until it can be shown."""

from __future__ import annotations

import asyncio
import random
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from tablecloth.bench.people import ENTRIES, Door
from tablecloth.bench.socket import LightSocket, open_socket
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical
from tablecloth.core.edits import AddEdit, AnyEdit, Entry, TextEdit
from tablecloth.core.fold import apply_entry
from tablecloth.wire.codec import decode_from_server, encode
from tablecloth.wire.frames import PROTOCOL_VERSION, Ack, EditFrame, Entries, Hello, Open, Opened, Snapshot

_WORDS = [
    "we",
    "want",
    "to",
    "decide",
    "together",
    "how",
    "we",
    "live",
    "where",
    "we",
    "work",
    "and",
    "who",
    "is",
    "with",
    "us",
]
_BY_ONE = 900
"""Elements that one connection brings: within what a device may bring home at once (two edits each)."""
_IN_GROUP = 50


@dataclass(slots=True, frozen=True)
class Joined:
    """``received_s``: until the last byte is there; ``folded_s``: until the board stands in memory, in
    Python.
    """

    elements: int
    entries: int
    received_bytes: int
    received_s: float
    folded_s: float


async def fill(door: Door, elements: int, chance: random.Random) -> None:
    """Bring notes with a few words each onto a board, from as many devices as it takes."""
    shares = [min(_BY_ONE, elements - start) for start in range(0, elements, _BY_ONE)]
    for share in shares:
        await _bring(door, share, chance)


async def _bring(door: Door, elements: int, chance: random.Random) -> None:
    groups = -(-elements // _IN_GROUP)
    done = asyncio.get_running_loop().create_future()
    opened = asyncio.get_running_loop().create_future()
    acked = 0

    def message(data: bytes) -> None:
        nonlocal acked
        if data.startswith(ENTRIES):
            return
        frame = decode_from_server(data)
        if isinstance(frame, Opened) and not opened.done():
            opened.set_result(None)
        if isinstance(frame, Ack):
            acked += len(frame.acks)
            if acked == groups and not done.done():
                done.set_result(None)

    socket = await _enter(door, message)
    await opened
    left = elements
    for n in range(1, groups + 1):
        edits = [edit for _ in range(min(_IN_GROUP, left)) for edit in _note(chance)]
        left -= _IN_GROUP
        socket.send(encode(EditFrame(door.board, n, edits)))
    await done
    socket.close()


def _note(chance: random.Random) -> list[AnyEdit]:
    element, hand = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    words = " ".join(chance.choices(_WORDS, k=12))
    place = {"x": chance.randrange(-50_000, 50_000), "y": chance.randrange(-50_000, 50_000)}
    return [
        AddEdit(element, hand, 1, 1, "note", {**place}),
        TextEdit(element, hand, 2, 1, "text", [(0, 0, len(words))], words),
    ]


async def join(door: Door) -> Joined:
    """Join once, from a new connection, holding nothing."""
    began = perf_counter()
    arrived = asyncio.get_running_loop().create_future()
    snapshots: list[Snapshot] = []
    entries: list[Entry] = []
    tip = 1 << 62

    def message(data: bytes) -> None:
        nonlocal tip
        frame = decode_from_server(data)
        match frame:
            case Opened(seq=seq):
                tip = seq
            case Snapshot():
                snapshots.append(frame)
            case Entries():
                entries.extend(frame.entries)
        at = entries[-1].seq if entries else snapshots[-1].seq if snapshots else 0
        if at >= tip and not arrived.done():
            arrived.set_result(None)

    socket = await _enter(door, message)
    await arrived
    received_s = perf_counter() - began
    received_bytes = socket.received_bytes
    socket.close()
    board = _board(door, snapshots, entries)
    return Joined(len(board.elements), len(entries), received_bytes, received_s, perf_counter() - began)


def _board(door: Door, snapshots: list[Snapshot], entries: list[Entry]) -> Board:
    board = (
        from_canonical(zlib.decompress(snapshots[-1].data, 31))
        if snapshots
        else new_board(door.space, door.board)
    )
    for entry in entries:
        if entry.seq > board.seq:
            apply_entry(board, entry)
    return board


async def _enter(door: Door, message: Callable[[bytes], None]) -> LightSocket:
    socket = await open_socket(door.host, door.port, message)
    token, session = secrets.token_urlsafe(24), secrets.token_urlsafe(18)
    socket.send(encode(Hello(PROTOCOL_VERSION, door.space, door.secret, token, session)))
    socket.send(encode(Open(door.board)))
    return socket
