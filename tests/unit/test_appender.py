"""The way into the log: order, batches, patience, and who is told what (PROTOCOL-20, -22, -23)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tablecloth import limits
from tablecloth.appender import Appender, Store
from tablecloth.log.interface import Answer, Group, LogAway, Place, bucket_of
from tablecloth.metrics import Metrics
from tablecloth.session import Answered
from tablecloth.wire.frames import Refuse

from tests.support.cloth import any_refusals, laid, note
from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.valkey import until_async

PLACE = Place("space-one", "board-one")
ENTRY = (b"\x91\xa4head", None)


class Handing:
    """An owner that keeps its answers."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, int, Answer]] = []
        """(board, session, n, what the log said)"""
        self.calls = 0
        self.is_lost = False

    def answered(self, board: str, answers: list[Answered]) -> None:
        self.calls += 1
        self.answers += [(board, s, n, Answer(seq, code, False, mark)) for s, n, seq, code, mark in answers]

    def unanswerable(self) -> None:
        self.is_lost = True


class Counting(MemoryLog):
    """Counts what it is called with, and can hold its answers back."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        super().__init__(store)
        self.sizes: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def append(self, groups: list[Group]) -> list[Answer]:
        self.sizes.append(len(groups))
        await self.gate.wait()
        return await super().append(groups)


class Way:
    """An appender on a log, and what they told."""

    def __init__(self, log: MemoryLog) -> None:
        self.writable: list[bool] = []
        self.landed: list[tuple[str, int, int]] = []
        self.metrics = Metrics()
        self.store = Store(self.writable.append)
        self.appender = Appender(
            log, self.store, self.metrics, lambda *args: self.landed.append(args), lambda hand_out: hand_out()
        )


def group(n: int, place: Place = PLACE, session: str = "session-one-of-one", **other: Any) -> Group:
    return Group(place, "author-one", session, n, other.get("entries", (ENTRY,)), other.get("refusal"))


@pytest.fixture
async def log() -> AsyncIterator[Counting]:
    log = Counting()
    yield log
    await log.close()


async def test_groups_of_a_tick_are_one_call(log: Counting) -> None:
    way, owner = Way(log), Handing()
    for n in range(1, 51):
        way.appender.offer(group(n), owner)
    await way.appender.finish(5)
    assert log.sizes == [50]
    assert owner.calls == 1, "answers are gathered"
    assert [n for _, _, n, _ in owner.answers] == list(range(1, 51))
    assert way.landed == [("board-one", n, n) for n in range(1, 51)]


async def test_what_comes_during_a_call_goes_together_in_the_next(log: Counting) -> None:
    way, owner = Way(log), Handing()
    log.gate.clear()
    way.appender.offer(group(1), owner)
    await until_async(lambda: log.sizes == [1])
    for n in range(2, 10):
        way.appender.offer(group(n), owner)
    log.gate.set()
    await way.appender.finish(5)
    assert log.sizes == [1, 8]
    assert [answer.seq for *_, answer in owner.answers] == list(range(1, 10))


async def test_order_is_kept_for_each_session_refusals_included(log: Counting) -> None:
    way, owner = Way(log), Handing()
    way.appender.offer(group(1), owner)
    way.appender.offer(group(2, entries=(), refusal="rebase"), owner)
    way.appender.offer(group(3), owner)
    await way.appender.finish(5)
    assert [(n, answer.code) for _, _, n, answer in owner.answers] == [(1, None), (2, "rebase"), (3, None)]


async def test_owners_get_their_own(log: Counting) -> None:
    way, ada, ben = Way(log), Handing(), Handing()
    way.appender.offer(group(1, session="session-of-ada-1"), ada)
    way.appender.offer(group(1, session="session-of-ben-1"), ben)
    await way.appender.finish(5)
    assert [session for _, session, _, _ in ada.answers] == ["session-of-ada-1"]
    assert [session for _, session, _, _ in ben.answers] == ["session-of-ben-1"]


async def test_all_buckets_go_together(log: Counting) -> None:
    way, owner = Way(log), Handing()
    places = [Place(f"space-{i:03}", "board-one") for i in range(20)]
    assert len({bucket_of(place.space) for place in places}) > 1
    for place in places:
        way.appender.offer(group(1, place), owner)
    await way.appender.finish(5)
    assert log.sizes == [20]
    assert len(owner.answers) == 20


class TestStoreInTrouble:
    async def test_protocol_22_nothing_is_answered_before_the_log_has_it(self, log: Counting) -> None:
        way, owner = Way(log), Handing()
        log.store.trouble = "away"
        way.appender.offer(group(1), owner)
        await until_async(lambda: len(log.sizes) > 2)
        assert owner.answers == []
        assert way.writable == [False]
        log.store.trouble = None
        await way.appender.finish(5)
        assert [answer.seq for *_, answer in owner.answers] == [1]
        assert way.writable == [False, True]

    async def test_a_lost_answer_is_asked_for_again_and_counts_once(self, log: Counting) -> None:
        way, owner = Way(log), Handing()
        append = log.store.append
        lost = 0

        def append_and_lose(groups: list[Group]) -> list[Answer]:
            nonlocal lost
            answers = append(groups)
            lost += 1
            if lost < 3:
                raise LogAway("away", "Gone.")
            return answers

        log.store.append = append_and_lose  # type: ignore[method-assign]
        way.appender.offer(group(1), owner)
        way.appender.offer(group(2), owner)
        await way.appender.finish(10)
        assert [answer.seq for *_, answer in owner.answers] == [1, 2]
        assert len(log.store.entries(PLACE)) == 2

    async def test_a_call_that_hangs_is_told_before_it_ends(
        self, log: Counting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "LOG_READ_ONLY_AFTER_S", 0.05)
        way, owner = Way(log), Handing()
        log.gate.clear()
        way.appender.offer(group(1), owner)
        await until_async(lambda: way.writable == [False])
        assert owner.answers == []
        log.gate.set()
        await way.appender.finish(5)
        assert way.writable == [False, True]
        assert len(owner.answers) == 1

    async def test_a_worker_that_is_late_itself_does_not_call_the_store_silent(
        self, log: Counting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every turn of the loop takes longer than the patience, and the answer needs some turns."""
        monkeypatch.setattr(limits, "LOG_READ_ONLY_AFTER_S", 0.02)
        way, owner, loop = Way(log), Handing(), asyncio.get_running_loop()
        append = log.append

        async def append_in_some_turns(groups: list[Group]) -> list[Answer]:
            for _ in range(4):
                await asyncio.sleep(0)
            return await append(groups)

        monkeypatch.setattr(log, "append", append_in_some_turns)

        def be_held_up() -> None:
            time.sleep(0.03)  # not waiting: this is the lateness that is tried
            if not owner.answers:
                loop.call_soon(be_held_up)

        be_held_up()
        way.appender.offer(group(1), owner)
        await way.appender.finish(10)
        assert [answer.seq for *_, answer in owner.answers] == [1]
        assert way.writable == []

    async def test_finish_does_not_wait_for_ever(self, log: Counting) -> None:
        way = Way(log)
        log.store.trouble = "away"
        way.appender.offer(group(1), Handing())
        await way.appender.finish(0.05)
        log.store.trouble = None
        await way.appender.finish(5)

    async def test_participants_are_told_and_go_on(self) -> None:
        async with laid() as cloth:
            ada = await cloth.join()
            cloth.store.trouble = "full"
            ada.send(cloth.board, note("note-one"))
            refuse = await ada.line.hear(Refuse)
            assert (refuse.code, refuse.n) == ("read-only", 0)
            ada.say(b"\xc1")
            assert (await ada.line.hear(Refuse, 2)).code == "bad-frame"
            ada.send(cloth.board, note("note-two"))
            assert (await ada.line.hear(Refuse, 3)).n == 2
            assert not (await cloth.worker.readiness()).is_ready
            cloth.store.trouble = None
            await ada.sees(cloth.board, 2)
            ada.ns[cloth.board] = 1
            assert await ada.edit(cloth.board, note("note-two", 2)) == 3
            assert any_refusals(ada) == ["read-only", "bad-frame", "read-only"]
            assert (await cloth.worker.readiness()).is_ready


async def test_a_group_that_the_log_cannot_take_harms_nobody_else(log: Counting) -> None:
    way, wrong, right = Way(log), Handing(), Handing()
    way.appender.offer(group(1, session="session-of-ada-1"), right)
    way.appender.offer(group(1, entries=(), session="session-of-ben-1"), wrong)
    way.appender.offer(group(2, session="session-of-ada-1"), right)
    await way.appender.finish(5)
    assert wrong.is_lost
    assert [answer.seq for *_, answer in right.answers] == [1, 2]
