"""One worker's ASGI app: its routes, its problems in plain words, and its life from start to end.

The worker is made when the app starts (it needs the loop) and never keeps it from starting: a store that is
away is said at ``/readyz`` (TRAPS 9).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tablecloth.config import Config
from tablecloth.log.interface import Log
from tablecloth.metrics import WRITE_EVERY_S, Metrics, Shared
from tablecloth.web.asking import Declined
from tablecloth.web.guard import Guard
from tablecloth.web.page import Page
from tablecloth.web.problem import BAD_METHOD, BAD_REQUEST, NOT_FOUND, TOO_LARGE, TROUBLE, decline
from tablecloth.web.routes import Routes
from tablecloth.worker import Worker

_log = structlog.get_logger("web")
_BY_STATUS = {404: NOT_FOUND, 405: BAD_METHOD, 413: TOO_LARGE}


async def _http_problem(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return decline(_BY_STATUS.get(status, BAD_REQUEST))


async def _declined(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Declined)
    return decline(problem.why)


async def _trouble(request: Request, problem: Exception) -> Response:
    # Not the path: it may hold what somebody typed.
    _log.error("request_broke", method=request.method, exc_info=problem)
    return decline(TROUBLE)


class App:
    """The app, and its worker once it has started. ``make_log`` is called inside the running loop;
    ``is_own_process``: whether nothing else of account lives in this process.
    """

    def __init__(
        self,
        config: Config,
        make_log: Callable[[], Log],
        number: int = 0,
        page: Page | None = None,
        is_own_process: bool = False,
    ) -> None:
        self._config = config
        self._make_log = make_log
        self._number = number
        self._page = page
        self._is_own_process = is_own_process
        self.worker: Worker | None = None
        self._app: ASGIApp = Guard(
            Starlette(
                lifespan=self._lifespan,
                exception_handlers={HTTPException: _http_problem, Declined: _declined, Exception: _trouble},
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, starlette: Starlette) -> AsyncIterator[None]:
        metrics = Metrics()
        worker = self.worker = Worker(self._make_log(), metrics, self._config.is_shared, self._is_own_process)
        shared = Shared(metrics, self._number, self._config.run_folder)
        starlette.router.routes.extend(Routes(worker, self._config, shared, self._page).all())
        worker.start()
        writing = asyncio.ensure_future(_keep_writing(shared))
        try:
            yield
        finally:
            writing.cancel()
            await worker.stop()


async def _keep_writing(shared: Shared) -> None:
    while True:
        shared.write()
        await asyncio.sleep(WRITE_EVERY_S)
