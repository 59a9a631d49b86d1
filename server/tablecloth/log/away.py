"""What the store's refusals and silences mean to the rest of the server: ``LogAway``, in plain words.

``full``: it answers, and can't write (memory or disk). ``away``: everything else. Words hold no address,
since an address may hold a password (TRAPS 27); the cause is chained for the server's own records.
"""

from __future__ import annotations

import asyncio

import structlog
from redis import exceptions

from tablecloth.log.interface import LogAway

_log = structlog.get_logger()

CONNECTION_LOST = (exceptions.ConnectionError, exceptions.TimeoutError, OSError, asyncio.TimeoutError)
"""No answer: the command may have been carried out or not. Loading and taking no more clients count as this.
"""

STORE_TROUBLE = (exceptions.RedisError, OSError, asyncio.TimeoutError)
"""Everything that a command can end with when the store is at fault."""

_ITS_STATE = (
    exceptions.ReadOnlyError,
    exceptions.NoPermissionError,
    exceptions.ClusterDownError,
    exceptions.MasterDownError,
    exceptions.AskError,
    exceptions.TryAgainError,
)
_ITS_WORDS = ("BUSY", "NOREPLICAS", "UNKILLABLE", "MASTERDOWN", "LOADING")

_FULL_WORDS = (
    "There is no room left to write to just now. Nothing was lost; writing goes on by itself once there is."
)
_AWAY_WORDS = "The boards can't be reached just now. Nothing was lost; it goes on by itself."
_LOCKED_WORDS = "The store of the boards does not let this server in: its name or password is another."


def _is_full(problem: BaseException) -> bool:
    """Whether the store answered that it can't take more."""
    if isinstance(problem, exceptions.OutOfMemoryError):
        return True
    # MISCONF: the AOF or its disk is in trouble. Redis 7.0 wraps what a script ran into.
    return isinstance(problem, exceptions.ResponseError) and any(
        word in str(problem) for word in ("OOM ", "MISCONF", "No space left")
    )


def _is_locked(problem: BaseException | None) -> bool:
    """Whether the store doesn't let us in. The client wraps that where it happens while connecting."""
    while problem is not None:
        if isinstance(problem, (exceptions.AuthenticationError, exceptions.NoPermissionError)):
            return True
        problem = problem.__cause__
    return False


def is_mistake(problem: BaseException) -> bool:
    """Whether the store refuses what was asked, and not the asking: the same call would be refused again."""
    return (
        isinstance(problem, exceptions.ResponseError)
        and not isinstance(problem, _ITS_STATE)
        and not _is_full(problem)
        and not str(problem).startswith(_ITS_WORDS)
    )


def log_away(problem: BaseException) -> LogAway:
    """What to raise instead of a trouble of the store, chained to it."""
    if _is_full(problem):
        return LogAway("full", _FULL_WORDS)
    if _is_locked(problem):
        return LogAway("away", _LOCKED_WORDS)
    if is_mistake(problem):
        _log.warning("valkey_refused", answer=str(problem))
    return LogAway("away", _AWAY_WORDS)
