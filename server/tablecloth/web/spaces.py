"""Spaces and their boards over HTTP (PROTOCOL-50, -51, -55)."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tablecloth.config import Config
from tablecloth.log.interface import SpaceRecord
from tablecloth.session import Budget, name_fits
from tablecloth.web.asking import Declined, of_store, only_own_pages, opened, opened_for_writing
from tablecloth.web.bodies import Begun, BoardSeen, NewBoardWish, NewSpaceWish, SpaceSeen
from tablecloth.web.problem import BAD_REQUEST, BAD_TITLE, BOARDS_FULL, SLOW_DOWN, json_response
from tablecloth.worker import Worker

_decode_space = msgspec.json.Decoder(NewSpaceWish).decode
_decode_board = msgspec.json.Decoder(NewBoardWish).decode


def _boards(record: SpaceRecord) -> list[BoardSeen]:
    return [BoardSeen(board, title) for board, title in record.boards]


class SpaceRoutes:
    """Begin a space, look at it, and give it more boards."""

    def __init__(self, worker: Worker, config: Config) -> None:
        self._worker = worker
        self._config = config
        per_minute = config.spaces_per_minute
        self._begins = Budget(per_minute / 60, per_minute, time.monotonic())

    async def begin(self, request: Request) -> Response:
        """PROTOCOL-50."""
        host = only_own_pages(request, self._config.origins)
        title = _title(await request.body(), _decode_space)
        if not self._begins.spend(1, time.monotonic()):
            raise Declined(SLOW_DOWN)
        begun = await of_store(self._worker.begin_space(title))
        record = begun.record
        base = self._config.public_url or f"{request.scope['scheme']}://{host}"
        body = Begun(
            record.space,
            title,
            _boards(record),
            f"{base}/s/{record.space}#{begun.edit_secret}",
            f"{base}/s/{record.space}#{begun.view_secret}",
        )
        return json_response(body, 201)

    async def look(self, request: Request) -> Response:
        """PROTOCOL-51."""
        record, may_edit = await opened(request, self._worker.spaces)
        who = (self._config.host_name, self._config.contact)
        return json_response(SpaceSeen(record.space, record.title, _boards(record), may_edit, *who))

    async def add_board(self, request: Request) -> Response:
        """PROTOCOL-55."""
        only_own_pages(request, self._config.origins)
        data = await request.body()
        record = await opened_for_writing(request, self._worker.spaces)
        title = _title(data, _decode_board)
        board = await of_store(self._worker.spaces.add_board(record, title, self._worker.assemblies.standing))
        if board is None:
            raise Declined(BOARDS_FULL)
        return json_response(BoardSeen(board, title), 201)


def _title(data: bytes, decode: Callable[[bytes], NewSpaceWish | NewBoardWish]) -> str:
    """The title that somebody wishes for: one line of letters. Raises Declined."""
    try:
        title = decode(data).title.strip()
    except msgspec.ValidationError:
        raise Declined(BAD_TITLE) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Declined(BAD_REQUEST) from None
    if not title or not name_fits(title):
        raise Declined(BAD_TITLE)
    return title
