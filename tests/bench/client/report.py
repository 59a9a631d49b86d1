"""The figures of ``make bench-client`` for people: a line as each comes, a table in the end."""

from __future__ import annotations

from collections.abc import Mapping

from tests.bench.client.measure import Found, at

_FRAMES = ("pan near", "zoom", "pan far")


def line(found: Found) -> str:
    """One finding in a line or two."""
    parts = [f"editable after {_opened(found)}"]
    parts += [f"{name} {_frames(found, name)} ms" for name in ("still", *_FRAMES)]
    if "strokes" in found:
        parts.append(f"key to letter {_strokes(found)} ms ({len(found['strokes'])} keys)")
    if "weight" in found:
        parts.append(f"{_code(found)} before the first edit, fonts {_fonts(found)}")
    if "heap" in found:
        parts.append(f"heap {_heap(found, 'heap')}, after an hour {_heap(found, 'heap after')}")
    if "stopped" in found:
        parts.append(f"stopped: {found['stopped']}")
    return "  " + "; ".join(parts)


def table(told: Mapping[tuple[str, int], Found]) -> str:
    """All findings, by board and number of things, as two tables in Markdown."""
    rows = [
        "| | things | editable after | pan near p50 / p95 | zoom p50 / p95 | pan far p50 / p95 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for (name, count), found in told.items():
        cells = [name, f"{count:,}", _opened(found), *(_frames(found, one) for one in _FRAMES)]
        rows.append(f"| {' | '.join(cells)} |")
    whole = {name: found for (name, _), found in told.items() if "weight" in found}
    if whole:
        rows += [
            "",
            "| | key to letter p50 / p95, ms | before the first edit, gzip | fonts | heap | after an hour |",
            "|---|---:|---:|---:|---:|---:|",
        ]
    for name, found in whole.items():
        cells = [
            name,
            _strokes(found),
            _code(found),
            _fonts(found),
            _heap(found, "heap"),
            _heap(found, "heap after"),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _opened(found: Found) -> str:
    return f"{found['open'] / 1000:.2f} s" if "open" in found else _missing(found)


def _frames(found: Found, name: str) -> str:
    one = found.get(name)
    return f"{one['p50']:.1f} / {one['p95']:.1f}" if one is not None else _missing(found)


def _strokes(found: Found) -> str:
    strokes = found.get("strokes")
    return f"{at(strokes, 0.5):.0f} / {at(strokes, 0.95):.0f}" if strokes else _missing(found)


def _code(found: Found) -> str:
    return (
        f"{sum(found['weight'].get(kind, 0) for kind in ('script', 'stylesheet', 'document')) / 1000:.0f} kB"
    )


def _fonts(found: Found) -> str:
    return f"{found['weight'].get('font', 0) / 1000:.0f} kB"


def _heap(found: Found, name: str) -> str:
    return f"{found[name]:.0f} MB" if name in found else _missing(found)


def _missing(found: Found) -> str:
    return str(found.get("stopped", "not measured"))
