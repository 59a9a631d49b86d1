"""People at a worker without sockets: what they say is made first, and only what the worker does with it is
counted.

They are the people of ``tablecloth bench``, with its mix. A round is what falls into one tick of a busy
server.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable

from tablecloth.bench.people import Door, Person
from tablecloth.bench.socket import LightSocket
from tablecloth.bench.tally import Tally
from tablecloth.connection import Connection
from tablecloth.metrics import Metrics
from tablecloth.wire.frames import PROTOCOL_VERSION, Hello, Open
from tablecloth.worker import Worker

from tests.bench.stand_in import StandInLog

MIX = {"text": 60.0, "move": 25.0, "add": 10.0, "ink": 5.0}
SEED = 20_240_601
_TICK_S = 0.004


class Mouth(LightSocket):
    """A person's socket that keeps what is said."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def send(self, payload: bytes) -> None:
        self.said.append(payload)

    def close(self) -> None:
        pass


class Ear:
    """A line that keeps what is written to it."""

    is_crowded = False
    taken = 0

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def write(self, message: bytes) -> None:
        self.heard.append(message)

    def backlog(self) -> int:
        return 0

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def close(self, code: int) -> None:
        raise ConnectionError(code)

    def abort(self) -> None:
        raise ConnectionError


class Seat:
    """One person at one connection."""

    def __init__(self, worker: Worker, person: Person) -> None:
        self.person = person
        self.mouth = Mouth()
        person.socket = self.mouth
        self.ear = Ear()
        self.connection: Connection = worker.connect(self.ear)

    def listen(self) -> None:
        """Hear what was written."""
        heard, self.ear.heard = self.ear.heard, []
        for message in heard:
            length = message[1]
            self.person._message(message[2 if length < 126 else 4 if length == 126 else 10 :])


class Hall:
    """A worker and everybody in it. ``cpu_s``: what the worker used in rounds that were counted."""

    def __init__(self, clients: int, boards: int) -> None:
        self.log = StandInLog()
        self.worker = Worker(self.log, Metrics(), is_shared=False, is_own_process=True)
        self.chance = random.Random(SEED)
        self.cpu_s = 0.0
        self.edits = 0
        self.frames = 0
        self.is_counting = False
        self.seats: list[Seat] = []
        self._clients = clients
        self._boards = boards
        self._turn = 0

    async def open(self) -> None:
        """Let everybody in and furnish the boards."""
        self.worker.start()
        await asyncio.sleep(0)
        tallies: list[tuple[Door, Tally]] = []
        for number in range(self._boards):
            space = await self.worker.begin_space(f"Table {number}")
            door = Door("", 0, space.record.space, space.edit_secret, space.record.boards[0][0])
            tallies.append((door, Tally()))
        for index in range(self._clients):
            door, tally = tallies[index % self._boards]
            person = Person(door, index // self._boards, tally, random.Random(self.chance.random()))
            seat = Seat(self.worker, person)
            self.seats.append(seat)
            person._send(
                Hello(PROTOCOL_VERSION, door.space, door.secret, f"token-{index:020}", f"session-{index:012}")
            )
            person._send(Open(door.board))
            await self._carry()
        while not all(seat.person.is_seated.done() for seat in self.seats):
            await asyncio.sleep(0)
            for seat in self.seats:
                seat.listen()
        for seat in self.seats:
            seat.person.furnish()
        await self._carry()
        await self._settle(lambda: all(seat.person.unacked == 0 for seat in self.seats))

    async def round(self, edits: int) -> None:
        """So many edits by people in turn, and all that comes of them."""
        kinds, weights = list(MIX), list(MIX.values())
        for _ in range(edits):
            person = self.seats[self._turn % len(self.seats)].person
            self._turn += 7  # of another order than they sit in
            person.act(self.chance.choices(kinds, weights)[0], 0.0)
        await self._carry()
        tallies = {id(seat.person.tally): seat.person.tally for seat in self.seats}.values()
        await self._settle(lambda: all(tally.under_way == 0 for tally in tallies))
        if self.is_counting:
            self.edits += edits

    async def _carry(self) -> None:
        """Bring all that was said to the worker, and let it work until it has nothing to do."""
        said = [(seat.connection, data) for seat in self.seats for data in seat.mouth.said]
        for seat in self.seats:
            seat.mouth.said.clear()
        store = self.log.store
        # As under load: the next pass is a while away, and takes answers and entries together.
        self.worker.rooms._flusher._not_before = asyncio.get_running_loop().time() + _TICK_S
        before, began = store.cost_s, time.thread_time()
        for connection, data in said:
            connection.message(data)
        while self._is_at_work():  # noqa: ASYNC110 (many tasks end it)
            await asyncio.sleep(_TICK_S)
        used = time.thread_time() - began - (store.cost_s - before)
        if self.is_counting:
            self.cpu_s += used
            self.frames += sum(len(seat.ear.heard) for seat in self.seats)
        for seat in self.seats:
            seat.listen()

    def _is_at_work(self) -> bool:
        rooms, appender = self.worker.rooms, self.worker.appender
        return (
            appender._task is not None
            or any(room._wanted > room.flushed for room in rooms._rooms.values())
            or bool(rooms._flusher._answers)
        )

    async def _settle(self, state: Callable[[], bool]) -> None:
        while not state():
            await self._carry()

    def refusals(self) -> Counter[str]:
        """What was refused; a measurement should have none."""
        return sum((seat.person.refusals for seat in self.seats), Counter())
