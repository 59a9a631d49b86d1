"""What HTTP requests and answers hold (PROTOCOL-50 to -52)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from tablecloth import limits


class NewSpaceWish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a new space is called: one line."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.SPACE_MAX_TITLE)]


class NewBoardWish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What one more board is called: one line."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.SPACE_MAX_TITLE)]


class BoardSeen(msgspec.Struct, frozen=True):
    """A board of a space."""

    board: str
    title: str


class Begun(msgspec.Struct, frozen=True):
    """A space that was begun just now. Who holds a link is equal to all who hold the same."""

    id: str
    title: str
    boards: list[BoardSeen]
    edit_link: str
    view_link: str


class SpaceSeen(msgspec.Struct, frozen=True):
    """What a link opens. ``host``, ``contact``: who runs the machine, for the notice before joining; empty if
    they didn't say.
    """

    id: str
    title: str
    boards: list[BoardSeen]
    may_edit: bool
    host: str = ""
    contact: str = ""


class ImageSeen(msgspec.Struct, frozen=True):
    """A picture that is kept. ``asset`` is the SHA-256 of its bytes, in hex; ``bytes`` how many they are."""

    asset: str
    w: int
    h: int
    type: Literal["image/png", "image/jpeg"]
    bytes: int


class RecordTaken(msgspec.Struct, frozen=True):
    """A record that was taken up: how far it reaches now."""

    seq: int


class Alive(msgspec.Struct, frozen=True):
    """The process lives."""

    alive: bool


class Ready(msgspec.Struct, frozen=True):
    """Whether edits can be kept, what an ack means (null while that isn't known), and what is missing."""

    ready: bool
    durable: Literal["fsync", "second", "memory"] | None
    missing: list[str]
    version: str
