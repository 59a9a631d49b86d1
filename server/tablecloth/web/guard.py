"""What every request passes: a Host that can be one, a body of bounded size, and the headers of every answer
(PROTOCOL-53, PROTOCOL-54, TRAPS 24, 26).

Plain ASGI, outermost: an answer that is made by an error gets the headers too. Paths are only ever taken from
the request line, never from a URL that is put together with the Host (CVE-2026-48710).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from tablecloth import limits
from tablecloth.web.asking import Declined
from tablecloth.web.origin import host_of
from tablecloth.web.problem import BAD_HOST, PICTURE_LARGE, TOO_LARGE, Decline, decline

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    # The one policy that Svelte makes, to build elements from its own compiled templates.
    "trusted-types": "svelte-trusted-html",
}

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), payment=(), usb=()",
}


def policy_for(host: str) -> str:
    """The content security policy of a page of this host.

    Some browsers don't count ``ws:`` as ``'self'``, so the WebSocket's address is said as well.
    """
    policy = {**POLICY, "connect-src": f"'self' ws://{host} wss://{host}"}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


_DIGITS = 18
_IMAGES = re.compile(r"/api/spaces/[^/]+/images")
_RECORDS = re.compile(r"/api/spaces/[^/]+/boards/[^/]+/log")


class Guard:
    """Wraps the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        host = host_of(scope)
        send = _with_headers(send, policy_for(host or "localhost"))
        if host is None:
            await _refuse_host(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        most, too_large = _bounds(scope)
        size = 0
        if _announced(scope) > most:
            await decline(too_large)(scope, receive, send)
            return

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                # Routes read the whole body before they answer, so nothing has been sent.
                raise Declined(too_large)
            return message

        await self._app(scope, bounded, send)


def takes_long(scope: Mapping[str, Any]) -> bool:
    """Whether a request may take a minute to arrive."""
    return brings_picture(scope) or brings_record(scope)


def brings_record(scope: Mapping[str, Any]) -> bool:
    """Whether a request brings a lost record back."""
    return scope["method"] == "POST" and _RECORDS.fullmatch(scope["path"]) is not None


def brings_picture(scope: Mapping[str, Any]) -> bool:
    """Whether a request is one that takes longer and holds more than others."""
    return scope["method"] == "POST" and _IMAGES.fullmatch(scope["path"]) is not None


def _bounds(scope: Scope) -> tuple[int, Decline]:
    """How large a body may be, and what is said of a larger one."""
    if brings_picture(scope):
        return limits.IMAGE_MAX_BYTES, PICTURE_LARGE
    if brings_record(scope):
        return limits.SEAL_MAX_RECORD_BYTES, TOO_LARGE
    return limits.SPACE_MAX_BODY_BYTES, TOO_LARGE


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            # A number of many digits is large, whatever it is; int() would balk at very many.
            return int(value[:_DIGITS]) if value.isdigit() else 0
    return 0


def _with_headers(send: Send, policy: str) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", policy)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return with_headers


async def _refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    answer = decline(BAD_HOST)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await answer(scope, receive, send)
