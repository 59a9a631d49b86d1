"""What the door does so that nothing joins an anonymous element to another one or to a person: PROTOCOL-80 to
-82.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tablecloth.core.anonymous import is_anonymous
from tablecloth.core.board import Board, Element
from tablecloth.core.edits import AnyEdit, TextEdit
from tablecloth.wire.frames import Here

FIRST_BASE = 1
"""What a group that adds an anonymous element says it had folded: the founding entry, whoever writes it."""


def tells(board: Board, edits: Sequence[AnyEdit]) -> str | None:
    """Whether a base says how far this very device had folded, which would join all that it writes
    (PROTOCOL-82). ``tells``, or None.
    """
    is_plain = all(edit.base in _bases(board.elements.get(edit.element), edit) for edit in edits)
    return None if is_plain else "tells"


def _bases(element: Element | None, edit: AnyEdit) -> set[int]:
    if element is None:
        return {FIRST_BASE}
    bases = {element.born.seq}
    field = element.texts.get(edit.field) if isinstance(edit, TextEdit) else None
    if field is not None:
        bases.update((field.floor, *(one.seq for one in field.window)))
    return bases


def fit_to_show(here: Here, board: Board) -> Here:
    """The same without what it says of anonymous elements: nobody's hand is shown on one (PROTOCOL-81).

    Of everybody, not only of an author: were others' hands shown there, the one that isn't would be the
    author's.
    """
    if not (here.selected or here.drag or here.caret or here.stroke):
        return here

    def is_hidden(element: str) -> bool:
        known = board.elements.get(element)
        return known is not None and is_anonymous(known.born.author)

    single = [part.element for part in (here.caret, here.stroke) if part is not None]
    if not any(map(is_hidden, (*here.selected, *(drag.element for drag in here.drag), *single))):
        return here
    return msgspec.structs.replace(
        here,
        selected=[element for element in here.selected if not is_hidden(element)],
        drag=[drag for drag in here.drag if not is_hidden(drag.element)],
        caret=None if here.caret is None or is_hidden(here.caret.element) else here.caret,
        stroke=None if here.stroke is None or is_hidden(here.stroke.element) else here.stroke,
    )
