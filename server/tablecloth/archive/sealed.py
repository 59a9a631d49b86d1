"""Holds a log against what was said of it elsewhere: the chains that were packed with it, its signed tip, and
a seal that somebody noted (FOLD-130, FOLD-131).

    log.chain    the first eight bytes of the chain after each entry: names the first entry that was changed
    tip.json     the latest signed tip that was known when the archive was made, and the key

An archive that was made up as a whole has chains and a tip that fit it; the key is then another one, and the
seal too. So a seal that was noted, or another person's archive (``against``), says more than the file alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from tablecloth.core.board import Board
from tablecloth.core.seal import Seal, seal_hash, seal_phrase
from tablecloth.core.tip import SIGNATURE_BYTES, Tip, is_signed

MARK_BYTES = 8
_FORMAT = "tablecloth-tip"
_LOOKED_BACK = 200
"""A phrase takes some 50 ms to try: it is looked for at the tip, and at this many last entries."""


@dataclass(slots=True)
class Places:
    """What the log was after each entry: time and chain."""

    ats: list[int] = field(default_factory=list)
    chains: list[bytes] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)

    def note(self, board: Board) -> None:
        """The board was folded on by one entry."""
        self.ats.append(board.at)
        self.chains.append(board.chain)
        self.keys.append(board.key)

    def at(self, seq: int) -> tuple[int, bytes, bytes] | None:
        """Time, chain and key in force after an entry, None if the log doesn't reach it."""
        if not 1 <= seq <= len(self.chains):
            return None
        return self.ats[seq - 1], self.chains[seq - 1], self.keys[seq - 1]


def marks_of(chains: Sequence[bytes]) -> bytes:
    """``log.chain``."""
    return b"".join(chain[:MARK_BYTES] for chain in chains)


def tip_file(tip: Tip, key: bytes) -> bytes:
    """``tip.json``."""
    said = {
        "format": _FORMAT,
        "version": 1,
        "seq": tip.seq,
        "at": tip.at,
        "chain": tip.chain.hex(),
        "signature": tip.signature.hex(),
        "key": key.hex(),
    }
    return (json.dumps(said, sort_keys=True, indent=1) + "\n").encode()


def read_tip_file(data: bytes) -> tuple[Tip, bytes] | None:
    """The tip and the key that ``tip.json`` names, None if it can't be read or isn't written so."""
    try:
        said = json.loads(data)
        tip = Tip(said["seq"], said["at"], bytes.fromhex(said["chain"]), bytes.fromhex(said["signature"]))
        key = bytes.fromhex(said["key"])
        sizes = (len(tip.chain), len(tip.signature), len(key))
        fits = sizes == (32, SIGNATURE_BYTES, 32) and tip_file(tip, key) == data
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = type(tip.seq) is int and type(tip.at) is int and 1 <= tip.seq < 2**53 and 0 <= tip.at < 2**53
    return (tip, key) if fits and whole else None


def first_other(places: Places, marks: bytes) -> int | None:
    """The first entry that is not the one that was packed; None if all are. What is missing at either end
    counts.
    """
    packed = [marks[place : place + MARK_BYTES] for place in range(0, len(marks), MARK_BYTES)]
    for seq, (chain, mark) in enumerate(zip(places.chains, packed, strict=False), 1):
        if chain[:MARK_BYTES] != mark:
            return seq
    return None if len(packed) == len(places.chains) else min(len(packed), len(places.chains)) + 1


def tip_faults(space: str, board: str, places: Places, tip: Tip, key: bytes) -> list[str]:
    """What a signed tip says against a log, in whole sentences; nothing if it vouches for it."""
    there = places.at(tip.seq)
    if not is_signed(key, space, board, tip):
        return ["The tip in this archive is not signed by the key that it names."]
    if there is None:
        missing = tip.seq - len(places.chains)
        return [
            f"The end is missing: the server signed {tip.seq} entries, and {missing} of them are not here."
        ]
    at, chain, named = there
    if key != named:
        return ["The tip is signed by another key than the one that this log was founded with."]
    if (at, chain) != (tip.at, tip.chain):
        return [f"The entries up to {tip.seq} are not the ones that the server signed."]
    return []


@dataclass(slots=True, frozen=True)
class Sealing:
    """A seal that was found in a log: up to which entry, and how many came after it."""

    seq: int
    after: int

    @property
    def words(self) -> str:
        if self.after == 0:
            return "This is the complete record that was sealed."
        came = "1 entry came" if self.after == 1 else f"{self.after} entries came"
        return f"All that was sealed is here, unchanged, up to entry {self.seq}. {came} after the seal."


def find_seal(
    space: str, board: str, places: Places, tip: Tip | None, noted: Seal | str
) -> Sealing | str | None:
    """Where a board's log has the seal that somebody noted; a sentence that says what is wrong; None if this
    board has nothing to do with it. ``noted``: what a code says, or a phrase as ``read_phrase`` gives it.
    """
    count = len(places.chains)
    if isinstance(noted, Seal):
        if noted.space != space:
            return "The seal is that of another table."
        sealed = noted.tips.get(board)
        if sealed is None:
            return None if noted.tips else _find(space, board, places, tip, noted.hash)
        there = places.at(sealed.seq)
        key = there[2] if there is not None else places.keys[-1]
        told = tip_faults(space, board, places, sealed, key)
        if told and not is_signed(key, space, board, sealed):
            return "The seal is not signed by the key of this log."
        return (
            told[0].replace("server signed", "seal names")
            if told
            else Sealing(sealed.seq, count - sealed.seq)
        )
    return _find(space, board, places, tip, noted)


def _find(space: str, board: str, places: Places, tip: Tip | None, noted: bytes | str) -> Sealing | None:
    count = len(places.chains)
    seqs = [*([tip.seq] if tip is not None else []), *range(count, max(0, count - _LOOKED_BACK), -1)]
    for seq in dict.fromkeys(seqs):
        there = places.at(seq)
        if there is None:
            continue
        sealed = seal_hash(space, {board: Tip(seq, there[0], there[1], bytes(SIGNATURE_BYTES))})
        if noted == (sealed if isinstance(noted, bytes) else seal_phrase(sealed)):
            return Sealing(seq, count - seq)
    return None
