"""Python clients who decide together over two real workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tablecloth.client import Refused, Space, connect
from tablecloth.core.decisions import Proposal

from tests.support.server import Server
from tests.support.tables import new_table

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def hall() -> Iterator[Server]:
    """A server with two workers that nobody harms."""
    with Server(workers=2) as server:
        yield server


async def until_said(space: Space, proposal: str, state: str) -> None:
    """Wait until this client has folded that state."""
    room = await space.room()
    await room.until(lambda: proposal in space.proposals and space.proposals[proposal].state == state)


async def test_three_programs_decide_and_every_board_hears_of_it(hall: Server) -> None:
    link = (await new_table(hall.http, "Deciding")).edit_link
    async with connect(link, "Ada") as ada, connect(link, "Ben") as ben, connect(link, "Cleo") as cleo:
        for each in (ada, ben, cleo):
            await each.room()
        board = await ben.open()
        await board.add("note", text="Before")
        close = await ada.propose("close", board=board.id, why="Enough")
        await until_said(ben, close, "open")
        await ben.object(close, "Not yet")
        await until_vote(ben, close)
        assert ben.proposals[close].roll == sorted([ada.author, ben.author, cleo.author])
        with pytest.raises(Refused, match=r"no-say|voting"):
            await ada.object(close)
        await until_vote(cleo, close)
        await cleo.vote(close, True)
        await until_said(ada, close, "passed")
        await board.until(lambda: board.replica.confirmed.decisions.closed is not None)
        with pytest.raises(Refused) as refused:
            await board.add("note", text="After")
        assert refused.value.code == "closed"
        rule = await cleo.propose("agreement", values={"vote": 9}, words={"purpose": "To listen"})
        await cleo.take_back(rule)
        assert (cleo.agreement.numbers["vote"], cleo.agreement.sections) == (5, {})


def votes(proposal: Proposal) -> bool:
    """Whether there is a vote, with its roll."""
    return proposal.phase == 2 and proposal.roll is not None


async def until_vote(space: Space, proposal: str) -> None:
    """Wait until this client has folded who votes."""
    room = await space.room()
    await room.until(lambda: proposal in space.proposals and votes(space.proposals[proposal]))


async def test_alone_one_changes_the_agreement_and_a_restart_keeps_it(hall: Server) -> None:
    link = (await new_table(hall.http, "Alone")).edit_link
    async with connect(link, "Ada") as ada:
        rule = await ada.propose("agreement", values={"vote": 9}, words={"purpose": "To listen"})
        await until_said(ada, rule, "passed")
        assert ada.agreement.numbers["vote"] == 9
        assert ada.agreement.sections == {"purpose": "To listen"}
    async with connect(link, "Ada again") as later:
        await later.room()
        assert later.agreement.sections == {"purpose": "To listen"}
