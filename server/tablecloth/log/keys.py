"""The names of everything in Valkey, and of the channels between workers.

    tc:{b}:feed                               stream   newest entries of all boards of the bucket, trimmed
    tc:{b}:log:<space>:<board>                stream   a board's entries, ids <seq>-0, never trimmed
    tc:{b}:mark:<space>:<board>:<author>:<session>
                                              string   what became of a session's groups (append.lua)
    tc:{b}:snapshot:<space>:<board>           hash     seq, chain, data
    tc:{b}:tip:<space>:<board>                hash     its latest signed tip: seq, at, chain, signature
    tc:{b}:staged:<space>:<board>:<chance>    stream   a lost log that somebody brings back; goes by itself
    tc:{b}:offers:<space>:<board>             hash     who brings how much of it, for half a minute
    tc:{b}:space:<space>                      hash     a space's side data
    tc:{b}:names:<space>                      hash     pseudonym -> name
    tc:{b}:image:<space>:<asset>              hash     a picture: type, w, h, data
    tc:{b}:images:<space>                     hash     its pictures: asset -> bytes
    tc:{b}:here:<space>                       sorted set  who is there by which worker, until when (ms)
    tc:{b}:owed                               hash     withdrawals that are not done yet
    tc:{b}:remade, tc:{b}:remaking            stream   one that will take another's place; who writes it
    tc:{b}:talk                               channel  what nobody keeps: presence, names

``b`` is the bucket of the space. The braces are a hash tag: in a Cluster all keys of a space, and of its
bucket, share a slot, so that one script may touch them together (TRAPS 7). Ids hold no colon, so no id can
reach another's key. Rejected: a key prefix from the configuration (two servers on one store would be two
truths: give each a database).
"""

from __future__ import annotations

import re
from functools import lru_cache

from tablecloth.log.interface import Place, bucket_of

BUCKETS = 64
"""How many buckets there are, for ever: ``bucket_of`` depends on it."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_id(text: str) -> bool:
    """Whether a text can be part of a key."""
    return _ID.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def prefix(space: str) -> str:
    """What the keys of a space begin with."""
    return f"tc:{{{bucket_of(space)}}}:"


def feed_key(bucket: int) -> str:
    """The feed of a bucket."""
    return f"tc:{{{bucket}}}:feed"


def talk_channel(bucket: int) -> str:
    """The channel of a bucket."""
    return f"tc:{{{bucket}}}:talk"


def owed_key(bucket: int) -> str:
    """Withdrawals of a bucket that are not done yet."""
    return f"tc:{{{bucket}}}:owed"


def remade_key(bucket: int) -> str:
    """The stream that is written to take another's place."""
    return f"tc:{{{bucket}}}:remade"


def remaking_key(bucket: int) -> str:
    """Who writes that one."""
    return f"tc:{{{bucket}}}:remaking"


def log_key(place: Place) -> str:
    """A board's log."""
    return f"{prefix(place.space)}log:{place.space}:{place.board}"


def mark_key(place: Place, author: str, session: str) -> str:
    """What became of a session's groups on a board."""
    return f"{prefix(place.space)}mark:{place.space}:{place.board}:{author}:{session}"


def snapshot_key(place: Place) -> str:
    """A board's latest snapshot."""
    return f"{prefix(place.space)}snapshot:{place.space}:{place.board}"


def tip_key(place: Place) -> str:
    """A board's latest signed tip."""
    return f"{prefix(place.space)}tip:{place.space}:{place.board}"


def staged_key(place: Place, chance: str) -> str:
    """A lost log on its way back."""
    return f"{prefix(place.space)}staged:{place.space}:{place.board}:{chance}"


def offers_key(place: Place) -> str:
    """How much of a lost log was offered."""
    return f"{prefix(place.space)}offers:{place.space}:{place.board}"


def space_key(space: str) -> str:
    """A space's side data."""
    return f"{prefix(space)}space:{space}"


def names_key(space: str) -> str:
    """The names of a space's participants."""
    return f"{prefix(space)}names:{space}"


def image_key(space: str, asset: str) -> str:
    """A picture of a space."""
    return f"{prefix(space)}image:{space}:{asset}"


def images_key(space: str) -> str:
    """Which pictures a space has."""
    return f"{prefix(space)}images:{space}"


def here_key(space: str) -> str:
    """Who is in a space just now."""
    return f"{prefix(space)}here:{space}"
