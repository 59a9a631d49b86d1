"""What folding a keystroke costs when others' keystrokes wait: a worker that is behind must not get slower.

Three people type in one note, each by what they had folded some entries ago.
"""

from __future__ import annotations

import random
import time

from tablecloth.core.board import new_board
from tablecloth.core.edits import AddEdit, AnyEdit, Entry, TextEdit
from tablecloth.core.entry import encode_entry, found
from tablecloth.core.fold import apply_read, read_head

HANDS = 3
ENTRIES = 1500


def log(behind: int) -> list[tuple[bytes, bytes | None]]:
    """Heads and bodies of a note in which three people type, each ``behind`` entries behind the tip."""
    chance = random.Random(behind)
    entries = [found("space-one", "board-one", bytes(32), "", bytes(16))]
    written = [0] * HANDS
    edits: list[AnyEdit] = [AddEdit("note-one", "hand-adds", 1, 1, "note", {})]
    for index in range(ENTRIES):
        hand = index % HANDS
        position = chance.randint(0, written[hand])
        base = max(2, index + 2 - behind)
        edit = TextEdit(
            "note-one", f"hand-{hand:04}", index // HANDS + 1, base, "text", [(position, 0, 1)], "x"
        )
        written[hand] += 1
        edits.append(edit)
    return entries + [encode_entry(edit, f"author-{edit.hand}", bytes(16)) for edit in edits]


def cost_s(behind: int) -> float:
    """CPU seconds to fold one such keystroke."""
    entries = log(behind)
    board = new_board("space-one", "board-one")
    read = [(Entry(seq, 1000, head, body), read_head(head)) for seq, (head, body) in enumerate(entries, 1)]
    began = time.thread_time()
    outcomes = [apply_read(board, entry, head) for entry, head in read]
    took = time.thread_time() - began
    assert all(outcome.reason is None for outcome in outcomes), {outcome.reason for outcome in outcomes}
    return took / ENTRIES
