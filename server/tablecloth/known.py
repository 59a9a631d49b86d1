"""What this worker made lately and will read again: heads that it encoded itself, by their bytes.

There is one path: a worker learns of its own edits from the log (DESIGN §3). What comes back are the bytes
that it encoded when it admitted the edit, and reading them again (decode, check every id, encode, compare:
FOLD-1) is a sixth of all it does for an edit. So the head is kept until then. Bytes that are equal mean the
same, wherever they come from; a board folds to the same state with or without this.

Invariant: ``take`` answers what ``fold.read_head`` and ``fold.read_content`` would, or None. Heads whose
entries never come (the log refused the group) go when there are too many.
"""

from __future__ import annotations

from typing import TypeAlias

from tablecloth.core.edits import AnyHead, Content
from tablecloth.core.fold import read_content

MOST = 10_000
"""More than are ever on their way through the log at once; some megabytes."""

_Kept: TypeAlias = tuple[AnyHead, bytes | None, Content | None]


class Known:
    """One a worker."""

    def __init__(self) -> None:
        self._kept: dict[bytes, _Kept] = {}

    def keep(self, data: bytes, head: AnyHead, body: bytes | None, content: Content | None) -> None:
        """``data`` is how ``head`` was encoded. ``content``: what is in ``body``, None if unread."""
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]  # the oldest
        self._kept[data] = (head, body, content)

    def take(self, data: bytes, body: bytes | None) -> tuple[AnyHead, Content | None] | None:
        """The head and the content of these bytes, if the head is known; then it is forgotten."""
        kept = self._kept.pop(data, None)
        if kept is None:
            return None
        head, held, content = kept
        # A body may have been withheld or withdrawn since (DESIGN §4.6), so its bytes count, not the memory.
        return head, content if content is not None and held == body else read_content(body)
