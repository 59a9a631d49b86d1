"""Two archives of one board, entry by entry: where they part, and how (``tablecloth verify --against``).

The chain says *that* two records differ; two copies say *what*. Bodies are outside the chain, so one copy may
lack words that were withdrawn since: that is said, and is no fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tablecloth.core.edits import Entry, FoundHead
from tablecloth.core.fold import read_head

_KINDS = {
    "found": "the founding",
    "add": "a new thing",
    "set": "a change of looks or place",
    "text": "words",
    "ink": "ink",
    "set-aside": "setting aside",
    "bring-back": "bringing back",
    "order": "a place in the pile",
    "lock": "asking to hold still",
    "unlock": "the end of holding still",
    "key": "another key",
}


def described(entry: Entry, people: Mapping[str, str]) -> str:
    """An entry in a few plain words: ``entry 12 (words, by Ada)``."""
    head = read_head(entry.head)
    if head is None:
        return f"entry {entry.seq} (it can't be read)"
    kind = _KINDS.get(str(type(head).__struct_config__.tag), "an entry")
    author = "" if isinstance(head, FoundHead) else getattr(head, "author", "")
    name = people.get(author) or author
    return f"entry {entry.seq} ({kind}, by {name})" if name else f"entry {entry.seq} ({kind})"


def differences(
    here: Sequence[Entry], there: Sequence[Entry], people: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """What parts two logs of one board: faults, then notes. ``here`` is the log that is looked at."""
    faults: list[str] = []
    notes: list[str] = []
    for one, other in zip(here, there, strict=False):
        if (one.at, one.head) != (other.at, other.head):
            faults.append(_parting(one, other, here, there, people))
            break
        if one.body != other.body:
            if one.body is None or other.body is None:
                where = "here" if one.body is None else "in the other"
                notes.append(f"The words or ink of {described(one, people)} are withheld {where}.")
            else:
                faults.append(f"The words or ink of {described(one, people)} differ.")
    else:
        if len(here) < len(there):
            faults.append(f"The end is missing: {described(there[len(here)], people)} and what follows.")
        elif len(here) > len(there):
            notes.append(f"The other ends before {described(here[len(there)], people)}.")
    return faults, notes


def _parting(
    one: Entry, other: Entry, here: Sequence[Entry], there: Sequence[Entry], people: Mapping[str, str]
) -> str:
    first = f"The first that differs is {described(one, people)}"
    mine, theirs = {entry.head for entry in here}, {entry.head for entry in there}
    if one.head == other.head:
        return f"{first}: it has another time."
    if other.head in mine and one.head in theirs:
        return f"{first}: the order is another."
    if other.head in mine:
        return f"{first}: it was put in; the other doesn't have it."
    if one.head in theirs:
        return f"{first}: before it {described(other, people)} of the other is missing."
    return f"{first}: in the other it is {described(other, people)}."
