"""One worker: everything between the sockets and the log, put together and kept going.

    web ─ connect ─> Connection ─> Appender ─> Log ─ follow ─> Rooms ─> lines
                                      Spaces, Presences ─ publish, hear ─> the other workers

It starts without its store and goes on without it (TRAPS 9): what needs the log waits or says so, and
``readiness`` tells what is missing. Loops that end by a mistake of this side are begun again; a worker must
not go deaf in silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from tablecloth import limits
from tablecloth.appender import Appender, Store
from tablecloth.assembly import Assemblies
from tablecloth.attendance import Attendance
from tablecloth.connection import Connection
from tablecloth.known import Known
from tablecloth.line import Line
from tablecloth.log.interface import Durability, Log, LogAway
from tablecloth.metrics import Metrics
from tablecloth.presence import PRESENCE, Presences
from tablecloth.rescue import Rescue
from tablecloth.rooms import Rooms
from tablecloth.spaces import BOARDS, NAMES, NewSpace, Spaces, new_id
from tablecloth.tidying import Tidying
from tablecloth.tips import Tips
from tablecloth.withdrawals import Withdrawals

MOVING_WITHIN_MS = 5000
_SWEEP_S = 1.0
_ASK_DURABILITY_S = 10.0
_FORGET_SPACES_S = 60.0
_FINISH_S = 5.0
_AGAIN_S = 1.0

_log = structlog.get_logger("worker")


@dataclass(slots=True, frozen=True)
class Readiness:
    """Whether edits can be taken, what an ack means (None if unknown), and in plain words what is missing."""

    is_ready: bool
    durable: Durability | None
    missing: list[str]


class Worker:
    """``is_shared``: whether other workers may serve the same boards; ``is_own_process``: whether nothing
    else of account lives in this process. Make it inside a running loop.
    """

    def __init__(self, log: Log, metrics: Metrics, is_shared: bool, is_own_process: bool = False) -> None:
        self.log = log
        self.metrics = metrics
        self.store = Store(self._store_changed)
        self.known = Known()
        self.rooms = Rooms(log, metrics, self.known)
        self.appender = Appender(log, self.store, metrics, self.rooms.landed, self.rooms.later)
        self.withdrawals = Withdrawals(log, self.rooms)
        self.presences = Presences(log, is_shared)
        self.spaces = Spaces(log, is_shared)
        self.rescue = Rescue(log, self.rooms, self.spaces)
        self.tips = Tips(log, self.rooms, self.spaces)
        self.attendance = Attendance(log, new_id())
        self.assemblies = Assemblies(log, self.rooms, self.appender, self.spaces, self.attendance)
        self.connections: set[Connection] = set()
        self._durable: Durability | None = None
        self._asked_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._is_moving = self._is_stopping = False
        self._tidying = Tidying(time.monotonic()) if is_own_process else None

    def start(self) -> None:
        """Begin to follow the log. Returns at once, whether the store is there or not."""
        loops = (self.rooms.follow, self._hear, self._sweep)
        self._tasks = [asyncio.ensure_future(self._keep_going(loop)) for loop in loops]

    async def _keep_going(self, loop: Callable[[], Awaitable[None]]) -> None:
        while not self._is_stopping:
            try:
                await loop()
            except Exception:  # noqa: BLE001
                _log.exception("loop_broke")
            await asyncio.sleep(_AGAIN_S)

    async def _hear(self) -> None:
        async for space, data in self.log.hear():
            if data[:1] == PRESENCE:
                self.presences.hear(space, data[1:])
            elif data[:1] == NAMES:
                self.spaces.hear(space, data[1:])
            elif data[:1] == BOARDS:
                self.spaces.hear_boards(space)

    async def _sweep(self) -> None:
        beat_at = forget_at = time.monotonic()
        resuming = asyncio.ensure_future(self.withdrawals.resume())
        while True:
            await asyncio.sleep(_SWEEP_S)
            now = time.monotonic()
            self.assemblies.sweep()
            self.rooms.sweep()
            self.tips.sweep(now)
            for connection in list(self.connections):
                connection.check(now)
            if now - beat_at >= limits.FANOUT_PRESENCE_BEAT_S:
                beat_at = now
                self.presences.beat()
                self.attendance.beat()
            if self._tidying is not None:
                self._tidying.look(now, self.rooms.quiet_s)
            if now - forget_at >= _FORGET_SPACES_S:
                forget_at = now
                self.spaces.forget()
                if resuming.done():
                    resuming = asyncio.ensure_future(self.withdrawals.resume())
                self.spaces.look_again()

    # --- connections ----------------------------------------------------------------------------

    def connect(self, line: Line) -> Connection:
        """A participant's connection; ``disconnect`` it when the line is lost."""
        connection = Connection(line, self)
        self.connections.add(connection)
        self.metrics.connections.set(len(self.connections))
        if self._is_moving:
            connection.moving(MOVING_WITHIN_MS)
        return connection

    def disconnect(self, connection: Connection) -> None:
        """Forget a connection. A repeat is harmless."""
        self.connections.discard(connection)
        if self._tidying is not None:
            self._tidying.lost()
        self.metrics.connections.set(len(self.connections))

    def _store_changed(self, is_writable: bool) -> None:
        self.metrics.writable.set(1 if is_writable else 0)
        for connection in list(self.connections):
            connection.store_writes(is_writable)

    # --- what the web asks ----------------------------------------------------------------------

    async def begin_space(self, title: str) -> NewSpace:
        """Found a space. Raises LogAway."""
        return await self.spaces.begin(title)

    async def durability(self) -> Durability:
        """What an ack means; asked of the store now and then. Raises LogAway if it never answered."""
        now = time.monotonic()
        if self._durable is None or now - self._asked_at >= _ASK_DURABILITY_S:
            self._asked_at = now
            try:
                self._durable = await self.log.durability()
            except LogAway:
                if self._durable is None:
                    raise
        return self._durable

    async def readiness(self) -> Readiness:
        """Whether edits can be kept just now. Asks the store."""
        missing = []
        try:
            self._durable = await self.log.durability()
        except LogAway as away:
            missing.append(away.words)
        if not self.store.is_writable:
            missing.append("The store can't write just now. Edits wait on people's devices.")
        if self._is_moving:
            missing.append("This worker is about to stop.")
        return Readiness(not missing, self._durable, missing)

    # --- ending ---------------------------------------------------------------------------------

    async def move(self) -> None:
        """Tell everybody that this worker goes (PROTOCOL-40), and see what is on its way to its end (TRAPS
        13).
        """
        self._is_moving = True
        for connection in list(self.connections):
            connection.moving(MOVING_WITHIN_MS)
        await self.appender.finish(_FINISH_S)
        self.rooms.flush()

    async def stop(self) -> None:
        """End the loops and let go of the log."""
        self._is_stopping = True
        self.presences.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.log.close()
