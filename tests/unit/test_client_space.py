"""The client's connection against a server that says what the test wants: silence, farewells, nonsense,
lost marks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from tablecloth.client import Away, Gone, Refused, connect, space
from tablecloth.core.edits import Entry, TextEdit
from tablecloth.core.entry import encode_entry, found
from tablecloth.problems import SetupProblem
from tablecloth.wire.codec import decode_from_participant, encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    BoardInfo,
    Boards,
    Bye,
    EditFrame,
    Entries,
    FromParticipant,
    FromServer,
    Hello,
    Moving,
    Open,
    Opened,
    People,
    Person,
    Ping,
    Pong,
    Refuse,
    Rename,
    Welcome,
)
from websockets.asyncio.server import ServerConnection, serve

SPACE, BOARD = "space-0001", "board-0001"
SECRET = "A" * 43
AUTHOR = "author-00000001"


@dataclass
class Line:
    """One connection as the scripted server has it."""

    socket: ServerConnection

    async def hear(self) -> FromParticipant:
        data = await self.socket.recv()
        assert isinstance(data, bytes)
        return decode_from_participant(data)

    async def say(self, *frames: FromServer) -> None:
        for frame in frames:
            await self.socket.send(encode(frame))

    async def welcome(self) -> Hello:
        """Let the client in."""
        hello = await self.hear()
        assert isinstance(hello, Hello)
        boards, people = [BoardInfo(BOARD, "A board")], [Person(AUTHOR, "Ada")]
        await self.say(Welcome(1, SPACE, "A space", AUTHOR, True, boards, people, "fsync", 0, "who"))
        return hello

    async def open(self, log: list[Entry], mark: int = 0) -> Open:
        """Answer the opening of the board with all that the client doesn't hold."""
        asked = await self.hear()
        assert isinstance(asked, Open)
        await self.say(Opened(BOARD, len(log), mark, "tail"), Entries(BOARD, log[asked.seq :]))
        return asked

    async def edit(self) -> EditFrame:
        frame = await self.hear()
        assert isinstance(frame, EditFrame)
        return frame


@dataclass
class Script:
    """A server whose connections the test takes one after the other."""

    link: str = ""
    lines: asyncio.Queue[Line] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    log: list[Entry] = field(default_factory=list)

    def add(self, frame: EditFrame, author: str) -> Entries:
        """Take a group into the log."""
        fresh = []
        for edit in frame.edits:
            fresh.append(Entry(len(self.log) + 1, 1000, *encode_entry(edit, author, bytes(16))))
            self.log.append(fresh[-1])
        return Entries(BOARD, fresh)


@pytest.fixture
async def script(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    """The server; the client's waits are short."""
    monkeypatch.setattr(space, "_LONGEST_S", 0.01)
    async with scripted() as one:
        yield one


@asynccontextmanager
async def scripted() -> AsyncIterator[Script]:
    one = Script()
    one.log.append(Entry(1, 1000, *found(SPACE, BOARD, bytes(32), "A board", bytes(16))))

    async def take(socket: ServerConnection) -> None:
        await one.lines.put(Line(socket))
        await one.ended.wait()

    async with serve(take, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        one.link = f"http://127.0.0.1:{port}/s/{SPACE}#{SECRET}"
        yield one
        one.ended.set()


async def entered(script: Script) -> tuple[space.Space, Line]:
    """A client that is in, and its line."""
    client = connect(script.link, name="Ben")
    entering = asyncio.create_task(client.__aenter__())
    line = await script.lines.get()
    await line.welcome()
    await entering
    return client, line


async def test_hello_says_who_and_where_and_the_secret_is_in_no_address(script: Script) -> None:
    client = connect(script.link, name="Ben", session="s" * 16, token="t" * 22)
    entering = asyncio.create_task(client.__aenter__())
    line = await script.lines.get()
    assert SECRET not in line.socket.request.path if line.socket.request else True
    hello = await line.welcome()
    assert hello == Hello(PROTOCOL_VERSION, SPACE, SECRET, "t" * 22, "s" * 16, "Ben")
    await entering
    assert (client.title, client.may_edit, client.people) == ("A space", True, {AUTHOR: "Ada"})
    assert SECRET not in repr(client.link)
    await client.rename("Cem")
    assert await line.hear() == Rename("Cem")
    await line.say(
        People([Person(AUTHOR, ""), Person("other-0001", "Dee")]), Boards([BoardInfo("board-0002")])
    )
    # What was said before a board is open has been heard by then.
    opening = asyncio.create_task(client.open("board-0001"))
    await line.open(script.log)
    await opening
    assert client.people == {"other-0001": "Dee"}
    assert client.boards == [BoardInfo("board-0002")]
    await client.close()


async def test_silence_is_asked_about_and_then_left(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """PROTOCOL-42."""
    monkeypatch.setattr(space, "_QUIET_S", 0.05)
    monkeypatch.setattr(space, "_PATIENCE_S", 1.0)
    client, line = await entered(script)
    assert await line.hear() == Ping()
    await line.say(Pong())
    assert await line.hear() == Ping()
    again = await script.lines.get()
    await again.welcome()
    await client.close()


@pytest.mark.parametrize(
    "farewell",
    [encode(Moving(10)), encode(Bye("away", "Later.")), b"\xc1", b"\x80", encode(Pong()) + b"x"],
    ids=["moving", "bye", "nonsense", "no-frame", "too-long"],
)
async def test_it_comes_back(script: Script, farewell: bytes) -> None:
    """PROTOCOL-40, PROTOCOL-41: and what can't be read is no reason to stay away either."""
    client, line = await entered(script)
    opening = asyncio.create_task(client.open())
    await line.open(script.log)
    board = await opening
    await line.socket.send(farewell)
    if farewell == encode(Bye("away", "Later.")):
        await line.socket.close()
    again = await script.lines.get()
    await again.welcome()
    asked = await again.open(script.log)
    assert (asked.seq, asked.chain, asked.tail) == (1, board.chain, True)
    await board.until(lambda: board.is_current)
    await client.close()


@pytest.mark.parametrize("code", ["no-such-link", "version"])
async def test_it_does_not_come_back_where_nothing_is(script: Script, code: str) -> None:
    client, line = await entered(script)
    opening = asyncio.create_task(client.open())
    await line.open(script.log)
    board = await opening
    adding = asyncio.create_task(board.add("note"))
    await line.edit()
    await line.say(Bye(code, "It is over."))
    with pytest.raises(Gone, match="It is over"):
        await adding
    with pytest.raises(Gone):
        await board.set_aside("note-0001")
    with pytest.raises(Gone):
        async for _ in board.entries():
            pass
    await client.close()
    assert script.lines.empty()


async def test_gone_at_the_door(script: Script) -> None:
    client = connect(script.link)
    entering = asyncio.create_task(client.__aenter__())
    line = await script.lines.get()
    await line.hear()
    await line.say(Bye("no-such-link", "Nothing here."))
    with pytest.raises(Gone) as gone:
        await entering
    assert gone.value.code == "no-such-link"


async def test_nobody_says_welcome(script: Script) -> None:
    with pytest.raises(Away):
        await connect(script.link, patience_s=0.2).__aenter__()


async def test_a_lost_mark_means_a_new_session_and_the_same_hand(script: Script) -> None:
    """PROTOCOL-20, DESIGN: numbers begin anew, k's go on."""
    client = connect(script.link)
    entering = asyncio.create_task(client.__aenter__())
    line = await script.lines.get()
    first = await line.welcome()
    await entering
    opening = asyncio.create_task(client.open())
    await line.open(script.log)
    board = await opening
    adding = asyncio.create_task(board.add("note", text="x"))
    added = await line.edit()
    await line.say(script.add(added, client.author), Ack(BOARD, [(1, 2)]))
    note = await adding
    typing = board.type_nowait(note, 1, 0, "y")
    typed = await line.edit()
    assert typed.n == 2
    await line.socket.close()

    again = await script.lines.get()
    assert (await again.welcome()).session == first.session
    await again.open(script.log, mark=0)
    third = await script.lines.get()
    assert (await third.welcome()).session != first.session
    await third.open(script.log, mark=0)
    resent = await third.edit()
    before, after = typed.edits[0], resent.edits[0]
    assert isinstance(before, TextEdit)
    assert isinstance(after, TextEdit)
    assert (resent.n, after.hand, after.k, after.inserted) == (1, before.hand, before.k, "y")
    await third.say(Ack(BOARD, [(1, 4)]), script.add(resent, client.author))
    await typing
    assert board.elements[note].text == "xy"
    await client.close()


async def test_what_the_door_holds_back_is_sent_again_later(script: Script) -> None:
    client, line = await entered(script)
    opening = asyncio.create_task(client.open())
    await line.open(script.log)
    board = await opening
    adding = [asyncio.create_task(board.add("note")) for _ in range(2)]
    first, second = await line.edit(), await line.edit()
    await line.say(Refuse("busy", "", BOARD, 1), Refuse("gap", "", BOARD, 2))
    assert [await line.edit(), await line.edit()] == [first, second]
    await line.say(Refuse("bad-value", "It doesn't fit.", BOARD, 1))
    await line.say(script.add(second, client.author), Ack(BOARD, [(2, 2)]))
    with pytest.raises(Refused, match="doesn't fit") as refused:
        await adding[0]
    assert not refused.value.is_logged
    await adding[1]
    await client.close()


async def test_a_board_that_is_not_there(script: Script) -> None:
    client, line = await entered(script)
    opening = asyncio.create_task(client.open("board-none"))
    await line.hear()
    await line.say(Refuse("no-such-board", "There is none.", "board-none"))
    with pytest.raises(Refused, match="There is none"):
        await opening
    await client.close()


async def test_leaving_ends_what_waits(script: Script) -> None:
    client, line = await entered(script)
    opening = asyncio.create_task(client.open())
    await line.open(script.log)
    board = await opening
    waiting = asyncio.create_task(board.until(lambda: False))
    adding = board.send([])
    await asyncio.wait([waiting], timeout=0)
    await client.leave(board)
    for each in (waiting, adding):
        with pytest.raises(Gone):
            await each
    await client.close()


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://x",
        "ftp://x/s/space-0001#" + SECRET,
        f"http://x/s/space-0001#{SECRET[:9]}",
        "http://x/s/a#b",
    ],
)
def test_links_that_are_none(link: str) -> None:
    with pytest.raises(SetupProblem):
        connect(link)


def test_links_behind_a_proxy() -> None:
    link = connect(f"https://boards.example/cloth/s/{SPACE}#{SECRET}").link
    assert link.server == "https://boards.example/cloth"
    assert link.socket_url == "wss://boards.example/cloth/ws"


async def test_who_waits_at_the_keyboard_is_told_soon_that_nobody_answers() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(Away, match="Nobody answers"):
        async with connect(f"http://127.0.0.1:9/s/{SPACE}#{SECRET}", tries=2):
            pass
    assert loop.time() - began < 5


async def test_and_that_the_store_is_away_in_the_servers_words() -> None:
    async def turn_away(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(encode(Bye("away", "The boards can't be reached just now.")))
        await socket.close(1013)

    async with serve(turn_away, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with pytest.raises(Away, match="boards can't be reached"):
            async with connect(f"http://127.0.0.1:{port}/s/{SPACE}#{SECRET}", tries=2):
                pass
