"""Which edits were acknowledged, by what crossed the wire: noted where the Python client sends and hears.

What a caller of the client awaits is later than the ack (the entry was folded, too). An edit that was
acknowledged just before everything is killed must be in the log all the same, and this is what knows of it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeAlias

import pytest
from tablecloth.replica.board import Replica
from tablecloth.wire.frames import Ack, EditFrame

Hand: TypeAlias = tuple[str, str, str, int]
"""(element, author, hand, k)"""


class AckBook:
    """Every acknowledged edit of every client of this process, by (space, board)."""

    def __init__(self) -> None:
        self.acked: dict[tuple[str, str], set[Hand]] = defaultdict(set)
        self._sent: dict[tuple[int, int], list[Hand]] = {}

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin to note. Replicas must live as long as this book."""
        outgoing, receive = Replica.outgoing, Replica.receive
        book = self

        def noting_outgoing(replica: Replica) -> list[EditFrame]:
            frames = outgoing(replica)
            for frame in frames:
                hands = [(edit.element, replica.author, edit.hand, edit.k) for edit in frame.edits]
                book._sent[id(replica), frame.n] = hands
            return frames

        def noting_receive(replica: Replica, frame: Any) -> Any:
            if isinstance(frame, Ack):
                for n, _ in frame.acks:
                    book.acked[replica.space, replica.board].update(book._sent[id(replica), n])
            return receive(replica, frame)

        monkeypatch.setattr(Replica, "outgoing", noting_outgoing)
        monkeypatch.setattr(Replica, "receive", noting_receive)
