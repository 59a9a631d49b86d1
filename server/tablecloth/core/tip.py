"""The signed tip of a log: which state of a board the space's server vouches for (FOLD-130).

A chain binds every entry to all before it; a signature over the chain binds a server to all of them at once.
Whoever holds a signed tip can show later that the log it was given then is the log that is there now, or that
it is not. Ed25519 (RFC 8032) is deterministic: two workers that fold the same log sign the same bytes.

Rejected: signing each entry (a signature an edit, and nothing more is known); a time of signing in it (two
workers would sign two tips for one state, which looks like a server that says two things).
"""

from __future__ import annotations

import struct
from typing import Annotated, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tablecloth.core.edits import Counter, Hash, Seq

_DOMAIN = b"tablecloth-tip"
_SEQ_AT = struct.Struct(">QQ").pack
SIGNATURE_BYTES = 64

Signature: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


class Tip(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """The state after entry ``seq``: the board's time in ms (FOLD-7) and its chain, signed."""

    seq: Counter
    at: Seq
    chain: Hash
    signature: Signature


def tip_message(space: str, board: str, seq: int, at: int, chain: bytes) -> bytes:
    """What is signed (FOLD-130). Ids are ASCII without a zero byte, so no two tips have the same bytes."""
    names = b"\0".join((_DOMAIN, space.encode("ascii"), board.encode("ascii"), b""))
    return names + _SEQ_AT(seq, at) + chain


def sign_tip(private_key: bytes, space: str, board: str, seq: int, at: int, chain: bytes) -> Tip:
    """The tip of a board, signed. ``private_key``: 32 bytes."""
    message = tip_message(space, board, seq, at, chain)
    return Tip(seq, at, chain, Ed25519PrivateKey.from_private_bytes(private_key).sign(message))


def is_signed(key: bytes, space: str, board: str, tip: Tip) -> bool:
    """Whether this key signed this tip of this board. Never raises, whatever the bytes are."""
    try:
        message = tip_message(space, board, tip.seq, tip.at, tip.chain)
        Ed25519PublicKey.from_public_bytes(key).verify(tip.signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
