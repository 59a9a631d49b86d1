"""Strokes as bytes: points, delta-coded (FOLD-40).

Each point is ``dx``, ``dy`` as zigzag varints and one byte of pressure (0 to 255). The first point of every
piece is relative to the element's own ``x, y``, so that a piece can be drawn when the one before it was
withheld.
"""

from __future__ import annotations

from typing import TypeAlias

from tablecloth.core import limits

Point: TypeAlias = tuple[int, int, int]
_MAX_DELTA = 2 * limits.MAX_COORDINATE


def encode_points(points: list[Point]) -> bytes:
    """``(x, y, pressure)`` relative to the element's origin, in board units, as bytes."""
    out = bytearray()
    last_x = last_y = 0
    for x, y, pressure in points:
        for delta in (x - last_x, y - last_y):
            rest = (delta << 1) if delta >= 0 else ((-delta << 1) - 1)
            while rest >= 0x80:
                out.append(rest & 0x7F | 0x80)
                rest >>= 7
            out.append(rest)
        out.append(pressure)
        last_x, last_y = x, y
    return bytes(out)


def decode_points(data: bytes) -> list[Point] | None:
    """The points again, or None if the bytes are cut short, overlong or out of bounds."""
    points: list[Point] = []
    at = x = y = 0
    size = len(data)
    while at < size:
        deltas = []
        for _ in range(2):
            value = shift = 0
            while True:
                if at >= size or shift > 28:
                    return None
                byte = data[at]
                at += 1
                value |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            deltas.append(-((value + 1) >> 1) if value & 1 else value >> 1)
        if at >= size:
            return None
        x, y = x + deltas[0], y + deltas[1]
        if not (-_MAX_DELTA <= x <= _MAX_DELTA and -_MAX_DELTA <= y <= _MAX_DELTA):
            return None
        points.append((x, y, data[at]))
        at += 1
    return points
