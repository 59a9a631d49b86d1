"""The traps of Valkey's client (TRAPS 1 to 3), by their numbers. Each test fails without its cure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import redis.asyncio
import redis.exceptions
from tablecloth.log.address import connection_to
from tablecloth.log.clients import make_client
from tablecloth.log.interface import FeedEntry, LogAway, Place
from tablecloth.log.keys import log_key
from tablecloth.log.lines import StoreLine
from tablecloth.log.settings import LogSettings
from tablecloth.log.valkey_log import ValkeyLog

from tests.support.log_groups import group
from tests.support.proxy import Proxy
from tests.support.valkey import (
    ValkeyServer,
    new_id,
    new_place,
    opened,
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


# --- 1: replies that are lost ------------------------------------------------------------------------------


async def test_1_an_append_whose_answers_are_lost_counts_once(valkey: ValkeyServer) -> None:
    place = new_place()
    async with Proxy(to=valkey.socket) as proxy:
        async with through(proxy) as log:
            proxy.lose_replies(2)
            (answer,) = await log.append([group(place, n=1)])
        assert proxy.lost == 2
    assert (answer.seq, answer.repeated) == (1, True)
    assert valkey.ask("XLEN", log_key(place)) == 1


async def test_1_the_trap_is_there_and_our_client_has_its_cure(valkey: ValkeyServer) -> None:
    """The client as it comes appends three times; ours says that it doesn't know."""
    async with Proxy(to=valkey.socket) as proxy:
        as_it_comes = redis.asyncio.Redis(host="127.0.0.1", port=proxy.port, protocol=2, driver_info=None)
        ours = make_client(proxy.valkey_url, 3.0, retries=0, connections=2)
        entries = {}
        for client, name in ((as_it_comes, "tc-test:as-it-comes"), (ours, "tc-test:ours")):
            await client.ping()
            proxy.lose_replies(2)
            try:
                await client.xadd(name, {"e": "x"})
            except redis.exceptions.ConnectionError:
                assert client is ours
            proxy.lose_replies(0)
            entries[name] = valkey.ask("XLEN", name)
            valkey.ask("DEL", name)
            await client.aclose()
    assert entries == {"tc-test:as-it-comes": 3, "tc-test:ours": 1}


# --- 2: timeouts and pools ---------------------------------------------------------------------------------


async def test_2_waiting_for_entries_is_not_taken_for_a_break(valkey: ValkeyServer) -> None:
    """An idle XREAD comes back empty and goes on, on the same connection and without an empty batch."""
    place = new_place()
    async with Proxy(to=valkey.socket) as proxy, opened(proxy.valkey_url) as log:
        batches = await first(log)
        waiting = asyncio.ensure_future(anext(batches))
        # A first XREAD of 2 s, then another.
        sent = proxy.sent_bytes
        await proxy.until_sent(sent + 1)
        await proxy.until_sent(proxy.sent_bytes + 1)
        assert proxy.accepted == 1
        await log.append([group(place, n=1)])
        heard = await waiting
        while not any(entry.board == place.board for entry in heard):
            assert heard
            heard = await anext(batches)


async def test_2_a_frozen_store_is_noticed_in_seconds(own_valkey: ValkeyServer) -> None:
    async with opened(own_valkey.url, IMPATIENT) as log:
        place = new_place()
        await log.append([group(place, n=1)])
        own_valkey.freeze()
        try:
            async with asyncio.timeout(10):
                with pytest.raises(LogAway) as away:
                    await log.append([group(place, n=2)])
                assert away.value.code == "away"
                with pytest.raises(LogAway):
                    await log.tip(place)
        finally:
            own_valkey.thaw()
        # What it still had in its ears was carried out, or not: either way n counts once.
        (answer,) = await log.append([group(place, n=2)])
        assert (answer.seq, answer.mark) == (2, 2)
        assert await log.tip(place) == 2


async def test_2_a_whole_hall_may_ask_at_once(valkey_log: ValkeyLog) -> None:
    """The pool lets callers wait instead of raising at the hundredth."""
    assert await asyncio.gather(*(valkey_log.tip(new_place()) for _ in range(500))) == [0] * 500


# --- 3: cancelling -----------------------------------------------------------------------------------------


async def test_3_who_is_cancelled_leaves_no_answer_to_the_next(valkey: ValkeyServer) -> None:
    async with Proxy(to=valkey.socket) as proxy, opened(proxy.valkey_url) as log:
        space = new_id("space")
        places = [Place(space, new_id("board")) for _ in range(20)]
        await log.append(
            [group(place, n=1, entries=[(b"x", None)] * (i + 1)) for i, place in enumerate(places)]
        )
        await asyncio.gather(*(log.tip(place) for place in places))
        connections = proxy.accepted
        proxy.delay_s = 0.02
        for cancelled in range(20):
            sent = proxy.sent_bytes
            asking = [asyncio.ensure_future(log.tip(place)) for place in places]
            await proxy.until_sent(sent + 1)
            asking[cancelled].cancel()
            tips = await asyncio.gather(*asking, return_exceptions=True)
            assert isinstance(tips.pop(cancelled), asyncio.CancelledError)
            assert tips == [i + 1 for i in range(20) if i != cancelled]
        # Nor was a connection thrown away for each.
        assert proxy.accepted == connections


async def test_3_an_answer_that_comes_too_late_is_nobody_elses(valkey: ValkeyServer) -> None:
    """Each line is asked again while its first answer is still on its way."""
    async with Proxy(to=valkey.socket) as proxy:
        line = StoreLine(connection_to(proxy.valkey_url, 2.0), timeout_s=0.2)
        assert await line.ask("ECHO", "before") == b"before"
        proxy.freeze()
        for late in ("one", "two"):
            with pytest.raises(TimeoutError):
                await line.ask("ECHO", late)
        proxy.thaw()
        assert await line.ask("ECHO", "after") == b"after"
        with pytest.raises(redis.exceptions.ResponseError):
            await line.ask_all([("NO", "such"), ("ECHO", "lost")])
        assert await line.ask("ECHO", "again") == b"again"
        proxy.delay_s = 0.05
        asking = asyncio.ensure_future(line.ask("ECHO", "cancelled"))
        sent = proxy.sent_bytes
        await proxy.until_sent(sent + 1)
        asking.cancel()
        await asyncio.wait([asking])
        assert await line.ask("ECHO", "last") == b"last"
        await line.close()


async def test_3_an_append_whose_caller_is_cancelled_is_carried_out(valkey: ValkeyServer) -> None:
    place = new_place()
    async with Proxy(to=valkey.socket) as proxy, through(proxy) as log:
        proxy.freeze()
        appending = asyncio.ensure_future(log.append([group(place, n=1)]))
        await asyncio.sleep(0)
        appending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await appending
        proxy.thaw()
        # Closing waits for what has begun.
    assert valkey.ask("XLEN", log_key(place)) == 1
