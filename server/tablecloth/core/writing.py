"""Words come to a field: rebased over what others wrote, whole or as placeholders (FOLD-30 to FOLD-38)."""

from __future__ import annotations

from tablecloth.core import limits
from tablecloth.core.board import Element
from tablecloth.core.parts import Splice
from tablecloth.core.stamp import Stamp
from tablecloth.core.text import PLACEHOLDER, TextField
from tablecloth.core.whose import carry_variants


def write(
    element: Element, stamp: Stamp, hand: str, base: int, name: str, splices: list[Splice], words: str | None
) -> str | None:
    """Write into one of the element's fields, which its type has. ``words``: the insertions, joined; None, or
    of another length: withheld. Answers a reason, or None if it applied.
    """
    field = element.texts.get(name)
    if field is None:
        field = TextField()
    field.prune(stamp.seq, stamp.at)
    rebased = field.rebase(stamp.author, hand, base, splices)
    if isinstance(rebased, str):
        return rebased
    if not rebased.ops:  # FOLD-36
        return "out-of-range"
    total = 0
    for _, _, inserted in splices:
        total += inserted
    if words is None or len(words) != total:
        words = PLACEHOLDER * total
    if False in rebased.kept:
        words = _kept_words(splices, rebased.kept, words)
    # Rebasing moves insertions and never shortens them: what was kept is what the field grows by.
    if words and len(field.value) + len(words) > limits.MAX_TEXT:
        return "text-full"
    field.commit(stamp.seq, stamp.at, stamp.author, hand, base, rebased, words)
    element.texts[name] = field
    if element.variants:
        carry_variants(element, name, rebased.ops)
    return None


def _kept_words(splices: list[Splice], kept: list[bool], words: str) -> str:
    """The insertions of those splices that fit (FOLD-36)."""
    parts: list[str] = []
    at = 0
    for (_, _, length), is_kept in zip(splices, kept, strict=True):
        if is_kept:
            parts.append(words[at : at + length])
        at += length
    return "".join(parts)
