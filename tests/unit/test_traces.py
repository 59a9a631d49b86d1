"""Real typing of two people, and typing in many scripts made from a seed, folded to their end."""

import time
import unicodedata

import pytest
from tablecloth.core import fold
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import canonical_hash, from_canonical, to_canonical
from tablecloth.core.edits import AddEdit, Entry, TextEdit
from tablecloth.core.entry import encode_entry, found

from tests.support.traces import Trace, friends_forever, strange_trace

SPACE, BOARD, NOTE = "space-trace", "board-trace", "note-trace"
SALT = bytes(16)
AUTHORS = ("author-one", "author-two")
FIRST = 2
"""The seq before the trace's first line: the board is founded, and has a note."""


def log_of(trace: Trace) -> list[Entry]:
    """A trace as a log, its steps in the order in which they stand there."""
    add = AddEdit(NOTE, "hand-of-nobody", 1, 1, "note", {})
    log = [
        Entry(1, 1000, *found(SPACE, BOARD, bytes(32), trace.name, SALT)),
        Entry(2, 1000, *encode_entry(add, "author-nil", SALT)),
    ]
    ks = [0, 0]
    for step, base in trace.bases():
        ks[step.agent] += 1
        splices = [(position, deleted, len(inserted)) for position, deleted, inserted in step.patches]
        words = "".join(inserted for _, _, inserted in step.patches)
        hand = f"hand-{AUTHORS[step.agent]}"
        edit = TextEdit(NOTE, hand, ks[step.agent], base + FIRST, "text", splices, words)
        log.append(Entry(len(log) + 1, 1000 + len(log), *encode_entry(edit, AUTHORS[step.agent], SALT)))
    return log


def folded(log: list[Entry]) -> Board:
    board = new_board(SPACE, BOARD)
    for entry in log:
        outcome = fold.apply_entry(board, entry)
        assert outcome.reason is None, f"entry {entry.seq}: {outcome.reason}"
    return board


def other_order(trace: Trace, ahead: int) -> Trace:
    """The same steps as a server may have taken them in: agent 1 up to so many steps sooner than they stand
    there.
    """
    queues = [trace.of(0), trace.of(1)]
    done = [0, 0]
    steps = []
    while any(queues):
        agent = 1 if done[1] < done[0] + ahead else 0
        if not queues[agent] or queues[agent][0].known > done[1 - agent]:
            agent = 1 - agent
        steps.append(queues[agent].pop(0))
        done[agent] += 1
    return Trace(f"{trace.name} in another order", steps, trace.end)


def test_two_people_really_typing() -> None:
    trace = friends_forever()
    log = log_of(trace)
    began = time.process_time()
    board = folded(log)
    seconds = time.process_time() - began

    assert len(trace.steps) == 26_078
    assert board.elements[NOTE].text() == trace.end
    # 1.3 s on a quiet machine; ten times as long would be felt by everybody who joins.
    assert seconds < 15, f"{seconds:.1f} s"


def test_two_people_really_typing_with_snapshots_on_the_way() -> None:
    trace = friends_forever()
    log = log_of(trace)[:9000]
    board = new_board(SPACE, BOARD)
    for entry in log:
        fold.apply_entry(board, entry)
        if entry.seq % 150 == 0:
            board = from_canonical(to_canonical(board))

    assert canonical_hash(board) == canonical_hash(folded(log))


@pytest.mark.parametrize("seed", range(6))
def test_typing_in_many_scripts(seed: int) -> None:
    print(f"seed {seed}")
    trace = strange_trace(seed, 800)

    assert folded(log_of(trace)).elements[NOTE].text() == trace.end


@pytest.mark.parametrize("ahead", [-30, -3, 0, 3, 30])
def test_the_order_in_which_a_server_takes_the_steps_makes_no_difference(ahead: int) -> None:
    trace = strange_trace(100 + ahead, 800)
    again = other_order(trace, ahead)

    assert [step.known for step in again.of(0)] == [step.known for step in trace.of(0)]
    assert folded(log_of(again)).elements[NOTE].text() == trace.end


def test_strange_traces_are_strange() -> None:
    trace = strange_trace(1, 2000)
    words = "".join(inserted for step in trace.steps for _, _, inserted in step.patches)
    lags = [line - 1 - base for line, (_, base) in enumerate(trace.bases(), 1)]

    assert {"Lo", "Mn", "So", "Cf", "Ll", "Sk"} <= {unicodedata.category(char) for char in words}
    assert any(unicodedata.bidirectional(char) == "AL" for char in words)
    assert sum(deleted for step in trace.steps for _, deleted, _ in step.patches) > 500
    assert max(lags) > 20, "nobody was ever far behind"
    assert sum(lag > 0 for lag in lags) > 300
    assert len(trace.end) > 500
