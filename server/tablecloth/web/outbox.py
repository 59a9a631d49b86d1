"""What lines have to send in one turn of the loop, each in one write.

A write to a socket is a system call of ten microseconds, more than framing, encoding and all the rest of a
message. An ack, the entries that made it due and somebody's cursor often fall into one turn: small messages
wait for its end and go out together. Large ones go at once, behind what waits, so that what is held never
adds up to a backlog.

Rejected: TCP_CORK (a system call to save one); asking uvloop to gather (it writes at once when it can).
"""

from __future__ import annotations

import asyncio
from typing import Protocol
from weakref import WeakKeyDictionary

HELD_BYTES = 16384
"""A line holds at most this much for the end of the turn."""


class Holding(Protocol):
    """A line that holds something."""

    def send_held(self) -> None:
        """Write it, if it wasn't written meanwhile."""


class Outbox:
    """One a loop: see ``outbox_of``."""

    def __init__(self) -> None:
        # It doesn't hold its loop: a loop that is over may go.
        self._lines: list[Holding] = []

    def add(self, line: Holding) -> None:
        """The line holds its first message of this turn."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._send)
        self._lines.append(line)

    def _send(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            line.send_held()


_OUTBOXES: WeakKeyDictionary[asyncio.AbstractEventLoop, Outbox] = WeakKeyDictionary()


def outbox_of(loop: asyncio.AbstractEventLoop) -> Outbox:
    """The loop's outbox, made when its first line asks. uvicorn makes lines itself and hands them nothing."""
    outbox = _OUTBOXES.get(loop)
    if outbox is None:
        outbox = _OUTBOXES[loop] = Outbox()
    return outbox
