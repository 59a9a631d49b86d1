"""Presence: coalesced, bounded, in turns, across workers, and forgotten (PROTOCOL-30, -31, -13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from tablecloth import limits
from tablecloth.presence import PRESENCE, BoardPresence
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import (
    Around,
    Drag,
    Here,
    Leave,
    Look,
    Presence,
    PresenceIn,
    React,
    Reaction,
    Stroke,
)

from tests.support.cloth import Cloth, Person, laid, working
from tests.support.paper_line import PaperLine, payload_of
from tests.support.valkey import until_async

TICK_S = limits.FANOUT_PRESENCE_TICK_MS / 1000


def around(who: str, x: int = 0, size: int = 0) -> bytes:
    """Somebody's presence as it is kept; `size` bytes longer than it must be."""
    selected = [f"element-{i:04}" for i in range(size // 13)]
    return encode(Around(who, f"author-{who}", Here((x, 0), selected)))


def shown(line: PaperLine) -> list[list[str]]:
    """Who was shown, frame by frame."""
    return [[each.who for each in frame.here] for frame in line.of(Presence)]


class TestTicks:
    def test_a_tick_shows_only_the_last(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.tick()
        for x in range(5):
            board.show("ada", around("ada", x), None)
        board.tick()
        assert [each.here.at for frame in line.of(Presence) for each in frame.here] == [(4, 0)]
        assert not board.is_due
        assert board.tick() is None

    def test_the_same_bytes_for_everybody(self) -> None:
        board, lines = BoardPresence("board-one"), [PaperLine() for _ in range(3)]
        for line in lines:
            board.join(line)
        board.tick()
        board.show("ada", around("ada"), None)
        board.tick()
        assert len({id(line.messages[0]) for line in lines}) == 1

    def test_protocol_30_a_frame_is_bounded_and_people_take_turns(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.tick()
        people = [f"who-{i:03}" for i in range(100)]
        for turn in range(8):
            for who in people:
                board.show(who, around(who, turn, 200), None)
            board.tick()
        sizes = [len(payload_of(message)) for message in line.messages]
        assert max(sizes) <= limits.FANOUT_PRESENCE_BUDGET_BYTES
        turns = [who for frame in shown(line) for who in frame]
        assert turns[:100] == people, "everybody once before anybody twice"
        assert turns[100 : len(turns)] == people[: len(turns) - 100]

    def test_one_that_is_larger_than_a_frame_is_shown_alone(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.tick()
        ids = [f"element-{i:024}" for i in range(50)]
        drag = [Drag(ident, 10**9, 10**9, 10**6, 10**6) for ident in ids]
        stroke = Stroke("stroke-one", 0, 0, "ink", 4, bytes(4096))
        large = encode(Around("ada", "author-ada", Here((0, 0), ids, None, drag, stroke)))
        assert len(large) > limits.FANOUT_PRESENCE_BUDGET_BYTES
        board.show("ada", large, None)
        board.show("ben", around("ben"), None)
        board.tick()
        board.tick()
        assert shown(line) == [["ada"], ["ben"]]

    def test_protocol_31_gone(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.show("ada", around("ada"), None)
        board.tick()
        board.leave("ada")
        board.leave("nobody")
        board.tick()
        assert [frame.gone for frame in line.of(Presence)] == [[], ["ada"]]

    def test_who_joins_is_shown_everybody_in_bounded_frames(self) -> None:
        board, late = BoardPresence("board-one"), PaperLine()
        for i in range(100):
            board.show(f"who-{i:03}", around(f"who-{i:03}", 0, 200), None)
        while board.is_due:
            board.tick()
        board.join(late)
        ticks = 0
        while board.is_due:
            board.tick()
            ticks += 1
        assert sorted(who for frame in shown(late) for who in frame) == [f"who-{i:03}" for i in range(100)]
        assert ticks == len(late.messages) > 3

    def test_what_changes_while_somebody_is_shown_everybody(self) -> None:
        """Who was shown to them already and moved since is shown again."""
        board, late = BoardPresence("board-one"), PaperLine()
        for i in range(100):
            board.show(f"who-{i:03}", around(f"who-{i:03}", 0, 200), None)
        while board.is_due:
            board.tick()
        board.join(late)
        board.tick()
        board.show("who-000", around("who-000", 77), None)
        while board.is_due:
            board.tick()
        last = {each.who: each.here.at for frame in late.of(Presence) for each in frame.here}
        assert last["who-000"] == (77, 0)
        assert len(last) == 100

    def test_protocol_13_presence_is_dropped_first_and_made_up_for(self) -> None:
        board, slow, quick = BoardPresence("board-one"), PaperLine(), PaperLine()
        for line in (slow, quick):
            board.join(line)
        board.show("ada", around("ada"), None)
        board.show("ben", around("ben"), None)
        board.tick()
        slow.is_crowded = True
        board.show("ada", around("ada", 5), None)
        board.leave("ben")
        board.show("cem", around("cem"), None)
        board.tick()
        board.tick()
        assert len(slow.messages) == 1
        assert len(quick.messages) == 2
        slow.is_crowded = False
        board.tick()
        last = slow.of(Presence)[-1]
        assert last.gone == ["ben"]
        assert {each.who: each.here.at for each in last.here} == {"ada": (5, 0), "cem": (0, 0)}
        assert not board.is_due

    def test_who_came_back_is_not_gone(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.show("ada", around("ada"), None)
        board.tick()
        board.leave("ada")
        board.show("ada", around("ada", 1), None)
        board.tick()
        assert line.of(Presence)[-1].gone == []


def acting(who: str, react: int | None = None, look: int | None = None, x: int = 0) -> bytes:
    """Somebody's presence with moments of these numbers."""
    reaction = None if react is None else React("heart", "", react)
    asking = None if look is None else Look(0, 0, 10, 10, look)
    return encode(Around(who, f"author-{who}", Here((x, 0), look=asking, react=reaction)))


def moments(line: PaperLine, who: str) -> list[tuple[int | None, int | None]]:
    """The numbers of somebody's reactions and askings, as they were shown."""
    return [
        (each.here.react.n if each.here.react else None, each.here.look.n if each.here.look else None)
        for frame in line.of(Presence)
        for each in frame.here
        if each.who == who
    ]


class TestMoments:
    """PROTOCOL-32: who reacts and goes on moving is seen to have reacted."""

    def seated(self) -> tuple[BoardPresence, PaperLine]:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.tick()
        return board, line

    def test_one_that_was_replaced_before_its_turn_is_carried_and_then_over(self) -> None:
        board, line = self.seated()
        board.show("ada", acting("ada", react=1), None)
        board.show("ada", acting("ada", look=1), None)
        board.show("ada", acting("ada", x=7), None)
        board.tick()
        assert moments(line, "ada") == [(1, 1)]
        board.tick()
        assert moments(line, "ada") == [(1, 1), (None, None)]
        last = line.of(Presence)[-1].here[-1]
        assert last.here == Here((7, 0))
        assert not board.is_due

    def test_one_that_went_out_is_not_carried(self) -> None:
        board, line = self.seated()
        board.show("ada", acting("ada", react=1), None)
        board.tick()
        for x in range(1, 4):
            board.show("ada", acting("ada", react=1 if x < 3 else None, x=x), None)
            board.tick()
        assert moments(line, "ada") == [(1, None), (1, None), (1, None), (None, None)]

    def test_a_newer_one_takes_the_place_of_an_older(self) -> None:
        board, line = self.seated()
        board.show("ada", acting("ada", react=1, look=1), None)
        board.show("ada", acting("ada", react=2), None)
        board.show("ada", acting("ada"), None)
        board.tick()
        board.tick()
        assert moments(line, "ada") == [(2, 1), (None, None)]

    def test_who_reacts_goes_first_and_leaves_half_of_the_frame(self) -> None:
        board, line = self.seated()
        for i in range(200):
            board.show(f"who-{i:03}", around(f"who-{i:03}", 0, 200), None)
        for i in range(200, 600):
            board.show(f"who-{i:03}", acting(f"who-{i:03}", react=1), None)
        board.tick()
        frame = line.of(Presence)[-1]
        reacting = [each.who for each in frame.here if each.here.react]
        assert reacting == [f"who-{i}" for i in range(200, 200 + len(reacting))]
        assert len(reacting) > 20
        assert [each.who for each in frame.here[len(reacting) :]][:5] == [f"who-00{i}" for i in range(5)]
        assert len(payload_of(line.messages[-1])) <= limits.FANOUT_PRESENCE_BUDGET_BYTES

    def test_what_is_said_again_goes_to_nobody(self) -> None:
        board, line = self.seated()
        for _ in range(3):
            board.show("ada", acting("ada", react=1), None)
            if board.is_due:
                board.tick()
        assert moments(line, "ada") == [(1, None)]

    def test_who_left_takes_it_along(self) -> None:
        board, line = self.seated()
        board.show("ada", acting("ada", react=1), None)
        board.leave("ada")
        board.tick()
        board.show("ada", acting("ada"), None)
        board.tick()
        assert moments(line, "ada") == [(None, None)]

    def test_of_another_version_is_shown_as_it_is(self) -> None:
        board, _ = self.seated()
        board.show("ada", acting("ada", react=1), 1.0)
        strange = encode({"who": "ada", "here": {"react": ["smoke", "", 1, 2], "look": 5}})
        board.show("ada", strange, 1.0)
        assert board.people["ada"].raw == strange
        assert board.tick() is None


class TestOtherWorkers:
    def test_only_ones_own_people_are_told_on(self) -> None:
        board = BoardPresence("board-one")
        board.show("ada", around("ada"), None)
        board.show("ben", around("ben"), 10.0)
        said = board.tick()
        assert said is not None
        assert [who for who, _ in said.here] == ["ada"]
        board.leave("ada")
        board.leave("ben")
        said = board.tick()
        assert said is not None
        assert said.gone == ["ada"], "each worker says of its own that they are gone"

    def test_who_is_named_by_nobody_is_gone(self) -> None:
        board, line = BoardPresence("board-one"), PaperLine()
        board.join(line)
        board.show("ada", around("ada"), None)
        board.show("ben", around("ben"), 100.0)
        board.show("cem", around("cem"), 100.0)
        assert board.beat(["ben"], 100.0 + limits.FANOUT_PRESENCE_LOST_S)
        assert not board.beat(["ben", "zoe"], 100.0)
        board.beat(["ben"], 100.0 + limits.FANOUT_PRESENCE_LOST_S)
        board.forget_lost(101.0 + limits.FANOUT_PRESENCE_LOST_S)
        board.tick()
        assert set(board.people) == {"ada", "ben"}
        assert line.of(Presence)[-1].gone == ["cem"]


@pytest.fixture
async def cloth() -> AsyncIterator[Cloth]:
    async with laid() as cloth:
        yield cloth


async def until_shown(person: Person, who: str, at: tuple[int, int] | None = None) -> None:
    """Wait until a person was shown another (at a place)."""
    count = 0
    while True:
        count += 1
        frame = await person.line.hear(Presence, count)
        for each in frame.here:
            if each.who == who and (at is None or each.here.at == at):
                return


async def until_gone(person: Person, who: str) -> None:
    """Wait until a person was told that another is gone."""
    count = 0
    while True:
        count += 1
        if who in (await person.line.hear(Presence, count)).gone:
            return


class TestThroughWorkers:
    async def test_people_see_each_other_and_themselves(self, cloth: Cloth) -> None:
        ada, ben = await cloth.join(), await cloth.join()
        ada.say(PresenceIn(cloth.board, Here((1, 2))))
        await until_shown(ben, ada.connection.who, (1, 2))
        await until_shown(ada, ada.connection.who)
        frame = ben.line.of(Presence)[-1]
        assert frame.here[-1].author == ada.connection.session.author

    async def test_leaving_and_losing_the_line_is_gone(self, cloth: Cloth) -> None:
        ada, ben, cem = await cloth.join(), await cloth.join(), await cloth.join()
        for person in (ben, cem):
            person.say(PresenceIn(cloth.board, Here((1, 2))))
            await until_shown(ada, person.connection.who)
        ben.say(Leave(cloth.board))
        await until_gone(ada, ben.connection.who)
        cem.leave()
        await until_gone(ada, cem.connection.who)

    async def test_two_workers(self, cloth: Cloth) -> None:
        async with working(cloth.store) as other:
            ada = await cloth.join()
            ben = await cloth.join(worker=other)
            ada.say(PresenceIn(cloth.board, Here((1, 2))))
            await until_shown(ben, ada.connection.who, (1, 2))
            ben.say(PresenceIn(cloth.board, Here((3, 4))))
            await until_shown(ada, ben.connection.who, (3, 4))
            ben.leave()
            await until_gone(ada, ben.connection.who)

    @pytest.mark.parametrize("name", ["heart", "wow"])
    async def test_protocol_32_a_moment_between_two_moves_reaches_everybody(
        self, cloth: Cloth, name: Reaction
    ) -> None:
        async with working(cloth.store) as other:
            ada, near, far = await cloth.join(), await cloth.join(), await cloth.join(worker=other)
            ada.say(PresenceIn(cloth.board, Here((1, 2))))
            ada.say(PresenceIn(cloth.board, Here((1, 2), react=React(name, "", 1), look=Look(0, 0, 5, 5, 1))))
            ada.say(PresenceIn(cloth.board, Here((3, 4), view=(0, 0, 800, 600), laser=True)))
            last = Here((3, 4), view=(0, 0, 800, 600), laser=True)
            for person in (near, far):
                seen: list[Here] = []
                while last not in seen:
                    frame = await person.line.hear(Presence, len(seen) + 1)
                    seen.append(frame.here[0].here)
                acted = [here for here in seen if here.react == React(name, "", 1)]
                assert acted
                assert acted[0].look == Look(0, 0, 5, 5, 1)

    async def test_who_comes_later_to_another_worker_sees_who_is_there(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        ada.say(PresenceIn(cloth.board, Here((1, 2))))
        await until_shown(ada, ada.connection.who)
        async with working(cloth.store) as other:
            ben = await cloth.join(worker=other)
            await until_shown(ben, ada.connection.who, (1, 2))

    async def test_a_lost_message_is_asked_for_at_the_next_beat(self, cloth: Cloth) -> None:
        async with working(cloth.store) as other:
            ada = await cloth.join()
            ben = await cloth.join(worker=other)
            ada.say(PresenceIn(cloth.board, Here((1, 2))))
            await until_shown(ben, ada.connection.who)
            people = other.presences._boards[cloth.place].people
            people.clear()
            cloth.worker.presences.beat()
            await until_async(lambda: ada.connection.who in people)

    @pytest.mark.parametrize("data", [b"", b"\xc1", msgspec.msgpack.encode(["beat", 5]), b"\x91" * 3000])
    async def test_what_cannot_be_read_is_dropped(self, cloth: Cloth, data: bytes) -> None:
        await cloth.join()
        cloth.worker.presences.hear(cloth.space, data)
        cloth.worker.spaces.hear(cloth.space, data)
        await cloth.worker.log.publish(cloth.space, PRESENCE + data)
        assert cloth.worker.presences._boards

    async def test_an_idle_board_does_not_tick(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        ada.say(PresenceIn(cloth.board, Here((1, 2))))
        await until_shown(ada, ada.connection.who)
        async with asyncio.timeout(5):
            while cloth.worker.presences._timer is not None:  # noqa: ASYNC110 (a tick has no event)
                await asyncio.sleep(TICK_S)

    async def test_one_board_that_breaks_does_not_stop_presence(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        ada.say(PresenceIn(cloth.board, Here((1, 2))))
        await until_shown(ada, ada.connection.who)
        presences = cloth.worker.presences
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BoardPresence, "tick", lambda _: 1 / 0)
            ada.say(PresenceIn(cloth.board, Here((3, 4))))
            with pytest.raises(ZeroDivisionError):
                presences._tick()
        ada.say(PresenceIn(cloth.board, Here((5, 6))))
        await until_shown(ada, ada.connection.who, (5, 6))

    async def test_a_board_without_people_is_forgotten(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        ada.leave()
        assert cloth.worker.presences._boards == {}
