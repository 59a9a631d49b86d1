"""``tablecloth serve``: from a config to a running server, and to its end in order.

    port ─> store (embedded, or one's own) ─> what people read ─> one worker here, or N processes ─> the end

What can't work is a SetupProblem before anything is started, in words for the person at the keyboard. A store
of one's own that doesn't answer is no such problem: the server starts and says so (TRAPS 9).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from tablecloth import records
from tablecloth.announcement import announcement
from tablecloth.config import Config
from tablecloth.listening import addresses, listen
from tablecloth.log.embedded import EmbeddedValkey
from tablecloth.log.interface import Durability, LogAway
from tablecloth.log.valkey_log import ValkeyLog
from tablecloth.supervisor import Supervisor
from tablecloth.web.app import App
from tablecloth.web.server import Server

_ASK_STORE_S = 5.0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (it is what the command prints)


def serve(config: Config, say: Callable[[str], None] = _say) -> None:
    """Serve until a signal. ``say`` takes what people should read. Raises SetupProblem."""
    config = config.checked()
    records.configure(config.records)
    with contextlib.ExitStack() as ends:
        sockets = listen(config.host, config.port, config.workers)
        for each in sockets:
            ends.callback(each.close)
        if config.valkey is None:
            store_url = ends.enter_context(EmbeddedValkey(config.data)).url
        else:
            store_url = config.valkey
        durable = asyncio.run(_ask_durability(store_url))
        port = sockets[0].getsockname()[1]
        say(announcement(config, addresses(config.host, port), durable))
        if config.workers == 1:
            _serve_here(config, store_url, sockets)
        else:
            folder = Path(tempfile.mkdtemp(prefix="tablecloth-run-"))
            ends.callback(shutil.rmtree, folder, ignore_errors=True)
            Supervisor(dataclasses.replace(config, run_folder=folder), store_url, sockets).run()
    say("Tablecloth has stopped. Everything that was saved is kept.")


async def _ask_durability(store_url: str) -> Durability | None:
    """What an ack will mean, or None if the store doesn't answer in time. Raises SetupProblem for a bad
    address.
    """
    log = ValkeyLog(store_url)
    try:
        return await asyncio.wait_for(log.durability(), _ASK_STORE_S)
    except (LogAway, TimeoutError):
        return None
    finally:
        await log.close()


def _serve_here(config: Config, store_url: str, sockets: list[socket.socket]) -> None:
    Server(App(config, lambda: ValkeyLog(store_url), is_own_process=True)).run(sockets)
