"""Groups that are thought out for a state of their log, what goes to several boards at once, who is there."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from tablecloth.core.edits import Entry
from tablecloth.log.interface import Group, ImageRecord, Log, Place, When

from tests.support.any_log import Workers
from tests.support.log_groups import group
from tests.support.valkey import new_id, new_place

pytestmark = pytest.mark.integration

read_entry = msgspec.msgpack.Decoder(Entry).decode
LATEST = 2**53 - 1


@pytest.fixture
def log(any_worker: Workers) -> Log:
    return any_worker()


def thought_out(place: Place, when: When, *others: Place, n: int = 0) -> Group:
    entries = ((b"tick", None),)
    return Group(
        place,
        "author-one",
        "session-one",
        n,
        entries,
        None,
        when,
        tuple((o, ((b"ruling", b"body"),)) for o in others),
    )


async def heads(log: Log, place: Place) -> list[bytes]:
    return [read_entry(stored.raw).head for stored in await log.read(place, 0, 100)]


async def test_it_goes_to_all_its_boards_with_one_time(log: Log) -> None:
    space, board = new_place(), new_id("board")
    other = Place(space.space, board)
    await log.append([group(space, n=1), group(other, n=1)])
    (answer,) = await log.append([thought_out(space, When(1, 0, LATEST), other, other)])

    assert (answer.seq, answer.code, answer.mark) == (2, None, 0)
    assert await heads(log, space) == [b"1 of author-one", b"tick"]
    assert await heads(log, other) == [b"1 of author-one", b"ruling", b"ruling"]
    times = {read_entry(stored.raw).at for place in (space, other) for stored in await log.read(place, 1, 9)}
    assert len(times) == 1


@pytest.mark.parametrize(
    "when", [When(0, 0, LATEST), When(2, 0, LATEST), When(1, LATEST - 1, LATEST), When(1, 0, 5)]
)
async def test_in_another_state_nothing_is_appended_and_no_n_used_up(log: Log, when: When) -> None:
    space = new_place()
    other = Place(space.space, new_id("board"))
    await log.append([group(space, n=1)])
    for n in (0, 1):
        (answer,) = await log.append([thought_out(space, when, other, n=n)])
        assert (answer.seq, answer.code, answer.repeated, answer.mark) == (0, "moved", False, 0)
    assert await log.tip(space) == 1
    assert await log.tip(other) == 0
    (answer,) = await log.append([thought_out(space, When(1, 0, LATEST), other, n=1)])
    assert (answer.seq, answer.code, answer.mark) == (2, None, 1)


async def test_what_is_repeated_is_answered_as_it_was(log: Log) -> None:
    space = new_place()
    said = thought_out(space, When(0, 0, LATEST), Place(space.space, new_id("board")), n=1)
    (first,) = await log.append([said])
    (again,) = await log.append([said])
    assert (first.seq, first.repeated, again.seq, again.repeated) == (1, False, 1, True)
    (tick,) = await log.append([thought_out(space, When(0, 0, LATEST))])
    assert tick.code == "moved", "without an n its state is what makes it count once"
    assert await log.tip(space) == 1


async def test_of_many_workers_one_is_first(any_worker: Workers) -> None:
    space = new_place()
    other = Place(space.space, new_id("board"))
    logs = [any_worker() for _ in range(4)]
    answers = await asyncio.gather(
        *(log.append([thought_out(space, When(0, 0, LATEST), other)]) for log in logs)
    )
    assert sorted(answer.code or "" for (answer,) in answers) == ["", "moved", "moved", "moved"]
    assert await heads(logs[0], other) == [b"ruling"]


async def test_what_belongs_together_is_checked_before_anything_is_done(log: Log) -> None:
    space = new_place()
    for wrong in (
        thought_out(space, When(0, 0, LATEST), new_place()),
        Group(space, "author-one", "session-one", 0, ((b"tick", None),)),
        Group(
            space, "author-one", "session-one", 1, ((b"tick", None),), None, None, ((space, ((b"x", None),)),)
        ),
    ):
        with pytest.raises(ValueError, match=r"n counts|one space|thought out"):
            await log.append([wrong])
    assert await log.tip(space) == 0


async def test_who_is_there_is_known_to_all_workers(any_worker: Workers) -> None:
    one, two = any_worker(), any_worker()
    space = new_id("space")
    await one.here(space, ["ada one", "ben one"], [])
    assert await two.here(space, ["ada two"], []) == ["ada one", "ada two", "ben one"]
    assert await one.here(space, [], ["ada one", "nobody one"]) == ["ada two", "ben one"]
    assert await two.here(new_id("space"), [], []) == []


async def test_a_picture_is_gone_and_may_be_brought_again(log: Log) -> None:
    space = new_id("space")
    record = ImageRecord("a" * 64, "image/png", 1, 1, b"png")
    await log.remove_image(space, "a" * 64)
    await log.keep_image(space, record, 100, 5)
    await log.remove_image(space, "a" * 64)
    assert await log.image(space, "a" * 64) is None
