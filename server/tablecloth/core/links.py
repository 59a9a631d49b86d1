"""The proof of a space's links: its server's signature under the hashes of their secrets (PROTOCOL-64).

Every participant is given it and keeps it. A server that never saw the space can so take up its record with
the links that people hold, and with no others: whoever brings a record back can't make it theirs by a secret
of their own. SHA-256 of 256 random bits tells nobody the secret.
"""

from __future__ import annotations

import struct

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tablecloth.core.edits import Counter, Hash, Id
from tablecloth.core.tip import Signature

_DOMAIN = b"tablecloth-links"


class Links(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """``turn`` counts how often links were made anew; ``edit`` and ``view`` are SHA-256 of their secrets."""

    turn: Counter
    edit: Hash
    view: Hash
    signature: Signature


def links_message(space: Id, turn: int, edit: bytes, view: bytes) -> bytes:
    """What is signed (PROTOCOL-64)."""
    return b"\0".join((_DOMAIN, space.encode("ascii"), struct.pack(">Q", turn) + edit + view))


def sign_links(private_key: bytes, space: str, turn: int, edit: bytes, view: bytes) -> Links:
    """The proof of a space's links. ``private_key``: 32 bytes."""
    message = links_message(space, turn, edit, view)
    return Links(turn, edit, view, Ed25519PrivateKey.from_private_bytes(private_key).sign(message))


def are_links_of(key: bytes, space: str, links: Links) -> bool:
    """Whether this key signed these links of this space. Never raises."""
    try:
        message = links_message(space, links.turn, links.edit, links.view)
        Ed25519PublicKey.from_public_bytes(key).verify(links.signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
