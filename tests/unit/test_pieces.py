"""Snapshots by pieces are the canonical form, whatever happened since the last one (FOLD-70)."""

from __future__ import annotations

import gzip

import pytest
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import from_canonical, to_canonical
from tablecloth.core.edits import Entry, touched_by
from tablecloth.core.fold import apply_read, read_head
from tablecloth.pieces import Pieces

from tests.support.chance import chance
from tests.support.random_logs import BOARD, MOODS, SPACE, random_log


def fold(board: Board, pieces: Pieces, entry: Entry) -> None:
    """As a room does it."""
    head = read_head(entry.head)
    apply_read(board, entry, head)
    for element in touched_by(head):
        pieces.touch(element)


@pytest.mark.parametrize("mood", MOODS)
def test_pieces_are_the_canonical_form_at_any_moment(mood: str) -> None:
    rng, seed = chance("pieces")
    board, pieces = new_board(SPACE, BOARD), Pieces()
    for entry in random_log(seed, mood, 1500):
        fold(board, pieces, entry)
        if rng.random() < 0.02:
            assert pieces.take(board).data() == to_canonical(board)
    assert gzip.decompress(pieces.take(board).gzipped()) == to_canonical(board)


def test_a_board_that_was_loaded_is_filled_once() -> None:
    _, seed = chance("pieces of a loaded board")
    board = new_board(SPACE, BOARD)
    for entry in random_log(seed, "things", 500):
        fold(board, Pieces(), entry)
    loaded, pieces = from_canonical(to_canonical(board)), Pieces()
    pieces.fill(loaded)
    assert pieces.take(loaded).data() == to_canonical(board)


def test_what_was_taken_stays_as_it_was() -> None:
    """It is joined in a thread while the board goes on."""
    _, seed = chance("pieces in a thread")
    board, pieces = new_board(SPACE, BOARD), Pieces()
    taken, expected = pieces.take(board), to_canonical(board)
    for entry in random_log(seed, "words", 400):
        fold(board, pieces, entry)
        if entry.seq == 200:
            taken, expected = pieces.take(board), to_canonical(board)
    assert taken.data() == expected
