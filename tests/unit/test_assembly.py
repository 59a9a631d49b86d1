"""The space's log at two workers: rolls, deadlines and rulings, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import AnyEdit, Entry, SetEdit
from tablecloth.core.fold import apply_entry, read_head
from tablecloth.core.room_kinds import ObjectEdit, ProposeEdit, ResumeEdit, TakeBackEdit, VoteEdit
from tablecloth.log.interface import Place
from tablecloth.wire.frames import Refuse
from tablecloth.worker import Worker

from tests.support.cloth import Cloth, Person, laid, note, words, working
from tests.support.memory_log import MemoryStore

MINUTE = 60_000
_read = msgspec.msgpack.Decoder(Entry).decode


async def until(is_so: Callable[[], bool]) -> None:
    """Let the workers go on until something is so."""
    for _ in range(100_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never was so")


class Hall:
    """Two workers on one store, whose clock stands until it is moved."""

    def __init__(self, cloth: Cloth, other: Worker) -> None:
        self.cloth, self.other = cloth, other
        self.now = cloth.store.clock() + 1000
        self.hands = 0
        cloth.store.clock = lambda: self.now
        for worker in (cloth.worker, other):
            worker.assemblies.now_ms = lambda: self.now

    async def join(self, at_other: bool = False, views: bool = False) -> Person:
        person = await self.cloth.join(worker=self.other if at_other else None, views=views)
        await person.open(self.cloth.space)
        return person

    def log(self, board: str) -> Board:
        """What the store's log of a board folds to."""
        folded = new_board(self.cloth.space, board)
        for stored in self.cloth.store.entries(Place(self.cloth.space, board)):
            apply_entry(folded, _read(stored.raw))
        return folded

    @property
    def room(self) -> Board:
        return self.log(self.cloth.space)

    @property
    def board(self) -> Board:
        return self.log(self.cloth.board)

    def state(self, ident: str = "proposal-1") -> str:
        return self.room.decisions.proposals[ident].state

    async def say(self, person: Person, *edits: AnyEdit) -> None:
        """Say something on the space's log, with fresh hands, and wait for its ack."""
        stamped: list[AnyEdit] = []
        for edit in edits:
            self.hands += 1
            stamped.append(msgspec.structs.replace(edit, hand=f"hand-{self.hands:04}", k=1, base=1))
        await person.edit(self.cloth.space, *stamped)

    async def later(self, ms: int) -> None:
        """Let time pass: both workers look at the clock, and finish what they then have to do."""
        self.now += ms
        for worker in (self.cloth.worker, self.other):
            worker.assemblies.sweep()
        await self.settle()

    async def settle(self) -> None:
        await until(
            lambda: all(
                assembly.is_idle
                for worker in (self.cloth.worker, self.other)
                for assembly in worker.assemblies._known.values()
            )
        )


def propose(act: str, ident: str = "proposal-1", board: str = "", **parts: Any) -> ProposeEdit:
    return ProposeEdit(ident, "hand-none", 1, 1, act, board, **parts)


def said(kind: type, ident: str = "proposal-1", *rest: Any) -> Any:
    return kind(ident, "hand-none", 1, 1, *rest)


@asynccontextmanager
async def in_the_hall() -> AsyncIterator[Hall]:
    async with laid() as cloth, working(cloth.store) as other:
        yield Hall(cloth, other)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    async with in_the_hall() as made:
        yield made


async def test_a_roll_is_of_both_workers_without_links_for_looking(hall: Hall) -> None:
    ada, ben, eve = await hall.join(), await hall.join(at_other=True), await hall.join(views=True)
    await hall.say(ada, propose("close", board=hall.cloth.board))

    authors = sorted(person.connection.session.author for person in (ada, ben))
    assert hall.room.decisions.proposals["proposal-1"].roll == authors
    assert eve.connection.session.author not in authors


async def test_who_left_is_on_no_roll_and_a_second_tab_keeps_one_there(hall: Hall) -> None:
    ada, ben, cem = await hall.join(), await hall.join(at_other=True), await hall.join(at_other=True)
    again = hall.cloth.person(hall.other, cem.token)
    await again.hello()
    ben.leave()
    cem.leave()
    await hall.settle()
    for _ in range(1000):
        if len(await hall.cloth.worker.attendance.roll(hall.cloth.space)) == 2:
            break
    await hall.say(ada, propose("close", board=hall.cloth.board))

    authors = sorted(person.connection.session.author for person in (ada, cem))
    assert hall.room.decisions.proposals["proposal-1"].roll == authors


async def test_alone_it_passes_at_once_and_the_ruling_is_in_the_same_call(hall: Hall) -> None:
    ada = await hall.join()
    before = hall.cloth.store.appends
    await hall.say(ada, propose("close", board=hall.cloth.board, why="Done"))

    assert hall.cloth.store.appends == before + 1
    assert hall.state() == "passed"
    assert hall.room.decisions.proposals["proposal-1"].carried
    assert hall.board.decisions.closed is not None
    ada.send(hall.cloth.board, note("note-0001"))
    await ada.line.hear(Refuse)
    assert hall.board.elements == {}


async def test_without_an_objection_time_passes_it_once_at_whichever_worker(hall: Hall) -> None:
    ada, ben = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("close", board=hall.cloth.board))
    await hall.later(5 * MINUTE - 1)
    assert hall.state() == "open"
    await hall.later(1)

    assert hall.state() == "passed"
    board = hall.board
    assert [ruling.act for ruling in board.decisions.rulings.values()] == ["close"]
    heads = [read_head(_read(stored.raw).head) for stored in hall.cloth.store.entries(hall.cloth.place)]
    assert len(heads) == 2, "founded and one ruling: the other worker's tick was no news"
    assert (await ben.sees(hall.cloth.board, board.seq)).decisions.closed is not None


async def test_an_objection_a_vote_and_two_thirds(hall: Hall) -> None:
    ada, ben, cem = await hall.join(), await hall.join(at_other=True), await hall.join()
    await hall.say(ada, propose("close", board=hall.cloth.board))
    await hall.say(ben, said(ObjectEdit, "proposal-1", "Not yet"))
    proposal = hall.room.decisions.proposals["proposal-1"]
    assert (proposal.phase, proposal.roll is not None and len(proposal.roll)) == (2, 3)
    await hall.say(cem, said(VoteEdit, "proposal-1", 1))

    assert hall.state() == "passed"
    assert hall.board.decisions.closed is not None


async def test_what_falls_or_is_taken_back_rules_nothing(hall: Hall) -> None:
    ada, ben = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("close", board=hall.cloth.board))
    await hall.say(ben, said(ObjectEdit))
    assert hall.state() == "fell"
    await hall.say(ada, propose("close", "proposal-2", board=hall.cloth.board))
    await hall.say(ada, said(TakeBackEdit, "proposal-2"))
    await hall.later(6 * MINUTE)

    assert hall.state("proposal-2") == "taken-back"
    assert hall.board.seq == 1


async def test_nobody_pauses_anybody_alone_and_three_do(hall: Hall) -> None:
    ada, ben = await hall.join(), await hall.join(at_other=True)
    whom = ben.connection.session.author
    await hall.say(ada, propose("pause", about=whom, values={"minutes": 10}))
    assert hall.state() == "fell"
    await hall.join(at_other=True)
    await hall.say(ada, propose("pause", "proposal-2", about=whom, values={"minutes": 10}))
    await hall.later(5 * MINUTE)
    assert hall.state("proposal-2") == "passed"
    await ben.sees(hall.cloth.board, 2)

    ben.send(hall.cloth.board, note("note-0001", hand="hand-of-ben"))
    refused = await ben.line.hear(Refuse)
    assert refused.code == "paused"
    await ada.edit(hall.cloth.board, note("note-0002"))
    assert list(hall.board.elements) == ["note-0002"]


async def test_a_board_founded_later_begins_with_what_stands(hall: Hall) -> None:
    ada, ben, _ = await hall.join(), await hall.join(at_other=True), await hall.join()
    whom = ben.connection.session.author
    await hall.say(ada, propose("pause", about=whom, values={"minutes": 10}))
    await hall.say(ada, propose("agreement", "proposal-2", values={"lock": 20}))
    await hall.later(5 * MINUTE)
    record = await hall.other.spaces.find(hall.cloth.space)
    assert record is not None
    board = await hall.other.spaces.add_board(record, "Two", hall.other.assemblies.standing)
    assert board is not None

    known = hall.log(board).decisions
    assert known.numbers == {"lock": 20}
    assert known.paused == {whom: hall.now + 10 * MINUTE}


async def test_a_silence_holds_and_somebody_resumes(hall: Hall) -> None:
    ada, _ = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("close", board=hall.cloth.board))
    await hall.later(11 * MINUTE)
    proposal = hall.room.decisions.proposals["proposal-1"]
    assert (proposal.state, proposal.held) == ("open", hall.now - 11 * MINUTE)
    await hall.say(ada, said(ResumeEdit))
    await hall.later(5 * MINUTE)
    assert hall.state() == "passed"


async def test_time_is_logged_while_something_is_open_and_never_else(hall: Hall) -> None:
    ada, _ = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("agreement", values={"proposal": 60}))
    await hall.later(5 * MINUTE)
    await hall.say(ada, propose("close", "proposal-2", board=hall.cloth.board))
    seq = hall.room.seq
    for _ in range(6):
        await hall.later(290_000)
    assert seq + 6 == hall.room.seq, "one tick each time, though two workers looked"
    assert hall.room.decisions.proposals["proposal-2"].held is None
    await hall.say(ada, said(TakeBackEdit, "proposal-2"))
    seq = hall.room.seq
    await hall.later(60 * MINUTE)
    assert hall.room.seq == seq


async def test_clearing_and_restoring(hall: Hall) -> None:
    ada = await hall.join()
    board = hall.cloth.board
    await ada.edit(board, note("note-0001", x=5), words("note-0001", 2, 1, "one"))
    then = hall.board.seq
    await ada.edit(board, words("note-0001", 3, then, "not "), note("note-0002", base=then))
    await hall.say(ada, propose("clear", board=board, elements=["note-0001", "note-0002"], why="Next round"))
    seen = hall.board
    assert {element.id for element in seen.margin()} == {"note-0001", "note-0002"}
    await hall.say(ada, propose("restore", "proposal-2", board=board, values={"seq": then}, why="Back"))

    after = hall.board
    first, second = after.elements["note-0001"], after.elements["note-0002"]
    assert (first.aside, first.text(), first.prop("x")) == (None, "one", 5)
    assert second.aside is not None
    assert (await ada.sees(board, after.seq)).elements["note-0001"].text() == "one"


async def test_renaming_reaches_the_list_of_boards_at_every_worker(hall: Hall) -> None:
    ada, ben = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("rename", board=hall.cloth.board, words={"title": "Table two"}))
    await hall.say(ada, propose("rename", "proposal-2", board=hall.cloth.space, words={"title": "Café"}))
    await hall.later(5 * MINUTE)

    async with asyncio.timeout(10):
        while True:
            record = await hall.other.spaces.find(hall.cloth.space, float("inf"))
            if record is not None and (record.title, record.boards[0][1]) == ("Café", "Table two"):
                break
            await asyncio.sleep(0.001)
    assert hall.board.title == "Table two"
    assert ben.connection.session.state == "in"


async def test_a_picture_is_taken_away_for_all(hall: Hall) -> None:
    ada, _ = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("removeimage", board=hall.cloth.board, about="a" * 64))
    await hall.later(5 * MINUTE)
    assert set(hall.board.decisions.removed) == {"a" * 64}
    assert set(hall.room.decisions.removed) == {"a" * 64}


async def test_what_passed_without_its_rulings_is_completed_by_whoever_opens_the_space(hall: Hall) -> None:
    """A decision as a worker would leave it that died between two calls, which no call of ours does."""
    ada, _ = await hall.join(), await hall.join(at_other=True)
    await hall.say(ada, propose("close", board=hall.cloth.board))
    place = Place(hall.cloth.space, hall.cloth.space)
    hall.now += 5 * MINUTE
    bare = msgspec.msgpack.encode(["tick", []])
    hall.cloth.store._put(place, ((bare, None),), [])
    assert (hall.state(), hall.board.seq) == ("passed", 1)

    async with working(hall.cloth.store) as third:
        third.assemblies.now_ms = lambda: hall.now
        person = await hall.cloth.join(worker=third)
        await person.open(hall.cloth.space)
        await until(lambda: hall.board.seq > 1)
    assert hall.board.decisions.closed is not None
    assert hall.room.decisions.proposals["proposal-1"].carried


async def test_both_workers_at_once(hall: Hall) -> None:
    """Everybody objects in the same moment: one is the objector, and each is answered."""
    people = [await hall.join(at_other=bool(place % 2)) for place in range(6)]
    await hall.say(people[0], propose("close", board=hall.cloth.board))
    for number, person in enumerate(people[1:]):
        edit = ObjectEdit("proposal-1", f"hand-many-{number}", 1, 1)
        person.send(hall.cloth.space, edit)
    await hall.settle()
    await until(lambda: hall.room.decisions.proposals["proposal-1"].roll is not None)
    proposal = hall.room.decisions.proposals["proposal-1"]
    assert (proposal.phase, len(proposal.roll or ())) == (2, 6)
    assert sum(proposal.votes.values()) == 1


async def test_no_element_gets_onto_the_space_s_log_and_no_proposal_onto_a_board(hall: Hall) -> None:
    ada = await hall.join()
    ada.send(hall.cloth.space, note("note-0001"))
    assert (await ada.line.hear(Refuse)).code == "wrong-board"
    ada.send(hall.cloth.board, propose("close", board=hall.cloth.board))
    assert (await ada.line.hear(Refuse, 2)).code == "wrong-board"
    ada.send(hall.cloth.space, SetEdit("note-0001", "hand-none", 1, 1, {"x": 1}))
    assert (await ada.line.hear(Refuse, 3)).code == "wrong-board"


async def test_an_older_space_gets_its_log_when_somebody_opens_it() -> None:
    async with laid(MemoryStore()) as cloth:
        del cloth.store._boards[Place(cloth.space, cloth.space)]
        del cloth.store._marks[Place(cloth.space, cloth.space), "founding", "founding"]
        ada = await cloth.join()
        await ada.open(cloth.space)
        assert len(cloth.store.entries(Place(cloth.space, cloth.space))) == 1
