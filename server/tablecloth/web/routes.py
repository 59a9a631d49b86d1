"""The HTTP interface: where each address leads; health, metrics, and the page (PROTOCOL-50 to -56)."""

from __future__ import annotations

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

import tablecloth
from tablecloth.config import Config
from tablecloth.metrics import CONTENT_TYPE, Shared
from tablecloth.web.bodies import Alive, Ready
from tablecloth.web.images import ImageRoutes
from tablecloth.web.openapi import document
from tablecloth.web.page import Page
from tablecloth.web.problem import NOT_FOUND, decline, json_response
from tablecloth.web.records import RecordRoutes
from tablecloth.web.socket import SocketDoor
from tablecloth.web.spaces import SpaceRoutes
from tablecloth.worker import Worker

_ASK_STORE_S = 3.0


class Routes:
    """The endpoints of one worker."""

    def __init__(self, worker: Worker, config: Config, shared: Shared, page: Page | None = None) -> None:
        self._worker = worker
        self._config = config
        self._shared = shared
        self._page = page or Page()
        self._openapi = msgspec.json.encode(document())

    def all(self) -> list[BaseRoute]:
        """Every route, the page's files last."""
        spaces = SpaceRoutes(self._worker, self._config)
        images = ImageRoutes(self._worker, self._config)
        records = RecordRoutes(self._worker, self._config)
        return [
            WebSocketRoute("/ws", SocketDoor(self._worker, self._config.origins).serve),
            Route("/api/spaces", spaces.begin, methods=["POST"]),
            Route("/api/spaces/{id}", spaces.look, methods=["GET"]),
            Route("/api/spaces/{id}/boards", spaces.add_board, methods=["POST"]),
            Route("/api/spaces/{id}/boards/{board}/log", records.fetch, methods=["GET"]),
            Route("/api/spaces/{id}/boards/{board}/log", records.bring, methods=["POST"]),
            Route("/api/spaces/{id}/images", images.put, methods=["POST"]),
            Route("/api/spaces/{id}/images/{asset}", images.get, methods=["GET"]),
            Route("/api/openapi.json", self.openapi, methods=["GET"]),
            Route("/healthz", self.health, methods=["GET"]),
            Route("/readyz", self.readiness, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
            Route("/", self.index, methods=["GET"]),
            Route("/s/{space}", self.index, methods=["GET"]),
            Route("/{name:path}", self.file, methods=["GET"]),
        ]

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
