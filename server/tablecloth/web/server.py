"""uvicorn, set up for this server: our protocols, our signals, our goodbye.

Invariants: a worker says ``moving`` and settles what is on its way before any socket is closed (PROTOCOL-40,
TRAPS 13); it ends within a bounded time whatever the connections do; nothing about requests is recorded
(TRAPS 12); a connection that doesn't finish a request in time is dropped; what is no HTTP is counted, and not
worth a line each: anybody could fill a disk with them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Generator
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from tablecloth.limits import IMAGE_UPLOAD_S
from tablecloth.web.app import App
from tablecloth.web.guard import HEADERS, takes_long
from tablecloth.web.problem import BAD_REQUEST, decline
from tablecloth.web.protocol import LineProtocol
from tablecloth.wire import limits

GRACE_S = 5
_PING_S = 20.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


_EVERYDAY = frozenset({"Invalid HTTP request received.", "Unsupported upgrade request."})


class _Quiet(logging.Filter):
    """Leaves out what strangers can cause at will."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg not in _EVERYDAY


_quiet = _Quiet()


class PromptHttp(H11Protocol):
    """HTTP that doesn't wait for ever: a request, headers and body, is whole within ``hello_timeout_s``; one
    that brings a picture within ``upload_s`` more.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._overdue: asyncio.TimerHandle | None = None
        self._has_longer = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def _await_request(self) -> None:
        self._stop_waiting()
        self._has_longer = False
        self._overdue = self.loop.call_later(limits.HELLO_TIMEOUT_S, self._check)

    def _stop_waiting(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _check(self) -> None:
        self._overdue = None
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and cycle.more_body and not self._has_longer and takes_long(cycle.scope):
            # A photo over a phone's connection takes half a minute; the route says when it is too long.
            self._has_longer = True
            self._overdue = self.loop.call_later(IMAGE_UPLOAD_S, self._check)
        elif cycle is None or cycle.response_complete or cycle.more_body:
            self.transport.abort()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._await_request()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is told so like everything else (PROTOCOL-53), and what was under way is over."""
        if isinstance(self.app, App) and self.app.worker is not None:
            self.app.worker.metrics.refusals.labels("bad-http").inc()
        if self.cycle is not None:
            # Else the app would answer a connection that can't take an answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = decline(BAD_REQUEST)
            more = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            headers = [*answer.raw_headers, *more, (b"connection", b"close")]
            said = h11.Response(status_code=answer.status_code, headers=headers)
            for event in (said, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)


class Server(uvicorn.Server):
    """One worker's server. ``run`` returns once it has ended in peace."""

    def __init__(self, app: App) -> None:
        self._served = app
        logging.getLogger("uvicorn.error").addFilter(_quiet)
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop" if sys.platform != "win32" else "asyncio",
                http=PromptHttp,
                ws=LineProtocol,
                ws_max_size=limits.MAX_MESSAGE_BYTES,
                ws_per_message_deflate=False,
                ws_ping_interval=_PING_S,
                ws_ping_timeout=_PING_S,
                lifespan="on",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End at the first signal, at once at the second; who started us cleans up, so none is passed on."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in _SIGNALS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        if self._served.worker is not None and not self.force_exit:
            await self._served.worker.move()
        await super().shutdown(sockets)

    def end(self) -> None:
        """Begin to end, as a signal would. A repeat is harmless."""
        self.should_exit = True


def end_with(server: Server, handle: int) -> None:
    """End the server when the other side of a pipe is closed: its parent is gone, even by kill -9."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(handle, 1):
                pass
        server.end()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
