"""Rooms, by way of a worker with a log in memory: joining, gaps, slow readers, rollbacks, snapshots."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import msgspec
import pytest
from tablecloth import limits
from tablecloth.core.board import new_board
from tablecloth.core.canonical import canonical_hash, from_canonical, to_canonical
from tablecloth.core.edits import Entry
from tablecloth.core.entry import encode_entry
from tablecloth.core.fold import apply_entry
from tablecloth.log.interface import FeedEntry, Group, LogAway, Place, SnapshotRecord
from tablecloth.pieces import Pieces
from tablecloth.recent import Recent
from tablecloth.room import PAGE_BYTES
from tablecloth.rooms import NotFounded, Rooms
from tablecloth.wire.codec import encode, entries_frame
from tablecloth.wire.frames import Bye, Entries, Leave, Open, Opened, Refuse, Snapshot
from tablecloth.wire.message import binary_message

from tests.support.cases import in_format
from tests.support.cloth import Cloth, any_refusals, laid, note, words, working
from tests.support.memory_log import MemoryStore
from tests.support.paper_line import payload_of
from tests.support.valkey import until_async


@pytest.fixture
async def cloth() -> AsyncIterator[Cloth]:
    async with laid() as cloth:
        yield cloth


def full_fold(cloth: Cloth) -> str:
    """The canonical hash of the whole log, folded from its beginning."""
    board = new_board(cloth.space, cloth.board)
    for stored in cloth.store.entries(cloth.place):
        apply_entry(board, decode(stored.raw))
    return canonical_hash(board)


def decode(raw: bytes) -> Entry:
    return msgspec.msgpack.decode(raw, type=Entry)


def fill(cloth: Cloth, count: int, prefix: str = "note") -> None:
    """Append entries past the server: another worker's."""
    tip = len(cloth.store.entries(cloth.place))
    groups = [
        Group(
            cloth.place,
            "author-elsewhere",
            f"session-elsewhere-{prefix}",
            n,
            (encode_entry(note(f"{prefix}-{n:06}", tip, x=n), "author-elsewhere", bytes(16)),),
        )
        for n in range(1, count + 1)
    ]
    cloth.store.append(groups)


class TestWire:
    @pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 200_000])
    def test_messages_are_framed_as_rfc_6455_says(self, size: int) -> None:
        assert payload_of(binary_message(bytes(size))) == bytes(size)

    @pytest.mark.parametrize("count", [0, 1, 15, 16, 65535, 65536])
    def test_entries_are_put_into_a_frame_as_they_are(self, count: int) -> None:
        raw = encode(Entry(1, 2, b"head", None))
        frame = msgspec.msgpack.decode(entries_frame("board-one", [raw] * count))
        assert frame == {"t": "entries", "board": "board-one", "entries": [[1, 2, b"head", None]] * count}


class TestFolding:
    async def test_everybody_gets_the_same_bytes_once(self, cloth: Cloth) -> None:
        ada, ben = await cloth.join("Ada"), await cloth.join("Ben")
        await ada.edit(cloth.board, note("note-one"))
        await ben.sees(cloth.board, 2)
        await ada.sees(cloth.board, 2)
        mine = [m for m in ada.line.messages if b"entries" in m[:20]]
        theirs = [m for m in ben.line.messages if b"entries" in m[:20]]
        assert mine == theirs
        assert mine[0] is theirs[0], "framed once"

    async def test_protocol_11_entries_come_in_order_without_holes(self, cloth: Cloth) -> None:
        people = [await cloth.join() for _ in range(4)]
        for turn in range(30):
            for place, person in enumerate(people):
                person.send(cloth.board, note(f"note-{place}-{turn}"))
            if turn % 5 == 0:
                await asyncio.sleep(0)
        seen = [await person.sees(cloth.board, 121) for person in people]
        assert {canonical_hash(board) for board in seen} == {full_fold(cloth)}

    async def test_what_does_not_fit_a_pass_goes_in_the_next_ones(
        self, cloth: Cloth, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Everybody gets everything in order; a pass writes no more than it may, for all lines together."""
        people = [await cloth.join() for _ in range(3)]
        monkeypatch.setattr("tablecloth.room.PASS_BYTES", 1500)
        monkeypatch.setattr("tablecloth.room._LEAST_PAGE_BYTES", 200)
        for n in range(40):
            people[0].send(cloth.board, note(f"note-number-{n}"))
        for person in people:
            await person.sees(cloth.board, 41)
            assert person.line.seqs == list(range(2, 42))
        sizes = [len(m) for m in people[1].line.messages if b"entries" in m[:20]]
        assert len(sizes) > 5
        assert max(sizes) < 700

    async def test_before_a_worker_goes_everything_is_sent(
        self, cloth: Cloth, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ada = await cloth.join()
        monkeypatch.setattr("tablecloth.room.PASS_BYTES", 1)
        monkeypatch.setattr("tablecloth.room._LEAST_PAGE_BYTES", 1)
        for n in range(10):
            ada.send(cloth.board, note(f"note-number-{n}"))
        await until_async(lambda: cloth.store.entries(cloth.place)[-1].seq == 11)
        opened = await cloth.worker.rooms.open(cloth.place)
        await until_async(lambda: opened.board.seq == 11)
        cloth.worker.rooms.flush()
        assert ada.line.seqs == list(range(2, 12))

    async def test_a_feed_that_repeats_itself(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        await ada.edit(cloth.board, note("note-one"))
        await ada.sees(cloth.board, 2)
        again = [FeedEntry(cloth.board, s.seq, s.raw) for s in cloth.store.entries(cloth.place)]
        cloth.worker.rooms.take(again)
        await ada.edit(cloth.board, note("note-two", 2))
        assert (await ada.sees(cloth.board, 3)).seq == 3
        assert ada.line.seqs == [2, 3]

    async def test_a_feed_with_a_hole_is_filled_from_the_log(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        room = await cloth.worker.rooms.open(cloth.place)
        cloth.store.is_deaf = True
        fill(cloth, 5)
        feed = [FeedEntry(cloth.board, s.seq, s.raw) for s in cloth.store.entries(cloth.place)]
        cloth.worker.rooms.take(feed[-1:])
        assert room._reading is not None, "at once, not at the next sweep"
        assert canonical_hash(await ada.sees(cloth.board, 6)) == full_fold(cloth)
        assert room.board.seq == 6

    async def test_protocol_11_more_at_once_than_is_kept(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        room = await cloth.worker.rooms.open(cloth.place)
        room.recent = Recent(room.board.seq, room.board.chain, 2, 1_000_000)
        cloth.store.is_deaf = True
        fill(cloth, 20)
        stored = cloth.store.entries(cloth.place)
        cloth.worker.rooms.take([FeedEntry(cloth.board, s.seq, s.raw) for s in stored])
        assert canonical_hash(await ada.sees(cloth.board, 21)) == full_fold(cloth)

    async def test_an_entry_that_no_feed_brings_is_read_within_two_seconds(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        cloth.store.is_deaf = True
        await ada.edit(cloth.board, note("note-one"))
        assert (await ada.sees(cloth.board, 2)).seq == 2

    async def test_an_empty_batch_makes_open_boards_read_on(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        cloth.store.is_deaf = True
        fill(cloth, 3)
        cloth.store.miss()
        assert (await ada.sees(cloth.board, 4)).seq == 4

    async def test_reading_on_is_tried_again_when_the_store_is_away(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        cloth.store.trouble = "away"
        fill(cloth, 1)
        cloth.store.miss()
        room = await cloth.worker.rooms.open(cloth.place)
        await until_async(lambda: room._reading is None and room._wanted > room.board.seq)
        cloth.store.trouble = None
        assert (await ada.sees(cloth.board, 2)).seq == 2

    async def test_one_board_that_breaks_does_not_deafen_the_others(self, cloth: Cloth) -> None:
        begun = await cloth.worker.begin_space("Another")
        other = Cloth(cloth.store, cloth.worker, begun)
        ada, ben = await cloth.join(), await other.join()
        cloth.worker.rooms.take([FeedEntry(cloth.board, 2, b"\xc1")])
        assert await ada.line.end() == 1001
        await ben.edit(other.board, note("note-one"))
        assert (await ben.sees(other.board, 2)).seq == 2


class TestJoining:
    async def test_protocol_10_nothing_held_is_a_snapshot(self, cloth: Cloth) -> None:
        ada = cloth.person()
        await ada.hello()
        opened = await ada.open(cloth.board)
        assert (opened.how, opened.seq, opened.mark) == ("snapshot", 1, 0)
        assert (await ada.line.hear(Snapshot)).seq == 1

    async def test_protocol_12_join_equals_the_full_fold(self, cloth: Cloth) -> None:
        fill(cloth, 2500)
        ada = await cloth.join()
        assert canonical_hash(await ada.sees(cloth.board, 2501)) == full_fold(cloth)

    async def test_join_from_a_kept_snapshot_equals_the_full_fold(self, cloth: Cloth) -> None:
        fill(cloth, 2500)
        async with working(cloth.store) as first:
            await cloth.join(worker=first)
            await until_async(lambda: cloth.store.snapshot(cloth.place) is not None)
        kept = cloth.store.snapshot(cloth.place)
        assert kept is not None
        fill(cloth, 70, "later")
        async with working(cloth.store) as second:
            ada = await cloth.join(worker=second)
            assert canonical_hash(await ada.sees(cloth.board, 2571)) == full_fold(cloth)

    async def test_a_damaged_snapshot_is_not_believed(self, cloth: Cloth) -> None:
        fill(cloth, 10)
        for data in (b"nonsense", gzip.compress(b"\x80")):
            store = cloth.store
            store._snapshots[cloth.place] = SnapshotRecord(5, bytes(32), data)
            async with working(store) as worker:
                ada = await cloth.join(worker=worker)
                assert canonical_hash(await ada.sees(cloth.board, 11)) == full_fold(cloth)

    async def test_a_snapshot_of_an_older_form_is_passed_over_and_replaced(self, cloth: Cloth) -> None:
        # FOLD-70: what an older server kept. The log is folded again.
        fill(cloth, 1500)
        board = new_board(cloth.place.space, cloth.place.board)
        for stored in cloth.store.entries(cloth.place)[:1200]:
            apply_entry(board, decode(stored.raw))
        older = gzip.compress(in_format(1, to_canonical(board)))
        cloth.store._snapshots[cloth.place] = SnapshotRecord(1200, board.chain, older)
        async with working(cloth.store) as worker:
            ada = await cloth.join(worker=worker)
            assert canonical_hash(await ada.sees(cloth.board, 1501)) == full_fold(cloth)
            await ada.edit(cloth.board, note("note-new"))
            await until_async(lambda: cloth.store._snapshots[cloth.place].seq > 1200)
        kept = cloth.store._snapshots[cloth.place]
        whole = new_board(cloth.space, cloth.board)
        for stored in cloth.store.entries(cloth.place)[: kept.seq]:
            apply_entry(whole, decode(stored.raw))
        assert gzip.decompress(kept.data) == to_canonical(whole)

    async def test_protocol_10_tail_from_what_is_held(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        await ada.edit(cloth.board, note("note-one"))
        held = await ada.sees(cloth.board, 2)
        ada.leave()
        fill(cloth, 40)
        ben = cloth.person()
        await ben.hello()
        opened = await ben.open(cloth.board, held.seq, held.chain)
        assert (opened.how, opened.seq) == ("tail", 42)
        assert canonical_hash(await ben.sees(cloth.board, 42, held)) == full_fold(cloth)
        assert ben.line.seqs == list(range(3, 43))

    async def test_protocol_10_nothing_new_is_an_empty_tail(self, cloth: Cloth) -> None:
        held = (await cloth.join()).fold(cloth.board)
        ben = cloth.person()
        await ben.hello()
        assert (await ben.open(cloth.board, held.seq, held.chain)).how == "tail"
        assert ben.line.of(Entries) == []

    async def test_protocol_10_another_chain_is_rewound(self, cloth: Cloth) -> None:
        ben = cloth.person()
        await ben.hello()
        opened = await ben.open(cloth.board, 1, bytes(32))
        assert opened.how == "rewound"
        assert (await ben.line.hear(Snapshot)).seq == 1

    async def test_protocol_10_more_than_the_log_has_is_rewound(self, cloth: Cloth) -> None:
        ben = cloth.person()
        await ben.hello()
        assert (await ben.open(cloth.board, 50, bytes(32))).how == "rewound"

    async def test_protocol_10_more_than_this_worker_has_folded_is_read(self, cloth: Cloth) -> None:
        """Who was sent an entry by another worker is not told that the log went back."""
        await cloth.join()
        cloth.store.is_deaf = True
        fill(cloth, 5)
        board = new_board(cloth.space, cloth.board)
        for stored in cloth.store.entries(cloth.place):
            apply_entry(board, decode(stored.raw))
        ben = cloth.person()
        await ben.hello()
        assert (await ben.open(cloth.board, board.seq, board.chain)).how == "tail"

    @pytest.mark.parametrize("needs_tail", [True, False])
    async def test_protocol_10_held_is_older_than_what_is_kept(self, cloth: Cloth, needs_tail: bool) -> None:
        """The chain is followed through the log; with pending words the whole tail is sent."""
        held = (await cloth.join()).fold(cloth.board)
        fill(cloth, 2 * limits.FANOUT_TAIL_ENTRIES + 10)
        async with working(cloth.store) as worker:
            ben = cloth.person(worker)
            await ben.hello()
            opened = await ben.open(cloth.board, held.seq, held.chain, needs_tail)
            tip = 2 * limits.FANOUT_TAIL_ENTRIES + 11
            assert opened.how == ("tail" if needs_tail else "snapshot")
            assert canonical_hash(await ben.sees(cloth.board, tip, held)) == full_fold(cloth)
            assert bool(ben.line.of(Snapshot)) is not needs_tail
            carl = cloth.person(worker)
            await carl.hello()
            assert (await carl.open(cloth.board, held.seq, bytes(32), needs_tail)).how == "rewound"

    async def test_protocol_10_a_tail_from_nothing_is_the_whole_log(self, cloth: Cloth) -> None:
        fill(cloth, 30)
        ben = cloth.person()
        await ben.hello()
        assert (await ben.open(cloth.board, 0, None, True)).how == "tail"
        assert canonical_hash(await ben.sees(cloth.board, 31)) == full_fold(cloth)

    async def test_protocol_10_no_such_board(self, cloth: Cloth) -> None:
        begun = await cloth.worker.begin_space("Another")
        ada = cloth.person()
        await ada.hello()
        for board in ("board-nowhere", begun.record.boards[0][0]):
            ada.say(Open(board))
        await ada.line.hear(Refuse, 2)
        assert any_refusals(ada) == ["no-such-board", "no-such-board"]

    async def test_a_board_without_a_log_cannot_be_opened(self, cloth: Cloth) -> None:
        with pytest.raises(NotFounded):
            await cloth.worker.rooms.open(Place(cloth.space, "board-empty"))

    async def test_what_comes_while_a_board_is_loaded_is_not_lost(self, cloth: Cloth) -> None:
        fill(cloth, 3000)
        async with working(cloth.store) as worker:
            ada = cloth.person(worker)
            await ada.hello()
            opening = asyncio.ensure_future(ada.open(cloth.board))
            for turn in range(20):
                await asyncio.sleep(0)
                fill(cloth, 5, f"turn-{turn}")
            await opening
            assert canonical_hash(await ada.sees(cloth.board, 3101)) == full_fold(cloth)

    async def test_traps_20_a_storm_of_joins_is_one_load_and_one_snapshot(self, cloth: Cloth) -> None:
        fill(cloth, 1500)
        async with working(cloth.store) as worker:
            people = [cloth.person(worker) for _ in range(200)]
            await asyncio.gather(*[person.hello() for person in people])
            await asyncio.gather(*[person.open(cloth.board) for person in people])
            snapshots = [await person.line.hear(Snapshot) for person in people]
            assert len({id(m) for p in people for m in p.line.messages if b"snapshot" in m[:24]}) == 1
            assert {snapshot.seq for snapshot in snapshots} == {1501}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Pieces, "take", lambda *_: pytest.fail("it was made already"))
                late = await cloth.join(worker=worker)
            assert (await late.line.hear(Snapshot)).seq == 1501

    async def test_traps_20_joins_at_once_are_bounded(self, cloth: Cloth) -> None:
        busiest = at_once = 0
        snapshot = cloth.worker.log.mark

        async def slow_mark(*args: str) -> int:
            nonlocal busiest, at_once
            at_once += 1
            busiest = max(busiest, at_once)
            for _ in range(5):
                await asyncio.sleep(0)
            at_once -= 1
            return await snapshot(*args)  # type: ignore[arg-type]

        cloth.worker.log.mark = slow_mark  # type: ignore[assignment,method-assign]
        people = [cloth.person() for _ in range(100)]
        await asyncio.gather(*[person.hello() for person in people])
        await asyncio.gather(*[person.open(cloth.board) for person in people])
        assert busiest == limits.LOG_JOINS_AT_ONCE

    async def test_left_is_left(self, cloth: Cloth) -> None:
        ada, ben = await cloth.join(), await cloth.join()
        ben.say(Leave(cloth.board))
        await ada.edit(cloth.board, note("note-one"))
        await ada.sees(cloth.board, 2)
        assert ben.line.seqs == []
        room = await cloth.worker.rooms.open(cloth.place)
        assert len(room.subscriptions) == 1


class TestSlowReaders:
    """PROTOCOL-13, TRAPS 17."""

    async def flood(self, cloth: Cloth, count: int, words_each: int) -> None:
        ada = await cloth.join()
        for n in range(count):
            await ada.edit(
                cloth.board,
                note(f"note-{n:04}", 1),
                words(f"note-{n:04}", 2, 1, "x" * words_each),
            )
        await ada.sees(cloth.board, 1 + 2 * count)
        ada.leave()

    async def test_a_slow_reader_costs_nobody_and_is_brought_up_to_date(self, cloth: Cloth) -> None:
        slow, quick = await cloth.join(), await cloth.join()
        slow.line.reads = False
        await self.flood(cloth, 60, 40_000)
        await quick.sees(cloth.board, 121)
        room = await cloth.worker.rooms.open(cloth.place)
        assert slow.line.backlog() < limits.FANOUT_ENTRIES_BACKLOG_BYTES + PAGE_BYTES
        assert len(room.live) == 1
        held = slow.line.backlog()
        slow.line.reads = True
        slow.line.read()
        assert canonical_hash(await slow.sees(cloth.board, 121)) == full_fold(cloth)
        assert slow.line.seqs == list(range(2, 122)), "each once and in order"
        assert held
        assert len(room.live) == 2

    async def test_it_is_brought_up_to_date_in_pages(self, cloth: Cloth) -> None:
        """What it can't read yet is not written: its backlog stays small while it reads on, slowly."""
        slow = await cloth.join()
        slow.line.reads = False
        await self.flood(cloth, 60, 40_000)
        slow.line.read()
        most = 0
        for _ in range(2000):
            most = max(most, slow.line.backlog())
            if slow.fold(cloth.board).seq == 121:
                break
            slow.line.read(30_000)
            await asyncio.sleep(0)
        assert slow.fold(cloth.board).seq == 121
        assert most < 3 * 65536 + 2 * 40_000

    async def test_it_falls_behind_again_and_again(self, cloth: Cloth) -> None:
        slow = await cloth.join()
        tip = 1
        for turn in range(3):
            slow.line.reads = False
            ada = await cloth.join()
            for n in range(30):
                element = f"note-{turn}-{n:04}"
                await ada.edit(cloth.board, note(element, 1), words(element, 2, 1, "x" * 45_000))
                tip += 2
            await ada.sees(cloth.board, tip)
            ada.leave()
            slow.line.reads = True
            slow.line.read()
            assert (await slow.sees(cloth.board, tip)).seq == tip
        assert canonical_hash(slow.fold(cloth.board)) == full_fold(cloth)

    async def test_further_behind_than_what_is_kept_it_is_read_from_the_log(self, cloth: Cloth) -> None:
        slow = await cloth.join()
        slow.line.reads = False
        await self.flood(cloth, 30, 45_000)
        fill(cloth, 2 * limits.FANOUT_TAIL_ENTRIES + 100)
        tip = 61 + 2 * limits.FANOUT_TAIL_ENTRIES + 100
        room = await cloth.worker.rooms.open(cloth.place)
        await until_async(lambda: room.flushed == tip)
        assert room.recent.floor > 61
        slow.line.reads = True
        slow.line.read()
        assert canonical_hash(await slow.sees(cloth.board, tip)) == full_fold(cloth)

    async def test_traps_10_who_reads_nothing_is_dropped(self, cloth: Cloth) -> None:
        slow = await cloth.join()
        slow.line.reads = False
        await self.flood(cloth, 40, 45_000)
        slow.connection.check(100.0)
        slow.connection.check(100.0 + limits.FANOUT_STUCK_AFTER_S - 1)
        assert not slow.line.is_aborted
        slow.line.read(10)
        slow.connection.check(100.0 + limits.FANOUT_STUCK_AFTER_S)
        assert not slow.line.is_aborted, "it read a little"
        slow.connection.check(100.0 + 2 * limits.FANOUT_STUCK_AFTER_S)
        assert slow.line.is_aborted


class TestRollback:
    """The log went back behind what was folded and sent (TRAPS 6, PROTOCOL-10)."""

    def roll_back(self, cloth: Cloth, to: int) -> None:
        board = cloth.store._boards[cloth.place]
        del board.entries[to:]
        cloth.store._marks.clear()

    async def test_everybody_is_sent_away_to_compare(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(3):
            await ada.edit(cloth.board, note(f"note-{n:04}", 1))
        held = await ada.sees(cloth.board, 4)
        self.roll_back(cloth, 2)
        cloth.store.miss()
        assert await ada.line.end() == 1001
        assert ada.line.of(Bye)[0].code == "behind"
        ada.leave()
        again = cloth.person(token=ada.token)
        await again.hello()
        assert (await again.open(cloth.board, held.seq, held.chain)).how == "rewound"
        assert (await again.line.hear(Snapshot)).seq == 2

    async def test_a_log_that_went_back_and_on_is_noticed_too(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(3):
            await ada.edit(cloth.board, note(f"note-{n:04}", 1))
        await ada.sees(cloth.board, 4)
        self.roll_back(cloth, 2)
        fill(cloth, 2, "other")
        assert await ada.line.end() == 1001

    async def test_withheld_words_are_no_rollback(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        await ada.edit(cloth.board, note("note-one"), words("note-one", 2, 1, "secret"))
        await ada.sees(cloth.board, 3)
        entry = decode(cloth.store.entries(cloth.place)[2].raw)
        withheld = encode(Entry(entry.seq, entry.at, entry.head, None))
        cloth.worker.rooms.take([FeedEntry(cloth.board, 3, withheld)])
        cloth.store.miss()
        await ada.edit(cloth.board, note("note-two", 3))
        assert (await ada.sees(cloth.board, 4)).seq == 4
        assert ada.line.closed is None


class TestSnapshots:
    async def test_one_is_kept_every_thousand_entries(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(6):
            await ada.edit(cloth.board, *[note(f"note-{n}-{i:03}", 1) for i in range(200)])
        await until_async(lambda: cloth.store.snapshot(cloth.place) is not None)
        kept = cloth.store.snapshot(cloth.place)
        assert kept is not None
        board = from_canonical(gzip.decompress(kept.data))
        assert (board.seq, board.chain) == (kept.seq, kept.chain)
        assert board.seq > 1000

    async def test_a_store_that_is_away_costs_no_snapshot_for_ever(self, cloth: Cloth) -> None:
        room = await cloth.worker.rooms.open(cloth.place)
        fill(cloth, 1200)
        await until_async(lambda: room.board.seq == 1201)
        cloth.store.trouble = "away"
        cloth.worker.rooms.landed(cloth.board, 1000, 1000)
        await until_async(lambda: cloth.worker.rooms._making is None)
        cloth.store.trouble = None
        cloth.worker.rooms.landed(cloth.board, 1999, 2000)
        await until_async(lambda: room.saved == 1201)


class TestLettingGo:
    async def test_idle_rooms_are_let_go(self, cloth: Cloth) -> None:
        rooms: Rooms = cloth.worker.rooms
        ada = await cloth.join()
        room = await rooms.open(cloth.place)
        room.idle_since -= limits.FANOUT_ROOM_IDLE_S + 1
        rooms.sweep()
        assert rooms.holds(room), "somebody is in it"
        ada.leave()
        rooms.sweep()
        assert rooms.holds(room), "somebody was in it just now"
        room.idle_since -= limits.FANOUT_ROOM_IDLE_S + 1
        rooms.sweep()
        assert not rooms.holds(room)
        assert (await rooms.open(cloth.place)) is not room

    async def test_a_room_that_was_let_go_while_somebody_joined_is_opened_again(self, cloth: Cloth) -> None:
        rooms = cloth.worker.rooms
        room = await rooms.open(cloth.place)
        mark = cloth.worker.log.mark

        async def mark_and_let_go(*args: str) -> int:
            cloth.worker.log.mark = mark  # type: ignore[method-assign]
            room.idle_since -= limits.FANOUT_ROOM_IDLE_S + 1
            rooms.sweep()
            return await mark(*args)  # type: ignore[arg-type]

        cloth.worker.log.mark = mark_and_let_go  # type: ignore[assignment,method-assign]
        ada = await cloth.join()
        await ada.edit(cloth.board, note("note-one"))
        assert (await ada.sees(cloth.board, 2)).seq == 2


async def test_loading_raises_what_the_log_raises() -> None:
    store = MemoryStore()
    async with laid(store) as cloth, working(store) as worker:
        store.trouble = "away"
        with pytest.raises(LogAway):
            await worker.rooms.open(cloth.place)
        store.trouble = None
        assert (await worker.rooms.open(cloth.place)).board.seq == 1


async def test_opened_names_the_tip_of_that_moment() -> None:
    async with laid() as cloth:
        fill(cloth, 20)
        ada = cloth.person()
        await ada.hello()
        opened: Opened = await ada.open(cloth.board)
        assert opened.seq == 21
