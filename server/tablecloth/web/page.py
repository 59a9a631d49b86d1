"""The built client: found in the package or in a checkout, held in memory, served with what a browser may
keep.

Files with a hash in their name never change and are kept for a year; the page itself is asked for each time,
and answered with 304 if it is the same. Whole files only: no ranges, so nothing of CVE-2025-62727, and no
path of a request ever reaches the disk.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

import tablecloth

_PACKAGE = Path(tablecloth.__file__).parent
_PLACES = (_PACKAGE / "web" / "static", _PACKAGE.parent.parent / "client" / "dist")
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_HASHED = "assets/"
_WORTH_IT_BYTES = 512
_PACKED_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")

NOT_BUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tablecloth</title>
<h1>Tablecloth is running</h1>
<p>The page that people use isn't built yet. In the project's folder, run <code>make client</code>, then load
this page again. Boards are safe, and programs can use them already.</p>
</html>
"""


@dataclass(slots=True, frozen=True)
class File:
    """One file of the client, plain and gzipped (None where that gains nothing)."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    cache: str


def _load(path: Path, name: str) -> File:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type == "text/javascript" or name.endswith((".js", ".mjs")):
        media_type = "text/javascript"
    if name.endswith(".webmanifest"):
        media_type = "application/manifest+json"
    packed = None
    if len(content) >= _WORTH_IT_BYTES and media_type.startswith(_PACKED_TYPES):
        packed = gzip.compress(content, 9, mtime=0)
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    return File(content, packed, media_type, etag, _FOR_EVER if name.startswith(_HASHED) else _ASK_AGAIN)


class Page:
    """The client's files by their path. ``places``: folders where it may lie, the first that has a page
    counts.
    """

    def __init__(self, places: tuple[Path, ...] = _PLACES) -> None:
        self._places = places
        self._files: dict[str, File] = {}
        self._built_at: tuple[Path, int] | None = None

    def _refresh(self) -> None:
        """Load the client, or load it again if it was built anew."""
        for place in self._places:
            try:
                built_at = (place, (place / "index.html").stat().st_mtime_ns)
            except OSError:
                continue
            if built_at != self._built_at:
                paths = [path for path in place.rglob("*") if path.is_file()]
                self._files = {
                    name: _load(path, name) for path in paths for name in [path.relative_to(place).as_posix()]
                }
                self._built_at = built_at
            return

    def index(self, headers: Headers) -> Response:
        """The page itself, for the root and for every link."""
        self._refresh()
        file = self._files.get("index.html")
        if file is None:
            return Response(NOT_BUILT, 503, {"Cache-Control": "no-store"}, media_type="text/html")
        return _answer(file, headers)

    def file(self, name: str, headers: Headers) -> Response | None:
        """Another file of the client, or None."""
        if not self._files:
            self._refresh()
        file = self._files.get(name)
        return _answer(file, headers) if file is not None and name != "index.html" else None


def _answer(file: File, headers: Headers) -> Response:
    sent = {"Cache-Control": file.cache, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=sent)
    content = file.content
    if file.packed is not None and "gzip" in headers.get("accept-encoding", ""):
        sent["Content-Encoding"] = "gzip"
        content = file.packed
    return Response(content, headers=sent, media_type=file.media_type)
