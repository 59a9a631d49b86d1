"""What somebody is called: the pseudonym that follows from a token, and the name that they choose."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

from tablecloth.core.rules import words_fit


def author_of(space: str, token: str) -> str:
    """The pseudonym of a token's holder in a space (PROTOCOL-6). 16 characters."""
    digest = hashlib.sha256(b"tablecloth-author" + space.encode() + token.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:16].decode("ascii")


_UNFIT = re.compile("[\n\t\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What ends a line, and what turns the direction of whatever stands beside a name."""


def name_fits(name: str) -> bool:
    """Whether a name (or a title) can stand beside other words (PROTOCOL-7): one line, turning nothing, of
    what may stand in words (FOLD-37), with something to be seen in it. The empty one fits.
    """
    if not words_fit(name) or _UNFIT.search(name) is not None or name != name.strip():
        return False
    return not name or any(unicodedata.category(sign) != "Cf" for sign in name)
