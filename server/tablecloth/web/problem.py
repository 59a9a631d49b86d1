"""What an HTTP request gets that can't be served: ``{"code", "words"}`` (PROTOCOL-53)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.responses import Response


class Problem(msgspec.Struct, frozen=True):
    """Why a request was not served: a code for programs, and plain words for people."""

    code: str
    words: str


@dataclass(slots=True, frozen=True)
class Decline:
    """A problem and its HTTP status. ``again_s``: when it may be asked again, if that will help."""

    status: int
    code: str
    words: str
    again_s: int | None = None


def json_response(body: object, status: int = 200) -> Response:
    """A struct as JSON that nobody keeps."""
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


def decline(why: Decline) -> Response:
    """A problem as an answer."""
    answer = json_response(Problem(why.code, why.words), why.status)
    if why.again_s is not None:
        answer.headers["Retry-After"] = str(why.again_s)
    return answer


NOT_FOUND = Decline(404, "not-found", "There is nothing at this address.")
NO_SUCH_SPACE = Decline(404, "no-such-link", "This link opens nothing here.")
BAD_HOST = Decline(400, "bad-host", "The request names no address that could be this server's.")
FOREIGN_ORIGIN = Decline(403, "foreign-origin", "Another site's page can't do this.")
TOO_LARGE = Decline(413, "too-large", "That is more than this address takes.")
BAD_METHOD = Decline(405, "bad-method", "This address takes no request of this kind.")
BAD_REQUEST = Decline(400, "bad-request", "This request could not be read.")
BAD_TITLE = Decline(400, "bad-title", "A title is one line of 1 to 120 characters.")
SLOW_DOWN = Decline(429, "slow-down", "Many spaces were begun just now. Please try again in a minute.", 60)
VIEW_ONLY = Decline(403, "view-only", "This link is for looking. Another link is for writing.")
BOARDS_FULL = Decline(409, "boards-full", "This space has as many boards as it can hold.")
NO_SUCH_PICTURE = Decline(404, "no-such-picture", "This picture is not in this space.")
PICTURE_LARGE = Decline(413, "picture-large", "This picture is too large. Please take a smaller one.")
PICTURE_UNREAD = Decline(415, "picture-unread", "This could not be read as a picture: PNG, JPEG or WebP.")
PICTURE_GONE = Decline(409, "picture-gone", "The room took this picture away.")
PICTURES_FULL = Decline(409, "pictures-full", "There is no more room for pictures in this space.")
PICTURES_BUSY = Decline(429, "slow-down", "Many pictures came just now. Please try again in a moment.", 5)
TOO_SLOW = Decline(408, "too-slow", "This took too long to arrive. Please try again.", 5)
AWAY = Decline(503, "away", "The boards can't be reached just now. Please try again in a moment.", 2)
RECORD_UNFIT = Decline(422, "record-unfit", "This is not a record that the server of this table signed.")
RECORD_THERE = Decline(409, "record-there", "The server has this board, as far as this or another way.")
RECORDS_BUSY = Decline(
    429, "slow-down", "Others bring their records just now. Try again in a moment.", again_s=5
)

TROUBLE = Decline(500, "trouble", "Something went wrong on this side. Nothing that was saved is lost.")
