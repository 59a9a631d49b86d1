"""A board as it was: what must be said about each element to bring it back to an earlier state (FOLD-127).

Pure. Everything comes as new entries: what was added since goes to the margin, what was set aside since
comes back, values and words are written as they were. Ink is never shortened: a stroke that was drawn on
keeps its points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tablecloth.core.board import Board, Element
from tablecloth.core.edits import Splice
from tablecloth.core.elements import TYPES
from tablecloth.core.entry import encode, with_body
from tablecloth.core.limits import MAX_TEXT
from tablecloth.core.room_kinds import RestoredHead
from tablecloth.core.text import PLACEHOLDER

Entry: TypeAlias = tuple[bytes, bytes | None]
Salt: TypeAlias = Callable[[], bytes]


def restored_entries(
    now: Board, then: Board, proposal: str, author: str, why: str, salt: Salt
) -> list[Entry]:
    """Head and body of a ``restored`` entry for each element that isn't as it was. ``salt`` gives 16
    random bytes.
    """
    said = [
        _entry(element, then.elements.get(ident), now.seq, proposal, author, why, salt)
        for ident, element in sorted(now.elements.items())
    ]
    return [entry for entry in said if entry is not None]


def _entry(
    now: Element, then: Element | None, base: int, proposal: str, author: str, why: str, salt: Salt
) -> Entry | None:
    if then is None:
        if now.aside is not None:
            return None
        return _said(proposal, author, now.id, base, {}, {}, [], "", 1, why, salt)
    place = 0 if (now.aside is None) == (then.aside is None) else 2 if then.aside is None else 1
    values = {name: then.prop(name) for name in TYPES[now.type].props if now.prop(name) != then.prop(name)}
    words = {
        name: then.words.get(name) or ""
        for name in TYPES[now.type].words
        if (now.words.get(name) or "") != (then.words.get(name) or "")
    }
    splices, inserted = _splices(now.text(), then.text())
    if not (place or values or words or splices):
        return None
    return _said(proposal, author, now.id, base, values, words, splices, inserted, place, why, salt)


def _said(
    proposal: str,
    author: str,
    element: str,
    base: int,
    values: dict[str, int | str],
    words: dict[str, str],
    splices: list[Splice],
    inserted: str,
    place: int,
    why: str,
    salt: Salt,
) -> Entry:
    body, digest = with_body(salt(), [why, *words.values(), inserted])
    head = RestoredHead(proposal, author, element, base, values, list(words), splices, place, digest)
    return encode(head), body


def _splices(now: str, then: str) -> tuple[list[Splice], str]:
    """What turns one text into the other: what they share at both ends stays whose it is."""
    # Withdrawn words are placeholders; they can't be written, and stay gone.
    then = then.replace(PLACEHOLDER, "")
    if now == then:
        return [], ""
    start = 0
    while start < min(len(now), len(then)) and now[start] == then[start]:
        start += 1
    end = 0
    while end < min(len(now), len(then)) - start and now[-1 - end] == then[-1 - end]:
        end += 1
    inserted = then[start : len(then) - end]
    deleted = len(now) - end - start
    if len(now) + len(inserted) > MAX_TEXT:  # FOLD-38 counts no deletions: take away first, then write
        return [(start, deleted, 0)], ""
    return [(start, deleted, len(inserted))], inserted
