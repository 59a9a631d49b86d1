"""The traps of Valkey itself (TRAPS 4 to 9), by their numbers. Each test fails without its cure."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tablecloth.log.interface import FeedEntry, LogAway, LogBroken, Place, SnapshotRecord, bucket_of
from tablecloth.log.keys import feed_key, log_key, mark_key
from tablecloth.log.settings import LogSettings
from tablecloth.log.valkey_log import ValkeyLog

from tests.support.log_groups import AUTHOR, SESSION, group
from tests.support.proxy import Proxy
from tests.support.valkey import (
    ValkeyServer,
    new_id,
    new_place,
    opened,
    until_async,
    valkey_server,
)

pytestmark = pytest.mark.integration

IMPATIENT = LogSettings(append_timeout_s=0.3, append_patience_s=1.0)


@asynccontextmanager
async def through(proxy: Proxy) -> AsyncIterator[ValkeyLog]:
    """A log behind a proxy, with its connections made and its script loaded."""
    async with opened(proxy.valkey_url) as log:
        warm = new_place()
        await log.append([group(warm, n=1)])
        await log.tip(warm)
        yield log


async def first(log: ValkeyLog) -> AsyncIterator[list[FeedEntry]]:
    """A follower whose positions stand."""
    batches = log.follow()
    assert await anext(batches) == []
    return batches


# --- 4: write errors (the exit itself: test_embedded.py) ---------------------------------------------------


async def test_4_kill_9_in_the_middle_loses_no_answer_and_doubles_none(own_valkey: ValkeyServer) -> None:
    async with opened(own_valkey.url) as log:
        space = new_id("space")
        places = [Place(space, new_id("board")) for _ in range(3)]
        answered: dict[Place, dict[int, bytes]] = {place: {} for place in places}
        done = asyncio.Event()

        async def write(author: str) -> int:
            n = 0
            while not done.is_set():
                n += 1
                said = [b"%s %d" % (author.encode(), n), b"%s %d, again" % (author.encode(), n)]
                groups = [
                    group(place, author=author, n=n, entries=[(head, None) for head in said])
                    for place in places
                ]
                for place, answer in zip(places, await log.append(groups), strict=True):
                    assert answer.code is None
                    answered[place] |= {answer.seq + i: head for i, head in enumerate(said)}
            return n

        writing = [asyncio.create_task(write(f"author-{i}")) for i in range(4)]
        for rounds in range(1, 5):
            await until_async(lambda goal=rounds * 120: len(answered[places[0]]) > goal)  # type: ignore[misc]
            await asyncio.to_thread(own_valkey.restart)
        done.set()
        await asyncio.gather(*writing)
        for place in places:
            stored = {entry.seq: entry.raw for entry in await log.read(place, 0, 1_000_000)}
            assert sorted(stored) == list(range(1, len(stored) + 1))
            # Each answer stands in the log where it said, and the log holds nothing but what was answered.
            assert sorted(answered[place]) == sorted(stored)
            assert all(head in stored[seq] for seq, head in answered[place].items())
            assert len(set(answered[place].values())) == len(stored)


async def test_4_half_a_call_on_disk_is_none_of_it(own_valkey: ValkeyServer) -> None:
    """What a call writes is one transaction in the AOF: entries, feed and mark are there together, or not."""
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=1)])
        (aof,) = (own_valkey.folder / "appendonlydir").glob("*.incr.aof")
        whole = aof.stat().st_size
        for share in (0.05, 0.5, 0.95):
            await log.append([group(place, n=2, entries=[(b"x" * 100, None)] * 20)])
            own_valkey.kill()
            os.truncate(aof, int(whole + (aof.stat().st_size - whole) * share))
            own_valkey.start()
            assert (await log.tip(place), await log.mark(place, AUTHOR, SESSION)) == (1, 1)
            assert own_valkey.ask("XLEN", feed_key(bucket_of(place.space))) == 1


# --- 5: what an ack means ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "denied", "means"),
    [
        ({"appendfsync": "always"}, (), "fsync"),
        ({"appendfsync": "everysec"}, (), "second"),
        ({"appendfsync": "no"}, (), "memory"),
        ({"appendonly": "no"}, (), "memory"),
        ({"appendfsync": "always"}, ("-config",), "second"),
        ({"appendonly": "no"}, ("-config",), "memory"),
        ({"appendfsync": "always"}, ("-config", "-info"), "memory"),
    ],
)
async def test_5_an_ack_means_what_the_store_keeps(
    settings: dict[str, str], denied: tuple[str, ...], means: str
) -> None:
    with valkey_server(settings) as server:
        if denied:
            server.ask("ACL", "SETUSER", "default", *denied)
        async with opened(server.url) as log:
            assert await log.durability() == means
            await log.append([group(new_place(), n=1)])


# --- 6: a log that went back -------------------------------------------------------------------------------


async def test_6_a_store_that_went_back_is_told_to_followers(own_valkey: ValkeyServer) -> None:
    """As after a failover to a copy that was behind: entries, marks and snapshot are all of one moment."""
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=n) for n in range(1, 6)])
        await log.save_snapshot(place, SnapshotRecord(5, bytes(32), b"five"))
        held = own_valkey.folder / "held"
        shutil.copytree(own_valkey.folder / "appendonlydir", held)
        batches = await first(log)
        await log.append([group(place, n=n) for n in range(6, 10)])
        await log.save_snapshot(place, SnapshotRecord(9, bytes(32), b"nine"))
        assert [entry.seq for entry in await anext(batches)] == [6, 7, 8, 9]
        own_valkey.kill()
        shutil.rmtree(own_valkey.folder / "appendonlydir")
        held.rename(own_valkey.folder / "appendonlydir")
        own_valkey.start()
        assert await anext(batches) == []
        assert (await log.tip(place), await log.mark(place, AUTHOR, SESSION)) == (5, 5)
        assert await log.snapshot(place) == SnapshotRecord(5, bytes(32), b"five")
        (answer,) = await log.append([group(place, n=10)])
        assert (answer.code, answer.mark) == ("gap", 5)
        await log.append([group(place, n=6)])
        assert [entry.seq for entry in await anext(batches)] == [6]


# --- 7: full memory, trimming, slots -----------------------------------------------------------------------


async def test_7_a_full_store_takes_nothing_loses_nothing_and_recovers_alone(
    own_valkey: ValkeyServer,
) -> None:
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=1), group(place, n=2)])
        own_valkey.ask("CONFIG", "SET", "maxmemory", "1")
        both = [group(place, n=2), group(place, n=3), group(place, author="author-two", n=1)]
        with pytest.raises(LogAway) as full:
            await log.append(both)
        assert full.value.code == "full"
        with pytest.raises(LogAway, match=r".") as full:
            await log.save_snapshot(place, SnapshotRecord(2, bytes(32), b"two"))
        assert full.value.code == "full"
        # Reading goes on, and what was settled is still answered.
        assert [stored.seq for stored in await log.read(place, 0, 10)] == [1, 2]
        assert [answer.seq for answer in await log.append([group(place, n=1)])] == [1]
        own_valkey.ask("CONFIG", "SET", "maxmemory", "0")
        assert [answer.seq for answer in await log.append(both)] == [2, 3, 4]
        assert await log.tip(place) == 4


async def test_7_feeds_are_trimmed_and_logs_never(valkey: ValkeyServer) -> None:
    place = new_place()
    async with opened(valkey.url, LogSettings(feed_entries=100)) as log:
        for start in range(1, 5001, 500):
            await log.append([group(place, n=n) for n in range(start, start + 500)])
        feed = log_key(place).split("log:")[0] + "feed"
        assert valkey.ask("XLEN", log_key(place)) == 5000
        assert 100 <= valkey.ask("XLEN", feed) < 400
        ids = [stored.seq for stored in await log.read(place, 0, 10_000)]
        assert ids == list(range(1, 5001))


async def test_7_all_keys_of_an_append_share_a_slot() -> None:
    """A Cluster refuses a script whose keys lie in several slots, or that touches one it didn't declare."""
    with valkey_server({"cluster-enabled": "yes"}) as server:
        server.ask("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        await until_async(lambda: b"cluster_state:ok" in server.ask("CLUSTER", "INFO"))
        space = new_id("space")
        places = [Place(space, new_id("board")) for _ in range(5)]
        async with opened(server.url) as log:
            answers = await log.append([group(place, n=1) for place in places])
            assert [answer.seq for answer in answers] == [1] * 5
            await log.save_snapshot(places[0], SnapshotRecord(1, bytes(32), b"one"))


async def test_7_a_board_that_was_tampered_with_does_not_hold_up_others(valkey: ValkeyServer) -> None:
    """Its groups are refused as they are, not as if the store were away; the rest can go alone."""
    space = new_id("space")
    good, bad = Place(space, new_id("board")), Place(space, new_id("board"))
    valkey.ask("SET", log_key(bad), "not a stream")
    async with opened(valkey.url) as log:
        with pytest.raises(LogBroken):
            await log.append([group(good, n=1), group(bad, n=1)])
        assert (await log.tip(good), await log.mark(good, AUTHOR, SESSION)) == (0, 0)
        assert [answer.seq for answer in await log.append([group(good, n=1)])] == [1]


# --- 8: streams --------------------------------------------------------------------------------------------


async def test_8_an_entry_that_was_taken_out_leaves_its_seq_used(valkey: ValkeyServer) -> None:
    """The stream would refuse that id, half-way through a script."""
    place = new_place()
    async with opened(valkey.url) as log:
        await log.append([group(place, n=n) for n in (1, 2, 3)])
        valkey.ask("XDEL", log_key(place), "3-0")
        assert await log.tip(place) == 3
        (answer,) = await log.append([group(place, n=4)])
        assert answer.seq == 4


async def test_8_one_xread_over_the_feeds_however_many_boards(own_valkey: ValkeyServer) -> None:
    async with opened(own_valkey.url) as log:
        batches = await first(log)
        places = [new_place() for _ in range(200)]
        for place in places:
            await log.append([group(place, n=1)])
        heard: set[str] = set()
        while len(heard) < 200:
            heard |= {entry.board for entry in await anext(batches)}
        assert heard == {place.board for place in places}
        keys = own_valkey.ask("KEYS", "tc:*:feed")
        assert len(keys) <= 64
        reading = asyncio.ensure_future(anext(batches))
        await until_async(lambda: "cmd=xread" in str(own_valkey.ask("CLIENT", "LIST")))
        assert str(own_valkey.ask("CLIENT", "LIST")).count("cmd=xread") == 1
    await asyncio.gather(reading, return_exceptions=True)


# --- 9: a store that is down -------------------------------------------------------------------------------


async def test_9_a_worker_starts_without_its_store_and_goes_on_once_it_returns() -> None:
    place = new_place()
    with valkey_server(starts=False) as server:
        async with opened(server.url, IMPATIENT) as log:
            batches = log.follow()
            beginning = asyncio.ensure_future(anext(batches))
            for ask in (
                lambda: log.tip(place),
                log.durability,
                lambda: log.space("nobody-here"),
                lambda: log.append([group(place, n=1)]),
            ):
                with pytest.raises(LogAway) as away:
                    await ask()
                assert away.value.code == "away"
                assert "lost" in away.value.words
            await log.publish(place.space, b"nobody hears this, and that is no trouble")
            assert not beginning.done()
            await asyncio.to_thread(server.start)
            assert await beginning == []
            assert [answer.seq for answer in await log.append([group(place, n=1)])] == [1]
            assert [entry.seq for entry in await anext(batches)] == [1]


async def test_9_after_one_wait_further_appends_are_told_at_once() -> None:
    """While the store is known to be away nobody waits ten seconds for each group."""
    with valkey_server(starts=False) as server:
        async with opened(server.url, LogSettings(append_timeout_s=0.2, append_patience_s=0.4)) as log:
            clock = asyncio.get_running_loop().time
            waits = []
            for n in (1, 2, 3):
                began = clock()
                with pytest.raises(LogAway):
                    await log.append([group(new_place(), n=n)])
                waits.append(clock() - began)
            assert waits[0] >= 0.4 > max(waits[1:])


async def test_9_a_store_that_does_not_let_us_in_is_told_without_the_password() -> None:
    with valkey_server() as server:
        server.ask("CONFIG", "SET", "requirepass", "canary-inside")
        place = new_place()
        async with opened(f"unix://:canary-outside@{server.socket}", IMPATIENT) as log:
            for ask in (lambda: log.append([group(place, n=1)]), lambda: log.tip(place)):
                with pytest.raises(LogAway) as away:
                    await ask()
                assert "password" in away.value.words
                assert "canary" not in away.value.words
        async with opened(f"unix://:canary-inside@{server.socket}") as log:
            assert [answer.seq for answer in await log.append([group(place, n=1)])] == [1]


async def test_9_closing_does_not_wait_for_a_store_that_is_away() -> None:
    with valkey_server(starts=False) as server:
        log = ValkeyLog(server.url)
        appending = asyncio.ensure_future(log.append([group(new_place(), n=1)]))
        following = asyncio.ensure_future(anext(log.follow(), "ended"))
        await asyncio.wait([appending], timeout=0.1)
        async with asyncio.timeout(5):
            await log.close()
            with pytest.raises(LogAway):
                await appending
            assert await following == "ended"


async def test_9_a_store_that_restarts_loses_its_scripts_and_nobody_notices(own_valkey: ValkeyServer) -> None:
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=1)])
        own_valkey.ask("SCRIPT", "FLUSH")
        assert [answer.seq for answer in await log.append([group(place, n=2)])] == [2]
        own_valkey.restart()
        assert [answer.seq for answer in await log.append([group(place, n=3)])] == [3]
        assert valkey_ttl(own_valkey, place) > 89 * 86400


def valkey_ttl(server: ValkeyServer, place: Place) -> int:
    """How long a mark still stays, in seconds."""
    return int(server.ask("TTL", mark_key(place, AUTHOR, SESSION)))
