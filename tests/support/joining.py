"""Tries to join anonymous notes to each other or to people, by all that others can get (DESIGN §4.7).

It is given what a watcher received (entries, presence), what the server printed, counted and handed out, and
for judging its guesses alone whose each note was. ``findings`` says in words what it found: nothing, if the
protections hold.

The guesses by time and order are rules of thumb that a curious person would use ("who wrote last", "who fell
silent", "who goes on right after"). One is a finding if it is right more often than the same guesses would be
with the notes' authors shuffled, by so much that chance does it once in ``ONCE_IN`` runs.
"""

from __future__ import annotations

import itertools
import math
import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

ONCE_IN = 100_000
SHUFFLES = 400


@dataclass
class Seen:
    """One anonymous note as a watcher got it: the heads of its group, and when it came (s)."""

    element: str
    heads: list[list[Any]]
    came: float


@dataclass
class Record:
    """All that anybody but the authors can look into."""

    notes: list[Seen]
    named: list[tuple[str, float]]
    """(pseudonym, when it came) of each entry under a name."""
    shown: list[tuple[str, float]]
    """(pseudonym, when) of each presence."""
    comings: list[tuple[str, float]]
    """(pseudonym, when) of whoever was seen first, or again after they had gone."""
    named_heads: list[list[Any]]
    surfaces: dict[str, bytes]
    """What the server printed, counted, answered, exported and sent, each as a whole."""
    secrets: dict[str, list[str]] = field(default_factory=dict)
    """What only devices know: keys, sessions, tokens; none of it may be anywhere."""
    authors: dict[str, str] = field(default_factory=dict)
    """Whose each note was, by element: for judging guesses."""


def findings(record: Record) -> list[str]:
    """What joins notes to each other or to people, in words."""
    return [
        *_shared_values(record),
        *_values_of_devices(record),
        *_secrets(record),
        *_by_order(record),
        *_by_time(record),
    ]


def _leaves(value: Any) -> Iterator[str | bytes]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves([key, item])
    elif isinstance(value, str | bytes) and len(value) >= 8:
        yield value


def _shared_values(record: Record) -> list[str]:
    """Long values that two notes have in common, or a note and a person."""
    places: Counter[str | bytes] = Counter()
    for note in record.notes:
        places.update(set(_leaves(note.heads)))
    people = {author for author, _ in record.named} | set(record.authors.values())
    elsewhere = {leaf for head in record.named_heads for leaf in _leaves(head[:4])} | people
    found = [f"{value!r} is in {count} notes" for value, count in places.items() if count > 1]
    return found + [f"{value!r} is in a note and elsewhere" for value in places if value in elsewhere]


def _values_of_devices(record: Record) -> list[str]:
    """Small values that differ from note to note although nothing in the note asks for it: bases, counters,
    which properties were set, colours.
    """
    shapes: Counter[Any] = Counter()
    for note in record.notes:
        adds = [head for head in note.heads if head[0] == "add"]
        for head in adds:
            said = {name: value for name, value in head[7].items() if name not in {"x", "y", "order"}}
            shapes[(tuple(sorted(head[7])), tuple(sorted(said.items())))] += 1
        shapes["bases", tuple(head[5] for head in note.heads)] += 1
        shapes["counters", tuple(head[4] for head in note.heads)] += 1
    kinds = Counter(shape[0] if isinstance(shape[0], str) else "properties" for shape in shapes)
    return [f"notes differ in their {kind}" for kind, count in kinds.items() if count > 1]


def _secrets(record: Record) -> list[str]:
    return [
        f"{what} of a device is in {place}"
        for place, data in record.surfaces.items()
        for what, values in record.secrets.items()
        if any(value.encode() in data for value in values)
    ]


# --- guesses ---------------------------------------------------------------------------------------------

Guess = Callable[[dict[str, list[float]], float], str]


def _last_before(events: dict[str, list[float]], now: float) -> str:
    def silence(author: str) -> float:
        at = bisect_left(events[author], now)
        return now - events[author][at - 1] if at else math.inf

    return min(events, key=silence)


def _longest_silent(events: dict[str, list[float]], now: float) -> str:
    def silence(author: str) -> float:
        at = bisect_left(events[author], now)
        return now - events[author][at - 1] if at else 0.0

    return max(events, key=silence)


def _first_after(events: dict[str, list[float]], now: float) -> str:
    def wait(author: str) -> float:
        at = bisect_right(events[author], now)
        return events[author][at] - now if at < len(events[author]) else math.inf

    return min(events, key=wait)


def _in_a_gap(events: dict[str, list[float]], now: float) -> str:
    """Who did nothing for the longest time around that moment."""

    def gap(author: str) -> float:
        times = events[author]
        at = bisect_left(times, now)
        return (times[at] if at < len(times) else now) - (times[at - 1] if at else now)

    return max(events, key=gap)


GUESSES: dict[str, Guess] = {
    "who did it last": _last_before,
    "who was silent longest": _longest_silent,
    "who goes on first": _first_after,
    "who was in a gap": _in_a_gap,
}


def _by_time(record: Record) -> list[str]:
    chance = random.Random(1)
    found = []
    kinds = {"writing": record.named, "showing": record.shown, "coming": record.comings}
    kinds["doing anything"] = record.named + record.shown + record.comings
    for kind, pairs in kinds.items():
        events: dict[str, list[float]] = {}
        for author, at in sorted(pairs, key=lambda pair: pair[1]):
            events.setdefault(author, []).append(at)
        if len(events) < 2:
            continue
        for words, guess in GUESSES.items():
            guesses = [guess(events, note.came) for note in record.notes]
            found += _judge(f"by {kind}, {words}", guesses, record, chance)
    return found


def _judge(words: str, guesses: list[str], record: Record, chance: random.Random) -> list[str]:
    truth = [record.authors[note.element] for note in record.notes]
    right = sum(guess == author for guess, author in zip(guesses, truth, strict=True))
    expected = 0
    for _ in range(SHUFFLES):
        shuffled = chance.sample(truth, len(truth))
        expected += sum(guess == author for guess, author in zip(guesses, shuffled, strict=True))
    rate = max(expected / SHUFFLES / len(truth), 1 / len(truth))
    if _tail(len(truth), rate, right) * len(GUESSES) * 4 >= 1 / ONCE_IN:
        return []
    return [f"{words}: {right} of {len(truth)} guesses are right, {rate * len(truth):.1f} by chance"]


def _tail(count: int, rate: float, at_least: int) -> float:
    """How likely chance is right so often, or more."""
    return sum(
        math.comb(count, hits) * rate**hits * (1 - rate) ** (count - hits)
        for hits in range(at_least, count + 1)
    )


def _by_order(record: Record) -> list[str]:
    """Whether notes that stand side by side are one person's more often than chance has it."""
    in_order = sorted(record.notes, key=lambda note: note.came)
    truth = [record.authors[note.element] for note in in_order]
    right = sum(one == other for one, other in itertools.pairwise(truth))
    chance = random.Random(2)
    expected = 0
    for _ in range(SHUFFLES):
        mixed = chance.sample(truth, len(truth))
        expected += sum(one == other for one, other in itertools.pairwise(mixed))
    pairs = len(truth) - 1
    rate = max(expected / SHUFFLES / pairs, 1 / pairs)
    if _tail(pairs, rate, right) >= 1 / ONCE_IN:
        return []
    return [f"neighbours in the log: {right} of {pairs} are one person's, {rate * pairs:.1f} by chance"]
