"""``ValkeyLog``: the log of all boards in Valkey (or Redis 7 and later), as ``interface.Log`` promises it.

It ties the parts together, and turns every trouble of the store into LogAway. The constructor does no I/O: a
worker starts while its store is down, says so, and goes on by itself once it returns (TRAPS 9).

One event loop, one worker, one ValkeyLog. For a standalone store; what a Cluster needs beyond the keys,
which are ready for it, stands in ``feed.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from typing import Any, TypeVar, cast

from redis.exceptions import ResponseError

from tablecloth import limits
from tablecloth.core.tip import Tip
from tablecloth.log.append import Appender
from tablecloth.log.clients import Clients, UnderWay, answered, command
from tablecloth.log.durability import ask_durability
from tablecloth.log.feed import Feed
from tablecloth.log.images import Images
from tablecloth.log.interface import (
    Answer,
    Durability,
    FeedEntry,
    Group,
    ImageRecord,
    Owed,
    Place,
    SnapshotRecord,
    SpaceRecord,
    Stored,
)
from tablecloth.log.keys import log_key, mark_key
from tablecloth.log.rescues import Rescues
from tablecloth.log.settings import LogSettings
from tablecloth.log.snapshots import Snapshots
from tablecloth.log.spaces import Spaces
from tablecloth.log.talk import Talk
from tablecloth.log.tips import Tips
from tablecloth.log.withdrawals import Withdrawals

Result = TypeVar("Result")

_FOUNDING_PATIENCE_S = 1.0
"""Somebody waits before an empty page: they would rather be told."""
_SLOT = 16
"""Characters of a slot of a mark (append.lua)."""


class ValkeyLog:
    """A log in Valkey. Every method does what ``interface.Log`` says of it.

    ``url``: ``redis://``, ``rediss://`` (TLS) or ``unix://``, the first two also as ``valkey://`` and
    ``valkeys://``. Raises SetupProblem if it can't be understood.
    """

    def __init__(self, url: str, settings: LogSettings | None = None) -> None:
        settings = settings or LogSettings()
        self._clients = Clients(url, settings)
        self._under_way = UnderWay()
        self._closing = asyncio.Event()
        self._appender = Appender(self._clients.append, self._under_way, self._closing, settings)
        self._feed = Feed(self._clients.feed_line, self._under_way, self._closing, settings)
        self._talk = Talk(
            self._clients.talk, self._clients.rest, self._under_way, self._closing, settings.block_s
        )
        self._snapshots = Snapshots(self._clients.rest)
        self._spaces = Spaces(self._clients.rest)
        self._images = Images(self._clients.rest)
        self._tips = Tips(self._clients.rest)
        self._withdrawals = Withdrawals(self._clients.rest, self._closing)
        self._rescues = Rescues(self._clients.rest)

    async def append(self, groups: list[Group]) -> list[Answer]:
        return await self._appender.append(groups)

    async def read(self, place: Place, after: int, limit: int) -> list[Stored]:
        return await self._ask(self._read(place, after, limit))

    async def _read(self, place: Place, after: int, limit: int) -> list[Stored]:
        reply = await command(
            self._clients.rest, "XRANGE", log_key(place), f"{after + 1}-0", "+", "COUNT", limit
        )
        entries = cast(list[tuple[bytes, list[bytes]]], reply)
        return [Stored(int(stream_id.partition(b"-")[0]), fields[1]) for stream_id, fields in entries]

    async def tip(self, place: Place) -> int:
        return await self._ask(self._tip(place))

    async def _tip(self, place: Place) -> int:
        try:
            info = await self._clients.rest.xinfo_stream(log_key(place))
        except ResponseError as problem:
            if "no such key" in str(problem):
                return 0
            raise
        # The last *generated* id: an entry that was taken out leaves its seq used (TRAPS 8).
        return int(cast(bytes, info["last-generated-id"]).partition(b"-")[0])

    async def mark(self, place: Place, author: str, session: str) -> int:
        return await self._ask(self._mark(mark_key(place, author, session)))

    async def _mark(self, key: str) -> int:
        # One transaction: between two commands an append might move the slots.
        async with self._clients.rest.pipeline(transaction=True) as pipe:
            pipe.execute_command("STRLEN", key)
            pipe.execute_command("GETRANGE", key, 0, _SLOT - 1)
            length, dropped = cast(tuple[int, bytes], await pipe.execute())
        return int(dropped) + length // _SLOT - 1 if length else 0

    async def snapshot(self, place: Place) -> SnapshotRecord | None:
        return await self._ask(self._snapshots.read(place))

    async def save_snapshot(self, place: Place, record: SnapshotRecord) -> None:
        await self._ask(self._snapshots.save(place, record))

    async def signed_tip(self, place: Place) -> Tip | None:
        return await self._ask(self._tips.read(place))

    async def save_tip(self, place: Place, tip: Tip) -> None:
        await self._ask(self._tips.save(place, tip))

    async def withhold(self, place: Place, seqs: Collection[int]) -> None:
        await self._ask(self._withdrawals.withhold(place, seqs))

    async def scrub(self) -> None:
        await self._ask(self._withdrawals.scrub())

    async def owe(self, owed: Owed) -> None:
        await self._ask(self._withdrawals.owe(owed))

    async def owed(self) -> list[Owed]:
        return await self._ask(self._withdrawals.owed())

    async def settle(self, owed: Owed) -> None:
        await self._ask(self._withdrawals.settle(owed))

    def follow(self) -> AsyncIterator[list[FeedEntry]]:
        return self._feed.follow()

    async def create_space(self, record: SpaceRecord, founding: list[Group]) -> None:
        # The logs first: a space that can be found has its boards. Founded boards without a space are found
        # by nobody.
        await self._appender.append(founding, _FOUNDING_PATIENCE_S)
        await self._ask(self._spaces.save(record))

    async def add_board(self, founding: Group, title: str, most: int) -> bool:
        place = founding.place
        # The log first, as for a space.
        await self._appender.append([founding], _FOUNDING_PATIENCE_S)
        return await self._ask(self._spaces.add_board(place.space, place.board, title, most))

    async def name_board(self, space: str, board: str, title: str, most: int) -> bool:
        return await self._ask(self._spaces.add_board(space, board, title, most))

    async def offer(self, place: Place, seq: int, window_ms: int) -> tuple[int, int]:
        return await self._ask(self._rescues.offer(place, seq, window_ms))

    async def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        return await self._ask(self._rescues.put_back(place, entries, held))

    async def begin_again(self, record: SpaceRecord) -> bool:
        return await self._ask(self._rescues.begin_again(record))

    async def space(self, space: str) -> SpaceRecord | None:
        return await self._ask(self._spaces.read(space))

    async def set_name(self, space: str, author: str, name: str) -> None:
        await self._ask(self._spaces.set_name(space, author, name))

    async def keep_image(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        return await self._ask(self._images.keep(space, record, most_bytes, most))

    async def image(self, space: str, asset: str) -> ImageRecord | None:
        return await self._ask(self._images.read(space, asset))

    async def remove_image(self, space: str, asset: str) -> None:
        await self._ask(self._images.remove(space, asset))

    async def retitle(self, space: str, board: str, title: str) -> None:
        await self._ask(self._spaces.retitle(space, board, title))

    async def here(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        for_ms = limits.FANOUT_PRESENCE_LOST_S * 1000
        return await self._ask(self._spaces.here(space, stay, leave, for_ms))

    async def publish(self, space: str, message: bytes) -> None:
        await self._talk.publish(space, message)

    def hear(self) -> AsyncIterator[tuple[str, bytes]]:
        return self._talk.hear()

    async def durability(self) -> Durability:
        return await self._ask(ask_durability(self._clients.rest))

    async def close(self) -> None:
        """Finish what is under way and let go of the store. The iterators end. A repeat is harmless.

        An append that the store doesn't answer is given up after its present try.
        """
        self._closing.set()
        # What waits for others to speak would hold us up for its BLOCK: its connection goes first.
        await self._feed.wake()
        await self._clients.wake()
        await self._under_way.drain()
        await self._clients.close()

    async def _ask(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Carry a command of ``rest`` through to its end (TRAPS 3); its troubles become LogAway."""
        return await answered(self._under_way.finish(work))
