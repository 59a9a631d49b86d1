"""``tablecloth new``: start a space on a running server (PROTOCOL-50), and show its links."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import httpx

from tablecloth.problems import SetupProblem

_PATIENCE_S = 10.0


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print the links of a new space. They appear this once: the server keeps only their hashes."""
    space = begin(words.server, words.title)
    if words.json:
        say(json.dumps(space))
        return 0
    say("\n".join(["", f"  {space['title']}", "", qr(space["edit_link"]).rstrip("\n"), ""]))
    say(f"  To write        {space['edit_link']}")
    say(f"  To look         {space['view_link']}")
    say("\n  Keep these links: they are shown this once. Who has one can share it.\n")
    return 0


def begin(server: str, title: str) -> dict[str, Any]:
    """Start a space; answers what the server says (PROTOCOL-50). Raises SetupProblem."""
    address = server.rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise SetupProblem(
            f"{server} is not the address of a server.", "Write it like http://127.0.0.1:8080 after --server."
        )
    try:
        answer = httpx.post(f"{address}/api/spaces", json={"title": title}, timeout=_PATIENCE_S)
        said = answer.json()
    except httpx.HTTPError:
        raise SetupProblem(
            f"No server answers at {address}.",
            "Start one with: tablecloth serve, or name another with --server.",
        ) from None
    except ValueError:
        raise SetupProblem(
            f"What answers at {address} is no Tablecloth server.", "Name another with --server."
        ) from None
    if answer.status_code != httpx.codes.CREATED:
        raise SetupProblem(str(said.get("words", "The server didn't start a space.")))
    return dict(said)


def qr(link: str) -> str:
    """A link as a code to scan, in characters."""
    import io

    import segno

    out = io.StringIO()
    segno.make(link, error="l").terminal(out=out, compact=True)
    return out.getvalue()
