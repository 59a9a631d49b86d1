"""Sorts of manipulation, a row each: found and named by clients live and by ``verify`` after (DESIGN §4.8).

Of the log in the store (by a hand past every server), and of a running server that drops, edits, swaps, puts
in, rolls back and forges (a double between real clients and a real server). Those of an archive stand in
``tests/unit/test_sealed.py`` and ``test_archive.py``. What is *not* found stands in ``schemas/THREATS.md``
and where the seal is shown.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, TypeAlias

import msgpack
import pytest
from tablecloth.archive.package import fold_all, pack
from tablecloth.archive.verify import Report, verify
from tablecloth.client import Board, Space, connect
from tablecloth.core.edits import Entry
from tablecloth.core.entry import encode, encode_entry
from tablecloth.core.seal import Seal, seal_hash
from tablecloth.log.interface import Place

from tests.integration.test_rescue import Held, hold, new_link
from tests.support.cloth import note
from tests.support.server import Server
from tests.support.tampering import Frame, Hand, Lie, lying
from tests.support.valkey import ValkeyServer

Raw: TypeAlias = list[Any]
Change: TypeAlias = Callable[[list[Raw]], list[Raw]]
AT = 3
"""Which entry is tampered with: the fourth, the words of the first note."""


def sealed(held: Held) -> Seal:
    """What somebody noted on that day."""
    tips = {held.board: held.tip}
    return Seal(held.space, seal_hash(held.space, tips), tips)


def after(held: Held, log: list[Entry]) -> Report:
    """What ``verify`` says of the record that was shown, with the seal that was noted."""
    board = fold_all(held.space, held.board, log)
    return verify(io.BytesIO(pack(board, log, {})), None, sealed(held))


def forged() -> Raw:
    head, body = encode_entry(note("note-forged"), "author-forger", bytes(16))
    return [0, 1_700_000_000_000, head, body]


def other_head(entries: list[Raw]) -> list[Raw]:
    head = msgpack.unpackb(entries[1][2])
    return [entries[0], [2, entries[1][1], msgpack.packb([*head[:-1], {"x": 9}]), None], *entries[2:]]


def other_body(entries: list[Raw]) -> list[Raw]:
    place = next(i for i, entry in enumerate(entries) if i > 0 and entry[3] is not None)
    seq, at, head, _ = entries[place]
    return [*entries[:place], [seq, at, head, encode([bytes(16), "evil!!"])], *entries[place + 1 :]]


def put_in(entries: list[Raw]) -> list[Raw]:
    return [*entries[:AT], forged(), *entries[AT:]]


def exchanged(entries: list[Raw]) -> list[Raw]:
    return [*entries[:AT], forged(), *entries[AT + 1 :]]


def taken_out(entries: list[Raw]) -> list[Raw]:
    return entries[:AT] + entries[AT + 1 :]


def swapped(entries: list[Raw]) -> list[Raw]:
    return [*entries[:2], entries[3], entries[2], *entries[4:]]


def other_time(entries: list[Raw]) -> list[Raw]:
    return [*entries[:2], [0, entries[2][1] + 1, *entries[2][2:]], *entries[3:]]


IN_THE_STORE: list[tuple[str, Change, str | None, str]] = [
    ("the end is cut off", lambda entries: entries[:-1], "rewound", "cut"),
    ("all but the founding is cut off", lambda entries: entries[:1], "rewound", "cut"),
    ("an entry is taken out", taken_out, "rewound", "cut"),
    ("two entries change places", swapped, "rewound", "other"),
    ("an entry is put in", put_in, "rewound", "other"),
    ("an entry is put in the place of another", exchanged, "rewound", "other"),
    ("what an entry does is changed", other_head, "rewound", "other"),
    ("when an entry was is changed", other_time, "rewound", "other"),
    ("words are changed", other_body, None, "body"),
]
"""What, how, what who held the record hears, what who comes new hears."""


def found(board: Board) -> set[str]:
    """What a client has to say of a record by now."""
    return {doubt.code for doubt in board.doubts} | ({"rewound"} if board.is_rewound else set())


async def test_of_the_log_in_the_store(own_valkey: ValkeyServer, subtests: pytest.Subtests) -> None:
    with Server(valkey=own_valkey.url) as server:
        rows = [(row, await hold(new_link(server))) for row in IN_THE_STORE]
        async with AsyncExitStack() as stack:
            spaces = [await stack.enter_async_context(connect(held.link(server))) for _, held in rows]
            boards = [await space.open(whole=True) for space in spaces]
            await asyncio.to_thread(server.kill)
            for (_, change, _, _), held in rows:
                hand = Hand(own_valkey.url, Place(held.space, held.board))
                hand.write(change(hand.entries()))
                hand.close()
            await asyncio.to_thread(server.start)
            for ((what, _, hears, comes), held), space, board in zip(rows, spaces, boards, strict=True):
                with subtests.test(what):
                    await board.until(partial(is_back, space, board))
                    if hears is not None:
                        assert hears in found(board)
                    async with connect(held.link(server)) as new:
                        seen = await new.open(whole=True)
                        assert comes in found(seen)
                        assert after(held, list(seen.log)).faults, "named by verify"


def is_back(space: Space, board: Board) -> bool:
    return space.connections > 1 and board.is_current


def of_entries(change: Change) -> Lie:
    """A lie about the first entries that come, as numbers go on."""
    said: list[int] = []

    def lie(frame: Frame) -> list[Frame]:
        if frame["t"] != "entries" or said:
            return [frame]
        said.append(1)
        changed = [[seq, *entry[1:]] for seq, entry in enumerate(change(frame["entries"]), 1)]
        return [{**frame, "entries": changed}]

    return lie


def dropped() -> Lie:
    """One entry less, also in what it says of the board."""
    lie = of_entries(taken_out)

    def also_opened(frame: Frame) -> list[Frame]:
        if frame["t"] == "opened":
            frame["seq"] -= 1
        return lie(frame)

    return also_opened


def of_tips(frame: Frame) -> list[Frame]:
    """Tips by a key of the double's own."""
    if frame["t"] == "opened" and frame.get("tip"):
        frame["tip"] = [*frame["tip"][:3], bytes(64)]
    if frame["t"] == "tip":
        frame["tip"] = [*frame["tip"][:3], bytes(64)]
    return [frame]


def rolled_back(frame: Frame) -> list[Frame]:
    """As if the last entries had never been."""
    if frame["t"] == "opened":
        frame["seq"] -= 2
    if frame["t"] == "entries":
        frame["entries"] = frame["entries"][:-2]
    return [frame]


def own_key(entries: list[Raw]) -> list[Raw]:
    head = msgpack.unpackb(entries[0][2])
    head[3] = bytes(range(32))
    return [[1, entries[0][1], msgpack.packb(head), entries[0][3]], *entries[1:]]


RUNNING: list[tuple[str, Lie, str]] = [
    ("it drops an entry and numbers the rest anew", dropped(), "cut"),
    ("it swaps two", of_entries(swapped), "other"),
    ("it puts one in", of_entries(put_in), "other"),
    ("it edits an entry", of_entries(other_head), "other"),
    ("it edits words", of_entries(other_body), "body"),
    ("it rolls back", rolled_back, "cut"),
    ("it signs with another key", of_tips, "forged"),
    ("it founds the board under another key", of_entries(own_key), "forged"),
]


def is_doubted(board: Board) -> bool:
    return bool(found(board))


async def test_of_a_running_server(server: Server, subtests: pytest.Subtests) -> None:
    for what, lie, code in RUNNING:
        with subtests.test(what):
            held = await hold(new_link(server))
            async with lying(server.ws, lie) as port:
                link = held.link(server).replace(f":{server.port}", f":{port}")
                async with connect(link) as space:
                    board = await space.open(whole=True)
                    log = list(board.log)
                    await board.until(partial(is_doubted, board))
                    assert code in found(board)
                    if what != "it signs with another key":
                        assert after(held, log).faults, "named by verify"


async def test_a_hole_is_never_shown_as_the_record(server: Server) -> None:
    """A server that leaves an entry out, and doesn't even number anew: the client asks again, and again."""
    held = await hold(new_link(server))
    tries: list[int] = []
    third = asyncio.Event()

    def lie(frame: Frame) -> list[Frame]:
        if frame["t"] == "welcome":
            tries.append(1)
            if len(tries) == 3:
                third.set()
        if frame["t"] == "entries":
            frame["entries"] = [entry for entry in frame["entries"] if entry[0] != AT]
        return [frame]

    async with lying(server.ws, lie) as port:
        link = held.link(server).replace(f":{server.port}", f":{port}")
        async with connect(link) as space:
            opening = asyncio.ensure_future(space.open(whole=True))
            await third.wait()
            assert not opening.done()
            opening.cancel()
