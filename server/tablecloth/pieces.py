"""A board's canonical bytes, kept in pieces, so that a snapshot costs what changed and not what is there.

Encoding ten thousand elements takes a tenth of a second, during which a worker could serve nobody. Here each
element's bytes are kept; what an entry touched is encoded anew at the next snapshot, as is an element whose
text window has aged (FOLD-34). Joining and gzip run in a thread: they work on bytes that nothing changes.

Invariant: ``take`` then ``Sheet.data`` equals ``to_canonical`` of the board at that moment (FOLD-70).

Rejected: encoding the live board in a thread (it changes meanwhile); a second fold of the board in a process
of its own (twice the memory and the work, for something that happens every thousand entries).
"""

from __future__ import annotations

import dataclasses
import gzip
from dataclasses import dataclass

from tablecloth.core.board import Board, Element
from tablecloth.core.canonical import element_bytes, join_canonical
from tablecloth.core.canonical_decisions import decisions_bytes

_LEVEL = 1
"""Of gzip: five times as fast as the default, and 3 % larger, on boards of notes."""


@dataclass(slots=True, frozen=True)
class Sheet:
    """A board at one moment, in pieces. ``header`` has everything but the elements and decisions."""

    header: Board
    pieces: list[tuple[str, bytes]]
    decisions: bytes

    def data(self) -> bytes:
        """The canonical bytes. Takes long for large boards; may run in any thread."""
        return join_canonical(self.header, [piece for _, piece in sorted(self.pieces)], self.decisions)

    def gzipped(self) -> bytes:
        """What a ``snapshot`` frame and the log keep (PROTOCOL-12). Takes long; may run in any thread."""
        return gzip.compress(self.data(), _LEVEL, mtime=0)


class Pieces:
    """The pieces of one board that is being folded on."""

    def __init__(self) -> None:
        self._pieces: dict[str, bytes] = {}
        self._touched: set[str] = set()
        self._with_window: set[str] = set()

    def fill(self, board: Board) -> None:
        """Encode everything, for a board that was just loaded. Takes long; runs in the loading thread."""
        self._touched.update(board.elements)
        self.take(board)

    def touch(self, element: str) -> None:
        """An entry named this element."""
        self._touched.add(element)

    def take(self, board: Board) -> Sheet:
        """The board as it is now. Costs what was touched since the last time."""
        elements = board.elements
        for ident in self._touched | self._with_window:
            element = elements.get(ident)
            if element is not None and (ident in self._touched or _has_aged(element, board)):
                self._encode(element, board)
        self._touched.clear()
        header = dataclasses.replace(board, elements={})
        return Sheet(header, list(self._pieces.items()), decisions_bytes(board.decisions))

    def _encode(self, element: Element, board: Board) -> None:
        for field in element.texts.values():
            field.prune(board.seq, board.at)  # FOLD-34: early or late makes no difference to any answer
        self._pieces[element.id] = element_bytes(element, board.seq, board.at)
        if any(field.window for field in element.texts.values()):
            self._with_window.add(element.id)
        else:
            self._with_window.discard(element.id)


def _has_aged(element: Element, board: Board) -> bool:
    return any(field.outdated(board.seq, board.at) for field in element.texts.values())
