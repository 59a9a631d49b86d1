"""The chain that binds each entry to all before it (FOLD-2), and the hash that binds a head to its body
(FOLD-1).
"""

from __future__ import annotations

import hashlib
import struct

_SEQ_AT = struct.Struct(">QQ").pack


def chain_start(space: str, board: str) -> bytes:
    """Chain 0 of a board: what its first entry is hashed onto. 32 bytes."""
    return hashlib.sha256(space.encode("ascii") + board.encode("ascii")).digest()


def chain_next(chain: bytes, seq: int, at: int, head: bytes) -> bytes:
    """The chain after one more entry. 32 bytes; a withheld body changes nothing."""
    return hashlib.sha256(chain + _SEQ_AT(seq, at) + head).digest()


def body_hash(body: bytes) -> bytes:
    """What a head says of its body: SHA-256 of the body's bytes."""
    return hashlib.sha256(body).digest()
