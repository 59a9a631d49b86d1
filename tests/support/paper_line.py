"""A line that goes nowhere: what would be sent is kept, and the test says how fast it is read."""

from __future__ import annotations

import asyncio
from typing import Any

from tablecloth.line import Receiver
from tablecloth.wire.codec import decode_from_server
from tablecloth.wire.frames import Entries, FromServer


def payload_of(message: bytes) -> bytes:
    """What a server's WebSocket message holds (RFC 6455 §5.2); it must be whole, binary and not masked."""
    assert message[0] == 0x82
    length = message[1]
    head = 2
    if length == 126:
        length, head = int.from_bytes(message[2:4], "big"), 4
    elif length == 127:
        length, head = int.from_bytes(message[2:10], "big"), 10
    assert len(message) == head + length
    return message[head:]


class PaperLine:
    """A ``Line``. While `reads` is False all stays in its backlog; above 64 KiB it is crowded."""

    CROWDED = 65536

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.closed: int | None = None
        self.is_aborted = False
        self.is_paused = False
        self.is_crowded = False
        self.reads = True
        self.receiver: Receiver | None = None
        self._backlog = 0
        self._written = 0
        self._news = asyncio.Event()

    def write(self, message: bytes) -> None:
        self._written += len(message)
        self.messages.append(message)
        if not self.reads:
            self._backlog += len(message)
            self.is_crowded = self._backlog >= self.CROWDED
        self._news.set()

    def backlog(self) -> int:
        return self._backlog

    @property
    def taken(self) -> int:
        return self._written - self._backlog

    def read(self, count: int | None = None) -> None:
        """Read so many bytes of the backlog, or all; the receiver is told when it isn't crowded any more."""
        self._backlog = 0 if count is None else max(0, self._backlog - count)
        if self.is_crowded and self._backlog < self.CROWDED // 4:
            self.is_crowded = False
            if self.receiver is not None:
                self.receiver.drained()

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False

    def close(self, code: int) -> None:
        self.closed = self.closed or code
        self._news.set()

    def abort(self) -> None:
        self.is_aborted = True
        self._news.set()

    # --- for tests ------------------------------------------------------------------------------

    @property
    def frames(self) -> list[FromServer]:
        """Everything that was sent, decoded."""
        return [decode_from_server(payload_of(message)) for message in self.messages]

    @property
    def seqs(self) -> list[int]:
        """The seqs of all entries that were sent, in the order of sending."""
        return [entry.seq for frame in self.frames if isinstance(frame, Entries) for entry in frame.entries]

    def of(self, kind: type[Any]) -> list[Any]:
        """The frames of a kind."""
        return [frame for frame in self.frames if isinstance(frame, kind)]

    async def hear(self, kind: type[Any], count: int = 1, within_s: float = 10.0) -> Any:
        """Wait for the `count`th frame of a kind, and return it."""
        async with asyncio.timeout(within_s):
            while len(self.of(kind)) < count:
                self._news.clear()
                await self._news.wait()
        return self.of(kind)[count - 1]

    async def end(self, within_s: float = 10.0) -> int:
        """Wait until it is closed, and return the code."""
        async with asyncio.timeout(within_s):
            while self.closed is None:
                self._news.clear()
                await self._news.wait()
        return self.closed
