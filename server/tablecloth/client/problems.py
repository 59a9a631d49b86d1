"""What an awaited call may raise beside what Python itself does."""

from __future__ import annotations


class Refused(Exception):
    """An edit was not taken, or changed nothing. ``code`` stands in PROTOCOL-23 or FOLD.md; ``words`` are
    for people.

    The board is as if it had never been sent. Sending the same once more is harmless. ``is_logged``: the
    door let it through and the log has it, but the fold found that it no longer applies (somebody was
    faster).
    """

    def __init__(self, code: str, words: str, is_logged: bool = False) -> None:
        super().__init__(f"{words} ({code})")
        self.code = code
        self.words = words
        self.is_logged = is_logged


class Gone(Exception):
    """The space can't be entered any more: the link opens nothing, or the versions differ (PROTOCOL-41).

    Nobody knows what became of edits that were not settled by then.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class Away(Exception):
    """Nobody answered at the address within the patience that the caller has."""
