"""The fold's own refusal as an early answer (DESIGN §3), and what no edit may contain.

``refusal`` asks, before an edit costs an append: would the fold apply this now? It reads the board and
decides nothing. What was refused here was never an entry; what slips past it is a no-op in the fold with
the same reason.
"""

from __future__ import annotations

import re
from typing import cast

from tablecloth.core import limits
from tablecloth.core.anonymous import is_anonymous, may_write
from tablecloth.core.board import Board, Element
from tablecloth.core.edits import (
    AcceptEdit,
    AddEdit,
    AnyEdit,
    BoardEdit,
    BringBackEdit,
    InkEdit,
    LockEdit,
    OrderEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
    UnlockEdit,
    UnvaryEdit,
    VaryEdit,
)
from tablecloth.core.elements import FIXED, TYPES, values_fit
from tablecloth.core.ink import decode_points
from tablecloth.core.proposals import propose_refusal, said_refusal
from tablecloth.core.room_kinds import (
    PROPOSAL_EDITS,
    ObjectEdit,
    ProposalEdit,
    ProposeEdit,
    ResumeEdit,
    TakeBackEdit,
    VoteEdit,
)
from tablecloth.core.text import PLACEHOLDER
from tablecloth.core.whose import copy_fits, find_variant, words_kept

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff" + PLACEHOLDER + "]")


def words_fit(words: str) -> bool:
    """Whether words may enter a log (FOLD-37).

    No control characters but tab and newline, which no SVG or PDF could carry, no non-characters, no half of
    a surrogate pair, which UTF-8 can't carry, and no placeholder, which would look like withdrawn words.
    """
    return _UNFIT.search(words) is None


def malformed(edit: AnyEdit) -> str | None:
    """What is wrong with an edit by itself, whose schema was checked before: a reason, or None."""
    match edit:  # in the order of how many there are
        case TextEdit():
            length = 0
            for _, deleted, inserted in edit.splices:
                if deleted == 0 and inserted == 0:
                    return "bad-words"
                length += inserted
            return None if length == len(edit.inserted) and words_fit(edit.inserted) else "bad-words"
        case SetEdit():
            if (not edit.values and not edit.words) or any(name in edit.values for name in FIXED):
                return "bad-value"
            for value in edit.words.values():
                if not words_fit(value):
                    return "bad-words"
            return None
        case AddEdit():
            return None if values_fit(edit.type, edit.values) else "bad-value"
        case InkEdit():
            points = decode_points(edit.points)
            return None if points is not None and len(points) == edit.count else "bad-ink"
        case SetAsideEdit() | LockEdit() | ObjectEdit():
            return None if words_fit(edit.why) else "bad-words"
        case VaryEdit():
            fits = edit.splice[2] == len(edit.inserted) and words_fit(edit.inserted)
            return None if fits else "bad-words"
        case ProposeEdit():
            return None if all(map(words_fit, [edit.why, *edit.words.values()])) else "bad-words"
        case UnvaryEdit() | AcceptEdit():
            return None
        case BringBackEdit() | OrderEdit() | UnlockEdit() | VoteEdit() | TakeBackEdit() | ResumeEdit():
            return None


def refusal(board: Board, author: str, edit: AnyEdit, now: int) -> str | None:
    """Why the fold would not apply ``edit`` as the next entry; None if it would, as far as is cheap to tell.

    ``now`` (ms): about when that entry will be stamped. The board's own time stands still on a quiet board,
    and a lock must expire there too. ``k`` is the caller's to check, because it must count edits that are on
    their way to the log.
    """
    if (type(edit) in PROPOSAL_EDITS) is not (board.board == board.space):  # FOLD-100
        return "wrong-board"
    if is_anonymous(author) and (type(edit) in PROPOSAL_EDITS or not may_write(author, edit.element)):
        return "not-yours"
    if edit.base > board.seq:
        return "future-base"
    at = max(now, board.at)
    if type(edit) in PROPOSAL_EDITS:
        return _proposal_refusal(board, author, cast(ProposalEdit, edit), at)
    return board.decisions.held(author, at) or _board_refusal(board, author, cast(BoardEdit, edit), at)


def _proposal_refusal(board: Board, author: str, edit: ProposalEdit, at: int) -> str | None:
    proposal = board.decisions.proposals.get(edit.element)
    if proposal is not None:
        return said_refusal(board, author, proposal, edit)
    if not isinstance(edit, ProposeEdit):
        return "unknown-proposal"
    words = list(edit.words)
    return propose_refusal(
        board, at, author, edit.act, edit.board, edit.about, edit.elements, edit.values, words
    )


def _board_refusal(board: Board, author: str, edit: BoardEdit, at: int) -> str | None:
    element = board.elements.get(edit.element)
    if isinstance(edit, AddEdit):
        if element is not None:
            return "exists"
        if len(board.elements) >= limits.MAX_ELEMENTS:
            return "board-full"
        return None if copy_fits(board, edit.values) else "bad-value"
    if element is None:
        return "unknown-element"
    kind = TYPES[element.type]
    match edit:  # in the order of how many there are
        case TextEdit():
            if edit.field not in kind.fields:
                return "no-such-field"
            if (kept := words_kept(element, author)) is not None:
                return kept
            field = element.texts.get(edit.field)
            if field is None:
                return None
            bridge = field.bridges.get((author, edit.hand))
            if edit.base < field.floor_at(board.seq + 1, board.at):
                return "old-base"
            if bridge is not None and edit.base < bridge.base:
                return "old-base"
            return "text-full" if len(field.value) + len(edit.inserted) > limits.MAX_TEXT else None
        case SetEdit():
            fits = values_fit(element.type, edit.values)
            if not fits or (edit.words and any(name not in kind.words for name in edit.words)):
                return "bad-value"
            if "whose" in edit.values and element.born.author != author:
                return "not-yours"
            return (words_kept(element, author) if edit.words else None) or _held(element, at)
        case InkEdit():
            if not kind.has_ink:
                return "no-such-field"
            if element.born.author != author:
                return "not-yours"
            return "ink-full" if element.ink_count() + edit.count > limits.MAX_INK_POINTS else None
        case SetAsideEdit() | OrderEdit():
            return _held(element, at)
        case BringBackEdit():
            return None if element.aside is not None else "not-aside"
        case LockEdit():
            return "aside" if element.aside is not None else None
        case UnlockEdit():
            return None if element.is_locked(at) else "not-locked"
        case VaryEdit():
            return _vary_refusal(element, author, edit)
        case UnvaryEdit() | AcceptEdit():
            variant = find_variant(element, edit.field, edit.of)
            if variant is None or variant.stamp.seq != edit.variant:
                return "no-variant"
            is_own = isinstance(edit, UnvaryEdit) and author == edit.of
            return None if is_own or author == element.born.author else "not-yours"


def _vary_refusal(element: Element, author: str, edit: VaryEdit) -> str | None:
    kind = TYPES[element.type]
    position, deleted, inserted = edit.splice
    is_text = edit.field in kind.fields
    if not is_text and edit.field not in kind.words:
        return "no-such-field"
    if element.props.get("whose") == "mine" and element.born.author != author:
        return "not-yours"
    is_new = find_variant(element, edit.field, author) is None
    if is_new and len(element.variants) >= limits.MAX_VARIANTS:
        return "variants-full"
    if not is_text:
        return "bad-value" if position or deleted or inserted > limits.MAX_SHORT_TEXT else None
    return "text-full" if inserted and len(element.text(edit.field)) + inserted > limits.MAX_TEXT else None


def _held(element: Element, at: int) -> str | None:
    """What keeps an element as it is at ``at``: the margin or a lock."""
    if element.aside is not None:
        return "aside"
    return "locked" if element.is_locked(at) else None
