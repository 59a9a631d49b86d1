"""A running Tablecloth with a scene on its board, and a hundred others who edit it."""

from __future__ import annotations

import asyncio
import random
import secrets

from tablecloth.bench.people import Door, Pace, Person
from tablecloth.bench.server import Measured
from tablecloth.bench.socket import open_socket
from tablecloth.bench.tally import Tally
from tablecloth.core.edits import AddEdit, AnyEdit, InkEdit, TextEdit, Value
from tablecloth.core.ink import encode_points
from tablecloth.wire.codec import decode_from_server, encode
from tablecloth.wire.frames import PROTOCOL_VERSION, Ack, EditFrame, Hello, Open, Opened, Refuse

from tests.bench.client.scene import Thing

_BY_ONE = 900
"""Things that one connection brings: within what a device may bring home at once (two edits each)."""
_IN_GROUP = 50
_MIX = {"text": 60.0, "move": 30.0, "add": 4.0, "ink": 6.0}


def edits_of(thing: Thing) -> list[AnyEdit]:
    """What puts a thing of the scene on a board of ours."""
    hand = secrets.token_urlsafe(12)
    named = ("x", "y", "w", "h", "colour", "form", "from", "to", "x2", "y2")
    values: dict[str, Value] = {name: thing[name] for name in named if name in thing}
    if thing["type"] == "ink":
        del values["w"], values["h"]
    edits: list[AnyEdit] = [AddEdit(thing["id"], hand, 1, 1, thing["type"], values)]
    if thing.get("text"):
        words = str(thing["text"])
        edits.append(TextEdit(thing["id"], hand, 2, 1, "text", [(0, 0, len(words))], words))
    if "points" in thing:
        points = [(x, y, pressure) for x, y, pressure in thing["points"]]
        edits.append(InkEdit(thing["id"], hand, 2, 1, len(points), encode_points(points)))
    return edits


async def lay(door: Door, things: list[Thing]) -> None:
    """Put a scene on a board, from as many devices as that takes. Raises ValueError if any was refused."""
    for start in range(0, len(things), _BY_ONE):
        await _bring(door, things[start : start + _BY_ONE])


async def _bring(door: Door, things: list[Thing]) -> None:
    groups = [things[start : start + _IN_GROUP] for start in range(0, len(things), _IN_GROUP)]
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[None] = loop.create_future()
    done: asyncio.Future[None] = loop.create_future()
    acked = 0

    def message(data: bytes) -> None:
        nonlocal acked
        match decode_from_server(data):
            case Opened() if not opened.done():
                opened.set_result(None)
            case Ack(acks=acks):
                acked += len(acks)
                if acked == len(groups):
                    done.set_result(None)
            case Refuse(words=words):
                done.set_exception(ValueError(words))

    socket = await open_socket(door.host, door.port, message)
    token, session = secrets.token_urlsafe(24), secrets.token_urlsafe(18)
    socket.send(encode(Hello(PROTOCOL_VERSION, door.space, door.secret, token, session)))
    socket.send(encode(Open(door.board)))
    await opened
    for n, group in enumerate(groups, 1):
        socket.send(encode(EditFrame(door.board, n, [edit for thing in group for edit in edits_of(thing)])))
    await done
    socket.close()


class Others:
    """So many people on one board, who write, move, draw and add at a steady pace."""

    def __init__(self, door: Door, count: int) -> None:
        self._chance = random.Random(count)
        tally = Tally()
        self._people = [Person(door, seat, tally, self._chance) for seat in range(count)]

    async def enter(self) -> None:
        """They come in, and put their own note and stroke on the board."""
        for person in self._people:
            await person.enter()
            person.furnish()

    async def edit(self, edits_per_s: float, seconds: float) -> None:
        """Everybody edits."""
        await Pace(edits_per_s, seconds, _MIX).run(self._people, self._chance)

    def leave(self) -> None:
        """They go."""
        for person in self._people:
            person.leave()


def new_door(server: Measured) -> Door:
    """Begin a space, and answer the way to its board."""
    return server.new_door("A board to measure")
