"""What keeps a command from doing its work, in words for the person at the keyboard.

Raised wherever set-up is at fault (a port that is taken, a folder that can't be written to, a link that opens
nothing), caught in one place (``cli.main``), printed without a traceback.
"""

from __future__ import annotations


class SetupProblem(Exception):
    """Something about this machine or this call is not as it must be.

    ``what`` says what was found, ``do`` what to do about it; both are whole sentences in plain words.
    """

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do
