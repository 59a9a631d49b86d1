"""More boards in a space: who may found one, who hears of it, and how soon it can be opened (PROTOCOL-55)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tablecloth import limits
from tablecloth.log.interface import Entries, LogAway, Place
from tablecloth.spaces import new_secret, view_secret_of
from tablecloth.web import asking
from tablecloth.wire.frames import Boards, Refuse

from tests.support.cloth import Cloth, laid, working
from tests.support.house import House, open_house
from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.plain_words import assert_plain


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with open_house() as house:
        yield house


@pytest.fixture
async def cloth() -> AsyncIterator[Cloth]:
    async with laid() as cloth:
        yield cloth


async def add(house: House, space: str, secret: str, title: object = "Another") -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return await house.client.post(f"/api/spaces/{space}/boards", json={"title": title}, headers=headers)


def told(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert_plain(answer.json()["words"], code)


class TestHttp:
    async def test_protocol_55_one_more_board(self, house: House) -> None:
        begun = await house.begin()
        secret = begun["edit_link"].partition("#")[2]
        answer = await add(house, begun["id"], secret, "  Tisch 2 🌱 ")
        assert answer.status_code == 201
        board = answer.json()
        assert set(board) == {"board", "title"}
        assert board["title"] == "Tisch 2 🌱"
        look = await house.get(f"/api/spaces/{begun['id']}", headers={"Authorization": f"Bearer {secret}"})
        assert look.json()["boards"] == [*begun["boards"], board]

    async def test_its_founding_entry_holds_the_spaces_key(self, house: House) -> None:
        begun = await house.begin()
        answer = await add(house, begun["id"], begun["edit_link"].partition("#")[2])
        record = await house.worker.log.space(begun["id"])
        assert record is not None
        for board in (begun["boards"][0]["board"], answer.json()["board"]):
            room = await house.worker.rooms.open(Place(begun["id"], board))
            assert room.board.key == record.public_key
            stored = house.store.entries(Place(begun["id"], board))
            assert len(stored) == 1

    async def test_a_link_for_looking_founds_nothing(self, house: House) -> None:
        begun = await house.begin()
        told(await add(house, begun["id"], begun["view_link"].partition("#")[2]), 403, "view-only")

    async def test_unknown_and_wrong_are_answered_alike(self, house: House) -> None:
        begun = await house.begin()
        secret = begun["edit_link"].partition("#")[2]
        answers = [
            await add(house, begun["id"], new_secret()),
            await add(house, "nowhere-at-all", secret),
            await house.client.post(f"/api/spaces/{begun['id']}/boards", json={"title": "x"}),
        ]
        for answer in answers:
            told(answer, 404, "no-such-link")
        assert len({answer.content for answer in answers}) == 1

    @pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 121, 5, None, ["x"], "\x00"])
    async def test_what_is_no_title(self, house: House, title: object) -> None:
        begun = await house.begin()
        told(await add(house, begun["id"], begun["edit_link"].partition("#")[2], title), 400, "bad-title")

    async def test_a_foreign_page_founds_nothing(self, house: House) -> None:
        begun = await house.begin()
        headers = {
            "Authorization": "Bearer " + begun["edit_link"].partition("#")[2],
            "Origin": "http://evil.example",
        }
        answer = await house.client.post(
            f"/api/spaces/{begun['id']}/boards", json={"title": "x"}, headers=headers
        )
        told(answer, 403, "foreign-origin")

    async def test_there_is_an_end_to_boards(self, house: House) -> None:
        begun = await house.begin()
        secret = begun["edit_link"].partition("#")[2]
        answers = [await add(house, begun["id"], secret, f"{n}") for n in range(limits.SPACE_MAX_BOARDS)]
        assert [answer.status_code for answer in answers[:-1]] == [201] * (limits.SPACE_MAX_BOARDS - 1)
        told(answers[-1], 409, "boards-full")

    async def test_the_store_is_away(self, house: House) -> None:
        begun = await house.begin()
        house.store.trouble = "full"
        answer = await add(house, begun["id"], begun["edit_link"].partition("#")[2])
        told(answer, 503, "away")
        assert int(answer.headers["Retry-After"]) >= 1

    async def test_a_store_that_is_silent_is_said_to_be_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Silent(MemoryLog):
            async def add_board(self, *_: object) -> bool:
                await asyncio.Event().wait()
                raise AssertionError

            async def create_space(self, *given: Any) -> None:
                if self.is_silent:
                    await asyncio.Event().wait()
                await super().create_space(*given)

            is_silent = False

        monkeypatch.setattr(asking.of_store, "__defaults__", (0.05,))
        log = Silent(MemoryStore())
        async with open_house(log=log) as house:
            begun = await house.begin()
            told(await add(house, begun["id"], begun["edit_link"].partition("#")[2]), 503, "away")
            log.is_silent = True
            answer = await house.client.post("/api/spaces", json={"title": "x"})
            told(answer, 503, "away")
            assert answer.headers["Retry-After"] == "2"


async def nothing_stands(space: str) -> Entries:
    """The room decided nothing so far."""
    return ()


class TestTold:
    async def test_everybody_on_every_worker_hears_of_it_and_can_open_it(self, cloth: Cloth) -> None:
        async with working(cloth.store) as other:
            ada, ben = await cloth.join(), await cloth.join(worker=other, views=True)
            record = await cloth.worker.spaces.find(cloth.space)
            assert record is not None
            board = await cloth.worker.spaces.add_board(record, "Tisch 2", nothing_stands)
            assert board is not None
            for person in (ada, ben):
                frame = await person.line.hear(Boards)
                assert [each.board for each in frame.boards] == [cloth.board, board]
                assert frame.boards[-1].title == "Tisch 2"
                await person.open(board)
                assert person.line.of(Refuse) == []

    async def test_who_founded_it_opens_it_at_once_where_nothing_was_heard_yet(self, cloth: Cloth) -> None:
        """The answer came through one worker, the socket is at another, and the message was lost."""
        async with working(cloth.store, is_shared=False) as other:
            ada = await cloth.join(worker=other)
            record = await cloth.worker.spaces.find(cloth.space)
            assert record is not None
            board = await MemoryLogFounder(cloth).found(record.public_key)
            await ada.open(board)
            seen = await ada.sees(board, 1)
            assert (seen.title, seen.key) == ("Tisch 2", record.public_key)
            assert [each.board for each in ada.line.of(Boards)[-1].boards] == [cloth.board, board]

    async def test_what_was_lost_is_told_at_the_next_look(self, cloth: Cloth) -> None:
        ada = await cloth.join()
        record = await cloth.worker.spaces.find(cloth.space)
        assert record is not None
        board = await MemoryLogFounder(cloth).found(record.public_key)
        cloth.worker.spaces.look_again()
        frame = await ada.line.hear(Boards)
        assert frame.boards[-1].board == board

    async def test_boards_of_two_who_found_at_once_are_both_told(self, cloth: Cloth) -> None:
        async with working(cloth.store) as other:
            ada = await cloth.join()
            record = await cloth.worker.spaces.find(cloth.space)
            assert record is not None
            one, two = await asyncio.gather(
                cloth.worker.spaces.add_board(record, "One", nothing_stands),
                other.spaces.add_board(record, "Two", nothing_stands),
            )
            count = 0
            while True:
                count += 1
                frame = await ada.line.hear(Boards, count)
                if {one, two} <= {each.board for each in frame.boards}:
                    break

    async def test_trouble_while_looking_again_is_no_matter(self, cloth: Cloth) -> None:
        await cloth.join()
        cloth.store.trouble = "away"
        await cloth.worker.spaces.read_anew(cloth.space)
        await cloth.worker.spaces.read_anew("nowhere-at-all")
        with pytest.raises(LogAway):
            await cloth.worker.spaces.has_board("another-space", "another-board")

    async def test_a_board_of_another_space_is_none_of_this_one(self, cloth: Cloth) -> None:
        begun = await cloth.worker.begin_space("Another")
        assert not await cloth.worker.spaces.has_board(cloth.space, begun.record.boards[0][0])
        assert not await cloth.worker.spaces.has_board("nowhere-at-all", cloth.board)

    def test_the_link_for_looking_is_not_the_one_for_writing(self) -> None:
        secret = new_secret()
        assert view_secret_of(secret) != secret


class MemoryLogFounder:
    """Another worker that founds a board and whose message is lost."""

    def __init__(self, cloth: Cloth) -> None:
        self.cloth = cloth

    async def found(self, key: bytes) -> str:
        async with working(self.cloth.store, is_shared=False) as other:
            record = await other.spaces.find(self.cloth.space)
            assert record is not None
            assert record.public_key == key
            board = await other.spaces.add_board(record, "Tisch 2", nothing_stands)
            assert board is not None
            return board
