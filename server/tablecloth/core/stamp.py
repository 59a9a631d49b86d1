"""Which entry did something."""

from __future__ import annotations

import msgspec


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """Which entry last changed something: its seq, its time in ms, and its author's pseudonym."""

    seq: int
    at: int
    author: str
