"""One's own edits on one board that the fold does not hold yet: what they say over what is folded now,
through everything that others write, refusals, and a log that comes back as another one.

Rules: PROTOCOL-20 to PROTOCOL-24, FOLD-4, FOLD-33 to FOLD-36. Which of them is sent when is ``outbox``'s, how
their words are carried ``words``'s.

Invariants:
- A hand is random per session and element, and its k's are given without holes in the order of the groups.
- A group is settled when the last of its entries is folded, not at the ack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from tablecloth.core.board import Board
from tablecloth.core.edits import AcceptHead, AddEdit, AnyEdit, AnyHead, TextEdit, TextHead, is_made_by_hand
from tablecloth.core.fold import APPLIED, Outcome
from tablecloth.core.limits import MAX_SPLICES
from tablecloth.core.room_kinds import ProposeEdit
from tablecloth.core.text import Applied, TextField
from tablecloth.replica.anew import Between
from tablecloth.replica.events import Event, Settled
from tablecloth.replica.hands import Hands
from tablecloth.replica.history import History, Past
from tablecloth.replica.outbox import Group, Item, Outbox
from tablecloth.replica.owed import Owed
from tablecloth.replica.words import OldBase, PendingWords, Typed, Where, splices_of
from tablecloth.wire.codec import encode
from tablecloth.wire.limits import MAX_MESSAGE_BYTES

_REWRITTEN = frozenset({"hole", "old-base"})
"""No-ops of the fold that did not use up their k and lose nothing when written anew (FOLD-35)."""
ROOM_FOR_FRAME = 256


class TooLong(ValueError):
    """A group is longer than a message may be (PROTOCOL-3). It was not taken; write it in parts."""


@dataclass(slots=True)
class Own:
    """``board`` is what is folded, and read only; whoever folds another board sets it."""

    author: str
    new_id: Callable[[], str]
    board: Board
    outbox: Outbox = field(default_factory=Outbox)
    changes: int = 0
    """Grows whenever pending edits changed otherwise than by one more, or one that was folded."""
    hands: Hands = field(init=False)
    _words: PendingWords = field(default_factory=PendingWords)
    _owed: Owed = field(default_factory=Owed)
    _flying: dict[tuple[str, int], tuple[Group, Item]] = field(default_factory=dict)
    """Own edits that are not folded, by element and k."""

    def __post_init__(self) -> None:
        self.hands = Hands(self.author, self.new_id)

    def write(self, edits: list[AnyEdit], base: int | None = None) -> Group:
        """Make a pending group of ``edits``; hand, k and base in them are filled in here.

        ``base`` is what their author had folded, if that is not all that is folded now; it never goes back
        for one element's words (OldBase). Raises TooLong.
        """
        is_given = base is not None
        base = self.board.seq if base is None else base
        stamped: list[AnyEdit] = []
        ahead: dict[str, int] = {}
        for edit in edits:
            k = ahead[edit.element] = ahead.get(edit.element, self.hands.last(self.board, edit.element)) + 1
            stamped.append(msgspec.structs.replace(edit, hand=self.hands.of(edit.element), k=k, base=base))
        if len(encode(stamped)) > MAX_MESSAGE_BYTES - ROOM_FOR_FRAME:
            raise TooLong("That is more than one message can carry.")
        group = Group(self._items(stamped, keeps_base=is_given))
        for element, k in ahead.items():
            self.hands.note(element, k)
        self.outbox.add(group)
        self._note_flying(group)
        return group

    def pending(self, element: str) -> list[AnyEdit]:
        """Edits of an element that are not folded, in order, as they are said over what is folded now."""
        k = self.hands.folded(self.board, element)
        edits: list[AnyEdit] = []
        for group in self.outbox:
            for item in group.items:
                if item.edit.element == element and (item.typed is None or any(item.typed.ops)):
                    k += 1
                    edits.append(self._as_now(item, k))
        return edits

    def _as_now(self, item: Item, k: int) -> AnyEdit:
        edit, typed = item.edit, item.typed
        if not isinstance(edit, TextEdit) or typed is None:
            return msgspec.structs.replace(edit, k=k, base=min(edit.base, self.board.seq))
        splices, base = splices_of(typed.ops), self.board.seq
        return msgspec.structs.replace(edit, k=k, base=base, splices=splices, inserted=typed.inserted)

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
        folded = self.board.elements.get(element)
        return TextField() if folded is None else folded.texts.get(name, TextField())

    def _note_flying(self, group: Group) -> None:
        for item in group.items:
            self._flying[item.edit.element, item.edit.k] = (group, item)

    def renew(self, group: Group) -> None:
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

    # --- what the log brings --------------------------------------------------------------------------------

    def item_of(self, head: AnyHead | None) -> tuple[Group, Item] | tuple[None, None]:
        """The pending edit that an entry was, and its group."""
        if not is_made_by_hand(head):
            return None, None
        if not self.hands.is_own(head.author, head.element, head.hand):
            return None, None
        return self._flying.get((head.element, head.k), (None, None))

    def record_of(self, head: AnyHead | None, item: Item | None, outcome: Outcome) -> Applied | None:
        """How words were applied just now. Somebody else's carry what is pending along."""
        if not isinstance(head, TextHead | AcceptHead) or outcome.reason is not None:
            return None
        field = self.board.elements[head.element].texts.get(head.field)
        if field is None or not field.window or field.window[-1].seq != self.board.seq:
            return None  # a word property was accepted
        record = field.window[-1]
        # FOLD-85: an accepted variant is another's words to everybody, also to who accepted it.
        if item is None or isinstance(head, AcceptHead):
            self._words.carry((head.element, head.field), record)
        return record

    def folded(self, group: Group, item: Item, outcome: Outcome, record: Applied | None) -> Iterator[Event]:
        """An own edit's entry was folded."""
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

    def drop(self, group: Group, used: bool) -> None:
        """A group was refused for good; ``used``: whether its n was used up."""
        self.changes += 1
        for item in reversed(group.items[:]):
            self._forget(group, item, None)
        self.outbox.settle(group, used)

    def _forget(self, group: Group, item: Item, record: Applied | None) -> None:
        """An edit is folded, its words as ``record`` says; or (None) it never will be."""
        group.items.remove(item)
        self._flying.pop((item.edit.element, item.edit.k), None)
        self._settle_words(item, record)

    def _settle_words(self, item: Item, record: Applied | None) -> None:
        if isinstance(item.edit, TextEdit) and item.typed is not None:
            self._words.settle(item.edit, item.typed, record, self.board.seq)

    def pay(self, past: Past) -> None:
        """Somebody else's words were folded: if they came back though they were deleted here, do it again."""
        if past.where is None:
            return
        element, name = past.where
        length = len(self._field(element, name).value)
        owed = self._owed.returned(past.by, past.where, past.words or "", past.ops, length)
        splices = splices_of([self._words.passed(past.where, owed)]) if owed else []
        for start in range(0, len(splices), MAX_SPLICES):
            self.write([TextEdit(element, "", 0, 0, name, splices[start : start + MAX_SPLICES], "")])

    # --- writing anew ---------------------------------------------------------------------------------------

    def rewrite(self, groups: list[Group]) -> list[Event]:
        """Say pending groups again over what is folded now: fresh k's, today's base, words carried to where
        they belong.
        """
        if not groups:
            return []
        self._flying.clear()
        self.hands.forget_given()
        self.changes += 1
        events: list[Event] = []
        for group in groups:
            group.items = [anew for item in group.items for anew in self._anew(group, item)]
            self._note_flying(group)
            if not group.items:
                self.outbox.settle(group)
                events.append(Settled(group))
        self._words.rewritten(self.board.seq)
        return events

    def _anew(self, group: Group, item: Item) -> list[Item]:
        edit, tip = item.edit, self.board.seq
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
        k = self.hands.give(self.board, edit.element)
        return msgspec.structs.replace(edit, hand=self.hands.of(edit.element), k=k, base=base)

    # --- beginning anew -------------------------------------------------------------------------------------

    def begin_anew(self, board: Board, history: History) -> list[Event]:
        """PROTOCOL-10: what this side held is dropped; own entries that ``board`` lacks return, before what
        is pending.
        """
        self.changes += 1
        between = Between.of(history, self.board, board)
        events = self._settle_held(board)
        lacking = [item for item in between.items() if not self._is_held(board, item.edit)]
        pending = self._words.begin_anew()
        self.board = board
        self.hands.forget_given()
        self.outbox.put_first([Group([item]) for item in lacking])
        for group in self.outbox:
            self._note_flying(group)
            for item in group.items:
                self.hands.note(item.edit.element, item.edit.k)
        self._place(between, lacking, pending)
        self._wait_for_missing()
        return events

    def _place(self, between: Between, lacking: list[Item], pending: dict[Where, list[Typed]]) -> None:
        """Put own words over the fields as they are now, and note what of others' is owed its deletion."""
        returned: dict[Where, list[Typed]] = {}
        for item in lacking:
            if isinstance(item.edit, TextEdit) and item.typed is not None:
                returned.setdefault((item.edit.element, item.edit.field), []).append(item.typed)
        for where in {**returned, **pending}:
            value, waiting = self._field(*where).value, pending.get(where, [])
            past = [one for one in between.since if one.where == where]
            length = len(between.words(where, value))
            self._owed.note(where, length, past, [typed.ops for typed in waiting])
            between.place(where, value, returned.get(where, []), waiting)
        for item in (item for group in self.outbox for item in group.items):
            if isinstance(item.edit, TextEdit) and item.typed is not None:
                self._words.return_to(self._me(item.edit), item.edit, item.typed)
        self._words.placed(self.board.seq, lambda where: len(self._field(*where).value))

    def _wait_for_missing(self) -> None:
        """Edits of elements and proposals that are lost wait until whoever made these has brought them
        back.
        """
        edits = [edit for group in self.outbox for edit in group.edits()]
        coming = {edit.element for edit in edits if isinstance(edit, AddEdit | ProposeEdit)}
        there = {edit.element for edit in edits if self.board.hands(edit.element)}
        self.outbox.missing = {edit.element for edit in edits} - there - coming

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
