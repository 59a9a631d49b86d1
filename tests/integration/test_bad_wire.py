"""WebSocket frames that break RFC 6455, below the messages of `test_bad_input`.

The server's protocol class is a subclass of uvicorn's, so what uvicorn holds must still hold in ours: such a
connection is closed, the others go on.
"""

from __future__ import annotations

import asyncio
import struct
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.support.bare_http import request
from tests.support.chance import chance
from tests.support.tables import Table, seat

pytestmark = pytest.mark.integration

MASK = b"\x01\x02\x03\x04"
PROTOCOL_BROKEN = 1002


def masked(first: int, payload: bytes, length: int | None = None) -> bytes:
    """Return a frame as a client sends it; `length` is what it claims to hold."""
    size = len(payload) if length is None else length
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + struct.pack(">H", size)
    else:
        head = bytes((first, 0x80 | 127)) + struct.pack(">Q", size)
    return head + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))


@asynccontextmanager
async def upgraded(table: Table) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection after its handshake, to write bytes to."""
    place = urlsplit(table.http)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    key = b64encode(bytes(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    async with asyncio.timeout(15):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        yield reader, writer
    writer.transport.abort()


async def close_code(reader: asyncio.StreamReader) -> int | None:
    """Return the code that the server closes with; None if it only hangs up."""
    data = b""
    try:
        data = await reader.read()
    except ConnectionError:
        return None
    at = 0
    while at + 2 <= len(data):
        opcode, size = data[at] & 0x0F, data[at + 1] & 0x7F
        start = at + (2 if size < 126 else 4)
        if size == 126:
            size = int(struct.unpack(">H", data[at + 2 : at + 4])[0])
        if opcode == 8:
            return int(struct.unpack(">H", data[start : start + 2])[0])
        at = start + size
    return None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x82\x01\x81", id="not masked"),
        pytest.param(masked(0xC2, b"x"), id="a reserved bit, as if compressed"),
        pytest.param(masked(0xF2, b"x"), id="all reserved bits"),
        pytest.param(masked(0x83, b"x"), id="an opcode that there is not"),
        pytest.param(masked(0x8F, b"x"), id="another opcode that there is not"),
        pytest.param(masked(0x89, b"x" * 126), id="a ping that is too long"),
        pytest.param(masked(0x09, b"x"), id="a ping in pieces"),
        pytest.param(masked(0x80, b"x"), id="a continuation of nothing"),
        pytest.param(masked(0x02, b"x") + masked(0x82, b"y"), id="a message within a message"),
        pytest.param(masked(0x88, b"\x03"), id="half a close code"),
        pytest.param(masked(0x88, struct.pack(">H", 1005)), id="a close code that is never sent"),
        pytest.param(masked(0x88, struct.pack(">H", 99)), id="a close code that there is not"),
        pytest.param(masked(0x88, struct.pack(">H", 1000) + b"\xff\xfe"), id="a reason that is no UTF-8"),
        pytest.param(masked(0x82, b"", 2**63), id="a length of 2^63"),
        pytest.param(masked(0x82, b"", 2**62), id="a length of 2^62"),
        pytest.param(masked(0x82, b"abc", 131_073), id="a length just above the limit"),
        pytest.param(masked(0x02, b"x" * 60_000) + masked(0x00, b"x" * 60_000) * 2, id="too long in pieces"),
    ],
)
async def test_broken_frames_close_only_their_connection(data: bytes, table: Table) -> None:
    rng, _ = chance("wire")
    async with seat(table, rng) as neighbour, upgraded(table) as (reader, writer):
        writer.write(data)
        code = await close_code(reader)
        assert code in {None, PROTOCOL_BROKEN, 1007, 1009}
        element = f"wire{rng.getrandbits(64):016x}"
        await neighbour.write(["add", element, "handhandh1", 1, 0, "note", {}])


async def test_random_bytes_after_the_handshake(table: Table) -> None:
    rng, _ = chance("wire noise")
    async with seat(table, rng) as neighbour:
        for _ in range(60):
            async with upgraded(table) as (_, writer):
                writer.write(rng.randbytes(rng.randrange(1, 2000)))
                await writer.drain()
        await neighbour.write(["add", f"wire{rng.getrandbits(64):016x}", "handhandh1", 1, 0, "note", {}])


async def test_connections_that_break_off(table: Table) -> None:
    """In the middle of a handshake, of a frame, of a message."""
    rng, _ = chance("broken off")
    async with seat(table, rng) as neighbour:
        for data in [b"", b"\x82", masked(0x82, b"x" * 10, 4000), masked(0x02, b"x"), masked(0x89, b"")]:
            async with upgraded(table) as (_, writer):
                writer.write(data)
                await writer.drain()
        await neighbour.write(["add", f"wire{rng.getrandbits(64):016x}", "handhandh1", 1, 0, "note", {}])


@pytest.mark.parametrize(
    "headers",
    [
        {"Upgrade": "websocket", "Connection": "Upgrade"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"},
        {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "x",
            "Sec-WebSocket-Version": "13",
        },
        {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": b64encode(bytes(16)).decode(),
            "Sec-WebSocket-Version": "8",
        },
        {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAA"},
    ],
    ids=lambda headers: " ".join(f"{len(headers)}{headers['Upgrade']}".split()),
)
async def test_half_a_handshake(headers: dict[str, str], table: Table) -> None:
    answer = await request(table.http, "GET", "/ws", headers)

    assert answer.status in {0, 400, 404, 405, 426}, answer
