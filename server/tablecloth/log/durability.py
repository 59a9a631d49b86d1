"""What an ack means with a store as it is set up (TRAPS 4-6). Asked of the store, never assumed.

``fsync``: on disk before anybody sees it. ``second``: a power cut may take the last second. ``memory``: a
restart may take everything. Where a store won't say (hosted ones often forbid CONFIG) the answer is the
weakest that fits.

WAITAOF is not used: it needs Valkey or Redis 7.2, does not wait inside a script, and with ``appendfsync
always`` the reply comes after the disk anyway. Copies on other machines are not counted: a failover can lose
what was acked.
"""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from tablecloth.log.interface import Durability


async def ask_durability(client: Redis) -> Durability:
    """Ask the store. Raises what the client raises when it can't be reached."""
    try:
        settings = cast(dict[str, str], await client.config_get("append*"))
    except ResponseError:
        return await _from_info(client)
    if "appendonly" not in settings:
        return await _from_info(client)
    return durability_of(settings["appendonly"] == "yes", settings.get("appendfsync"))


async def _from_info(client: Redis) -> Durability:
    """The weaker answer of a store that hides its settings: INFO tells whether there is an AOF, not how it
    is synced.
    """
    try:
        info = cast(dict[str, object], await client.info("persistence"))
    except ResponseError:
        return "memory"
    return durability_of(info.get("aof_enabled") == 1, None)


def durability_of(has_aof: bool, appendfsync: str | None) -> Durability:
    """What the settings mean. An unknown ``appendfsync`` is taken for the default, every second."""
    if not has_aof or appendfsync == "no":
        return "memory"
    return "fsync" if appendfsync == "always" else "second"
