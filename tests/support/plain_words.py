"""What a person may be told: short, kind and plain (the house's rule for all words that people see)."""

from __future__ import annotations

import re

LONGEST = 240  # characters: two lines on a phone's banner

_UNKIND = re.compile(
    r"\b(errors?|invalid|fail(s|ed|ure)?|users?|exceptions?|traceback|illegal|forbidden|denied|fatal|abort\w*)\b",
    re.IGNORECASE,
)
# What leaks from the inside: Python's own phrases, source paths, types in backquotes, JSON paths.
_INSIDE = re.compile(r"Traceback|File \"|\.py\b|0x[0-9a-f]{6,}|`|\$\.|<class|object at|codec can't")


def complaints(words: object) -> list[str]:
    """Return what is wrong with words that a person sees; an empty list is good."""
    if not isinstance(words, str):
        return [f"no words but {words!r}"]
    found = []
    if not words.strip():
        found.append("no words at all")
    if len(words) > LONGEST:
        found.append(f"{len(words)} characters are too many")
    if unkind := _UNKIND.search(words):
        found.append(f"says {unkind.group()!r}")
    if inside := _INSIDE.search(words):
        found.append(f"shows the inside: {inside.group()!r}")
    return found


def assert_plain(words: object, where: str) -> None:
    """The words may be shown to a person."""
    found = complaints(words)
    assert not found, f"{where}: {words!r}: {'; '.join(found)}"
