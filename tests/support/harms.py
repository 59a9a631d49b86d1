"""Harm that can be done to a running server and to the ways to it. Each returns when it is over.

What doesn't start again by itself is started again; what does is left to it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tests.support.proxy import Proxy
from tests.support.server import Server, children_of
from tests.support.valkey import until_async

Settled: TypeAlias = Callable[[], int]
"""How many acts of people were settled so far."""


@dataclass(frozen=True)
class Place:
    """What can be harmed, and how to see whether people get on."""

    server: Server
    proxy: Proxy
    settled: Settled


async def kill_everything(place: Place) -> None:
    """End all processes at once by kill -9, parent, workers, Valkey and what guards it; start anew."""
    await asyncio.to_thread(end_all, place.server)
    await asyncio.to_thread(place.server.start)


def end_all(server: Server) -> None:
    for pid in [server.pid, *children_of(server.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.kill()  # takes leave of the process


async def kill_valkey(place: Place) -> None:
    """End the store alone by kill -9; the server starts it again."""
    await asyncio.to_thread(place.server.kill_store)


async def kill_worker(place: Place) -> None:
    """End one worker by kill -9; the server starts another."""
    pids = await asyncio.to_thread(place.server.worker_pids)
    with suppress(ProcessLookupError):
        os.kill(pids[0], signal.SIGKILL)


async def cut_connections(place: Place) -> None:
    """Every connection ends without a word, with what was on its way."""
    place.proxy.cut()


async def lose_answers(place: Place) -> None:
    """The next answers to people are lost, and their connections with them: acks among them."""
    before = place.proxy.lost
    place.proxy.lose_replies(3)
    await place.proxy.until_lost(before + 3)


async def freeze_valkey(place: Place) -> None:
    """The store stands still until the server has noticed it; connections stay."""
    with frozen(place.server.store_pid()):
        await until_async(lambda: not place.server.is_ready(), 60)


async def freeze_worker(place: Place) -> None:
    """One worker stands still while those at the others go on; its people wait."""
    pids = await asyncio.to_thread(place.server.worker_pids)
    with frozen(pids[-1]):
        enough = place.settled() + 50
        with suppress(TimeoutError):  # all may sit at that one
            await until_async(lambda: place.settled() >= enough, 5)


class RollBack:
    """A store that goes back in time: the first call keeps a copy of its files, the second brings it back.

    As after a failed disk and a backup, or a failover that lost the last moments (TRAPS 6).
    """

    __name__ = "roll back"

    def __init__(self) -> None:
        self._copy: Path | None = None

    async def __call__(self, place: Place) -> None:
        server = place.server
        files = server.data / "valkey" / "appendonlydir"
        if self._copy is None:
            self._copy = server.data / "copy"
            await asyncio.to_thread(shutil.copytree, files, self._copy)
            return
        await asyncio.to_thread(end_all, server)
        await asyncio.to_thread(shutil.rmtree, files)
        await asyncio.to_thread(shutil.copytree, self._copy, files)
        await asyncio.to_thread(server.start)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Stop a process without ending it, and let it go on at the end."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


Harm: TypeAlias = Callable[[Place], Coroutine[Any, Any, None]]
