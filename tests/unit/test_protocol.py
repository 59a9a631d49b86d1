"""The fan-out protocol on a transport of paper: RFC 6455 by the byte, floods, pauses, and ends that don't
wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from tablecloth import limits
from tablecloth.web import protocol as module
from tablecloth.web.outbox import HELD_BYTES
from tablecloth.web.protocol import EXTENSION, LineProtocol
from tablecloth.wire.limits import MAX_MESSAGE_BYTES
from tablecloth.wire.message import binary_message
from uvicorn.server import ServerState
from websockets.frames import Close, Frame, Opcode

from tests.support.chance import chance
from tests.support.valkey import until_async

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: board.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)


class Paper(asyncio.Transport):
    """A transport that keeps what is written; the test says what is read of it."""

    def __init__(self, protocol: LineProtocol) -> None:
        super().__init__({"peername": ("127.0.0.1", 5), "sockname": ("127.0.0.1", 80)})
        self.protocol = protocol
        self.written = b""
        self.writes = 0
        self.unread = 0
        self.reads = True
        self.is_reading_paused = False
        self.is_closed = False
        self.is_aborted = False
        self.high = self.low = 0

    def write(self, data: Any) -> None:
        self.written += bytes(data)
        self.writes += 1
        if not self.reads:
            self.unread += len(data)
            if self.unread > self.high and not self.protocol.is_crowded:
                self.protocol.pause_writing()

    def read(self, count: int) -> None:
        """The other side reads so many bytes."""
        self.unread = max(0, self.unread - count)
        if self.unread <= self.low and self.protocol.is_crowded:
            self.protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        return self.unread

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high, self.low = high or 0, low or 0

    def pause_reading(self) -> None:
        assert not self.is_reading_paused
        self.is_reading_paused = True

    def resume_reading(self) -> None:
        assert self.is_reading_paused
        self.is_reading_paused = False

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            if self.unread == 0:
                asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        if not self.is_aborted:
            was_lost = self.is_closed and self.unread == 0
            self.is_aborted = self.is_closed = True
            if not was_lost:
                asyncio.get_running_loop().call_soon(self.protocol.connection_lost, ConnectionAbortedError())

    def frames(self) -> list[Frame]:
        """What was sent after the handshake."""
        _, _, data = self.written.partition(b"\r\n\r\n")
        frames = []
        while data:
            opcode, length, head = data[0] & 15, data[1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(data[2:4], "big"), 4
            frames.append(Frame(Opcode(opcode), data[head : head + length]))
            data = data[head + length :]
        return frames

    def close_code(self) -> int | None:
        """The code of the close frame that was sent, if one was."""
        closes = [frame for frame in self.frames() if frame.opcode is Opcode.CLOSE]
        return Close.parse(bytes(closes[0].data)).code if closes else None


class Keeping:
    """A receiver that keeps what comes."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.texts = 0
        self.drains = 0
        self.losses = 0

    def message(self, data: bytes) -> None:
        self.messages.append(data)

    def text(self) -> None:
        self.texts += 1

    def drained(self) -> None:
        self.drains += 1

    def lost(self) -> None:
        self.losses += 1


class Line:
    """A connection after its handshake."""

    def __init__(self) -> None:
        self.receiver = Keeping()
        config = uvicorn.Config(
            self.app,
            ws=LineProtocol,
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            log_config=None,
            interface="asgi3",
        )
        config.load()
        self.protocol = LineProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        self.paper = Paper(self.protocol)
        self.protocol.connection_made(self.paper)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = scope["extensions"][EXTENSION]
        line.attach(self.receiver)
        await send({"type": "websocket.accept"})
        await line.lost

    async def shake(self) -> Line:
        self.protocol.data_received(HANDSHAKE)
        await until_async(lambda: b"\r\n\r\n" in self.paper.written)
        return self

    def feed(self, *data: bytes) -> None:
        for piece in data:
            self.protocol.data_received(piece)


def frame(data: bytes, opcode: int = 2, fin: bool = True, mask: bytes | None = b"\x01\x02\x03\x04") -> bytes:
    """A frame as a browser sends it."""
    head = bytes(((0x80 if fin else 0) | opcode,))
    bit = 0x80 if mask is not None else 0
    if len(data) < 126:
        head += bytes((bit | len(data),))
    elif len(data) < 65536:
        head += bytes((bit | 126,)) + len(data).to_bytes(2, "big")
    else:
        head += bytes((bit | 127,)) + len(data).to_bytes(8, "big")
    if mask is None:
        return head + data
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    line = await Line().shake()
    yield line
    line.paper.abort()
    await until_async(lambda: line.receiver.losses == 1)
    await asyncio.gather(*line.protocol.tasks)


class TestIn:
    async def test_traps_15_nothing_is_compressed(self, line: Line) -> None:
        head, _, _ = line.paper.written.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        assert b"deflate" not in head.lower()

    @pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, MAX_MESSAGE_BYTES])
    async def test_messages_of_every_length(self, line: Line, size: int) -> None:
        data = bytes(i % 251 for i in range(size))
        line.feed(frame(data), frame(b"after"))
        assert line.receiver.messages == [data, b"after"]

    async def test_messages_cut_anywhere(self, line: Line) -> None:
        rng, _ = chance("cut messages")
        messages = [rng.randbytes(rng.choice([0, 3, 126, 300, 70_000])) for _ in range(30)]
        data = b"".join(map(frame, messages))
        while data:
            count = rng.choice([1, 2, 3, 7, 1000, 100_000])
            line.feed(data[:count])
            data = data[count:]
            await asyncio.sleep(0)
        await until_async(lambda: len(line.receiver.messages) == 30)
        assert line.receiver.messages == messages

    async def test_byte_by_byte(self, line: Line) -> None:
        for byte in frame(b"hello") + frame(bytes(200)) + frame(b"", 9):
            line.feed(bytes((byte,)))
        assert line.receiver.messages == [b"hello", bytes(200)]
        assert [each.opcode for each in line.paper.frames()] == [Opcode.PONG]

    async def test_fragments_are_one_message_and_pings_may_come_between(self, line: Line) -> None:
        line.feed(frame(b"he", 2, fin=False), frame(b"are you there", 9), frame(b"ll", 0, fin=False))
        assert line.receiver.messages == []
        line.feed(frame(b"o", 0), frame(b"next"))
        assert line.receiver.messages == [b"hello", b"next"]
        assert [bytes(each.data) for each in line.paper.frames()] == [b"are you there"]

    async def test_protocol_3_text(self, line: Line) -> None:
        line.feed(frame(b"hello", 1))
        assert (line.receiver.texts, line.receiver.messages) == (1, [])

    async def test_protocol_3_too_long(self, line: Line) -> None:
        line.feed(frame(bytes(MAX_MESSAGE_BYTES + 1))[:20])
        assert line.paper.close_code() == 1009
        line.feed(frame(b"after"))
        assert line.receiver.messages == []

    async def test_protocol_3_too_long_and_whole(self, line: Line) -> None:
        line.feed(frame(bytes(MAX_MESSAGE_BYTES + 1)) + frame(b"after"))
        assert line.paper.close_code() == 1009
        assert line.receiver.messages == []

    async def test_protocol_3_too_long_in_fragments(self, line: Line) -> None:
        line.feed(frame(bytes(100_000), 2, fin=False), frame(bytes(100_000), 0))
        assert line.paper.close_code() == 1009

    @pytest.mark.parametrize(
        "data",
        [
            frame(b"hello", mask=None),
            frame(b"hello", 3),
            frame(b"hello", 0),
            b"\xc2\x85" + bytes(9),
            frame(b"", 9, fin=False),
            frame(bytes(126), 9),
            frame(b"he", 2, fin=False) + frame(b"llo", 2),
            b"\x82\xff" + b"\xff" * 12,
        ],
    )
    async def test_what_rfc_6455_forbids_closes(self, line: Line, data: bytes) -> None:
        line.feed(data, frame(b"after"))
        assert line.paper.close_code() in {1002, 1009}
        assert line.receiver.messages == []

    async def test_traps_15_fragments_without_end(self, line: Line) -> None:
        line.feed(frame(b"", 2, fin=False))
        for _ in range(200):
            line.feed(frame(b"", 0, fin=False))
        assert line.paper.close_code() == 1008
        assert len(line.protocol.frames) < 200

    async def test_traps_15_a_flood_lets_others_have_a_turn(self, line: Line) -> None:
        """2 MiB of empty frames would stall everybody for a quarter of a second."""
        line.feed(frame(b"") * 5000)
        assert len(line.receiver.messages) <= 64
        assert line.paper.is_reading_paused
        await until_async(lambda: len(line.receiver.messages) == 5000)
        assert not line.paper.is_reading_paused

    async def test_traps_11_what_follows_a_pause_waits_and_comes_in_order(self, line: Line) -> None:
        line.feed(frame(b"1"))
        line.protocol.pause()
        line.protocol.pause()
        line.feed(frame(b"2") + frame(b"3")[:4])
        assert line.receiver.messages == [b"1"]
        assert line.paper.is_reading_paused
        line.protocol.resume()
        line.protocol.resume()
        line.feed(frame(b"3")[4:])
        await until_async(lambda: line.receiver.messages == [b"1", b"2", b"3"])
        assert not line.paper.is_reading_paused

    async def test_traps_11_pongs_are_heard_whatever_waits(self, line: Line) -> None:
        line.protocol.ping_interval, line.protocol.ping_timeout = 0.01, 5.0
        line.protocol.start_keepalive()
        await until_async(lambda: any(each.opcode is Opcode.PING for each in line.paper.frames()))
        ping = next(each for each in line.paper.frames() if each.opcode is Opcode.PING)
        line.feed(frame(b"x") * 100 + frame(bytes(ping.data), 10))
        await until_async(lambda: line.protocol.pending_ping_payload is None)
        line.protocol.stop_keepalive()


class TestOut:
    async def test_what_is_written_is_sent_as_it_is(self, line: Line) -> None:
        line.protocol.write(binary_message(b"hello"))
        assert line.protocol.backlog() == len(binary_message(b"hello"))
        await asyncio.sleep(0)
        assert [bytes(each.data) for each in line.paper.frames()] == [b"hello"]
        assert line.protocol.taken == len(binary_message(b"hello"))

    async def test_what_falls_into_one_turn_is_one_write(self, line: Line) -> None:
        before = line.paper.writes
        for data in (b"1", b"2", b"3"):
            line.protocol.write(binary_message(data))
        await asyncio.sleep(0)
        assert line.paper.writes == before + 1
        assert [bytes(each.data) for each in line.paper.frames()] == [b"1", b"2", b"3"]

    async def test_what_is_large_goes_at_once_behind_what_waits(self, line: Line) -> None:
        large = binary_message(bytes(HELD_BYTES))
        line.protocol.write(binary_message(b"1"))
        line.protocol.write(large)
        assert [len(each.data) for each in line.paper.frames()] == [1, HELD_BYTES]
        line.protocol.write(binary_message(b"2"))
        await asyncio.sleep(0)
        assert [len(each.data) for each in line.paper.frames()] == [1, HELD_BYTES, 1]

    async def test_what_waits_goes_before_the_close(self, line: Line) -> None:
        line.protocol.write(binary_message(b"bye"))
        line.protocol.close(1008)
        assert [each.opcode for each in line.paper.frames()] == [Opcode.BINARY, Opcode.CLOSE]

    async def test_what_waits_is_nobodys_when_the_line_is_lost(self, line: Line) -> None:
        line.protocol.write(binary_message(b"late"))
        line.paper.abort()
        await until_async(lambda: line.receiver.losses == 1)
        assert line.protocol.backlog() == 0

    async def test_protocol_13_a_backlog_can_be_asked_for(self, line: Line) -> None:
        line.paper.reads = False
        message = binary_message(bytes(10_000))
        while not line.protocol.is_crowded:
            line.protocol.write(message)
        assert (
            limits.FANOUT_PRESENCE_BACKLOG_BYTES
            < line.protocol.backlog()
            < 2 * limits.FANOUT_PRESENCE_BACKLOG_BYTES
        )
        assert line.protocol.taken == 0
        line.paper.read(10_000)
        assert line.protocol.taken == 10_000
        assert line.receiver.drains == 0
        line.paper.read(1_000_000)
        assert line.receiver.drains == 1
        assert not line.protocol.is_crowded

    async def test_nothing_is_written_after_the_end(self, line: Line) -> None:
        line.protocol.close(1001)
        before = line.paper.written
        line.protocol.write(binary_message(b"late"))
        line.protocol.close(1008)
        assert line.paper.written == before
        assert line.paper.close_code() == 1001


class TestEnds:
    async def test_the_other_side_closes(self, line: Line) -> None:
        line.feed(frame(Close(1000, "").serialize(), 8))
        assert line.paper.close_code() == 1000
        await until_async(lambda: line.receiver.losses == 1)

    async def test_we_close_and_the_other_side_agrees(self, line: Line) -> None:
        line.protocol.close(1008)
        line.feed(frame(b"too late"), frame(Close(1008, "").serialize(), 8))
        await until_async(lambda: line.receiver.losses == 1)
        assert line.receiver.messages == []
        assert not line.paper.is_aborted

    async def test_traps_10_we_close_and_the_other_side_does_not_care(
        self, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_CLOSE_WITHIN_S", 0.05)
        line.paper.reads = False
        line.protocol.write(binary_message(bytes(1000)))
        line.protocol.close(1008)
        await until_async(lambda: line.paper.is_aborted)

    async def test_traps_10_no_pong(self, line: Line) -> None:
        line.protocol.ping_interval, line.protocol.ping_timeout = 0.01, 0.05
        line.protocol.start_keepalive()
        await until_async(lambda: line.paper.is_aborted)
        assert line.receiver.losses <= 1

    async def test_traps_10_no_pong_behind_a_long_backlog_that_is_being_read(self, line: Line) -> None:
        line.paper.reads = False
        for _ in range(40):
            line.protocol.write(binary_message(bytes(10_000)))
        line.protocol.ping_interval, line.protocol.ping_timeout = 0.01, 0.05
        line.protocol.start_keepalive()
        await until_async(lambda: line.protocol.pong_timer is not None)
        for _ in range(4):
            timer = line.protocol.pong_timer
            line.paper.read(10_000)
            await until_async(lambda timer=timer: line.protocol.pong_timer is not timer)  # type: ignore[misc]
            assert not line.paper.is_aborted
        await until_async(lambda: line.paper.is_aborted)

    async def test_a_lost_connection_is_told_once(self, line: Line) -> None:
        line.paper.abort()
        line.protocol.abort()
        await until_async(lambda: line.receiver.losses == 1)
        line.protocol.write(binary_message(b"late"))
        line.protocol.pause()
        line.protocol.resume()
        line.protocol.close(1000)

    async def test_traps_13_shutdown_does_not_wait_for_who_never_reads(
        self, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_CLOSE_WITHIN_S", 0.05)
        line.paper.reads = False
        line.protocol.write(binary_message(bytes(1000)))
        line.protocol.shutdown()
        assert line.paper.close_code() == 1012
        await until_async(lambda: line.paper.is_aborted)
