"""One worker as a process of its own: what ``supervisor`` starts. Not for hands."""

from __future__ import annotations

import socket
import sys

from tablecloth import records
from tablecloth.log.valkey_log import ValkeyLog
from tablecloth.supervisor import read_job
from tablecloth.web.app import App
from tablecloth.web.server import Server, end_with


def main(number: int, handle: int) -> None:
    """Serve on a listening socket that was inherited, until a signal or the parent's end."""
    config, store_url = read_job(sys.stdin.fileno())
    records.configure(config.records)
    listening = socket.socket(fileno=handle)
    server = Server(App(config, lambda: ValkeyLog(store_url), number, is_own_process=True))
    end_with(server, sys.stdin.fileno())
    server.run([listening])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
