"""What a session asks of whoever carries it: the other half of the sans-I/O conversation.

The carrier takes the commands in order and carries each out. Those that need an answer (``Enter``,
``Follow``, ``Take``) are answered through the session's own calls, whenever the answer is there; the session
never waits.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from tablecloth.wire.frames import Here


class Send(msgspec.Struct, frozen=True, gc=False):
    """Send these bytes as one binary message."""

    data: bytes


class Enter(msgspec.Struct, frozen=True, gc=False):
    """Look up a link. Answer with ``welcomed``, ``turned_away`` or ``store_is_away``; until then feed nothing
    in.
    """

    space: str
    secret: str


class Follow(msgspec.Struct, frozen=True, gc=False):
    """Open a board for this connection. Answer with ``opened`` or ``not_opened``, then send snapshot or tail.

    ``adopted`` is another session of the same participant whose mark is asked for, or None.
    """

    board: str
    seq: int
    chain: bytes | None
    tail: bool
    adopted: str | None


class Unfollow(msgspec.Struct, frozen=True, gc=False):
    """Stop sending a board's entries and presence."""

    board: str


class Take(msgspec.Struct, frozen=True, gc=False):
    """Hand a group to the log and answer with ``answered``. With ``refusal`` it has no entries and uses up
    its n.
    """

    board: str
    author: str
    session: str
    n: int
    entries: tuple[tuple[bytes, bytes | None], ...]
    refusal: str | None


class Show(msgspec.Struct, frozen=True, gc=False):
    """Show this presence to the others on the board."""

    board: str
    here: Here


class TakeBack(msgspec.Struct, frozen=True, gc=False):
    """Take the participant's words back for good; answer with ``withdrawn`` or ``not_withdrawn``."""

    board: str
    elements: tuple[str, ...]


class CallMe(msgspec.Struct, frozen=True, gc=False):
    """Keep this name for the participant and tell the others; the empty name takes it away."""

    name: str


class End(msgspec.Struct, frozen=True, gc=False):
    """Close the connection with this WebSocket code, once what was sent before is on its way."""

    code: int


Command: TypeAlias = Send | Enter | Follow | Unfollow | Take | TakeBack | Show | CallMe | End
