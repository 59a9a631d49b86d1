"""A store that stands in for Valkey in measurements of this side's work: it answers the real appender and the
real feed on their own lines, and what it takes to do so is counted apart, so that it can be left out.

It keeps what ``append.lua`` would keep of the logs and marks, as far as people who never repeat anything
need it. Everything between a socket's bytes and the bytes for the sockets is the product's own code.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any, cast

import msgpack
from tablecloth.core.tip import Tip
from tablecloth.log.append import Appender
from tablecloth.log.clients import UnderWay
from tablecloth.log.feed import Feed
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
from tablecloth.log.keys import log_key
from tablecloth.log.lines import StoreLine, StoreLines, Word
from tablecloth.log.settings import LogSettings


class StandInStore:
    """Logs and feeds in memory. ``cost_s``: CPU seconds that it used itself."""

    def __init__(self) -> None:
        self.logs: dict[bytes, list[bytes]] = {}
        self.marks: dict[bytes, int] = {}
        self.cost_s = 0.0
        self._fresh: dict[bytes, list[list[Any]]] = {}
        self._ids = 0
        self._news = asyncio.Event()

    async def ask_all(self, commands: Sequence[tuple[Word, ...]]) -> list[Any]:
        """As ``StoreLine.ask_all``."""
        if commands[0][0] == "XREAD":
            return [await self._read()]
        began = time.thread_time()
        replies = [self._append(words) if words[0] == "EVALSHA" else [] for words in commands]
        self.cost_s += time.thread_time() - began
        return replies

    def _append(self, words: tuple[Word, ...]) -> list[int | bytes]:
        count = cast(int, words[2])
        keys = [key.encode() if isinstance(key, str) else cast(bytes, key) for key in words[3 : 3 + count]]
        answers: list[int | bytes] = []
        now = (time.time_ns() // 1_000_000).to_bytes(8, "big")
        fresh = self._fresh.setdefault(keys[0], [])
        for log, mark, board, n, refusal, tails, _ in msgpack.unpackb(
            cast(bytes, words[3 + count]), raw=True, use_list=False
        ):
            self.marks[keys[mark - 1]] = n
            if refusal:
                answers += (0, refusal, 0, n)
                continue
            entries = self.logs.setdefault(keys[log - 1], [])
            answers += (len(entries) + 1, b"", 0, n)
            for tail in tails:
                raw = b"\x94\xcf" + (len(entries) + 1).to_bytes(8, "big") + b"\xcf" + now + tail
                entries.append(raw)
                self._ids += 1
                fresh.append([b"1-%d" % self._ids, [board, raw]])
        self._news.set()
        return answers

    async def _read(self) -> list[list[Any]]:
        while not any(self._fresh.values()):
            self._news.clear()
            await self._news.wait()
        fresh, self._fresh = self._fresh, {}
        return [[key, entries] for key, entries in fresh.items() if entries]


class StandInLine(StoreLine):
    """A line to the store that stands in."""

    def __init__(self, store: StandInStore) -> None:
        self._store = store

    async def ask(self, *words: Word) -> Any:
        return (await self._store.ask_all([words]))[0]

    async def ask_all(self, commands: Sequence[tuple[Word, ...]]) -> list[Any]:
        return await self._store.ask_all(commands)

    async def close(self) -> None:
        pass


class StandInLog:
    """A ``Log`` whose appending and whose feed are the real ones, over lines to the store that stands in."""

    def __init__(self) -> None:
        # Feeds are read whole, so nothing is ever trimmed behind a reader.
        settings = LogSettings(feed_entries=1 << 30)
        self.store = StandInStore()
        under_way, closing = UnderWay(), asyncio.Event()
        self._lines = StoreLines(lambda: StandInLine(self.store), most=16)
        self._appender = Appender(self._lines, under_way, closing, settings)
        self._feed = Feed(lambda: StandInLine(self.store), under_way, closing, settings)
        self._feed._count = 1 << 30
        self._spaces: dict[str, SpaceRecord] = {}

    async def append(self, groups: list[Group]) -> list[Answer]:
        return await self._appender.append(groups)

    async def read(self, place: Place, after: int, limit: int) -> list[Stored]:
        raws = self.store.logs.get(log_key(place).encode(), [])[after : after + limit]
        return [Stored(after + index, raw) for index, raw in enumerate(raws, 1)]

    async def tip(self, place: Place) -> int:
        return len(self.store.logs.get(log_key(place).encode(), []))

    async def mark(self, place: Place, author: str, session: str) -> int:
        return 0

    async def snapshot(self, place: Place) -> SnapshotRecord | None:
        return None

    async def save_snapshot(self, place: Place, record: SnapshotRecord) -> None:
        pass

    async def signed_tip(self, place: Place) -> Tip | None:
        return None

    async def save_tip(self, place: Place, tip: Tip) -> None:
        pass

    async def withhold(self, place: Place, seqs: Collection[int]) -> None:
        pass

    async def scrub(self) -> None:
        pass

    async def owe(self, owed: Owed) -> None:
        pass

    async def owed(self) -> list[Owed]:
        return []

    async def settle(self, owed: Owed) -> None:
        pass

    async def name_board(self, space: str, board: str, title: str, most: int) -> bool:
        return False

    async def offer(self, place: Place, seq: int, window_ms: int) -> tuple[int, int]:
        return seq, 0

    async def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        return -1

    async def begin_again(self, record: SpaceRecord) -> bool:
        return False

    def follow(self) -> AsyncIterator[list[FeedEntry]]:
        return self._feed.follow()

    async def create_space(self, record: SpaceRecord, founding: list[Group]) -> None:
        await self.append(founding)
        self._spaces[record.space] = record

    async def add_board(self, founding: Group, title: str, most: int) -> bool:
        return False

    async def space(self, space: str) -> SpaceRecord | None:
        return self._spaces.get(space)

    async def keep_image(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        return False

    async def image(self, space: str, asset: str) -> ImageRecord | None:
        return None

    async def set_name(self, space: str, author: str, name: str) -> None:
        pass

    async def remove_image(self, space: str, asset: str) -> None:
        raise NotImplementedError

    async def retitle(self, space: str, board: str, title: str) -> None:
        raise NotImplementedError

    async def here(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        return stay

    async def publish(self, space: str, message: bytes) -> None:
        pass

    async def hear(self) -> AsyncIterator[tuple[str, bytes]]:
        await asyncio.Event().wait()
        yield "", b""

    async def durability(self) -> Durability:
        return "fsync"

    async def close(self) -> None:
        pass
