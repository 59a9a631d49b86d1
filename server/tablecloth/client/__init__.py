"""Take part in a space from Python: bots, scripts, tests and load.

    from tablecloth.client import connect

    async with connect("http://host:8080/s/…#…", name="Ada") as space:
        board = await space.open()
        note = await board.add("note", x=40, y=40, text="Hello")
        await board.type(note, 5, 0, ", world")
        print(board.elements[note].text)

It comes back by itself after a lost connection or a killed server, and every awaited call counts exactly
once.
"""

from __future__ import annotations

import secrets

from tablecloth.client.board import Board
from tablecloth.client.link import Link, read_link
from tablecloth.client.problems import Away, Gone, Refused
from tablecloth.client.space import KeptImage, Space, new_session
from tablecloth.replica.anonymous import Waits
from tablecloth.replica.own import TooLong
from tablecloth.replica.events import Folded
from tablecloth.replica.view import Seen
from tablecloth.replica.words import OldBase

__all__ = [
    "Away",
    "Board",
    "Folded",
    "Gone",
    "KeptImage",
    "Link",
    "OldBase",
    "Refused",
    "Seen",
    "Space",
    "TooLong",
    "Waits",
    "connect",
    "new_token",
    "read_link",
]


def connect(
    link: str,
    name: str = "",
    token: str | None = None,
    session: str | None = None,
    patience_s: float | None = 10.0,
    tries: int | None = None,
    waits: Waits | None = None,
) -> Space:
    """Enter the space that ``link`` opens; use it with ``async with``.

    ``token`` makes the pseudonym: keep it (``new_token``) to be the same participant another time.
    ``session`` is for a program that was stopped and goes on with its own numbers (PROTOCOL-20). On
    entering, Away is raised if nobody answered within ``patience_s`` (None: wait for ever) or ``tries`` were
    turned away (a person waits: ``tries=2`` says so in about a second), Gone if the link opens nothing,
    SetupProblem if it isn't a link. Later on it never gives up by itself. ``waits``: how long what is written
    without a name waits before it goes out; shorter ones than the usual tell who wrote it.
    """
    return Space(read_link(link), name, token or new_token(), session or new_session(), patience_s, tries, waits)


def new_token() -> str:
    """A participant's token: 192 random bits (PROTOCOL-6)."""
    return secrets.token_urlsafe(24)
