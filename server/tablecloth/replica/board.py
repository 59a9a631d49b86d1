"""One board as a participant holds it: what is folded, what is pending, and how a log that moves on changes
both.

Frames go in through ``receive``, frames come out of ``outgoing``; time, sockets and randomness are the
caller's. The browser's twin is ``client/src/sync``. Rules: PROTOCOL-10 to PROTOCOL-12, PROTOCOL-20 to
PROTOCOL-24, FOLD-33 to FOLD-35.

Invariants:
- ``confirmed`` is the fold of the log up to ``confirmed.seq``, and nothing else.
- What was awaited can be read at once: a group is settled when the last of its entries is folded.
- Nothing is sent before the board is folded up to the tip that ``opened`` named: what the log has of one's
  own is recognised first, by element, hand and k, and not sent again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical
from tablecloth.core.edits import (
    AcceptHead,
    AnyEdit,
    AnyHead,
    Content,
    Entry,
    TextHead,
    touched_by,
)
from tablecloth.core.fold import apply_known, read_content, read_head
from tablecloth.core.text import Applied
from tablecloth.replica.events import Dropped, Event, Folded, NewSession, OutOfStep, Paused, Rewound
from tablecloth.replica.history import History, Past
from tablecloth.replica.outbox import Group, Item, Outbox
from tablecloth.replica.own import Own
from tablecloth.replica.seeking import Seeking
from tablecloth.replica.watch import Watch
from tablecloth.replica.words import inserted_by
from tablecloth.wire.frames import Ack, EditFrame, Entries, Open, Opened, Refuse, Snapshot, TipFrame

_MAX_SNAPSHOT_BYTES = 1 << 30


@dataclass(slots=True)
class Replica:
    """A board in one participant's hands. ``new_id`` gives fresh random ids (FOLD-10)."""

    space: str
    board: str
    author: str
    new_id: Callable[[], str]
    holds_all: bool = False
    """Never begin from a snapshot: the caller wants every entry."""
    confirmed: Board = field(init=False)
    own: Own = field(init=False)
    _tip: int | None = None
    """What ``opened`` named on this connection; None while the board isn't open."""
    _history: History = field(default_factory=History)
    watch: Watch = field(default_factory=Watch)
    """Whether the log is the one that its server signed."""
    _is_over: bool = False
    """The connection is lost or given up; what still comes on it belongs to an opening that is over."""
    _is_rewound: bool = False
    _awaits_snapshot: bool = False
    _seeking: Seeking | None = None
    """After a rollback that others wrote on: looks where the log and this side still agree."""
    _versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.confirmed = new_board(self.space, self.board)
        self.own = Own(self.author, self.new_id, self.confirmed)
        self._history.rewind(self.confirmed)

    # --- writing ------------------------------------------------------------------------------------------

    def write(self, edits: list[AnyEdit], base: int | None = None) -> Group:
        """See ``Own.write``."""
        return self.own.write(edits, base)

    @property
    def outbox(self) -> Outbox:
        """The groups that are not settled."""
        return self.own.outbox

    def pending(self, element: str) -> list[AnyEdit]:
        """See ``Own.pending``."""
        return self.own.pending(element)

    def version(self, element: str) -> int:
        """Grows whenever the element, or a pending edit of it, changed; not when one more edit is pending."""
        return self._versions.get(element, 0) + self.own.changes

    # --- the connection -----------------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether all up to the tip that this connection named at its opening is folded."""
        is_here = not self._awaits_snapshot and self._seeking is None
        return self._tip is not None and is_here and self.confirmed.seq >= self._tip

    def open_frame(self) -> Open:
        """How to begin to follow this board on a new connection (PROTOCOL-10). The tail is asked for
        whenever there is something to continue from: pending words can't be carried over a snapshot.
        """
        self._is_over = False
        if self._seeking is not None:
            self._seeking = Seeking(new_board(self.space, self.board), self._history)
            return Open(self.board, tail=True)
        if self.confirmed.seq == 0:
            return Open(self.board, tail=self.holds_all)
        return Open(self.board, seq=self.confirmed.seq, chain=self.confirmed.chain, tail=True)

    def lost(self) -> None:
        """The connection is gone. A repeat is harmless."""
        self._give_up()
        self._is_rewound = False
        if self._seeking is not None and self._seeking.is_from_snapshot:
            self._seeking = None
        self.outbox.lost()

    def restart(self) -> None:
        """The next connection speaks under a new session id."""
        self.lost()
        self.outbox.restart()

    def outgoing(self) -> list[EditFrame]:
        """What to send now. Call it after every ``write`` and ``receive``; it answers each group once."""
        if not self.is_current:
            return []
        return [
            EditFrame(self.board, group.n, [item.edit for item in group.message])
            for group in self.outbox.sendable(self.own.renew)
            if group.n is not None
        ]

    def receive(self, frame: Opened | Snapshot | Entries | TipFrame | Ack | Refuse) -> list[Event]:
        """Take in a frame about this board. The events come in the order in which they happened.

        After ``NewSession`` and ``OutOfStep`` nothing is taken in any more before the next ``open_frame``:
        what had come on the old connection already (a snapshot, behind ``opened``) has lost its meaning.
        """
        if self._is_over:
            return []
        events: list[Event] = []
        match frame:
            case Opened():
                events = self._opened(frame)
            case Snapshot():
                events = self._snapshot(frame)
            case Entries():
                events = self._entries(frame.entries)
            case TipFrame():
                self.watch.hear(frame.tip)
            case Ack():
                for n, _ in frame.acks:
                    self.outbox.acked(n)
            case Refuse():
                events = self._refused(frame)
        if any(isinstance(event, NewSession | OutOfStep) for event in events):
            self._give_up()
        if not self._awaits_snapshot and self._seeking is None:
            self.watch.check(self.confirmed, self._history.chain_at)
        events.extend(self.watch.take())
        return events + self.own.rewrite(self.outbox.to_rewrite()) if self.is_current else events

    def _give_up(self) -> None:
        self._tip = None
        self._is_over = True

    def _opened(self, frame: Opened) -> list[Event]:
        is_rewound = frame.how != "tail" and self.confirmed.seq > 0
        # DESIGN "Exactly": after a rollback a session's numbers may stand for other contents on an old
        # connection.
        if not self.outbox.opened(frame.mark) or (is_rewound and not self.outbox.is_fresh):
            return [NewSession()]
        self.watch.opened(frame.tip, frame.seq)
        self._tip = frame.seq
        self._awaits_snapshot = frame.how != "tail"
        self._is_rewound = is_rewound
        return []

    def _refused(self, frame: Refuse) -> list[Event]:
        group = self.outbox.refused(frame.n, frame.code)
        if group is not None:
            self.own.drop(group, used=frame.code != "bad-frame")
            return [Dropped(group, frame.code, frame.words)]
        return [Paused(frame.code, frame.words)] if frame.code in {"slow-down", "busy", "read-only"} else []

    # --- folding ------------------------------------------------------------------------------------------

    def _entries(self, entries: list[Entry]) -> list[Event]:
        events: list[Event] = []
        if self._seeking is not None:
            others = self._seeking.take(entries)
            if others is None:
                return [OutOfStep(f"an entry after {self._seeking.board.seq} is missing")]
            if not others and self._seeking.board.seq < (self._tip or 0):
                return []
            events = self._begin(self._seeking.board)
            entries = others
        return events + [event for entry in entries for event in self._entry(entry)]

    def _entry(self, entry: Entry) -> Iterator[Event]:
        if entry.seq <= self.confirmed.seq:
            return  # a tail and the room may overlap
        if entry.seq > self.confirmed.seq + 1:
            yield OutOfStep(f"entry {entry.seq} came after {self.confirmed.seq}")
            return
        head = read_head(entry.head)
        self.watch.entry(entry, head)
        content = read_content(entry.body)
        outcome = apply_known(self.confirmed, entry, head, content)
        group, item = self.own.item_of(head)
        record = self.own.record_of(head, item, outcome)
        past = self._past(entry, head, item, record, content)
        self._history.note(past)
        yield Folded(entry, head, content, outcome)
        for element in touched_by(head):
            self._versions[element] = self._versions.get(element, 0) + 1
            if element in self.outbox.missing and self.confirmed.hands(element):
                self.outbox.missing.discard(element)
        if group is None or item is None:
            self.own.pay(past)
        else:
            yield from self.own.folded(group, item, outcome, record)

    def _past(
        self,
        entry: Entry,
        head: AnyHead | None,
        item: Item | None,
        record: Applied | None,
        content: Content | None,
    ) -> Past:
        """What is to be known of an entry after a rollback. An own edit returns if it used up its k (FOLD-4,
        FOLD-35).
        """
        if item is not None and self.own.hands.folded(self.confirmed, item.edit.element) < item.edit.k:
            item = None
        if record is None or not isinstance(head, TextHead | AcceptHead):
            return Past(entry.seq, self.confirmed.chain, item)
        is_whole = isinstance(content, str) and len(content) == sum(map(inserted_by, record.ops))
        words = content if is_whole and isinstance(content, str) else None
        by, where = (record.author, record.hand), (head.element, head.field)
        return Past(entry.seq, self.confirmed.chain, item, by, where, record.ops, words)

    # --- beginning anew -----------------------------------------------------------------------------------

    def _snapshot(self, frame: Snapshot) -> list[Event]:
        try:
            unpacker = zlib.decompressobj(wbits=31)
            board = from_canonical(unpacker.decompress(frame.data, _MAX_SNAPSHOT_BYTES))
        except (zlib.error, ValueError) as error:
            return [OutOfStep(f"the snapshot can't be read: {error}")]
        if (board.space, board.board, board.seq) != (self.space, self.board, frame.seq):
            return [OutOfStep("the snapshot is another board's")]
        if not self._is_rewound or self._seeking is not None:
            return self._begin(board)
        is_known = self._history.has(board.seq, board.chain)
        self._seeking = Seeking(board, self._history, is_from_snapshot=is_known)
        if not is_known:
            # Others wrote on since: the next connection reads the log from its beginning (``open_frame``).
            return [OutOfStep("the log was rolled back and written on")]
        self._awaits_snapshot = False
        return [] if board.seq < (self._tip or 0) else self._begin(board)

    def _begin(self, board: Board) -> list[Event]:
        """Go on from a board of the server's."""
        common = board.seq if self._history.has(board.seq, board.chain) else 0
        events: list[Event] = [Rewound(common)] if self._is_rewound or self._seeking is not None else []
        self._seeking = None
        self._is_rewound = False
        self.watch.begins(self.confirmed, board)
        if self.confirmed.seq > 0:
            events += self.own.begin_anew(board, self._history)
        self.confirmed = self.own.board = board
        self._history.rewind(board)
        self._awaits_snapshot = False
        return events

    def stop_waiting(self) -> None:
        """Edits of lost elements waited long enough for those who made these: the door says what it says."""
        self.outbox.missing.clear()
