"""An entry as one line that a person can read: when, who, what. Control characters never reach a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tablecloth.client import Folded
from tablecloth.commands.room_lines import what_somebody_says, what_the_room_does
from tablecloth.core.board import Board
from tablecloth.core.edits import (
    AcceptHead,
    AddHead,
    AnyHead,
    BringBackHead,
    Content,
    FoundHead,
    InkHead,
    LockHead,
    OrderHead,
    SetAsideHead,
    SetHead,
    TextHead,
    UnlockHead,
    UnvaryHead,
    VaryHead,
    WithdrawHead,
    is_made_by_hand,
)
from tablecloth.core.text import PLACEHOLDER
from tablecloth.session.words import words_of

_LONGEST = 60
_NAMES = {
    "note": "a note",
    "zone": "a zone",
    "ink": "a stroke",
    "connector": "a connector",
    "shape": "a shape",
    "image": "a picture",
}
_LATEST_MS = 4_000_000_000_000
"""What no clock of today says; a log may hold any time."""


def line(folded: Folded, people: Mapping[str, str], board: Board) -> str:
    """``12:04:09  Ada  writes “a door” into a note``; a no-op says why it changed nothing."""
    when = datetime.fromtimestamp(min(folded.at, _LATEST_MS) / 1000, tz=UTC).astimezone()
    who = shown(people.get(folded.author, "")) or folded.author[:6] or "The space"
    what = "says what can't be read" if folded.head is None else _what(folded.head, folded.content, board)
    reason = folded.outcome.reason
    why = "" if reason is None else f"  (changed nothing: {words_of(reason)})"
    return f"{when:%H:%M:%S}  {who}  {what}{why}"


def shown(words: str) -> str:
    """Words for one line of a terminal: nothing that moves the cursor, withheld signs as ░."""
    plain = "".join(sign if sign.isprintable() else " " for sign in words.replace(PLACEHOLDER, "░"))
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _what(head: AnyHead, content: Content | None, board: Board) -> str:
    if isinstance(head, FoundHead):
        return f"begins “{shown(content)}”" if isinstance(content, str) else "begins"
    if not is_made_by_hand(head):
        return what_the_room_does(head, content)
    element = board.elements.get(head.element)
    thing = "something" if element is None else _NAMES[element.type]
    match head:
        case AddHead():
            place = f"{head.values.get('x', 0)}, {head.values.get('y', 0)}"
            return f"adds {_NAMES.get(head.type, 'something')} at {place}"
        case SetHead():
            values = [f"{name} {value}" for name, value in head.values.items()]
            return f"changes {thing}: {', '.join(map(shown, [*values, *head.words]))}"
        case TextHead():
            return _typed(head, content, thing)
        case InkHead():
            return f"draws {thing}: {counted(head.count, 'point')}"
        case SetAsideHead():
            why = f": “{shown(content)}”" if isinstance(content, str) and content else ""
            return f"sets {thing} aside{why}"
        case BringBackHead():
            return f"brings {thing} back"
        case OrderHead():
            return f"moves {thing} in the pile"
        case LockHead():
            why = f": “{shown(content)}”" if isinstance(content, str) and content else ""
            return f"locks {thing} for {counted(head.minutes, 'minute')}{why}"
        case UnlockHead():
            return f"unlocks {thing}"
        case VaryHead():
            return f"proposes other words for {thing}{_proposed(head, content)}"
        case UnvaryHead():
            return f"leaves a proposal for {thing}"
        case AcceptHead():
            return f"accepts a proposal for {thing}"
        case WithdrawHead():
            return f"takes back for good what they wrote on {thing}"
        case _:
            return what_somebody_says(head, content)


def _proposed(head: VaryHead, content: Content | None) -> str:
    if content is None and head.splice[2]:
        return f": {head.splice[2]} withheld signs"
    return f": “{shown(content)}”" if isinstance(content, str) and content else ""


def counted(count: int, one: str, more: str | None = None) -> str:
    """``1 entry``, ``2 entries``."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def _typed(head: TextHead, content: Content | None, thing: str) -> str:
    deleted = sum(taken for _, taken, _ in head.splices)
    inserted = sum(given for _, _, given in head.splices)
    parts = []
    if deleted:
        parts.append(f"takes {counted(deleted, 'sign')} out of {thing}")
    if inserted:
        words = f"“{shown(content)}”" if isinstance(content, str) else f"{inserted} withheld signs"
        parts.append(f"writes {words}" if parts else f"writes {words} into {thing}")
    return " and ".join(parts)
