"""People write while connections are cut, answers are lost, and a store or a worker stands still for a while.

Killing loses both sides at once; here one side goes on and does not know: an edit is in the log and its ack
was lost, a worker comes back to connections that are long gone.
"""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.hall import Plan, spend_an_evening
from tests.support.harms import Harm, cut_connections, freeze_valkey, freeze_worker, lose_answers

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


async def test_connections_are_cut_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harms: dict[Harm, int] = {cut_connections: 6, lose_answers: 6, freeze_valkey: 1, freeze_worker: 1}
    with capsys.disabled():
        await spend_an_evening(Plan(12, 3, 40, 2, harms), monkeypatch, partial(print, flush=True))
