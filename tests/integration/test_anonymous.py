"""Without a name, through a real server of two workers: written, seen, changed and taken away by its author,
and by nobody who only holds a link (PROTOCOL-80, FOLD-141).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest
from tablecloth.client import Board, Refused, Waits, connect
from tablecloth.core.anonymous import author_of_key, is_anonymous
from tablecloth.core.edits import AddEdit, SetEdit

from tests.support.server import Server
from tests.support.tables import new_table

pytestmark = pytest.mark.integration

SOON = Waits(least=0.02, most=0.1, away=0.3, apart=0.02)


@pytest.fixture(scope="module")
def two() -> Iterator[Server]:
    with Server(workers=2) as server:
        yield server


async def seen(board: Board, note: str) -> None:
    await board.until(lambda: note in board.elements)


async def test_a_note_without_a_name_is_its_authors_on_that_device(two: Server) -> None:
    table = await new_table(two.http, "Quiet")
    link = table.edit_link
    async with connect(link, "Ada", waits=SOON) as ada, connect(link, "Ben", waits=SOON) as ben:
        board, other = await ada.open(), await ben.open()
        note = await board.add("note", x=5, text="Quiet", anonymous=True)
        await seen(other, note)
        element = other.replica.confirmed.elements[note]
        assert is_anonymous(element.born.author)
        assert element.born.author == author_of_key(ada.id, board.anonymous.keys[note])
        await board.type(note, 5, 0, " words", anonymous=True)
        assert board.elements[note].text == "Quiet words"
        with pytest.raises(Refused) as refused:
            await other.type(note, 0, 0, "x", anonymous=True)
        assert refused.value.code == "not-yours"
        await other.set(note, x=9)
        assert other.elements[note].x == 9, "others move it as they move anybody's"
        await board.set_aside(note, anonymous=True)
        await other.until(lambda: other.replica.confirmed.elements[note].aside is not None)
        assert other.replica.confirmed.elements[note].aside is not None
        assert board.pending == 0
        assert ben.people == {ada.author: "Ada", ben.author: "Ben"}, "no name is joined to it"


async def test_whoever_is_given_the_key_goes_on_as_the_author(two: Server) -> None:
    table = await new_table(two.http, "Another device")
    async with connect(table.edit_link, waits=SOON) as here:
        board = await here.open()
        note = await board.add("note", text="Mine", anonymous=True)
        keys = dict(board.anonymous.keys)
    async with connect(table.edit_link, waits=SOON) as there:
        board = await there.open()
        board.anonymous.keys.update(keys)
        await board.type(note, 0, 4, "Still mine", anonymous=True)
        assert board.elements[note].text == "Still mine"


async def test_fold_141_a_key_used_for_another_element_changes_nothing_for_anybody(two: Server) -> None:
    table = await new_table(two.http, "Two elements")
    async with connect(table.edit_link, waits=SOON) as ada, connect(table.edit_link, waits=SOON) as eve:
        board, theirs = await ada.open(), await eve.open()
        note = await board.add("note", text="Ada's")
        await seen(theirs, note)
        before = theirs.seq
        mine = theirs.anonymous.begin()
        for element in (note, "note-of-nobody"):
            theirs.anonymous.keys[element] = theirs.anonymous.keys[mine]
        moved = theirs.send_anonymous([SetEdit(note, "", 1, 0, {"x": 99})])
        added = theirs.send_anonymous([AddEdit("note-of-nobody", "", 1, 0, "note", {})])
        for wrong in (moved, added):
            with pytest.raises(Refused) as refused:
                await wrong
            assert refused.value.code == "not-yours"
        await board.set(note, x=1)
        await theirs.until(lambda: theirs.seq > before)
        assert board.elements[note].x == 1
        assert "note-of-nobody" not in board.elements


async def test_notes_survive_a_killed_worker_exactly_once(two: Server) -> None:
    table = await new_table(two.http, "Killed")
    async with connect(table.edit_link, waits=SOON) as ada, connect(table.edit_link) as ben:
        board, other = await ada.open(), await ben.open(whole=True)
        notes = [asyncio.create_task(board.add("note", text=f"Note {i}", anonymous=True)) for i in range(20)]
        await board.until(lambda: len(board.elements) >= 5)
        for pid in two.worker_pids():
            os.kill(pid, signal.SIGKILL)
        names = await asyncio.gather(*notes)
        await board.settled()
        await other.until(lambda: all(name in other.elements for name in names))
        assert sorted(other.elements[name].text for name in names) == sorted(f"Note {i}" for i in range(20))
        assert len(other.elements) == 20
