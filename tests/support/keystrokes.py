"""Two people's real typing as the keys that they pressed: letters, Backspace, and going to another place.

A trace says what each step changed over the words as its author saw them. People at two running pages see
each other's letters a little sooner or later than those two did, so a place is not a number here: who goes
on where they stopped stays at their caret, and who goes elsewhere looks for the words around the place.

A *parcel* is what one of them typed without learning anything new of the other; ``known`` of the other's
letters must be on the screen before it begins. So nobody answers what was not written yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tablecloth.core.edits import Splice
from tablecloth.core.text import DELETE, INSERT, Op, TextField

from tests.support.traces import Step, Trace

_CONTEXT = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in the words: about so many code points from the start, between these letters."""

    about: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Key:
    """One key, after going to ``place`` if that is somewhere else. ``letter`` is empty for Backspace."""

    letter: str
    place: Place | None = None


@dataclass(slots=True)
class Parcel:
    """Keys of one person, in order. ``end``: how many steps this person has made after it."""

    known: int
    end: int
    keys: list[Key] = field(default_factory=list)

    @property
    def run(self) -> str:
        """All that it writes, if it does nothing but write on; else nothing."""
        goes_on = all(key.letter and key.place is None for key in self.keys)
        return "".join(key.letter for key in self.keys) if goes_on else ""


def slice_of(trace: Trace, each: int) -> list[Step]:
    """The first steps of a trace, until both have made so many."""
    made = [0, 0]
    steps: list[Step] = []
    for step in trace.steps:
        steps.append(step)
        made[step.agent] += 1
        if min(made) >= each:
            break
    return steps


def _carry(op: Op, position: int) -> int:
    """Where a caret is after ``op``; at an insertion right there it stays before it."""
    walked = 0
    for kind, length in op:
        if kind == INSERT and walked < position:
            position += length
            walked += length
        elif kind == DELETE:
            position -= max(0, min(length, position - walked))
        elif kind not in (INSERT, DELETE):
            walked += length
    return position


class _Paper:
    """What both wrote, in the order of the trace, and where their carets stand."""

    def __init__(self) -> None:
        self.field = TextField()
        self.carets = [0, 0]
        self.seq = 0

    def write(self, step: Step, base: int) -> list[Key]:
        """Do a step; the keys that a person at these words would press for it."""
        keys: list[Key] = []
        for position, deleted, inserted in step.patches:
            self.seq += 1
            keys += self._splice(step.agent, base, (position, deleted, len(inserted)), inserted)
        return keys

    def _splice(self, agent: int, base: int, splice: Splice, inserted: str) -> Iterator[Key]:
        author = f"author-{agent}"
        rebased = self.field.rebase(author, "hand", base, [splice])
        assert not isinstance(rebased, str), rebased
        words = self.field.value
        keys: list[Key] = []
        for op in rebased.ops:
            start = op[0][1] if op and op[0][0] not in (INSERT, DELETE) else 0
            gone = sum(length for kind, length in op if kind == DELETE)
            if op:
                keys += self._keys(agent, words, start + gone, gone, inserted)
                self.carets[1 - agent] = _carry(op, self.carets[1 - agent])
                self.carets[agent] = start + len(inserted)
        self.field.commit(self.seq, self.seq, author, "hand", base, rebased, inserted)
        self.field.prune(self.seq, self.seq)
        return iter(keys)

    def _keys(self, agent: int, words: str, at: int, gone: int, inserted: str) -> list[Key]:
        place = None
        if self.carets[agent] != at:
            place = Place(at, words[max(0, at - _CONTEXT) : at], words[at : at + _CONTEXT])
        letters = [""] * gone + list(inserted)
        return [Key(letter, place if i == 0 else None) for i, letter in enumerate(letters)]


def parcels(trace: Trace, each: int) -> tuple[list[Parcel], list[Parcel], str]:
    """The parcels of both for the first ``each`` steps of each, and the words that those two had then."""
    steps = slice_of(trace, each)
    seams = [{step.known for step in steps if step.agent == 1 - agent} for agent in (0, 1)]
    found: tuple[list[Parcel], list[Parcel]] = ([], [])
    paper, made = _Paper(), [0, 0]
    for step, base in islice(Trace(trace.name, steps, "").bases(), len(steps)):
        assert len(step.patches) == 1, "a step of this trace is one key"
        mine = found[step.agent]
        if not mine or mine[-1].known != step.known or made[step.agent] in seams[step.agent]:
            mine.append(Parcel(step.known, made[step.agent]))
        mine[-1].keys += paper.write(step, base)
        made[step.agent] += 1
        mine[-1].end = made[step.agent]
    return *found, paper.field.value
