"""Pictures of a space, beside its other keys: each once, under the SHA-256 of its bytes.

They are no entries: a log is small and read whole by everybody, a picture is large and fetched by whoever
looks at it. They have the durability of everything else in the store, because they are written like
everything else (docs/decisions/0011).
"""

from __future__ import annotations

import re
from functools import partial
from typing import cast

from redis.asyncio import Redis

from tablecloth.log.clients import Script, command
from tablecloth.log.interface import ImageRecord
from tablecloth.log.keys import image_key, images_key, is_id, space_key
from tablecloth.log.lines import Word

_ASSET = re.compile(r"[0-9a-f]{64}")


class Images:
    """Keeps and finds pictures. Raises what the client raises."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._keep = Script("keep_image.lua")

    async def keep(self, space: str, record: ImageRecord, most_bytes: int, most: int) -> bool:
        keys = [image_key(space, record.asset), space_key(space), images_key(space)]
        sides: list[Word] = [record.w, record.h]
        args: list[Word] = [record.asset, record.type, *sides, record.data, most_bytes, most]
        reply = await self._keep.run(partial(command, self._client), keys, args)
        return bool(reply == 1)

    async def remove(self, space: str, asset: str) -> None:
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(image_key(space, asset))
            pipe.hdel(images_key(space), asset)
            await pipe.execute()

    async def read(self, space: str, asset: str) -> ImageRecord | None:
        if not is_id(space) or _ASSET.fullmatch(asset) is None:
            return None
        fields = ("type", "w", "h", "data")
        reply = await command(self._client, "HMGET", image_key(space, asset), *fields)
        kind, width, height, data = cast(list[bytes | None], reply)
        if kind is None or width is None or height is None or data is None:
            return None
        return ImageRecord(asset, kind.decode(), int(width), int(height), data)
