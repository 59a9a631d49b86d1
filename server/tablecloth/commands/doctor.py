"""``tablecloth doctor``: the findings of ``tablecloth.doctor``, one line each, and what to do about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tablecloth.doctor import examine

_SIGNS = {"well": "OK  ", "worth knowing": "note", "amiss": "MEND"}


def run(words: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print all findings; 0 if nothing keeps Tablecloth from working, else 1."""
    amiss = 0
    for finding in examine(words.port, words.data or _default_data()):
        say(f"{_SIGNS[finding.verdict]}  {finding.about:<9} {finding.what}")
        if finding.do:
            say(f"{'':>16}{finding.do}")
        amiss += finding.verdict == "amiss"
    say("")
    if amiss == 0:
        say("Tablecloth can run here: tablecloth serve")
        return 0
    say("One thing is to be mended first." if amiss == 1 else f"{amiss} things are to be mended first.")
    return 1


def _default_data() -> Path:
    """Where ``serve`` keeps boards; asked for here, so that a machine without packages still gets its
    findings.
    """
    try:
        from tablecloth.log.embedded import default_data_dir
    except ImportError:
        return Path.home()
    return default_data_dir()
