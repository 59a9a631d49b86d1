"""One board as a participant holds it: what is folded, what is pending, and how a log that moves on changes
both.

Frames go in through ``receive``, frames come out of ``outgoing``; time, sockets and randomness are the
caller's. The browser's twin is ``client/src/sync``. Rules: PROTOCOL-10 to PROTOCOL-12, PROTOCOL-20 to
PROTOCOL-24, FOLD-33 to FOLD-35.

Invariants:
- ``confirmed`` is the fold of the log up to ``confirmed.seq``, and nothing else.
- A group is settled when the last of its entries is folded, not at the ack; so what was awaited can be read
  at once.
- A hand is random per session and element, and its k's are given without holes in the order of the groups.
- Nothing is sent before the board is folded up to the tip that ``opened`` named: what the log has of one's
  own is recognised first, by element, hand and k, and not sent again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical
from tablecloth.core.chain import chain_start
from tablecloth.core.edits import AnyEdit, AnyHead, Entry, TextEdit, TextHead, is_made_by_hand, touched_by
from tablecloth.core.fold import APPLIED, Outcome, apply_read, read_content, read_head
from tablecloth.core.limits import MAX_SPLICES
from tablecloth.core.text import Applied, TextField
from tablecloth.replica.events import Dropped, Event, Folded, NewSession, OutOfStep, Paused, Rewound, Settled
from tablecloth.replica.hands import Hands
from tablecloth.replica.history import History, carried_back, own_items
from tablecloth.replica.outbox import Group, Item, Outbox
from tablecloth.replica.seeking import Seeking
from tablecloth.replica.watch import Watch
from tablecloth.replica.words import OldBase, Ops, PendingWords, splices_of
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import Ack, EditFrame, Entries, Open, Opened, Refuse, Snapshot, TipFrame
from tablecloth.wire.limits import MAX_MESSAGE_BYTES

_MAX_SNAPSHOT_BYTES = 1 << 30
_REWRITTEN = frozenset({"hole", "old-base"})
"""No-ops of the fold that did not use up their k and lose nothing when written anew (FOLD-35)."""
_ROOM_FOR_FRAME = 256


class TooLong(ValueError):
    """A group is longer than a message may be (PROTOCOL-3). It was not taken; write it in parts."""


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
    outbox: Outbox = field(default_factory=Outbox)
    _tip: int | None = None
    """What ``opened`` named on this connection; None while the board isn't open."""
    hands: Hands = field(init=False)
    _words: PendingWords = field(default_factory=PendingWords)
    _flying: dict[tuple[str, int], tuple[Group, Item]] = field(default_factory=dict)
    """Own edits that are not folded, by element and k."""
    _history: History = field(default_factory=History)
    watch: Watch = field(default_factory=Watch)
    """Whether the log is the one that its server signed."""
    _is_rewound: bool = False
    _awaits_snapshot: bool = False
    _seeking: Seeking | None = None
    """After a rollback that others wrote on: looks where the log and this side still agree."""
    _versions: dict[str, int] = field(default_factory=dict)
    _everything: int = 0

    def __post_init__(self) -> None:
        self.confirmed = new_board(self.space, self.board)
        self.hands = Hands(self.author, self.new_id)
        self._history.begin(0, chain_start(self.space, self.board))

    # --- writing ------------------------------------------------------------------------------------------

    def write(self, edits: list[AnyEdit], base: int | None = None) -> Group:
        """Make a pending group of ``edits``; hand, k and base in them are filled in here.

        ``base`` is what their author had folded, if that is not all that is folded now; it never goes back
        for one element's words (OldBase). Raises TooLong.
        """
        is_given = base is not None
        base = self.confirmed.seq if base is None else base
        stamped: list[AnyEdit] = []
        ahead: dict[str, int] = {}
        for edit in edits:
            k = ahead[edit.element] = (
                ahead.get(edit.element, self.hands.last(self.confirmed, edit.element)) + 1
            )
            stamped.append(msgspec.structs.replace(edit, hand=self.hands.of(edit.element), k=k, base=base))
        if len(encode(stamped)) > MAX_MESSAGE_BYTES - _ROOM_FOR_FRAME:
            raise TooLong("That is more than one message can carry.")
        group = Group(self._items(stamped, keeps_base=is_given))
        for element, k in ahead.items():
            self.hands.note(element, k)
        self.outbox.add(group)
        self._note_flying(group)
        return group

    def pending(self, element: str) -> list[AnyEdit]:
        """Edits of an element that are not folded, in order, as they are said over what is folded now."""
        k = self.hands.folded(self.confirmed, element)
        edits: list[AnyEdit] = []
        for group in self.outbox:
            for item in group.items:
                if item.edit.element == element and (item.typed is None or item.typed.ops):
                    k += 1
                    edits.append(self._as_now(item, k))
        return edits

    def _as_now(self, item: Item, k: int) -> AnyEdit:
        edit, typed = item.edit, item.typed
        if not isinstance(edit, TextEdit) or typed is None:
            return msgspec.structs.replace(edit, k=k, base=min(edit.base, self.confirmed.seq))
        splices, base = splices_of(typed.ops), self.confirmed.seq
        return msgspec.structs.replace(edit, k=k, base=base, splices=splices, inserted=typed.inserted)

    def version(self, element: str) -> int:
        """Grows whenever the element, or a pending edit of it, changed; not when one more edit is pending."""
        return self._versions.get(element, 0) + self._everything

    def _items(self, edits: list[AnyEdit], keeps_base: bool) -> list[Item]:
        items: list[Item] = []
        try:
            for edit in edits:
                typed = None
                if isinstance(edit, TextEdit):
                    typed = self._words.write(self._me(edit), edit, self._field(edit.element, edit.field))
                items.append(Item(edit, typed, keeps_base))
        except OldBase:
            for item in reversed(items):
                self._settle_words(item, None)
            raise
        return items

    def _me(self, edit: AnyEdit) -> tuple[str, str]:
        return self.author, self.hands.of(edit.element)

    def _field(self, element: str, name: str) -> TextField:
        folded = self.confirmed.elements.get(element)
        return TextField() if folded is None else folded.texts.get(name, TextField())

    def _note_flying(self, group: Group) -> None:
        for item in group.items:
            self._flying[item.edit.element, item.edit.k] = (group, item)

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
        if self._seeking is not None:
            self._seeking = Seeking(self.space, self.board, self._history)
            return Open(self.board, tail=True)
        if self.confirmed.seq == 0:
            return Open(self.board, tail=self.holds_all)
        return Open(self.board, seq=self.confirmed.seq, chain=self.confirmed.chain, tail=True)

    def lost(self) -> None:
        """The connection is gone. A repeat is harmless."""
        self._tip = None
        self._is_rewound = False
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
            for group in self.outbox.sendable(self._renew)
            if group.n is not None
        ]

    def _renew(self, group: Group) -> None:
        """Say words over today's field just before they leave: what waited long would have a base below the
        window.

        Words that can't be said in one edit any more stay as they are; the log or the door asks for them
        anew.
        """
        for item in group.items:
            edit = item.edit
            if not isinstance(edit, TextEdit) or item.typed is None or item.keeps_base or not item.typed.ops:
                continue
            said = self._as_now(item, edit.k)
            if isinstance(said, TextEdit) and 0 < len(said.splices) <= MAX_SPLICES:
                item.edit = said
                self._words.renewed(said)

    def receive(self, frame: Opened | Snapshot | Entries | TipFrame | Ack | Refuse) -> list[Event]:
        """Take in a frame about this board. The events come in the order in which they happened."""
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
        if not self._awaits_snapshot and self._seeking is None:
            self.watch.check(self.confirmed, self._history.chain_at)
        events.extend(self.watch.take())
        return events + self._rewrite(self.outbox.to_rewrite()) if self.is_current else events

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
            self._everything += 1
            for item in reversed(group.items[:]):
                self._forget(group, item, None)
            self.outbox.settle(group, used=frame.code != "bad-frame")
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
        outcome = apply_read(self.confirmed, entry, head)
        group, item = self._own_item(head)
        record = self._record(head, item, outcome)
        ops = [] if record is None else record.ops
        self._history.note(entry.seq, self.confirmed.chain, self._kept(item), head, ops)
        yield Folded(entry, head, read_content(entry.body), outcome)
        for element in touched_by(head):
            self._versions[element] = self._versions.get(element, 0) + 1
        if group is not None and item is not None:
            yield from self._own_folded(group, item, outcome, record)

    def _own_item(self, head: AnyHead | None) -> tuple[Group, Item] | tuple[None, None]:
        if not is_made_by_hand(head):
            return None, None
        if not self.hands.is_own(head.author, head.element, head.hand):
            return None, None
        return self._flying.get((head.element, head.k), (None, None))

    def _kept(self, item: Item | None) -> Item | None:
        """What of an own entry would return after a rollback: all that used up its k (FOLD-4, FOLD-35)."""
        if item is None or self.hands.folded(self.confirmed, item.edit.element) < item.edit.k:
            return None
        return item

    def _record(self, head: AnyHead | None, item: Item | None, outcome: Outcome) -> Applied | None:
        """How words were applied just now. Somebody else's carry what is pending along."""
        if not isinstance(head, TextHead) or outcome.reason is not None:
            return None
        record = self.confirmed.elements[head.element].texts[head.field].window[-1]
        if item is None:
            self._words.carry((head.element, head.field), record)
        return record

    def _own_folded(
        self, group: Group, item: Item, outcome: Outcome, record: Applied | None
    ) -> Iterator[Event]:
        if outcome.reason in _REWRITTEN:
            self.outbox.make_stale()
        else:
            if outcome.reason is not None and item.typed is not None:
                # FOLD-35: its k was not used up, so the hand's later ones leave a hole
                self.outbox.make_stale()
            self._forget(group, item, record)
            group.outcomes.append(outcome)
        if group.n is not None:
            group.unfolded -= 1
            if group.unfolded > 0:
                return
        if not group.items:
            self.outbox.settle(group)
            yield Settled(group)
        elif group.n is not None:
            self.outbox.make_stale(group)

    def _forget(self, group: Group, item: Item, record: Applied | None) -> None:
        """An edit is folded, its words as ``record`` says; or (None) it never will be."""
        group.items.remove(item)
        self._flying.pop((item.edit.element, item.edit.k), None)
        self._settle_words(item, record)

    def _settle_words(self, item: Item, record: Applied | None) -> None:
        if isinstance(item.edit, TextEdit) and item.typed is not None:
            self._words.settle(item.edit, item.typed, record, self.confirmed.seq)

    # --- writing anew -------------------------------------------------------------------------------------

    def _rewrite(self, groups: list[Group]) -> list[Event]:
        """Say pending groups again over what is folded now: fresh k's, today's base, words carried to where
        they belong.
        """
        if not groups:
            return []
        self._flying.clear()
        self.hands.forget_given()
        self._everything += 1
        events: list[Event] = []
        for group in groups:
            group.items = [anew for item in group.items for anew in self._anew(group, item)]
            self._note_flying(group)
            if not group.items:
                self.outbox.settle(group)
                events.append(Settled(group))
        self._words.rewritten(self.confirmed.seq)
        return events

    def _anew(self, group: Group, item: Item) -> list[Item]:
        edit, tip = item.edit, self.confirmed.seq
        if not isinstance(edit, TextEdit) or item.typed is None:
            return [Item(self._restamped(edit, min(edit.base, tip)))]
        parts = self._words.take_apart(edit, item.typed)
        if not parts:  # FOLD-36 if it never fitted; else others had deleted already what it was to delete
            group.outcomes.append(APPLIED if item.typed.fits else Outcome("out-of-range"))
        anew: list[Item] = []
        for part in parts:
            text = msgspec.structs.replace(edit, splices=splices_of(part.ops), inserted=part.inserted)
            anew.append(Item(self._restamped(text, tip), part))
        return anew

    def _restamped(self, edit: AnyEdit, base: int) -> AnyEdit:
        k = self.hands.give(self.confirmed, edit.element)
        return msgspec.structs.replace(edit, hand=self.hands.of(edit.element), k=k, base=base)

    # --- beginning anew -----------------------------------------------------------------------------------

    def _snapshot(self, frame: Snapshot) -> list[Event]:
        try:
            unpacker = zlib.decompressobj(wbits=31)
            board = from_canonical(unpacker.decompress(frame.data, _MAX_SNAPSHOT_BYTES))
        except (zlib.error, ValueError) as error:
            return [OutOfStep(f"the snapshot can't be read: {error}")]
        if (board.space, board.board, board.seq) != (self.space, self.board, frame.seq):
            return [OutOfStep("the snapshot is another board's")]
        if self._is_rewound and self._seeking is None and not self._history.has(board.seq, board.chain):
            # Others wrote on since: the next connection reads the log from its beginning (``open_frame``).
            self._seeking = Seeking(self.space, self.board, self._history)
            return [OutOfStep("the log was rolled back and written on")]
        return self._begin(board)

    def _begin(self, board: Board) -> list[Event]:
        """Go on from a board of the server's."""
        common = board.seq if self._history.has(board.seq, board.chain) else 0
        events: list[Event] = [Rewound(common)] if self._is_rewound or self._seeking is not None else []
        self._seeking = None
        self._is_rewound = False
        self.watch.begins(self.confirmed, board)
        if self.confirmed.seq > 0:
            events += self._begin_anew(board)
        self.confirmed = board
        self._history.begin(board.seq, board.chain)
        self._awaits_snapshot = False
        return events

    def _begin_anew(self, board: Board) -> list[Event]:
        """PROTOCOL-10: what this side held is dropped; own entries that ``board`` lacks return, before what
        is pending.
        """
        self._everything += 1
        past = self._history.since(board.seq, board.chain)
        events = self._settle_held(board)
        own_past = own_items(past if past is not None else self._history.all())
        lacking = [item for item in own_past if not self._is_held(board, item.edit)]
        pending_ops = self._words.begin_anew()
        self.confirmed = board
        self.hands.forget_given()
        self.outbox.put_first([Group([item]) for item in lacking])
        for group in self.outbox:
            self._note_flying(group)
            for item in group.items:
                self.hands.note(item.edit.element, item.edit.k)
                if isinstance(item.edit, TextEdit) and item.typed is not None:
                    self._words.return_to(self._me(item.edit), item.edit, item.typed)

        def ops_of(where: tuple[str, str]) -> Ops | None:
            return None if past is None else carried_back(past, where, pending_ops.get(where, []))

        self._words.relay(board.seq, lambda where: len(self._field(*where).value), ops_of)
        return events

    def _is_held(self, board: Board, edit: AnyEdit) -> bool:
        return board.hands(edit.element).get((self.author, edit.hand), 0) >= edit.k

    def _settle_held(self, board: Board) -> list[Event]:
        """Pending edits that a snapshot holds, so that their own entries will not be seen."""
        events: list[Event] = []
        for group in list(self.outbox):
            for item in [item for item in group.items if self._is_held(board, item.edit)]:
                self._forget(group, item, None)
                group.outcomes.append(APPLIED)
            if not group.items:
                self.outbox.settle(group)
                events.append(Settled(group))
        return events
