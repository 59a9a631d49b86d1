"""``tablecloth serve``: from the command line to a Config."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tablecloth.config import Config
from tablecloth.serve import serve


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Serve until Ctrl+C or a signal."""
    config = Config(
        host=words.host,
        port=words.port,
        valkey=words.valkey,
        workers=words.workers,
        origins=tuple(words.origin),
        public_url=words.public_url,
        host_name=words.host_name.strip(),
        contact=words.contact.strip(),
        records=words.records,
        **({} if words.data is None else {"data": words.data}),
    )
    serve(config, say)
    return 0
