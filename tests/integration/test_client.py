"""The Python client and the commands that use it, against a real server that is also killed."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tablecloth.archive.package import NAMES
from tablecloth.client import Away, Board, Folded, Gone, Refused, TooLong, connect, new_token
from tablecloth.core.edits import SetEdit

from tests.support.pictures import photo
from tests.support.server import Server
from tests.support.small_boards import PICTURE_BYTES
from tests.support.tables import new_table

pytestmark = pytest.mark.integration

COMMAND = [sys.executable, "-m", "tablecloth"]


@pytest.fixture(scope="module")
def calm() -> Iterator[Server]:
    """A server that nobody harms."""
    with Server() as server:
        yield server


async def same(*boards: Board) -> None:
    """Wait until all have folded as far as the farthest, and see that they have one chain."""
    tip = max(board.seq for board in boards)
    for board in boards:
        await board.until(_reached(board, tip))
    assert len({board.chain for board in boards}) == 1


def _reached(board: Board, seq: int) -> Callable[[], bool]:
    return lambda: board.seq >= seq


async def test_shapes_pictures_replies_and_locks(calm: Server) -> None:
    table = await new_table(calm.http, "Looks")
    async with connect(table.edit_link) as ada, connect(table.edit_link) as ben:
        board, other = await ada.open(), await ben.open()
        shape = await board.add("shape", form="diamond", fill="sky", bold=1, text="Decide?")
        image = await board.add("image", asset="0f" * 32, w=640, h=480, alt="The hall", group="group-one")
        reply = await board.add("note", re=shape, font="large", dir="rtl", text="نعم")
        await same(board, other)
        seen = other.elements
        assert (seen[shape].kind, seen[shape].text, seen[shape].prop("form")) == (
            "shape",
            "Decide?",
            "diamond",
        )
        assert (seen[image].asset, seen[image].alt, seen[image].group) == ("0f" * 32, "The hall", "group-one")
        assert (seen[reply].re, seen[reply].text) == (shape, "نعم")
        with pytest.raises(Refused, match="doesn't take that value"):
            await board.add("image", asset="https://example.org/a.png")

        await board.lock(shape, 30, "We vote on it")
        await same(board, other)
        lock = other.elements[shape].lock
        assert lock is not None
        assert (lock.why, lock.stamp.author, lock.until - lock.stamp.at) == (
            "We vote on it",
            ada.author,
            1_800_000,
        )
        for held in (board, other):
            for act in (held.set(shape, x=5), held.order(shape, "b1"), held.set_aside(shape, "no")):
                with pytest.raises(Refused) as refused:
                    await act
                assert refused.value.code == "locked"
        await other.type(shape, 0, 0, "So: ")
        await other.lock(shape, 1, "ours now")
        await other.unlock(shape)
        with pytest.raises(Refused) as refused:
            await board.unlock(shape)
        assert refused.value.code == "not-locked"
        with pytest.raises(Refused):
            await board.lock(shape, 481)
        await board.set(shape, x=5)
        await same(board, other)
        assert (other.elements[shape].x, other.elements[shape].text) == (5, "So: Decide?")


async def test_pictures_are_given_fetched_and_taken_away(calm: Server, tmp_path: Path) -> None:
    table = await new_table(calm.http, "Pictures")
    async with connect(table.edit_link) as ada, connect(table.view_link) as looking:
        board = await ada.open()
        kept = await ada.put_image(PICTURE_BYTES)
        assert (kept.w, kept.h) == (2, 2)
        assert (await ada.put_image(PICTURE_BYTES)).asset == kept.asset
        assert await looking.image(kept.asset) == await ada.image(kept.asset)
        for space, act in ((ada, ada.image("0" * 64)), (looking, looking.put_image(PICTURE_BYTES))):
            with pytest.raises(Refused) as refused:
                await act
            assert refused.value.code == ("no-such-picture" if space is ada else "view-only")
        await board.add("image", asset=kept.asset, w=kept.w, h=kept.h, alt="Two colours")
        await board.add("image", asset="0" * 64, alt="Not there")
    archive = tmp_path / "board.zip"
    said = run("export", table.view_link, "-o", archive)
    assert "2 elements, 5 entries, without 1 picture that the server doesn't have" in said
    with zipfile.ZipFile(archive) as packed:
        assert f"images/{kept.asset}" in packed.namelist()
        assert b"data:image/" in packed.read("board.svg")
    assert "1 picture is not in it" in run("verify", archive)


async def test_every_verb(calm: Server) -> None:
    table = await new_table(calm.http, "Verbs")
    async with connect(table.edit_link, name="Ada") as space, connect(table.view_link) as looking:
        assert (space.title, space.may_edit, looking.may_edit) == ("Verbs", True, False)
        board, other = await space.open(), await looking.open()
        assert await space.open() is board
        note = await board.add("note", x=10, y=-20, text="A door", colour="sky")
        await board.type(note, 6, 0, " that I can lock")
        await board.type(note, 0, 1, "The")
        assert await board.set(note, x=30, w=300) == ()
        await board.order(note, "b5")
        stroke = await board.add("ink", points=[(0, 0, 10), (4, -4, 200)], width=9)
        await board.ink(stroke, [(8, 8, 255)])
        await board.set(stroke, alt="a tick")
        join = await board.add("connector", from_=note, to=stroke, text="so")
        await board.set_aside(note, why="later")
        await same(board, other)
        seen = other.elements[note]
        assert (seen.kind, seen.text, seen.x, seen.w, seen.h) == (
            "note",
            "The door that I can lock",
            30,
            300,
            160,
        )
        assert (seen.is_aside, seen.why, seen.order, seen.colour) == (True, "later", "b5", "sky")
        assert (seen.author, other.title) == (space.author, "Verbs")
        assert other.elements[stroke].points == [(0, 0, 10), (4, -4, 200), (8, 8, 255)]
        assert other.elements[stroke].alt == "a tick"
        assert other.elements[join].ends == (note, stroke)
        with pytest.raises(AttributeError):
            _ = other.elements[join].w
        await board.bring_back(note)
        await same(board, other)
        assert not other.elements[note].is_aside
        assert looking.people == {space.author: "Ada"}


async def test_refusals_are_raised_and_change_nothing(calm: Server) -> None:
    table = await new_table(calm.http)
    async with connect(table.edit_link) as space, connect(table.view_link) as looking:
        board, other = await space.open(), await looking.open()
        note = await board.add("note", text="x")
        codes = {}
        tries = {
            "not-aside": board.bring_back(note),
            "unknown-element": board.set("nobody-knows", x=1),
            "bad-value": board.set(note, colour="mauve"),
            "out-of-range": board.type(note, 5, 0, "y"),
            "bad-words": board.type(note, 0, 0, "\x07"),
            "no-such-field": board.ink(note, [(0, 0, 0)]),
            "view-only": other.add("note"),
        }
        for code, doing in tries.items():
            with pytest.raises(Refused) as refused:
                await doing
            codes[code] = refused.value.code
            assert refused.value.words
        assert codes == {code: code for code in tries}
        with pytest.raises(Refused, match="out-of-range"):
            await board.type(note, 10**9, 0, "")
        with pytest.raises(TypeError):
            await board.set(note, x=1.5)  # type: ignore[arg-type]
        with pytest.raises(TooLong):
            await board.add("note", text="🙂" * 40_000)
        with pytest.raises(Refused) as nowhere:
            await space.open("no-such-board")
        assert nowhere.value.code == "no-such-board"
        await board.type(note, 1, 0, "z")
        assert board.elements[note].text == "xz"
        assert board.pending == 0


async def test_typing_without_waiting_and_more_than_the_budget(calm: Server) -> None:
    table = await new_table(calm.http)
    async with connect(table.edit_link) as space, connect(table.edit_link) as second:
        board, other = await space.open(), await second.open()
        note = await board.add("note")
        doing = [board.type_nowait(note, place, 0, chr(97 + place % 26)) for place in range(2500)]
        assert len(board.elements[note].text) == 2500
        assert board.pending == 2500
        await other.until(lambda: note in other.elements)
        theirs = [other.type_nowait(note, 0, 0, "!") for _ in range(100)]
        await asyncio.gather(*doing, *theirs)
        await same(board, other)
        assert other.elements[note].text == board.elements[note].text
        assert board.elements[note].text.replace("!", "") == "".join(chr(97 + n % 26) for n in range(2500))
        assert board.seq == 2 + 2600


async def test_groups_are_atomic(calm: Server) -> None:
    table = await new_table(calm.http)
    async with connect(table.edit_link) as space:
        board = await space.open()
        one, two = await board.add("note"), await board.add("note")
        moves = [SetEdit(ident, "", 0, 0, {"x": 5}) for ident in (one, two)]
        outcomes = await board.send([*moves])
        assert [outcome.reason for outcome in outcomes] == [None, None]
        with pytest.raises(Refused):
            await board.send([SetEdit(one, "", 0, 0, {"x": 9}), SetEdit("nobody-knows", "", 0, 0, {"x": 9})])
        assert board.elements[one].x == 5
        await board.set(one, x=6)
        assert board.elements[one].x == 6


async def test_entries_come_in_order_from_the_first(calm: Server) -> None:
    table = await new_table(calm.http)
    async with connect(table.edit_link) as space, connect(table.edit_link) as second:
        board = await space.open()
        for number in range(5):
            await board.add("note", text=f"number {number}")
        whole = await second.open(whole=True)
        heard: list[Folded] = []

        async def hear() -> None:
            async for folded in whole.entries(after=0):
                heard.append(folded)
                if folded.seq == 13:
                    return

        hearing = asyncio.create_task(hear())
        await board.add("note", text="the last")
        await hearing
        assert [folded.seq for folded in heard] == list(range(1, 14))
        assert heard[-1].content == "the last"
        assert heard[-1].author == space.author


async def test_who_cannot_enter(calm: Server) -> None:
    table = await new_table(calm.http)
    with pytest.raises(Gone) as gone:
        async with connect(table.edit_link[:-4] + "AAAA"):
            pass
    assert gone.value.code == "no-such-link"
    with pytest.raises(Away):
        async with connect("http://127.0.0.1:9/s/nosuchspace#" + "A" * 43, patience_s=0.5):
            pass


async def test_the_same_token_is_the_same_participant(calm: Server) -> None:
    table = await new_table(calm.http)
    token = new_token()
    async with connect(table.edit_link, token=token, name="Ada") as space:
        await space.rename("Ada B")
        author = space.author
    async with connect(table.edit_link, token=token) as space:
        assert space.author == author
        assert space.people == {author: "Ada B"}


# --- killed servers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["killed", "stopped", "store killed"])
async def test_every_call_returns_once_across_the_servers_end(server: Server, ending: str) -> None:
    """Two people type while the server goes away twice: nothing is lost, nothing is there twice."""
    table = await new_table(server.http)
    async with connect(table.edit_link) as space, connect(table.edit_link) as second:
        board, other = await space.open(), await second.open()
        note = await board.add("note")
        await other.until(lambda: note in other.elements)
        acked = 0
        for turn in range(3):
            # Fewer than can wait for each other (FOLD-34): else some are logged, and written anew.
            doing = [board.type_nowait(note, 0, 0, "a") for _ in range(60)]
            doing += [other.type_nowait(note, len(other.elements[note].text), 0, "b") for _ in range(60)]
            await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
            if turn < 2:
                await asyncio.to_thread(_end, server, ending)
            await asyncio.gather(*doing)
            acked += len(doing)
        await same(board, other)
        words = board.elements[note].text
        assert (words.count("a"), words.count("b"), len(words)) == (180, 180, acked)
        assert board.seq == 2 + acked
        assert other.elements[note].text == words
        if ending != "store killed":
            assert space.connections >= 3


def _end(server: Server, ending: str) -> None:
    match ending:
        case "killed":
            server.restart()
        case "stopped":
            server.stop()
            server.start()
        case _:
            server.kill_store()


async def test_what_was_written_while_nobody_answered_comes_home(server: Server) -> None:
    table = await new_table(server.http)
    async with connect(table.edit_link) as space:
        board = await space.open()
        note = await board.add("note", text="before")
        await asyncio.to_thread(server.kill)
        await board.until(lambda: not board.is_current)
        added = asyncio.create_task(board.add("note", text="meanwhile"))
        typed = board.type_nowait(note, 6, 0, " and after")
        await asyncio.to_thread(server.start)
        await typed
        assert board.elements[await added].text == "meanwhile"
        assert board.elements[note].text == "before and after"
        assert board.seq == 6


# --- commands ---------------------------------------------------------------------------------------------


def run(*words: str | Path, code: int = 0) -> str:
    """Run a command to its end; what it printed."""
    done = subprocess.run([*COMMAND, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


async def _fill(link: str) -> None:
    async with connect(link, name="Ada") as space:
        board = await space.open()
        note = await board.add("note", x=4, y=5, text="نريد 🙂 <words>")
        await board.set_aside(await board.add("note", text="not this"), why="later")
        await board.add("ink", points=[(0, 0, 10), (9, 9, 200)])
        await board.type(note, 0, 0, "A ")


def test_a_board_is_taken_away_and_checked(calm: Server, tmp_path: Path) -> None:
    space = json.loads(run("new", "Taken along", "--server", calm.http, "--json"))
    asyncio.run(_fill(space["edit_link"]))
    first, second = tmp_path / "board.zip", tmp_path / "again.zip"
    for file in (first, second):
        assert "3 elements, 9 entries" in run("export", space["view_link"], "-o", file)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.zip", "board.zip"]
    assert "is whole" in run("verify", first)
    with zipfile.ZipFile(first) as files:
        state = json.loads(files.read("board.json"))
        assert "نريد" in files.read("board.svg").decode()
    assert list(state["people"].values()) == ["Ada"]
    assert state["margin"][0]["aside"]["why"] == "later"
    run("export", space["edit_link"], "-o", second, "--no-names")
    assert b"Ada" not in second.read_bytes()
    secret = space["edit_link"].rpartition("#")[2].encode()
    assert secret not in first.read_bytes()

    data = bytearray(first.read_bytes())
    data[data.index(b"not this")] ^= 1
    first.write_bytes(data)
    assert "is not as it was written" in run("verify", first, code=1)


async def _fill_two(link: str) -> bytes:
    async with connect(link, name="Ada") as space:
        await (await space.open()).add("note", text="On the first")
        second = await space.open(await space.new_board("Tisch 2"))
        kept = await space.put_image(photo())
        await second.add("image", asset=kept.asset, w=64, h=48)
        return await space.image(kept.asset)


def test_all_boards_and_pictures_of_a_space_are_taken_away(calm: Server, tmp_path: Path) -> None:
    space = json.loads(run("new", "Taken along", "--server", calm.http, "--json"))
    kept = asyncio.run(_fill_two(space["edit_link"]))
    file, one = tmp_path / "space.zip", tmp_path / "one.zip"
    assert "2 boards, 2 elements" in run("export", space["view_link"], "-o", file)
    with zipfile.ZipFile(file) as files:
        listed = json.loads(files.read("space.json"))["boards"]
        assert [board["title"] for board in listed] == ["Taken along", "Tisch 2"]
        asset = hashlib.sha256(kept).hexdigest()
        assert files.read(f"{listed[1]['folder']}images/{asset}") == kept
        assert base64.b64encode(kept) in files.read(f"{listed[1]['folder']}board.svg")
    told = run("verify", file)
    assert told.count("Board ") == 2
    assert "Tisch 2" in told
    run("export", space["view_link"], "-o", one, "--board", listed[1]["board"])
    with zipfile.ZipFile(one) as files:
        assert sorted(files.namelist()) == sorted([*NAMES, f"images/{asset}"])
    told = run("verify", one)
    assert "is whole" in told
    phrase = next(line for line in told.splitlines() if "Seal" in line).split("Seal")[1].split("(")[0].strip()
    assert "This is the complete record that was sealed." in run("verify", one, "--seal", phrase)


def test_join_prints_what_there_is_and_what_comes(calm: Server) -> None:
    space = json.loads(run("new", "Followed", "--server", calm.http, "--json"))
    asyncio.run(_fill(space["edit_link"]))
    lines = run("join", space["view_link"], "--until-now").splitlines()
    assert lines[0] == "Followed: 9 entries so far, 3 elements."
    assert len(lines) == 10
    assert lines[3].endswith("Ada  writes “نريد 🙂 <words>” into a note")
    with subprocess.Popen(
        [*COMMAND, "join", space["view_link"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        while "that is all so far" not in following.stdout.readline():
            pass
        asyncio.run(_fill(space["edit_link"]))
        assert "Ada  adds a note at 4, 5" in following.stdout.readline()
        os.kill(following.pid, signal.SIGINT)
        assert following.wait(20) == 130
        assert following.stderr.read() == ""


def test_an_export_that_cannot_be_written_leaves_nothing(calm: Server, tmp_path: Path) -> None:
    space = json.loads(run("new", "Not taken", "--server", calm.http, "--json"))
    kept = tmp_path / "board.zip"
    kept.write_text("what was there before", encoding="utf-8")
    wrong = space["edit_link"][:-4] + "AAAA"
    run("export", wrong, "-o", kept, code=2)
    assert kept.read_text(encoding="utf-8") == "what was there before"
    with contextlib.suppress(FileNotFoundError):
        run("export", space["edit_link"], "-o", "/dev/full/board.zip", code=2)


async def test_protocol_55_a_new_board_is_there_for_everybody(calm: Server) -> None:
    table = await new_table(calm.http)
    async with connect(table.edit_link) as space, connect(table.view_link) as looking:
        first = await space.open()
        board = await space.new_board("Tisch 2")
        assert [each.board for each in space.boards] == [first.id, board]
        shared = await space.open(board)
        assert shared.title == "Tisch 2"
        note = await shared.add("note", text="Here")
        other = await looking.open(board)
        assert other.elements[note].text == "Here"
        with pytest.raises(Refused) as refused:
            await looking.new_board("Tisch 3")
        assert refused.value.code == "view-only"
        async with asyncio.timeout(10):
            while [each.title for each in looking.boards][1:] != ["Tisch 2"]:  # noqa: ASYNC110 (no event of ours)
                await asyncio.sleep(0.01)
