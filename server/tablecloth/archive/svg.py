"""A board as one SVG: what lies on the cloth, in the order of the pile, with its words as words.

Drawn from the pure state alone, so the same log gives the same bytes everywhere and ``verify`` can draw it
again. Colours and patterns are the client's (``client/src/ui/tokens.css``, ``NoteMark.svelte``). What lies
in the margin is not drawn; ``board.json`` has it. Words that were withheld show as ░. No fonts, scripts,
links or pictures are inside: it opens anywhere and reaches nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

from tablecloth.archive.lettering import (
    LINE_HEIGHT,
    PAD_X,
    PAD_Y,
    fit_note,
    is_right_to_left,
    note_scale,
    width_of,
)
from tablecloth.archive.strokes import Box, number, route, stroke_path
from tablecloth.core.board import Board, Element
from tablecloth.core.ink import Point, decode_points
from tablecloth.core.text import PLACEHOLDER

NOTES = {
    "lemon": "#ffe48a",
    "peach": "#ffc9a3",
    "rose": "#f9bcc8",
    "lilac": "#d9c8f5",
    "sky": "#b9dcf7",
    "mint": "#bfe8cb",
    "oat": "#e6dcc6",
    "white": "#ffffff",
}
PENS = {
    "ink": "#22201c",
    "teal": "#0b6b66",
    "rust": "#a33d14",
    "plum": "#6a2c70",
    "blue": "#1d4f91",
    "green": "#2f6b1f",
    "brick": "#9c1f3b",
}
_LINES = f'fill="none" stroke="{PENS["ink"]}" stroke-width'
_MARKS = {
    "lemon": '<circle cx="8" cy="8" r="6"/>',
    "peach": '<path d="M8 2l6.5 12h-13z"/>',
    "rose": f'<path d="M8 2v12M2 8h12" {_LINES}="2.6"/>',
    "lilac": '<path d="M2.5 2.5h11v11h-11z"/>',
    "sky": f'<path d="M1.5 5.5h13M1.5 10.5h13" {_LINES}="2.6"/>',
    "mint": f'<path d="M1.5 8L8 1.5M2.5 13.5l11-11M8 14.5L14.5 8" {_LINES}="2"/>',
    "oat": '<circle cx="5" cy="5" r="2.4"/><circle cx="11.5" cy="11.5" r="2.4"/>',
    "white": f'<circle cx="8" cy="8" r="5.2" {_LINES}="2"/>',
}
Attributes: TypeAlias = Mapping[str, str | float]
_XMLNS = "http://www.w3.org/2000/svg"
_INK, _CLOTH, _LINE = "#22201c", "#fbf8f1", "#7a7264"
_FONT = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', 'Noto Sans Arabic', sans-serif"
_EDGE = 48
_HEAD = 56
_LABEL = 18


def draw(board: Board) -> str:
    """The picture of a board, as the text of an SVG file."""
    pile = list(board.pile())
    boxes = {element.id: box for element in pile if (box := _box(element, board)) is not None}
    frame = _frame(list(boxes.values()))
    title = board.title or ""
    around: Attributes = {"x": frame.x, "y": frame.y, "width": frame.w, "height": frame.h}
    view = " ".join(number(side) for side in (frame.x, frame.y, frame.w, frame.h))
    content = [
        _tag("title", {}, _safe(title)),
        _tag("rect", {**around, "fill": _CLOTH}),
        *_lines([title], frame.x + _EDGE, frame.y + _HEAD - 8, frame.w - 2 * _EDGE, 28, weight=700),
        *(_tag("g", {"id": element.id}, "".join(_element(element, boxes))) for element in pile),
    ]
    look: Attributes = {"font-family": _FONT, "fill": _INK, "role": "img"}
    size: Attributes = {"viewBox": view, "width": frame.w, "height": frame.h}
    picture = _tag("svg", {"xmlns": _XMLNS, **size, **look}, "\n" + "\n".join(content) + "\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture}\n'


def _tag(name: str, attributes: Attributes, content: str = "") -> str:
    """One element of XML. The values of attributes are our own, or ids, and need no escaping."""
    said = "".join(
        f' {key}="{value if isinstance(value, str) else number(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def _safe(words: str) -> str:
    """Words that may stand in XML 1.0. The door lets no control characters in (FOLD-37); a log from
    elsewhere may hold some.
    """
    shown = words.replace(PLACEHOLDER, "░")
    kept = "".join(sign for sign in shown if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))
    return escape(kept, {'"': "&quot;"})


def _number(element: Element, name: str) -> int:
    value = element.prop(name)
    assert isinstance(value, int)
    return value


def _box(element: Element, board: Board) -> Box | None:
    """Where an element lies; None for a stroke without points and a connector, which has no place of its
    own.
    """
    x, y = _number(element, "x"), _number(element, "y")
    match element.type:
        case "note" | "zone":
            return Box(x, y, _number(element, "w"), _number(element, "h"))
        case "ink":
            points = [point for run in _runs(element) for point in run]
            if not points:
                return None
            half = _number(element, "width")
            return _around([(x + dx, y + dy) for dx, dy, _ in points], half)
        case _:
            return _around(_ends(element, board), 0)


def _around(places: Sequence[tuple[float, float]], margin: float) -> Box:
    left, top = min(x for x, _ in places) - margin, min(y for _, y in places) - margin
    right, low = max(x for x, _ in places) + margin, max(y for _, y in places) + margin
    return Box(left, top, right - left, low - top)


def _ends(element: Element, board: Board) -> list[tuple[float, float]]:
    """The ends of a connector, the middle of what it joins where that is on the board."""
    places = []
    for name, x, y in (("from", "x", "y"), ("to", "x2", "y2")):
        joined = board.elements.get(str(element.prop(name)))
        if joined is not None and joined.aside is None and joined.type in {"note", "zone"}:
            corner = Box(*(_number(joined, side) for side in ("x", "y", "w", "h")))
            places.append(corner.centre)
        else:
            places.append((float(_number(element, x)), float(_number(element, y))))
    return places


def _frame(boxes: list[Box]) -> Box:
    if not boxes:
        return Box(0, 0, 640, 360)
    left, top = min(box.x for box in boxes) - _EDGE, min(box.y for box in boxes) - _EDGE - _HEAD
    right, low = max(box.x + box.w for box in boxes) + _EDGE, max(box.y + box.h for box in boxes) + _EDGE
    return Box(left, top, max(320.0, right - left), low - top)


def _element(element: Element, boxes: dict[str, Box]) -> Iterator[str]:
    match element.type:
        case "note":
            yield from _note(element, boxes[element.id])
        case "zone":
            yield from _zone(element, boxes[element.id])
        case "ink":
            yield from _stroke(element)
        case "connector":
            yield from _connector(element, boxes)


def _note(element: Element, box: Box) -> Iterator[str]:
    scale = note_scale(int(box.w), int(box.h))
    colour = str(element.prop("colour"))
    paper: Attributes = {"x": box.x, "y": box.y, "width": box.w, "height": box.h, "rx": 6}
    yield _tag("rect", {**paper, "y": box.y + 3, "fill": "#3c321e", "fill-opacity": "0.16"})
    yield _tag("rect", {**paper, "fill": NOTES[colour], "stroke": _INK, "stroke-opacity": "0.14"})
    mark = 14 * scale
    place: Attributes = {"x": box.x + box.w - mark - 5 * scale, "y": box.y + 5 * scale}
    seal: Attributes = {"width": mark, "height": mark, "viewBox": "0 0 16 16", "opacity": "0.72"}
    yield _tag("svg", {**place, **seal}, _MARKS[colour])
    fit = fit_note(element.text(), int(box.w), int(box.h))
    left, wide = box.x + PAD_X * scale, box.w - 2 * PAD_X * scale
    yield from _lines(fit.lines, left, box.y + PAD_Y * scale + fit.size, wide, fit.size)


def _zone(element: Element, box: Box) -> Iterator[str]:
    area: Attributes = {"x": box.x, "y": box.y, "width": box.w, "height": box.h, "rx": 6}
    edge: Attributes = {"stroke": _LINE, "stroke-width": 2, "stroke-dasharray": "8 6"}
    yield _tag("rect", {**area, "fill": NOTES[str(element.prop("colour"))], "fill-opacity": "0.35", **edge})
    yield from _lines(element.text().split("\n"), box.x + 16, box.y + 32, box.w - 32, 22, weight=700)


def _stroke(element: Element) -> Iterator[str]:
    colour = PENS[str(element.prop("colour"))]
    x, y, width = (_number(element, name) for name in ("x", "y", "width"))
    alt = element.words.get("alt")
    if alt:
        yield _tag("title", {}, _safe(alt))
    for run in _runs(element):
        yield _tag("path", {"transform": f"translate({x} {y})", "fill": colour, "d": stroke_path(run, width)})


def _runs(element: Element) -> Iterator[list[Point]]:
    """Points without a gap: nothing is drawn across a piece that was withheld."""
    run: list[Point] = []
    for piece in element.ink:
        if piece.points is None:
            if run:
                yield run
            run = []
        else:
            run.extend(decode_points(piece.points) or [])
    if run:
        yield run


def _connector(element: Element, boxes: dict[str, Box]) -> Iterator[str]:
    x, y, x2, y2 = (_number(element, name) for name in ("x", "y", "x2", "y2"))
    first = boxes.get(str(element.prop("from")), Box(x, y))
    last = boxes.get(str(element.prop("to")), Box(x2, y2))
    way = route(first, last)
    at = [f"{number(x)} {number(y)}" for x, y in (way.start, way.control, way.end, *way.barbs)]
    line: Attributes = {"stroke-width": "2.5", "stroke-linecap": "round", "stroke-linejoin": "round"}
    path = f"M{at[0]}Q{at[1]} {at[2]}M{at[3]}L{at[2]}L{at[4]}"
    yield _tag("path", {"d": path, "fill": "none", "stroke": PENS[str(element.prop("colour"))], **line})
    if not element.text():
        return
    lines = element.text().split("\n")
    wide, high = max(width_of(words) for words in lines) * _LABEL, len(lines) * _LABEL * LINE_HEIGHT
    left, top = way.middle[0] - wide / 2, way.middle[1] - high / 2
    ground: Attributes = {"x": left - 6, "y": top, "width": wide + 12, "height": high}
    yield _tag("rect", {**ground, "rx": 4, "fill": _CLOTH, "fill-opacity": "0.9"})
    yield from _lines(lines, left, top + _LABEL * 1.05, wide, _LABEL)


def _lines(
    lines: list[str], left: float, baseline: float, width: float, size: float, weight: int = 450
) -> Iterator[str]:
    """Lines under each other, each running its own way: from the right edge where its first strong sign
    says so.
    """
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        turned: Attributes = {"direction": "rtl"} if is_right_to_left(line) else {}
        place: Attributes = {
            "x": left + width if turned else left,
            "y": baseline + index * size * LINE_HEIGHT,
        }
        font: Attributes = {"font-size": size, "font-weight": str(weight), "xml:space": "preserve"}
        yield _tag("text", {**place, **font, **turned}, _safe(line))
