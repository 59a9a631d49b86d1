"""The numbers that a log runs by: ``schemas/limits.json``, unless a test asks for others."""

from __future__ import annotations

from dataclasses import dataclass

from tablecloth import limits
from tablecloth.wire.limits import MARK_OUTCOMES


@dataclass(slots=True, frozen=True)
class LogSettings:
    """Units are in the names. ``block_s`` is how long one XREAD waits; TRAPS 2 wants at most 2 s."""

    feed_entries: int = limits.LOG_FEED_ENTRIES
    append_batch: int = limits.LOG_APPEND_BATCH
    append_bytes: int = limits.LOG_APPEND_BYTES
    append_timeout_s: float = limits.LOG_APPEND_TIMEOUT_S
    append_patience_s: float = limits.LOG_APPEND_PATIENCE_S
    mark_outcomes: int = MARK_OUTCOMES
    mark_s: int = limits.LOG_MARK_DAYS * 86400
    block_s: float = 2.0
