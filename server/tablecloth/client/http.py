"""What a program asks of its space over HTTP (PROTOCOL-50 to -56). The secret travels in a header, never in an
address.
"""

from __future__ import annotations

import httpx
import msgspec

from tablecloth.client.link import Link
from tablecloth.client.problems import Away, Refused

_PATIENCE_S = 30.0


class _Told(msgspec.Struct):
    code: str
    words: str


class Http:
    """HTTP with one link. Nothing is repeated here: callers know what may be."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def post(self, path: str, data: bytes, media_type: str) -> bytes:
        """Send bytes to an address below the space; the answer. Raises Refused and Away."""
        return await self._ask("POST", path, data, {"Content-Type": media_type})

    async def get(self, path: str) -> bytes:
        """What lies at an address below the space. Raises Refused and Away."""
        return await self._ask("GET", path, b"", {})

    async def _ask(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> bytes:
        server, space = self._link.server, self._link.space
        headers["Authorization"] = f"Bearer {self._link.secret}"
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
                answer = await client.request(
                    method, f"{server}/api/spaces/{space}{path}", content=data, headers=headers
                )
        except httpx.HTTPError:
            raise Away(f"Nobody answers at {server}.") from None
        if answer.is_success:
            return answer.content
        try:
            told = msgspec.json.decode(answer.content, type=_Told)
        except msgspec.MsgspecError:
            raise Away(f"What answers at {server} is no Tablecloth server.") from None
        raise Refused(told.code, told.words)
