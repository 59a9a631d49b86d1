"""The chain of heads (FOLD-2) and the hash of a body (FOLD-1), against SHA-256 by hand."""

import hashlib

import pytest
from tablecloth.core.chain import body_hash, chain_next, chain_start


def test_a_board_starts_from_its_own_name() -> None:
    assert chain_start("space-one", "board-one") == hashlib.sha256(b"space-oneboard-one").digest()
    assert chain_start("space-one", "board-one") != chain_start("space-one", "board-two")


def test_each_link_holds_the_one_before_the_place_the_time_and_the_head() -> None:
    start = chain_start("space-one", "board-one")
    by_hand = hashlib.sha256(
        start + bytes(7) + b"\x02" + bytes.fromhex("0000018bcfe56800") + b"head"
    ).digest()

    assert chain_next(start, 2, 1_700_000_000_000, b"head") == by_hand


@pytest.mark.parametrize(
    ("seq", "at", "head"), [(3, 5, b"head"), (2, 6, b"head"), (2, 5, b"Head"), (2, 5, b"")]
)
def test_whatever_changes_changes_the_link(seq: int, at: int, head: bytes) -> None:
    start = chain_start("space-one", "board-one")

    assert chain_next(start, seq, at, head) != chain_next(start, 2, 5, b"head")


def test_an_entry_that_swaps_places_is_noticed() -> None:
    start = chain_start("space-one", "board-one")
    one = chain_next(chain_next(start, 1, 5, b"a"), 2, 5, b"b")
    other = chain_next(chain_next(start, 1, 5, b"b"), 2, 5, b"a")

    assert one != other


def test_a_body_is_named_by_its_bytes() -> None:
    assert body_hash(b"") == hashlib.sha256().digest()
    assert len(body_hash(b"words")) == 32
