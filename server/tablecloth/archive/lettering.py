"""Setting words without a font at hand: estimated widths, line breaks, sizes that fit, and which way words
run.

The numbers mirror ``client/src/board/fit.ts``, so that a picture looks like the screen; widths are
estimates, a little generous, because whoever opens the picture may have other fonts. Pure and the same on
every machine: Unicode properties come from ``unicodedata``, lengths are multiples of 1/100.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LINE_HEIGHT = 1.42
PAD_X, PAD_Y = 15, 13
"""Inside a note of 200 by 160; larger notes have larger ones."""
SHAPE_PAD = 8
"""Between a shape's room for words and the words."""
_BASE_SIZE = 20
_FIXED = {"small": 14, "medium": 20, "large": 32}
"""Sizes that are what they are, whatever the words stand on; ``fit`` has none."""
_BOLD = 1.07
"""How much wider bold letters are."""
_STEPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_NARROW = frozenset(".,:;!|'`ijlI()[]{}tfr")
_WIDE = frozenset("mwMW@%&")
_WORD = re.compile(r"\s+|[^\s\-\u2013\u2014]+[\-\u2013\u2014]?|[\-\u2013\u2014]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(slots=True, frozen=True)
class Fit:
    """The size of the letters and the lines that have room."""

    size: float
    lines: list[str]


def note_scale(w: int, h: int) -> float:
    """How much larger than a note of 200 by 160 this one counts as: letters and pads grow with it."""
    return max(0.4, min(40.0, w / 200, h / 160))


def width_of(words: str) -> float:
    """The width of words at size 1."""
    return sum(_sign_width(sign) for sign in words) / 100


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(sign) in {"W", "F"}:
        return 104
    if sign == " ":
        return 28
    if sign in _NARROW:
        return 32
    if sign in _WIDE:
        return 88
    return 66 if sign.isupper() else 56


def is_right_to_left(words: str) -> bool:
    """Whether a paragraph runs from right to left: its first strong sign decides (UAX 9, P2)."""
    for sign in words:
        kind = unicodedata.bidirectional(sign)
        if kind == "L":
            return False
        if kind in _RIGHT_TO_LEFT:
            return True
    return False


def wrap(words: str, width: float) -> list[str]:
    """Lines of at most ``width`` (at size 1). Spaces at a line's end hang over; a word that is too long is
    cut.
    """
    return [line for paragraph in words.split("\n") for line in _wrap_paragraph(paragraph, width)]


def weight_of(is_bold: bool) -> int:
    """The weight of an element's letters."""
    return 720 if is_bold else 450


def fit_note(words: str, w: int, h: int, font: str = "fit", is_bold: bool = False) -> Fit:
    """The largest step at which words fit a note of ``w`` by ``h``; at the smallest, the lines that have
    room.
    """
    scale = note_scale(w, h)
    width = max(1.0, w - 2 * PAD_X * scale)
    height = max(1.0, h - 2 * PAD_Y * scale)
    return _fitted(words, width, height, scale, font, is_bold)


def fit_shape(
    words: str, width: float, height: float, scale: float, font: str = "fit", is_bold: bool = False
) -> Fit:
    """The same for words in a room of ``width`` by ``height``. ``scale``: how large the whole shape is,
    beside one of 200 by 120.
    """
    return _fitted(words, max(1.0, width), max(1.0, height), max(0.5, min(2.0, scale)), font, is_bold)


def _fitted(words: str, width: float, height: float, scale: float, font: str, is_bold: bool) -> Fit:
    fixed = _FIXED.get(font)
    wider = _BOLD if is_bold else 1.0
    fit = Fit(_BASE_SIZE * scale, [])
    for size in [float(fixed)] if fixed else [_BASE_SIZE * scale * step for step in _STEPS]:
        lines = wrap(words, width / size / wider)
        room = max(1, int((height + 0.2 * size) / (size * LINE_HEIGHT)))
        if len(lines) <= room:
            return Fit(size, lines)
        fit = Fit(size, [*lines[: room - 1], lines[room - 1].rstrip() + "…"])
    return fit


def _wrap_paragraph(paragraph: str, width: float) -> Iterator[str]:
    line, used = "", 0.0
    for part in _parts(paragraph):
        wide = width_of(part)
        if part.isspace() or used + wide <= width:
            line, used = line + part, used + wide
            continue
        if line.strip():
            yield line.rstrip()
            line, used = "", 0.0
        for sign in part if wide > width else [part]:
            more = width_of(sign)
            if line and used + more > width:
                yield line
                line, used = "", 0.0
            line, used = line + sign, used + more
    yield line.rstrip()


def _parts(paragraph: str) -> Iterator[str]:
    """Words with their hyphens, spaces, and signs of scripts that break between any two."""
    for match in _WORD.finditer(paragraph):
        part = match.group()
        start = 0
        for place, sign in enumerate(part):
            if unicodedata.east_asian_width(sign) in {"W", "F"} and unicodedata.category(sign) == "Lo":
                if start < place:
                    yield part[start:place]
                yield sign
                start = place + 1
        if start < len(part):
            yield part[start:]
