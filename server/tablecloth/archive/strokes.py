"""Strokes and connectors as paths. The geometry of connectors mirrors ``client/src/board/connectors.ts``.

Only additions, products, quotients and square roots, which IEEE 754 rounds the same everywhere, and results
rounded to a tenth of a board unit: the same board gives the same bytes on every machine. (Sines are not
rounded the same.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TypeAlias

from tablecloth.core.ink import Point

Place: TypeAlias = tuple[float, float]
_START_GAP, _END_GAP, _ARROW, _BEND, _MOST_BEND = 3.0, 7.0, 15.0, 0.13, 64.0
_COS, _SIN = 0.9004471, 0.4349656
"""Of 0.45, the angle between an arrow and its barbs."""
_THINNING = 0.55


@dataclass(slots=True, frozen=True)
class Box:
    """A rectangle in board units; of size 0 where a connector ends in the open."""

    x: float
    y: float
    w: float = 0
    h: float = 0

    @property
    def centre(self) -> Place:
        return self.x + self.w / 2, self.y + self.h / 2

    def holds(self, place: Place) -> bool:
        return self.x <= place[0] <= self.x + self.w and self.y <= place[1] <= self.y + self.h


@dataclass(slots=True, frozen=True)
class Route:
    """A connector: one quadratic curve, its arrow's barbs, and the place of its words."""

    start: Place
    control: Place
    end: Place
    barbs: tuple[Place, Place]
    middle: Place


def number(value: float) -> str:
    """A length in a path: a tenth of a board unit is finer than any print."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def route(first: Box, last: Box) -> Route:
    """How a connector runs from the edge of one box to the edge of another, bent to one side of its
    direction.
    """
    (ax, ay), (bx, by) = first.centre, last.centre
    length = sqrt((bx - ax) ** 2 + (by - ay) ** 2)
    bend = min(_MOST_BEND, length * _BEND)
    across = (0.0, 0.0) if length == 0 else (-(by - ay) / length, (bx - ax) / length)
    aim = ((ax + bx) / 2 + across[0] * bend * 2, (ay + by) / 2 + across[1] * bend * 2)
    start, end = _edge(first, aim, _START_GAP), _edge(last, aim, _END_GAP)
    if first.w and last.w and (first.holds(end) or last.holds(start)):
        start, end = first.centre, last.centre
    control = ((start[0] + end[0]) / 2 + across[0] * bend, (start[1] + end[1]) / 2 + across[1] * bend)
    middle = (
        start[0] / 4 + control[0] / 2 + end[0] / 4,
        start[1] / 4 + control[1] / 2 + end[1] / 4,
    )
    return Route(start, control, end, _barbs(start, control, end), middle)


def _edge(box: Box, to: Place, gap: float) -> Place:
    if box.w == 0:
        return box.centre
    x, y = box.centre
    dx, dy = to[0] - x, to[1] - y
    if dx == 0 and dy == 0:
        return x, y
    reach = min(
        (box.w / 2 + gap) / abs(dx) if dx else float("inf"),
        (box.h / 2 + gap) / abs(dy) if dy else float("inf"),
    )
    return x + dx * reach, y + dy * reach


def _barbs(start: Place, control: Place, end: Place) -> tuple[Place, Place]:
    dx, dy = end[0] - control[0], end[1] - control[1]
    far = sqrt(dx * dx + dy * dy)
    if far == 0:
        return end, end
    length = min(_ARROW, sqrt((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) / 2)
    ux, uy = dx / far * length, dy / far * length
    return (
        (end[0] - ux * _COS - uy * _SIN, end[1] - uy * _COS + ux * _SIN),
        (end[0] - ux * _COS + uy * _SIN, end[1] - uy * _COS - ux * _SIN),
    )


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
