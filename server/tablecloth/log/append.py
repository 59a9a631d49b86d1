"""Groups on their way into the log: packed, sent to ``append.lua`` in calls of bounded size, repeated until
answered.

A tick may hold groups of many buckets: each bucket has a call of its own, and all calls go together, because
a round trip costs more than what it brings. Invariants: a bucket's chunks go one after another, each in a
round of its own, so that a session's n never overtakes its own predecessor; only the script is repeated,
because its marks make each n count once (TRAPS 1); a call that has begun is never cancelled (TRAPS 3).

Patience: an append that gets no answer is repeated for ``patience_s``, long enough for a store to restart.
After that LogAway tells the sessions, and until the store answers again each further append tries once only:
waiting ten seconds for every group would keep people in the dark for minutes.

Rejected: pipelining the chunks (a lost first one would leave the second with a gap).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any, cast

import msgpack

from tablecloth.log.away import CONNECTION_LOST, STORE_TROUBLE, is_mistake, log_away
from tablecloth.log.clients import Pause, Script, UnderWay, wait_or_close
from tablecloth.log.interface import Answer, Group, LogBroken, bucket_of
from tablecloth.log.keys import feed_key, log_key, mark_key
from tablecloth.log.lines import StoreLines, Word
from tablecloth.log.settings import LogSettings

_FRESH_S = 43_200.0
_MOST_FRESH = 100_000
MAX_CODE = 16
"""Characters of a refusal's code: a slot of a mark."""


_SHORT_BIN = [b"\xc4" + bytes((length,)) for length in range(256)]


def _bin(data: bytes) -> bytes:
    """A byte string as MessagePack, in the shortest form."""
    length = len(data)
    if length < 1 << 8:
        return _SHORT_BIN[length] + data
    if length < 1 << 16:
        return b"\xc5" + length.to_bytes(2, "big") + data
    return b"\xc6" + length.to_bytes(4, "big") + data


def entry_tail(head: bytes, body: bytes | None) -> bytes:
    """What of an entry's bytes is known before it has a seq: ``bin(head)`` and ``bin(body)`` or nil
    (FOLD-1).
    """
    return _bin(head) + (b"\xc0" if body is None else _bin(body))


def check_groups(groups: list[Group]) -> None:
    """Raise ValueError for what no caller may ask. The script relies on it: it must not stop half-way."""
    for group in groups:
        if group.n < 1 and (group.n < 0 or group.when is None or group.refusal is not None):
            raise ValueError("n counts from 1")
        if any(place.space != group.place.space for place, _ in group.also):
            raise ValueError("what belongs together is of one space")
        if group.also and group.when is None:
            raise ValueError("what goes to several boards is thought out for a state of the log")
        if group.refusal is None:
            if not group.entries:
                raise ValueError("a group has entries or a refusal")
        elif group.entries or not is_code(group.refusal):
            raise ValueError(f"a refusal has no entries and a code of 1 to {MAX_CODE} characters")


def is_code(text: str) -> bool:
    """Whether a mark can keep this code."""
    return 0 < len(text) <= MAX_CODE and text.isascii() and not text.isdigit() and " " not in text


def _weight(group: Group) -> int:
    """Bytes of a group's entries."""
    size = 0
    for head, body in group.entries:
        size += len(head) + (len(body) if body is not None else 0)
    for _, entries in group.also:
        size += sum(len(head) + len(body or b"") for head, body in entries)
    return size


def chunks_of(groups: list[Group], most_groups: int, most_bytes: int) -> Iterator[list[Group]]:
    """Cut a tick's groups into calls. A single group larger than ``most_bytes`` goes alone."""
    chunk: list[Group] = []
    size = 0
    for group in groups:
        weight = _weight(group)
        if chunk and (len(chunk) >= most_groups or size + weight > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(group)
        size += weight
    if chunk:
        yield chunk


def rounds_of(groups: list[Group], most_groups: int, most_bytes: int) -> Iterator[list[list[int]]]:
    """Which groups, by their place in the list, go together: rounds of calls, one call a bucket in each."""
    places: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        places.setdefault(bucket_of(group.place.space), []).append(place)
    queues: list[deque[list[int]]] = []
    for of_bucket in places.values():
        queue: deque[list[int]] = deque()
        start = 0
        for chunk in chunks_of([groups[place] for place in of_bucket], most_groups, most_bytes):
            queue.append(of_bucket[start : start + len(chunk)])
            start += len(chunk)
        queues.append(queue)
    while queues:
        yield [queue.popleft() for queue in queues]
        queues = [queue for queue in queues if queue]


def pack_call(groups: list[Group], fresh: AbstractSet[str]) -> tuple[list[str], bytes]:
    """KEYS and ARGV[1] of ``append.lua``. All keys are declared there and share a slot (TRAPS 7).

    ``fresh``: the marks whose expiry was written not long ago.
    """
    places: dict[str, int] = {feed_key(bucket_of(groups[0].place.space)): 1}
    place_of = places.setdefault
    packed: list[tuple[object, ...]] = []
    for group in groups:
        mark = mark_key(group.place, group.author, group.session)
        said: tuple[object, ...] = (
            place_of(log_key(group.place), len(places) + 1),
            place_of(mark, len(places) + 1) if group.n else 0,
            group.place.board,
            group.n,
            group.refusal or "",
            [entry_tail(head, body) for head, body in group.entries],
            (0 if mark in fresh else 1) + (2 if group.needs_log else 0),
        )
        if group.when is not None:
            when = group.when
            others = [
                (
                    place_of(log_key(place), len(places) + 1),
                    place.board,
                    [entry_tail(head, body) for head, body in entries],
                )
                for place, entries in group.also
            ]
            said = (*said, (when.seq, when.since, when.until), others)
        packed.append(said)
    blob = cast(bytes, msgpack.packb(packed, use_bin_type=False))
    return list(places), blob


def read_answers(reply: list[int | bytes]) -> list[Answer]:
    """The flat reply of the script as answers."""
    items = iter(cast(list[Any], reply))
    return [
        Answer(seq, code.decode("ascii") if code else None, repeated == 1, mark)
        for seq, code, repeated, mark in zip(items, items, items, items, strict=True)
    ]


class Appender:
    """Appends, for one worker."""

    def __init__(
        self, lines: StoreLines, under_way: UnderWay, closing: asyncio.Event, settings: LogSettings
    ) -> None:
        self._lines = lines
        self._under_way = under_way
        self._closing = closing
        self._settings = settings
        self._script = Script("append.lua")
        self._limits = [settings.feed_entries, settings.mark_outcomes, settings.mark_s]
        self._fresh: set[str] = set()
        """Marks (among other keys) whose expiry this worker wrote in the last half day. They stay for months
        after their last use: asking the store with every edit would be one command of six.
        """
        self._forget_at = 0.0
        self._is_away = False

    async def append(self, groups: list[Group], patience_s: float | None = None) -> list[Answer]:
        """See ``Log.append``; ``patience_s`` instead of the usual. If a later round ends in LogAway, the
        earlier ones stand, and of its own calls some may: repeat all, it is harmless.
        """
        if not groups:
            return []
        check_groups(groups)
        return await self._under_way.finish(self._append(groups, patience_s))

    async def _append(self, groups: list[Group], patience_s: float | None) -> list[Answer]:
        answers: dict[int, Answer] = {}
        for calls in rounds_of(groups, self._settings.append_batch, self._settings.append_bytes):
            packed = [pack_call([groups[place] for place in call], self._fresh) for call in calls]
            for call, reply in zip(calls, await self._until_answered(packed, patience_s), strict=True):
                answers.update(zip(call, read_answers(reply), strict=True))
            self._note_expiries(packed)
        return [answers[place] for place in range(len(groups))]

    def _note_expiries(self, calls: list[tuple[list[str], bytes]]) -> None:
        """These calls were carried out."""
        now = asyncio.get_running_loop().time()
        if now >= self._forget_at or len(self._fresh) > _MOST_FRESH:
            self._fresh.clear()
            self._forget_at = now + _FRESH_S
        for keys, _ in calls:
            self._fresh.update(keys)

    async def _until_answered(
        self, calls: list[tuple[list[str], bytes]], patience_s: float | None
    ) -> list[list[int | bytes]]:
        """Run the script for each call until the store answers all, or raise LogAway."""
        words: list[tuple[list[str], list[Word]]] = [(keys, [blob, *self._limits]) for keys, blob in calls]
        clock = asyncio.get_running_loop().time
        is_usual = patience_s is None
        patience_s = self._settings.append_patience_s if patience_s is None else patience_s
        give_up = clock() + (0 if self._is_away else patience_s)
        pause = Pause()
        while True:
            try:
                replies = await self._script.run_all(self._lines.ask_all, words)
            except CONNECTION_LOST as problem:
                if clock() >= give_up or self._closing.is_set():
                    self._is_away = self._is_away or is_usual
                    raise log_away(problem) from problem
            except STORE_TROUBLE as problem:
                # It answered, and refused the script or its first write: nothing of this call was done.
                if is_mistake(problem):
                    raise LogBroken(str(problem)) from problem
                raise log_away(problem) from problem
            else:
                self._is_away = False
                return cast(list[list[int | bytes]], replies)
            await wait_or_close(self._closing, min(pause.next_s(), max(0.0, give_up - clock())))
