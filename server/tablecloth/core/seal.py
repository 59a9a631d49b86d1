"""The seal of a board or a space: its signed tips as a short phrase to read aloud, and as the words of a QR
code (FOLD-131).

    hash     SHA-256 over space, boards, seqs, times and chains: everything that the tips vouch for
    phrase   five words of two syllables, from the hash after 65,536 more rounds: 50 bits
    code     ``TABLECLOTH-SEAL 1 space hash board:seq:at:chain:signature …``

The rounds make each guess of a server that wants another record with the same phrase 65,536 times as dear.
The syllables are made of sounds that English, Welsh, Dutch and Arabic share (docs/decisions/0015).
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from tablecloth.core.tip import SIGNATURE_BYTES, Tip

ROUNDS = 65_536
WORDS = 5
_BITS = 5
_SYLLABLES = [consonant + vowel for consonant in "bdfhklmnrst" for vowel in "aiu"]
_SYLLABLES.remove("hu")
_ARABIC = str.maketrans(dict(zip("بدفهكلمنرستايو", "bdfhklmnrstaiu", strict=True)))
_CODE = "TABLECLOTH-SEAL"
_SEQ_AT = struct.Struct(">QQ").pack
_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,15})")
_MOST_CODE = 65_536


def seal_hash(space: str, tips: Mapping[str, Tip]) -> bytes:
    """What the tips of these boards say, as 32 bytes. ``tips``: by board, at least one."""
    whole = hashlib.sha256(b"tablecloth-seal\0" + space.encode("ascii") + b"\0")
    for board, tip in sorted(tips.items()):
        whole.update(board.encode("ascii") + b"\0" + _SEQ_AT(tip.seq, tip.at) + tip.chain)
    return whole.digest()


def seal_phrase(sealed: bytes) -> str:
    """The phrase of a seal's hash. Takes some tens of ms, on purpose."""
    stretched = sealed
    for _ in range(ROUNDS):
        stretched = hashlib.sha256(stretched + sealed).digest()
    count = 2 * WORDS
    bits = int.from_bytes(stretched[:8], "big") >> (64 - _BITS * count)
    said = [_SYLLABLES[(bits >> (_BITS * (count - 1 - place))) % 32] for place in range(count)]
    return " ".join(said[place] + said[place + 1] for place in range(0, count, 2))


def read_phrase(text: str) -> str | None:
    """A phrase as somebody wrote it down: in capitals, with hyphens, in Arabic letters. None if it isn't
    one.
    """
    plain = unicodedata.normalize("NFKD", text).translate(_ARABIC).lower()
    letters = re.sub(r"[^a-z]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    said = [letters[place : place + 2] for place in range(0, len(letters), 2)]
    if len(said) != 2 * WORDS or any(syllable not in _SYLLABLES for syllable in said):
        return None
    return " ".join(said[place] + said[place + 1] for place in range(0, len(said), 2))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes_of(text: str, length: int) -> bytes | None:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        return None
    return data if len(data) == length and _b64(data) == text else None


@dataclass(slots=True, frozen=True)
class Seal:
    """What a seal's code says. ``tips`` may be empty: the hash alone, where a QR would be too large."""

    space: str
    hash: bytes
    tips: dict[str, Tip] = field(default_factory=dict)


def seal_code(seal: Seal) -> str:
    """A seal as the words of a QR code."""
    said = [
        f"{board}:{t.seq}:{t.at}:{_b64(t.chain)}:{_b64(t.signature)}"
        for board, t in sorted(seal.tips.items())
    ]
    return " ".join([_CODE, "1", seal.space, _b64(seal.hash), *said])


def read_code(text: str) -> Seal | None:
    """A seal from its code; None if it is none, or if its hash is not that of its tips."""
    parts = text.split() if len(text) <= _MOST_CODE else []
    if len(parts) < 4 or parts[:2] != [_CODE, "1"] or _ID.fullmatch(parts[2]) is None:
        return None
    space, sealed = parts[2], _bytes_of(parts[3], 32)
    tips: dict[str, Tip] = {}
    for part in parts[4:]:
        read = _tip_in(part.split(":"))
        if read is None or read[0] in tips:
            return None
        tips[read[0]] = read[1]
    if sealed is None or (tips and seal_hash(space, tips) != sealed):
        return None
    return Seal(space, sealed, tips)


def _tip_in(items: list[str]) -> tuple[str, Tip] | None:
    if len(items) != 5 or _ID.fullmatch(items[0]) is None:
        return None
    chain, signature = _bytes_of(items[3], 32), _bytes_of(items[4], SIGNATURE_BYTES)
    if chain is None or signature is None or not all(_NUMBER.fullmatch(item) for item in items[1:3]):
        return None
    seq, at = int(items[1]), int(items[2])
    return (items[0], Tip(seq, at, chain, signature)) if 1 <= seq < 2**53 and at < 2**53 else None
