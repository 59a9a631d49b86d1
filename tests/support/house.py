"""A whole server in the test's own loop, on a real port, with a log in memory: what `tests/unit/test_web.py`
asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from tablecloth.config import Config
from tablecloth.listening import listen
from tablecloth.log.interface import Log
from tablecloth.web.app import App
from tablecloth.web.page import Page
from tablecloth.web.server import Server
from tablecloth.worker import Worker

from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.valkey import until_async


class House:
    """The server, its store, and a client for its HTTP."""

    def __init__(
        self, app: App, server: Server, store: MemoryStore, port: int, client: httpx.AsyncClient
    ) -> None:
        self.app = app
        self.server = server
        self.store = store
        self.port = port
        self.client = client

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def worker(self) -> Worker:
        assert self.app.worker is not None
        return self.app.worker

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def begin(self, title: str = "A cloth") -> dict[str, Any]:
        """Begin a space; the answer."""
        answer = await self.client.post("/api/spaces", json={"title": title})
        assert answer.status_code == 201, answer.text
        begun: dict[str, Any] = answer.json()
        return begun


@asynccontextmanager
async def open_house(
    store: MemoryStore | None = None, dist: Path | None = None, log: Log | None = None, **settings: Any
) -> AsyncIterator[House]:
    """Serve until the end of the block. `dist`: where the client lies, nowhere if it isn't said."""
    store = store or MemoryStore()
    config = Config(host="127.0.0.1", port=0, **{"spaces_per_minute": 100_000, **settings})
    sockets = listen(config.host, 0, 1)
    page = Page((dist,) if dist is not None else ())
    app = App(config, lambda: log or MemoryLog(store), page=page)
    server = Server(app)
    serving = asyncio.ensure_future(server.serve(sockets))
    await until_async(lambda: server.started or serving.done())
    port = sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        try:
            yield House(app, server, store, port, client)
        finally:
            await client.aclose()
            server.end()
            await serving
