"""What the rest of the server asks of a log. ``ValkeyLog`` is the real one; tests have one in memory too.

One contract suite (``tests/integration/test_log_contract.py``) runs against both. Nothing here knows Redis.
What there is much of (groups, answers, entries) is msgspec structs: they are made ten times as fast as
dataclasses.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, Protocol, TypeAlias

import msgspec

from tablecloth.core.tip import Tip

Durability: TypeAlias = Literal["fsync", "second", "memory"]


class LogAway(Exception):
    """The store can't be reached or can't write now. Nothing was lost; the same call may be made again."""

    def __init__(self, code: Literal["away", "full"], words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class LogBroken(Exception):
    """The store refuses this very call, and will again: a mistake of this side, or a board that somebody
    tampered with.

    Nothing of the call was done. What else was in it may be appended without what is at fault.
    """


class Place(msgspec.Struct, frozen=True):
    """Which board of which space: what every key is made from."""

    space: str
    board: str


Entries: TypeAlias = tuple[tuple[bytes, bytes | None], ...]
"""Head and body bytes of entries that stand next to each other."""


class When(msgspec.Struct, frozen=True):
    """The state for which a group was thought out: its log's last ``seq``, and the times (ms) from ``since``
    up to and without ``until`` at which its entries mean what was thought.
    """

    seq: int
    since: int
    until: int


class Group(msgspec.Struct, frozen=True):
    """One admitted group on its way to the log, or a refusal that must use up its n.

    Either ``entries`` or ``refusal``: a code of at most 16 ASCII characters, not only digits, without spaces.
    n is 0 for what a worker says itself: that has no mark, and a ``when``.
    """

    place: Place
    author: str
    session: str
    n: int
    entries: Entries
    refusal: str | None = None
    when: When | None = None
    """If the log is not so any more, nothing is appended and no n used up: the answer's code is ``moved``."""
    also: tuple[tuple[Place, Entries], ...] = ()
    """What is appended to other boards of the same space together with it, or not at all."""
    needs_log: bool = False
    """It may not begin a log: should that be gone, the call is refused (LogBroken), and nothing lies in its
    place when somebody brings it back.
    """


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What became of a group: ``seq`` of its first entry, or ``code`` (a refusal, ``gap`` or ``long-ago``).

    ``repeated`` is True if the log had settled this n before. ``mark`` is the session's mark after the call.
    """

    seq: int
    code: str | None
    repeated: bool
    mark: int


class Stored(msgspec.Struct, frozen=True, gc=False):
    """An entry as it lies in the log: ``raw`` is the MessagePack [seq, at, head, body], as it is sent."""

    seq: int
    raw: bytes


class FeedEntry(msgspec.Struct, frozen=True, gc=False):
    """An entry as a feed brings it."""

    board: str
    seq: int
    raw: bytes


@dataclass(slots=True, frozen=True)
class Owed:
    """A withdrawal that was asked for and is not done yet. No ``elements``: everywhere on the board."""

    place: Place
    author: str
    elements: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class SnapshotRecord:
    """A board's canonical bytes, gzipped, as of ``seq``, with the chain there."""

    seq: int
    chain: bytes
    data: bytes


@dataclass(slots=True, frozen=True)
class Link:
    """What a link's secret opens."""

    may_edit: bool


@dataclass(slots=True, frozen=True)
class ImageRecord:
    """A picture of a space. ``asset`` is the SHA-256 of ``data``, in hex; ``type`` its media type."""

    asset: str
    type: str
    w: int
    h: int
    data: bytes


@dataclass(slots=True)
class SpaceRecord:
    """A space's side data. Secrets are kept as SHA-256 (32 bytes) only."""

    space: str
    title: str
    boards: list[tuple[str, str]]
    """(board id, title) in order."""
    edit_hash: bytes
    view_hash: bytes
    public_key: bytes
    private_key: bytes
    created: int
    names: dict[str, str] = field(default_factory=dict)
    keys: list[bytes] = field(default_factory=list)
    """Public keys that its logs were signed under before it was taken up here (FOLD-132)."""


class Log(Protocol):
    """An append-only log of many boards, shared by all workers."""

    async def append(self, groups: list[Group]) -> list[Answer]:
        """Append all groups of one tick; answers in the same order. Those of one bucket are appended in their
        order; buckets don't wait for each other.

        Returns when they are as durable as ``durability`` says. Safe to repeat with the same groups after
        any failure: the marks make each n count once. Raises LogAway; LogBroken, and ValueError for groups
        that no caller may append.
        """

    async def read(self, place: Place, after: int, limit: int) -> list[Stored]:
        """Entries with a seq above ``after``, in order, at most ``limit``. Raises LogAway."""

    async def tip(self, place: Place) -> int:
        """The last seq of a board, 0 if there is none. Raises LogAway."""

    async def mark(self, place: Place, author: str, session: str) -> int:
        """The last n of a session that has an outcome, 0 at first. Raises LogAway."""

    async def snapshot(self, place: Place) -> SnapshotRecord | None:
        """The latest snapshot of a board. Raises LogAway."""

    async def save_snapshot(self, place: Place, record: SnapshotRecord) -> None:
        """Keep a snapshot, unless a later one is kept already. Raises LogAway."""

    async def signed_tip(self, place: Place) -> Tip | None:
        """The latest tip that was signed of a board. Raises LogAway."""

    async def save_tip(self, place: Place, tip: Tip) -> None:
        """Keep a signed tip, unless a later one is kept already. Raises LogAway."""

    async def withhold(self, place: Place, seqs: Collection[int]) -> None:
        """Take the bodies of these entries out of the log and the feed, for good. Heads and seqs stay, and
        appends go on meanwhile. A repeat is harmless. Raises LogAway.
        """

    async def scrub(self) -> None:
        """Return once no file of the store holds what was taken out before the call. Raises LogAway."""

    async def owe(self, owed: Owed) -> None:
        """Remember a withdrawal until it is settled; more of the same author and board is added to it. Raises
        LogAway.
        """

    async def owed(self) -> list[Owed]:
        """All withdrawals that are not settled. Raises LogAway."""

    async def settle(self, owed: Owed) -> None:
        """It is done. A repeat is harmless. Raises LogAway."""

    def follow(self) -> AsyncIterator[list[FeedEntry]]:
        """Every entry that any worker appends from now on, in batches; one loop a worker.

        Begins with an empty batch: from then on nothing is missed. Later an empty batch means that entries
        may have been missed (the feed was trimmed, the store was away): open boards then read on from the
        log. After an empty batch entries may come that were read there already: drop every seq that is held.
        Entries of several boards are mixed; those of one board come in order. Goes on by itself after the
        store was away, and ends when the log is closed.
        """

    async def create_space(self, record: SpaceRecord, founding: list[Group]) -> None:
        """Keep a new space and append its boards' founding entries. Raises LogAway, sooner than ``append``:
        somebody waits for the answer, and nothing is lost by asking again.
        """

    async def add_board(self, founding: Group, title: str, most: int) -> bool:
        """Append a board's founding entry and name the board in its space. Raises LogAway.

        False if the space isn't there, or has ``most`` boards already. A repeat with the same group is
        harmless.
        """

    async def name_board(self, space: str, board: str, title: str, most: int) -> bool:
        """Name a board, whose log is there, in its space; as ``add_board``. Raises LogAway."""

    async def offer(self, place: Place, seq: int, window_ms: int) -> tuple[int, int]:
        """Say that somebody brings a lost log of ``seq`` entries. Answers the most that anybody brings, and
        for how many ms others are still waited for. Raises LogAway.
        """

    async def put_back(self, place: Place, entries: Sequence[Stored], held: Stored | None) -> int:
        """Put a lost log back: ``entries`` from the first on. Raises LogAway.

        ``held``: the last entry that the log has, None if it has none. Its last seq afterwards; -1, and
        nothing is done, if it is not as ``held`` says.
        """

    async def begin_again(self, record: SpaceRecord) -> bool:
        """Keep a space's side data, unless there is such a space. Raises LogAway."""

    async def space(self, space: str) -> SpaceRecord | None:
        """A space's side data, names included. Raises LogAway."""

    async def set_name(self, space: str, author: str, name: str) -> None:
        """Keep a participant's name; the empty name deletes it. Raises LogAway."""

    async def keep_image(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        """Keep a picture, once. A repeat is harmless. Raises LogAway.

        False if the space isn't there, or would have more than ``most`` pictures or ``most_bytes`` of them.
        """

    async def image(self, space: str, asset: str) -> ImageRecord | None:
        """A picture of a space. Raises LogAway."""

    async def remove_image(self, space: str, asset: str) -> None:
        """Let go of a picture's bytes. A repeat is harmless. Raises LogAway."""

    async def retitle(self, space: str, board: str, title: str) -> None:
        """Give a board another title in the list of its space, or the space itself (its id as ``board``). A
        repeat is harmless. Raises LogAway.
        """

    async def here(self, space: str, stay: list[str], leave: list[str]) -> list[str]:
        """Note that these are in a space for the next ``presence_lost_s``, and those not any more; who is,
        of all workers, sorted. Raises LogAway.
        """

    async def publish(self, space: str, message: bytes) -> None:
        """Send a message that nobody keeps to all other workers (presence, names).

        Loss is allowed; never raises LogAway.
        """

    def hear(self) -> AsyncIterator[tuple[str, bytes]]:
        """(space, message) of every ``publish`` by other workers. Goes on by itself after the store was
        away.
        """

    async def durability(self) -> Durability:
        """What an ack means with this store as it is set up. Raises LogAway."""

    async def close(self) -> None:
        """Finish what is under way and let go of the store."""


@lru_cache(maxsize=65536)
def bucket_of(space: str) -> int:
    """Which of the 64 buckets a space's keys and feed lie in. Depends on the id alone, for ever."""
    return hashlib.sha256(space.encode("ascii")).digest()[0] % 64
