"""The terms between a session and whoever carries it: what answers are made of, who is told of what, and the
codes that WebSockets close with (RFC 6455 §7.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from tablecloth.core.edits import AnyHead, Content

Answered: TypeAlias = tuple[str, int, int, str | None, int]
"""What became of a group: (session, n, seq of its first entry, code or None, the session's mark)."""
How: TypeAlias = Literal["tail", "snapshot", "rewound"]
Durable: TypeAlias = Literal["fsync", "second", "memory"]
Keep: TypeAlias = Callable[[bytes, AnyHead, bytes | None, Content | None], None]
"""Told of each head that was made: its bytes, the head, its body, the body's content if that is at hand."""

POLICY_VIOLATION = 1008
UNSUPPORTED = 1003
TRY_AGAIN_LATER = 1013
GOING_AWAY = 1001


def note_nothing(code: str) -> None:
    """For a session whose refusals nobody counts."""


def keep_nothing(data: bytes, head: AnyHead, body: bytes | None, content: Content | None) -> None:
    """For a session whose heads nobody keeps."""
