"""HTTP and the door of the WebSocket: headers, origins, sizes, answers, the page (PROTOCOL-1, -2, -50 to
-54).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route
from tablecloth import limits, records
from tablecloth.log.interface import Durability
from tablecloth.spaces import hash_secret, new_secret
from tablecloth.web.guard import HEADERS, policy_for
from tablecloth.web.openapi import document
from tablecloth.web.origin import host_of, is_welcome
from tablecloth.web.page import NOT_BUILT
from tablecloth.wire import limits as wire
from tablecloth.wire.codec import encode
from tablecloth.wire.frames import PROTOCOL_VERSION, EditFrame, Hello, Open, Ping, Rename
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.bare_http import request, send_bytes
from tests.support.cloth import note, random_word, words
from tests.support.house import House, open_house
from tests.support.memory_log import MemoryLog, MemoryStore
from tests.support.plain_words import assert_plain


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house() as house:
        yield house


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built client."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Page</title>" + "x" * 1000, encoding="utf-8")
    (tmp_path / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "assets" / "main-abc123.js").write_text("const a = 1;" * 200, encoding="utf-8")
    (tmp_path / "assets" / "font-abc123.woff2").write_bytes(bytes(5000))
    return tmp_path


def told(answer: httpx.Response, status: int, code: str) -> None:
    """PROTOCOL-53."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"code", "words"}
    assert body["code"] == code
    assert_plain(body["words"], code)


class TestHeaders:
    @pytest.mark.parametrize(
        "path",
        ["/", "/s/space", "/nothing", "/api/spaces", "/healthz", "/metrics", "/api/openapi.json", "/ws"],
    )
    async def test_protocol_54_every_answer_has_them(self, house: House, path: str) -> None:
        answer = await house.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == policy_for(f"127.0.0.1:{house.port}")
        assert "server" not in answer.headers

    async def test_protocol_54_answers_to_bad_requests_have_them(self, house: House) -> None:
        for answer in (
            await request(house.http, "GET", "/", {"Host": "a b"}),
            await request(house.http, "POST", "/api/spaces", {"Content-Length": "99999999"}),
            await request(house.http, "DELETE", "/api/spaces"),
        ):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "content-security-policy" in answer.headers

    def test_traps_24_nothing_inline_nothing_foreign_trusted_types(self) -> None:
        policy = policy_for("board.example")
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "frame-ancestors 'none'" in policy
        assert re.search(r"https?://", policy) is None
        assert "connect-src 'self' ws://board.example wss://board.example" in policy


class TestHost:
    @pytest.mark.parametrize(
        "host",
        [
            "board.example",
            "Board.Example:8080",
            "192.168.1.7:80",
            "[fe80::1]:8080",
            "localhost",
            "a_b.local.",
            "x",
        ],
    )
    def test_hosts(self, host: str) -> None:
        scope = {"type": "http", "headers": [(b"host", host.encode())]}
        assert host_of(scope) == host.lower()

    @pytest.mark.parametrize(
        "headers",
        [
            [],
            [b"a", b"b"],
            [b""],
            [b"a b"],
            [b"a/b"],
            [b"a?x"],
            [b"a#x"],
            [b"user@host"],
            [b"host:port"],
            [b"host:123456"],
            [b"host\\evil"],
            [b"-a"],
            [b"[::1"],
            [b"a;b"],
            [b"'self'"],
            [b"a, b"],
            [b"x" * 300],
        ],
    )
    def test_traps_26_what_is_no_host(self, headers: list[bytes]) -> None:
        assert host_of({"type": "http", "headers": [(b"host", host) for host in headers]}) is None

    async def test_traps_26_cve_2026_48710_a_host_cannot_change_the_path(self, house: House) -> None:
        for host in ("evil/healthz?", "evil#", "evil\\healthz", "evil:80/healthz"):
            answer = await request(house.http, "GET", "/metrics", {"Host": host})
            assert answer.status == 400
            assert answer.json()["code"] == "bad-host"


class TestOrigin:
    @pytest.mark.parametrize(
        ("origin", "host", "welcome"),
        [
            (None, "board.example", True),
            ("http://board.example", "board.example", True),
            ("https://board.example", "board.example", True),
            ("HTTP://Board.Example", "board.example", True),
            ("http://board.example:8080", "board.example:8080", True),
            ("http://board.example:80", "board.example", True),
            ("https://board.example", "board.example:443", True),
            ("https://configured.example", "board.example", True),
            ("https://configured.example:444", "board.example", False),
            ("http://board.example:8081", "board.example:8080", False),
            ("http://evil.example", "board.example", False),
            ("http://board.example.evil", "board.example", False),
            ("http://board.example@evil", "board.example", False),
            ("null", "board.example", False),
            ("", "board.example", False),
            ("file://", "board.example", False),
            ("ws://board.example", "board.example", False),
            ("http://board.example/", "board.example", False),
        ],
    )
    def test_protocol_2(self, origin: str | None, host: str, welcome: bool) -> None:
        assert is_welcome(origin, host, ["https://configured.example/"]) is welcome

    async def test_protocol_2_traps_16_a_foreign_page_is_turned_away_before_the_handshake(
        self, house: House
    ) -> None:
        for origin in ("http://evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                async with connect(house.ws, additional_headers={"Origin": origin}, proxy=None):
                    pass
            assert refused.value.response.status_code == 403
            assert b"foreign-origin" in refused.value.response.body
            assert refused.value.response.headers["x-content-type-options"] == "nosniff"
        assert house.worker.connections == set()

    async def test_protocol_2_ones_own_page_is_welcome(self, house: House) -> None:
        async with connect(house.ws, additional_headers={"Origin": house.http}, proxy=None) as socket:
            assert socket.response is not None
            assert "Sec-WebSocket-Extensions" not in socket.response.headers

    async def test_protocol_1_a_query_is_refused(self, house: House) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{house.ws}?secret=abc", proxy=None):
                pass
        assert refused.value.response.status_code == 400

    async def test_another_path_is_no_socket(self, house: House) -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{house.ws}/more", proxy=None):
                pass
        assert refused.value.response.status_code in {403, 404}

    async def test_a_foreign_page_begins_no_space(self, house: House) -> None:
        headers = {"Origin": "http://evil.example"}
        answer = await house.client.post("/api/spaces", json={"title": "x"}, headers=headers)
        told(answer, 403, "foreign-origin")


class TestSpaces:
    async def test_protocol_50_begin(self, house: House) -> None:
        answer = await house.client.post("/api/spaces", json={"title": "  A cloth "})
        assert answer.status_code == 201
        assert answer.headers["Cache-Control"] == "no-store"
        begun = answer.json()
        assert set(begun) == {"id", "title", "boards", "edit_link", "view_link"}
        assert begun["title"] == "A cloth"
        assert [board["title"] for board in begun["boards"]] == ["A cloth"]
        for link in (begun["edit_link"], begun["view_link"]):
            assert re.fullmatch(rf"{house.http}/s/{begun['id']}#[A-Za-z0-9_-]{{43}}", link)

    async def test_protocol_50_links_have_the_host_that_was_asked(self, house: House) -> None:
        answer = await house.client.post(
            "/api/spaces", json={"title": "x"}, headers={"Host": "Hall.local:8080"}
        )
        assert answer.json()["edit_link"].startswith("http://hall.local:8080/s/")

    async def test_protocol_50_or_what_was_configured(self) -> None:
        async with open_house(public_url="https://boards.example") as house:
            assert (await house.begin())["view_link"].startswith("https://boards.example/s/")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "bad-request"),
            (b"{", "bad-request"),
            (b"\xff", "bad-request"),
            (b"[" * 9000, "bad-title"),
            (b"{}", "bad-title"),
            (b"[]", "bad-title"),
            (b'{"title": 5}', "bad-title"),
            (b'{"title": ""}', "bad-title"),
            (b'{"title": "   "}', "bad-title"),
            (b'{"title": "two\\nlines"}', "bad-title"),
            (b'{"title": "\\u0000"}', "bad-title"),
            (b'{"title": "x", "more": 1}', "bad-title"),
            (b'{"title": "' + b"x" * 121 + b'"}', "bad-title"),
        ],
    )
    async def test_protocol_50_what_is_no_title(self, house: House, body: bytes, code: str) -> None:
        told(await house.client.post("/api/spaces", content=body), 400, code)

    async def test_protocol_51_look(self, house: House) -> None:
        begun = await house.begin()
        for link, may_edit in (("edit_link", True), ("view_link", False)):
            secret = begun[link].partition("#")[2]
            for scheme in ("Bearer", "bearer"):
                headers = {"Authorization": f"{scheme} {secret}"}
                answer = await house.get(f"/api/spaces/{begun['id']}", headers=headers)
                assert answer.json() == {
                    "id": begun["id"],
                    "title": "A cloth",
                    "boards": begun["boards"],
                    "may_edit": may_edit,
                    "host": "",
                    "contact": "",
                }
                assert answer.headers["Cache-Control"] == "no-store"

    async def test_protocol_51_unknown_and_wrong_are_answered_alike(self, house: House) -> None:
        begun = await house.begin()
        secret = begun["edit_link"].partition("#")[2]
        answers = [
            await house.get(f"/api/spaces/{begun['id']}"),
            await house.get(
                f"/api/spaces/{begun['id']}", headers={"Authorization": f"Bearer {new_secret()}"}
            ),
            await house.get(f"/api/spaces/{begun['id']}", headers={"Authorization": f"Basic {secret}"}),
            await house.get("/api/spaces/nowhere-at-all", headers={"Authorization": f"Bearer {secret}"}),
        ]
        for answer in answers:
            told(answer, 404, "no-such-link")
        assert len({answer.content for answer in answers}) == 1

    async def test_traps_25_spaces_a_minute_are_bounded(self) -> None:
        async with open_house(spaces_per_minute=3) as house:
            for _ in range(3):
                await house.begin()
            told(await house.client.post("/api/spaces", json={"title": "x"}), 429, "slow-down")

    async def test_the_store_is_away(self, house: House) -> None:
        begun = await house.begin()
        house.store.trouble = "away"
        told(await house.client.post("/api/spaces", json={"title": "x"}), 503, "away")
        house.worker.spaces._known.clear()
        headers = {"Authorization": "Bearer " + begun["edit_link"].partition("#")[2]}
        told(await house.get(f"/api/spaces/{begun['id']}", headers=headers), 503, "away")


class TestSizes:
    async def test_protocol_53_a_body_that_is_too_large(self, house: House) -> None:
        body = b" " * (limits.SPACE_MAX_BODY_BYTES + 1)
        told(await house.client.post("/api/spaces", content=body), 413, "too-large")

    async def test_protocol_53_a_body_that_doesn_t_say_how_large_it_is(self, house: House) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b" " * 1024

        told(await house.client.post("/api/spaces", content=chunks()), 413, "too-large")

    @pytest.mark.parametrize("length", ["99999999999999999999", "9" * 6000])
    async def test_a_length_of_many_digits(self, house: House, length: str) -> None:
        answer = await request(house.http, "POST", "/api/spaces", {"Content-Length": length})
        assert answer.status in {400, 413}

    async def test_traps_26_cve_2025_54121_a_multipart_body_is_no_body_of_ours(self, house: House) -> None:
        files = {"file": ("x.bin", bytes(8000))}
        told(await house.client.post("/api/spaces", files=files), 400, "bad-request")

    async def test_traps_26_cve_2025_62727_ranges_are_not_looked_at(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            ranges = "bytes=" + ",".join(f"{i}-{i + 1}" for i in range(5000))
            for name in ("/", "/assets/font-abc123.woff2"):
                answer = await request(house.http, "GET", name, {"Range": ranges})
                assert answer.status in {200, 400, 431}
                answer = await request(house.http, "GET", name, {"Range": "bytes=0-1,5-9"})
                assert answer.status == 200

    async def test_a_request_that_never_ends_is_dropped(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "HELLO_TIMEOUT_S", 0.1)
        post = b"POST /api/spaces HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1"
        for beginning in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", post):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            writer.write(beginning)
            async with asyncio.timeout(10):
                with contextlib.suppress(ConnectionResetError):
                    assert await reader.read() == b""
            writer.close()

    async def test_one_connection_serves_many_requests(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "HELLO_TIMEOUT_S", 0.3)
        async with asyncio.timeout(20):
            for _ in range(6):
                assert (await house.get("/healthz")).status_code == 200
                await asyncio.sleep(0.1)


class TestHealth:
    async def test_protocol_52_alive(self, house: House) -> None:
        assert (await house.get("/healthz")).json() == {"alive": True}

    async def test_protocol_52_ready_says_what_an_ack_means(self) -> None:
        for durable in ("fsync", "second", "memory"):
            async with open_house(MemoryStore(durability=durable)) as house:
                answer = await house.get("/readyz")
                assert answer.status_code == 200
                assert answer.json()["ready"] is True
                assert answer.json()["durable"] == durable

    async def test_protocol_52_traps_9_not_ready_says_what_is_missing(self) -> None:
        store = MemoryStore()
        store.trouble = "away"
        async with open_house(store) as house:
            answer = await house.get("/readyz")
            assert answer.status_code == 503
            body = answer.json()
            assert (body["ready"], body["durable"]) == (False, None)
            for words_ in body["missing"]:
                assert_plain(words_, "/readyz")
            assert (await house.get("/healthz")).status_code == 200
            store.trouble = None
            assert (await house.get("/readyz")).status_code == 200

    async def test_protocol_52_a_store_that_hangs_is_not_waited_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Hanging(MemoryLog):
            async def durability(self) -> Durability:
                await asyncio.Event().wait()
                raise AssertionError

        monkeypatch.setattr("tablecloth.web.routes._ASK_STORE_S", 0.05)
        async with open_house(log=Hanging()) as house:
            assert (await house.get("/readyz")).status_code == 503

    async def test_protocol_52_metrics(self, house: House) -> None:
        await house.begin()
        answer = await house.get("/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        for name in (
            "edits_total",
            "entries_total",
            "deliveries_total",
            "append_seconds_bucket",
            "flush_seconds_sum",
            "snapshot_seconds_count",
            "connections",
            "rooms",
            "backlog_aborts_total",
            "store_writable",
        ):
            assert f"tablecloth_{name}{{" in answer.text, name


class TestAnswers:
    @pytest.mark.parametrize(
        "path", ["/nothing", "/api", "/api/spaces/a/b", "/s/", "/s/a/b", "/assets/", "/index.html"]
    )
    async def test_protocol_53_nothing_there(self, house: House, path: str) -> None:
        told(await house.get(path), 404, "not-found")

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/api/spaces"), ("PUT", "/api/spaces"), ("POST", "/"), ("DELETE", "/healthz")],
    )
    async def test_protocol_53_no_such_method(self, house: House, method: str, path: str) -> None:
        answer = await house.client.request(method, path)
        told(answer, 404 if (method, path) == ("GET", "/api/spaces") else 405, answer.json()["code"])

    async def test_protocol_53_a_mistake_of_ours_tells_nothing(
        self, house: House, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        secret = new_secret()

        async def broken(title: str) -> None:
            raise RuntimeError("a mistake")

        monkeypatch.setattr(house.worker, "begin_space", broken)
        answer = await house.client.post("/api/spaces", json={"title": secret})
        told(answer, 500, "trouble")
        assert secret not in capfd.readouterr().err

    async def test_bytes_that_are_no_request(self, house: House) -> None:
        assert (await send_bytes(house.http, b"\x16\x03\x01 hello\r\n\r\n")).status == 400
        assert (await house.get("/healthz")).status_code == 200


class TestPage:
    async def test_the_page_for_the_root_and_for_links(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            for path in ("/", "/s/any-space-at-all"):
                answer = await house.get(path)
                assert answer.status_code == 200
                assert "<title>Page</title>" in answer.text
                assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
                assert answer.headers["Cache-Control"] == "no-cache"
                assert answer.headers["Content-Encoding"] == "gzip"
                again = await house.get(path, headers={"If-None-Match": answer.headers["ETag"]})
                assert (again.status_code, again.content) == (304, b"")

    async def test_files_with_a_hash_in_their_name_are_kept(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            script = await house.get("/assets/main-abc123.js")
            assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert script.headers["Content-Type"].startswith("text/javascript")
            font = await house.get("/assets/font-abc123.woff2")
            assert font.headers["Content-Type"] == "font/woff2"
            assert "Content-Encoding" not in font.headers
            icon = await house.get("/icon.svg")
            assert icon.headers["Cache-Control"] == "no-cache"

    async def test_who_cannot_unpack_gets_it_plain(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            answer = await request(
                house.http, "GET", "/assets/main-abc123.js", {"Accept-Encoding": "identity"}
            )
            assert answer.body.startswith(b"const a = 1;")
            packed = await request(house.http, "GET", "/assets/main-abc123.js", {"Accept-Encoding": "gzip"})
            assert gzip.decompress(packed.body) == answer.body

    async def test_head_is_get_without_a_body(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            answer = await house.client.head("/")
            assert (answer.status_code, answer.content) == (200, b"")

    async def test_traps_23_only_files_of_the_page(self, dist: Path) -> None:
        (dist.parent / "outside.txt").write_text("outside", encoding="utf-8")
        async with open_house(dist=dist) as house:
            for path in (
                "/../outside.txt",
                "/%2e%2e/outside.txt",
                "/assets/..%2f..%2foutside.txt",
                "//etc/passwd",
            ):
                answer = await request(house.http, "GET", path)
                assert answer.status == 404, path

    async def test_a_client_that_was_built_anew_is_served_without_a_restart(self, dist: Path) -> None:
        async with open_house(dist=dist) as house:
            await house.get("/")
            (dist / "index.html").write_text("<!doctype html><title>Newer</title>", encoding="utf-8")
            (dist / "assets" / "newer-123.js").write_text("1", encoding="utf-8")
            assert "Newer" in (await house.get("/")).text
            assert (await house.get("/assets/newer-123.js")).text == "1"

    async def test_a_client_that_isn_t_built_is_said_kindly(self, house: House) -> None:
        answer = await house.get("/")
        assert (answer.status_code, answer.content) == (503, NOT_BUILT)
        assert "make client" in answer.text
        assert "style" not in answer.text, "the policy allows nothing inline"


class TestOpenApi:
    async def test_protocol_52_it_describes_every_route(self, house: House) -> None:
        described = (await house.get("/api/openapi.json")).json()
        assert described == document()
        routes = {
            (route.path, method.lower())
            for route in house.app._app._app.router.routes  # type: ignore[attr-defined]
            if isinstance(route, Route)
            for method in route.methods or ()
            if method != "HEAD"
        }
        pages = {("/", "get"), ("/s/{space}", "get"), ("/{name:path}", "get")}
        assert {
            (path, method) for path, item in described["paths"].items() for method in item
        } == routes - pages

    def test_every_reference_leads_somewhere(self) -> None:
        described = document()
        references = re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(described))
        assert set(references) == set(described["components"]["schemas"])


class TestSecrets:
    """TRAPS 12, 27: a canary is planted in all that a person could send, and nobody may see it again."""

    async def test_canaries_are_seen_nowhere(
        self, house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for form in ("json", "console"):
            records.configure(form)
            await self.speak(house, monkeypatch)
        metrics = (await house.get("/metrics")).text
        seen = capfd.readouterr()
        logging.getLogger().handlers.clear()
        for text in (metrics, seen.out, seen.err):
            assert "canary" not in text.lower()
        assert "connection_broke" in seen.err, "mistakes are told all the same"

    async def speak(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        begun = await house.begin("Canary title")
        secret = begun["edit_link"].partition("#")[2]
        board = begun["boards"][0]["board"]
        record = await house.worker.spaces.find(begun["id"])
        assert record is not None
        record.edit_hash = hash_secret("canary-secret-" + secret)
        token = "canary-token-" + random_word()
        async with connect(house.ws, proxy=None) as socket:
            await socket.send(b"\x81\xa1t\xa6canary")
        with pytest.raises(InvalidStatus):
            async with connect(house.ws + "?canary", proxy=None):
                pass
        await request(house.http, "GET", "/canary?canary", {"Canary": "canary", "Cookie": "canary"})
        await request(house.http, "POST", "/api/spaces", {"Content-Length": "8"}, b'{"canary')
        async with connect(house.ws, proxy=None) as socket:
            await socket.send(
                encode(
                    Hello(
                        PROTOCOL_VERSION,
                        begun["id"],
                        "canary-secret-" + secret,
                        token,
                        random_word(),
                        "Canary",
                    )
                )
            )
            await socket.send(encode(Open(board)))
            while b"opened" not in await socket.recv(decode=False):
                pass
            await socket.send(encode(Rename("Canary two")))
            await socket.send(
                encode(EditFrame(board, 1, [note("canary-1"), words("canary-1", 2, 1, "canary")]))
            )
            await socket.send(encode(EditFrame(board, 1, [words("canary-1", 9, 1, "canary")])))
            await socket.send(encode(Ping()))

            async def broken(*canary: Any) -> None:
                raise RuntimeError

            with monkeypatch.context() as patch:
                patch.setattr(house.worker.rooms, "open", broken)
                await socket.send(encode(Open(board, None, 1, b"canary-canary-canary-canary-cana")))
                async with asyncio.timeout(20):
                    await socket.wait_closed()
