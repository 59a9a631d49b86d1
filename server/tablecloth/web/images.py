"""Pictures over HTTP: bring one, fetch one (PROTOCOL-56, TRAPS 22).

What came is never stored or sent: ``images.decoding`` makes what is. The link is looked at before the body is
read, and of bodies only a few are in memory at a time. A picture is fetched by scripts of our page with the
link's secret in a header, and shown as a ``blob:``; should somebody open its address, it is a picture and
nothing else: its policy lets nothing run, load or frame.
"""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import Response

from tablecloth import limits
from tablecloth.config import Config
from tablecloth.images.decoding import Decoding, Picture, Unfit
from tablecloth.log.interface import ImageRecord
from tablecloth.session import Budget
from tablecloth.web.asking import Declined, of_store, only_own_pages, opened, opened_for_writing
from tablecloth.web.bodies import ImageSeen
from tablecloth.web.problem import (
    NO_SUCH_PICTURE,
    PICTURE_GONE,
    PICTURE_LARGE,
    PICTURE_UNREAD,
    PICTURES_BUSY,
    PICTURES_FULL,
    TOO_SLOW,
    json_response,
)
from tablecloth.worker import Worker

TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "application/octet-stream", ""})
"""What a request may say that it holds. What it does hold is seen when it is read."""
_UNFIT = {"picture-large": PICTURE_LARGE, "picture-unread": PICTURE_UNREAD}
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
_KEEP_S = 10.0
"""A large picture on a slow disk takes longer than a few words."""
_MOST_BUDGETS = 1024
_ALONE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Authorization",
}


class ImageRoutes:
    """Pictures of this worker's spaces."""

    def __init__(self, worker: Worker, config: Config) -> None:
        self._worker = worker
        self._config = config
        self._decoding = Decoding()
        self._slots = asyncio.Semaphore(limits.IMAGE_UPLOADS_AT_ONCE)
        self._budgets: dict[str, Budget] = {}

    async def put(self, request: Request) -> Response:
        """PROTOCOL-56: keep a picture."""
        only_own_pages(request, self._config.origins)
        record = await opened_for_writing(request, self._worker.spaces)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in TYPES:
            raise Declined(PICTURE_UNREAD)
        if self._slots.locked() or not self._budget(record.space).spend(1, time.monotonic()):
            raise Declined(PICTURES_BUSY)
        async with self._slots:
            picture = await self._decoded(await _body(request))
            if picture.asset in await of_store(self._worker.assemblies.removed(record.space)):
                raise Declined(PICTURE_GONE)
            kept = ImageRecord(picture.asset, picture.type, picture.w, picture.h, picture.data)
            most = limits.IMAGE_SPACE_PICTURES
            is_kept = await of_store(
                self._worker.log.keep_image(record.space, kept, limits.IMAGE_SPACE_BYTES, most), _KEEP_S
            )
        if not is_kept:
            raise Declined(PICTURES_FULL)
        seen = ImageSeen(picture.asset, picture.w, picture.h, picture.type, len(picture.data))
        return json_response(seen, 201)

    async def _decoded(self, data: bytes) -> Picture:
        try:
            return await self._decoding.picture(data)
        except Unfit as unfit:
            raise Declined(_UNFIT[unfit.code]) from None

    def _budget(self, space: str) -> Budget:
        """What is left of a space's pictures a minute."""
        budget = self._budgets.pop(space, None)
        if budget is None:
            per_minute = limits.IMAGE_PER_MINUTE
            budget = Budget(per_minute / 60, per_minute, time.monotonic())
            if len(self._budgets) >= _MOST_BUDGETS:
                del self._budgets[next(iter(self._budgets))]  # who brought nothing for the longest time
        self._budgets[space] = budget
        return budget

    async def get(self, request: Request) -> Response:
        """PROTOCOL-56: a picture's bytes, for whoever holds either link."""
        record, _ = await opened(request, self._worker.spaces)
        asset = request.path_params["asset"]
        image = await of_store(self._worker.log.image(record.space, asset))
        ending = _ENDINGS.get(image.type) if image is not None else None
        if image is None or ending is None:
            raise Declined(NO_SUCH_PICTURE)
        named = {"Content-Disposition": f'inline; filename="picture.{ending}"'}
        return Response(image.data, headers={**_ALONE, **named}, media_type=image.type)


async def _body(request: Request) -> bytes:
    """The bytes that came; how many they may be, the guard sees to. Raises Declined if they trickle."""
    try:
        async with asyncio.timeout(limits.IMAGE_UPLOAD_S):
            return await request.body()
    except TimeoutError:
        raise Declined(TOO_SLOW) from None
