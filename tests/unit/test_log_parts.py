"""The parts of the log that need no store: keys, addresses, calls, words for troubles."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgpack
import msgspec
import pytest
from redis import exceptions
from redis.asyncio.connection import Connection, SSLConnection, UnixDomainSocketConnection
from tablecloth.core.edits import Entry
from tablecloth.log.address import address_of
from tablecloth.log.append import chunks_of, entry_tail, is_code, pack_call, rounds_of
from tablecloth.log.away import is_mistake, log_away
from tablecloth.log.clients import Pause, UnderWay, make_client
from tablecloth.log.durability import durability_of
from tablecloth.log.interface import Group, Place, bucket_of
from tablecloth.log.keys import (
    BUCKETS,
    feed_key,
    is_id,
    log_key,
    mark_key,
    names_key,
    snapshot_key,
    space_key,
    talk_channel,
)
from tablecloth.problems import SetupProblem

PLACE = Place("space-one-two-three", "board-one-two-three")
TAG = re.compile(r"\{(\d+)\}")


def test_every_key_of_a_space_lies_in_its_bucket() -> None:
    """TRAPS 7: one hash tag, one slot."""
    bucket = bucket_of(PLACE.space)
    keys = [
        log_key(PLACE),
        mark_key(PLACE, "author", "session"),
        snapshot_key(PLACE),
        space_key(PLACE.space),
        names_key(PLACE.space),
        feed_key(bucket),
        talk_channel(bucket),
    ]
    assert {TAG.findall(key)[0] for key in keys} == {str(bucket)}
    assert len(set(keys)) == len(keys)


def test_buckets_stay_for_ever() -> None:
    """Boards lie under these names: another bucket would lose them."""
    assert BUCKETS == 64
    assert [bucket_of(f"space-number-{i}") for i in range(8)] == [36, 42, 53, 16, 31, 17, 49, 37]
    assert {bucket_of(f"space-number-{i}") for i in range(2000)} == set(range(64))


@pytest.mark.parametrize("text", ["", "a:b", "a b", "ünknown", "a\n", "{1}", "x" * 65])
def test_what_is_no_id_never_gets_into_a_key(text: str) -> None:
    assert not is_id(text)


def made_by(pool: Any) -> Any:
    """A connection as the pool makes them; it isn't connected."""
    return pool.make_connection()


@pytest.mark.parametrize(
    ("url", "kind", "options"),
    [
        ("redis://localhost:6380/2", Connection, {"host": "localhost", "port": 6380, "db": 2}),
        ("valkey://store", Connection, {"host": "store"}),
        ("rediss://me:p%40ss@store/0", SSLConnection, {"username": "me", "password": "p@ss"}),
        ("valkeys://store", SSLConnection, {"host": "store"}),
        (
            "unix:///run/a%20b/valkey.sock?db=3",
            UnixDomainSocketConnection,
            {"path": "/run/a b/valkey.sock", "db": 3},
        ),
    ],
)
def test_addresses(url: str, kind: type, options: dict[str, object]) -> None:
    pool = make_client(url, 3.0, retries=0, connections=2).connection_pool
    made = made_by(pool)
    assert type(made._parser).__name__ == "_AsyncHiredisParser"
    assert pool.connection_kwargs.items() >= options.items()
    assert isinstance(made, kind)


def test_nothing_after_the_question_mark_undoes_our_settings() -> None:
    url = "redis://store?socket_timeout=99&decode_responses=true&protocol=3&retry_on_timeout=true&max_connections=1"
    pool = make_client(url, 3.0, retries=0, connections=2).connection_pool
    made = made_by(pool)
    assert (made.socket_timeout, made.protocol, made.retry.get_retries()) == (3.0, 2, 0)
    assert not made.encoder.decode_responses
    assert pool.max_connections == 2


@pytest.mark.parametrize("url", ["", "store", "http://store", "redis://store?db=x"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        address_of(url)
    assert "redis://" in problem.value.do


@pytest.mark.parametrize("length", [0, 1, 255, 256, 65535, 65536])
def test_an_entry_is_messagepack_that_any_decoder_reads(length: int) -> None:
    stamp = b"\x94\xcf" + (2**53 - 1).to_bytes(8, "big") + b"\xcf" + (7).to_bytes(8, "big")
    for body in (None, b"b" * length):
        raw = stamp + entry_tail(b"h" * length, body)
        assert msgpack.unpackb(raw) == [2**53 - 1, 7, b"h" * length, body]
        assert msgspec.msgpack.decode(raw, type=Entry) == Entry(2**53 - 1, 7, b"h" * length, body)


def groups(*sizes: int) -> list[Group]:
    return [
        Group(PLACE, "author", "session", n, ((b"x" * size, None),)) for n, size in enumerate(sizes, start=1)
    ]


@pytest.mark.parametrize(
    ("sizes", "chunks"),
    [
        ((), []),
        ((1, 1, 1, 1, 1), [3, 2]),
        ((60, 60, 60), [1, 1, 1]),
        ((10, 500, 10, 10), [1, 1, 2]),
        ((50, 50, 1), [2, 1]),
    ],
)
def test_calls_are_bounded_by_groups_and_bytes(sizes: tuple[int, ...], chunks: list[int]) -> None:
    tick = groups(*sizes)
    cut = list(chunks_of(tick, most_groups=3, most_bytes=100))
    assert [len(chunk) for chunk in cut] == chunks
    assert [group for chunk in cut for group in chunk] == tick


def test_a_call_declares_each_key_once_and_the_feed_first() -> None:
    keys, blob = pack_call(groups(1, 2, 3), frozenset())
    assert keys[0] == feed_key(bucket_of(PLACE.space))
    assert sorted(keys[1:]) == sorted([log_key(PLACE), mark_key(PLACE, "author", "session")])
    unpacked = msgpack.unpackb(blob, raw=True)
    assert [(group[0], group[1], group[3]) for group in unpacked] == [(2, 3, 1), (2, 3, 2), (2, 3, 3)]
    assert [group[6] for group in unpacked] == [1, 1, 1]
    _, blob = pack_call(groups(1), {mark_key(PLACE, "author", "session")})
    assert msgpack.unpackb(blob, raw=True)[0][6] == 0, "its expiry was written not long ago"


@pytest.mark.parametrize(
    ("code", "fits"),
    [("bad-value", True), ("x" * 16, True), ("x" * 17, False), ("", False), ("7", False), ("a b", False)],
)
def test_codes_that_a_mark_can_keep(code: str, fits: bool) -> None:
    assert is_code(code) == fits


TROUBLES = [
    (exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."), "full"),
    (exceptions.ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), "full"),
    (exceptions.ResponseError("ERR Error running script: -OOM command not allowed"), "full"),
    (exceptions.ConnectionError("Connection refused"), "away"),
    (exceptions.TimeoutError("Timeout reading"), "away"),
    (exceptions.BusyLoadingError("loading"), "away"),
    (exceptions.ReadOnlyError("You can't write against a read only replica."), "away"),
    (exceptions.AuthenticationError("WRONGPASS hunter2"), "away"),
    (exceptions.NoPermissionError("no"), "away"),
    (OSError("down"), "away"),
]


@pytest.mark.parametrize(("problem", "code"), TROUBLES)
def test_the_state_of_a_store_is_no_mistake_of_ours(problem: Exception, code: str) -> None:
    assert code
    assert not is_mistake(problem)


def test_what_the_store_will_never_do_is_a_mistake() -> None:
    assert is_mistake(exceptions.ResponseError("WRONGTYPE Operation against a key of the wrong kind"))
    assert is_mistake(exceptions.NoScriptError("No matching script"))


@pytest.mark.parametrize(("problem", "code"), TROUBLES)
def test_troubles_in_plain_words(problem: Exception, code: str) -> None:
    away = log_away(problem)
    assert away.code == code
    assert away.words == str(away)
    # TRAPS 27: nothing of what the client said, which may hold an address or a secret.
    assert "hunter2" not in away.words
    assert not re.search(r"(?i)error|invalid|failed|user", away.words)


@pytest.mark.parametrize(
    ("has_aof", "appendfsync", "means"),
    [
        (True, "always", "fsync"),
        (True, "everysec", "second"),
        (True, "no", "memory"),
        (True, None, "second"),
        (False, "always", "memory"),
        (False, None, "memory"),
    ],
)
def test_durability(has_aof: bool, appendfsync: str | None, means: str) -> None:
    assert durability_of(has_aof, appendfsync) == means


def test_pauses_grow_to_a_limit_and_begin_anew() -> None:
    pause = Pause(first_s=0.1, longest_s=1.0)
    waits = [pause.next_s() for _ in range(20)]
    assert 0.05 <= waits[0] <= 0.1
    assert all(0.5 <= wait <= 1.0 for wait in waits[6:])
    pause.reset()
    assert pause.next_s() <= 0.1


async def test_what_is_under_way_ends_whoever_is_cancelled() -> None:
    """TRAPS 3."""
    under_way, going, ended = UnderWay(), asyncio.Event(), []

    async def work(name: str) -> None:
        await going.wait()
        ended.append(name)
        raise OSError("nobody waits for this any more")

    waiting = [asyncio.ensure_future(under_way.finish(work(name))) for name in ("one", "two")]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    going.set()
    await under_way.drain()
    assert ended == ["one", "two"]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, OSError]


def test_buckets_go_together_and_a_buckets_chunks_one_after_another() -> None:
    places = [Place(f"space-number-{i}", "board-one") for i in range(3)]
    assert len({bucket_of(place.space) for place in places}) == 3
    counts = (5, 1, 3)
    tick = [
        Group(place, "author", "session", n, ((b"x", None),))
        for n in range(1, 6)
        for place, count in zip(places, counts, strict=True)
        if n <= count
    ]
    rounds = list(rounds_of(tick, most_groups=2, most_bytes=100))
    assert [len(calls) for calls in rounds] == [3, 2, 1]
    for calls in rounds:
        assert len({bucket_of(tick[call[0]].place.space) for call in calls}) == len(calls)
    for place in places:
        sent = [tick[at].n for calls in rounds for call in calls for at in call if tick[at].place == place]
        assert sent == sorted(sent)
    assert sorted(at for calls in rounds for call in calls for at in call) == list(range(len(tick)))
