"""What can be proposed, and which parts each act takes (FOLD-102)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tablecloth.core.agreement import SECTIONS, numbers_fit

ACTS = (
    "close",
    "reopen",
    "clear",
    "pause",
    "agreement",
    "restore",
    "rename",
    "removeimage",
    "newlinks",
)
NEVER_ALONE = frozenset(("pause", "newlinks"))
"""Acts about others' rights: with nobody but the proposer there, they fall (FOLD-105)."""
WAITS_ALONE = frozenset(("removeimage",))
"""Acts that nothing brings back: they wait their full time, even for one person alone (FOLD-105)."""
ON_BOARDS = frozenset(("close", "reopen", "clear", "restore"))
"""Acts about one board, never the space itself."""

_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")
_ASSET = re.compile(r"[0-9a-f]{64}")


def act_fits(
    space: str,
    author: str,
    act: str,
    board: str,
    about: str,
    elements: Sequence[str],
    values: Mapping[str, int | str],
    words: Collection[str],
) -> bool:
    """Whether a proposal has exactly the parts that its act takes."""
    if (act in ON_BOARDS) is not (board not in {"", space}) and act not in {"rename", "removeimage"}:
        return False
    if (act not in {"clear", "removeimage"} and elements) or len(set(elements)) != len(elements):
        return False
    if act not in {"pause", "agreement", "restore"} and values:
        return False
    if (act not in {"rename", "agreement"} and words) or len(set(words)) != len(words):
        return False
    if act not in {"clear", "pause", "removeimage"} and about:
        return False
    match act:
        case "close" | "reopen":
            return True
        case "clear":
            return bool(elements) and (about == "" or _ID.fullmatch(about) is not None)
        case "pause":
            return (
                board == ""
                and _ID.fullmatch(about) is not None
                and about != author
                and _one(values, "minutes")
            )
        case "agreement":
            return (
                board == ""
                and bool(values or words)
                and numbers_fit(dict(values))
                and all(name in SECTIONS for name in words)
            )
        case "restore":
            return _one(values, "seq")
        case "rename":
            return board != "" and list(words) == ["title"]
        case "removeimage":
            return len(elements) <= 1 and _ASSET.fullmatch(about) is not None
        case "newlinks":
            return board == ""
        case _:
            return False


def _one(values: Mapping[str, int | str], name: str) -> bool:
    """Whether there is this one number, from 1 on, and no other."""
    value = values.get(name)
    return len(values) == 1 and isinstance(value, int) and value >= 1
