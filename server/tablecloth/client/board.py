"""One shared board, for programs: read ``elements``, await the verbs, iterate over ``entries``.

An awaited verb returns once its entry is durable and folded here, exactly once, however often the server
was killed meanwhile; it raises Refused if it did not apply. Reading shows one's own pending edits at once.
All of this lives on one event loop and needs no lock; nothing here is for threads.

Rejected: verbs that return at the ack. What one just wrote would not be on the board that one reads.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeAlias, TypeVar

from tablecloth.client.problems import Refused
from tablecloth.core.board import Board as Held
from tablecloth.core.edits import (
    AcceptEdit,
    AddEdit,
    AnyEdit,
    BringBackEdit,
    Entry,
    InkEdit,
    LockEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
    UnlockEdit,
    UnvaryEdit,
    Value,
    VaryEdit,
    WithdrawHead,
)
from tablecloth.core.elements import TYPES
from tablecloth.core.fold import Outcome, read_head
from tablecloth.core.ink import Point, encode_points
from tablecloth.core.limits import MAX_LOCK_MINUTES, MAX_TEXT
from tablecloth.core.rules import malformed
from tablecloth.replica.anonymous import Anonymous, Slip, SlipSettled
from tablecloth.core.provenance import about
from tablecloth.core.whose import between, find_variant
from tablecloth.replica.board import Replica
from tablecloth.replica.own import ROOM_FOR_FRAME, TooLong
from tablecloth.replica.events import Dropped, Event, Folded, NewSession, OutOfStep, Paused, Rewound, Settled
from tablecloth.replica.outbox import Group
from tablecloth.replica.view import Elements
from tablecloth.replica.watch import Doubt
from tablecloth.session.words import words_of
from tablecloth.core.tip import Tip
from tablecloth.wire.frames import Ack, Entries, Opened, Refuse, Snapshot, TipFrame
from tablecloth.wire.codec import encode
from tablecloth.wire.limits import MAX_MESSAGE_BYTES

BoardFrame: TypeAlias = Opened | Snapshot | Entries | TipFrame | Ack | Refuse
_T = TypeVar("_T")
_UNSTAMPED = ("", 0, 0)
"""Hand, k and base: the replica fills them in."""


class Board:
    """A board that ``Space.open`` gave. ``wake`` is called whenever there may be something to send."""

    def __init__(
        self, replica: Replica, anonymous: Anonymous, wake: Callable[[], None], keeps_log: bool
    ) -> None:
        self.replica = replica
        self.anonymous = anonymous
        """What is written here without a name; its ``keys`` are to be kept by whoever wants to change or take
        away such an element later.
        """
        self.elements = Elements(replica)
        """Every element by id, pending edits applied; see ``replica.view.Seen``."""
        self.log: list[Entry] = []
        """All entries from the first on, if the board was opened with ``whole=True``."""
        self.is_rewound = False
        """Whether the log came back shorter since this was last set to False (PROTOCOL-10)."""
        self.doubts: list[Doubt] = []
        """What of the record does not fit what its server signed; empty, as it should be (PROTOCOL-62)."""
        self._wake = wake
        self._keeps_log = keeps_log
        self._due: dict[Group | Slip, asyncio.Future[list[Outcome]]] = {}
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._listeners: list[Callable[[Folded], None]] = []
        self._bells: set[asyncio.Event] = set()
        self._end: BaseException | None = None

    @property
    def id(self) -> str:
        return self.replica.board

    @property
    def title(self) -> str | None:
        """None if it was withdrawn."""
        return self.replica.confirmed.title

    @property
    def seq(self) -> int:
        """Of the last entry that is folded."""
        return self.replica.confirmed.seq

    @property
    def chain(self) -> bytes:
        """The chain at ``seq`` (FOLD-2), 32 bytes."""
        return self.replica.confirmed.chain

    @property
    def tip(self) -> Tip | None:
        """The latest tip that its server signed and that fits what is folded here (PROTOCOL-61)."""
        return self.replica.watch.tip

    @property
    def pending(self) -> int:
        """How many groups of one's own are not settled."""
        return len(self.replica.outbox) + len(self.anonymous.slips)

    @property
    def is_current(self) -> bool:
        """Whether there is a connection, and all that there was when it began is folded."""
        return self.replica.is_current

    # --- writing ----------------------------------------------------------------------------------------

    async def add(
        self,
        kind: str,
        *,
        text: str = "",
        points: Iterable[Point] = (),
        anonymous: bool = False,
        **values: Value,
    ) -> str:
        """Add an element with its words or its ink as one atomic group; answers its id.

        ``kind``: ``note``, ``zone``, ``ink``, ``connector``, ``shape`` or ``image``. ``values``: properties
        of FOLD-10 by name (``from_`` and ``to`` for the ends of a connector), and ``alt`` of ink and
        images. ``anonymous``: without one's name, after a random wait (PROTOCOL-80). Raises Refused, and
        TooLong for words or ink that don't fit in one message.
        """
        ident = self.anonymous.begin() if anonymous else self.replica.new_id()
        plain = _plain(values)
        said = _words_among(kind, plain)
        edits: list[AnyEdit] = [AddEdit(ident, *_UNSTAMPED, kind, plain)]
        if said:
            edits.append(SetEdit(ident, *_UNSTAMPED, {}, said))
        if text:
            edits.append(TextEdit(ident, *_UNSTAMPED, "text", [(0, 0, len(text))], text))
        stroke = list(points)
        if stroke:
            edits.append(InkEdit(ident, *_UNSTAMPED, len(stroke), encode_points(stroke)))
        await (self.send_anonymous(edits) if anonymous else self.send(edits))
        return ident

    async def set(self, ident: str, **values: Value) -> tuple[str, ...]:
        """Set properties. Answers the names of those that were not set, because somebody changed them long
        since (FOLD-21).
        """
        element = self.elements.get(ident)
        plain = _plain(values)
        words = _words_among("" if element is None else element.kind, plain)
        outcomes = await self.send([SetEdit(ident, *_UNSTAMPED, plain, words)])
        return outcomes[0].stale if outcomes else ()

    async def type(
        self,
        ident: str,
        position: int,
        delete: int,
        insert: str,
        field: str = "text",
        *,
        anonymous: bool = False,
    ) -> None:
        """Replace ``delete`` code points at ``position`` of the words as ``elements`` shows them now.

        ``anonymous``, here and below: as the author of an anonymous element whose key is in
        ``anonymous.keys``.
        """
        if anonymous:
            splices = [(position, delete, len(insert))]
            await self.send_anonymous([TextEdit(ident, *_UNSTAMPED, field, splices, insert)])
        else:
            await self.type_nowait(ident, position, delete, insert, field)

    def type_nowait(
        self, ident: str, position: int, delete: int, insert: str, field: str = "text"
    ) -> asyncio.Future[list[Outcome]]:
        """The same without waiting: keystrokes follow each other before the first is acked (FOLD-30)."""
        if not 0 <= position <= MAX_TEXT or not 0 <= delete <= MAX_TEXT:
            raise Refused("out-of-range", words_of("out-of-range"))  # no field is that long (FOLD-38)
        return self.send([TextEdit(ident, *_UNSTAMPED, field, [(position, delete, len(insert))], insert)])

    async def ink(self, ident: str, points: Iterable[Point]) -> None:
        """Lengthen one's own stroke by ``(x, y, pressure)``, relative to the element's ``x, y``; pressure 0
        to 255.
        """
        stroke = list(points)
        await self.send([InkEdit(ident, *_UNSTAMPED, len(stroke), encode_points(stroke))])

    async def set_aside(self, ident: str, why: str = "", *, anonymous: bool = False) -> None:
        """Move an element to the margin."""
        await self._sending(anonymous)([SetAsideEdit(ident, *_UNSTAMPED, why)])

    async def bring_back(self, ident: str, *, anonymous: bool = False) -> None:
        """Take an element back from the margin."""
        await self._sending(anonymous)([BringBackEdit(ident, *_UNSTAMPED)])

    async def order(self, ident: str, key: str) -> None:
        """Give an element its place in the pile (FOLD-50)."""
        await self.send([OrderEdit(ident, *_UNSTAMPED, key)])

    async def lock(self, ident: str, minutes: int, why: str = "") -> None:
        """Ask everybody, oneself included, to leave an element as it is for 1 to 480 minutes (FOLD-52).

        Locking again makes it longer, shorter, or takes it over; it ends by itself.
        """
        if not 1 <= minutes <= MAX_LOCK_MINUTES:
            raise Refused("bad-value", words_of("bad-value"))
        await self.send([LockEdit(ident, *_UNSTAMPED, minutes, why)])

    async def unlock(self, ident: str) -> None:
        """End a lock before its time, anybody's. Raises Refused (``not-locked``)."""
        await self.send([UnlockEdit(ident, *_UNSTAMPED)])

    async def vary(self, ident: str, words: str, field: str = "text") -> None:
        """Propose other words beside somebody's: the whole field as it should be (FOLD-82)."""
        there = self.replica.confirmed.elements.get(ident)
        if there is None:
            raise Refused("unknown-element", words_of("unknown-element"))
        before = there.text(field) if field in TYPES[there.type].fields else ""
        start, gone, inserted = between(before, words)
        splice = (start, gone, len(inserted))
        await self.send([VaryEdit(ident, *_UNSTAMPED, field, splice, inserted)])

    async def unvary(self, ident: str, author: str, field: str = "text") -> None:
        """Take one's own proposal back, or leave the one that ``author`` made of one's words (FOLD-84)."""
        await self.send([UnvaryEdit(ident, *_UNSTAMPED, field, author, self._variant(ident, author, field))])

    async def accept(self, ident: str, author: str, field: str = "text") -> None:
        """Take the proposal of ``author`` for one's own words (FOLD-85)."""
        await self.send([AcceptEdit(ident, *_UNSTAMPED, field, author, self._variant(ident, author, field))])

    def _variant(self, ident: str, author: str, field: str) -> int:
        there = self.replica.confirmed.elements.get(ident)
        variant = None if there is None else find_variant(there, field, author)
        if variant is None:
            raise Refused("no-variant", words_of("no-variant"))
        return variant.stamp.seq

    def send(self, edits: list[AnyEdit], base: int | None = None) -> asyncio.Future[list[Outcome]]:
        """One atomic group; hand, k and base inside the edits are filled in here. Answers what each did, in
        order.

        ``base``: the last seq that the author had folded, if less than what is folded here (a replayed
        trace).
        """
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        code = next((reason for reason in map(malformed, edits) if reason is not None), None)
        if self._end is not None:
            _fail(future, self._end)
        elif code is not None:
            _fail(future, Refused(code, words_of(code)))
        else:
            self._due[self.replica.write(edits, base)] = future
            self._wake()
        return future

    def _sending(self, anonymous: bool) -> Callable[[list[AnyEdit]], asyncio.Future[list[Outcome]]]:
        return self.send_anonymous if anonymous else self.send

    def send_anonymous(self, edits: list[AnyEdit]) -> asyncio.Future[list[Outcome]]:
        """One atomic group about one anonymous element whose key is here, after a random wait; as ``send``.

        Nothing of it shows, here neither, before it is in the log.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Outcome]] = loop.create_future()
        code = next((reason for reason in map(malformed, edits) if reason is not None), None)
        if edits[0].element not in self.anonymous.keys:
            code = "not-yours"
        if self._end is not None:
            _fail(future, self._end)
        elif code is not None:
            _fail(future, Refused(code, words_of(code)))
        elif len(encode(edits)) > MAX_MESSAGE_BYTES - ROOM_FOR_FRAME:
            _fail(future, TooLong("That is more than one message can carry."))
        else:
            self._due[self.anonymous.write(self.replica.confirmed, edits, loop.time())] = future
            self._wake()
        return future

    # --- waiting ----------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until ``condition`` holds; it is asked again whenever the board may have changed."""
        if not condition():
            await self._wait(condition)

    async def settled(self) -> None:
        """Wait until nothing of one's own is pending."""
        await self.until(lambda: self.pending == 0)

    async def entries(self, after: int | None = None) -> AsyncIterator[Folded]:
        """Entries as they are folded, without end. ``after``: first those that ``log`` holds above that seq.

        The ones from before say nothing of what they did: their ``outcome`` is that of a fold from the
        first entry.
        """
        heard: deque[Folded] = deque()
        bell = asyncio.Event()
        if after is not None:
            past = Replica(self.replica.space, self.id, "", self.replica.new_id)
            events = past.receive(Entries(self.id, list(self.log)))
            heard.extend(event for event in events if isinstance(event, Folded) and event.seq > after)

        def hear(folded: Folded) -> None:
            heard.append(folded)
            bell.set()

        stop = self.listen(hear)
        self._bells.add(bell)
        try:
            while True:
                while heard:
                    yield heard.popleft()
                if self._end is not None:
                    raise self._end
                bell.clear()
                await bell.wait()
        finally:
            stop()
            self._bells.discard(bell)

    def listen(self, listener: Callable[[Folded], None]) -> Callable[[], None]:
        """Call ``listener`` for each entry as it is folded, before anybody who waits goes on. Answers how
        to stop.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _wait(self, condition: Callable[[], bool]) -> None:
        if self._end is not None:
            raise self._end
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((condition, future))
        await future

    # --- what the connection does with it -----------------------------------------------------------------

    def receive(self, frame: BoardFrame) -> list[Event]:
        """Take in a frame of this board; for ``Space``. Answers what concerns the whole connection."""
        up: list[Event] = []
        now = asyncio.get_running_loop().time()
        if isinstance(frame, Ack | Refuse):
            slips = self.anonymous.take(frame, now)
            if slips is not None:
                self._settle_slips(slips)
                return up
        before = self.replica.confirmed
        for event in self.replica.receive(frame):
            match event:
                case Folded():
                    self._folded(event)
                    self._settle_slips(self.anonymous.fold(event))
                case Settled(group):
                    self._settled(group)
                case Dropped(group, code, words):
                    self._refuse(group, Refused(code, words or words_of(code)))
                case Rewound(common):
                    self.is_rewound = True
                    del self.log[common:]
                    up.append(event)
                case Doubt():
                    self.doubts.append(event)
                case NewSession() | Paused() | OutOfStep():
                    up.append(event)
        if self.is_current:
            self._go_on_without_name(before, now)
        self._ask_again()
        return up

    def _go_on_without_name(self, before: Held, now: float) -> None:
        """All that there is, is folded: what a snapshot held is settled, what a rollback took is put anew."""
        board = self.replica.confirmed
        if board is not before:
            self._settle_slips(self.anonymous.begun_anew(board))
            self.anonymous.rewound(before, board, now)
        self.anonymous.connected(now)

    def lost(self) -> None:
        """The connection is gone, another will come; for ``Space``."""
        self.replica.lost()
        self.anonymous.lost()
        self._ask_again()

    def end(self, reason: BaseException) -> None:
        """Nothing will be settled any more; for ``Space``."""
        self._end = reason
        for due in self._due.values():
            _fail(due, reason)
        for _, waiting in self._waiting:
            _fail(waiting, reason)
        self._due.clear()
        self._waiting.clear()
        for bell in self._bells:
            bell.set()

    def _folded(self, event: Folded) -> None:
        if self._keeps_log:
            self.log.append(event.entry)
            if isinstance(event.head, WithdrawHead) and event.outcome.reason is None:
                self._withdrawn(event.head)
        for listener in list(self._listeners):
            listener(event)

    def _withdrawn(self, head: WithdrawHead) -> None:
        """PROTOCOL-73: what was taken back isn't kept here either."""
        for place, entry in enumerate(self.log):
            if entry.body is not None and about(read_head(entry.head)) == (head.author, head.element):
                self.log[place] = Entry(entry.seq, entry.at, entry.head, None)

    def _settle_slips(self, settled: list[SlipSettled]) -> None:
        for slip, code, words in ((one.slip, one.code, one.words) for one in settled):
            if code is None:
                self._settled(slip)
            else:
                self._refuse(slip, Refused(code, words or words_of(code)))
        if settled:
            self._ask_again()

    def _settled(self, group: Group | Slip) -> None:
        future = self._due.pop(group, None)
        reason = next((outcome.reason for outcome in group.outcomes if outcome.reason is not None), None)
        if future is None or future.done():
            return
        if reason is None:
            future.set_result(group.outcomes)
        else:
            _fail(future, Refused(reason, words_of(reason), is_logged=True))

    def _refuse(self, group: Group | Slip, problem: Refused) -> None:
        future = self._due.pop(group, None)
        if future is not None:
            _fail(future, problem)

    def _ask_again(self) -> None:
        still = []
        for condition, future in self._waiting:
            if future.done():
                continue
            if condition():
                future.set_result(None)
            else:
                still.append((condition, future))
        self._waiting = still


def _fail(future: asyncio.Future[_T], reason: BaseException) -> None:
    if not future.done():
        future.set_exception(reason)
        future.exception()  # whoever awaits it still gets it; a future that nobody awaits makes no noise


def _plain(values: dict[str, Value]) -> dict[str, Value]:
    """Names without the underscore that Python's own words need; integers and words only (no float reaches
    a log).
    """
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError(f"{name} must be a whole number or a word, not {value!r}")
    return {name.removesuffix("_"): value for name, value in values.items()}


def _words_among(kind: str, values: dict[str, Value]) -> dict[str, str]:
    """Take the properties that are words out of ``values``."""
    names = TYPES[kind].words if kind in TYPES else ()
    return {name: str(values.pop(name)) for name in names if name in values}
