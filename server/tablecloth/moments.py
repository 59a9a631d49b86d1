"""One connection's presence as a board keeps it, and the moments in it: "please look here", and reactions.

Presence is a state: each ``here`` replaces the one before; what is replaced before its turn is never seen.
A ``look`` or ``react`` is a moment instead: whoever sends one and goes on moving must still be seen to have
done it. So a moment that hasn't gone out is carried into what replaces it, and once it has, what replaced it
goes out as it was said (PROTOCOL-32). Moments are told apart by their number: the same one again is not new.

Rejected: a frame of its own for moments (a second path with budgets, turns and workers of its own); timers
that take a moment out again (the sender says when it is over, and receivers show it for a while only).
"""

from __future__ import annotations

import msgspec

from tablecloth.wire.codec import encode
from tablecloth.wire.frames import Around, Look, React

_LOOK, _REACT = b"\xa4look", b"\xa5react"
"""How the names stand in encoded presence: without them there is nothing to read."""


class _Moments(msgspec.Struct):
    look: Look | None = None
    react: React | None = None


class _HasMoments(msgspec.Struct):
    here: _Moments


_NONE = _Moments()
_read = msgspec.msgpack.Decoder(_HasMoments).decode
_read_whole = msgspec.msgpack.Decoder(Around).decode


def _moments_in(raw: bytes) -> _Moments:
    """What is in encoded presence; of another version, nothing."""
    if _LOOK not in raw and _REACT not in raw:
        return _NONE
    try:
        return _read(raw).here
    except (msgspec.MsgspecError, ValueError):
        return _NONE


class Person:
    """One connection's last presence, encoded. ``heard``: when another worker last named it; None if it is
    with us.
    """

    __slots__ = ("_after", "_moments", "_told", "heard", "is_fresh", "raw")

    def __init__(self, raw: bytes, heard: float | None) -> None:
        self.raw = raw
        self.heard = heard
        self._moments = _moments_in(raw)
        self._told = _NONE
        self._after: bytes | None = None
        self.is_fresh = self._has_news()
        """Whether a moment in it hasn't gone out yet."""

    def _has_news(self) -> bool:
        now, told = self._moments, self._told
        return (now.look is not None and now.look != told.look) or (
            now.react is not None and now.react != told.react
        )

    def show(self, raw: bytes, heard: float | None) -> bool:
        """Hold what they say from now on. False if it is what was there: then nobody needs to be told."""
        self.heard = heard
        if raw == (self._after or self.raw):
            return False
        if self.is_fresh:
            self._carry_into(raw)
        else:
            self.raw, self._moments = raw, _moments_in(raw)
            self.is_fresh = self._has_news()
        return True

    def _carry_into(self, raw: bytes) -> None:
        """A moment that hasn't gone out stays, unless a newer one of its kind came."""
        held, new = self._moments, _moments_in(raw)
        look = new.look or (held.look if held.look != self._told.look else None)
        react = new.react or (held.react if held.react != self._told.react else None)
        self.raw, self._moments, self._after = raw, new, None
        if look is new.look and react is new.react:
            return
        try:
            whole = _read_whole(raw)
        except (msgspec.MsgspecError, ValueError):
            return  # another worker's, of another version
        here = msgspec.structs.replace(whole.here, look=look, react=react)
        self.raw, self._after = encode(msgspec.structs.replace(whole, here=here)), raw
        self._moments = _Moments(look, react)

    def told(self) -> bool:
        """It has gone out. True if what it is now must go out after it."""
        self._told = self._moments
        self.is_fresh = False
        if self._after is None:
            return False
        self.raw, self._after = self._after, None
        self._moments = _moments_in(self.raw)
        return True
