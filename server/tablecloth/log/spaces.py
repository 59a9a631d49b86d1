"""The side tables of spaces: what isn't in any log. Title, boards, hashes of the links' secrets, keys; and
names.

Names lie in a hash of their own, so that one can go alone and without a trace (TRAPS 28): a log knows
pseudonyms only.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias, cast

import msgpack
from redis.asyncio import Redis

from tablecloth.log.clients import Script, command
from tablecloth.log.interface import SpaceRecord
from tablecloth.log.keys import here_key, is_id, names_key, space_key
from tablecloth.log.lines import Word

Field: TypeAlias = bytes | bytearray | memoryview | str | int | float
"""What the client takes as a field or value of a hash."""


def fields_of(record: SpaceRecord) -> dict[Field, Field]:
    """A space's side data as the fields of its hash; names lie elsewhere."""
    return {
        "title": record.title,
        "boards": cast(bytes, msgpack.packb(record.boards)),
        "edit_hash": record.edit_hash,
        "view_hash": record.view_hash,
        "public_key": record.public_key,
        "private_key": record.private_key,
        "created": record.created,
        "keys": cast(bytes, msgpack.packb(record.keys)),
    }


class Spaces:
    """Keeps and finds spaces. Raises what the client raises."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._add_board = Script("add_board.lua")
        self._retitle = Script("retitle.lua")
        self._here = Script("here.lua")

    async def read(self, space: str) -> SpaceRecord | None:
        if not is_id(space):
            return None
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hgetall(space_key(space))
            pipe.hgetall(names_key(space))
            fields, names = cast(list[dict[bytes, bytes]], await pipe.execute())
        if not fields:
            return None
        return SpaceRecord(
            space=space,
            title=fields[b"title"].decode(),
            boards=[(board, title) for board, title in msgpack.unpackb(fields[b"boards"])],
            edit_hash=fields[b"edit_hash"],
            view_hash=fields[b"view_hash"],
            public_key=fields[b"public_key"],
            private_key=fields[b"private_key"],
            created=int(fields[b"created"]),
            keys=msgpack.unpackb(fields.get(b"keys", b"\x90")),
            names={author.decode(): name.decode() for author, name in names.items()},
        )

    async def save(self, record: SpaceRecord) -> None:
        """Keep a space, names included. A repeat is harmless."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hset(space_key(record.space), mapping=fields_of(record))
            for author, name in record.names.items():
                pipe.hset(names_key(record.space), author, name)
            await pipe.execute()

    async def add_board(self, space: str, board: str, title: str, most: int) -> bool:
        """Name a board in its space. False if that isn't there, or has ``most`` boards. A repeat is
        harmless.
        """
        args: list[Word] = [board, most, cast(bytes, msgpack.packb((board, title)))]
        reply = await self._add_board.run(partial(command, self._client), [space_key(space)], args)
        return bool(reply == 1)

    async def retitle(self, space: str, board: str, title: str) -> None:
        """See ``Log.retitle``."""
        if board == space:
            if await command(self._client, "EXISTS", space_key(space)):
                await command(self._client, "HSET", space_key(space), "title", title)
            return
        while True:
            held = cast(bytes | None, await command(self._client, "HGET", space_key(space), "boards"))
            if held is None:
                return
            boards = [(name, title if name == board else old) for name, old in msgpack.unpackb(held)]
            args: list[Word] = [held, cast(bytes, msgpack.packb(boards))]
            if await self._retitle.run(partial(command, self._client), [space_key(space)], args) == 1:
                return

    async def here(self, space: str, stay: list[str], leave: list[str], for_ms: int) -> list[str]:
        """See ``Log.here``."""
        args: list[Word] = [for_ms, len(stay), *stay, *leave]
        reply = await self._here.run(partial(command, self._client), [here_key(space)], args)
        return sorted(name.decode("ascii") for name in cast(list[bytes], reply))

    async def set_name(self, space: str, author: str, name: str) -> None:
        if name:
            await command(self._client, "HSET", names_key(space), author, name)
        else:
            await command(self._client, "HDEL", names_key(space), author)
