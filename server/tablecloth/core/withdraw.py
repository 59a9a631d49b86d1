"""Taking one's own words back for good: what a ``withdraw`` entry does (FOLD-90 to FOLD-92).

The bodies are gone from the log by then or will soon be. The entry makes a board that still had them equal to
one that is folded from heads alone: the same places hold placeholders, lengths and windows stay, and nothing
that others wrote moves.

The ranges stand in the head because the fold doesn't remember who inserted which letter; ``provenance`` works
them out from the heads of the log, and ``verify`` checks them.
"""

from __future__ import annotations

from tablecloth.core.board import Aside, Element, InkPiece, Lock, Stamp, Variant
from tablecloth.core.edits import WithdrawHead
from tablecloth.core.elements import TYPES
from tablecloth.core.parts import WithdrawnRange
from tablecloth.core.text import DELETE, KEEP, PLACEHOLDER, Op, TextField, growth, transform


def withdraw(element: Element, stamp: Stamp, head: WithdrawHead) -> str | None:
    """FOLD-90: answers a reason, or None if it applied."""
    author = head.author
    names = [name for name, _ in head.ranges]
    if len(set(names)) != len(names) or not all(_in_order(ranges) for _, ranges in head.ranges):
        return "bad-value"
    if not all(name in TYPES[element.type].fields for name in names):
        return "no-such-field"
    for field in element.texts.values():
        field.prune(stamp.seq, stamp.at)
        if head.base < field.floor or _has_written(field, author, head.base):
            return "old-base"
    carried: list[tuple[TextField, Op]] = []
    for name, ranges in head.ranges:
        field = element.texts.get(name) or TextField()
        op = carried_ranges(field, head.base, ranges)
        if op is None:
            return "out-of-range"
        carried.append((field, op))
    for field, op in carried:
        field.value = blanked(field.value, op)
    _withhold(element, author)
    others = [one for one in element.withdrawn if one.author != author]
    element.withdrawn = tuple(sorted([*others, stamp], key=lambda one: one.author))
    return None


def carried_ranges(field: TextField, base: int, ranges: list[WithdrawnRange]) -> Op | None:
    """Ranges over a field as of ``base``, as one op of deletions over it as it is now (FOLD-91).

    None if they reach past the end. ``base`` is not below the field's floor.
    """
    since = [op for record in field.window if record.seq > base for op in record.ops]
    position, length = ranges[-1]
    if position + length > len(field.value) - sum(growth(op) for op in since):
        return None
    steps: list[tuple[int, int]] = []
    at = 0
    for position, length in ranges:
        if position > at:
            steps.append((KEEP, position - at))
        if steps and steps[-1][0] == DELETE:
            steps[-1] = (DELETE, steps[-1][1] + length)
        else:
            steps.append((DELETE, length))
        at = position + length
    op: Op = tuple(steps)
    for other in since:
        op = transform(op, other, False)
    return op


def blanked(value: str, op: Op) -> str:
    """A field with what ``op`` deletes overwritten in place."""
    parts: list[str] = []
    at = 0
    for kind, length in op:
        parts.append(PLACEHOLDER * length if kind == DELETE else value[at : at + length])
        at += length
    parts.append(value[at:])
    return "".join(parts)


def _in_order(ranges: list[WithdrawnRange]) -> bool:
    end = 0
    for position, length in ranges:
        if position < end:
            return False
        end = position + length
    return True


def _has_written(field: TextField, author: str, base: int) -> bool:
    return any(record.author == author for record in field.window if record.seq > base)


def _withhold(element: Element, author: str) -> None:
    """FOLD-92: all else that the author wrote here, by its stamps."""
    for name in element.words:
        if element.stamp(name).author == author:
            element.words[name] = None
    if element.born.author == author:
        element.ink = [InkPiece(piece.count, None) for piece in element.ink]
    if element.aside is not None and element.aside.stamp.author == author:
        element.aside = Aside(element.aside.stamp, None)
    if element.lock is not None and element.lock.stamp.author == author:
        element.lock = Lock(element.lock.stamp, element.lock.until, None)
    element.variants = tuple(
        Variant(one.field, one.stamp, one.op, None) if one.stamp.author == author else one
        for one in element.variants
    )
