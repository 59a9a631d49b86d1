"""HTTP/1.1 by hand: requests that no library would send, over a socket of their own."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 15.0


@dataclass(frozen=True)
class Answer:
    """What came back until the server closed, or until the one answer was whole. `status` 0: nothing did."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def send_bytes(http: str, data: bytes, *more: bytes) -> Answer:
    """Send bytes as they are, and read one answer; status 0 if the server closed without a word."""
    place = urlsplit(http)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        async with asyncio.timeout(PATIENCE_S):
            try:
                for piece in (data, *more):
                    writer.write(piece)
                    await writer.drain()
                return await _read(reader)
            except (ConnectionError, asyncio.IncompleteReadError):
                return Answer(0, {}, b"")
    finally:
        writer.transport.abort()


async def request(
    http: str, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Send a request whose target and headers are taken as they are. A Host is added where none is given."""
    given = {name.lower() for name in headers or {}}
    lines = [f"{method} {target} HTTP/1.1"]
    if "host" not in given:
        lines.append(f"Host: {urlsplit(http).netloc}")
    if body and "content-length" not in given and "transfer-encoding" not in given:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += ["Connection: close", "", ""]
    return await send_bytes(http, "\r\n".join(lines).encode("utf-8", "surrogateescape"), body)


async def _read(reader: asyncio.StreamReader) -> Answer:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError:
        return Answer(0, {}, b"")
    first, *rest = head.split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)
    }
    status = int(first.split()[1])
    if status == 101 or status == 204:
        return Answer(status, headers, b"")
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read()
    return Answer(status, headers, body)
