"""One hand's words in one field that the log does not hold yet, kept true while others write.

The other half of ``core.text``: there the log rebases an edit over what its author had not folded; here the
author carries their own unfolded edits over what the log brings. Each edit stands as ops over the field as
it is now folded, with the hand's earlier unfolded edits applied. So the view is one walk, and when the door
asks for a rewrite (PROTOCOL-23, FOLD-35) the ops can be said again as splices over today's field, however
long the device was away.

Invariant: for every entry that is folded, ``carried ops of the first edit`` are the ops with which the log
will apply it. Rejected: rewriting from the window in the fold, which is too short for a device that was
away for an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tablecloth.core import limits
from tablecloth.core.edits import Splice, TextEdit
from tablecloth.core.text import (
    DELETE,
    INSERT,
    KEEP,
    Applied,
    Bridge,
    Op,
    TextField,
    Waiting,
    growth,
    splice_op,
    transform,
    waiting_op,
)

Ops: TypeAlias = list[list[Op]]
"""The ops of several edits of one field."""
Where: TypeAlias = tuple[str, str]
"""(element, field)"""
_EVERYTHING = 2**53
"""A seq above all others: the bridge stands for own edits that have no seq yet."""


class OldBase(ValueError):
    """An edit was given a base that lies below the window, or below its hand's last base (FOLD-34)."""


@dataclass(slots=True, eq=False)
class Typed:
    """One unfolded text edit: its ops, and the words that they insert, joined."""

    ops: list[Op]
    inserted: str
    fits: bool = True
    """False if no splice lay within the field as its author saw it."""


def inverse(op: Op) -> Op:
    """The op that takes ``op`` back, in lengths: what was inserted is deleted, and room for what was
    deleted returns.
    """
    swapped = {KEEP: KEEP, INSERT: DELETE, DELETE: INSERT}
    return tuple((swapped[kind], length) for kind, length in op)


def inserted_by(op: Op) -> int:
    """How many code points an op inserts."""
    return sum(length for kind, length in op if kind == INSERT)


def difference(before: str, after: str) -> Op:
    """The least change from one text to another: what lies between their common ends."""
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    most -= head
    tail = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    return splice_op((head, len(before) - head - tail, len(after) - head - tail))


def is_same(one: list[Op], two: list[Op]) -> bool:
    """Whether ops that apply one after another do the same, however they are said."""
    if one == two:
        return True
    reach = sum(length for op in (*one, *two) for kind, length in op if kind != INSERT)
    return _walked(one, reach) == _walked(two, reach)


def _walked(ops: list[Op], reach: int) -> list[int]:
    """Which code points stand where after ``ops``: those that were there by place, inserted ones below 0."""
    signs = list(range(reach))
    inserted = 0
    for op in ops:
        out: list[int] = []
        at = 0
        for kind, length in op:
            if kind == INSERT:
                out += range(-inserted - 1, -inserted - length - 1, -1)
                inserted += length
                continue
            if kind == KEEP:
                out += signs[at : at + length]
            at += length
        signs = out + signs[at:]
    return signs


def splices_of(ops: Iterable[Op]) -> list[Splice]:
    """The same change as splices that apply one after another. The words they insert stay in the same
    order.
    """
    splices: list[Splice] = []
    for op in ops:
        at = 0
        was_insert = False
        for kind, length in op:
            if kind == KEEP:
                at += length
            elif kind == INSERT:
                splices.append((at, 0, length))
                at += length
            elif was_insert:  # FOLD-31: an insertion stands before the deletion of the same splice
                start, _, inserted = splices[-1]
                splices[-1] = (start, length, inserted)
            else:
                splices.append((at, length, 0))
            was_insert = kind == INSERT
    return splices


def in_parts(typed: Typed) -> list[Typed]:
    """The same change as edits of at most ``MAX_SPLICES`` splices each; none at all if nothing is left of
    it.
    """
    splices = splices_of(typed.ops)
    parts: list[Typed] = []
    taken = 0
    for start in range(0, len(splices), limits.MAX_SPLICES):
        some = splices[start : start + limits.MAX_SPLICES]
        length = sum(inserted for _, _, inserted in some)
        parts.append(Typed([splice_op(splice) for splice in some], typed.inserted[taken : taken + length]))
        taken += length
    return parts


def _kept_words(splices: list[Splice], kept: list[bool], inserted: str) -> str:
    words: list[str] = []
    at = 0
    for (_, _, length), is_kept in zip(splices, kept, strict=True):
        if is_kept:
            words.append(inserted[at : at + length])
        at += length
    return "".join(words)


@dataclass(slots=True)
class OwnWords:
    """The unfolded text edits of one (author, hand) in one field, oldest first."""

    me: tuple[str, str]
    typed: list[Typed] = field(default_factory=list)
    base: int = 0
    length: int = 0
    """Of the field with everything in ``typed`` applied, in code points."""
    waiting: list[Waiting] = field(default_factory=list)
    """Others' ops above ``base``, carried over all of the hand's own: what a new edit with an old base must
    pass.
    """

    def write(self, folded: TextField, base: int, splices: list[Splice], inserted: str) -> Typed:
        """Take one more edit, made over the field at ``base`` plus the hand's own later ones. Raises OldBase.

        Splices out of range are left out, as the fold will leave them out (FOLD-36).
        """
        if self.typed:
            bridge = Bridge(self.base, _EVERYTHING, self.waiting)
            rebased = TextField("\0" * self.length, [], {self.me: bridge}).rebase(*self.me, base, splices)
        else:
            self.length = len(folded.value)
            rebased = folded.rebase(*self.me, base, splices)
        if isinstance(rebased, str):
            raise OldBase(rebased)
        typed = Typed(rebased.ops, _kept_words(splices, rebased.kept, inserted), any(rebased.kept))
        self.typed.append(typed)
        self.base, self.waiting = base, rebased.waiting
        self.length += sum(growth(op) for op in rebased.ops)
        return typed

    def carry(self, record: Applied) -> None:
        """Somebody else's entry was folded: carry own edits over it, and it over them (FOLD-32)."""
        own_first = self.me < (record.author, record.hand)
        for other in record.ops:
            for typed in self.typed:
                for index, op in enumerate(typed.ops):
                    typed.ops[index] = transform(op, other, own_first)
                    other = transform(other, op, not own_first)
            self.length += growth(other)
            self.waiting.append(waiting_op(record.seq, record.author, record.hand, other))

    def folded(self, typed: Typed) -> None:
        """An own edit is in the log and was applied: it is part of the field now."""
        self.typed.remove(typed)

    def begin_anew(self, base: int, length: int) -> None:
        """The field is another one now (PROTOCOL-10), ``length`` code points long; ``typed`` stands on it."""
        self.base, self.waiting = base, []
        self.length = length + sum(growth(op) for typed in self.typed for op in typed.ops)

    def passed(self, op: Op) -> Op:
        """An op over the field as it is folded, as it reads over what is unfolded; a deletion, so that no tie
        has to be decided.
        """
        return over([op], [mine for typed in self.typed for mine in typed.ops])[0][0]

    def drop(self, typed: Typed, tip: int) -> None:
        """An own edit will never be applied: take its effect out of the later ones.

        From here on a new edit's base must be ``tip`` or later; the waiting ops led over the edit that is
        gone.
        """
        place = self.typed.index(typed)
        undo = [inverse(op) for op in reversed(typed.ops)]
        del self.typed[place]
        for later in self.typed[place:]:
            later.ops, undo = over(later.ops, undo)
        self.length += sum(growth(op) for op in undo)
        self.base, self.waiting = max(self.base, tip), []


@dataclass(slots=True)
class PendingWords:
    """The unfolded words of one session on one board: an ``OwnWords`` for each field that has any."""

    _fields: dict[tuple[str, str], OwnWords] = field(default_factory=dict)

    def write(self, me: tuple[str, str], edit: TextEdit, folded: TextField) -> Typed:
        """Take one more text edit. Raises OldBase, and then nothing was taken."""
        own = self._fields.get((edit.element, edit.field)) or OwnWords(me)
        typed = own.write(folded, edit.base, edit.splices, edit.inserted)
        self._fields[edit.element, edit.field] = own
        return typed

    def carry(self, where: tuple[str, str], record: Applied) -> None:
        """Somebody else's words were folded."""
        own = self._fields.get(where)
        if own is not None:
            own.carry(record)

    def settle(self, edit: TextEdit, typed: Typed, record: Applied | None, tip: int) -> None:
        """An own text edit is folded, as ``record`` says, or never will be (None)."""
        where = (edit.element, edit.field)
        own = self._fields.get(where)
        if own is None or typed not in own.typed:
            return
        if record is not None and is_same(record.ops, typed.ops):
            own.folded(typed)
        else:
            own.drop(typed, tip)
            if record is not None:
                # Only after a rollback whose common past isn't known: the log has the edit otherwise than
                # guessed.
                own.carry(record)
        self._forget_empty(where)

    def renewed(self, edit: TextEdit) -> None:
        """An edit was said over the field at its new base: no later one may have an older base (FOLD-34)."""
        own = self._fields[edit.element, edit.field]
        own.base, own.waiting = max(own.base, edit.base), []

    def take_apart(self, edit: TextEdit, typed: Typed) -> list[Typed]:
        """Put what one edit can say in place of ``typed``: several edits, or none if nothing is left to
        say.
        """
        where = (edit.element, edit.field)
        own = self._fields[where]
        place, parts = own.typed.index(typed), in_parts(typed)
        own.typed[place : place + 1] = parts
        self._forget_empty(where)
        return parts

    def rewritten(self, tip: int) -> None:
        """Everything is said anew over ``tip``."""
        for own in self._fields.values():
            own.base, own.waiting = tip, []

    def passed(self, where: Where, op: Op) -> Op:
        """See ``OwnWords.passed``."""
        own = self._fields.get(where)
        return op if own is None else own.passed(op)

    def begin_anew(self) -> dict[Where, list[Typed]]:
        """Forget all; answers each field's edits, oldest first."""
        typed = {where: own.typed for where, own in self._fields.items()}
        self._fields = {}
        return typed

    def return_to(self, me: tuple[str, str], edit: TextEdit, typed: Typed) -> None:
        """Put an edit back after ``begin_anew``, the last of its field; then call ``placed``."""
        self._fields.setdefault((edit.element, edit.field), OwnWords(me)).typed.append(typed)

    def placed(self, base: int, length_of: Callable[[Where], int]) -> None:
        """What was put back stands over fields of these lengths now."""
        for where, own in self._fields.items():
            own.begin_anew(base, length_of(where))

    def _forget_empty(self, where: tuple[str, str]) -> None:
        if not self._fields[where].typed:
            del self._fields[where]


def over(ops: list[Op], others: list[Op]) -> tuple[list[Op], list[Op]]:
    """Both lists begin at the same words; each as it reads after all of the other. Ties: the others' stand
    first.
    """
    carried: list[Op] = []
    for op in ops:
        passed: list[Op] = []
        for other in others:
            passed.append(transform(other, op, True))
            op = transform(op, other, False)
        others = passed
        carried.append(op)
    return carried, others


def without_others(history: list[tuple[bool, list[Op]]]) -> list[list[Op]]:
    """What is left of one hand's edits when everybody else's entries between them are taken away.

    ``history``: (whether it is this hand's own, its ops) in the order of the log. For a log that was rolled
    back: own edits return over the field as it was then (PROTOCOL-10), and the others' come back by their
    own authors.
    """
    own: list[list[Op]] = []
    undo: list[Op] = []
    for is_own, ops in history:
        if is_own:
            mine, undo = over(ops, undo)
            own.append(mine)
        else:
            undo = [inverse(op) for op in reversed(ops)] + undo
    return own
