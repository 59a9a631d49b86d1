"""Pictures for tests: good ones, and what claims to be one."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    """A file as a picture, wholly read."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def photo(width: int = 64, height: int = 48, kind: str = "JPEG", **options: Any) -> bytes:
    """Something with many colours."""
    noise = [Image.effect_noise((width, height), 60) for _ in range(3)]
    return encoded(Image.merge("RGB", noise), kind, **options)


def drawing(width: int = 64, height: int = 48, mode: str = "RGB", kind: str = "PNG", **options: Any) -> bytes:
    """Four corners of four colours: the upper left is red, then green, blue and white."""
    image = Image.new(mode, (width, height), "white")
    half = (width // 2, height // 2)
    image.paste("red", (0, 0, *half))
    image.paste("green", (half[0], 0, width, half[1]))
    image.paste("blue", (0, half[1], half[0], height))
    return encoded(image, kind, **options)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, data: bytes, depth: int = 8, colour: int = 2, *more: bytes) -> bytes:
    """A PNG that claims sides, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few KB that swells to all of its points."""
    packer = zlib.compressobj(9)
    line = bytes(1 + width * 3)
    return png_of(width, height, b"".join(packer.compress(line) for _ in range(height)) + packer.flush())


def exif(orientation: int = 1, place: str = "52.0907 N 5.1214 E") -> bytes:
    """What a camera writes: how it was held, who it is, and where."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "CANARY-CAMERA"
    data[0x010E] = place
    written: bytes = data.tobytes()
    return written


def disguised() -> dict[str, bytes]:
    """What is no picture of the kinds that are taken, or is broken."""
    good_png, good_jpeg = drawing(), photo()
    return {
        "nothing but zeros": bytes(4096),
        "words": b"This is not a picture." * 20,
        "svg": SVG,
        "svg behind a png's beginning": b"\x89PNG\r\n\x1a\n" + SVG,
        "html": HTML,
        "html with a jpeg's beginning": b"\xff\xd8\xff\xe0" + HTML * 50,
        "gif": encoded(Image.new("P", (4, 4)), "GIF"),
        "bmp": encoded(Image.new("RGB", (4, 4)), "BMP"),
        "tiff": encoded(Image.new("RGB", (4, 4)), "TIFF"),
        "icon": encoded(Image.new("RGB", (16, 16)), "ICO"),
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run",
        "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
        "zip": b"PK\x03\x04" + bytes(60),
        "pickle": b"\x80\x04\x95\x10" + bytes(30),
        "png cut in its header": good_png[:20],
        "png cut in the middle": good_png[: len(good_png) // 2],
        "jpeg cut in the middle": good_jpeg[: len(good_jpeg) // 2],
        "webp cut": encoded(Image.new("RGB", (64, 64)), "WEBP")[:40],
        "0 × 0": png_of(0, 0, zlib.compress(b"")),
        "0 × 10": png_of(0, 10, zlib.compress(bytes(10))),
        "a depth that there is not": png_of(4, 4, zlib.compress(bytes(64)), depth=3),
        "a colour that there is not": png_of(4, 4, zlib.compress(bytes(64)), colour=5),
        "a chunk of 4 GiB": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + bytes(40),
        "data that does not unpack": png_of(64, 64, b"\x78\x9c" + bytes(64)),
        "a checksum that is wrong": good_png[:30] + bytes([good_png[30] ^ 255]) + good_png[31:],
        "jpeg with a dimension of 0": good_jpeg.replace(struct.pack(">HH", 48, 64), bytes(4), 1),
    }


def too_large() -> dict[str, bytes]:
    """More points than are taken, in few bytes."""
    return {
        "a claim of 2^31 × 2^31": png_of(2**31 - 1, 2**31 - 1, zlib.compress(bytes(64))),
        "a claim of 65,535 × 65,535": png_of(65_535, 65_535, zlib.compress(bytes(64))),
        "a claim just above": png_of(10_000, 5_001, zlib.compress(bytes(64))),
        "a bomb": bomb(9_000, 6_000),
    }


def mutated(rng: random.Random) -> bytes:
    """A good picture with something wrong in it; where most of the meaning is, rather near the beginning."""
    kind = rng.choice(["PNG", "JPEG", "WEBP"])
    options: dict[str, Any] = {"exif": exif(rng.randrange(0, 12))} if rng.random() < 0.5 else {}
    if kind == "JPEG" and rng.random() < 0.3:
        options["progressive"] = True
    width, height = rng.randrange(1, 40), rng.randrange(1, 40)
    if rng.random() < 0.5:
        good = drawing(width, height, kind=kind, **options)
    else:
        good = photo(width, height, kind=kind, **options)
    data = bytearray(good)
    for _ in range(rng.randrange(1, 9)):
        place = min(int(rng.expovariate(6 / len(data))), len(data) - 1)
        match rng.randrange(5):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                data[place : place + 4] = rng.choice([b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"])
            case 2:
                del data[place : place + rng.randrange(1, 64)]
            case 3:
                data[place:place] = rng.randbytes(rng.randrange(1, 64))
            case _:
                data[place:place] = data[: rng.randrange(1, 200)]
        if not data:
            return b""
    return bytes(data)
