"""What a worker keeps of a board's last entries: contiguous, bounded, ending at the tip."""

from __future__ import annotations

from tablecloth.recent import Recent

from tests.support.chance import chance


def filled(count: int, most_entries: int = 1000, most_bytes: int = 1 << 20, size: int = 10) -> Recent:
    recent = Recent(100, b"chain-100", most_entries, most_bytes)
    for seq in range(101, 101 + count):
        recent.add(b"%d" % seq + bytes(size), b"chain-%d" % seq)
    return recent


def test_what_was_added_can_be_had_again() -> None:
    recent = filled(5)
    assert (recent.floor, recent.seq) == (100, 105)
    assert recent.chain_at(100) == b"chain-100"
    assert recent.chain_at(105) == b"chain-105"
    assert recent.chain_at(99) is None
    assert recent.chain_at(106) is None
    assert recent.raw_at(100) is None
    assert recent.raw_at(103) == b"103" + bytes(10)


def test_pages_are_bounded_and_hold_at_least_one() -> None:
    recent = filled(10, size=97)
    assert recent.page(100, 110, 250) == [b"101" + bytes(97), b"102" + bytes(97)]
    assert recent.page(108, 110, 1) == [b"109" + bytes(97)]
    assert recent.page(110, 110, 1000) == []
    assert recent.page(99, 110, 1000) is None


def test_old_ones_go_by_count() -> None:
    recent = filled(2001)
    assert recent.seq == 2101
    assert recent.floor == 1101
    assert recent.chain_at(1101) == b"chain-1101"


def test_old_ones_go_by_size() -> None:
    recent = filled(20, most_bytes=10_000, size=1997)
    assert recent.seq == 120
    assert sum(len(recent.raw_at(seq) or b"") for seq in range(recent.floor + 1, 121)) <= 20_000


def test_random_lengths() -> None:
    rng, _ = chance("recent")
    recent = Recent(0, b"0", 50, 5000)
    raws = [rng.randbytes(rng.randrange(1, 400)) for _ in range(2000)]
    for seq, raw in enumerate(raws, 1):
        recent.add(raw, b"%d" % seq)
        after = rng.randrange(recent.floor, seq + 1)
        page = recent.page(after, seq, rng.randrange(1, 3000))
        assert page == raws[after : after + len(page or ())]
        assert recent.chain_at(after) == b"%d" % after
