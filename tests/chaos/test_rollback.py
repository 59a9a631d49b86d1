"""A store goes back in time while people write: they hold what they wrote, and bring it back.

Nobody loses a word as long as its author's device is there (PROTOCOL-10, TRAPS 6, DESIGN "Sending once").
Deletions come back too: where others came back earlier and wrote on, the log is read from its beginning to
the last place that it and the device have in common. What was done to somebody else's note waits until its
maker has brought it back. One thing people leave alone here: nobody moves others' notes that get set aside.
In which order the two come back is for the log to decide, and what lies in the margin is not moved.
"""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.hall import Plan, spend_an_evening
from tests.support.harms import Harm, RollBack, kill_everything

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


async def test_a_store_goes_back_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harms: dict[Harm, int] = {RollBack(): 2, kill_everything: 1}
    plan = Plan(8, 2, 40, 2, harms, goes_back=True)
    with capsys.disabled():
        await spend_an_evening(plan, monkeypatch, partial(print, flush=True))
