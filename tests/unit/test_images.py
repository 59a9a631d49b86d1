"""Pictures: what is kept is made here, and nothing that comes in does harm (PROTOCOL-56, TRAPS 22)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageCms
from tablecloth import limits
from tablecloth.images import decoding
from tablecloth.images.decoding import Decoding, Unfit
from tablecloth.images.reading import TooLarge, Unread, prepare, read
from tablecloth.web import images as web_images

from tests.support.bare_http import request
from tests.support.chance import chance
from tests.support.house import House, open_house
from tests.support.pictures import (
    HTML,
    bomb,
    chunk,
    decoded,
    disguised,
    drawing,
    encoded,
    exif,
    photo,
    png_of,
    too_large,
)
from tests.support.plain_words import assert_plain

ROOT = Path(__file__).resolve().parents[2]
CORNERS = {1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb"}
"""Orientation, and the colours of the corners as they are to be seen: upper left, upper right, lower left,
right.
"""


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare()


def corners(image: Image.Image) -> str:
    named = {(255, 0, 0): "r", (0, 128, 0): "g", (0, 0, 255): "b", (255, 255, 255): "w"}
    plain, (w, h) = image.convert("RGB"), image.size
    places = [(1, 1), (w - 2, 1), (1, h - 2), (w - 2, h - 2)]
    seen = [plain.getpixel(place) for place in places]
    return "".join(
        min(named.items(), key=lambda item: sum(abs(a - b) for a, b in zip(item[0], one, strict=True)))[1]
        for one in seen
        if isinstance(one, tuple)
    )


class TestWhatIsKept:
    def test_photos_become_jpeg_and_drawings_png(self) -> None:
        assert read(photo(kind="PNG"))[0] == "image/jpeg"
        assert read(photo(kind="WEBP"))[0] == "image/jpeg"
        assert read(drawing(kind="PNG"))[0] == "image/png"
        assert read(encoded(Image.effect_noise((300, 300), 60), "PNG"))[0] == "image/jpeg", "a grey photo"

    def test_jpeg_is_progressive(self) -> None:
        assert decoded(read(photo())[3]).info.get("progressive")

    def test_what_can_be_seen_through_stays_so(self) -> None:
        image = Image.new("RGBA", (20, 10), (255, 0, 0, 100))
        for kind in ("PNG", "WEBP"):
            media_type, _, _, kept = read(
                encoded(image, kind, **({"lossless": True} if kind == "WEBP" else {}))
            )
            assert media_type == "image/png"
            assert decoded(kept).getpixel((5, 5)) == (255, 0, 0, 100)
        solid = Image.new("RGBA", (20, 10), (255, 0, 0, 255))
        assert decoded(read(encoded(solid, "PNG"))[3]).mode == "RGB"

    @pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16", "I"])
    def test_every_kind_of_png(self, mode: str) -> None:
        if mode.startswith("I"):
            data = encoded(Image.new("I;16", (9, 7), 60000), "PNG")
            kept = decoded(read(data)[3])
            assert kept.getpixel((3, 3)) == 60000 // 256
        else:
            kept = decoded(read(encoded(Image.new("RGB", (9, 7), "white").convert(mode), "PNG"))[3])
        assert kept.size == (9, 7)

    def test_cmyk(self) -> None:
        data = encoded(Image.new("CMYK", (9, 7), (0, 255, 255, 0)), "JPEG")
        assert corners(decoded(read(data)[3])) == "rrrr"

    @pytest.mark.parametrize("turn", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60000])
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_it_is_upright_and_says_nothing_of_the_camera(self, turn: int, kind: str) -> None:
        data = drawing(96, 64, kind=kind, exif=exif(turn))
        assert b"CANARY" in data
        _, width, height, kept = read(data)
        image = decoded(kept)
        assert (width, height) == ((64, 96) if turn in {5, 6, 7, 8} else (96, 64))
        assert corners(image) == CORNERS.get(turn, "rgbw")
        assert b"CANARY" not in kept
        assert b"52.0907" not in kept
        assert not image.getexif()

    def test_colours_are_srgb_and_the_profile_is_gone(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        image = decoded(read(photo(icc_profile=profile))[3])
        assert "icc_profile" not in image.info
        broken = decoded(read(drawing(icc_profile=b"no profile at all" * 9))[3])
        assert corners(broken) == "rgbw"

    def test_comments_and_what_hangs_on_behind_are_gone(self) -> None:
        text = chunk(b"tEXt", b"Comment\0CANARY")
        data = drawing()
        for carrier in (
            data[:33] + text + data[33:],
            data + b"PK\x03\x04CANARY" + HTML,
            photo(comment=b"CANARY") + HTML + b"CANARY",
        ):
            assert b"CANARY" in carrier
            kept = read(carrier)[3]
            assert b"CANARY" not in kept
            assert b"<script>" not in kept

    def test_of_what_moves_the_first_picture(self) -> None:
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
        for kind in ("WEBP", "PNG"):
            moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
            image = decoded(read(moving)[3])
            assert getattr(image, "n_frames", 1) == 1
            assert corners(image) == "rrrr"

    def test_a_long_side_is_made_shorter(self) -> None:
        _, width, height, kept = read(photo(9000, 300))
        assert (width, height) == (limits.IMAGE_MAX_SIDE, round(limits.IMAGE_MAX_SIDE * 300 / 9000))
        assert decoded(kept).size == (width, height)
        assert read(drawing(1, 9000))[1:3] == (1, limits.IMAGE_MAX_SIDE)

    def test_many_bytes_are_made_fewer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "IMAGE_MAX_STORED_BYTES", 20_000)
        see_through = Image.merge("RGBA", [Image.effect_noise((300, 200), 60) for _ in range(4)])
        for data in (photo(600, 400), encoded(see_through, "PNG")):
            _, width, height, kept = read(data)
            assert len(kept) <= 20_000
            assert 1.4 < width / height < 1.6

    def test_the_same_picture_gives_the_same_bytes(self) -> None:
        data = photo()
        assert read(data) == read(data)


class TestWhatIsNot:
    @pytest.mark.parametrize("name", list(disguised()))
    def test_is_not_read(self, name: str) -> None:
        with pytest.raises(Unread):
            read(disguised()[name])

    @pytest.mark.parametrize("name", list(too_large()))
    def test_is_too_large(self, name: str) -> None:
        with pytest.raises(TooLarge):
            read(too_large()[name])

    def test_words_that_swell(self) -> None:
        swelling = chunk(b"zTXt", b"Comment\0\0" + __import__("zlib").compress(bytes(200_000_000), 9))
        data = png_of(4, 4, b"", 8, 2, swelling)
        with pytest.raises(Unread):
            read(data)

    def test_hundreds_of_mutations_in_bounds(self) -> None:
        rng, _ = chance("mutated pictures")
        seed = rng.randrange(2**32)
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        said = subprocess.run(
            [sys.executable, "-m", "tests.support.read_pictures", str(seed), "600"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert said.returncode == 0, said.stderr[-2000:]
        counts = dict(part.split("=") for part in said.stdout.split())
        assert sum(map(int, counts.values())) == 600
        assert int(counts["Unread"]) > 100
        assert int(counts["read"]) > 20, "some are still pictures"


async def unfit(data: bytes) -> str:
    with pytest.raises(Unfit) as problem:
        await Decoding().picture(data)
    return problem.value.code


class TestChild:
    async def test_a_picture_and_its_name(self) -> None:
        picture = await Decoding().picture(drawing())
        assert picture.asset == hashlib.sha256(picture.data).hexdigest()
        assert (picture.type, picture.w, picture.h) == ("image/png", 64, 48)

    async def test_what_is_none(self) -> None:
        assert await unfit(b"") == "picture-unread"
        assert await unfit(HTML) == "picture-unread"
        assert await unfit(bytes(limits.IMAGE_MAX_BYTES + 1)) == "picture-large"
        assert await unfit(bomb(9_000, 6_000)) == "picture-large"

    async def test_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _play(monkeypatch, tmp_path, "kept = bytearray(2_000_000_000)")
        assert await unfit(drawing()) == "picture-unread"

    async def test_cpu_is_bounded(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _play(
            monkeypatch,
            tmp_path,
            "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
        )
        assert await unfit(drawing()) == "picture-unread"

    async def test_time_is_bounded(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(limits, "IMAGE_DECODE_S", 0.3)
        _play(monkeypatch, tmp_path, "import signal\nsignal.pause()")
        assert await unfit(drawing()) == "picture-unread"

    @pytest.mark.parametrize(
        "deed",
        [
            "open('/etc/hostname').read()",
            "import socket; socket.socket()",
            "import os; os.pipe()",
            "import subprocess; subprocess.run(['true'])",
        ],
    )
    async def test_nothing_more_can_be_opened(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deed: str
    ) -> None:
        """A deed that works is told by a picture; one that doesn't, by none."""
        honest = "import sys\nfrom tests_tell import tell\n"
        _play(monkeypatch, tmp_path, f"{honest}{deed}\ntell()", is_bound=False)
        assert (await Decoding().picture(drawing())).w == 1
        _play(monkeypatch, tmp_path, f"{honest}{deed}\ntell()")
        assert await unfit(drawing()) == "picture-unread"

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"{}",
            b"{}\n",
            b'{"type": "image/svg+xml", "w": 1, "h": 1}\n<svg/>',
            b'{"type": "image/png", "w": 1, "h": 1}\n<html>',
            b'{"type": "image/png", "w": 0, "h": 1}\n\x89PNG\r\n\x1a\n',
            b'{"type": "image/png", "w": 99999, "h": 1}\n\x89PNG\r\n\x1a\n',
            b'{"type": "image/jpeg", "w": 1, "h": 1}\n\x89PNG\r\n\x1a\n',
            b'{"code": "something-else"}\n',
            b"[" * 5000,
            b"\xff" * 100,
        ],
        ids=lambda answer: repr(answer[:40]),
    )
    async def test_nonsense_from_it_is_no_picture(
        self, monkeypatch: pytest.MonkeyPatch, answer: bytes
    ) -> None:
        async def says(_: bytes) -> bytes:
            return answer

        monkeypatch.setattr(decoding, "_ask_child", says)
        assert await unfit(drawing()) == "picture-unread"

    async def test_endless_answers_are_cut(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _play(monkeypatch, tmp_path, "import os\nwhile True: os.write(1, bytes(65536))")
        assert await unfit(drawing()) == "picture-unread"

    async def test_they_are_cut_by_a_busy_worker_too(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """All between the two is full when it is cut; nothing may wait for somebody to empty it."""
        _play(monkeypatch, tmp_path, "import os\nwhile True: os.write(1, bytes(65536))")
        monkeypatch.setattr(limits, "IMAGE_MAX_STORED_BYTES", 1)
        read = asyncio.StreamReader.read

        async def late(reader: asyncio.StreamReader, most: int = -1) -> bytes:
            piece = await read(reader, most)
            await asyncio.sleep(0.1)  # not waiting: this is the lateness that is tried
            return piece

        monkeypatch.setattr(asyncio.StreamReader, "read", late)
        assert await unfit(drawing()) == "picture-unread"

    async def test_it_knows_nothing_of_the_server(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("TABLECLOTH_CANARY", "CANARY")
        told = "import os, sys\nfrom tests_tell import tell\n'CANARY' in str(os.environ) or tell()"
        _play(monkeypatch, tmp_path, told, is_bound=False)
        assert (await Decoding().picture(drawing())).w == 1


def _play(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str, *, is_bound: bool = True) -> None:
    """Let a decoder that was taken over do this, in place of reading."""
    pixel = decoding_pixel()
    folder.joinpath("tests_tell.py").write_text(
        "import sys\ndef tell():\n"
        ' sys.stdout.buffer.write(b\'{"type": "image/png", "w": 1, "h": 1}\\n\' + ' + repr(pixel) + ")\n"
    )
    bound = "import subprocess, socket, tests_tell\nchild._bound()\n" if is_bound else ""
    folder.joinpath("sitecustomize.py").write_text(
        "import sys\n"
        "if 'tablecloth.images.child' in sys.orig_argv:\n"
        " sys.dont_write_bytecode = True\n"
        " from tablecloth.images import child\n"
        + "".join(f" {line}\n" for line in f"{bound}{code}".splitlines())
        + " sys.stdout.flush()\n import os; os._exit(0)\n"
    )
    here = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT / "server"), here]))


def decoding_pixel() -> bytes:
    return encoded(Image.new("RGB", (1, 1)), "PNG")


# --- over HTTP ----------------------------------------------------------------------------------------------


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with open_house() as house:
        yield house


class Space:
    """A space and its two links' secrets."""

    def __init__(self, house: House, begun: dict[str, Any]) -> None:
        self.house = house
        self.id = begun["id"]
        self.edit = begun["edit_link"].partition("#")[2]
        self.view = begun["view_link"].partition("#")[2]

    async def put(self, data: bytes, kind: str = "image/png", secret: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret or self.edit}", "Content-Type": kind}
        return await self.house.client.post(f"/api/spaces/{self.id}/images", content=data, headers=headers)

    async def get(self, asset: str, secret: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret or self.edit}"}
        return await self.house.get(f"/api/spaces/{self.id}/images/{asset}", headers=headers)


@pytest.fixture
async def space(house: House) -> Space:
    return Space(house, await house.begin())


def told(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert_plain(answer.json()["words"], code)


class TestHttp:
    async def test_protocol_56_a_picture_there_and_back(self, space: Space) -> None:
        answer = await space.put(drawing())
        assert answer.status_code == 201
        seen = answer.json()
        assert set(seen) == {"asset", "w", "h", "type", "bytes"}
        for secret in (space.edit, space.view):
            got = await space.get(seen["asset"], secret)
            assert got.status_code == 200
            assert hashlib.sha256(got.content).hexdigest() == seen["asset"]
            assert len(got.content) == seen["bytes"]
            assert decoded(got.content).size == (seen["w"], seen["h"]) == (64, 48)

    async def test_its_answer_is_a_picture_and_nothing_else(self, space: Space) -> None:
        asset = (await space.put(photo(), "image/jpeg")).json()["asset"]
        headers = (await space.get(asset)).headers
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Content-Disposition"] == 'inline; filename="picture.jpg"'
        assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert headers["Vary"] == "Authorization"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"

    async def test_the_same_picture_is_kept_once(self, space: Space) -> None:
        answers = [await space.put(drawing()) for _ in range(3)]
        assert len({answer.content for answer in answers}) == 1
        assert len(space.house.store._images[space.id]) == 1

    async def test_who_may_bring_and_who_may_look(self, house: House, space: Space) -> None:
        told(await space.put(drawing(), secret=space.view), 403, "view-only")
        told(await space.put(drawing(), secret="x" * 43), 404, "no-such-link")
        asset = (await space.put(drawing())).json()["asset"]
        told(await space.get(asset, "x" * 43), 404, "no-such-link")
        other = Space(house, await house.begin())
        told(await other.get(asset), 404, "no-such-picture")
        bare = await house.get(f"/api/spaces/{space.id}/images/{asset}")
        told(bare, 404, "no-such-link")

    async def test_a_foreign_page_brings_nothing(self, space: Space) -> None:
        headers = {"Authorization": f"Bearer {space.edit}", "Origin": "http://evil.example"}
        answer = await space.house.client.post(
            f"/api/spaces/{space.id}/images", content=drawing(), headers=headers
        )
        told(answer, 403, "foreign-origin")

    @pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "image/gif", "multipart/form-data", "x"])
    async def test_what_says_that_it_is_something_else(self, space: Space, kind: str) -> None:
        told(await space.put(drawing(), kind), 415, "picture-unread")

    @pytest.mark.parametrize("kind", ["image/jpeg", "IMAGE/PNG; charset=x", "application/octet-stream", ""])
    async def test_what_it_holds_is_seen_not_believed(self, space: Space, kind: str) -> None:
        answer = await space.put(drawing(), kind)
        assert answer.json()["type"] == "image/png"

    async def test_what_is_no_picture(self, space: Space) -> None:
        for name in ("svg", "gif", "html", "png cut in the middle", "0 × 0"):
            told(await space.put(disguised()[name]), 415, "picture-unread")
        told(await space.put(bomb(9_000, 6_000)), 413, "picture-large")
        assert space.id not in space.house.store._images

    async def test_a_body_that_is_too_large(self, space: Space) -> None:
        told(await space.put(bytes(limits.IMAGE_MAX_BYTES + 1)), 413, "picture-large")
        answer = await request(
            space.house.http, "POST", f"/api/spaces/{space.id}/images", {"Content-Length": "9" * 400}
        )
        assert answer.status in {400, 413}

    async def test_only_the_address_of_pictures_takes_so_much(self, space: Space) -> None:
        for path in ("/api/spaces", f"/api/spaces/{space.id}/boards", "/api/spaces/a/images/b"):
            answer = await space.house.client.post(path, content=bytes(limits.SPACE_MAX_BODY_BYTES + 1))
            told(answer, 413, "too-large")

    @pytest.mark.parametrize("asset", ["a" * 63, "A" * 64, "g" * 64, "a" * 64, "%2e%2e", "a" * 64 + "%0a"])
    async def test_pictures_that_are_not_there(self, space: Space, asset: str) -> None:
        answer = await space.get(asset)
        assert answer.status_code == 404
        assert answer.json()["code"] in {"no-such-picture", "not-found"}

    async def test_a_space_has_an_end(self, space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "IMAGE_SPACE_PICTURES", 2)
        for side in (10, 12):
            assert (await space.put(drawing(side, side))).status_code == 201
        told(await space.put(drawing(14, 14)), 409, "pictures-full")
        assert (await space.put(drawing(10, 10))).status_code == 201, "it is there"
        monkeypatch.setattr(limits, "IMAGE_SPACE_PICTURES", 9)
        monkeypatch.setattr(limits, "IMAGE_SPACE_BYTES", 10)
        told(await space.put(drawing(14, 14)), 409, "pictures-full")

    async def test_so_many_a_minute(self, space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "IMAGE_PER_MINUTE", 2)
        answers = [await space.put(HTML) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [415, 415, 429]
        assert answers[-1].headers["Retry-After"]

    async def test_a_body_that_trickles(self, space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "IMAGE_UPLOAD_S", 0.1)

        reader, writer = await asyncio.open_connection("127.0.0.1", space.house.port)
        head = f"POST /api/spaces/{space.id}/images HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
        writer.write(f"{head}Authorization: Bearer {space.edit}\r\n\r\n".encode() + b"\x89PNG")
        answer = (await reader.readuntil(b"}")).decode()
        writer.close()
        assert answer.startswith("HTTP/1.1 408")
        assert '"too-slow"' in answer

    async def test_the_store_is_away(self, space: Space) -> None:
        asset = (await space.put(drawing())).json()["asset"]
        space.house.store.trouble = "away"
        told(await space.get(asset), 503, "away")
        told(await space.put(drawing(20, 20)), 503, "away")

    async def test_many_at_once_and_the_worker_lives(self, space: Space) -> None:
        bad = list(disguised().values())[:8]
        answers = await asyncio.gather(*(space.put(data) for data in (*bad, drawing(), photo())))
        assert {answer.status_code for answer in answers} <= {201, 415, 429}
        assert (await space.house.get("/healthz")).status_code == 200
        assert space.house.worker is not None
        assert web_images.TYPES
