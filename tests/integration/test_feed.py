"""Following the feeds: what is trimmed before it was read, breaks, and falling behind without loss."""

from __future__ import annotations

import asyncio

import pytest
from tablecloth.log.feed import READ_ENTRIES
from tablecloth.log.interface import Place
from tablecloth.log.keys import feed_key
from tablecloth.log.settings import LogSettings

from tests.support.log_groups import group
from tests.support.proxy import Proxy
from tests.support.valkey import ValkeyServer, new_place, opened, until_async

pytestmark = pytest.mark.integration


async def fill(url: str, place: Place, first: int, last: int, settings: LogSettings | None = None) -> None:
    """Append so many groups by another worker."""
    async with opened(url, settings) as writer:
        for start in range(first, last + 1, 500):
            await writer.append([group(place, n=n) for n in range(start, min(start + 500, last + 1))])


async def test_an_overrun_is_told_and_the_log_has_it_all(own_valkey: ValkeyServer) -> None:
    """A worker that read nothing while its feed was trimmed reads the log, and goes on from the feed."""
    place = new_place()
    short = LogSettings(feed_entries=200)
    async with opened(own_valkey.url, short) as log:
        await log.append([group(place, n=1)])
        batches = log.follow()
        assert await anext(batches) == []
        await fill(own_valkey.url, place, 2, 3000, short)
        assert await anext(batches) == []
        held = [stored.seq for stored in await log.read(place, 0, 10_000)]
        await log.append([group(place, n=3001)])
        while held[-1] < 3001:
            held += [entry.seq for entry in await anext(batches) if entry.seq > held[-1]]
        assert held == list(range(1, 3002))


async def test_falling_behind_within_the_feed_loses_nothing(own_valkey: ValkeyServer) -> None:
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=1)])
        batches = log.follow()
        assert await anext(batches) == []
        await fill(own_valkey.url, place, 2, 3 * READ_ENTRIES)
        heard: list[int] = []
        while len(heard) < 3 * READ_ENTRIES - 1:
            batch = await anext(batches)
            assert 0 < len(batch) <= READ_ENTRIES
            heard += [entry.seq for entry in batch]
        assert heard == list(range(2, 3 * READ_ENTRIES + 1))


async def test_a_break_is_told_and_what_follows_is_heard(valkey: ValkeyServer) -> None:
    place = new_place()
    async with Proxy(to=valkey.socket) as proxy, opened(proxy.valkey_url) as log:
        batches = log.follow()
        assert await anext(batches) == []
        for n in range(1, 6):
            waiting = asyncio.ensure_future(anext(batches))
            await until_async(lambda: proxy.lines > 0)
            proxy.cut()
            while await waiting:
                waiting = asyncio.ensure_future(anext(batches))
            await log.append([group(place, n=n)])
            while n not in [entry.seq for entry in await anext(batches) if entry.board == place.board]:
                pass


async def test_a_feed_that_was_emptied_is_no_trouble(own_valkey: ValkeyServer) -> None:
    place = new_place()
    async with opened(own_valkey.url) as log:
        await log.append([group(place, n=1)])
        batches = log.follow()
        assert await anext(batches) == []
        for bucket in range(64):
            own_valkey.ask("DEL", feed_key(bucket))
        await log.append([group(place, n=2)])
        assert [entry.seq for entry in await anext(batches)] == [2]


async def test_talk_goes_on_after_a_break(valkey: ValkeyServer) -> None:
    async with Proxy(to=valkey.socket) as proxy, opened(proxy.valkey_url) as one, opened(valkey.url) as two:
        space = new_place().space
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def listen() -> None:
            async for where, message in one.hear():
                if where == space:
                    heard.put_nowait(message)

        async def say_until_heard(message: bytes) -> None:
            async with asyncio.timeout(20):
                while True:
                    await two.publish(space, message)
                    try:
                        async with asyncio.timeout(0.05):
                            while await heard.get() != message:
                                pass
                            return
                    except TimeoutError:
                        continue

        listening = asyncio.create_task(listen())
        await say_until_heard(b"before")
        proxy.cut()
        await say_until_heard(b"after")
        await one.close()
        await listening


@pytest.mark.parametrize("denied", [(), ("-spublish", "-ssubscribe")])
async def test_talk_is_sharded_where_the_server_lets_us(
    own_valkey: ValkeyServer, denied: tuple[str, ...]
) -> None:
    if denied:
        own_valkey.ask("ACL", "SETUSER", "default", *denied)
    async with opened(own_valkey.url) as one, opened(own_valkey.url) as two:
        words = one.hear()
        hearing = asyncio.ensure_future(anext(words))
        while not hearing.done():
            await two.publish("space-to-talk-in", b"hello")
            await asyncio.wait([hearing], timeout=0.02)
        assert hearing.result() == ("space-to-talk-in", b"hello")
        kind = "SHARDCHANNELS" if not denied else "CHANNELS"
        assert len(own_valkey.ask("PUBSUB", kind)) == 64
