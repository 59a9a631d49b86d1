"""Whose silence it is: a loop that is late itself doesn't take others for silent."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from redis.asyncio.connection import UnixDomainSocketConnection
from tablecloth.log.lines import StoreLine
from tablecloth.patience import Patience

LATE_S = 0.05
"""How long each turn of the loop is held up: longer than the whole patience, so that every timer is due."""


def hold_up(turns: int) -> None:
    """Make the next turns of the loop long."""
    if turns:
        time.sleep(LATE_S)  # not waiting: this is the lateness that is tried
        asyncio.get_running_loop().call_soon(hold_up, turns - 1)


async def test_silence_ends_it_once_and_after_the_time() -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    began = loop.time()
    patience = Patience(0.05, over.set)
    async with asyncio.timeout(10):
        await over.wait()
    assert loop.time() - began >= 0.049
    patience.end()


async def test_what_comes_in_time_ends_the_silence() -> None:
    calls: list[None] = []
    patience = Patience(0.001, lambda: calls.append(None))
    patience.end()
    patience.end()
    await asyncio.sleep(0.01)
    assert calls == []


async def test_a_late_loop_does_not_count() -> None:
    """What needs five turns of the loop is there before patience ends, however long the turns are."""
    calls: list[None] = []
    patience = Patience(LATE_S / 5, lambda: calls.append(None))
    hold_up(5)
    for _ in range(5):
        await asyncio.sleep(0)
    patience.end()
    assert calls == []


@pytest.mark.parametrize("turns", [0, 6])
async def test_a_line_waits_for_an_answer_that_lies_in_its_socket(turns: int, tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(b"+PONG\r\n")
        writer.close()

    path = str(tmp_path / "line")
    server = await asyncio.start_unix_server(answer, path)
    connection = UnixDomainSocketConnection(path=path, protocol=2)
    line = StoreLine(connection, LATE_S / 2)
    hold_up(turns)
    assert await line.ask("PING") in (b"PONG", "PONG", True)
    await line.close()
    server.close()
