"""Every frame that crosses the WebSocket, as types. msgspec decodes and checks them in one step (about 1 µs).

A frame is one binary WebSocket message: a MessagePack map whose ``t`` names it. Edits, heads and entries
inside are arrays (``core.edits``), because there are many of them. JSON Schemas and TypeScript types are
generated from this file by ``make schemas``.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from tablecloth.core.edits import AnyEdit, Coordinate, Entry, Hash, Id, PlainName, Seq
from tablecloth.core.limits import MAX_SIZE, MAX_TEXT
from tablecloth.core.links import Links
from tablecloth.core.tip import Tip
from tablecloth.wire import limits

PROTOCOL_VERSION = 3

Secret: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22,64}$(?!\n)")]
"""A link's secret or a participant's token: at least 128 random bits, base64url."""
SessionId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,32}$(?!\n)")]
Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.MAX_NAME)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class Frame(msgspec.Struct, tag_field="t", forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """What all frames have: the name in ``t``, and no field that the protocol doesn't know."""


# --- from the participant -----------------------------------------------------------------------------------


class Hello(Frame, tag="hello", frozen=True):
    """The first frame. ``token`` is the participant's and gives the pseudonym; ``session`` is new per tab."""

    v: int
    space: Id
    secret: Secret
    token: Secret
    session: SessionId
    name: Name = ""


class Open(Frame, tag="open", frozen=True):
    """Begin to follow a board. ``seq`` and ``chain`` are the last held, 0 and none for nothing.

    ``tail``: the participant has pending words and needs every entry since ``seq``, never only a snapshot.
    """

    board: Id
    session: SessionId | None = None
    """Another session of the same participant whose pending edits this one adopts; none for its own."""
    seq: Seq = 0
    chain: Hash | None = None
    tail: bool = False


class Leave(Frame, tag="leave", frozen=True):
    """Stop following a board."""

    board: Id


class EditFrame(Frame, tag="edit", frozen=True):
    """One atomic group of edits; ``n`` counts this session's groups on this board from 1, without holes."""

    board: Id
    n: Number
    edits: Annotated[list[AnyEdit], msgspec.Meta(min_length=1, max_length=limits.MAX_GROUP_EDITS)]
    session: SessionId | None = None
    """The adopted session whose group this is; none for its own. With a key: one of its own, used once."""
    key: Secret | None = None
    """The one-time key of the anonymous element that this group is about (PROTOCOL-80)."""


class Caret(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """Where somebody writes: code points over the field as of ``base``; ``head`` is the moving end."""

    element: Id
    field: PlainName
    anchor: Annotated[int, msgspec.Meta(ge=0, le=MAX_TEXT)]
    head: Annotated[int, msgspec.Meta(ge=0, le=MAX_TEXT)]
    base: Seq


class Drag(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """An element on the move: shown to others, logged only as one ``set`` at the end."""

    element: Id
    x: Coordinate
    y: Coordinate
    w: Annotated[int, msgspec.Meta(ge=0, le=MAX_SIZE)]
    h: Annotated[int, msgspec.Meta(ge=0, le=MAX_SIZE)]


class Stroke(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """Ink that is being drawn and not yet logged: a piece as in FOLD-40, relative to ``x, y``."""

    element: Id
    x: Coordinate
    y: Coordinate
    colour: PlainName
    width: Annotated[int, msgspec.Meta(ge=1, le=64)]
    points: Annotated[bytes, msgspec.Meta(max_length=limits.MAX_STROKE_BYTES)]


Extent: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MAX_SIZE)]
Reaction: TypeAlias = Literal["heart", "up", "clap", "laugh", "think", "question", "thanks", "wow"]
IdOrNone: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{8,32})?$(?!\n)")]


class Look(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """Please look here. ``n`` tells one asking from the next of the same connection."""

    x: Coordinate
    y: Coordinate
    w: Extent
    h: Extent
    n: Number


class React(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """A reaction, shown for about three seconds at ``element``, or at the cursor where that is empty.

    ``n`` tells it from the next one of the same connection.
    """

    name: Reaction
    element: IdOrNone
    n: Number


class Here(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Somebody's presence on a board. Each frame replaces the one before. Never logged."""

    at: tuple[Coordinate, Coordinate] | None = None
    """The cursor, in board units."""
    selected: Annotated[list[Id], msgspec.Meta(max_length=limits.MAX_HERE_ELEMENTS)] = []
    caret: Caret | None = None
    drag: Annotated[list[Drag], msgspec.Meta(max_length=limits.MAX_HERE_ELEMENTS)] = []
    stroke: Stroke | None = None
    view: tuple[Coordinate, Coordinate, Extent, Extent] | None = None
    """Which part of the board is on the screen, as x, y, w, h: for those who follow, and for small maps."""
    laser: bool = False
    """The cursor is a pointer that leaves a fading trail."""
    look: Look | None = None
    react: React | None = None
    follow: IdOrNone = ""
    """The pseudonym of whom one looks along with, so that they know; empty: nobody."""


class PresenceIn(Frame, tag="here", frozen=True):
    """What I point at, select, drag or write just now."""

    board: Id
    here: Here


class Rename(Frame, tag="name", frozen=True):
    """Call me this from now on; the empty name is nobody in particular."""

    name: Name


class Withdraw(Frame, tag="withdraw", frozen=True):
    """Take back for good what I wrote on a board, or on some of its elements; empty: everywhere on it."""

    board: Id
    elements: Annotated[list[Id], msgspec.Meta(max_length=limits.MAX_WITHDRAW_ELEMENTS)] = []


class Ping(Frame, tag="ping", frozen=True):
    """Are you there? Browsers can't send WebSocket pings."""


# --- from the server ----------------------------------------------------------------------------------------


class Person(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A participant as others see them: a pseudonym and the name they chose."""

    author: Id
    name: Name = ""


class BoardInfo(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A board of the space, in the space's order."""

    board: Id
    title: str = ""


class Welcome(Frame, tag="welcome", frozen=True):
    """The answer to hello. ``may_edit`` is what the link allows; ``durable`` says what an ack means."""

    v: int
    space: Id
    title: str
    author: Id
    may_edit: bool
    boards: list[BoardInfo]
    people: list[Person]
    durable: Literal["fsync", "second", "memory"]
    now: Seq
    """The server's clock in ms, for showing ages."""
    who: str = ""
    """This connection's own name in ``presence`` frames, which show it too: every receiver gets the same
    bytes.
    """
    links: Links | None = None
    """The proof of the space's links, to keep beside its record (PROTOCOL-64)."""


class Opened(Frame, tag="opened", frozen=True):
    """The answer to open; then come a snapshot or the tail, up to ``seq``, then entries as they are made.

    ``mark``: the last n of the session that the log has an outcome for. ``how``: "tail" from what was held,
    "snapshot" from there on, or "rewound": the log does not hold the ``(seq, chain)`` that the participant
    held.
    """

    board: Id
    seq: Seq
    mark: Seq
    how: Literal["tail", "snapshot", "rewound"]
    session: SessionId | None = None
    tip: Tip | None = None
    """The last tip that was signed and kept, none if nothing ever was (PROTOCOL-60)."""


class Snapshot(Frame, tag="snapshot", frozen=True):
    """A board's canonical bytes (FOLD-70), gzipped, as of ``seq``."""

    board: Id
    seq: Seq
    data: bytes


class Entries(Frame, tag="entries", frozen=True):
    """Entries of one board, in order, without holes. Every receiver gets the same bytes."""

    board: Id
    entries: list[Entry]


class TipFrame(Frame, tag="tip", frozen=True):
    """The server vouches for a board up to ``tip.seq`` (PROTOCOL-60). Entries up to there may still come."""

    board: Id
    tip: Tip


class Ack(Frame, tag="ack", frozen=True):
    """Groups that are in the log, as ``[n, seq of the first entry]``. Durable as ``welcome.durable`` says."""

    board: Id
    acks: list[tuple[Number, Number]]
    session: SessionId | None = None


class Refuse(Frame, tag="refuse", frozen=True):
    """A group that was not taken. Nothing of it was kept by the server; ``code`` stands in PROTOCOL.md."""

    code: str
    words: str
    board: Id | None = None
    n: Seq = 0
    session: SessionId | None = None


class Around(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One connection's presence: ``who`` is random per connection, ``author`` says whose it is."""

    who: str
    author: Id
    here: Here


class Presence(Frame, tag="presence", frozen=True):
    """Who points at what; ``gone`` names connections that left the board."""

    board: Id
    here: list[Around] = []
    gone: list[str] = []


class People(Frame, tag="people", frozen=True):
    """Names that are new or changed."""

    people: list[Person]


class Boards(Frame, tag="boards", frozen=True):
    """The space's boards, after one was founded."""

    boards: list[BoardInfo]


class Withdrawn(Frame, tag="withdrawn", frozen=True):
    """What ``withdraw`` asked for is done: no file of the server holds it. ``elements``: on how many."""

    board: Id
    elements: int


class Moving(Frame, tag="moving", frozen=True):
    """The worker goes away. Reconnect after a random time up to ``within_ms``."""

    within_ms: int


class Bye(Frame, tag="bye", frozen=True):
    """The last frame before the server closes, with the reason in plain words."""

    code: str
    words: str


class Pong(Frame, tag="pong", frozen=True):
    """I am here."""


FromParticipant: TypeAlias = Hello | Open | Leave | EditFrame | PresenceIn | Rename | Withdraw | Ping
FromServer: TypeAlias = (
    Welcome
    | Opened
    | Snapshot
    | Entries
    | TipFrame
    | Ack
    | Refuse
    | Presence
    | People
    | Boards
    | Withdrawn
    | Moving
    | Bye
    | Pong
)
