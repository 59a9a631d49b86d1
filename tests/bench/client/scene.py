"""One board as plain data, the same for every whiteboard that is measured: mixed things on a loose grid.

Of a hundred things 60 are notes with words, 12 shapes, 12 strokes, 12 connectors between neighbours, 4
zones. Seeded: the same number gives the same scene.
"""

from __future__ import annotations

import math
import random
from typing import Any, TypeAlias

Thing: TypeAlias = dict[str, Any]

SEED = 20_260_301
CELL_W, CELL_H = 260, 220
_COLOURS = ("lemon", "peach", "rose", "lilac", "sky", "mint", "oat", "white")
_FORMS = ("rectangle", "ellipse", "diamond", "triangle")
_WORDS = (
    "a door that I can lock, people who ask me first, somewhere to sit at the bus stop, the kettle is always on, "
    "who is not here yet, write it large, we tried that in spring, ask the drivers, more time between rounds"
).split()


def mixed(count: int) -> list[Thing]:
    """So many things. Boxes come before the connectors that join them."""
    chance = random.Random(SEED + count)
    boxes = [kind for kind, share in (("note", 60), ("shape", 12), ("ink", 12), ("zone", 4)) for _ in range(share)]
    connectors = count * 12 // 100
    columns = max(1, math.ceil(math.sqrt((count - connectors) * CELL_H / CELL_W)))
    things = []
    for index in range(count - connectors):
        x = (index % columns) * CELL_W + chance.randrange(30)
        y = (index // columns) * CELL_H + chance.randrange(30)
        things.append(_box(boxes[chance.randrange(len(boxes))], f"thing{index:07}", x, y, chance))
    joined = [thing for thing in things if thing["type"] in ("note", "shape")]
    things += [_connector(f"line{index:08}", joined, columns, chance) for index in range(connectors)]
    return things


def _box(kind: str, name: str, x: int, y: int, chance: random.Random) -> Thing:
    place = {"id": name, "type": kind, "x": x, "y": y}
    words = " ".join(chance.choices(_WORDS, k=chance.randrange(3, 14)))
    match kind:
        case "note":
            return {**place, "w": 200, "h": 160, "colour": chance.choice(_COLOURS), "text": words}
        case "shape":
            return {**place, "w": 180, "h": 120, "form": chance.choice(_FORMS), "text": words[:24].strip()}
        case "zone":
            return {**place, "w": 560, "h": 420, "colour": chance.choice(_COLOURS[:-1]), "text": words[:20].strip()}
        case _:
            points = [
                [step * 6, round(50 + 40 * math.sin(step / 3 + x)), 90 + step % 80] for step in range(30)
            ]
            return {**place, "w": 174, "h": 80, "points": points}


def _connector(name: str, boxes: list[Thing], columns: int, chance: random.Random) -> Thing:
    at = chance.randrange(len(boxes) - 1)
    here = boxes[at]
    there = boxes[min(len(boxes) - 1, at + chance.choice((1, 1, 2, columns // 2 + 1)))]
    if there is here:
        there = boxes[at - 1]
    ends = {"x": here["x"] + 100, "y": here["y"] + 80, "x2": there["x"] + 100, "y2": there["y"] + 80}
    return {"id": name, "type": "connector", "from": here["id"], "to": there["id"], **ends}


def middle(things: list[Thing]) -> tuple[int, int]:
    """Where the scene's middle is."""
    boxes = [thing for thing in things if thing["type"] != "connector"]
    return max(box["x"] for box in boxes) // 2, max(box["y"] for box in boxes) // 2
