"""Connections and spaces on a worker with a log in memory: entering, names, floods, being lost, ending."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tablecloth.log.interface import LogAway, SpaceRecord
from tablecloth.spaces import new_id, new_secret, rights_of, view_secret_of
from tablecloth.wire import limits
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Bye,
    Hello,
    Moving,
    Open,
    Opened,
    People,
    Ping,
    Pong,
    Refuse,
    Rename,
    Welcome,
)

from tests.support.cloth import Cloth, Person, any_refusals, laid, note, words, working
from tests.support.valkey import until_async


@pytest.fixture
async def cloth() -> AsyncIterator[Cloth]:
    async with laid() as cloth:
        yield cloth


class TestSpaces:
    async def test_protocol_50_a_new_space(self, cloth: Cloth) -> None:
        begun = await cloth.worker.begin_space("A cloth")
        record = begun.record
        board, title = record.boards[0]
        assert (record.title, title) == ("A cloth", "A cloth")
        assert rights_of(record, begun.edit_secret) is True
        assert rights_of(record, begun.view_secret) is False
        assert rights_of(record, "x" * 43) is None
        assert len(record.space) == len(board) == 16
        kept = cloth.store.space(record.space)
        assert kept is not None
        assert begun.edit_secret not in repr(kept)
        assert begun.view_secret not in repr(kept)

    async def test_fold_3_the_founding_entry_has_the_public_key(self, cloth: Cloth) -> None:
        record = cloth.store.space(cloth.space)
        assert record is not None
        room = await cloth.worker.rooms.open(cloth.place)
        key = Ed25519PrivateKey.from_private_bytes(record.private_key)
        assert room.board.key == record.public_key == key.public_key().public_bytes_raw()
        assert room.board.title == "A cloth"

    def test_protocol_50_the_secret_for_looking_follows_from_the_one_for_writing(self) -> None:
        digest = hashlib.sha256(b"tablecloth-view" + b"secret").digest()
        assert view_secret_of("secret") == base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def test_traps_25_secrets_have_256_bits_and_ids_95(self) -> None:
        assert len({new_secret() for _ in range(100)}) == 100
        assert all(len(new_secret()) == 43 for _ in range(10))
        ids = [new_id() for _ in range(2000)]
        assert len(set(ids)) == 2000
        assert all(len(each) == 16 and each[0] not in "-_" for each in ids)

    async def test_a_store_that_is_away_begins_no_space(self, cloth: Cloth) -> None:
        cloth.store.trouble = "away"
        with pytest.raises(LogAway):
            await cloth.worker.begin_space("Nothing")

    async def test_a_hall_that_connects_asks_for_the_space_once(
        self, cloth: Cloth, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = 0
        space = cloth.worker.log.space

        async def counted(name: str) -> SpaceRecord | None:
            nonlocal asked
            asked += 1
            return await space(name)

        monkeypatch.setattr(cloth.worker.log, "space", counted)
        people = [cloth.person() for _ in range(100)]
        await asyncio.gather(*[person.hello() for person in people])
        assert asked <= 1

    async def test_guessed_spaces_are_not_kept(self, cloth: Cloth) -> None:
        for i in range(50):
            assert await cloth.worker.spaces.find(f"space-guess-{i:03}") is None
        assert len(cloth.worker.spaces._known) <= 1


class TestEntering:
    async def test_protocol_5_the_link_for_looking(self, cloth: Cloth) -> None:
        ada = cloth.person(views=True)
        assert (await ada.hello()).may_edit is False
        await ada.open(cloth.board)
        ada.send(cloth.board, note("note-one"))
        assert (await ada.line.hear(Refuse)).code == "view-only"

    async def test_protocol_5_unknown_space_and_wrong_secret_are_answered_alike(self, cloth: Cloth) -> None:
        answers = []
        for space, secret in ((cloth.space, new_secret()), (new_id(), cloth.secret)):
            person = cloth.person()
            person.say(Hello(PROTOCOL_VERSION, space, secret, person.token, person.session))
            answers.append(((await person.line.end()), person.line.messages))
        assert answers[0] == answers[1]
        assert answers[0][0] == 1008

    async def test_protocol_5_messages_before_welcome_wait(self, cloth: Cloth) -> None:
        ada = cloth.person()
        ada.say(Hello(PROTOCOL_VERSION, cloth.space, cloth.secret, ada.token, ada.session))
        ada.say(Open(cloth.board))
        ada.say(Ping())
        assert ada.line.frames == []
        await ada.line.hear(Opened)
        assert [type(frame) for frame in ada.line.frames[:2]] == [Welcome, Pong]

    async def test_traps_11_what_waits_is_bounded(self, cloth: Cloth) -> None:
        ada = cloth.person()
        ada.say(Hello(PROTOCOL_VERSION, cloth.space, cloth.secret, ada.token, ada.session))
        for _ in range(limits.MAX_QUEUE_MESSAGES):
            ada.say(Ping())
        assert ada.line.is_paused
        await ada.line.hear(Pong, limits.MAX_QUEUE_MESSAGES)
        assert not ada.line.is_paused

    async def test_the_store_is_away_when_somebody_comes_for_the_first_time(self, cloth: Cloth) -> None:
        async with working(cloth.store) as fresh:
            cloth.store.trouble = "away"
            ada = cloth.person(fresh)
            ada.say(Hello(PROTOCOL_VERSION, cloth.space, cloth.secret, ada.token, ada.session))
            assert await ada.line.end() == 1013
            assert [bye.code for bye in ada.line.of(Bye)] == ["away"]

    async def test_who_comes_back_while_the_store_is_away_sees_the_open_board(self, cloth: Cloth) -> None:
        """A room in memory and a record that is known are enough to look; writing waits."""
        ada = await cloth.join("Ada")
        await ada.edit(cloth.board, note("note-one"))
        await ada.sees(cloth.board, 2)
        cloth.store.trouble = "away"
        ben = cloth.person()
        assert (await ben.hello()).title == "A cloth"
        ben.say(Open(cloth.board))
        assert (await ben.line.hear(Refuse)).code == "read-only"
        cloth.store.trouble = None
        await ben.line.hear(Opened)
        assert (await ben.sees(cloth.board, 2)).seq == 2

    async def test_protocol_5_nobody_says_hello(self, monkeypatch: pytest.MonkeyPatch, cloth: Cloth) -> None:
        monkeypatch.setattr(limits, "HELLO_TIMEOUT_S", 0.05)
        silent, spoke = cloth.person(), cloth.person()
        await spoke.hello()
        assert await silent.line.end() == 1008
        assert spoke.line.closed is None


class TestNames:
    async def test_protocol_7_names_reach_everybody_in_the_space(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        ben = await cloth.join("Ben")
        author = ben.connection.session.author
        heard = [person for frame in ada.line.of(People) for person in frame.people]
        assert (author, "Ben") in [(person.author, person.name) for person in heard]
        ada.say(Rename("Ada Lovelace"))
        await until_async(lambda: _names_of(ben).get(ada.connection.session.author) == "Ada Lovelace")
        carl = cloth.person()
        welcome = await carl.hello()
        assert {person.name for person in welcome.people} == {"Ada Lovelace", "Ben"}

    async def test_protocol_7_across_workers_and_kept(self, cloth: Cloth) -> None:
        async with working(cloth.store) as other:
            ada, ben = await cloth.join("Ada"), await cloth.join("Ben", worker=other)
            await until_async(lambda: ben.connection.session.author in _names_of(ada))
            ben.say(Rename(""))
            await until_async(lambda: _names_of(ada)[ben.connection.session.author] == "")
            await until_async(lambda: _kept_names(cloth) == ["Ada"])

    async def test_a_name_that_cannot_be_kept_now_is_kept_later(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        cloth.store.trouble = "away"
        ada.say(Rename("Ada"))
        ada.say(Rename("Ada L."))
        assert (await cloth.worker.spaces.find(cloth.space)) is not None
        cloth.store.trouble = None
        await until_async(lambda: _kept_names(cloth) == ["Ada L."])

    async def test_a_name_without_news_tells_nobody(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        count = len(ada.line.of(People))
        ada.say(Rename("Ada"))
        ada.say(Ping())
        await ada.line.hear(Pong)
        assert len(ada.line.of(People)) == count


def _kept_names(cloth: Cloth) -> list[str]:
    """The names that the store keeps."""
    record = cloth.store.space(cloth.space)
    return list(record.names.values()) if record is not None else []


def _names_of(person: Person) -> dict[str, str]:
    """The names that a person knows."""
    names: dict[str, str] = {}
    for frame in person.line.frames:
        if isinstance(frame, Welcome | People):
            names.update({each.author: each.name for each in frame.people})
    return names


class TestFloods:
    async def test_reading_stops_while_a_flood_lasts(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        began, count = time.monotonic(), 0
        while not ada.line.is_paused:
            ada.say(Ping())
            count += 1
        refilled = (time.monotonic() - began) * limits.MESSAGES_PER_S
        assert limits.MESSAGES_BURST - 10 <= count <= limits.MESSAGES_BURST + refilled + 10
        await until_async(lambda: not ada.line.is_paused)

    async def test_traps_19_a_budget_is_a_connections_own(self, cloth: Cloth) -> None:
        """One address is a whole room: what one person uses up is not missing to the next."""
        ada, ben = await cloth.join(), await cloth.join()
        while "slow-down" not in any_refusals(ada):
            ada.send(cloth.board, *[note(f"note-{ada.ns[cloth.board]:04}-{i:03}", 1) for i in range(200)])
        ben.send(cloth.board, *[note(f"other-{i:03}", 1) for i in range(200)])
        await ben.sees(cloth.board, len(cloth.store.entries(cloth.place)))
        assert any_refusals(ben) == []

    async def test_a_home_coming_of_pending_edits_is_no_flood(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(1, limits.EDITS_BURST):
            ada.send(cloth.board, note(f"note-{n:05}", 1))
            if n % limits.MAX_IN_FLIGHT == 0:
                await ada.sees(cloth.board, n + 1)
        await ada.sees(cloth.board, limits.EDITS_BURST)
        assert any_refusals(ada) == []
        assert not ada.line.is_paused


class TestBeingLost:
    async def test_nothing_of_it_is_left(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        room = await cloth.worker.rooms.open(cloth.place)
        ada.leave()
        assert room.subscriptions == set()
        assert cloth.worker.presences._boards == {}
        assert cloth.worker.connections == set()
        assert cloth.worker.spaces._known[cloth.space].hearers == set()

    async def test_its_groups_on_their_way_are_appended_all_the_same(self, cloth: Cloth) -> None:
        ada, ben = await cloth.join(), await cloth.join()
        ada.send(cloth.board, note("note-one"))
        ada.leave()
        assert (await ben.sees(cloth.board, 2)).seq == 2
        again = cloth.person(token=ada.token)
        again.session = ada.session
        await again.hello()
        assert (await again.open(cloth.board)).mark == 1

    async def test_lost_while_it_was_entering_or_opening(self, cloth: Cloth) -> None:
        ada, ben = cloth.person(), cloth.person()
        ada.say(Hello(PROTOCOL_VERSION, cloth.space, cloth.secret, ada.token, ada.session))
        ada.leave()
        await ben.hello()
        ben.say(Open(cloth.board))
        ben.leave()
        carl = await cloth.join()
        room = await cloth.worker.rooms.open(cloth.place)
        assert len(room.subscriptions) == 1
        assert ada.line.frames == []
        assert carl.line.closed is None

    async def test_an_old_connection_and_a_new_one_settle_the_same_edits_once(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(3):
            ada.send(cloth.board, note(f"note-{n:04}", 1))
        again = cloth.person(token=ada.token)
        again.session = ada.session
        await again.hello()
        mark = (await again.open(cloth.board)).mark
        ada.leave()
        again.ns[cloth.board] = mark
        for n in range(mark, 3):
            await again.edit(cloth.board, note(f"note-{n:04}", 1))
        again.send(cloth.board, words("note-0000", 2, 1, "once"))
        await again.sees(cloth.board, 5)
        assert len(cloth.store.entries(cloth.place)) == 5


class TestEnding:
    async def test_protocol_40_traps_13_moving_and_what_is_on_its_way(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        for n in range(20):
            ada.send(cloth.board, note(f"note-{n:04}", 1))
        await cloth.worker.move()
        assert len(ada.line.of(Moving)) == 1
        assert ada.connection.session.doors[cloth.board].flights == {}
        late = cloth.person()
        assert len(late.line.of(Moving)) == 1
        assert not (await cloth.worker.readiness()).is_ready
        await until_async(lambda: len(cloth.store.entries(cloth.place)) == 21)

    async def test_a_mistake_in_a_task_closes_the_connection(
        self, cloth: Cloth, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: object) -> None:
            raise RuntimeError("a mistake")

        monkeypatch.setattr(cloth.worker.rooms, "open", broken)
        ada = cloth.person()
        await ada.hello()
        ada.say(Open(cloth.board))
        assert await ada.line.end() == 1011

    async def test_traps_9_a_worker_starts_without_its_store(self, cloth: Cloth) -> None:
        cloth.store.trouble = "away"
        async with working(cloth.store) as worker:
            readiness = await worker.readiness()
            assert not readiness.is_ready
            assert readiness.missing
            cloth.store.trouble = None
            assert (await worker.readiness()).is_ready
            ada = await cloth.join(worker=worker)
            await ada.edit(cloth.board, note("note-one"))


async def test_two_workers_one_order() -> None:
    async with laid() as cloth, working(cloth.store) as other:
        people = [await cloth.join(worker=worker) for worker in (cloth.worker, other) * 3]
        for turn in range(20):
            for place, person in enumerate(people):
                person.send(cloth.board, note(f"note-{place}-{turn:03}", 1))
            await asyncio.sleep(0)
        seen = [await person.sees(cloth.board, 121) for person in people]
        assert len({board.chain for board in seen}) == 1
        assert {tuple(person.line.seqs) for person in people} == {tuple(range(2, 122))}
