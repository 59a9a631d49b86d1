"""What the room decided, on a board: rulings, and elements as they were (FOLD-120 to FOLD-127).

A ruling is idempotent by its proposal: workers may append it again after a crash, and the fold takes it once.
"""

from __future__ import annotations

from tablecloth.core.agreement import BOARD_NUMBERS, numbers_fit
from tablecloth.core.board import Aside, Board
from tablecloth.core.decisions import Ruling
from tablecloth.core.edits import Content
from tablecloth.core.elements import TYPES, values_fit
from tablecloth.core.room_kinds import RestoredHead, RulingHead
from tablecloth.core.stamp import Stamp
from tablecloth.core.writing import write


def _said(content: Content | None, names: list[str]) -> list[str | None]:
    """The reason and the words by their names' order; None where they are withheld."""
    if isinstance(content, list) and len(content) == len(names) + 1:
        return [*content]
    return [None] * (len(names) + 1)


def apply_ruling(board: Board, seq: int, at: int, head: RulingHead, content: Content | None) -> str | None:
    """A decision reaches this board (FOLD-120)."""
    known = board.decisions
    if board.board == board.space:
        return "wrong-board"
    if head.proposal in known.rulings:
        return "repeat"
    if not _ruling_fits(head):
        return "bad-value"
    stamp = Stamp(seq, at, head.author)
    said = _said(content, head.words)
    known.rulings[head.proposal] = Ruling(head.act, stamp)
    match head.act:
        case "close":
            known.closed = stamp
        case "reopen":
            known.closed = None
        case "pause":
            until = head.values["until"]
            assert isinstance(until, int)
            known.pause(head.about, until, at)
        case "clear":
            _clear(board, head.elements, Aside(stamp, said[0]))
        case "agreement":
            known.numbers.update(
                {name: value for name, value in head.values.items() if isinstance(value, int)}
            )
        case "rename":
            board.title = said[1]
        case "removeimage":
            known.removed[head.about] = head.proposal
        case _:  # restore: its entries stand before it
            pass
    return None


def _ruling_fits(head: RulingHead) -> bool:
    match head.act:
        case "pause":
            return isinstance(head.values.get("until"), int)
        case "agreement":
            return numbers_fit(head.values) and all(name in BOARD_NUMBERS for name in head.values)
        case "rename":
            return head.words == ["title"]
        case "close" | "reopen" | "clear" | "removeimage" | "restore":
            return True
        case _:
            return False


def _clear(board: Board, elements: list[str], aside: Aside) -> None:
    # FOLD-123: the room's word stands above a lock; what lies in the margin already stays there as it is.
    for ident in elements:
        element = board.elements.get(ident)
        if element is not None and element.aside is None:
            element.aside = aside


def apply_restored(
    board: Board, seq: int, at: int, head: RestoredHead, content: Content | None
) -> str | None:
    """One element as it was (FOLD-127). Words that others wrote since ``base`` stay, as in every text
    entry.
    """
    if board.board == board.space:
        return "wrong-board"
    if head.proposal in board.decisions.rulings:
        return "repeat"
    element = board.elements.get(head.element)
    if element is None:
        return "unknown-element"
    if head.base >= seq:
        return "future-base"
    kind = TYPES[element.type]
    fits = values_fit(element.type, head.values) and all(name in kind.words for name in head.words)
    if not fits or len(set(head.words)) != len(head.words) or (head.splices and not kind.fields):
        return "bad-value"
    stamp = Stamp(seq, at, head.author)
    said = content if isinstance(content, list) and len(content) == len(head.words) + 2 else None
    if head.place:
        element.aside = Aside(stamp, said[0] if said else None) if head.place == 1 else None
    for name, value in head.values.items():
        element.props[name], element.stamps[name] = value, stamp
    for place, name in enumerate(head.words):
        element.words[name], element.stamps[name] = said[place + 1] if said else None, stamp
    if head.splices:
        inserted = said[-1] if said else None
        write(element, stamp, head.proposal, head.base, kind.fields[0], head.splices, inserted)
    return None
