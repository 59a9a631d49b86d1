"""Canaries (TRAPS 27, 28): secrets, tokens, names and words are planted, a busy and unruly session is held,
and then all places that others can look into are searched for them.

    may be in                       output  Valkey            HTTP answers  archive     other people's frames
    links' secrets, tokens          no      no (hashes)       at the birth  no          no
    session ids                     no      keys of marks     no            no          no
    private keys                    no      the space's hash  no            no          no
    names                           no      the names' hash   no            board.json  yes
    words of a board                no      logs, snapshots   no            yes         yes
    the store's password            no      –                 no            –           –
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tablecloth.client import connect
from tablecloth.wire.frames import PROTOCOL_VERSION

from tests.support.bad_edits import new_id
from tests.support.bad_frames import Known, bad_frame
from tests.support.bare_http import request, send_bytes
from tests.support.canaries import Canary, assert_absent, found_in, unzipped
from tests.support.chance import chance
from tests.support.pictures import drawing, exif
from tests.support.raw import raw
from tests.support.server import Server, children_of, free_port
from tests.support.stored import Store
from tests.support.tables import Seat, Table, new_table, seat
from tests.support.valkey import ValkeyServer, until_async

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

COMMAND = Path(sys.executable).with_name("tablecloth")

TITLE = Canary("the title", "Canarytitle of the round table")
WORDS = Canary("words", "Canarywords that somebody wrote, said or sang")
REASON = Canary("a reason", "Canaryreason nobody has to give one")
NAME = Canary("a name", "Canaryname Wanjiku Özdemir")
OTHER_NAME = Canary("another name", "Canaryname Bartholomäus")
DREAMT = Canary("a secret that opens nothing", "Canarysecretcanarysecretcanarysecretcanary-")
PASSWORD = Canary("the store's password", "Canarypasswordcanarypassword")


def seen_by_others(server: Server) -> list[tuple[str, bytes]]:
    """Return the arguments and environments of a server's processes (where /proc tells)."""
    places = [Path(f"/proc/{pid}") for pid in [server.pid, *children_of(server.pid)]]
    kinds = ["cmdline", "environ"]
    return [(kind, (place / kind).read_bytes()) for place in places if place.exists() for kind in kinds]


@dataclass
class Evening:
    """What became of a session full of everything: places to search, and what to search for."""

    server: Server
    table: Table
    secrets: list[Canary]
    tokens: list[Canary]
    sessions: list[Canary]
    answers: list[bytes] = field(default_factory=list)
    """HTTP bodies and headers that were got without a right to anything."""
    viewers: bytes = b""
    """All that somebody with the link for looking was sent."""

    @property
    def never(self) -> list[Canary]:
        return [*self.secrets, *self.tokens]

    @property
    def personal(self) -> list[Canary]:
        return [NAME, OTHER_NAME, WORDS, REASON, TITLE]


def secrets_of(table: Table) -> list[Canary]:
    """Return what opens a space, as the links have it and as the bytes that it stands for."""
    links = {"the edit link's secret": table.secret, "the view link's secret": table.view_secret}
    written = [Canary(what, text) for what, text in links.items()]
    meant = [Canary(each.what, data=base64.urlsafe_b64decode(each.text + "==")) for each in written]
    return [*written, *meant]


async def behave(sitting: Seat, name: Canary) -> None:
    """Write, move, set aside and be called something, as people do."""
    await sitting.line.send({"t": "name", "name": name.text})
    note, hand = new_id(sitting.rng), new_id(sitting.rng)
    words = WORDS.text
    for number in range(40):
        element = f"{note[:16]}{number:04}"
        await sitting.write(
            ["add", element, hand, 1, 0, "note", {"x": number}],
            ["text", element, hand, 2, 0, "text", [[0, 0, len(words)]], words],
            ["set-aside", element, hand, 3, 0, REASON.text],
        )
    board = {"title": TITLE.text}
    headers = {"Authorization": f"Bearer {sitting.table.secret}"}
    address = f"/api/spaces/{sitting.table.space}"
    made = await request(sitting.table.http, "POST", f"{address}/boards", headers, json.dumps(board).encode())
    assert made.status == 201
    picture = drawing(exif=exif(place=WORDS.text))
    kept = await request(sitting.table.http, "POST", f"{address}/images", headers, picture)
    assert kept.status == 201
    shown = await request(sitting.table.http, "GET", f"{address}/images/{kept.json()['asset']}", headers)
    assert shown.status == 200
    assert_absent(shown.body, [WORDS], "a picture")
    here = {"at": [1, 2], "selected": [note], "react": ["heart", note, 1], "look": [0, 0, 5, 5, 1]}
    await sitting.line.send({"t": "here", "board": sitting.table.board, "here": here})


async def misbehave(evening: Evening, rng: random.Random) -> None:
    """Say what is secret or personal in every place where it isn't asked for."""
    table, words = evening.table, WORDS.text
    known = Known(space=table.space, secret=table.secret, board=table.board, token=evening.tokens[0].text)
    for _ in range(20):
        async with seat(table, rng) as sitting:
            cases = [bad_frame(rng, known).data for _ in range(15)]
            cases += [bytes(words, "utf-8"), b"\x82\xa1t\xa4name\xa4name\x01" + words.encode()]
            await sitting.line.volley(cases)
    for text in [words, table.secret, evening.tokens[0].text]:
        async with seat(table, rng) as sitting:
            await sitting.line.send(text)
            await sitting.line.hear_all()
    for secret in [DREAMT.text, table.view_secret[::-1]]:
        async with raw(table.ws) as line:
            hello = {
                "t": "hello",
                "v": PROTOCOL_VERSION,
                "space": table.space,
                "secret": secret,
                "session": new_id(rng),
            }
            await line.send(hello | {"token": evening.tokens[0].text, "name": NAME.text})
            await line.hear_all()


async def knock(evening: Evening) -> None:
    """Ask over HTTP with secrets in every place, right and wrong, and keep the answers."""
    table, wrong = evening.table, DREAMT.text
    quoted = WORDS.text.replace(" ", "%20")
    host = urlsplit(table.http).netloc
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode()}
    asked = [
        await request(table.http, method, target, headers, body)
        for method, target, headers, body in [
            ("GET", f"/s/{table.space}", {}, b""),
            ("GET", f"/s/{table.space}/{table.secret}", {}, b""),
            ("GET", f"/{table.secret}?name={quoted}", {}, b""),
            ("GET", f"/api/spaces/{table.secret}", {}, b""),
            ("GET", f"/api/spaces/{table.space}", {"Authorization": f"Bearer {wrong}"}, b""),
            ("GET", f"/api/spaces/{table.space}?secret={table.secret}", {}, b""),
            ("GET", f"/api/spaces/{table.space}", {"Authorization": f"Basic {table.secret}"}, b""),
            *(
                (method, f"/api/spaces/{space}/{what}", {"Authorization": f"Bearer {secret}"}, WORDS.value)
                for method, what in [
                    ("POST", "boards"),
                    ("POST", "images"),
                    ("GET", f"images/{table.secret}"),
                ]
                for space in (table.space, table.secret)
                for secret in (wrong, table.secret, table.view_secret)
            ),
            ("DELETE", f"/api/spaces/{table.space}", {"Authorization": f"Bearer {table.secret}"}, b""),
            ("POST", "/api/spaces", {}, f'{{"title": "{TITLE.text}'.encode()),
            ("POST", "/api/spaces", {}, f'{{"secret": "{table.secret}", "name": "{NAME.text}"}}'.encode()),
            ("POST", "/api/spaces", {"Cookie": f"s={table.secret}"}, WORDS.value * 1000),
            ("GET", f"/ws?secret={table.secret}", upgrade, b""),
            ("GET", f"/ws/{table.secret}", upgrade, b""),
            ("GET", "/ws", upgrade | {"Origin": f"http://{table.secret}.example"}, b""),
            ("GET", "/", {"Host": f"{table.secret}:x"}, b""),
            ("GET", "/", {"Referer": f"http://{host}/s/{table.space}#{table.secret}"}, b""),
            ("GET", "/metrics", {}, b""),
            ("GET", "/readyz", {}, b""),
            ("GET", "/healthz", {}, b""),
            ("GET", "/api/openapi.json", {}, b""),
        ]
    ]
    asked.append(
        await send_bytes(table.http, f"GET /{table.secret} NONSENSE\r\n{NAME.text}\r\n\r\n".encode())
    )
    evening.answers += [repr(answer.headers).encode() + answer.body for answer in asked]


@pytest.fixture(scope="module")
def _evening_server() -> Iterator[Server]:
    with Server(workers=2) as server:
        yield server


@pytest.fixture(scope="module")
def evening(_evening_server: Server) -> Evening:
    """Hold the session once; the tests look at what it left."""
    return asyncio.run(hold(_evening_server))


async def hold(server: Server) -> Evening:
    rng, _ = chance("canaries")
    table = await new_table(server.http, TITLE.text)
    tokens = [f"Canarytoken{number}{new_id(rng)}" for number in range(3)]
    evening = Evening(server, table, secrets_of(table), [Canary("a token", token) for token in tokens], [])
    async with seat(table, rng, table.view_secret, token=tokens[2]) as viewer:
        async with (
            seat(table, rng, token=tokens[0]) as one,
            seat(table, rng, token=tokens[1]) as other,
        ):
            evening.sessions += [Canary("a session", sitting.session) for sitting in (one, other)]
            await asyncio.gather(behave(one, NAME), behave(other, OTHER_NAME))
            await misbehave(evening, rng)
            await knock(evening)
            # What is on its way when the store goes must not end in a record either.
            server.kill_store()
            element, hand = new_id(rng), new_id(rng)
            await one.line.send(one.frame(["add", element, hand, 1, 0, "note", {}]))
            await until_async(server.is_ready, 60)
        await viewer.line.volley([b"\xc1"])
        evening.viewers = repr(viewer.line.heard).encode()
    return evening


class TestEvening:
    def test_the_search_finds_what_is_there(self, evening: Evening) -> None:
        """So that the other tests mean something."""
        for canary in [*evening.never, *evening.personal, *evening.sessions]:
            for form in canary.disguises():
                assert found_in(b"some" + form + b"thing", [canary])
        assert b"Canarywords" in evening.viewers

    def test_the_view_links_secret_follows_from_the_other(self, evening: Evening) -> None:
        digest = hashlib.sha256(b"tablecloth-view" + evening.table.secret.encode()).digest()

        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == evening.table.view_secret

    def test_output_and_records(self, evening: Evening) -> None:
        output = evening.server.output()

        assert "valkey_ended" in output, "the store was killed, and nobody noted it"
        assert_absent(output, [*evening.never, *evening.personal, *evening.sessions, DREAMT], "the output")
        assert evening.table.space not in output

    def test_the_stores_own_records(self, evening: Evening) -> None:
        words = (evening.server.data / "valkey" / "valkey.log").read_bytes()

        assert_absent(words, [*evening.never, *evening.personal], "Valkey's log")

    def test_http_answers(self, evening: Evening) -> None:
        for answer in evening.answers:
            canaries = [*evening.never, NAME, OTHER_NAME, WORDS, REASON, DREAMT, *evening.sessions]
            assert_absent(answer, canaries, "an HTTP answer")

    def test_metrics(self, evening: Evening) -> None:
        metrics = asyncio.run(request(evening.table.http, "GET", "/metrics")).body

        assert_absent(metrics, [*evening.never, *evening.personal, *evening.sessions], "/metrics")
        assert evening.table.space.encode() not in metrics
        assert evening.table.board.encode() not in metrics

    def test_processes(self, evening: Evening) -> None:
        for kind, data in seen_by_others(evening.server):
            assert_absent(data, evening.never, f"{kind} of a process")

    def test_what_a_viewer_is_sent(self, evening: Evening) -> None:
        edit_secret = [secret for secret in evening.secrets if "edit" in secret.what]

        assert_absent(
            evening.viewers, [*edit_secret, *evening.tokens, *evening.sessions], "frames to a viewer"
        )


class TestStore:
    def test_holds_hashes_of_secrets(self, evening: Evening) -> None:
        with Store(f"unix://{evening.server.data}/valkey/valkey.sock") as store:
            held = store.everything()
        digest = hashlib.sha256(evening.table.secret.encode()).digest()
        everything = b"\n".join(part for pair in held.items() for part in pair)

        assert digest in everything
        assert_absent(everything, evening.never, "Valkey")

    def test_holds_nothing_else_on_disk(self, evening: Evening) -> None:
        files = [file for file in evening.server.data.rglob("*") if file.is_file()]
        assert any(file.suffix == ".aof" for file in files)
        for file in files:
            assert_absent(file.read_bytes(), evening.never, file.name)

    def test_keeps_names_and_words_where_they_can_be_withdrawn(self, evening: Evening) -> None:
        with Store(f"unix://{evening.server.data}/valkey/valkey.sock") as store:
            held = store.everything()
        for key, value in held.items():
            kind = key.split(b":")[2]
            assert_absent(key, [*evening.never, *evening.personal], "a key")
            if kind != b"names":
                assert_absent(value, [NAME, OTHER_NAME], f"{kind!r} in Valkey")
            if kind not in {b"log", b"feed", b"snapshot"}:
                assert_absent(value, [WORDS, REASON], f"{kind!r} in Valkey")

    def test_logs_hold_no_session_and_no_connection(self, evening: Evening) -> None:
        """DESIGN §3: nothing in a log joins what one person wrote but their pseudonym."""
        with Store(f"unix://{evening.server.data}/valkey/valkey.sock") as store:
            log = b"".join(store.raw_entries(evening.table.space, evening.table.board))

        assert WORDS.value in log
        assert_absent(log, [*evening.never, *evening.sessions, NAME, OTHER_NAME], "the log")


class TestArchive:
    def export(self, evening: Evening, folder: Path, *words: str) -> dict[str, bytes]:
        """Take the board away by the command line, and return the archive's files and what was printed."""
        file = folder / "board.zip"
        finished = subprocess.run(
            [COMMAND, "export", evening.table.edit_link, "-o", file, *words],
            capture_output=True,
            timeout=60,
            check=True,
        )
        printed = finished.stdout + finished.stderr
        return unzipped(file.read_bytes()) | {"printed": printed, "zip": file.read_bytes()}

    @pytest.fixture
    def private_key(self, evening: Evening) -> Canary:
        """The space's own, as Valkey keeps it."""
        with Store(f"unix://{evening.server.data}/valkey/valkey.sock") as store:
            return Canary("the private key", data=store.field(evening.table.space, "private_key"))

    def test_holds_no_secret(self, evening: Evening, tmp_path: Path, private_key: Canary) -> None:
        files = self.export(evening, tmp_path)

        logs = [data for name, data in files.items() if name.endswith("log.msgpack")]
        assert any(WORDS.value in data for data in logs)
        for name, data in files.items():
            assert_absent(data, [*evening.never, *evening.sessions, private_key], name)

    def test_names_stand_in_one_place(self, evening: Evening, tmp_path: Path) -> None:
        for name, data in self.export(evening, tmp_path).items():
            if name.rpartition("/")[2] not in {"board.json", "zip"}:
                assert_absent(data, [NAME, OTHER_NAME], name)

    def test_names_can_be_left_out(self, evening: Evening, tmp_path: Path) -> None:
        for name, data in self.export(evening, tmp_path, "--no-names").items():
            assert_absent(data, [NAME, OTHER_NAME], name)

    def test_nobody_else_hears_of_the_private_key(self, evening: Evening, private_key: Canary) -> None:
        assert_absent(evening.viewers, [private_key], "frames to a viewer")
        assert_absent(evening.server.output(), [private_key], "the output")
        assert_absent(b"".join(evening.answers), [private_key], "HTTP answers")


class Beside(ValkeyServer):
    """A Valkey that asks for a password: that it does is answer enough."""

    def answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(self.socket)
            line.sendall(b"PING\r\n")
            return line.recv(100).startswith(b"-NOAUTH")
        return False


class TestPassword:
    """Of a Valkey of one's own, in the address that `--valkey` names."""

    async def test_is_shown_nowhere(self) -> None:
        port = free_port()
        password = PASSWORD.text
        settings = {"port": str(port), "bind": "127.0.0.1", "requirepass": password}
        beside = Beside(settings=settings)
        try:
            beside.start()
            address = f"redis://:{password}@127.0.0.1:{port}/0"
            with Server(workers=2, valkey=address) as server:
                table = await new_table(server.http)
                async with connect(table.edit_link) as space:
                    await (await space.open()).add("note", text="Hello")
                beside.kill()
                await until_async(lambda: not server.is_ready(), 30)
                shown = [(await request(server.http, "GET", path)).body for path in ("/readyz", "/metrics")]
                shown += [data for _, data in seen_by_others(server)]
                beside.start()
                await until_async(server.is_ready, 30)
                shown.append(server.output().encode())
            for data in shown:
                assert_absent(data, [PASSWORD], "a server with a store of its own")
        finally:
            beside.remove()

    async def test_a_wrong_one_is_not_shown_either(self) -> None:
        port = free_port()
        beside = Beside(settings={"port": str(port), "bind": "127.0.0.1", "requirepass": "another"})
        server = Server(valkey=f"redis://:{PASSWORD.text}@127.0.0.1:{port}/0")
        try:
            beside.start()
            server.start(waits=False)
            await until_async(server.is_healthy, 30)
            await until_async(lambda: server.readiness()["missing"] != [], 30)
            ready = await request(server.http, "GET", "/readyz")
            assert ready.status == 503
            assert_absent(ready.body, [PASSWORD], "/readyz")
            assert_absent(server.output(), [PASSWORD], "the output")
        finally:
            server.__exit__(None, None, None)
            beside.remove()
