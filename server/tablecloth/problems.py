"""What stands in the way of a start, told so that somebody who is no programmer can mend it.

Raised while things are being set up (command line, embedded Valkey, addresses), shown by the command line and by
``tablecloth doctor``. Once boards are being served nothing raises it: from then on the server goes on, degraded.
Rejected: exit codes and log lines (nobody reads them), subclasses for each cause (nobody tells them apart).
"""

from __future__ import annotations


class SetupProblem(Exception):
    """Something outside Tablecloth keeps it from starting.

    ``what``: what happened and what was kept, one or two sentences. ``do``: what to do next, as an invitation.
    Both are shown as they are, so they hold no secrets and no tracebacks.
    """

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what} {do}")
        self.what = what
        self.do = do
