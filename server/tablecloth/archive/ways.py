"""How connectors run, and the thin lines of replies. The geometry mirrors ``client/src/board/connectors.ts``.

Only additions, products, quotients and square roots (see ``strokes``): arrows are turned by a constant, not
by an angle.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from tablecloth.archive.forms import Box, Place, edge_of
from tablecloth.archive.markup import number

_START_GAP, _END_GAP, _ARROW, _BEND, _MOST_BEND, _ROUND = 3.0, 7.0, 9.0, 0.13, 64.0, 14.0
_COS, _SIN = 0.9004471, 0.4349656
"""Of 0.45, the angle between an arrow and its barbs."""
_FAR = 1e7


@dataclass(slots=True, frozen=True)
class End:
    """A connector's end: bound to what lies in a box (of a form, if it is a shape), or free at a point."""

    box: Box
    form: str = "rectangle"

    def edge(self, to: Place, gap: float) -> Place:
        """Where the way from the middle towards ``to`` leaves it."""
        return edge_of(self.form, self.box.grown(gap), to) if self.box.w else self.box.centre


@dataclass(slots=True, frozen=True)
class Manner:
    """What a connector is drawn like (FOLD-10)."""

    kind: str = "curve"
    heads: str = "end"
    width: int = 3

    @property
    def gaps(self) -> tuple[float, float]:
        before = _END_GAP if self.heads == "both" else _START_GAP
        return before, _START_GAP if self.heads == "none" else _END_GAP


@dataclass(slots=True, frozen=True)
class Route:
    """A connector's way: its corners (of a curve its ends, and what bends it), arrows, the place of its
    words.
    """

    way: tuple[Place, ...]
    control: Place | None
    middle: Place
    arrows: tuple[tuple[Place, Place, Place], ...]
    """Each as (barb, tip, barb)."""


def route(first: End, last: End, manner: Manner) -> Route:
    """How a connector runs from the edge of one thing to the edge of another."""
    if manner.kind == "elbow":
        return _finished(_elbow(first, last, manner), None, manner)
    (ax, ay), (bx, by) = first.box.centre, last.box.centre
    length = _apart((ax, ay), (bx, by))
    bend = min(_MOST_BEND, length * _BEND) if manner.kind == "curve" else 0.0
    across = (0.0, 0.0) if length == 0 else (-(by - ay) / length, (bx - ax) / length)
    aim = ((ax + bx) / 2 + across[0] * bend * 2, (ay + by) / 2 + across[1] * bend * 2)
    before, behind = manner.gaps
    start = first.edge(aim if bend else (bx, by), before)
    end = last.edge(aim if bend else (ax, ay), behind)
    if first.box.w and last.box.w and (first.box.holds(end) or last.box.holds(start)):
        # What would run backwards between things that overlap goes straight between their middles.
        start, end = first.box.centre, last.box.centre
    if bend == 0:
        return _finished((start, end), None, manner)
    control = ((start[0] + end[0]) / 2 + across[0] * bend, (start[1] + end[1]) / 2 + across[1] * bend)
    return _finished((start, end), control, manner)


def _elbow(first: End, last: End, manner: Manner) -> tuple[Place, ...]:
    """Level and upright pieces: out of the side that faces the other, across between them, and in."""
    (ax, ay), (bx, by) = first.box.centre, last.box.centre
    wide = _gap(first.box.x, first.box.w, last.box.x, last.box.w)
    high = _gap(first.box.y, first.box.h, last.box.y, last.box.h)
    is_level = abs(bx - ax) >= abs(by - ay) if wide == high else wide > high
    before, behind = manner.gaps
    if is_level:
        to = _FAR if bx >= ax else -_FAR
        start, end = first.edge((ax + to, ay), before), last.edge((bx - to, by), behind)
        middle = (start[0] + end[0]) / 2
        bends = ((middle, start[1]), (middle, end[1]))
        is_straight = abs(start[1] - end[1]) < 1
    else:
        to = _FAR if by >= ay else -_FAR
        start, end = first.edge((ax, ay + to), before), last.edge((bx, by - to), behind)
        middle = (start[1] + end[1]) / 2
        bends = ((start[0], middle), (end[0], middle))
        is_straight = abs(start[0] - end[0]) < 1
    return (start, end) if is_straight else (start, *bends, end)


def _gap(one: float, size: float, other: float, other_size: float) -> float:
    """How far two stretches lie apart; negative if they overlap."""
    return max(one, other) - min(one + size, other + other_size)


def _finished(way: tuple[Place, ...], control: Place | None, manner: Manner) -> Route:
    start, end = way[0], way[-1]
    length = min(_ARROW + manner.width * 2, _apart(start, end) / 2)
    arrows = []
    if manner.heads != "none":
        arrows.append(_arrow(end, control or way[-2], length))
    if manner.heads == "both":
        arrows.append(_arrow(start, control or way[1], length))
    if control is None:
        one, other = way[(len(way) - 1) // 2], way[len(way) // 2]
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    else:
        middle = (
            start[0] / 4 + control[0] / 2 + end[0] / 4,
            start[1] / 4 + control[1] / 2 + end[1] / 4,
        )
    return Route(way, control, middle, tuple(arrows))


def _arrow(tip: Place, behind: Place, length: float) -> tuple[Place, Place, Place]:
    far = _apart(tip, behind)
    if far == 0:
        return tip, tip, tip
    ux, uy = (tip[0] - behind[0]) / far * length, (tip[1] - behind[1]) / far * length
    return (
        (tip[0] - ux * _COS - uy * _SIN, tip[1] - uy * _COS + ux * _SIN),
        tip,
        (tip[0] - ux * _COS + uy * _SIN, tip[1] - uy * _COS - ux * _SIN),
    )


def _apart(one: Place, other: Place) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    return sqrt(dx * dx + dy * dy)


def way_path(made: Route) -> str:
    """The line without its arrows as SVG path data; corners are rounded."""
    way = made.way
    if made.control is not None:
        return f"M{_at(way[0])}Q{_at(made.control)} {_at(way[-1])}"
    path = f"M{_at(way[0])}"
    for before, corner, after in zip(way, way[1:], way[2:], strict=False):
        room = min(_ROUND, _apart(before, corner) / 2, _apart(corner, after) / 2)
        path += f"L{_at(_towards(corner, before, room))}Q{_at(corner)} {_at(_towards(corner, after, room))}"
    return path + f"L{_at(way[-1])}"


def arrows_path(made: Route) -> str:
    """The arrows, as SVG path data; empty if there is none."""
    return "".join(f"M{_at(one)}L{_at(tip)}L{_at(other)}" for one, tip, other in made.arrows)


def reach_of(made: Route) -> list[Place]:
    """Places that hold all of it between them."""
    curve = [] if made.control is None else [made.control]
    return [*made.way, *curve, *(place for arrow in made.arrows for place in arrow)]


def dashes(line: str, width: int) -> str:
    """The pattern of a line of a width; round ends make dots of the shortest dashes. Empty: solid."""
    if line == "dashed":
        return f"{number(width * 2.5 + 4)} {number(width * 2 + 4)}"
    return f"0 {number(width * 2 + 2)}" if line == "dotted" else ""


def _towards(start: Place, to: Place, length: float) -> Place:
    far = _apart(start, to)
    if far == 0:
        return start
    return start[0] + (to[0] - start[0]) / far * length, start[1] + (to[1] - start[1]) / far * length


def _at(place: Place) -> str:
    return f"{number(place[0])} {number(place[1])}"
