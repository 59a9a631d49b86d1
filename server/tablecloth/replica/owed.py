"""Deletions that are owed: of words that somebody else had written, that one had deleted, and that a log lost
with both (PROTOCOL-10). The twin of ``client/src/sync/owed.ts``.

Over the log as it came back such a deletion says nothing, and its words return later, by their author's own
hand. Then they are known by their author, hand and content, and deleted once more.

Rejected: sending the deletion late and everything behind it with it (what is written would stay unseen until
everybody is back); keeping others' lost words in the board (it would no longer be the fold of its log).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tablecloth.core.text import DELETE, INSERT, KEEP, Op, growth
from tablecloth.replica.history import Past
from tablecloth.replica.words import Where

By: TypeAlias = tuple[str, str]
"""(author, hand)"""
_Sign: TypeAlias = tuple[int, int] | None
"""Which entry brought a code point, and at which place among those that it brought; None: an earlier one."""


@dataclass(slots=True)
class _Lost:
    """Words of somebody else's entry that the log lost, and which of them one had deleted."""

    words: str
    gone: set[int]


@dataclass(slots=True)
class Owed:
    _lost: dict[tuple[By, Where], list[_Lost]] = field(default_factory=dict)

    def note(self, where: Where, length: int, past: Sequence[Past], pending: Sequence[list[Op]]) -> None:
        """A field that was ``length`` code points long loses ``past``; own ``pending`` edits stood on it."""
        gone = _deleted(length, [(one.item is not None, one.ops) for one in past], pending)
        debtors = {past[place].by for place in gone}
        for place, one in enumerate(past):
            if one.item is None and one.by in debtors and one.words:
                self._lost.setdefault((one.by, where), []).append(_Lost(one.words, gone.get(place, set())))

    def returned(self, by: By, where: Where, words: str, ops: list[Op], length: int) -> Op:
        """Somebody else's entry was folded, and the field is ``length`` code points long now. Answers the
        deletion that is owed to it, over the field as it is now; mostly the empty one.
        """
        lost = self._lost.get((by, where))
        match = next((one for one in lost or () if one.words == words), None)
        if lost is None or match is None:
            return ()
        lost.remove(match)
        if not any(one.gone for one in lost):
            del self._lost[by, where]
        signs: list[_Sign] = [None] * (length - sum(growth(op) for op in ops))
        for op_at, op in _with_places(ops):
            signs, _ = _after(signs, op, 0, op_at)
        steps: list[tuple[int, int]] = []
        for sign in signs:
            kind = DELETE if sign is not None and sign[1] in match.gone else KEEP
            count = steps.pop()[1] if steps and steps[-1][0] == kind else 0
            steps.append((kind, count + 1))
        return tuple(steps[:-1] if steps and steps[-1][0] == KEEP else steps)


def _deleted(
    length: int, past: Sequence[tuple[bool, list[Op]]], pending: Sequence[list[Op]]
) -> dict[int, set[int]]:
    """Which code points of others' entries one deleted, by the entries' place in ``past``."""
    gone: dict[int, set[int]] = defaultdict(set)
    signs: list[_Sign] = [None] * length
    for place, (is_own, ops) in enumerate([*past, *((True, ops) for ops in pending)]):
        for op_at, op in _with_places(ops):
            signs, taken = _after(signs, op, place, op_at)
            for sign in taken if is_own else ():
                if sign is not None and sign[0] < len(past) and not past[sign[0]][0]:
                    gone[sign[0]].add(sign[1])
    return gone


def _with_places(ops: list[Op]) -> list[tuple[int, Op]]:
    """Each op with how many code points the ones before it inserted."""
    placed: list[tuple[int, Op]] = []
    at = 0
    for op in ops:
        placed.append((at, op))
        at += sum(length for kind, length in op if kind == INSERT)
    return placed


def _after(signs: list[_Sign], op: Op, entry: int, first: int) -> tuple[list[_Sign], list[_Sign]]:
    """A field's code points after an op of ``entry``, and those that it deleted."""
    out: list[_Sign] = []
    taken: list[_Sign] = []
    at = 0
    for kind, length in op:
        if kind == INSERT:
            out += [(entry, first + place) for place in range(length)]
            first += length
            continue
        (out if kind == KEEP else taken).extend(signs[at : at + length])
        at += length
    return out + signs[at:], taken
