"""A WebSocket client with next to no cost of its own: 1,000 of them must not be what is measured.

Binary messages only, no extensions (PROTOCOL-3). Frames are masked as RFC 6455 asks of clients, with the
key 0, which leaves the bytes as they are: masking protects proxies from what scripts in browsers choose to
send, and there are none here. Rejected: the ``websockets`` library, whose cost per message is above that of
a server's whole fan-out to one receiver.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import cast

_BINARY, _CLOSE, _PING, _PONG = 0x82, 0x8, 0x9, 0x8A
_NO_MASK = bytes(4)


class LightSocket(asyncio.Protocol):
    """One connection. ``message`` is called with each message; ``is_open`` is done after the handshake."""

    def __init__(self, host: str, message: Callable[[bytes], None]) -> None:
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received_bytes = 0
        self._host = host
        self._message = message
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /ws HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def send(self, payload: bytes) -> None:
        """One binary message."""
        self._write(_BINARY, payload)

    def close(self) -> None:
        """Let go at once."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, first: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((first, 0x80 | size))
        elif size < 65536:
            head = struct.pack(">BBH", first, 0x80 | 126, size)
        else:
            head = struct.pack(">BBQ", first, 0x80 | 127, size)
        assert self._transport is not None
        self._transport.write(head + _NO_MASK + payload)

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        if self._rest:
            data = self._rest + data
            self._rest = b""
        if not self.is_open.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.is_open.set_exception(
                    ConnectionError(head.split(b"\r\n", 1)[0].decode(errors="replace"))
                )
                return
            self.is_open.set_result(None)
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            end_at = start + length
            if start > size or end_at > size:
                break
            self._frame(data[at], data[start:end_at])
            at = end_at
        if at < size:
            self._rest = data[at:]

    def _frame(self, first: int, payload: bytes) -> None:
        if first == _BINARY:
            self._message(payload)
        elif first & 0xF == _PING:
            self._write(_PONG, payload)
        elif first & 0xF == _CLOSE:
            self.close()

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(ConnectionError("the server closed the connection"))
        if not self.is_closed.done():
            self.is_closed.set_result(None)


async def open_socket(host: str, port: int, message: Callable[[bytes], None]) -> LightSocket:
    """Connect and shake hands. Raises OSError."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: LightSocket(f"{host}:{port}", message), host, port)
    await socket.is_open
    return socket
