"""People write while everything is killed: every acknowledged edit is in its log, once, and all boards agree.

Kills are `kill -9`, at moments that the seed chooses by how much is written. A kill is no power cut (TRAPS
4): what `appendfsync` does for that, the log's own tests hold. What is looked at: `tests/support/one_truth`.
"""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.hall import Plan, spend_an_evening
from tests.support.harms import Harm, kill_everything, kill_valkey, kill_worker

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


async def test_everything_is_killed_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harms: dict[Harm, int] = {kill_everything: 5, kill_valkey: 1}
    with capsys.disabled():
        await spend_an_evening(Plan(24, 6, 200, 1, harms), monkeypatch, partial(print, flush=True))


async def test_two_workers_are_killed_while_people_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harms: dict[Harm, int] = {kill_everything: 2, kill_valkey: 1, kill_worker: 3}
    with capsys.disabled():
        await spend_an_evening(Plan(12, 3, 40, 2, harms), monkeypatch, partial(print, flush=True))
