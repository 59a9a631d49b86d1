"""Merging words without a CRDT: operational transformation towards the log's order (FOLD-30 to FOLD-36).

An *op* walks over a field once: a tuple of ``(KEEP | INSERT | DELETE, length)`` steps, lengths in code
points. Only lengths stand in an op; the inserted words come from the entry's body, or are placeholders when
it was withheld, so that withdrawing words never moves anybody else's.

A field remembers its last text entries as the ops that were applied (the *window*), and for each hand a
*bridge*: the others' ops that this hand had not yet folded when it last wrote, carried over the hand's own
ops. That is the server half of Jupiter, kept in the fold. ``transform`` satisfies TP1, which is all that
one order needs.

Rejected: replaying the window for every edit (a steady typist's edits reach back without end); Yjs (see
DESIGN §3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from tablecloth.core import limits
from tablecloth.core.edits import Splice

KEEP, INSERT, DELETE = 0, 1, 2
PLACEHOLDER = "\ufffc"

Op: TypeAlias = tuple[tuple[int, int], ...]


def _push(steps: list[tuple[int, int]], kind: int, length: int) -> None:
    if length == 0:
        return
    if steps and steps[-1][0] == kind:
        steps[-1] = (kind, steps[-1][1] + length)
    else:
        steps.append((kind, length))


def _finish(steps: list[tuple[int, int]]) -> Op:
    if steps and steps[-1][0] == KEEP:
        steps.pop()
    return tuple(steps)


def splice_op(splice: Splice) -> Op:
    """One splice as an op; the insertion first, so that what is typed over a word keeps its place."""
    position, deleted, inserted = splice
    steps: list[tuple[int, int]] = []
    _push(steps, KEEP, position)
    _push(steps, INSERT, inserted)
    _push(steps, DELETE, deleted)
    return _finish(steps)


def transform(op: Op, other: Op, op_first: bool) -> Op:
    """``op`` as it reads once ``other``, made over the same words, has been applied (FOLD-32).

    ``op_first`` decides which of two insertions at one place stands first. For all ops over the same field,
    ``apply(other), apply(transform(op, other, f))`` equals ``apply(op), apply(transform(other, op, not f))``.
    """
    # Most edits lie clear of each other; then nothing needs to be walked. Touching ones are walked: ties
    # count.
    start, end, _ = _span(op)
    other_start, other_end, other_longer = _span(other)
    if end < other_start:
        return op
    if start > other_end:
        return ((KEEP, start + other_longer), *op[1:])
    return _walk(op, other, op_first)


def _span(op: Op) -> tuple[int, int, int]:
    """How much is kept before the first change, where the last one ends (both in the field as it was before),
    and how much longer the field is afterwards.
    """
    end = longer = 0
    for kind, length in op:
        if kind == INSERT:
            longer += length
        else:
            end += length
            if kind == DELETE:
                longer -= length
    return op[0][1] if op and op[0][0] == KEEP else 0, end, longer


def _walk(op: Op, other: Op, op_first: bool) -> Op:
    out: list[tuple[int, int]] = []
    i = j = 0
    kind, left = op[0] if op else (KEEP, 0)
    other_kind, other_left = other[0] if other else (KEEP, 0)
    while i < len(op):
        other_done = j >= len(other)
        if kind == INSERT and (op_first or other_done or other_kind != INSERT):
            _push(out, INSERT, left)
            left = 0
        elif not other_done and other_kind == INSERT:
            _push(out, KEEP, other_left)
            other_left = 0
        else:
            length = left if other_done else min(left, other_left)
            if other_done or other_kind == KEEP:
                _push(out, kind, length)
            left -= length
            other_left -= length
        if left == 0:
            i += 1
            if i < len(op):
                kind, left = op[i]
        if not other_done and other_left == 0:
            j += 1
            if j < len(other):
                other_kind, other_left = other[j]
    return _finish(out)


def growth(op: Op) -> int:
    """How many code points longer a field is after ``op``."""
    longer = 0
    for kind, length in op:
        if kind == INSERT:
            longer += length
        elif kind == DELETE:
            longer -= length
    return longer


def apply_op(value: str, op: Op, inserted: str) -> str:
    """``value`` after ``op``; ``inserted`` holds the insertions, joined."""
    parts: list[str] = []
    at = taken = 0
    for kind, length in op:
        if kind == KEEP:
            parts.append(value[at : at + length])
            at += length
        elif kind == INSERT:
            parts.append(inserted[taken : taken + length])
            taken += length
        else:
            at += length
    parts.append(value[at:])
    return "".join(parts)


class Applied(msgspec.Struct):
    """One text entry as it was applied: the window's record."""

    seq: int
    at: int
    author: str
    hand: str
    ops: list[Op]


class Waiting(msgspec.Struct, frozen=True):
    """One op of somebody else that a hand had not yet folded, carried over the hand's own later ops.

    Make it with ``waiting_op``. It is never changed, so that those which an edit leaves where they are need
    not be copied; ``start``, ``end`` and ``longer`` are the op's span, for all edits that come by.
    """

    seq: int
    author: str
    hand: str
    op: Op
    start: int
    end: int
    longer: int


def waiting_op(seq: int, author: str, hand: str, op: Op) -> Waiting:
    """An op of entry ``seq`` that waits to be folded by a hand."""
    return Waiting(seq, author, hand, op, *_span(op))


def _carry(op: Op, author: str, hand: str, waiting: list[Waiting]) -> tuple[Op, list[Waiting]]:
    """An op over what waits, one after the other, and each of these over it (FOLD-33).

    The same as ``transform`` both ways for each, with what is known of them: when a worker is behind, a
    hundred may wait for every keystroke.
    """
    start, end, longer = _span(op)
    carried: list[Waiting] = []
    for other in waiting:
        if end < other.start:
            first = other.start + longer
            moved = ((KEEP, first), *other.op[1:])
            over = Waiting(
                other.seq, other.author, other.hand, moved, first, other.end + longer, other.longer
            )
            carried.append(over)
        elif start > other.end:
            start += other.longer
            end += other.longer
            op = ((KEEP, start), *op[1:])
            carried.append(other)
        else:
            op_first = (author, hand) < (other.author, other.hand)
            met = _walk(other.op, op, not op_first)
            op = _walk(op, other.op, op_first)
            start, end, longer = _span(op)
            carried.append(waiting_op(other.seq, other.author, other.hand, met))
    return op, carried


class Bridge(msgspec.Struct):
    """Where one hand stood when it last wrote: base, seq of that entry, and what it had not folded."""

    base: int
    seq: int
    waiting: list[Waiting] = []


@dataclass(slots=True)
class TextField:
    """Words, with what is needed to rebase edits that were made over older ones."""

    value: str = ""
    window: list[Applied] = field(default_factory=list)
    bridges: dict[tuple[str, str], Bridge] = field(default_factory=dict)
    floor: int = 0
    """The highest seq that has left the window: an edit with an older base can't be rebased any more."""

    def outdated(self, seq: int, at: int) -> int:
        """How many of the window's oldest entries may go, seen from a tip of ``(seq, at)`` (FOLD-34)."""
        window = self.window
        oldest_seq, oldest_at = seq - limits.TEXT_WINDOW_SEQS, at - limits.TEXT_WINDOW_MS
        drop = max(0, len(window) - limits.TEXT_WINDOW)
        while drop < len(window) and window[drop].seq < oldest_seq and window[drop].at < oldest_at:
            drop += 1
        return drop

    def floor_at(self, seq: int, at: int) -> int:
        """The floor, as it would be if the field were pruned at ``(seq, at)``."""
        drop = self.outdated(seq, at)
        return self.window[drop - 1].seq if drop else self.floor

    def prune(self, seq: int, at: int) -> None:
        """Forget what is too old to be rebased over, seen from a tip of ``(seq, at)`` (FOLD-34).

        What may go once may go for ever, so pruning late or often makes no difference to any later answer.
        """
        drop = self.outdated(seq, at)
        if drop == 0:
            return
        self.floor = self.window[drop - 1].seq
        del self.window[:drop]
        for key in [key for key, bridge in self.bridges.items() if bridge.seq <= self.floor]:
            del self.bridges[key]
        for bridge in self.bridges.values():
            if bridge.base < self.floor:
                bridge.base = self.floor
                bridge.waiting = [other for other in bridge.waiting if other.seq > self.floor]

    def rebase(self, author: str, hand: str, base: int, splices: list[Splice]) -> Rebased | str:
        """What the splices mean over the field as it now is, or the reason why that can't be told (FOLD-33).

        Changes nothing; ``commit`` takes the answer.
        """
        bridge = self.bridges.get((author, hand))
        if base < self.floor or (bridge is not None and base < bridge.base):
            return "old-base"
        start = base
        waiting: list[Waiting] = []
        if bridge is not None and bridge.seq > base:
            start = bridge.seq
            waiting = [other for other in bridge.waiting if other.seq > base]
        window = self.window
        first = len(window)
        while first > 0 and window[first - 1].seq > start:
            first -= 1
        for record in window[first:]:
            if record.hand != hand or record.author != author:
                waiting += [waiting_op(record.seq, record.author, record.hand, op) for op in record.ops]
        if len(waiting) > limits.MAX_REBASE_OPS:  # FOLD-34
            return "old-base"
        length = len(self.value)
        for other in waiting:
            length -= other.longer
        ops: list[Op] = []
        kept: list[bool] = []
        for splice in splices:
            position, deleted, inserted = splice
            fits = position + deleted <= length
            kept.append(fits)
            if not fits:
                continue
            length += inserted - deleted
            op, waiting = _carry(splice_op(splice), author, hand, waiting)
            ops.append(op)
        return Rebased(ops, kept, waiting)

    def commit(
        self, seq: int, at: int, author: str, hand: str, base: int, rebased: Rebased, inserted: str
    ) -> None:
        """Apply a rebased edit as entry ``seq``; ``inserted``: the kept splices' insertions, joined."""
        if len(rebased.ops) == 1:  # nearly always; nothing has to be shared out then
            self.value = apply_op(self.value, rebased.ops[0], inserted)
        else:
            taken = 0
            for op in rebased.ops:
                length = sum(n for kind, n in op if kind == INSERT)
                self.value = apply_op(self.value, op, inserted[taken : taken + length])
                taken += length
        self.window.append(Applied(seq, at, author, hand, rebased.ops))
        self.bridges[(author, hand)] = Bridge(base, seq, rebased.waiting)


class Rebased(msgspec.Struct):
    """An edit's ops over the field as it is; which splices were kept; what its hand still has to fold."""

    ops: list[Op]
    kept: list[bool]
    waiting: list[Waiting]
