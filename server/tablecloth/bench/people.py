"""Clients that write at a steady pace and receive everything. They don't fold: what they need to write,
they know.

Every client has a note of its own that it moves and a stroke that it lengthens, and types into a note that
three share: always at a place that exists for sure (below the number of letters that it has written there
itself), over the last entry that it received. So the server rebases real concurrency, and nothing is
refused. Numbers, hands, k's and the budget of edits are those of any participant.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter

from tablecloth.bench.socket import LightSocket, open_socket
from tablecloth.bench.tally import Tally
from tablecloth.core.edits import AddEdit, AnyEdit, InkEdit, SetEdit, TextEdit
from tablecloth.core.ink import encode_points
from tablecloth.wire.codec import decode_from_server, encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    Bye,
    EditFrame,
    Hello,
    Open,
    Opened,
    Refuse,
    Snapshot,
    Welcome,
)

ENTRIES = b"\x83\xa1t\xa7entries"
SHARE_A_NOTE = 3
KINDS = ("text", "move", "add", "ink")
_STROKE = encode_points([(step * 3, step % 7, 90 + step) for step in range(20)])
_NEVER = 1 << 62
_TURN_S = 0.002
"""What falls due within this goes out together: waking up for each would be most of this process's work."""


@dataclass(slots=True)
class Door:
    """Where a client goes in."""

    host: str
    port: int
    space: str
    secret: str
    board: str


class Person:
    """One client; ``number`` is its seat on its board."""

    def __init__(self, door: Door, number: int, tally: Tally, chance: random.Random) -> None:
        self.door = door
        self.number = number
        self.tally = tally
        self.refusals: Counter[str] = Counter()
        self.unacked = 0
        self.is_seated: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.socket: LightSocket | None = None
        self._chance = chance
        self._n = 0
        self._flying: dict[int, AnyEdit] = {}
        self._hands: dict[str, str] = {}
        self._ks: Counter[str] = Counter()
        self._at = 0
        self._opened = _NEVER
        self._own_note, self._stroke = _new_id(), _new_id()
        self._shared_note = f"shared-note-{number // SHARE_A_NOTE:06}"
        self._written = 0

    async def enter(self) -> None:
        """Connect, say hello, open the board, and have all of it."""
        self.socket = await open_socket(self.door.host, self.door.port, self._message)
        token, session = secrets.token_urlsafe(24), secrets.token_urlsafe(18)
        self._send(Hello(PROTOCOL_VERSION, self.door.space, self.door.secret, token, session))
        self._send(Open(self.door.board))
        await self.is_seated

    def furnish(self) -> int:
        """Put one's note and stroke on the board, and the shared note if it is one's turn; how many that
        is.
        """
        edits: list[AnyEdit] = [self._add(self._own_note, "note"), self._add(self._stroke, "ink")]
        if self.number % SHARE_A_NOTE == 0:
            edits.append(self._add(self._shared_note, "note"))
        self._send_group(edits)
        return len(edits)

    def act(self, kind: str, now: float) -> None:
        """Send one edit."""
        edit = self._edit(kind)
        self.tally.sent(edit.hand, edit.k, now)
        self._send_group([edit])
        self._flying[self._n] = edit

    def leave(self) -> None:
        if self.socket is not None:
            self.socket.close()

    # --- what it writes -----------------------------------------------------------------------------------

    def _edit(self, kind: str) -> AnyEdit:
        chance = self._chance
        match kind:
            case "text":
                return self._type(chance)
            case "move":
                place = {"x": chance.randrange(-5000, 5000), "y": chance.randrange(-5000, 5000)}
                return SetEdit(*self._stamp(self._own_note), {**place})
            case "ink":
                return InkEdit(*self._stamp(self._stroke), 20, _STROKE)
            case _:
                return self._add(_new_id(), "note")

    def _type(self, chance: random.Random) -> TextEdit:
        position = chance.randint(0, self._written)
        deleted = 1 if position < self._written and chance.random() < 0.1 else 0
        self._written += 1 - deleted
        letter = "etaoinshrdlu "[chance.randrange(13)]
        return TextEdit(*self._stamp(self._shared_note), "text", [(position, deleted, 1)], letter)

    def _add(self, element: str, kind: str) -> AddEdit:
        chance = self._chance
        place = {"x": chance.randrange(-5000, 5000), "y": chance.randrange(-5000, 5000)}
        return AddEdit(*self._stamp(element), kind, {**place})

    def _stamp(self, element: str) -> tuple[str, str, int, int]:
        hand = self._hands.get(element)
        if hand is None:
            hand = self._hands[element] = _new_id()
        self._ks[element] += 1
        return element, hand, self._ks[element], self._at

    def _send_group(self, edits: list[AnyEdit]) -> None:
        self._n += 1
        self.unacked += 1
        self._send(EditFrame(self.door.board, self._n, edits))

    def _send(self, frame: Hello | Open | EditFrame) -> None:
        assert self.socket is not None
        self.socket.send(encode(frame))

    # --- what it hears ------------------------------------------------------------------------------------

    def _message(self, data: bytes) -> None:
        if data.startswith(ENTRIES):
            if self.is_seated.done():
                self._at = self.tally.heard(self.number, data, perf_counter())
            else:
                self._at = decode_from_server(data).entries[-1].seq  # type: ignore[union-attr]
                self._sit_down()
            return
        match decode_from_server(data):
            case Ack(acks=acks):
                self.unacked -= len(acks)
                for n, _ in acks:
                    self._flying.pop(n, None)
            case Opened(seq=seq):
                self._opened = seq
            case Snapshot(seq=seq):
                self._at = seq
            case Refuse(code=code, n=n):
                self.refusals[code] += 1
                self._refused(n)
            case Bye(words=words):
                raise ConnectionError(words)
            case Welcome() | _:
                pass
        self._sit_down()

    def _refused(self, n: int) -> None:
        """Go on with a new hand, because the old one's k's have a hole now."""
        edit = self._flying.pop(n, None)
        if edit is None:
            return
        self.unacked -= 1
        self.tally.refused(edit.hand, edit.k)
        if self._hands.get(edit.element) == edit.hand:
            del self._hands[edit.element], self._ks[edit.element]
            if edit.element == self._shared_note:
                self._written = 0

    def _sit_down(self) -> None:
        if not self.is_seated.done() and self._at >= self._opened:
            self.tally.seat(self.number, self._at)
            self.is_seated.set_result(None)


@dataclass(slots=True)
class Pace:
    """Who writes when: every client at the same pace, each at a moment of its own."""

    edits_per_s: float
    seconds: float
    mix: dict[str, float]
    sent: int = 0
    lateness: list[float] = field(default_factory=list)

    async def run(self, people: list[Person], chance: random.Random) -> None:
        """Write for ``seconds``. What is late by this process's own fault is noted, in seconds."""
        order = list(people)
        chance.shuffle(order)
        gap = 1 / self.edits_per_s
        index, total = 0, int(self.seconds * self.edits_per_s)
        kinds = chance.choices(
            list(self.mix), list(self.mix.values()), k=total
        )  # before it begins: it takes time
        began = perf_counter()
        while index < total:
            now = perf_counter()
            due = min(total, int((now - began) / gap) + 1)
            for place in range(index, due):
                now = perf_counter()
                self.lateness.append(now - began - place * gap)
                order[place % len(order)].act(kinds[place], now)
            index = due
            self.sent = index
            await asyncio.sleep(max(_TURN_S, began + index * gap - perf_counter()))


def _new_id() -> str:
    return secrets.token_urlsafe(12)
