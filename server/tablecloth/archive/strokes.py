"""Strokes as paths.

Only additions, products, quotients and square roots, which IEEE 754 rounds the same everywhere, and results
rounded to a tenth of a board unit: the same board gives the same bytes on every machine. (Sines are not
rounded the same.)
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

from tablecloth.archive.forms import Place
from tablecloth.archive.markup import number
from tablecloth.core.ink import Point

_THINNING = 0.55


def stroke_path(run: list[Point], width: int) -> str:
    """The outline of a stroke as SVG path data: wide where the pen was pressed, round at its ends."""
    places = [point for index, point in enumerate(run) if index == 0 or point[:2] != run[index - 1][:2]]
    if len(places) == 1:
        return _dot(places[0], _half(places[0], width))
    left: list[Place] = []
    right: list[Place] = []
    for index, point in enumerate(places):
        before, after = places[max(0, index - 1)], places[min(len(places) - 1, index + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        far = sqrt(dx * dx + dy * dy) or 1.0
        half = _half(point, width)
        nx, ny = -dy / far * half, dx / far * half
        left.append((point[0] + nx, point[1] + ny))
        right.append((point[0] - nx, point[1] - ny))
    tip, foot = _half(places[-1], width), _half(places[0], width)
    return (
        f"M{_at(left[0])}{_smooth(left)}A{number(tip)} {number(tip)} 0 0 0 {_at(right[-1])}"
        f"{_smooth(right[::-1])}A{number(foot)} {number(foot)} 0 0 0 {_at(left[0])}Z"
    )


def _half(point: Point, width: int) -> float:
    return max(0.5, width / 2 * (1 - _THINNING / 2 + _THINNING * (point[2] / 255 - 0.5)))


def _dot(point: Point, half: float) -> str:
    x, y = point[0], point[1]
    arc = f"A{number(half)} {number(half)} 0 1 0 "
    return f"M{_at((x - half, y))}{arc}{_at((x + half, y))}{arc}{_at((x - half, y))}Z"


def _at(place: Place) -> str:
    return f"{number(place[0])} {number(place[1])}"


def _smooth(side: list[Place]) -> str:
    """Each place bends the line between the middles of its neighbours."""
    steps = [
        f"Q{_at(here)} {_at(((here[0] + after[0]) / 2, (here[1] + after[1]) / 2))}"
        for here, after in pairwise(side[1:])
    ]
    return "".join(steps) + f"L{_at(side[-1])}"


def line_path(run: list[Point]) -> str:
    """The middle of a stroke as SVG path data, for an even line: each place bends it."""
    places: list[Place] = [
        point[:2] for index, point in enumerate(run) if index == 0 or point[:2] != run[index - 1][:2]
    ]
    if len(places) == 1:
        x, y = places[0]
        return f"M{_at((x - 0.1, y))}L{_at((x + 0.1, y))}"
    return f"M{_at(places[0])}{_smooth(places)}"
