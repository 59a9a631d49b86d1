"""HTTP requests that are wrong, odd or hostile: answered with a code and plain words, and nothing given away.

Nothing here may make a 500, end a process, read a file that isn't the client's, or tell an unknown space from
a wrong secret (PROTOCOL-51, -53; TRAPS 15, 16, 25, 26).
"""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.support.bare_http import Answer, request, send_bytes
from tests.support.chance import chance
from tests.support.pictures import disguised, too_large
from tests.support.plain_words import assert_plain
from tests.support.server import Server
from tests.support.tables import Table
from tests.support.valkey import until_async

pytestmark = pytest.mark.integration

JSON = {"Content-Type": "application/json"}
OURS = (b"root:", b"[project]", b"daemon:", b"tablecloth-boards", b"import ")


def assert_told(answer: Answer, where: str, *statuses: int) -> None:
    """The answer has one of these statuses, and a code and plain words."""
    assert answer.status in statuses, f"{where}: {answer}"
    told = answer.json()
    assert set(told) == {"code", "words"}, f"{where}: {told}"
    assert_plain(told["words"], where)
    assert told["code"].replace("-", "").isalpha(), f"{where}: {told}"
    assert "nosniff" in answer.headers["x-content-type-options"]


def metrics_of(http: str) -> bytes:
    return httpx.get(f"{http}/metrics", trust_env=False, timeout=60).content


class TestNewSpaces:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b'"title"',
            b"{}{}",
            b"title=A",
            b"\xff\xfe\x00",
            b'{"title": 5}',
            b'{"title": null}',
            b'{"title": ["A"]}',
            b'{"title": NaN}',
            b'{"title": "A", "owner": "me"}',
            b'{"title": "' + b"A" * 121 + b'"}',
            b'{"title": "A\\u0000B"}',
            b'{"title": "A\\ud800B"}',
            b'{"title": "\\ufffc"}',
            b'{"title": "A\\u001b[2J"}',
            b'{"title": "\xed\xa0\x80"}',
            b"[" * 8000,
            b'{"a":' * 2500 + b"1" + b"}" * 2500,
            b'{"title": "A", "id": "chosenbyme"}',
        ],
        ids=lambda body: repr(body[:30]),
    )
    async def test_bad_bodies(self, body: bytes, http: str) -> None:
        assert_told(await request(http, "POST", "/api/spaces", JSON, body), repr(body[:40]), 400, 422)

    async def test_random_bodies(self, http: str) -> None:
        rng, _ = chance("bodies")
        good = b'{"title": "A table"}'
        for _ in range(200):
            body = bytearray(good)
            for _ in range(rng.randrange(1, 5)):
                body[rng.randrange(len(body))] = rng.randrange(256)
            answer = await request(http, "POST", "/api/spaces", JSON, bytes(body))
            if answer.status not in {201, 429}:
                assert_told(answer, repr(bytes(body)), 400, 422)

    async def test_a_body_that_is_too_long(self, http: str) -> None:
        body = json.dumps({"title": "A" * 20_000}).encode()

        assert_told(await request(http, "POST", "/api/spaces", JSON, body), "20,000 bytes", 413)

    async def test_a_body_that_only_claims_to_be_long(self, http: str) -> None:
        headers = JSON | {"Content-Length": "99999999999"}

        answer = await request(http, "POST", "/api/spaces", headers, b"{")

        assert_told(answer, "a claim", 413)

    async def test_a_body_without_end(self, http: str) -> None:
        """In chunks, so that no header says how long it is."""
        head = b"POST /api/spaces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"

        answer = await send_bytes(http, head + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 64)

        # It may close before it has read all, and then its answer can be lost on the way.
        if answer.status:
            assert_told(answer, "without end", 413)


class TestASpace:
    @pytest.mark.parametrize(
        "authorization",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Bearer " + "A" * 43,
            "bearer \x01",
            "Basic YTpi",
            "Bearer {secret} x",
            "Bearer {secret}x",
            "Bearer ,{secret}",
            "Token {secret}",
            "Bearer " + "A" * 8000,
            "Bearer \u00e9",
        ],
        ids=lambda value: repr(value)[:24],
    )
    async def test_wrong_secrets_and_unknown_spaces_are_alike(
        self, authorization: str | None, table: Table
    ) -> None:
        headers = {}
        if authorization is not None:
            headers["Authorization"] = authorization.format(secret=table.secret)
        known = await request(table.http, "GET", f"/api/spaces/{table.space}", headers)
        unknown = await request(table.http, "GET", "/api/spaces/nosuchspace", headers)

        assert_told(known, repr(authorization), 404)
        assert (known.status, known.body) == (unknown.status, unknown.body)

    async def test_the_secret_of_another_space(self, table: Table, other_table: Table) -> None:
        headers = {"Authorization": f"Bearer {other_table.secret}"}

        assert_told(await request(table.http, "GET", f"/api/spaces/{table.space}", headers), "another's", 404)

    async def test_the_right_secret(self, table: Table) -> None:
        for secret, may_edit in [(table.secret, True), (table.view_secret, False)]:
            headers = {"Authorization": f"Bearer {secret}"}
            answer = await request(table.http, "GET", f"/api/spaces/{table.space}", headers)
            assert answer.status == 200
            assert answer.json()["may_edit"] is may_edit
            assert secret.encode() not in answer.body

    @pytest.mark.parametrize("ident", ["..", "%2e%2e", "*", "a:b", "%00", "x" * 5000, "%F0%9F%99%82", "{0}"])
    async def test_ids_that_are_none(self, ident: str, table: Table) -> None:
        headers = {"Authorization": f"Bearer {table.secret}"}

        answer = await request(table.http, "GET", f"/api/spaces/{ident}", headers)

        assert 300 <= answer.status < 500, answer


class TestMoreOfASpace:
    """Boards and pictures (PROTOCOL-55, -56)."""

    @pytest.mark.parametrize("what", ["boards", "images"])
    @pytest.mark.parametrize(
        "authorization", [None, "Bearer", "Bearer " + "A" * 43, "Basic {secret}", "Bearer é"]
    )
    async def test_wrong_secrets_and_unknown_spaces_are_alike(
        self, what: str, authorization: str | None, table: Table
    ) -> None:
        headers = {}
        if authorization is not None:
            headers["Authorization"] = authorization.format(secret=table.secret)
        known = await request(table.http, "POST", f"/api/spaces/{table.space}/{what}", headers, b"x")
        unknown = await request(table.http, "POST", f"/api/spaces/nosuchspace/{what}", headers, b"x")
        assert_told(known, repr(authorization), 404)
        assert (known.status, known.body) == (unknown.status, unknown.body)

    async def test_random_bodies_for_boards(self, table: Table) -> None:
        rng, _ = chance("board bodies")
        headers = JSON | {"Authorization": f"Bearer {table.secret}"}
        for _ in range(100):
            body = bytearray(b'{"title": "A table"}')
            for _ in range(rng.randrange(1, 5)):
                body[rng.randrange(len(body))] = rng.randrange(256)
            answer = await request(
                table.http, "POST", f"/api/spaces/{table.space}/boards", headers, bytes(body)
            )
            if answer.status != 201:
                assert_told(answer, repr(bytes(body)), 400, 409)

    async def test_pictures_that_are_none(self, table: Table) -> None:
        headers = {"Authorization": f"Bearer {table.secret}", "Content-Type": "image/png"}
        address = f"/api/spaces/{table.space}/images"
        for name, data in [*disguised().items(), *too_large().items(), ("nothing", b"")]:
            answer = await request(table.http, "POST", address, headers, data)
            if answer.status != 429:  # so many a minute
                assert_told(answer, name, 413, 415)

    async def test_a_picture_without_end(self, table: Table) -> None:
        head = f"POST /api/spaces/{table.space}/images HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        head += f"Authorization: Bearer {table.secret}\r\n\r\n"
        piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        answer = await send_bytes(table.http, head.encode(), *[piece] * 12)
        assert answer.status in {0, 413}, answer

    @pytest.mark.parametrize("asset", ["..", "%00", "x" * 5000, "%2e%2e%2f", "0" * 64, "0" * 63 + "%0a", "é"])
    async def test_assets_that_are_none(self, asset: str, table: Table) -> None:
        headers = {"Authorization": f"Bearer {table.secret}"}
        answer = await request(table.http, "GET", f"/api/spaces/{table.space}/images/{asset}", headers)
        assert answer.status < 500, answer
        assert not any(word in answer.body for word in OURS), answer


class TestMethods:
    @pytest.mark.parametrize(
        ("method", "target"),
        [
            ("GET", "/api/spaces"),
            ("PUT", "/api/spaces"),
            ("DELETE", "/api/spaces"),
            ("POST", "/api/spaces/nosuchspace"),
            ("DELETE", "/api/spaces/nosuchspace"),
            ("PATCH", "/api/spaces/nosuchspace"),
            ("GET", "/api/spaces/nosuchspace/boards"),
            ("GET", "/api/spaces/nosuchspace/images"),
            ("PUT", "/api/spaces/nosuchspace/images/x"),
            ("DELETE", "/api/spaces/nosuchspace/images/x"),
            ("POST", "/healthz"),
            ("DELETE", "/metrics"),
            ("TRACE", "/api/spaces"),
            ("NONSENSE", "/api/spaces"),
            ("GET", "/api/nothing"),
            ("GET", "/api/"),
        ],
    )
    async def test_wrong_ones(self, method: str, target: str, http: str) -> None:
        # Names that HTTP doesn't know may be turned away before anything of ours sees them.
        answer = await request(http, method, target)
        if method != "NONSENSE" or answer.body.startswith(b"{"):
            assert_told(answer, f"{method} {target}", 404, 405)
        assert 400 <= answer.status < 500

    @pytest.mark.parametrize("target", ["/ws", "/ws/", "/ws?secret=x"])
    async def test_the_socket_without_an_upgrade(self, target: str, http: str) -> None:
        answer = await request(http, "GET", target)

        assert 300 <= answer.status < 500, answer


class TestPaths:
    @pytest.mark.parametrize(
        "target",
        [
            "/../../../../etc/passwd",
            "/assets/../../../../etc/passwd",
            "/assets/../../pyproject.toml",
            "/assets/..%2f..%2f..%2fpyproject.toml",
            "/assets/%2e%2e/%2e%2e/pyproject.toml",
            "/assets/%252e%252e/pyproject.toml",
            "/assets/..\\..\\pyproject.toml",
            "/assets/..%5c..%5cpyproject.toml",
            "/assets//etc/passwd",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/assets/%00",
            "/assets/a%00.js",
            "/assets/%ff%fe",
            "/.git/config",
            "/.stamp",
            "/.env",
            "/s/../../../etc/passwd",
            "/s/" + "x" * 9000,
            "/assets/" + "../" * 200 + "etc/passwd",
            "/assets/",
            "/%s%s%n",
            "/?" + "a=b&" * 3000,
        ],
        ids=lambda target: target[:36],
    )
    async def test_lead_nowhere(self, target: str, http: str) -> None:
        answer = await request(http, "GET", target)

        assert answer.status < 500, answer
        assert not any(word in answer.body for word in OURS), answer

    @pytest.mark.parametrize(
        "target", ["http://evil.example/", "*", "evil.example:80", "/a b", "?", "#", "é"]
    )
    async def test_targets_that_are_no_paths(self, target: str, http: str) -> None:
        answer = await request(http, "GET", target)

        assert answer.status < 500, answer
        assert b"evil.example" not in answer.body


class TestHeaders:
    @pytest.mark.parametrize(
        "host",
        [
            "",
            "evil.example",
            "[::1",
            "[::1]:x",
            "a b",
            "a/b",
            "a?b#c",
            "a@b",
            ":0",
            "x" * 5000,
            "127.0.0.1:99999",
            "é.example",
            "a\tb",
            '"><script>',
        ],
        ids=lambda host: repr(host)[:20],
    )
    async def test_odd_hosts(self, host: str, http: str) -> None:
        for target in ["/", "/healthz", "/api/openapi.json", "/s/nosuchspace", "/api/nothing"]:
            answer = await request(http, "GET", target, {"Host": host})
            assert answer.status < 500, f"{target}: {answer}"
            assert b"<script>\x22" not in answer.body
            assert "evil.example" not in answer.headers.get("location", "")

    async def test_an_odd_host_gets_no_link(self, http: str) -> None:
        """A link is made of the Host that was asked for; one that could carry more than a host makes none."""
        for host in ["a/b", "a@b", "a?b#c", '"><script>', "a b"]:
            answer = await request(http, "POST", "/api/spaces", JSON | {"Host": host}, b'{"title": "A"}')
            assert answer.status < 500, f"{host}: {answer}"
            if answer.status == 201:
                assert host not in answer.json()["edit_link"]

    @pytest.mark.parametrize(
        "ranges",
        [
            "bytes=0-0",
            "bytes=9-0",
            "bytes=-1",
            "bytes=x",
            "bytes=",
            "lines=1-2",
            "bytes=0-99999999999999999999",
        ],
    )
    async def test_ranges(self, ranges: str, http: str) -> None:
        answer = await request(http, "GET", "/", {"Range": ranges})

        assert answer.status in {200, 206, 400, 416}, answer

    @pytest.mark.parametrize("piece", ["0-,", "0-0,", "-1,", "1-2,3-4,"])
    async def test_ranges_without_end_cost_little(self, piece: str, http: str) -> None:
        """CVE-2025-62727: merging a header full of ranges took time that grew with its square."""
        began = time.monotonic()
        answer = await request(http, "GET", "/", {"Range": "bytes=" + piece * (60_000 // len(piece))})
        assert answer.status < 500, answer
        assert time.monotonic() - began < 2.0

    async def test_a_header_without_end(self, http: str) -> None:
        answer = await send_bytes(http, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", *[b"x" * 65_536] * 16)

        assert answer.status in {0, 400, 413, 431}, answer


class TestNoHttpAtAll:
    @pytest.mark.parametrize(
        "data",
        [
            b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
            b"GET / HTTP/9.9\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            b"*1\r\n$4\r\nPING\r\n\r\n\r\n",
            b"\x00" * 500 + b"\r\n\r\n",
        ],
        ids=lambda data: repr(data[:24]),
    )
    async def test_is_turned_away(self, data: bytes, http: str) -> None:
        answer = await send_bytes(http, data + b"\r\n\r\n")

        assert_told(answer, repr(data), 400)

    async def test_random_bytes(self, http: str) -> None:
        rng, _ = chance("bytes")
        for _ in range(60):
            noise = rng.randbytes(rng.randrange(1, 3000))
            assert_told(await send_bytes(http, noise + b"\r\n\r\n"), repr(noise), 400)

    async def test_is_counted_and_not_worth_a_line(self, hall: Server, http: str) -> None:
        for _ in range(5):
            await send_bytes(http, b"NONSENSE\r\n\r\n")
        assert "Invalid HTTP" not in hall.output()
        await until_async(lambda: b'code="bad-http"' in metrics_of(http), 30)


async def test_words_of_pages_that_are_not_there(http: str) -> None:
    for target in ["/nothing", "/assets/nothing.js", "/s", "/favicon.ico"]:
        answer = await request(http, "GET", target)
        assert answer.status in {200, 404}, f"{target}: {answer.status}"
        assert "no-referrer" in answer.headers["referrer-policy"]
        assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
        assert "require-trusted-types-for" in answer.headers["content-security-policy"]


async def test_metrics_and_descriptions_name_nobody(table: Table) -> None:
    for target in ["/metrics", "/api/openapi.json", "/healthz", "/readyz"]:
        answer = await request(table.http, "GET", target)
        assert answer.status == 200
        assert table.secret.encode() not in answer.body
        assert table.space.encode() not in answer.body
