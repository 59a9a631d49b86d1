"""Random logs end in the same board, chain and outcomes in Python and in TypeScript."""

from collections.abc import Iterator

import pytest
from hypothesis import note
from tablecloth.core.canonical import canonical_hash

from tests.support.other_fold import OtherFold
from tests.support.random_logs import BOARD, SPACE, folded, random_log
from tests.support.seeds import over_random_logs


@pytest.fixture(scope="module")
def other() -> Iterator[OtherFold]:
    with OtherFold() as process:
        yield process


def test_both_languages_end_alike(other: OtherFold) -> None:
    @over_random_logs(60, 900)
    def compare(seed: int, mood: str, length: int) -> None:
        log = random_log(seed, mood, length)
        board, outcomes = folded(log)
        digest, chain, reasons = other.fold(SPACE, BOARD, log)

        for entry, outcome, reason in zip(log, outcomes, reasons, strict=True):
            assert outcome.reason == reason, f"entry {entry.seq}: {entry.head.hex()}"
        assert chain == board.chain.hex()
        note(f"outcomes are equal; the boards after {length} entries differ")
        assert digest == canonical_hash(board)

    compare()


@pytest.mark.slow
@pytest.mark.parametrize("mood", ["words", "late"])
def test_a_long_log_ends_alike(other: OtherFold, mood: str) -> None:
    # Long enough for FOLD-34's 4,096 seqs.
    log = random_log(11, mood, 7000)
    board, outcomes = folded(log)

    expected = (canonical_hash(board), board.chain.hex(), [outcome.reason for outcome in outcomes])
    assert other.fold(SPACE, BOARD, log) == expected
