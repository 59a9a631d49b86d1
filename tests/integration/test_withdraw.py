"""Words that were taken back are in no file of the server any more, byte by byte, and the log still verifies
(PROTOCOL-70 to 72, FOLD-90 to 94).
"""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tablecloth.archive.withdrawals import bodies_left, foreign_letters
from tablecloth.core.edits import Entry
from tablecloth.log.interface import Group, Owed, Place
from tablecloth.log.valkey_log import ValkeyLog

from tests.support.bad_edits import new_id
from tests.support.chance import chance
from tests.support.server import Server
from tests.support.tables import Seat, new_table, seat
from tests.support.valkey import ValkeyServer, new_place, opened

pytestmark = pytest.mark.integration

SECRET = "Maulwurfshuegel"
REASON = "Regenwurmhoehle"
DESCRIBED = "Fledermausturm"
PROPOSED = "Siebenschlaefer"
STAYS = "Haselnusshecke"
GONE = (SECRET, REASON, DESCRIBED, PROPOSED)

read_entry = msgspec.msgpack.Decoder(Entry).decode


def holding(folder: Path, words: str) -> list[str]:
    """The files under a folder that hold these words, as they are or packed."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if words.encode() in data:
            found.append(str(path.relative_to(folder)))
    return found


async def written(sitting: Seat, other: Seat) -> dict[str, str]:
    """Write of everything that has a body, by one who will withdraw and one who won't."""
    rng = sitting.rng
    ids = {name: new_id(rng) for name in ("note", "image", "theirs")}
    hand = new_id(rng)
    await sitting.write(["add", ids["note"], hand, 1, 0, "note", {}])
    seq = await sitting.write(["text", ids["note"], hand, 2, 0, "text", [[0, 0, len(SECRET)]], SECRET])
    await sitting.write(["add", ids["image"], hand, 1, 0, "image", {}])
    await sitting.write(["set", ids["image"], hand, 2, 0, {}, {"alt": DESCRIBED}])
    hand = new_id(rng)
    await once_there(other, ["text", ids["note"], hand, 1, seq, "text", [[4, 0, len(STAYS)]], STAYS])
    await other.write(["add", ids["theirs"], hand, 1, 0, "note", {"whose": "ask"}])
    await once_there(
        sitting, ["vary", ids["theirs"], new_id(rng), 1, 0, "text", [0, 0, len(PROPOSED)], PROPOSED]
    )
    await sitting.write(["set-aside", ids["theirs"], new_id(rng), 1, 0, REASON])
    return ids


async def once_there(sitting: Seat, edit: list[Any]) -> None:
    """Write over what somebody else just wrote, as soon as one's own worker has folded it."""
    while True:
        frame = sitting.frame(edit)
        await sitting.line.send(frame)
        answer = await sitting.answer(frame["n"])
        if answer["t"] == "ack":
            return
        assert answer["code"] in {"unknown-element", "rebase"}, answer


async def taken_back(sitting: Seat, elements: list[str]) -> int:
    answer = await sitting.line.ask(
        {"t": "withdraw", "board": sitting.table.board, "elements": elements}, "withdrawn"
    )
    return int(answer["elements"])


async def entries_in(log: ValkeyLog, place: Place) -> list[Entry]:
    return [read_entry(stored.raw) for stored in await log.read(place, 0, 100_000)]


@pytest.mark.parametrize("rdb", ["", "3600 1"], ids=["aof", "aof-and-rdb"])
async def test_no_file_of_the_store_holds_what_was_withdrawn(tmp_path: Path, rdb: str) -> None:
    rng, _ = chance("withdraw")
    store = ValkeyServer(settings={"appendonly": "yes", "appendfsync": "always", "save": rdb})
    store.start()
    try:
        with Server(valkey=store.url, workers=2) as server:
            table = await new_table(server.http)
            async with seat(table, rng) as ada, seat(table, rng) as ben:
                await written(ada, ben)
                if rdb:
                    store.ask("SAVE")
                for words in GONE:
                    assert holding(store.folder, words), f"{words} must be found before, or nothing is shown"
                assert await taken_back(ada, []) == 3
                for words in GONE:
                    assert holding(store.folder, words) == []
                assert holding(store.folder, STAYS)
            place = Place(table.space, table.board)
            async with opened(store.url) as log:
                entries = await entries_in(log, place)
                record = await log.snapshot(place)
                assert record is not None
                assert all(words.encode() not in gzip.decompress(record.data) for words in GONE)
                assert STAYS.encode() in gzip.decompress(record.data)
                assert list(foreign_letters(table.space, table.board, entries)) == []
                assert list(bodies_left(entries)) == []
                assert await log.owed() == []
            async with seat(table, rng) as late:
                held = await late.line.ask({"t": "open", "board": table.board}, "snapshot")
                assert all(words.encode() not in gzip.decompress(held["data"]) for words in GONE)
    finally:
        store.remove()


async def test_one_element_alone_and_nobody_elses(server: Server) -> None:
    rng, _ = chance("withdraw one")
    table = await new_table(server.http)
    async with seat(table, rng) as ada, seat(table, rng) as ben:
        ids = await written(ada, ben)
        assert await taken_back(ada, [ids["note"]]) == 1
        assert await taken_back(ada, [ids["note"]]) == 0, "a repeat changes nothing"
        assert await taken_back(ben, [ids["image"], "nothing-there"]) == 0
        tip = ada.seq
        await ben.line.ask({"t": "ping"}, "pong")
        assert tip == ada.seq


async def test_a_withdrawal_can_not_be_sent_as_an_edit(server: Server) -> None:
    rng, _ = chance("withdraw by edit")
    table = await new_table(server.http)
    async with seat(table, rng) as ada, seat(table, rng) as eve:
        ids = await written(ada, eve)
        head = ["withdraw", ids["note"], new_id(rng), 1, 0, [["text", [[0, 3]]]]]
        refused = await eve.line.ask(
            {"t": "edit", "board": table.board, "n": eve.n + 1, "edits": [head]}, "refuse"
        )
        assert refused["code"] == "bad-frame"


async def test_appends_go_on_while_a_log_is_written_anew(valkey_log: ValkeyLog) -> None:
    place = new_place()
    body = b"x" * 60

    def group(n: int) -> Group:
        return Group(place, "author-ada", "session-of-ada-1", n, ((b"head%d" % n, body),))

    await valkey_log.append([group(n) for n in range(1, 3001)])

    async def write_on() -> None:
        for n in range(3001, 3201):
            await valkey_log.append([group(n)])

    writing = asyncio.ensure_future(write_on())
    doomed = set(range(1, 3001, 3))
    await asyncio.gather(valkey_log.withhold(place, doomed), valkey_log.withhold(place, {2, 5}))
    await writing
    entries = await entries_in(valkey_log, place)
    assert [entry.seq for entry in entries] == list(range(1, 3201))
    assert {entry.seq for entry in entries if entry.body is None} == doomed | {2, 5}
    (answer,) = await valkey_log.append([group(3201)])
    assert answer.seq == 3201


async def test_the_trap_deleting_an_entry_leaves_its_bytes(own_valkey: ValkeyServer) -> None:
    # Why streams are written anew: an entry that XDEL took out is still in the file that BGSAVE writes.
    own_valkey.ask("CONFIG", "SET", "rdbcompression", "no")
    for seq in range(1, 9):
        own_valkey.ask("XADD", "stream", f"{seq}-0", "e", SECRET if seq == 4 else "other words")
    own_valkey.ask("XDEL", "stream", "4-0")
    own_valkey.ask("SAVE")
    assert holding(own_valkey.folder, SECRET)


async def test_another_worker_goes_on_with_what_was_left_half_done() -> None:
    rng, _ = chance("withdraw resumed")
    store = ValkeyServer(settings={"appendonly": "yes", "appendfsync": "always"})
    store.start()
    try:
        with Server(valkey=store.url) as server:
            table = await new_table(server.http)
            async with seat(table, rng) as ada, seat(table, rng) as ben:
                await written(ada, ben)
                author = ada.welcome["author"]
        async with opened(store.url) as log:
            place = Place(table.space, table.board)
            await log.owe(Owed(place, author, ()))  # all that a worker did before it was killed
            with Server(valkey=store.url):
                async with asyncio.timeout(60):
                    while await log.owed():  # noqa: ASYNC110 (it is another process that settles it)
                        await asyncio.sleep(0.05)
            for words in GONE:
                assert holding(store.folder, words) == []
    finally:
        store.remove()
