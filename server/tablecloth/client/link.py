"""Links: ``http://host:port/s/<space>#<secret>`` (PROTOCOL-1). The secret never leaves the fragment but in
``hello``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tablecloth.problems import SetupProblem

_PATH = re.compile(r"(?P<prefix>.*)/s/(?P<space>[A-Za-z0-9_-]{8,32})/?")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(slots=True, frozen=True)
class Link:
    """What a link says: which server, which space, and the secret that opens it (never shown by ``repr``)."""

    server: str
    """Address without a slash at its end, for example ``http://10.0.0.5:8080``."""
    space: str
    secret: str = field(repr=False)

    @property
    def socket_url(self) -> str:
        """Where the WebSocket is. Nothing secret is in it (TRAPS 12)."""
        return "ws" + self.server.removeprefix("http") + "/ws"


def read_link(link: str) -> Link:
    """A link as a person copied it. Raises SetupProblem with what is missing."""
    parts = urlsplit(link.strip())
    path = _PATH.fullmatch(parts.path)
    if parts.scheme not in {"http", "https"} or not parts.netloc or path is None:
        raise SetupProblem(
            "This is not a link to a space.",
            "A link looks like http://address/s/name#secret. Copy it whole, with the part after the #.",
        )
    if not _SECRET.fullmatch(parts.fragment):
        raise SetupProblem(
            "The part of the link after the # is missing or incomplete.",
            "Copy the link whole. In a terminal, put it between quotes.",
        )
    return Link(f"{parts.scheme}://{parts.netloc}{path['prefix']}", path["space"], parts.fragment)
