"""``/ws``: who may speak, then the line is handed to the worker and everything goes past ASGI (PROTOCOL-1,
-2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from starlette.websockets import WebSocket

from tablecloth.web.origin import host_of, is_welcome
from tablecloth.web.problem import BAD_REQUEST, FOREIGN_ORIGIN, decline
from tablecloth.web.protocol import EXTENSION, LineProtocol
from tablecloth.worker import Worker


class SocketDoor:
    """The endpoint. ``origins``: what was configured beside the host itself."""

    def __init__(self, worker: Worker, origins: Iterable[str]) -> None:
        self._worker = worker
        self._origins = tuple(origins)

    async def serve(self, websocket: WebSocket) -> None:
        """Refuse before the handshake, or serve until the connection is gone."""
        origins = websocket.headers.getlist("origin")
        host = host_of(websocket.scope)
        if (
            host is None
            or len(origins) > 1
            or not is_welcome(origins[0] if origins else None, host, self._origins)
        ):
            await websocket.send_denial_response(decline(FOREIGN_ORIGIN))
            return
        if websocket.scope["query_string"]:
            # PROTOCOL-1: whatever stands there might be a secret, and would be seen by every proxy on the
            # way.
            await websocket.send_denial_response(decline(BAD_REQUEST))
            return
        line = cast(LineProtocol, websocket.scope["extensions"][EXTENSION])
        connection = self._worker.connect(line)
        line.attach(connection)
        try:
            await websocket.accept()
            await line.lost
        finally:
            self._worker.disconnect(connection)
