"""What somebody is called: the pseudonym that follows from a token, and the name that they choose."""

from __future__ import annotations

import base64
import hashlib

from tablecloth.core.rules import words_fit


def author_of(space: str, token: str) -> str:
    """The pseudonym of a token's holder in a space (PROTOCOL-6). 16 characters."""
    digest = hashlib.sha256(b"tablecloth-author" + space.encode() + token.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:16].decode("ascii")


def name_fits(name: str) -> bool:
    """Whether a name can stand beside a cursor: one line of what may stand in words (FOLD-37)."""
    return words_fit(name) and "\n" not in name and "\t" not in name and name == name.strip()
