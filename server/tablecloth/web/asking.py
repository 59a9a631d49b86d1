"""What requests about a space have in common: whose link it is, and how long anybody waits for the store.

A store that is away is said within ``ANSWER_S``: a person sits before the page (PROTOCOL-53). What was asked
of it goes on to its end behind the answer (TRAPS 3).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from tablecloth.log.interface import LogAway, SpaceRecord
from tablecloth.spaces import Spaces, rights_of
from tablecloth.web.origin import host_of, is_welcome
from tablecloth.web.problem import AWAY, FOREIGN_ORIGIN, NO_SUCH_SPACE, VIEW_ONLY, Decline

ANSWER_S = 2.0

Result = TypeVar("Result")


class Declined(Exception):
    """A request that can't be served, and why."""

    def __init__(self, why: Decline) -> None:
        super().__init__(why.code)
        self.why = why


async def of_store(work: Coroutine[Any, Any, Result], within_s: float = ANSWER_S) -> Result:
    """What the store answers. Raises Declined when it doesn't, or not soon."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_look_at)
    try:
        return await asyncio.wait_for(asyncio.shield(task), within_s)
    except (LogAway, TimeoutError):
        raise Declined(AWAY) from None


def _look_at(task: asyncio.Future[Any]) -> None:
    """Look at what it ended with, in case nobody waits for it any more."""
    if not task.cancelled():
        task.exception()


def only_own_pages(request: Request, origins: tuple[str, ...]) -> str:
    """The host that was asked for. Raises Declined for another site's page (PROTOCOL-2)."""
    host = host_of(request.scope)
    if host is None or not is_welcome(request.headers.get("origin"), host, origins):
        raise Declined(FOREIGN_ORIGIN)
    return host


async def opened(request: Request, spaces: Spaces) -> tuple[SpaceRecord, bool]:
    """The space that the request's link opens, and whether for writing. Raises Declined: unknown and wrong
    are answered alike (PROTOCOL-51).
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Declined(NO_SUCH_SPACE)
    record = await of_store(spaces.find(request.path_params["id"]))
    may_edit = rights_of(record, secret.strip()) if record is not None else None
    if record is None or may_edit is None:
        raise Declined(NO_SUCH_SPACE)
    return record, may_edit


async def opened_for_writing(request: Request, spaces: Spaces) -> SpaceRecord:
    """The same, for a link that is for writing. Raises Declined."""
    record, may_edit = await opened(request, spaces)
    if not may_edit:
        raise Declined(VIEW_ONLY)
    return record
