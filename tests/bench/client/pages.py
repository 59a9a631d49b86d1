"""Serves the peers' built pages, our scenes, and the boards that they made of them, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PEERS = Path(__file__).resolve().parent.parent / "peers"
_FONTS = PEERS / "node_modules" / "@excalidraw" / "excalidraw" / "dist" / "prod" / "fonts"


class _Pages(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".woff2": "font/woff2"}  # noqa: RUF012

    def __init__(self, *args: Any, scenes: Path, **rest: Any) -> None:
        self._scenes = scenes
        super().__init__(*args, directory=str(PEERS / "dist"), **rest)

    def translate_path(self, path: str) -> str:
        plain = path.partition("?")[0]
        if plain.startswith(("/scenes/", "/prepared/")):
            return str(self._scenes / Path(plain).name) if ".." not in plain else ""
        if plain.startswith("/fonts/") and ".." not in plain:
            return str(_FONTS / plain.removeprefix("/fonts/"))
        return super().translate_path(path)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        pass


@contextmanager
def serving(scenes: Path) -> Iterator[str]:
    """Serve; the address. ``scenes``: where scenes and prepared boards lie."""

    def pages(*args: Any) -> _Pages:
        return _Pages(*args, scenes=scenes)

    server = ThreadingHTTPServer(("127.0.0.1", 0), pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
