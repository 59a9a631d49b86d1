"""A store that is away is said soon, in plain words, and with when to ask again (PROTOCOL-53, TRAPS 9)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from tests.support.bare_http import request
from tests.support.server import Server, free_port
from tests.support.valkey import until_async

COMMAND = [sys.executable, "-m", "tablecloth"]
pytestmark = pytest.mark.integration

SPACE = "/api/spaces/spacespace"
BEARER = {"Authorization": "Bearer " + "A" * 43}


async def test_every_wish_is_answered_while_the_store_is_away() -> None:
    server = Server(valkey=f"redis://127.0.0.1:{free_port()}/0")
    try:
        server.start(waits=False)
        await until_async(server.is_healthy, 30)
        for method, path, body in (
            ("POST", "/api/spaces", b'{"title": "A table"}'),
            ("GET", SPACE, b""),
            ("POST", f"{SPACE}/boards", b'{"title": "Another"}'),
            ("POST", f"{SPACE}/images", b"x"),
            ("GET", f"{SPACE}/images/{'a' * 64}", b""),
        ):
            began = time.monotonic()
            answer = await request(server.http, method, path, BEARER, body)
            assert time.monotonic() - began < 5, f"{method} {path}"
            assert (answer.status, answer.json()["code"]) == (503, "away"), f"{method} {path}"
            assert int(answer.headers["retry-after"]) >= 1
        link = f"{server.http}/s/spacespace#{'A' * 43}"
        began = time.monotonic()
        told = await asyncio.to_thread(
            subprocess.run,
            [*COMMAND, "join", link],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert time.monotonic() - began < 15
        assert told.returncode == 2
        assert "can't be reached" in told.stderr
    finally:
        server.__exit__(None, None, None)
