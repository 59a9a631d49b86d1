"""The HTTP interface as OpenAPI 3.1, written by hand around schemas that msgspec makes from the types
(PROTOCOL-52).

A test compares it with the routes, so that neither can move on alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

import tablecloth
from tablecloth import limits
from tablecloth.web.bodies import (
    Alive,
    Begun,
    BoardSeen,
    ImageSeen,
    NewBoardWish,
    NewSpaceWish,
    Ready,
    RecordTaken,
    SpaceSeen,
)
from tablecloth.web.problem import Problem

_TYPES = (
    NewSpaceWish,
    Begun,
    SpaceSeen,
    NewBoardWish,
    BoardSeen,
    ImageSeen,
    RecordTaken,
    Alive,
    Ready,
    Problem,
)


def _json(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}


def _answer(words: str, kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"description": words, "content": _json(kind)}


def _problem(words: str) -> dict[str, Any]:
    return _answer(words, Problem)


def document() -> dict[str, Any]:
    """The whole description."""
    _, schemas = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    link = {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret of a link: what stands after the # in it.",
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tablecloth",
            "version": tablecloth.__version__,
            "description": "Begin a space and look at it. Boards themselves are spoken with over the "
            "WebSocket at /ws: see schemas/PROTOCOL.md.",
        },
        "paths": {
            "/api/spaces": {"post": _begin()},
            "/api/spaces/{id}": {"get": _look()},
            "/api/spaces/{id}/boards": {"post": _add_board()},
            "/api/spaces/{id}/boards/{board}/log": {"get": _fetch_record(), "post": _bring_record()},
            "/api/spaces/{id}/images": {"post": _put_image()},
            "/api/spaces/{id}/images/{asset}": {"get": _get_image()},
            "/api/openapi.json": {"get": _plain("openapi", "This description.", "application/json")},
            "/healthz": {"get": _health()},
            "/readyz": {"get": _readiness()},
            "/metrics": {
                "get": _plain("metrics", "Numbers of all workers, each under a label `worker`.", "text/plain")
            },
        },
        "components": {"schemas": schemas, "securitySchemes": {"link": link}},
    }


def _plain(name: str, words: str, media_type: str) -> dict[str, Any]:
    answer = {"description": words, "content": {media_type: {}}}
    return {"operationId": name, "summary": words, "responses": {"200": answer}}


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Whether this process lives.",
        "responses": {"200": _answer("It does.", Alive)},
    }


def _readiness() -> dict[str, Any]:
    return {
        "operationId": "readiness",
        "summary": "Whether edits can be kept just now, and what an ack means.",
        "responses": {
            "200": _answer("They can.", Ready),
            "503": _answer("Not now; `missing` says why.", Ready),
        },
    }


def _begin() -> dict[str, Any]:
    return {
        "operationId": "beginSpace",
        "summary": "Begin a space with one board. The links' secrets appear in this answer and never again.",
        "requestBody": {"required": True, "content": _json(NewSpaceWish)},
        "responses": {
            "201": _answer("The space, with its links.", Begun),
            "400": _problem("The title or the request can't be read."),
            "403": _problem("A page of another site asked."),
            "413": _problem(f"The body has more than {limits.SPACE_MAX_BODY_BYTES} bytes."),
            "429": _problem("Many spaces were begun just now."),
            "503": _problem("The store is away."),
        },
    }


_SPACE_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def _add_board() -> dict[str, Any]:
    return {
        "operationId": "addBoard",
        "summary": "Found one more board in a space. Everybody who is there hears of it.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID],
        "requestBody": {"required": True, "content": _json(NewBoardWish)},
        "responses": {
            "201": _answer("The board.", BoardSeen),
            "400": _problem("The title or the request can't be read."),
            "403": _problem("The link is for looking, or a page of another site asked."),
            "404": _problem("Unknown space or wrong secret: the same answer for both."),
            "409": _problem(f"The space has {limits.SPACE_MAX_BOARDS} boards."),
            "413": _problem(f"The body has more than {limits.SPACE_MAX_BODY_BYTES} bytes."),
            "503": _problem("The store is away. The board may be there all the same: look."),
        },
    }


_BOARD = {"name": "board", "in": "path", "required": True, "schema": {"type": "string"}}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def _fetch_record() -> dict[str, Any]:
    after = {"name": "after", "in": "query", "schema": {"type": "integer", "default": 0}}
    return {
        "operationId": "fetchRecord",
        "summary": "Entries of a board's log after a seq, one after the other, as many as fit a piece.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID, _BOARD, after],
        "responses": {
            "200": {"description": "The entries; nothing if there are no more.", "content": _BYTES},
            "400": _problem("`after` is no number."),
            "404": _problem("Unknown space or board, or wrong secret: the same answer for all."),
            "429": _problem("Many fetch just now."),
            "503": _problem("The store is away."),
        },
    }


def _bring_record() -> dict[str, Any]:
    return {
        "operationId": "bringRecord",
        "summary": "Bring back a record that the server lost: see PROTOCOL-66 for its form.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID, _BOARD],
        "requestBody": {"required": True, "content": _BYTES},
        "responses": {
            "200": _answer("It is there, up to this seq.", RecordTaken),
            "403": _problem("A page of another site asked."),
            "404": _problem("The secret is not one of the record's links."),
            "408": _problem("The body took too long to arrive."),
            "409": _problem("The server has this board, as far as this or another way."),
            "413": _problem(f"The body has more than {limits.SEAL_MAX_RECORD_BYTES} bytes."),
            "422": _problem("The record is not signed by the key that it names, or not whole."),
            "429": _problem("Others bring their records just now."),
            "503": _problem("The store is away."),
        },
    }


_PICTURE = {"schema": {"type": "string", "format": "binary"}}


def _put_image() -> dict[str, Any]:
    return {
        "operationId": "putImage",
        "summary": "Bring a picture. It is drawn anew, without what the camera wrote into it, and kept once.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID],
        "requestBody": {
            "required": True,
            "content": dict.fromkeys(("image/png", "image/jpeg", "image/webp"), _PICTURE),
        },
        "responses": {
            "201": _answer("The picture as it is kept.", ImageSeen),
            "403": _problem("The link is for looking, or a page of another site asked."),
            "404": _problem("Unknown space or wrong secret: the same answer for both."),
            "408": _problem("The body took too long to arrive."),
            "409": _problem("There is no more room for pictures in this space."),
            "413": _problem(
                f"More than {limits.IMAGE_MAX_BYTES} bytes, or {limits.IMAGE_MAX_PIXELS} points."
            ),
            "415": _problem("Not a picture that can be read: PNG, JPEG or WebP."),
            "429": _problem("Many pictures came just now."),
            "503": _problem("The store is away."),
        },
    }


def _get_image() -> dict[str, Any]:
    asset = {"name": "asset", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "getImage",
        "summary": "A picture of the space, for whoever holds either link.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID, asset],
        "responses": {
            "200": {
                "description": "Its bytes. Their SHA-256 is the asset.",
                "content": dict.fromkeys(("image/png", "image/jpeg"), _PICTURE),
            },
            "404": _problem("Unknown space, wrong secret, or no such picture."),
            "503": _problem("The store is away."),
        },
    }


def _look() -> dict[str, Any]:
    return {
        "operationId": "lookAtSpace",
        "summary": "What a link opens.",
        "security": [{"link": []}],
        "parameters": [_SPACE_ID],
        "responses": {
            "200": _answer("The space.", SpaceSeen),
            "404": _problem("Unknown space or wrong secret: the same answer for both."),
            "503": _problem("The store is away."),
        },
    }
