"""Random histories of rooms: equal in both languages, from any snapshot, and however often time is logged."""

from collections.abc import Iterator

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from tablecloth.core import fold
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import canonical_hash, from_canonical, to_canonical
from tablecloth.core.edits import Entry

from tests.support.other_fold import OtherFold
from tests.support.random_logs import MOODS, SPACE, packed
from tests.support.random_rooms import BOARD, governed_log, random_room
from tests.support.seeds import many

SEEDS = st.integers(0, 2**32)
LENGTHS = st.integers(1, 400)


@pytest.fixture(scope="module")
def other() -> Iterator[OtherFold]:
    with OtherFold() as process:
        yield process


def folded(name: str, log: list[Entry], board: Board | None = None) -> tuple[Board, list[str | None]]:
    board = new_board(SPACE, name) if board is None else board
    return board, [fold.apply_entry(board, entry).reason for entry in log]


def assert_alike(other: OtherFold, name: str, log: list[Entry]) -> None:
    board, reasons = folded(name, log)
    digest, chain, theirs = other.fold(SPACE, name, log)
    for entry, reason, their in zip(log, reasons, theirs, strict=True):
        assert reason == their, f"entry {entry.seq}: {entry.head.hex()}"
    assert chain == board.chain.hex()
    note("outcomes are equal; the boards differ")
    assert digest == canonical_hash(board)


def test_rooms_decide_alike_in_both_languages(other: OtherFold) -> None:
    @many(60)
    @given(seed=SEEDS, length=LENGTHS)
    def compare(seed: int, length: int) -> None:
        assert_alike(other, SPACE, random_room(seed, length))

    compare()


def test_governed_boards_end_alike_in_both_languages(other: OtherFold) -> None:
    @many(40)
    @given(seed=SEEDS, mood=st.sampled_from(MOODS), length=LENGTHS)
    def compare(seed: int, mood: str, length: int) -> None:
        assert_alike(other, BOARD, governed_log(seed, mood, length))

    compare()


@many(60)
@given(seed=SEEDS, length=LENGTHS, cut=st.integers(1, 399))
def test_a_room_goes_on_from_any_snapshot(seed: int, length: int, cut: int) -> None:
    log = random_room(seed, length)
    whole, reasons = folded(SPACE, log)
    first, _ = folded(SPACE, log[:cut])
    again, later = folded(SPACE, log[cut:], from_canonical(to_canonical(first)))

    assert later == reasons[cut:]
    assert canonical_hash(again) == canonical_hash(whole)


def decided(board: Board) -> dict[str, object]:
    """What was decided and when, whatever the seqs."""
    known = board.decisions
    return {
        **{p.id: (p.state, p.deadline, p.held, p.decided and p.decided[1]) for p in known.proposals.values()},
        "rest": (known.sections, known.numbers, known.paused, known.removed, board.title),
    }


@many(60)
@given(seed=SEEDS, length=LENGTHS)
def test_logging_time_more_often_changes_no_decision(seed: int, length: int) -> None:
    """Two workers that tick at once, or one that ticks always: where no silence is broken by it."""
    log = random_room(seed, length)
    plain, _ = folded(SPACE, log)
    board = new_board(SPACE, SPACE)
    for entry in log:
        for _ in range(2):
            if 0 < entry.at - board.at <= 600_000 and board.seq:
                fold.apply_entry(
                    board,
                    Entry(board.seq + 1, board.at + (entry.at - board.at) // 2, packed(["tick", []]), None),
                )
        # bases are seqs of the log as it was: none of them may lie ahead of it
        fold.apply_entry(board, Entry(board.seq + 1, entry.at, entry.head, entry.body))

    future = {reason for reason in folded(SPACE, log)[1] if reason == "future-base"}
    if not future:
        assert decided(board) == decided(plain)


@many(60)
@given(seed=SEEDS, length=LENGTHS)
def test_nothing_passes_that_the_room_did_not_let_pass(seed: int, length: int) -> None:
    """An account of its own, from the entries alone."""
    log = random_room(seed, length)
    board = new_board(SPACE, SPACE)
    for entry in log:
        was = {
            p.id: (p.phase, dict(p.votes), p.deadline, p.held)
            for p in board.decisions.proposals.values()
            if p.is_open
        }
        before = board.at
        fold.apply_entry(board, entry)
        for ident, (_, _, deadline, held) in was.items():
            p = board.decisions.proposals.get(ident)
            if p is None or p.state != "passed":
                continue
            by_time = p.decided is not None and p.decided[1] == deadline and deadline <= entry.at
            alone = p.phase == 1 and not set(p.roll or ()) - {p.born.author}
            for_it = sum(p.votes.values())
            by_vote = (
                p.phase == 2
                and for_it > 0
                and 3 * for_it >= 2 * len(p.votes)
                and set(p.votes) <= set(p.roll or ())
            )
            assert by_vote or (p.phase == 1 and (by_time or alone)), p
            if not (alone or (p.roll and len(p.votes) == len(p.roll))):
                assert held is None, p
                assert entry.at - before <= 600_000, p
            if p.act in {"pause", "newlinks"}:
                assert not alone or by_time, p
