"""Who asks: the Host that a request names, and the Origin that a browser says (PROTOCOL-2, TRAPS 16, 26).

A Host is checked before anything is made from it: links, the policy's ``connect-src``, and the comparison
with Origin. Rejected: a list of allowed hosts (a laptop in a hall has a new address every day).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import Scope

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?"
_V6 = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST = re.compile(rf"(?:{_NAME}|{_V6})(?::[0-9]{{1,5}})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def host_of(scope: Scope) -> str | None:
    """The one ``Host`` of a request, in lower case; None if there is none, several, or it isn't one."""
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) != 1 or _HOST.fullmatch(hosts[0]) is None:
        return None
    return hosts[0].lower()


def is_welcome(origin: str | None, host: str, configured: Iterable[str]) -> bool:
    """Whether a page of this origin may speak with us.

    Without an ``Origin`` it is no browser. Else it must be a page of the host that was asked for, by http or
    https, or one that was configured (written ``https://boards.example``).
    """
    if origin is None:
        return True
    origin = origin.lower()
    if origin in {allowed.lower().rstrip("/") for allowed in configured}:
        return True
    scheme, separator, place = origin.partition("://")
    if not separator or scheme not in _DEFAULT_PORTS:
        return False
    port = _DEFAULT_PORTS[scheme]
    return place.removesuffix(port) == host.removesuffix(port)
