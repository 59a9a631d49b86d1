"""What may keep a command from entering a space, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tablecloth.client import Away, Gone, Refused, read_link
from tablecloth.problems import SetupProblem

TRIES = 2
"""A person waits at the keyboard."""


@contextmanager
def entering(link: str) -> Iterator[None]:
    """Turn what the client raises into a SetupProblem. The link's secret is never among the words (TRAPS
    27).
    """
    server = read_link(link).server
    try:
        yield
    except Away as away:
        nobody = f"Nobody answers at {server}."
        what = "Is the server running, and the network the right one?" if str(away) == nobody else ""
        raise SetupProblem(str(away), what or "Please try again in a moment.") from None
    except (Gone, Refused) as problem:
        raise SetupProblem(problem.words) from None
