"""What may keep a command from entering a space, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tablecloth.client import Away, Gone, Refused, read_link
from tablecloth.problems import SetupProblem


@contextmanager
def entering(link: str) -> Iterator[None]:
    """Turn what the client raises into a SetupProblem. The link's secret is never among the words (TRAPS
    27).
    """
    server = read_link(link).server
    try:
        yield
    except Away:
        raise SetupProblem(
            f"Nobody answers at {server}.", "Is the server running, and the network the right one?"
        ) from None
    except (Gone, Refused) as problem:
        raise SetupProblem(problem.words) from None
