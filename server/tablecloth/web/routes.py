"""The HTTP interface: begin a space, look at it, health, metrics, and the page (PROTOCOL-50 to -54)."""

from __future__ import annotations

import asyncio
import time

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

import tablecloth
from tablecloth.config import Config
from tablecloth.log.interface import LogAway, SpaceRecord
from tablecloth.metrics import CONTENT_TYPE, Shared
from tablecloth.session import Budget, name_fits
from tablecloth.spaces import rights_of
from tablecloth.web.bodies import Alive, Begun, BoardSeen, NewSpaceWish, Ready, SpaceSeen
from tablecloth.web.openapi import document
from tablecloth.web.origin import host_of, is_welcome
from tablecloth.web.page import Page
from tablecloth.web.problem import (
    AWAY,
    BAD_REQUEST,
    BAD_TITLE,
    FOREIGN_ORIGIN,
    NO_SUCH_SPACE,
    NOT_FOUND,
    SLOW_DOWN,
    decline,
    json_response,
)
from tablecloth.web.socket import SocketDoor
from tablecloth.worker import Worker

_ASK_STORE_S = 3.0
_decode_wish = msgspec.json.Decoder(NewSpaceWish).decode


def _boards(record: SpaceRecord) -> list[BoardSeen]:
    return [BoardSeen(board, title) for board, title in record.boards]


class Routes:
    """The endpoints of one worker."""

    def __init__(self, worker: Worker, config: Config, shared: Shared, page: Page | None = None) -> None:
        self._worker = worker
        self._config = config
        self._shared = shared
        self._page = page or Page()
        per_minute = config.spaces_per_minute
        self._begins = Budget(per_minute / 60, per_minute, time.monotonic())
        self._openapi = msgspec.json.encode(document())

    def all(self) -> list[BaseRoute]:
        """Every route, the page's files last."""
        return [
            WebSocketRoute("/ws", SocketDoor(self._worker, self._config.origins).serve),
            Route("/api/spaces", self.begin, methods=["POST"]),
            Route("/api/spaces/{id}", self.look, methods=["GET"]),
            Route("/api/openapi.json", self.openapi, methods=["GET"]),
            Route("/healthz", self.health, methods=["GET"]),
            Route("/readyz", self.readiness, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
            Route("/", self.index, methods=["GET"]),
            Route("/s/{space}", self.index, methods=["GET"]),
            Route("/{name:path}", self.file, methods=["GET"]),
        ]

    # --- spaces ---------------------------------------------------------------------------------

    async def begin(self, request: Request) -> Response:
        """PROTOCOL-50."""
        host = host_of(request.scope)
        if host is None or not is_welcome(request.headers.get("origin"), host, self._config.origins):
            return decline(FOREIGN_ORIGIN)
        try:
            title = _decode_wish(await request.body()).title.strip()
        except msgspec.ValidationError:
            return decline(BAD_TITLE)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return decline(BAD_REQUEST)
        if not title or not name_fits(title):
            return decline(BAD_TITLE)
        if not self._begins.spend(1, time.monotonic()):
            return decline(SLOW_DOWN)
        try:
            begun = await self._worker.begin_space(title)
        except LogAway:
            return decline(AWAY)
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
        """PROTOCOL-51: unknown and wrong are answered alike."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return decline(NO_SUCH_SPACE)
        try:
            record = await self._worker.spaces.find(request.path_params["id"])
        except LogAway:
            return decline(AWAY)
        may_edit = rights_of(record, secret.strip()) if record is not None else None
        if record is None or may_edit is None:
            return decline(NO_SUCH_SPACE)
        return json_response(SpaceSeen(record.space, record.title, _boards(record), may_edit))

    # --- health ---------------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        """PROTOCOL-52: the process lives."""
        return json_response(Alive(True))

    async def readiness(self, request: Request) -> Response:
        """PROTOCOL-52: whether edits can be kept, and what an ack means."""
        try:
            ready = await asyncio.wait_for(asyncio.shield(self._worker.readiness()), _ASK_STORE_S)
        except TimeoutError:
            body = Ready(False, None, ["The store doesn't answer."], tablecloth.__version__)
        else:
            body = Ready(ready.is_ready, ready.durable, ready.missing, tablecloth.__version__)
        return json_response(body, 200 if body.ready else 503)

    async def metrics(self, request: Request) -> Response:
        """PROTOCOL-52: numbers, and nothing else."""
        return Response(
            self._shared.render(), headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE}
        )

    async def openapi(self, request: Request) -> Response:
        """PROTOCOL-52."""
        return Response(self._openapi, headers={"Cache-Control": "no-cache"}, media_type="application/json")

    # --- the page -------------------------------------------------------------------------------

    async def index(self, request: Request) -> Response:
        """The page, for the root and for every link: the secret stays in the browser."""
        return self._page.index(request.headers)

    async def file(self, request: Request) -> Response:
        """A file of the page."""
        return self._page.file(request.path_params["name"], request.headers) or decline(NOT_FOUND)
