"""The fan-out: uvicorn's WebSocket protocol with a short way in and a short way out.

In: a whole, masked, binary message is unmasked and handed to the receiver at once; no queue, no task, no ASGI
message (TRAPS 11). Everything else (control frames, fragments, text, what breaks the rules) goes through the
library, which stays the authority on RFC 6455. Out: ``Line.write`` puts bytes that were framed once onto the
transport.

What it adds to uvicorn's own class: a bound on how many messages one connection is served in a turn of the
loop and on fragments (TRAPS 15), a backlog that can be asked for, and an end that does not wait for a reader
who never reads (TRAPS 10). The app finds the line in ``scope["extensions"]["tablecloth.line"]`` and attaches
its receiver before it accepts.

Rejected: ASGI receive and send per message (a queue, two coroutines and a dict for each of millions); a
WebSocket server of our own (handshake, close and fragments are where such servers go wrong).
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.transports import BaseTransport
from typing import Any, cast

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame
from websockets.http11 import Request

from tablecloth import limits
from tablecloth.line import Receiver
from tablecloth.web.outbox import HELD_BYTES, outbox_of
from tablecloth.wire.limits import MAX_MESSAGE_BYTES

try:
    from websockets.speedups import apply_mask
except ImportError:  # where there was no compiler
    from websockets.utils import apply_mask

EXTENSION = "tablecloth.line"

_LOW_WATER_BYTES = limits.FANOUT_PRESENCE_BACKLOG_BYTES // 4
_MESSAGES_A_TURN = 32
_MAX_FRAGMENTS = 64
_CLOSE_WITHIN_S = 5.0
_FIN_BINARY = 0x82
_FIN = 0x80
_MASKED = 0x80
_LONG = _MASKED | 126
"""Second byte of a masked frame whose length stands in the next two."""
_TOO_BIG = 1009
_POLICY_VIOLATION = 1008


class LineProtocol(WebSocketsSansIOProtocol):
    """One connection. It is the ``Line`` of its receiver."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.is_crowded = False
        self.lost: asyncio.Future[None] = self.loop.create_future()
        """Done when the connection is gone; the app waits for it."""
        self._receiver: Receiver | None = None
        self._bytes_in = bytearray()
        self._is_paused = False
        self._is_resting = False
        self._reads = True
        self._fragments = 0
        self._written = self._held_bytes = 0
        self._held: list[bytes] = []
        self._outbox = outbox_of(self.loop)
        self._taken_at_ping = 0

    # --- Line -----------------------------------------------------------------------------------

    def attach(self, receiver: Receiver) -> None:
        """Bring everything that comes in to this receiver. To be called once, before the app accepts."""
        self._receiver = receiver

    def write(self, message: bytes) -> None:
        if self.close_sent or self.disconnected:
            return
        self._written += len(message)
        self._held_bytes += len(message)
        self._held.append(message)
        if self._held_bytes > HELD_BYTES:
            self.send_held()
        elif len(self._held) == 1:
            self._outbox.add(self)

    def send_held(self) -> None:
        """Write what waits for the end of the turn. Harmless if nothing does."""
        held = self._held
        if held and not self.disconnected:
            # One message is written as it is: a broadcast is the same object for all.
            self.transport.write(held[0] if len(held) == 1 else b"".join(held))
        held.clear()
        self._held_bytes = 0

    def backlog(self) -> int:
        return self.transport.get_write_buffer_size() + self._held_bytes

    @property
    def taken(self) -> int:
        return self._written - self.backlog()

    def pause(self) -> None:
        if not self._is_paused and not self.disconnected:
            self._is_paused = True
            self._read_or_rest()

    def resume(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._read_or_rest()
            self.loop.call_soon(self._bring_in)

    def close(self, code: int) -> None:
        if self.close_sent or self.disconnected:
            return
        self.send_held()
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        self._is_paused = self._is_resting = False
        self._read_or_rest()  # to hear the other side's close
        self._abort_later()

    def abort(self) -> None:
        if not self.disconnected:
            self.close_sent = True
            self.transport.abort()

    def _abort_later(self) -> None:
        # TRAPS 10: a close waits for the reader to read; some never do.
        self.loop.call_later(_CLOSE_WITHIN_S, self.abort)

    # --- the way in -----------------------------------------------------------------------------

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self

    def data_received(self, data: bytes) -> None:
        if self._is_one_message(data):
            head = 6 if data[1] < _LONG else 8
            self._message(apply_mask(data[head:], data[head - 4 : head]))
        elif not self.handshake_complete:
            super().data_received(data)
        elif not self.conn.parser_exc:
            self._bytes_in += data
            self._bring_in()

    def _is_one_message(self, data: bytes) -> bool:
        """Whether these bytes are one whole binary message and nothing waits before them: the way of nearly
        all.
        """
        size = len(data)
        if size < 6 or data[0] != _FIN_BINARY or self._bytes_in or self._fragments or not self._reads:
            return False
        if data[1] < _LONG:
            is_whole = size == data[1] - _MASKED + 6
        else:
            is_whole = data[1] == _LONG and size == int.from_bytes(data[2:4], "big") + 8
        return is_whole and self.handshake_complete and not self.conn.parser_exc

    def _bring_in(self) -> None:
        """Hand on whole frames until there are none, the receiver wants a pause, or others should have a
        turn.
        """
        data = self._bytes_in
        start = served = 0
        while not self._is_paused and not self.disconnected and len(data) - start >= 2:
            head, end = _measure(data, start)
            is_too_big = end - start - head > MAX_MESSAGE_BYTES
            if is_too_big:
                end = len(data)  # the library closes with 1009; nothing after it is read
            if end > len(data) or end < 0:
                break
            if served == _MESSAGES_A_TURN:
                self._rest()
                break
            served += 1
            is_plain = data[start] == _FIN_BINARY and data[start + 1] & _MASKED and not self._fragments
            if is_plain and not is_too_big:
                mask = data[start + head - 4 : start + head]
                self._message(apply_mask(data[start + head : end], mask))
            else:
                self._by_the_book(bytes(data[start:end]))
            start = end
        del data[:start]

    def _message(self, data: bytes) -> None:
        if self._receiver is not None and not self.close_sent:
            self._receiver.message(data)

    def _rest(self) -> None:
        self._is_resting = True
        self._read_or_rest()
        self.loop.call_soon(self._wake)

    def _wake(self) -> None:
        self._is_resting = False
        self._read_or_rest()
        self._bring_in()

    def _read_or_rest(self) -> None:
        """Read from the socket exactly while messages are wanted."""
        reads = not (self._is_paused or self._is_resting)
        if reads == self._reads or self.disconnected or self.transport.is_closing():
            return
        self._reads = reads
        if reads:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def _by_the_book(self, frame: bytes) -> None:
        """A frame that isn't one whole binary message, or none at all: the library decides what it is."""
        opcode, is_last = frame[0] & 0x0F, frame[0] & _FIN
        if opcode in (0, 1, 2):
            self._fragments = 0 if is_last else self._fragments + 1
            if self._fragments > _MAX_FRAGMENTS:
                self.close(_POLICY_VIOLATION)
                return
        super().data_received(frame)

    def send_receive_event_to_app(self) -> None:
        """A message that came in fragments, or a text."""
        data = b"".join(self.frames)
        self.frames = []
        if self._receiver is None or self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            self._receiver.text()
        else:
            self._receiver.message(data)

    def handle_cont(self, event: Frame) -> None:
        self.frames.append(bytes(event.data))
        if event.fin:
            self.send_receive_event_to_app()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            # Refused with an answer: nothing is open any more, and no mishap that uvicorn would record.
            self.handshake_complete = True

    # --- the transport --------------------------------------------------------------------------

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(limits.FANOUT_PRESENCE_BACKLOG_BYTES, _LOW_WATER_BYTES)
        # What the kernel takes can't be counted, nor thinned: let it hold little that is not on its way.
        connection = transport.get_extra_info("socket")
        lowat = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if (
            connection is not None
            and lowat is not None
            and connection.family != getattr(socket, "AF_UNIX", 0)
        ):
            connection.setsockopt(socket.IPPROTO_TCP, lowat, limits.FANOUT_PRESENCE_BACKLOG_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._bytes_in.clear()
        if self._receiver is not None:
            self._receiver.lost()
            self._receiver = None
        if not self.lost.done():
            self.lost.set_result(None)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_crowded = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.is_crowded = False
        if self._receiver is not None:
            self._receiver.drained()

    def send_keepalive_ping(self) -> None:
        self._taken_at_ping = self.taken
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """No pong. Behind a long backlog the ping may not have been read yet: then what was taken tells."""
        if self.is_crowded and self.taken > self._taken_at_ping and self.ping_timeout is not None:
            self._taken_at_ping = self.taken
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
            return
        self.pong_timer = None
        self.abort()

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        self.close_sent = True
        if not self.transport.is_closing():
            self.transport.close()
        self._abort_later()

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self._abort_later()

    def shutdown(self) -> None:
        self.send_held()
        super().shutdown()
        self.close_sent = True
        self._abort_later()


def _measure(data: bytearray, start: int) -> tuple[int, int]:
    """(length of the header, where the frame ends); the end is -1 if the header isn't all there (RFC 6455
    §5.2).
    """
    second = data[start + 1]
    length = second & 0x7F
    head = 2 + (4 if second & _MASKED else 0)
    if length < 126:
        return head, start + head + length
    size = 2 if length == 126 else 8
    if len(data) - start < 2 + size:
        return head + size, -1
    length = int.from_bytes(data[start + 2 : start + 2 + size], "big")
    return head + size, start + head + size + length
