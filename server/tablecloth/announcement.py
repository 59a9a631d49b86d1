"""What stands in the terminal of whoever starts a server: where it is, where the boards lie, what "saved"
means.
"""

from __future__ import annotations

import io

import segno

from tablecloth.config import Config
from tablecloth.log.interface import Durability

_DURABLE: dict[Durability | None, str] = {
    "fsync": 'When somebody sees "Saved", their change is on disk: a power cut can\'t take it.',
    "second": 'When somebody sees "Saved", a power cut may still take the last second.',
    "memory": 'When somebody sees "Saved", it is in memory only: if the store stops, boards may be lost.',
    None: "The store can't be reached yet. Boards open by themselves as soon as it can.",
}


def qr(url: str) -> str:
    """A QR code of an address, in characters that every terminal has."""
    out = io.StringIO()
    segno.make(url, error="l").terminal(out=out, compact=True)
    return out.getvalue()


def announcement(config: Config, addresses: list[str], durable: Durability | None) -> str:
    """The whole text. ``addresses``: the best first. The store's address may hold a password."""
    best = config.public_url or addresses[0]
    others = [each for each in addresses if each != best]
    lines = ["", "Tablecloth is ready.", "", qr(best).rstrip("\n"), ""]
    lines.append(f"  Open            {best}")
    lines += [f"  or              {each}" for each in others]
    where = str(config.data) if config.valkey is None else "in the store that --valkey names"
    lines.append(f"  Boards lie      {where}")
    if config.workers > 1:
        lines.append(f"  Workers         {config.workers}")
    lines += ["", f"  {_DURABLE[durable]}", "  Press Ctrl+C to stop. Nothing is lost by stopping.", ""]
    return "\n".join(lines)
