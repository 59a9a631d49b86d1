"""What the room says and decides, as lines of a terminal."""

from __future__ import annotations

from tablecloth.core.edits import AnyHead, Content
from tablecloth.core.room_kinds import (
    KeyHead,
    ObjectHead,
    ProposeHead,
    RestoredHead,
    RollHead,
    RulingHead,
    TakeBackHead,
    TickHead,
    VoteHead,
)

_ACTS = {
    "close": "to close a board",
    "reopen": "to open a board again",
    "clear": "to clear things to the margin",
    "pause": "to pause somebody",
    "agreement": "to change the agreement",
    "restore": "to bring a board back to an earlier state",
    "rename": "to give another name",
    "removeimage": "to take a picture away",
    "newlinks": "to make new links",
}


def what_somebody_says(head: AnyHead, content: Content | None) -> str:
    """``proposes to close a board``."""
    match head:
        case ProposeHead():
            return f"proposes {_ACTS.get(head.act, 'something')}"
        case ObjectHead():
            return "objects"
        case VoteHead():
            return "votes for it" if head.choice else "votes against it"
        case TakeBackHead():
            return "takes a proposal back"
        case _:
            return "lets the time go on"


def what_the_room_does(head: AnyHead, content: Content | None) -> str:
    """``(decided) to close a board``."""
    match head:
        case RollHead():
            return f"{len(head.people)} are here to decide"
        case TickHead():
            return "time passes"
        case RulingHead():
            return f"has proposed {_ACTS.get(head.act, 'something')}, and it was decided"
        case KeyHead():
            return "goes on under another key"
        case RestoredHead():
            return "gets a thing back as it was"
        case _:
            return "begins"
