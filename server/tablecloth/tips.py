"""Signs the tips of this worker's boards: a few seconds after activity, and when it gets quiet (PROTOCOL-60).

A tip is signed for what is folded from the log, so for what is durable; it is kept beside the log before
anybody hears of it. Signing costs some fifty microseconds, keeping it one write to the store: with a hundred
busy boards thirty a second.

Invariants: nothing is signed that contradicts what was signed before (``Room.is_disputed``): a log that
somebody cut or rewrote in its store must not become true by a signature. Nothing is signed under a key that
the log does not name.

Rejected: signing at each flush (a write to the store for each tick of typing); one worker that signs for all
(it may be gone, and then nobody does: signatures of one state are the same bytes, so twice does no harm).
"""

from __future__ import annotations

import asyncio

import structlog

from tablecloth import limits
from tablecloth.core.tip import sign_tip
from tablecloth.log.interface import Log, LogAway
from tablecloth.room import Room
from tablecloth.rooms import Rooms
from tablecloth.spaces import Spaces

_log = structlog.get_logger("tips")


class Tips:
    """One a worker."""

    def __init__(self, log: Log, rooms: Rooms, spaces: Spaces) -> None:
        self._log = log
        self._rooms = rooms
        self._spaces = spaces
        self._signed_at: dict[Room, float] = {}
        self._told: set[Room] = set()
        self._task: asyncio.Task[None] | None = None

    def sweep(self, now: float) -> None:
        """Sign what is due, ``now`` in seconds of a steady clock. Call it every second; it waits for nothing.
        A sweep that finds the one before still waiting for its store leaves it at that.
        """
        if self._task is None:
            due = [room for room in self._rooms.loaded() if self._is_due(room, now)]
            if due:
                self._task = asyncio.ensure_future(self._sign_all(due, now))

    def _is_due(self, room: Room, now: float) -> bool:
        signed = room.tip.seq if room.tip is not None else 0
        if room.board.seq == signed and not room.is_disputed:
            return False
        return now - self._signed_at.get(room, float("-inf")) >= limits.SEAL_TIP_EVERY_S

    async def _sign_all(self, rooms: list[Room], now: float) -> None:
        try:
            for room in rooms:
                self._signed_at[room] = now
                await self._sign(room)
        except LogAway:
            pass  # nothing comes either; the next sweep tries again
        finally:
            self._task = None
            held = set(self._rooms.loaded())
            self._signed_at = {room: at for room, at in self._signed_at.items() if room in held}
            self._told &= held

    async def _sign(self, room: Room) -> None:
        record = await self._spaces.find(room.place.space)
        board = room.board
        if room.is_disputed:
            if room not in self._told:
                self._told.add(room)
                _log.error("log_contradicts_its_tip", board=room.name, seq=board.seq)
            return
        if record is None or record.public_key != board.key:
            return
        place, seq = room.place, board.seq
        # From here to the signature nothing waits: seq, time and chain are of one moment.
        tip = sign_tip(record.private_key, place.space, place.board, seq, board.at, board.chain)
        await self._log.save_tip(place, tip)
        if self._rooms.holds(room):
            room.vouch(tip)
