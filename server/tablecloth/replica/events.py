"""What a replica tells its caller, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tablecloth.core.edits import AnyHead, Content, Entry, is_made_by_hand
from tablecloth.core.fold import Outcome
from tablecloth.core.room_kinds import RestoredHead, RulingHead
from tablecloth.replica.outbox import Group
from tablecloth.replica.watch import Doubt


@dataclass(slots=True, frozen=True)
class Folded:
    """An entry that was folded just now. ``head`` is None if it can't be read, ``content`` if it is
    withheld or has none.
    """

    entry: Entry
    head: AnyHead | None
    content: Content | None
    outcome: Outcome

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def at(self) -> int:
        """When the log took it, in ms since 1970."""
        return self.entry.at

    @property
    def author(self) -> str:
        """The pseudonym that wrote it, or proposed it; empty for what belongs to nobody."""
        head = self.head
        if is_made_by_hand(head) or isinstance(head, RulingHead | RestoredHead):
            return head.author
        return ""


@dataclass(slots=True, frozen=True)
class Settled:
    """All of a group's entries are folded. ``group.outcomes`` says what they did."""

    group: Group


@dataclass(slots=True, frozen=True)
class Dropped:
    """A group was not taken and will not be (PROTOCOL-23)."""

    group: Group
    code: str
    words: str


@dataclass(slots=True, frozen=True)
class Paused:
    """The door asks to wait before anything is sent again: ``slow-down``, ``busy`` or ``read-only``."""

    code: str
    words: str


@dataclass(slots=True, frozen=True)
class NewSession:
    """The log no longer holds this session's marks: reconnect under a new session id, then call
    ``restart``.
    """


@dataclass(slots=True, frozen=True)
class Rewound:
    """The log was rolled back or rewritten; ``confirmed`` begins anew, own edits returned as pending.

    ``common``: up to this seq the log is the one that was held; 0 if that is not known.
    """

    common: int = 0


@dataclass(slots=True, frozen=True)
class OutOfStep:
    """What came can't be folded onto what is held: reconnect. Nothing is lost by it."""

    why: str


Event: TypeAlias = Folded | Settled | Dropped | Paused | NewSession | Rewound | OutOfStep | Doubt
