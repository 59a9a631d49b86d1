"""What ``interface.Log`` promises, of the real log and of the one in memory. If they differ, one is wrong.

The real one runs on Valkey, and on a Redis too if this machine has one (Debian 12's is 7.0, the oldest that
serves).
"""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from tablecloth.core.edits import Entry
from tablecloth.core.tip import Tip
from tablecloth.log.append import entry_tail
from tablecloth.log.interface import (
    Answer,
    Group,
    Log,
    LogBroken,
    Place,
    SnapshotRecord,
    SpaceRecord,
    bucket_of,
)
from tablecloth.log.keys import log_key
from tablecloth.log.settings import LogSettings

from tests.support.any_log import Workers
from tests.support.chance import chance
from tests.support.log_groups import Model, group, refused
from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.valkey import ValkeyServer, new_id, new_place, opened

pytestmark = pytest.mark.integration

read_entry = msgspec.msgpack.Decoder(Entry).decode
KEPT = 1024


@pytest.fixture
def log(any_worker: Workers) -> Log:
    return any_worker()


async def entries_of(log: Log, place: Place) -> list[Entry]:
    return [read_entry(stored.raw) for stored in await log.read(place, 0, 100_000)]


# --- appending -------------------------------------------------------------------------------------------


async def test_an_entry_is_what_was_appended(log: Log) -> None:
    place = new_place()
    (answer,) = await log.append([group(place, n=1, entries=[(b"head", b"body")])])
    assert answer == Answer(1, None, False, 1)
    (stored,) = await log.read(place, 0, 10)
    entry = read_entry(stored.raw)
    assert (stored.seq, entry.seq, entry.head, entry.body) == (1, 1, b"head", b"body")
    assert entry.at > 1_700_000_000_000


@pytest.mark.parametrize("length", [0, 1, 255, 256, 65535, 65536, 131072])
async def test_heads_and_bodies_of_every_length_stay_whole(log: Log, length: int) -> None:
    place = new_place()
    head, body = b"\x00\xff\r\n" + bytes(length), b"\xc0" * length
    await log.append([group(place, n=1, entries=[(head, body), (body, None)])])
    first, second = await entries_of(log, place)
    assert (first.head, first.body) == (head, body)
    assert (second.head, second.body) == (body, None)


async def test_a_group_stands_together(log: Log) -> None:
    """PROTOCOL-21."""
    place = new_place()
    answers = await log.append(
        [
            group(place, n=1, entries=[(b"a1", None), (b"a2", None), (b"a3", None)]),
            group(place, author="author-other", n=1, entries=[(b"b1", None)]),
            group(place, n=2, entries=[(b"a4", None), (b"a5", None)]),
        ]
    )
    assert [answer.seq for answer in answers] == [1, 4, 5]
    entries = await entries_of(log, place)
    assert [entry.head for entry in entries] == [b"a1", b"a2", b"a3", b"b1", b"a4", b"a5"]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]


async def test_nothing_is_appended_by_nothing(log: Log) -> None:
    assert await log.append([]) == []


async def test_n_is_taken_once_and_in_order(log: Log) -> None:
    """PROTOCOL-20."""
    place = new_place()
    say = [group(place, n=n, entries=[(b"n%d" % n, None)]) for n in range(5)]
    assert await log.append([say[1]]) == [Answer(1, None, False, 1)]
    assert await log.append([say[3]]) == [Answer(0, "gap", False, 1)]
    assert await log.append([say[1]]) == [Answer(1, None, True, 1)]
    assert await log.append([say[2], say[3], say[2]]) == [
        Answer(2, None, False, 2),
        Answer(3, None, False, 3),
        Answer(2, None, True, 3),
    ]
    assert [entry.head for entry in await entries_of(log, place)] == [b"n1", b"n2", b"n3"]
    assert await log.mark(place, "author-one", "session-number-one") == 3


async def test_a_refusal_uses_up_its_n_and_is_answered_again(log: Log) -> None:
    """PROTOCOL-23."""
    place = new_place()
    assert await log.append([refused(place, n=1, code="unknown-element")]) == [
        Answer(0, "unknown-element", False, 1)
    ]
    # Even if the door would let it in by now: what was said stays said.
    assert await log.append([group(place, n=1)]) == [Answer(0, "unknown-element", True, 1)]
    assert await log.append([refused(place, n=3, code="aside")]) == [Answer(0, "gap", False, 1)]
    assert await log.append([group(place, n=2)]) == [Answer(1, None, False, 2)]
    assert await log.tip(place) == 1


async def test_sessions_boards_and_authors_count_for_themselves(log: Log) -> None:
    place = new_place()
    elsewhere = Place(place.space, new_id("board"))
    answers = await log.append(
        [
            group(place, n=1),
            group(elsewhere, n=1),
            group(place, author="author-two", n=1),
            group(place, session="session-number-two", n=1),
        ]
    )
    assert [(answer.seq, answer.mark) for answer in answers] == [(1, 1), (1, 1), (2, 1), (3, 1)]
    assert await log.mark(place, "author-two", "session-number-two") == 0


async def test_what_was_settled_long_ago_is_said_to_be(log: Log) -> None:
    place = new_place()
    for start in range(1, 2 * KEPT + 600, 300):
        await log.append([group(place, n=n) for n in range(start, start + 300)])
    mark = await log.mark(place, "author-one", "session-number-one")
    oldest_kept = mark - KEPT + 1
    answers = await log.append([group(place, n=n) for n in (1, oldest_kept - 1, oldest_kept, mark)])
    assert [(answer.seq, answer.code) for answer in answers] == [
        (0, "long-ago"),
        (0, "long-ago"),
        (oldest_kept, None),
        (mark, None),
    ]
    assert all(answer.repeated and answer.mark == mark for answer in answers)
    assert await log.tip(place) == mark


async def test_time_never_goes_back(log: Log) -> None:
    place = new_place()
    for n in range(1, 20):
        await log.append([group(place, n=n)])
    times = [entry.at for entry in await entries_of(log, place)]
    assert times == sorted(times)


async def test_time_never_goes_back_though_the_clock_does(valkey: ValkeyServer) -> None:
    place, ahead = new_place(), 4_000_000_000_000
    raw = b"\x94\xcf" + (1).to_bytes(8, "big") + b"\xcf" + ahead.to_bytes(8, "big") + entry_tail(b"h", None)
    valkey.ask("XADD", log_key(place), "1-0", "e", raw)
    async with opened(valkey.url) as log:
        await log.append([group(place, n=1)])
        assert [entry.at for entry in await entries_of(log, place)] == [ahead, ahead]
    clock = iter([3000, 2000, 5000])
    memory = MemoryLog(MemoryStore(clock=lambda: next(clock)))
    for n in (1, 2, 3):
        await memory.append([group(place, n=n)])
    assert [entry.at for entry in await entries_of(memory, place)] == [3000, 3000, 5000]


async def test_asking_the_impossible_is_a_mistake_of_the_caller(log: Log) -> None:
    place = new_place()
    for groups in (
        [group(place, n=0)],
        [group(place, n=1, entries=[])],
        [refused(place, n=1, code="a-code-that-is-too-long")],
        [refused(place, n=1, code="12")],
    ):
        with pytest.raises(ValueError, match=r"group|refusal|counts"):
            await log.append(groups)
    assert await log.tip(place) == 0


async def test_a_tick_may_hold_groups_of_many_buckets(log: Log) -> None:
    places = [new_place() for _ in range(12)]
    assert len({bucket_of(place.space) for place in places}) > 1
    tick = [group(place, n=n) for n in (1, 2, 3) for place in places]
    answers = await log.append(tick)
    assert [answer.seq for answer in answers] == [n for n in (1, 2, 3) for _ in places]
    assert await log.append(tick) == [Answer(answer.seq, None, True, 3) for answer in answers], (
        "settled before, all of it"
    )
    for place in places:
        assert await log.tip(place) == 3


@pytest.mark.parametrize("run", range(3))
async def test_any_order_of_n_is_answered_as_the_model_does(log: Log, run: int) -> None:
    """Repeats, gaps, refusals and several sessions, against a model of PROTOCOL-20 and 21."""
    random, _ = chance(f"any order of n {run}")
    model = Model([new_id("space") for _ in range(1)], random)
    for _ in range(60):
        groups = model.some_groups()
        assert await log.append(groups) == model.settle(groups)
    for place in model.places:
        assert [(e.seq, e.head, e.body) for e in await entries_of(log, place)] == model.log(place)
        assert await log.tip(place) == len(model.log(place))
    for place, author, session in model.sessions:
        assert await log.mark(place, author, session) == model.mark(place, author, session)


# --- reading ---------------------------------------------------------------------------------------------


async def test_reading_begins_after_a_seq_and_ends_at_a_limit(log: Log) -> None:
    place = new_place()
    await log.append([group(place, n=1, entries=[(b"%d" % i, None) for i in range(1, 51)])])
    assert [stored.seq for stored in await log.read(place, 0, 3)] == [1, 2, 3]
    assert [stored.seq for stored in await log.read(place, 47, 100)] == [48, 49, 50]
    assert await log.read(place, 50, 100) == []
    assert await log.tip(place) == 50


async def test_an_unknown_board_is_empty(log: Log) -> None:
    place = new_place()
    assert await log.read(place, 0, 10) == []
    assert (await log.tip(place), await log.mark(place, "author-one", "session-number-one")) == (0, 0)
    assert await log.snapshot(place) is None


async def test_a_snapshot_only_moves_forward(log: Log) -> None:
    place = new_place()
    records = [SnapshotRecord(seq, bytes([seq]) * 32, b"\x1f\x8b data %d" % seq) for seq in (2, 9, 5, 9)]
    for record in records:
        await log.save_snapshot(place, record)
    assert await log.snapshot(place) == records[1]


async def test_a_log_that_is_gone_is_not_begun_by_somebodys_edit(log: Log) -> None:
    place = new_place()
    edit = msgspec.structs.replace(group(place, n=1), needs_log=True)
    with pytest.raises(LogBroken):
        await log.append([edit])
    assert await log.tip(place) == 0
    await log.append([group(place, n=1, session="session-founding")])
    (answer,) = await log.append([edit])
    assert answer.seq == 2


async def test_protocol_66_a_log_is_put_back_begun_or_extended_and_never_changed(log: Log) -> None:
    here, lost = new_place(), new_place()
    for n in range(1, 9):
        await log.append([group(here, n=n)])
    entries = await log.read(here, 0, 10)
    assert await log.put_back(lost, entries[:3], entries[0]) == -1, "there is no log"
    assert await log.put_back(lost, entries[:3], None) == 3
    assert await log.put_back(lost, entries, None) == -1, "there is one"
    assert await log.put_back(lost, entries, entries[1]) == -1, "it ends otherwise"
    assert await log.put_back(lost, entries, entries[2]) == 8
    assert await log.read(lost, 0, 10) == entries
    (answer,) = await log.append([group(lost, n=1)])
    assert answer.seq == 9


async def test_protocol_66_the_best_offer_is_known_to_all(log: Log) -> None:
    place = new_place()
    assert (await log.offer(place, 5, 1000))[0] == 5
    assert (await log.offer(place, 9, 1000))[0] == 9
    assert (await log.offer(place, 7, 1000))[0] == 9


async def test_protocol_60_a_signed_tip_only_moves_forward(log: Log) -> None:
    place = new_place()
    early = Tip(1, 1000, bytes(32), bytes(64))
    await log.save_tip(place, early)
    assert await log.signed_tip(place) is None, "a log that is gone gets none"
    await log.append([group(place, n=1)])
    tips = [Tip(seq, seq * 1000, bytes([seq]) * 32, bytes([seq]) * 64) for seq in (2, 9, 5, 9)]
    for tip in tips:
        await log.save_tip(place, tip)
    assert await log.signed_tip(place) == tips[1]


# --- spaces ----------------------------------------------------------------------------------------------


def a_space() -> SpaceRecord:
    return SpaceRecord(
        space=new_id("space"),
        title="Über 🌱 “us”",
        boards=[(new_id("board"), "Tisch 1"), (new_id("board"), "")],
        edit_hash=bytes(range(32)),
        view_hash=bytes(range(32, 64)),
        public_key=b"\xff" * 32,
        private_key=b"\x00\n\r" * 10 + b"ab",
        created=1_765_000_000_123,
    )


async def test_a_space_comes_back_as_it_was(log: Log) -> None:
    record = a_space()
    founding = [
        group(Place(record.space, board), author="", session="founding", n=1) for board, _ in record.boards
    ]
    assert await log.space(record.space) is None
    await log.create_space(record, founding)
    # A repeat after an answer that was lost changes nothing.
    await log.create_space(record, founding)
    assert await log.space(record.space) == record
    for board, _ in record.boards:
        assert await log.tip(Place(record.space, board)) == 1


def founding_of(space: str, board: str) -> Group:
    return group(Place(space, board), author="founding", session="founding", n=1)


async def test_protocol_55_boards_are_added_up_to_a_number(log: Log) -> None:
    record = a_space()
    await log.create_space(record, [])
    titles = ["Über 🌱 " * 15, "", "x", '"\\ \u202e', *(f"Tisch {n}" for n in range(30))]
    boards = [(new_id("board"), title) for title in titles]
    for board, title in boards:
        for _ in range(2):  # a repeat after an answer that was lost changes nothing
            assert await log.add_board(founding_of(record.space, board), title, 36)
    assert not await log.add_board(founding_of(record.space, new_id("board")), "One too many", 36)
    held = await log.space(record.space)
    assert held is not None
    assert held.boards == [*record.boards, *boards]
    assert [await log.tip(Place(record.space, board)) for board, _ in boards] == [1] * len(boards)


async def test_a_board_of_no_space_is_named_nowhere(log: Log) -> None:
    space = new_id("space")
    assert not await log.add_board(founding_of(space, new_id("board")), "x", 9)
    assert await log.space(space) is None


async def test_boards_that_are_added_at_once_are_all_there(any_worker: Workers) -> None:
    workers = [any_worker() for _ in range(4)]
    record = a_space()
    await workers[0].create_space(record, [])
    boards = [new_id("board") for _ in range(20)]
    added = await asyncio.gather(
        *(
            workers[i % 4].add_board(founding_of(record.space, board), f"{i}", 18)
            for i, board in enumerate(boards)
        )
    )
    assert sum(added) == 16
    held = await workers[0].space(record.space)
    assert held is not None
    there = {board for board, _ in held.boards[2:]}
    assert there == {board for board, was in zip(boards, added, strict=True) if was}


async def test_names_come_and_go(log: Log) -> None:
    record = a_space()
    await log.create_space(record, [])
    await log.set_name(record.space, "author-one", "Ann")
    await log.set_name(record.space, "author-two", "Béa 🦊")
    await log.set_name(record.space, "author-one", "Anna")
    held = await log.space(record.space)
    assert held is not None
    assert held.names == {"author-one": "Anna", "author-two": "Béa 🦊"}
    await log.set_name(record.space, "author-one", "")
    held = await log.space(record.space)
    assert held is not None
    assert held.names == {"author-two": "Béa 🦊"}


@pytest.mark.parametrize("text", ["", "nobody", "a:b", "*", "ünknown", "x" * 500, "a\x00b"])
async def test_any_text_may_be_asked_for_as_a_space(log: Log, text: str) -> None:
    assert await log.space(text) is None


async def test_both_say_what_an_ack_means(log: Log) -> None:
    assert await log.durability() == ("memory" if isinstance(log, MemoryLog) else "fsync")


def test_the_numbers_are_those_of_the_contract() -> None:
    settings = LogSettings()
    assert settings.mark_outcomes == KEPT
    assert settings.block_s <= 2
