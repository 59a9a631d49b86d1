"""Where the store is, and the settings that every connection to it has.

Only the address is taken from a URL. What may stand after its ``?`` would win over settings that TRAPS 1-3
ask for, so all of it is left out, but for TLS and the number of the database.
"""

from __future__ import annotations

from typing import Any, cast

from redis.asyncio.connection import AbstractConnection, Connection, UnixDomainSocketConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff

from tablecloth.problems import SetupProblem

READ_BYTES = 262144
_FROM_URL = {"username", "password", "host", "port", "db", "path", "connection_class"}


def address_of(url: str) -> dict[str, Any]:
    """What a URL says of where and who. Raises SetupProblem if it can't be understood."""
    scheme, colon, rest = url.partition(":")
    redis_url = {"valkey": "redis", "valkeys": "rediss"}.get(scheme, scheme) + colon + rest
    try:
        options = cast(dict[str, Any], parse_url(redis_url))
    except ValueError as problem:
        raise SetupProblem(
            "The address of Valkey could not be understood.",
            "Write it like redis://localhost:6379/0, rediss://… with TLS, or unix:///path/to/valkey.sock.",
        ) from problem
    return {name: value for name, value in options.items() if name in _FROM_URL or name.startswith("ssl_")}


def options_of(url: str, timeout_s: float | None, connect_timeout_s: float, retries: int) -> dict[str, Any]:
    """All that a connection is made from. ``timeout_s`` is for each answer; None: the caller sees to it."""
    options = address_of(url)
    if options.get("connection_class") is not UnixDomainSocketConnection:
        options["socket_keepalive"] = True
    return {
        **options,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": connect_timeout_s,
        "socket_read_size": READ_BYTES,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05) if retries else NoBackoff(), retries),
        # The older protocol answers in lists, which is all that is asked for here.
        "protocol": 2,
        "driver_info": None,
    }


def connection_to(url: str, connect_timeout_s: float) -> AbstractConnection:
    """A bare connection, not connected yet: no retries, no timeout for answers. For ``StoreLine``."""
    options = options_of(url, None, connect_timeout_s, retries=0)
    kind: type[AbstractConnection] = options.pop("connection_class", Connection)
    return kind(**options)
