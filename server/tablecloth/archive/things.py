"""What lies on the cloth, drawn: notes, zones, shapes, pictures and strokes, with their words as words.

Colours and patterns are the client's (``client/src/ui/tokens.css``, ``NoteMark.svelte``), sizes those of
``client/src/board/fit.ts``. Everything is drawn from the element alone, at its own place.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

from tablecloth.archive.forms import Box, corners_of, room_in
from tablecloth.archive.lettering import (
    LINE_HEIGHT,
    PAD_X,
    PAD_Y,
    SHAPE_PAD,
    Fit,
    fit_note,
    fit_shape,
    is_right_to_left,
    note_scale,
    weight_of,
)
from tablecloth.archive.markup import Attributes, number, safe, tag
from tablecloth.archive.strokes import line_path, stroke_path
from tablecloth.archive.ways import dashes
from tablecloth.core.board import Element
from tablecloth.core.ink import Point, decode_points

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
INK, CLOTH, LINE = "#22201c", "#fbf8f1", "#7a7264"
_LINES = f'fill="none" stroke="{INK}" stroke-width'
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
_GLOW = "0.34"
"""How much of a highlighter's ink is seen: words under it stay readable."""
_MEDIA = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
_LANDSCAPE = "M2 20L9 10L14 16L17 12L22 20ZM17 5a2 2 0 1 1 0 4a2 2 0 1 1 0-4"


def whole(element: Element, name: str) -> int:
    """A property that is an integer."""
    value = element.prop(name)
    assert isinstance(value, int)
    return value


def name_of(element: Element, name: str) -> str:
    """A property that is a name or an id."""
    return str(element.prop(name))


def thing(element: Element, box: Box, pictures: Mapping[str, bytes]) -> Iterator[str]:
    """An element in its box, as elements of SVG. ``pictures``: bytes by asset, as far as they are at hand."""
    match element.type:
        case "note":
            yield from _note(element, box)
        case "zone":
            yield from _zone(element, box)
        case "shape":
            yield from _shape(element, box)
        case "image":
            yield from _image(element, box, pictures.get(name_of(element, "asset")))
        case "ink":
            yield from _stroke(element)


def _rect(box: Box, rx: float) -> Attributes:
    return {"x": box.x, "y": box.y, "width": box.w, "height": box.h, "rx": rx}


def _note(element: Element, box: Box) -> Iterator[str]:
    scale = note_scale(int(box.w), int(box.h))
    colour = name_of(element, "colour")
    paper = _rect(box, 6)
    yield tag("rect", {**paper, "y": box.y + 3, "fill": "#3c321e", "fill-opacity": "0.16"})
    yield tag("rect", {**paper, "fill": NOTES[colour], "stroke": INK, "stroke-opacity": "0.14"})
    mark = 14 * scale
    place: Attributes = {"x": box.x + box.w - mark - 5 * scale, "y": box.y + 5 * scale}
    seal: Attributes = {"width": mark, "height": mark, "viewBox": "0 0 16 16", "opacity": "0.72"}
    yield tag("svg", {**place, **seal}, _MARKS[colour])
    fit = fit_note(element.text(), int(box.w), int(box.h), *_lettering(element))
    left, wide = box.x + PAD_X * scale, box.w - 2 * PAD_X * scale
    room = Box(left, box.y + PAD_Y * scale, wide, fit.size * LINE_HEIGHT)
    yield from lines(fit.lines, room, fit.size, weight_of(is_bold(element)), name_of(element, "dir"))


def _lettering(element: Element) -> tuple[str, bool]:
    return name_of(element, "font"), is_bold(element)


def is_bold(element: Element) -> bool:
    return element.prop("bold") == 1


def _zone(element: Element, box: Box) -> Iterator[str]:
    edge: Attributes = {"stroke": LINE, "stroke-width": 2, "stroke-dasharray": "8 6"}
    fill: Attributes = {"fill": NOTES[name_of(element, "colour")], "fill-opacity": "0.35"}
    yield tag("rect", {**_rect(box, 6), **fill, **edge})
    room = Box(box.x + 16, box.y + 10, box.w - 32, 0)
    yield from lines(element.text().split("\n"), room, 22, 700)


def _shape(element: Element, box: Box) -> Iterator[str]:
    form, width = name_of(element, "form"), whole(element, "width")
    fill, dash = name_of(element, "fill"), dashes(name_of(element, "line"), width)
    look: Attributes = {
        "fill": "none" if fill == "none" else NOTES[fill],
        "stroke": PENS[name_of(element, "colour")],
        "stroke-width": width,
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
        **({"stroke-dasharray": dash} if dash else {}),
    }
    x, y = box.centre
    match form:
        case "rectangle":
            yield tag("rect", {**_rect(box, 2), **look})
        case "ellipse":
            yield tag("ellipse", {"cx": x, "cy": y, "rx": box.w / 2, "ry": box.h / 2, **look})
        case _:
            points = " ".join(f"{number(x)},{number(y)}" for x, y in corners_of(form, box))
            yield tag("polygon", {"points": points, **look})
    inner = room_in(form, box).grown(-SHAPE_PAD)
    fit = fit_shape(element.text(), inner.w, inner.h, min(box.w / 200, box.h / 120), *_lettering(element))
    weight = weight_of(is_bold(element))
    yield from lines(fit.lines, _in_the_middle(fit, inner), fit.size, weight, name_of(element, "dir"), True)


def _in_the_middle(fit: Fit, room: Box) -> Box:
    high = len(fit.lines) * fit.size * LINE_HEIGHT
    return Box(room.x, room.y + max(0.0, (room.h - high) / 2), room.w, high)


def _image(element: Element, box: Box, data: bytes | None) -> Iterator[str]:
    alt = element.words.get("alt", "")
    if alt:
        yield tag("title", {}, safe(alt))
    place: Attributes = {"x": box.x, "y": box.y, "width": box.w, "height": box.h}
    media = (
        None if data is None else next((kind for sign, kind in _MEDIA.items() if data.startswith(sign)), None)
    )
    if data is not None and media is not None:
        address = f"data:{media};base64,{base64.b64encode(data).decode()}"
        yield tag("image", {**place, "preserveAspectRatio": "none", "href": address})
        return
    yield tag("rect", {**place, "rx": 3, "fill": CLOTH, "stroke": LINE})
    words = "░" if alt is None else alt
    size = max(12.0, min(box.w, box.h) / 12)
    if not words:
        side = min(box.w, box.h) / 3
        x, y = box.centre
        sign: Attributes = {"x": x - side / 2, "y": y - side / 2, "width": side, "height": side}
        yield tag("svg", {**sign, "viewBox": "0 0 24 24"}, tag("path", {"d": _LANDSCAPE, "fill": LINE}))
        return
    fit = fit_shape(words, max(1.0, box.w - 2 * size), max(1.0, box.h - size), size / 20)
    yield from lines(fit.lines, _in_the_middle(fit, box.grown(-size / 2)), fit.size, is_centred=True)


def _stroke(element: Element) -> Iterator[str]:
    colour, width = PENS[name_of(element, "colour")], whole(element, "width")
    alt = element.words.get("alt")
    if alt:
        yield tag("title", {}, safe(alt))
    move = f"translate({whole(element, 'x')} {whole(element, 'y')})"
    scale = whole(element, "scale")
    if scale != 100:
        move += f" scale({scale / 100:g})"
    if name_of(element, "tip") == "highlighter":
        # One even line, stroked and not filled: where it crosses itself it is no darker.
        path = "".join(line_path(run) for run in runs_of(element))
        look: Attributes = {
            "fill": "none",
            "stroke": colour,
            "stroke-width": width,
            "stroke-linejoin": "round",
        }
        glow: Attributes = {"stroke-opacity": _GLOW, "style": "mix-blend-mode:multiply"}
        yield tag("path", {"transform": move, **look, **glow, "d": path})
        return
    for run in runs_of(element):
        yield tag("path", {"transform": move, "fill": colour, "d": stroke_path(run, width)})


def runs_of(element: Element) -> Iterator[list[Point]]:
    """A stroke's points without a gap: nothing is drawn across a piece that was withheld."""
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


def lines(
    said: list[str],
    room: Box,
    size: float,
    weight: int = 450,
    direction: str = "auto",
    is_centred: bool = False,
) -> Iterator[str]:
    """Lines under each other from the top of ``room``, each running its own way: from the right edge where
    its first strong sign says so, or ``direction`` does.
    """
    for index, line in enumerate(said):
        if not line.strip():
            continue
        is_rtl = direction == "rtl" or (direction == "auto" and is_right_to_left(line))
        turned: Attributes = {"direction": "rtl"} if is_rtl else {}
        anchor: Attributes = {"text-anchor": "middle"} if is_centred else {}
        at = room.x + room.w / 2 if is_centred else room.x + room.w if is_rtl else room.x
        place: Attributes = {"x": at, "y": room.y + size + index * size * LINE_HEIGHT}
        font: Attributes = {"font-size": size, "font-weight": str(weight), "xml:space": "preserve"}
        yield tag("text", {**place, **font, **turned, **anchor}, safe(line))
