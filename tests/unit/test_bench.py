"""What measures must measure right: the tally of the last receiver, the light socket, the report."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from tablecloth.bench.people import KINDS, Pace, Person
from tablecloth.bench.report import table
from tablecloth.bench.socket import LightSocket
from tablecloth.bench.tally import Tally
from tablecloth.commands.bench import _mix, _pace
from tablecloth.core.edits import AddEdit, Entry
from tablecloth.core.entry import encode_entry
from tablecloth.problems import SetupProblem
from tablecloth.wire.codec import encode, entries_frame

BOARD = "board-0001"


def entries(first: int, last: int) -> list[Entry]:
    """Adds, each by a hand of its own that is named after its seq."""
    made = []
    for seq in range(first, last + 1):
        edit = AddEdit(f"note-{seq:05}", f"hand-{seq:05}", 1, 0, "note", {})
        made.append(Entry(seq, 1000, *encode_entry(edit, "author-0001", bytes(16))))
    return made


def frame(first: int, last: int) -> bytes:
    return entries_frame(BOARD, [encode(entry) for entry in entries(first, last)])


@pytest.mark.parametrize("seed", range(20))
def test_the_last_receiver_counts(seed: int) -> None:
    """Against the plain way of telling: for each entry, the latest time at which anybody had it."""
    chance = random.Random(seed)
    tally = Tally()
    receivers = dict.fromkeys(range(5), 10)
    for number in receivers:
        tally.seat(number, 10)
    sent = {seq: seq / 1000 for seq in range(11, 61)}
    for seq, at in sent.items():
        tally.sent(f"hand-{seq:05}", 1, at)
    arrived: dict[int, list[float]] = {seq: [] for seq in sent}
    now = 1.0
    while any(at < 60 for at in receivers.values()):
        number = chance.choice([each for each, at in receivers.items() if at < 60])
        last = min(60, receivers[number] + chance.choice((1, 1, 2, 7)))
        now += chance.random()
        for seq in range(receivers[number] + 1, last + 1):
            arrived[seq].append(now)
        assert tally.heard(number, frame(receivers[number] + 1, last), now) == last
        receivers[number] = last
    assert sorted(tally.latencies) == pytest.approx(
        sorted(max(times) - sent[seq] for seq, times in arrived.items())
    )
    assert tally.deliveries == 5 * 50
    assert tally.under_way == 0


def test_the_same_bytes_are_decoded_once() -> None:
    tally = Tally()
    for number in range(100):
        tally.seat(number, 0)
    for number in range(100):
        tally.heard(number, frame(1, 3), 1.0)
    assert (tally.frames, tally.decoded_frames, tally.deliveries) == (100, 1, 300)
    assert tally.heard(0, frame(1, 3), 2.0) == 3
    assert tally.deliveries == 300
    tally.begin()
    assert (tally.frames, tally.latencies) == (0, [])


class _Wire(asyncio.Transport):
    """What a socket writes."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_aborted = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def abort(self) -> None:
        self.is_aborted = True


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64, 10**6])
async def test_messages_arrive_whole_however_they_are_cut(piece: int) -> None:
    heard: list[bytes] = []
    wire, light = _Wire(), LightSocket("localhost:1", heard.append)
    light.connection_made(wire)
    assert wire.written.startswith(b"GET /ws HTTP/1.1\r\nHost: localhost:1\r\n")
    payloads = [b"", b"x", b"y" * 125, b"z" * 126, b"a" * 65535, b"b" * 65536]
    stream = b"HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n"
    for payload in payloads:
        size = len(payload)
        if size < 126:
            stream += bytes((0x82, size)) + payload
        elif size < 65536:
            stream += b"\x82\x7e" + size.to_bytes(2, "big") + payload
        else:
            stream += b"\x82\x7f" + size.to_bytes(8, "big") + payload
    stream += b"\x89\x02hi"
    wire.written = b""
    for start in range(0, len(stream), piece if piece > 3 else max(piece, len(stream) // 4000)):
        light.data_received(stream[start : start + (piece if piece > 3 else max(piece, len(stream) // 4000))])
    assert heard == payloads
    assert wire.written == b"\x8a\x82\0\0\0\0hi"
    assert light.received_bytes == len(stream)


async def test_what_a_socket_sends() -> None:
    wire, light = _Wire(), LightSocket("localhost:1", lambda _: None)
    light.connection_made(wire)
    for size, head in [
        (5, b"\x82\x85"),
        (200, b"\x82\xfe\x00\xc8"),
        (70_000, b"\x82\xff" + (70_000).to_bytes(8, "big")),
    ]:
        wire.written = b""
        light.send(b"m" * size)
        assert wire.written == head + bytes(4) + b"m" * size
    light.close()
    assert wire.is_aborted


async def test_a_server_that_declines_and_one_that_goes() -> None:
    light = LightSocket("localhost:1", lambda _: None)
    light.connection_made(_Wire())
    light.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(ConnectionError, match="403"):
        await light.is_open
    other = LightSocket("localhost:1", lambda _: None)
    other.connection_made(_Wire())
    other.connection_lost(None)
    with pytest.raises(ConnectionError):
        await other.is_open


async def test_the_pace_is_kept_and_the_mix_is_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[tuple[int, str]] = []
    monkeypatch.setattr(Person, "__init__", lambda self, number: setattr(self, "number", number))
    monkeypatch.setattr(Person, "act", lambda self, kind, now: acts.append((self.number, kind)))
    people = [Person(number) for number in range(10)]  # type: ignore[call-arg, arg-type]
    pace = Pace(2000, 0.5, {"text": 60, "move": 25, "add": 10, "ink": 5})
    await pace.run(people, random.Random(1))
    assert pace.sent == len(acts) == 1000
    assert len(pace.lateness) == 1000
    for number in range(10):
        assert sum(each == number for each, _ in acts) == 100
    shares = {kind: sum(each == kind for _, each in acts) for kind in KINDS}
    assert 500 < shares["text"] < 700
    assert shares["ink"] < 100


def test_mixes() -> None:
    assert _mix("text=60,move=40") == {"text": 60, "move": 40}
    for bad in ("text", "text=x", "dance=5", "text=0", "", "text=-1"):
        with pytest.raises(SetupProblem):
            _mix(bad)


def test_the_report_says_what_it_is_of() -> None:
    about = {
        "cpu": "A CPU",
        "cores": 2,
        "python": "3.11",
        "valkey": "9",
        "system": "Linux",
        "durable": "fsync",
    }
    one = {
        "clients": 500,
        "boards": 20,
        "asked_per_s": 8000.0,
        "edits_per_s": 7000.0,
        "left": 3,
        "deliveries_per_s": 200_000.0,
        "p50_ms": 5.0,
        "p99_ms": 50.0,
        "max_ms": 99.0,
        "server_busy": 0.9,
        "valkey_busy": 0.1,
        "cpu_s_per_million": 4.2,
        "bytes_per_connection": 20_480,
        "generator_busy": 0.95,
        "generator_late_ms": 30.0,
        "refusals": {"busy": 2},
    }
    joined = {"elements": 10_000, "received_bytes": 2_000_000, "received_s": 0.2, "folded_s": 0.5}
    text = table(
        {"machine": {**about, "apart": True}, "plans": [one], "join": joined}, {"text": 3, "move": 1}, 10
    )
    for words in (
        "A CPU",
        "share one core",
        "text 75%",
        "7,000",
        "50.0",
        "busy 2",
        "3 edits",
        "2.00 MB",
        "8,000",
    ):
        assert words in text, words
    assert "late by 30 ms" in text
    assert "the clients were the limit" in text
    one["generator_busy"] = 0.5
    text = table({"machine": {**about, "apart": True}, "plans": [one], "join": joined}, {"text": 1}, 10)
    assert "the clients were the limit" not in text


def test_what_is_asked_of_a_server() -> None:
    """Sixteen edits a second each, 8,000 in all, and no more deliveries than a core can do."""
    assert [_pace(clients, 25) for clients in (10, 100, 500, 1000)] == [160, 1600, 8000, 8000]
    assert [_pace(clients, None) for clients in (10, 100, 500, 1000)] == [160, 1600, 2000, 1000]
