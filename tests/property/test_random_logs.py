"""Random logs: the fold never fails, and the ways to the same board all end there (FOLD-2, FOLD-34,
FOLD-71).
"""

import hashlib
from collections.abc import Iterator
from random import Random

import msgpack
from hypothesis import given, note
from hypothesis import strategies as st
from tablecloth.core import fold
from tablecloth.core.board import Aside, Board, InkPiece, Lock, Variant, new_board
from tablecloth.core.canonical import FORMAT, canonical_hash, from_canonical, to_canonical
from tablecloth.core.edits import Entry
from tablecloth.core.provenance import Provenance, about
from tablecloth.core.text import PLACEHOLDER

from tests.support.random_logs import BOARD, MOODS, SPACE, Scribbler, folded, random_log
from tests.support.seeds import many, over_random_logs


@over_random_logs(40, 900)
def test_every_entry_is_applied_or_has_a_reason(seed: int, mood: str, length: int) -> None:
    board, outcomes = folded(random_log(seed, mood, length))

    assert board.seq == length
    for outcome in outcomes:
        assert outcome.reason in {None, *fold.REASONS}
        assert list(outcome.stale) == sorted(set(outcome.stale))
        assert (outcome.reason == "stale") <= (outcome.stale != ())


@over_random_logs(30, 700)
def test_a_snapshot_and_what_follows_is_the_whole_log(seed: int, mood: str, length: int) -> None:
    log = random_log(seed, mood, length)
    whole, outcomes = folded(log)
    cuts = {length // 3, length - 1, *Random(seed).sample(range(length + 1), min(length, 4))}
    for cut in cuts:
        note(f"snapshot after entry {cut}")
        first, _ = folded(log[:cut])
        again, later = folded(log[cut:], from_canonical(to_canonical(first)))

        assert later == outcomes[cut:]
        assert again.chain == whole.chain
        assert to_canonical(again) == to_canonical(whole)


@over_random_logs(8, 250)
def test_a_snapshot_after_every_entry_makes_no_difference(seed: int, mood: str, length: int) -> None:
    log = random_log(seed, mood, length)
    _, outcomes = folded(log)
    board = new_board(SPACE, BOARD)
    for entry, expected in zip(log, outcomes, strict=True):
        assert fold.apply_entry(board, entry) == expected, f"entry {entry.seq}"
        board = from_canonical(to_canonical(board))
    assert canonical_hash(board) == canonical_hash(folded(log)[0])


@over_random_logs(20, 900)
def test_pruning_early_makes_no_difference(seed: int, mood: str, length: int) -> None:
    # FOLD-34: what may go once may go for ever.
    log = random_log(seed, mood, length)
    whole, outcomes = folded(log)
    eager = new_board(SPACE, BOARD)
    random = Random(seed)
    for entry, expected in zip(log, outcomes, strict=True):
        assert fold.apply_entry(eager, entry) == expected, f"entry {entry.seq}"
        if random.random() < 0.3:
            for element in eager.elements.values():
                for field in element.texts.values():
                    field.prune(eager.seq, eager.at)

    assert to_canonical(eager) == to_canonical(whole)


def without_bodies(board: Board) -> bytes:
    """A board's canonical form with all that bodies bring taken out of it."""
    board = from_canonical(to_canonical(board))
    board.title = None
    for element in board.elements.values():
        element.words = dict.fromkeys(element.words)
        element.ink = [InkPiece(piece.count, None) for piece in element.ink]
        for field in element.texts.values():
            field.value = PLACEHOLDER * len(field.value)
        if element.aside is not None:
            element.aside = Aside(element.aside.stamp, None)
        if element.lock is not None:
            element.lock = Lock(element.lock.stamp, element.lock.until, None)
        element.variants = tuple(Variant(one.field, one.stamp, one.op, None) for one in element.variants)
    return to_canonical(board)


@over_random_logs(30, 900)
def test_heads_alone_give_the_same_board_but_for_what_was_withheld(seed: int, mood: str, length: int) -> None:
    log = random_log(seed, mood, length)
    whole, outcomes = folded(log)
    heads, reasons = folded([Entry(entry.seq, entry.at, entry.head, None) for entry in log])

    assert reasons == outcomes
    assert heads.chain == whole.chain
    assert without_bodies(heads) == without_bodies(whole)


def chain_by_hand(log: list[Entry]) -> Iterator[bytes]:
    """FOLD-2, in its own words."""
    chain = hashlib.sha256((SPACE + BOARD).encode()).digest()
    for entry in log:
        chain = hashlib.sha256(
            chain + entry.seq.to_bytes(8, "big") + entry.at.to_bytes(8, "big") + entry.head
        ).digest()
        yield chain


@over_random_logs(20, 400)
def test_the_chain_is_what_the_page_says(seed: int, mood: str, length: int) -> None:
    log = random_log(seed, mood, length)
    board = new_board(SPACE, BOARD)
    for entry, chain in zip(log, chain_by_hand(log), strict=True):
        fold.apply_entry(board, entry)
        assert board.chain == chain


@over_random_logs(20, 600)
def test_another_reader_of_messagepack_reads_the_canonical_form(seed: int, mood: str, length: int) -> None:
    board, _ = folded(random_log(seed, mood, length))
    data = to_canonical(board)
    read = msgpack.unpackb(data)

    assert msgpack.packb(read) == data, "there is a shorter form"
    assert read[:7] == ["tablecloth-board", FORMAT, SPACE, BOARD, board.seq, board.at, board.chain]
    elements = {element[0]: element for element in read[10]}
    assert list(elements) == sorted(board.elements)
    for ident, element in board.elements.items():
        fields = {name: value for name, value, *_ in elements[ident][6]}
        assert fields == {name: field.value for name, field in element.texts.items()}
        assert [k for *_, k in elements[ident][9]] == [k for _, k in sorted(element.hands.items())]


@many(4)
@given(seed=st.integers(0, 2**32), mood=st.sampled_from(MOODS))
def test_a_log_of_thousands(seed: int, mood: str) -> None:
    # Long enough for FOLD-34's 4,096 seqs.
    log = random_log(seed, mood, 6000)
    whole, outcomes = folded(log)
    first, _ = folded(log[:4500])
    again, later = folded(log[4500:], from_canonical(to_canonical(first)))

    assert later == outcomes[4500:]
    assert to_canonical(again) == to_canonical(whole)


@many(20)
@given(data=st.binary(max_size=300), body=st.none() | st.binary(max_size=300), mood=st.sampled_from(MOODS))
def test_any_bytes_at_all(data: bytes, body: bytes | None, mood: str) -> None:
    scribbler = Scribbler(7, mood)
    board, _ = folded(list(scribbler.entries(30)))
    outcome = fold.apply_entry(board, Entry(31, board.at, data, body))

    assert outcome.reason is not None
    assert board.seq == 31


def lost(log: list[Entry], author: str, element: str) -> list[Entry]:
    """A log without the bodies of one author's entries on one element."""
    return [
        Entry(entry.seq, entry.at, entry.head, None) if whose(entry) == (author, element) else entry
        for entry in log
    ]


def whose(entry: Entry) -> tuple[str, str] | None:
    return about(fold.read_head(entry.head))


@over_random_logs(30, 500)
def test_a_withdrawal_makes_boards_with_and_without_the_bodies_the_same(
    seed: int, mood: str, length: int
) -> None:
    # FOLD-90, FOLD-93: with whatever the others write between the look at the log and the withdrawal.
    random = Random(seed)
    log = random_log(seed, mood, length)
    base = random.randint(length // 2, length)
    known = Provenance(SPACE, BOARD)
    for entry in log[:base]:
        known.fold(entry)
    authors = sorted({pair[0] for entry in log[:base] if (pair := whose(entry)) is not None})
    choices = [(author, element) for author in authors for element in known.elements(author)]
    if not choices:
        return
    author, element = random.choice(choices)
    note(f"{author} withdraws from {element}, as of {base}")
    own = [entry.seq for entry in log[base:] if whose(entry) == (author, element)]
    log = log[: own[0] - 1] if own else log
    head = ["withdraw", author, element, "hand-withdraw", 1, base, known.ranges(author, element)]
    entry = Entry(len(log) + 1, log[-1].at + 1, msgpack.packb(head), None)

    whole, outcomes = folded([*log, entry])
    left, reasons = folded([*lost(log, author, element), entry])

    assert reasons == outcomes
    if outcomes[-1].reason == "old-base":  # the window went on, or their variant was accepted: asked again
        return
    assert outcomes[-1].reason is None
    assert to_canonical(left) == to_canonical(whole)
    for later in log[base:]:
        known.fold(later)
    assert known.fold(entry), "it took letters of somebody else"


@over_random_logs(10, 300)
def test_provenance_counts_every_letter(seed: int, mood: str, length: int) -> None:
    log = random_log(seed, mood, length)
    known = Provenance(SPACE, BOARD)
    for entry in log:
        known.fold(entry)
    board, _ = folded(log)
    for ident, element in board.elements.items():
        for name, field in element.texts.items():
            assert sum(count for _, count in known.runs(ident, name)) == len(field.value)
