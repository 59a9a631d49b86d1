"""What the server needs of a connection's transport, and what a transport brings in: the two halves of the
fan-out.

``web/`` implements ``Line`` on a uvicorn protocol and hands it out as an ASGI extension; ``connection``
implements ``Receiver``. Nothing else in the server knows sockets. Tests put a list in a Line's place.

Rejected: ASGI ``send`` and ``receive`` (a coroutine, a dict and the framing again for every receiver of every
flush).
"""

from __future__ import annotations

from typing import Protocol


class Receiver(Protocol):
    """Who takes what comes in on a line. All calls are plain functions that return at once (TRAPS 11)."""

    def message(self, data: bytes) -> None:
        """One binary message, whole and not longer than ``max_message_bytes``."""

    def text(self) -> None:
        """A text message came; this protocol has none."""

    def drained(self) -> None:
        """The line is no longer crowded."""

    def lost(self) -> None:
        """The connection is gone. Called once, and nothing after it."""


class Line(Protocol):
    """One participant's transport."""

    @property
    def is_crowded(self) -> bool:
        """Whether ``presence_backlog_bytes`` or more wait to be read; ``Receiver.drained`` tells when not any
        more.
        """

    def write(self, message: bytes) -> None:
        """Send bytes that ``wire.message`` made. Never blocks or raises; harmless on a line that is gone."""

    def backlog(self) -> int:
        """Bytes that wait in this process for the participant to read."""

    @property
    def taken(self) -> int:
        """Bytes that have left this process so far: if it stands still, the participant reads nothing."""

    def pause(self) -> None:
        """Bring in no more messages until ``resume``. They wait in the participant's own socket."""

    def resume(self) -> None:
        """Bring in messages again. Harmless on a line that isn't paused."""

    def close(self, code: int) -> None:
        """Say goodbye with a WebSocket code after what was written, and close. A repeat is harmless."""

    def abort(self) -> None:
        """Drop the connection and what waits for it, at once (TRAPS 10)."""
