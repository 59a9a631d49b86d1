"""Where the shared vectors lie, and the note that one was run (scripts/cross_check.py reads it)."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "schemas" / "vectors"
NOTES = ROOT / ".build" / "reports" / "vectors-python.txt"


def vector_files(folder: str = "") -> list[Path]:
    """Return the vector files of a folder under schemas/vectors, in order."""
    return sorted((VECTORS / folder).rglob("*.json"))


def read_vector(path: Path) -> Any:
    """Return what a vector file holds, and note that it was run."""
    NOTES.parent.mkdir(parents=True, exist_ok=True)
    with NOTES.open("a", encoding="utf-8") as notes:
        notes.write(path.relative_to(VECTORS).as_posix() + "\n")
    return json.loads(path.read_text(encoding="utf-8"))
