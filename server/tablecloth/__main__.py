"""``python -m tablecloth``: the same as the command ``tablecloth``."""

from __future__ import annotations

import sys

from tablecloth.cli import main

if __name__ == "__main__":
    sys.exit(main())
