"""A board as one SVG: what lies on the cloth, with its words as words.

Drawn from the pure state alone (and the bytes of pictures, which the state names by their hash), so the same
log gives the same bytes everywhere and ``verify`` can draw it again. What lies in the margin is not drawn;
``board.json`` has it. Words that were withheld show as ░; a picture whose bytes are not at hand shows what
it shows in words. No fonts, scripts or links are inside: it opens anywhere and reaches nowhere.

As on the screen, zones lie under everything, then replies and connectors, then the rest, each by the pile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tablecloth.archive.forms import Box, Place, edge_of
from tablecloth.archive.lettering import LINE_HEIGHT, width_of
from tablecloth.archive.markup import Attributes, number, safe, tag
from tablecloth.archive.things import CLOTH, INK, LINE, PENS, lines, name_of, runs_of, thing, whole
from tablecloth.archive.ways import End, Manner, Route, arrows_path, dashes, reach_of, route, way_path
from tablecloth.core.board import Board, Element

_XMLNS = "http://www.w3.org/2000/svg"
_FONT = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', 'Noto Sans Arabic', sans-serif"
_EDGE = 48
_HEAD = 56
_LABEL = 18
_SIGNS = {"supports": "+", "against": "\u2212", "part": "\u2282", "same": "="}
"""What a connector means, where its arrow doesn't say so; in no language, as archives are."""
_NO_PICTURES: Mapping[str, bytes] = {}


def draw(board: Board, pictures: Mapping[str, bytes] = _NO_PICTURES) -> str:
    """The picture of a board, as the text of an SVG file. ``pictures``: their bytes by asset."""
    pile = sorted(board.pile(), key=lambda element: {"zone": 0, "connector": 1}.get(element.type, 2))
    boxes = {element.id: box for element in pile if (box := _box(element)) is not None}
    routes = {element.id: _route(element, board, boxes) for element in pile if element.type == "connector"}
    ways = [_around(reach_of(made), 0) for made in routes.values()]
    frame = _frame([*boxes.values(), *ways])
    around: Attributes = {"x": frame.x, "y": frame.y, "width": frame.w, "height": frame.h}
    title = board.title or ""
    head = Box(frame.x + _EDGE, frame.y + _HEAD - 36, frame.w - 2 * _EDGE, 0)
    zones = [element for element in pile if element.type == "zone"]
    rest = [element for element in pile if element.type != "zone"]
    content = [
        tag("title", {}, safe(title)),
        tag("rect", {**around, "fill": CLOTH}),
        *lines([title], head, 28, 700),
        *(_group(element, thing(element, boxes[element.id], pictures)) for element in zones),
        *(line for element in rest for line in _reply(element, boxes)),
        *(_group(element, _drawn(element, boxes, routes, pictures)) for element in rest),
    ]
    look: Attributes = {"font-family": _FONT, "fill": INK, "role": "img"}
    view = " ".join(number(side) for side in (frame.x, frame.y, frame.w, frame.h))
    size: Attributes = {"viewBox": view, "width": frame.w, "height": frame.h}
    picture = tag("svg", {"xmlns": _XMLNS, **size, **look}, "\n" + "\n".join(content) + "\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture}\n'


def _group(element: Element, drawn: Iterator[str]) -> str:
    return tag("g", {"id": element.id}, "".join(drawn))


def _drawn(
    element: Element, boxes: Mapping[str, Box], routes: Mapping[str, Route], pictures: Mapping[str, bytes]
) -> Iterator[str]:
    if element.type == "connector":
        return _connector(element, routes[element.id])
    return thing(element, boxes[element.id], pictures) if element.id in boxes else iter(())


def _box(element: Element) -> Box | None:
    """Where an element lies; None for a stroke without points and a connector, which has no place of its
    own.
    """
    if element.type == "connector":
        return None
    x, y = whole(element, "x"), whole(element, "y")
    if element.type != "ink":
        return Box(x, y, whole(element, "w"), whole(element, "h"))
    scale = whole(element, "scale") / 100
    places = [(x + dx * scale, y + dy * scale) for run in runs_of(element) for dx, dy, _ in run]
    return _around(places, whole(element, "width") * scale) if places else None


def _around(places: Sequence[Place], margin: float) -> Box:
    left, top = min(x for x, _ in places) - margin, min(y for _, y in places) - margin
    right, low = max(x for x, _ in places) + margin, max(y for _, y in places) + margin
    return Box(left, top, right - left, low - top)


def _frame(boxes: list[Box]) -> Box:
    if not boxes:
        return Box(0, 0, 640, 360)
    left, top = min(box.x for box in boxes) - _EDGE, min(box.y for box in boxes) - _EDGE - _HEAD
    right, low = max(box.x + box.w for box in boxes) + _EDGE, max(box.y + box.h for box in boxes) + _EDGE
    return Box(left, top, max(320.0, right - left), low - top)


def _reply(element: Element, boxes: Mapping[str, Box]) -> Iterator[str]:
    """A thin line to what a note answers, with a dot at the note's side."""
    answered = boxes.get(name_of(element, "re")) if element.type == "note" else None
    if answered is None:
        return
    own = boxes[element.id]
    x, y = edge_of("rectangle", answered, own.centre)
    x2, y2 = edge_of("rectangle", own, answered.centre)
    ends: Attributes = {"x1": x, "y1": y, "x2": x2, "y2": y2}
    yield tag("line", {**ends, "stroke": LINE, "stroke-width": 2, "stroke-linecap": "round"})
    yield tag("circle", {"cx": x2, "cy": y2, "r": 4, "fill": LINE})


def _route(element: Element, board: Board, boxes: Mapping[str, Box]) -> Route:
    manner = Manner(name_of(element, "route"), name_of(element, "head"), whole(element, "width"))
    first, last = (
        _end(board, boxes, name_of(element, end), whole(element, x), whole(element, y))
        for end, x, y in (("from", "x", "y"), ("to", "x2", "y2"))
    )
    return route(first, last, manner)


def _end(board: Board, boxes: Mapping[str, Box], joined: str, x: int, y: int) -> End:
    if joined not in boxes:
        return End(Box(x, y))
    element = board.elements[joined]
    return End(boxes[joined], name_of(element, "form") if element.type == "shape" else "rectangle")


def _connector(element: Element, made: Route) -> Iterator[str]:
    meaning, width = name_of(element, "meaning"), whole(element, "width")
    if meaning != "link":
        yield tag("title", {}, meaning)
    dash = dashes(name_of(element, "line"), width)
    pen: Attributes = {
        "fill": "none",
        "stroke": PENS[name_of(element, "colour")],
        "stroke-width": width,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    yield tag("path", {"d": way_path(made), **pen, **({"stroke-dasharray": dash} if dash else {})})
    if made.arrows:
        yield tag("path", {"d": arrows_path(made), **pen})
    sign = _SIGNS.get(meaning, "")
    words = " ".join(part for part in (sign, element.text()) if part)
    if words:
        yield from _label(words, made.middle)


def _label(words: str, middle: Place) -> Iterator[str]:
    said = words.split("\n")
    wide, high = max(width_of(line) for line in said) * _LABEL, len(said) * _LABEL * LINE_HEIGHT
    room = Box(middle[0] - wide / 2, middle[1] - high / 2, wide, high)
    ground: Attributes = {"x": room.x - 6, "y": room.y, "width": wide + 12, "height": high}
    yield tag("rect", {**ground, "rx": 4, "fill": CLOTH, "fill-opacity": "0.9"})
    yield from lines(said, room, _LABEL)
