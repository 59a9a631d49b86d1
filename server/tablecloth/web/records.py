"""Whole records of boards over HTTP: fetch one in pieces, bring a lost one back (PROTOCOL-65, PROTOCOL-66).

Beside the WebSocket, because a record is thousands of times as long as a message: here it has a flow of its
own, waits behind those who write, and whoever brings one needs no connection, which a lost space would not
give.
"""

from __future__ import annotations

import asyncio
import re
import time

from starlette.requests import Request
from starlette.responses import Response

from tablecloth import limits
from tablecloth.config import Config
from tablecloth.log.interface import LogAway, Place
from tablecloth.rescue import NotTaken
from tablecloth.session import Budget
from tablecloth.web.asking import Declined, of_store, only_own_pages, opened
from tablecloth.web.bodies import RecordTaken
from tablecloth.web.problem import (
    AWAY,
    BAD_REQUEST,
    NO_SUCH_SPACE,
    RECORD_THERE,
    RECORD_UNFIT,
    RECORDS_BUSY,
    TOO_SLOW,
    json_response,
)
from tablecloth.worker import Worker

_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")
_PAGE_ENTRIES = 4000
_UPLOAD_S = 120
_AT_ONCE = 2
_WHY = {"record-unfit": RECORD_UNFIT, "record-there": RECORD_THERE, "no-such-space": NO_SUCH_SPACE}


class RecordRoutes:
    """Records of this worker's boards."""

    def __init__(self, worker: Worker, config: Config) -> None:
        self._worker = worker
        self._config = config
        now = time.monotonic()
        self._fetches = Budget(limits.SEAL_FETCHES_PER_S, limits.SEAL_FETCHES_PER_S * 5, now)
        per_minute = limits.SEAL_RECORDS_PER_MINUTE
        self._brings = Budget(per_minute / 60, per_minute, now)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, request: Request) -> Response:
        """PROTOCOL-65: entries after a seq, for whoever holds either link."""
        record, _ = await opened(request, self._worker.spaces)
        board, after = request.path_params["board"], request.query_params.get("after", "0")
        is_there = board == record.space or any(board == name for name, _ in record.boards)
        if not is_there or not after.isdigit() or len(after) > 15:
            raise Declined(BAD_REQUEST if is_there else NO_SUCH_SPACE)
        if not self._fetches.spend(1, time.monotonic()):
            raise Declined(RECORDS_BUSY)
        place = Place(record.space, board)
        page = await of_store(self._worker.log.read(place, int(after), _PAGE_ENTRIES))
        size, count = 0, 0
        while count < len(page) and (count == 0 or size + len(page[count].raw) <= limits.SEAL_PAGE_BYTES):
            size += len(page[count].raw)
            count += 1
        data = b"".join(stored.raw for stored in page[:count])
        return Response(data, headers={"Cache-Control": "no-store"}, media_type="application/octet-stream")

    async def bring(self, request: Request) -> Response:
        """PROTOCOL-66: take a lost record up."""
        only_own_pages(request, self._config.origins)
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        space, board = request.path_params["id"], request.path_params["board"]
        if scheme.lower() != "bearer" or not (_ID.fullmatch(space) and _ID.fullmatch(board)):
            raise Declined(NO_SUCH_SPACE)
        if self._slots.locked() or not self._brings.spend(1, time.monotonic()):
            raise Declined(RECORDS_BUSY)
        async with self._slots:
            data = await _body(request)
        try:
            seq = await self._worker.rescue.take(Place(space, board), secret.strip(), data)
        except NotTaken as why:
            raise Declined(_WHY[why.code]) from None
        except LogAway:
            raise Declined(AWAY) from None
        return json_response(RecordTaken(seq))


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(_UPLOAD_S):
            return await request.body()
    except TimeoutError:
        raise Declined(TOO_SLOW) from None
