"""People who write in one note at once: every screen ends alike, and shows what each of them meant.

The oracle knows nothing of rebasing. Every letter is written once, so that which letters are left is told
by who took away what, and their order by what stood on some screen before.
"""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tablecloth.core.board import new_board

from tests.support.random_logs import folded
from tests.support.seeds import many
from tests.support.typists import BOARD, NOTE, SPACE, Table, Typist

HANDS = [
    ("author-ada", "hand-of-ada"),
    ("author-ben", "hand-of-ben"),
    ("author-ada", "hand-two-of-ada"),
    ("Author-cem", "hand-of-cem"),
]


def played(seed: int, people: int, steps: int) -> Table:
    table = Table(Random(seed), [Typist(*hand) for hand in HANDS[:people]])
    for typist in table.typists:
        while typist.board.seq < 2:
            table.deliver(typist)
    for _ in range(steps):
        table.step()
    return table


def is_part_of(letters: list[str], whole: str) -> bool:
    """Whether the letters stand in the whole in this order."""
    rest = iter(whole)
    return all(letter in rest for letter in letters)


@many(60)
@given(seed=st.integers(0, 2**32), people=st.integers(2, 4), steps=st.integers(1, 300))
def test_all_screens_end_alike(seed: int, people: int, steps: int) -> None:
    table = played(seed, people, steps)
    table.settle()
    board, outcomes = folded(table.log, new_board(SPACE, BOARD))
    words = board.elements[NOTE].text()

    assert all(outcome.reason is None for outcome in outcomes)
    assert [typist.screen for typist in table.typists] == [words] * people
    assert all(typist.pending == [] for typist in table.typists)


@many(60)
@given(seed=st.integers(0, 2**32), people=st.integers(2, 4), steps=st.integers(1, 300))
def test_letters_are_left_unless_somebody_took_them_away(seed: int, people: int, steps: int) -> None:
    table = played(seed, people, steps)
    table.settle()
    words = table.typists[0].screen
    written = {chr(0x4E00 + place) for place in range(table.letters)}
    gone = {letter for typist in table.typists for letter in typist.deleted}

    assert set(words) == written - gone
    assert len(words) == len(set(words))
    for screen in table.seen:
        assert is_part_of([letter for letter in screen if letter in set(words)], words)


@many(100)
@given(seed=st.integers(0, 2**32), people=st.integers(2, 4), steps=st.integers(1, 300))
def test_pending_edits_folded_over_the_confirmed_are_the_screen(seed: int, people: int, steps: int) -> None:
    table = played(seed, people, steps)

    for typist in table.typists:
        assert typist.view() == typist.screen
