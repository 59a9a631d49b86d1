"""Authors without a name (FOLD-140, FOLD-141, DESIGN §4.7).

An anonymous element is written under a key of its own, made once on its author's device. The author that
follows from it is ``anon-`` and 16 characters, the element's id is these 16 characters: so a key is good for
one element, whoever holds it, and no two elements can have an author in common.

Rejected: a key for several elements that the door keeps apart (a rule outside the fold, and a state to keep);
telling them from pseudonyms by a flag in the head (every kind of entry would have another length).
"""

from __future__ import annotations

import base64
import hashlib

PREFIX = "anon-"
LENGTH = len(PREFIX) + 16
"""A pseudonym has 16 characters, so none is mistaken for this."""


def author_of_key(space: str, key: str) -> str:
    """The author that a one-time key gives in a space (PROTOCOL-80), 21 characters."""
    digest = hashlib.sha256(b"tablecloth-anonymous" + space.encode() + key.encode()).digest()
    return PREFIX + base64.urlsafe_b64encode(digest)[:16].decode("ascii")


def is_anonymous(author: str) -> bool:
    """Whether an author is one of a single element, without a name (FOLD-140)."""
    return len(author) == LENGTH and author.startswith(PREFIX)


def may_write(author: str, element: str) -> bool:
    """Whether this author can write on this element at all (FOLD-141)."""
    return not is_anonymous(author) or author[len(PREFIX) :] == element
