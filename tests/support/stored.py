"""What lies in Valkey, read with a plain client of its own and the key names as they are written down.

Like `reading`, this is a second opinion: nothing of `tablecloth.log` is used.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import Any, Self

import redis

from tests.support.reading import Line, read_line

PAGE = 2000


@dataclass(frozen=True)
class StoredSnapshot:
    """A snapshot as it lies: canonical bytes, the seq that they are of, and the chain there."""

    seq: int
    chain: bytes
    data: bytes


class Store:
    """A look into Valkey by its address (`redis://…` or `unix://…`). Reads only."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url.replace("valkey://", "redis://"), socket_timeout=20)

    def close(self) -> None:
        self._redis.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def raw_entries(self, space: str, board: str) -> list[bytes]:
        """Return a board's entries as stored, in order. Their ids must be `<seq>-0`."""
        key = f"{_prefix(space)}log:{space}:{board}"
        entries: list[bytes] = []
        after = "-"
        while page := self._page(key, after):
            for ident, fields in page:
                entries.append(fields[b"e"])
                assert ident == b"%d-0" % len(entries), f"{ident!r} stands at place {len(entries)}"
            after = f"({page[-1][0].decode()}"
        return entries

    def _page(self, key: str, after: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        page: Any = self._redis.xrange(key, min=after, count=PAGE)
        return list(page)

    def lines(self, space: str, board: str) -> list[Line]:
        """Return a board's entries, decoded with `msgpack`."""
        return [read_line(raw) for raw in self.raw_entries(space, board)]

    def snapshot(self, space: str, board: str) -> StoredSnapshot | None:
        """Return a board's latest snapshot, or None."""
        found: Any = self._redis.hgetall(f"{_prefix(space)}snapshot:{space}:{board}")
        if not found:
            return None
        return StoredSnapshot(int(found[b"seq"]), found[b"chain"], gzip.decompress(found[b"data"]))

    def field(self, space: str, name: str) -> bytes:
        """Return a field of a space's side data."""
        value: Any = self._redis.hget(f"{_prefix(space)}space:{space}", name)
        assert value is not None
        return bytes(value)

    def everything(self) -> dict[bytes, bytes]:
        """Return every key with all that it holds, as one run of bytes (DUMP would compress it)."""
        held: dict[bytes, bytes] = {}
        key: bytes
        for key in self._redis.scan_iter(count=1000):
            kind = self._redis.type(key)
            value: Any
            match kind:
                case b"string":
                    value = self._redis.get(key)
                case b"hash":
                    value = self._redis.hgetall(key)
                case b"stream":
                    value = self._redis.xrange(key)
                case b"set":
                    value = self._redis.smembers(key)
                case b"zset":
                    value = self._redis.zrange(key, 0, -1, withscores=True)
                case _:
                    value = self._redis.lrange(key, 0, -1)
            held[key] = b"\n".join(_flat(value))
        return held

    def setting(self, name: str) -> str:
        """Return one of Valkey's own settings."""
        answer: Any = self._redis.config_get(name)
        return str(answer[name])

    def process(self) -> int:
        """Return the process id of Valkey."""
        answer: Any = self._redis.info("server")
        return int(answer["process_id"])


def _prefix(space: str) -> str:
    return f"tc:{{{hashlib.sha256(space.encode('ascii')).digest()[0] % 64}}}:"


def _flat(value: Any) -> list[bytes]:
    """Return all bytes in a nested answer, in order."""
    if isinstance(value, dict):
        return [part for pair in value.items() for item in pair for part in _flat(item)]
    if isinstance(value, list | tuple | set | frozenset):
        return [part for item in value for part in _flat(item)]
    return [value if isinstance(value, bytes) else str(value).encode()]
