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
from tablecloth.core.edits import AnyEdit, AnyHead, Entry, FoundHead, TextEdit, TextHead
from tablecloth.core.fold import APPLIED, Outcome, apply_read, read_content, read_head
from tablecloth.core.limits import MAX_SPLICES
from tablecloth.core.text import Op, TextField
from tablecloth.replica.events import Dropped, Event, Folded, NewSession, OutOfStep, Paused, Rewound, Settled
from tablecloth.replica.history import History, carried_back, own_items
from tablecloth.replica.outbox import Group, Item, Outbox
from tablecloth.replica.words import OldBase, OwnWords, in_parts, splices_of
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import Ack, EditFrame, Entries, Open, Opened, Refuse, Snapshot
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
    _hands: dict[str, str] = field(default_factory=dict)
    _last_k: dict[str, int] = field(default_factory=dict)
    _words: dict[tuple[str, str], OwnWords] = field(default_factory=dict)
    _flying: dict[tuple[str, int], tuple[Group, Item]] = field(default_factory=dict)
    """Own edits that are not folded, by element and k."""
    _history: History = field(default_factory=History)
    _is_rewound: bool = False
    _awaits_snapshot: bool = False
    _versions: dict[str, int] = field(default_factory=dict)
    _everything: int = 0

    def __post_init__(self) -> None:
        self.confirmed = new_board(self.space, self.board)
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
            ahead[edit.element] = ahead.get(edit.element, self._k(edit.element)) + 1
            stamped.append(
                msgspec.structs.replace(edit, hand=self.hand(edit.element), k=ahead[edit.element], base=base)
            )
        if len(encode(stamped)) > MAX_MESSAGE_BYTES - _ROOM_FOR_FRAME:
            raise TooLong("That is more than one message can carry.")
        group = Group(self._items(stamped, keeps_base=is_given))
        self._last_k.update(ahead)
        self.outbox.add(group)
        self._note_flying(group)
        return group

    def hand(self, element: str) -> str:
        """The hand of this session on an element: random, and no other element's, so it joins nothing."""
        return self._hands.setdefault(element, self.new_id())

    def pending(self, element: str) -> list[AnyEdit]:
        """Edits of an element that are not folded, in order, as they are said over what is folded now."""
        k = self._folded_k(element)
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

    def _k(self, element: str) -> int:
        known = self._last_k.get(element)
        return self._folded_k(element) if known is None else known

    def _folded_k(self, element: str) -> int:
        folded = self.confirmed.elements.get(element)
        return 0 if folded is None else folded.hands.get((self.author, self.hand(element)), 0)

    def _items(self, edits: list[AnyEdit], keeps_base: bool) -> list[Item]:
        items: list[Item] = []
        try:
            for edit in edits:
                typed = None
                if isinstance(edit, TextEdit):
                    field = self._field(edit.element, edit.field)
                    typed = self._own(edit).write(field, edit.base, edit.splices, edit.inserted)
                items.append(Item(edit, typed, keeps_base))
        except OldBase:
            for item in reversed(items):
                self._forget_words(item, was_applied=False)
            raise
        return items

    def _own(self, edit: TextEdit | TextHead) -> OwnWords:
        me = (self.author, self.hand(edit.element))
        return self._words.setdefault((edit.element, edit.field), OwnWords(me))

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
        return self._tip is not None and not self._awaits_snapshot and self.confirmed.seq >= self._tip

    def open_frame(self) -> Open:
        """How to begin to follow this board on a new connection (PROTOCOL-10). The tail is asked for
        whenever there is something to continue from: pending words can't be carried over a snapshot.
        """
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
                own = self._own(edit)
                own.base, own.waiting = max(own.base, said.base), []

    def receive(self, frame: Opened | Snapshot | Entries | Ack | Refuse) -> list[Event]:
        """Take in a frame about this board. The events come in the order in which they happened."""
        events: list[Event] = []
        match frame:
            case Opened():
                events = self._opened(frame)
            case Snapshot():
                events = self._snapshot(frame)
            case Entries():
                events = [event for entry in frame.entries for event in self._entry(entry)]
            case Ack():
                for n, _ in frame.acks:
                    self.outbox.acked(n)
            case Refuse():
                events = self._refused(frame)
        return events + self._rewrite(self.outbox.to_rewrite()) if self.is_current else events

    def _opened(self, frame: Opened) -> list[Event]:
        is_rewound = frame.how != "tail" and self.confirmed.seq > 0
        # DESIGN "Exactly": after a rollback a session's numbers may stand for other contents on an old
        # connection.
        if not self.outbox.opened(frame.mark) or (is_rewound and not self.outbox.is_fresh):
            return [NewSession()]
        self._tip = frame.seq
        self._awaits_snapshot = frame.how != "tail"
        self._is_rewound = is_rewound
        return []

    def _refused(self, frame: Refuse) -> list[Event]:
        group = self.outbox.refused(frame.n, frame.code)
        if group is not None:
            self._everything += 1
            for item in reversed(group.items[:]):
                self._forget(group, item, was_applied=False)
            self.outbox.settle(group, used=frame.code != "bad-frame")
            return [Dropped(group, frame.code, frame.words)]
        return [Paused(frame.code, frame.words)] if frame.code in {"slow-down", "busy", "read-only"} else []

    # --- folding ------------------------------------------------------------------------------------------

    def _entry(self, entry: Entry) -> Iterator[Event]:
        if entry.seq <= self.confirmed.seq:
            return  # a tail and the room may overlap
        if entry.seq > self.confirmed.seq + 1:
            yield OutOfStep(f"entry {entry.seq} came after {self.confirmed.seq}")
            return
        head = read_head(entry.head)
        outcome = apply_read(self.confirmed, entry, head)
        group, item = self._own_item(head)
        ops = self._carry(head, item, outcome)
        self._history.note(entry.seq, self.confirmed.chain, self._kept(item), head, ops)
        yield Folded(entry, head, read_content(entry.body), outcome)
        if head is not None and not isinstance(head, FoundHead):
            self._versions[head.element] = self._versions.get(head.element, 0) + 1
        if group is not None and item is not None:
            yield from self._own_folded(group, item, outcome)

    def _own_item(self, head: AnyHead | None) -> tuple[Group, Item] | tuple[None, None]:
        if head is None or isinstance(head, FoundHead) or head.author != self.author:
            return None, None
        if head.hand != self._hands.get(head.element):
            return None, None
        return self._flying.get((head.element, head.k), (None, None))

    def _kept(self, item: Item | None) -> Item | None:
        """What of an own entry would return after a rollback: all that used up its k (FOLD-4, FOLD-35)."""
        return item if item is not None and self._folded_k(item.edit.element) >= item.edit.k else None

    def _carry(self, head: AnyHead | None, item: Item | None, outcome: Outcome) -> list[Op]:
        """Keep pending words true to what was just folded; the ops with which words were applied."""
        if not isinstance(head, TextHead) or outcome.reason is not None:
            return []
        record = self.confirmed.elements[head.element].texts[head.field].window[-1]
        own = self._words.get((head.element, head.field))
        if own is not None and (item is None or item.typed is None):
            own.carry(record)
        elif own is not None and item is not None and item.typed is not None and item.typed.ops != record.ops:
            # Only after a rollback whose common past isn't known: the log has the edit otherwise than was
            # guessed.
            own.drop(item.typed, self.confirmed.seq)
            own.carry(record)
        return record.ops

    def _own_folded(self, group: Group, item: Item, outcome: Outcome) -> Iterator[Event]:
        if outcome.reason in _REWRITTEN:
            self.outbox.make_stale()
        else:
            if outcome.reason is not None and item.typed is not None:
                # FOLD-35: its k was not used up, so the hand's later ones leave a hole
                self.outbox.make_stale()
            self._forget(group, item, was_applied=outcome.reason is None)
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

    def _forget(self, group: Group, item: Item, was_applied: bool) -> None:
        """An edit is folded, or never will be."""
        group.items.remove(item)
        self._flying.pop((item.edit.element, item.edit.k), None)
        self._forget_words(item, was_applied)

    def _forget_words(self, item: Item, was_applied: bool) -> None:
        if not isinstance(item.edit, TextEdit) or item.typed is None:
            return
        own = self._own(item.edit)
        if item.typed in own.typed:
            own.folded(item.typed) if was_applied else own.drop(item.typed, self.confirmed.seq)
        if not own.typed:
            del self._words[item.edit.element, item.edit.field]

    # --- writing anew -------------------------------------------------------------------------------------

    def _rewrite(self, groups: list[Group]) -> list[Event]:
        """Say pending groups again over what is folded now: fresh k's, today's base, words carried to where
        they belong.
        """
        if not groups:
            return []
        self._flying.clear()
        self._last_k.clear()
        self._everything += 1
        events: list[Event] = []
        for group in groups:
            group.items = [anew for item in group.items for anew in self._anew(group, item)]
            self._note_flying(group)
            if not group.items:
                self.outbox.settle(group)
                events.append(Settled(group))
        for own in self._words.values():
            own.base, own.waiting = self.confirmed.seq, []
        return events

    def _anew(self, group: Group, item: Item) -> list[Item]:
        edit, tip = item.edit, self.confirmed.seq
        if not isinstance(edit, TextEdit) or item.typed is None:
            return [Item(self._restamped(edit, min(edit.base, tip)))]
        own = self._own(edit)
        parts = in_parts(item.typed)
        if not parts:  # FOLD-36 if it never fitted; else others had deleted already what it was to delete
            group.outcomes.append(APPLIED if item.typed.fits else Outcome("out-of-range"))
        place = own.typed.index(item.typed)
        own.typed[place : place + 1] = parts
        if not own.typed:
            del self._words[edit.element, edit.field]
        anew: list[Item] = []
        for part in parts:
            text = msgspec.structs.replace(edit, splices=splices_of(part.ops), inserted=part.inserted)
            anew.append(Item(self._restamped(text, tip), part))
        return anew

    def _restamped(self, edit: AnyEdit, base: int) -> AnyEdit:
        k = self._k(edit.element) + 1
        self._last_k[edit.element] = k
        return msgspec.structs.replace(edit, hand=self.hand(edit.element), k=k, base=base)

    # --- beginning anew -----------------------------------------------------------------------------------

    def _snapshot(self, frame: Snapshot) -> list[Event]:
        try:
            unpacker = zlib.decompressobj(wbits=31)
            board = from_canonical(unpacker.decompress(frame.data, _MAX_SNAPSHOT_BYTES))
        except (zlib.error, ValueError) as error:
            return [OutOfStep(f"the snapshot can't be read: {error}")]
        if (board.space, board.board, board.seq) != (self.space, self.board, frame.seq):
            return [OutOfStep("the snapshot is another board's")]
        events: list[Event] = [Rewound()] if self._is_rewound else []
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
        pending_ops = {key: [typed.ops for typed in own.typed] for key, own in self._words.items()}
        self.confirmed, self._words, self._last_k = board, {}, {}
        self.outbox.put_first([Group([item]) for item in lacking])
        for group in self.outbox:
            self._note_flying(group)
            for item in group.items:
                self._last_k[item.edit.element] = max(item.edit.k, self._last_k.get(item.edit.element, 0))
                if isinstance(item.edit, TextEdit) and item.typed is not None:
                    self._own(item.edit).typed.append(item.typed)
        for (element, name), own in self._words.items():
            left = pending_ops.get((element, name), [])
            ops = None if past is None else carried_back(past, (element, name), left)
            own.begin_anew(board.seq, len(self._field(element, name).value), ops)
        return events

    def _is_held(self, board: Board, edit: AnyEdit) -> bool:
        element = board.elements.get(edit.element)
        return element is not None and element.hands.get((self.author, edit.hand), 0) >= edit.k

    def _settle_held(self, board: Board) -> list[Event]:
        """Pending edits that a snapshot holds, so that their own entries will not be seen."""
        events: list[Event] = []
        for group in list(self.outbox):
            for item in [item for item in group.items if self._is_held(board, item.edit)]:
                self._forget(group, item, was_applied=True)
                group.outcomes.append(APPLIED)
            if not group.items:
                self.outbox.settle(group)
                events.append(Settled(group))
        return events
