"""The four forms of a shape: corners, where a way out of the middle crosses the edge, where words have room.

Mirrors ``client/src/board/forms.ts``. Only what IEEE 754 rounds the same everywhere (see ``strokes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]


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

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


_ROOM = {
    "rectangle": (0.0, 0.0, 1.0, 1.0),
    "ellipse": (0.146, 0.146, 0.708, 0.708),
    "diamond": (0.22, 0.25, 0.56, 0.5),
    "triangle": (0.24, 0.46, 0.52, 0.5),
}
"""As parts of the form's width and height: the largest box that words can fill."""


def room_in(form: str, box: Box) -> Box:
    """Where words have room in a form."""
    x, y, w, h = _ROOM[form]
    return Box(box.x + x * box.w, box.y + y * box.h, w * box.w, h * box.h)


def corners_of(form: str, box: Box) -> list[Place]:
    """The corners, clockwise; of an ellipse those of its box."""
    x, y, right, low = box.x, box.y, box.x + box.w, box.y + box.h
    middle, level = box.centre
    match form:
        case "diamond":
            return [(middle, y), (right, level), (middle, low), (x, level)]
        case "triangle":
            return [(middle, y), (right, low), (x, low)]
        case _:
            return [(x, y), (right, y), (right, low), (x, low)]


def edge_of(form: str, box: Box, to: Place) -> Place:
    """Where the way from the middle towards ``to`` crosses the edge; the middle, if it leads nowhere."""
    x, y = box.centre
    dx, dy = to[0] - x, to[1] - y
    if (dx == 0 and dy == 0) or box.w == 0:
        return x, y
    if form == "ellipse":
        wide, high = dx / (box.w / 2), dy / (box.h / 2)
        reach = 1 / sqrt(wide * wide + high * high)
    else:
        reach = _crossing((x, y), dx, dy, corners_of(form, box))
    return x + dx * reach, y + dy * reach


def _crossing(start: Place, dx: float, dy: float, corners: list[Place]) -> float:
    """How many times ``(dx, dy)`` from a point inside to the polygon's edge; 0 if it is never met."""
    reaches = []
    for place, (ax, ay) in enumerate(corners):
        bx, by = corners[(place + 1) % len(corners)]
        ex, ey = bx - ax, by - ay
        across = dx * ey - dy * ex
        if across == 0:
            continue
        far = ((ax - start[0]) * ey - (ay - start[1]) * ex) / across
        along = ((ax - start[0]) * dy - (ay - start[1]) * dx) / across
        if far > 1e-9 and -1e-9 <= along <= 1 + 1e-9:
            reaches.append(far)
    return min(reaches, default=0.0)
