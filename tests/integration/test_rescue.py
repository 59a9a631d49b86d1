"""A record that a server lost is brought back (PROTOCOL-65, PROTOCOL-66, FOLD-132)."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Iterator

import httpx
import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tablecloth.client import Board, Space, connect
from tablecloth.core.chain import chain_next, chain_start
from tablecloth.core.edits import Entry, FoundHead
from tablecloth.core.entry import encode, encode_entry
from tablecloth.core.fold import read_head
from tablecloth.core.links import sign_links
from tablecloth.core.room_kinds import KeyHead
from tablecloth.core.tip import Tip, sign_tip
from tablecloth.spaces import view_secret_of

from tests.support.cloth import note
from tests.support.server import Server

FORGER = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(FORGER).public_key().public_bytes_raw()


@pytest.fixture
def fresh() -> Iterator[Server]:
    """A server that never saw the space."""
    with Server() as running:
        yield running


def seen(server: Server, path: str, secret: str) -> httpx.Response:
    return httpx.get(server.http + path, headers={"Authorization": f"Bearer {secret}"})


def new_link(server: Server, title: str = "Lost and found") -> str:
    return str(httpx.post(f"{server.http}/api/spaces", json={"title": title}).json()["edit_link"])


async def signed(board: Board) -> Tip:
    """The board's tip, once all of it is signed."""
    await board.until(lambda: board.tip is not None and board.tip.seq == board.seq)
    assert board.tip is not None
    return board.tip


class Held:
    """What somebody keeps of a board: entries, tip, the proof of the links."""

    def __init__(self, space: Space, board: Board, tip: Tip) -> None:
        assert space.welcome is not None
        self.space, self.board, self.secret = space.id, board.id, space.link.secret
        self.entries = list(board.log)[: tip.seq]
        self.tip, self.links = tip, space.welcome.links

    def said(self) -> dict[str, object]:
        return {"space_title": "Lost and found", "title": "Lost", "links": self.links, "tip": self.tip}

    def data(self) -> bytes:
        said = encode(self.said())
        return len(said).to_bytes(4, "big") + said + b"".join(encode(entry) for entry in self.entries)

    def bring(self, server: Server, secret: str | None = None) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {secret or self.secret}"}
        address = f"{server.http}/api/spaces/{self.space}/boards/{self.board}/log"
        return httpx.post(address, content=self.data(), headers=bearer, timeout=30)

    def link(self, server: Server) -> str:
        return f"{server.http}/s/{self.space}#{self.secret}"


async def hold(link: str, notes: int = 3) -> Held:
    async with connect(link, name="Ada") as space:
        board = await space.open(whole=True)
        for n in range(notes):
            await board.add("note", text=f"note {n}", x=n)
        return Held(space, board, await signed(board))


async def words_on(link: str) -> list[str]:
    async with connect(link) as space:
        board = await space.open()
        assert board.doubts == []
        return sorted(one.text for one in board.elements.values())


async def test_onto_a_fresh_server_under_the_same_links(server: Server, fresh: Server) -> None:
    held = await hold(new_link(server))
    assert held.bring(fresh).json() == {"seq": held.tip.seq + 1}
    assert await words_on(held.link(fresh)) == ["note 0", "note 1", "note 2"]
    view = view_secret_of(held.secret)
    async with connect(held.link(fresh).replace(held.secret, view)) as looking:
        assert looking.may_edit is False
    async with connect(held.link(fresh)) as space:
        assert (space.title, space.boards[0].title) == ("Lost and found", "Lost")
        board = await space.open(whole=True)
        assert board.log[: held.tip.seq] == held.entries
        key = read_head(board.log[held.tip.seq].head)
        assert isinstance(key, KeyHead)
        await board.add("note", text="goes on")
        await signed(board)
        assert [doubt.code for doubt in board.doubts] == ["key"]
    again = held.bring(fresh)
    assert (again.status_code, again.json()["code"]) == (409, "record-there")


async def test_the_link_for_looking_brings_it_back_too_and_opens_no_more_than_before(
    server: Server, fresh: Server
) -> None:
    held = await hold(new_link(server))
    view = view_secret_of(held.secret)
    assert held.bring(fresh, view).status_code == 200
    async with connect(held.link(fresh)) as space:
        assert space.may_edit is True


async def test_a_lost_end_is_put_back_on_the_same_server(server: Server) -> None:
    link = new_link(server)
    early = await hold(link)
    server.stop()
    backup = server.data.with_name("backup")
    shutil.copytree(server.data, backup)
    server.start()
    late = await hold(link)
    server.stop()
    shutil.rmtree(server.data)
    backup.rename(server.data)
    server.start()
    assert early.bring(server).status_code == 409, "as much as is there"
    assert late.bring(server).json() == {"seq": late.tip.seq}
    async with connect(link) as space:
        board = await space.open(whole=True)
        assert board.log == late.entries
        await board.add("note", text="on it goes")
        await signed(board)
        assert board.doubts == []


async def test_what_others_wrote_since_is_not_replaced(server: Server) -> None:
    link = new_link(server)
    await hold(link)
    server.stop()
    backup = server.data.with_name("backup")
    shutil.copytree(server.data, backup)
    server.start()
    late = await hold(link, 5)
    server.stop()
    shutil.rmtree(server.data)
    backup.rename(server.data)
    server.start()
    await hold(link, 1)
    answer = late.bring(server)
    assert (answer.status_code, answer.json()["code"]) == (409, "record-there")
    assert len(await words_on(link)) == 4


async def test_of_several_the_longest_wins(server: Server, fresh: Server) -> None:
    link = new_link(server)
    short, long = await hold(link), await hold(link)
    answers = await asyncio.gather(
        *(asyncio.to_thread(one.bring, fresh) for one in (short, long, short, long))
    )
    assert sorted({answer.status_code for answer in answers}) in ([200, 409], [200])
    assert await words_on(long.link(fresh)) == sorted(f"note {n}" for n in (0, 1, 2) * 2)


def rechained(held: Held, entries: list[Entry], private: bytes) -> None:
    """Make the record these entries, with a tip by this key."""
    chain = chain_start(held.space, held.board)
    for entry in entries:
        chain = chain_next(chain, entry.seq, entry.at, entry.head)
    held.entries = entries
    held.tip = sign_tip(private, held.space, held.board, len(entries), entries[-1].at, chain)


def longer(held: Held) -> list[Entry]:
    last = held.entries[-1]
    more = encode_entry(note("note-forged", last.seq), "author-forger", bytes(16))
    return [*held.entries, Entry(last.seq + 1, last.at + 1, *more)]


FORGERIES = [
    "a longer one, signed by another key",
    "a longer one, with the old tip's signature",
    "entries beyond the tip",
    "a changed entry",
    "changed words",
    "another space",
    "another board",
    "founded under the forger's own key",
    "another link",
    "an end that is missing",
    "bytes",
    "nothing",
]


@pytest.mark.parametrize("how", FORGERIES)
async def test_a_forged_record_is_refused(server: Server, fresh: Server, how: str) -> None:
    held = await hold(new_link(server), 2)
    secret, takes = held.secret, False
    body = held.data
    match how:
        case "a longer one, signed by another key":
            rechained(held, longer(held), FORGER)
        case "a longer one, with the old tip's signature":
            signature = held.tip.signature
            rechained(held, longer(held), FORGER)
            held.tip = Tip(held.tip.seq, held.tip.at, held.tip.chain, signature)
        case "entries beyond the tip":
            held.entries, takes = longer(held), True
        case "a changed entry":
            first = held.entries[1]
            held.entries[1] = Entry(first.seq, first.at + 1, first.head, first.body)
        case "changed words":
            place = next(i for i, entry in enumerate(held.entries) if entry.body and i > 0)
            entry = held.entries[place]
            held.entries[place] = Entry(entry.seq, entry.at, entry.head, encode([bytes(16), "forged"]))
        case "another space":
            held.space = "space-other-one"
        case "another board":
            held.board = "board-other-one"
        case "founded under the forger's own key":
            head = read_head(held.entries[0].head)
            assert isinstance(head, FoundHead)
            own = FoundHead(held.space, held.board, PUBLIC, 1, head.body)
            first = held.entries[0]
            rechained(held, [Entry(1, first.at, encode(own), first.body), *held.entries[1:]], FORGER)
        case "another link":
            assert held.links is not None
            secret = "s" * 43
            edit, view = hashlib.sha256(secret.encode()).digest(), held.links.view
            held.links = sign_links(FORGER, held.space, 1, edit, view)
        case "an end that is missing":
            del held.entries[-1]
        case "bytes":
            body = lambda: b"\x00\x00\x00\x05hello"  # noqa: E731
        case _:
            body = lambda: b""  # noqa: E731
    held.data = body  # type: ignore[method-assign]
    answer = held.bring(fresh, secret)
    if takes:
        assert answer.json() == {"seq": len(held.entries)}, "what the tip covers, and a key"
        assert await words_on(held.link(fresh)) == ["note 0", "note 1"]
        return
    assert answer.status_code in (404, 422), answer.text
    assert seen(fresh, f"/api/spaces/{held.space}", secret).status_code == 404


async def test_protocol_65_devices_fetch_the_whole_record(server: Server) -> None:
    held = await hold(new_link(server))
    address = f"/api/spaces/{held.space}/boards/{held.board}/log"
    view = view_secret_of(held.secret)
    answer = seen(server, f"{address}?after=2", view)
    unpacker = msgpack.Unpacker()
    unpacker.feed(answer.content)
    assert [raw[0] for raw in unpacker] == list(range(3, held.tip.seq + 1))
    assert seen(server, f"{address}?after=9999", view).content == b""
    assert seen(server, f"{address}?after=x", view).status_code == 400
    assert seen(server, address, "x" * 43).status_code == 404
