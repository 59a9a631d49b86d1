"""Bytes that claim to be a picture, to the picture that is kept. Runs in a process of its own (``child``).

What comes out was drawn anew from the points alone: no place, camera, date or thumbnail (EXIF), no comments,
no second file behind the picture, no animation. It is turned as the camera said, its colours are sRGB, and
its longest side is at most ``max_side``. PNG where there is something to see through, and for drawings and
screenshots; else progressive JPEG.

Rejected: keeping what came, checked (a checker and a browser never read alike); WebP or AVIF out (archives
are to be opened in twenty years by anything).
"""

from __future__ import annotations

import io
import warnings

from PIL import (
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from tablecloth import limits

FORMATS = ("PNG", "JPEG", "WEBP")
QUALITY = 85
_FEW_COLOURS = 256
_ORIENTATION = 0x0112
_SAMPLE = 256
"""Points; a look at the middle tells a drawing from a photo."""
_SMALLER = 0.9
"""A picture whose bytes are too many is made this much smaller than their number alone would ask for."""
_PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin, TiffImagePlugin, ImageCms)
"""Everything that decoding may need: once the process may open no more files, nothing can be imported."""


class Unread(Exception):
    """Not a picture of a kind that is taken, or a broken one."""


class TooLarge(Exception):
    """More points than are taken."""


def prepare() -> None:
    """Set Pillow's own bounds (TRAPS 22). Once a process."""
    Image.MAX_IMAGE_PIXELS = limits.IMAGE_MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.preinit()


def read(data: bytes) -> tuple[str, int, int, bytes]:
    """The picture that is kept: media type, width, height, bytes. Raises Unread and TooLarge, and MemoryError
    where that bounds it.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            kept = _drawn(image)
        return _encoded(kept)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise TooLarge from None
    except (Unread, TooLarge, MemoryError):
        raise
    except Exception:  # noqa: BLE001 (each decoder raises what it meets first; TRAPS 18 is true of pictures too)
        raise Unread from None


def _drawn(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, of a size that is kept."""
    side = limits.IMAGE_MAX_SIDE
    width, height = image.size
    if width < 1 or height < 1:
        raise Unread
    if width * height > limits.IMAGE_MAX_PIXELS:
        raise TooLarge
    profile = image.info.get("icc_profile")
    turn = image.getexif().get(_ORIENTATION, 1)
    # JPEG can be read at a half or a quarter: a large photo then costs what a small one does.
    image.draft("RGB", (side, side))
    image.load()
    shown = _plain(image)
    if max(shown.size) > side:
        shown.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown = _in_srgb(shown, profile)
    return _turned(shown, turn)


def _plain(image: Image.Image) -> Image.Image:
    """As grey, RGB or RGBA, with nothing else in it."""
    see_through = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    if see_through:
        plain = image.convert("RGBA")
        if plain.getchannel("A").getextrema() == (255, 255):
            plain = plain.convert("RGB")
    elif image.mode in {"L", "1"}:
        plain = image.convert("L")
    elif image.mode.startswith("I"):
        # 16 bits of grey: the upper eight.
        plain = image.convert("I").point(lambda value: value / 256).convert("L")
    else:
        plain = image.convert("RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Colours as the camera meant them. A profile that can't be read is left out, as browsers do."""
    if not isinstance(profile, bytes) or image.mode == "L":
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        colours = image.convert("RGB")
        shown = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    if shown is None:
        return image
    if image.mode == "RGBA":
        shown.putalpha(image.getchannel("A"))
    shown.info = {}
    return shown


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF's orientations."""


def _turned(image: Image.Image, turn: object) -> Image.Image:
    how = _TURNS.get(turn) if isinstance(turn, int) else None
    return image if how is None else image.transpose(how)


def _is_drawing(image: Image.Image) -> bool:
    """Whether PNG suits it: few colours, and large even places. A grey photo has few colours too."""
    if image.getcolors(_FEW_COLOURS) is None:
        return False
    x, y = (max(0, (side - _SAMPLE) // 2) for side in image.size)
    sample = image.crop((x, y, min(image.width, x + _SAMPLE), min(image.height, y + _SAMPLE)))
    size = len(_png(sample))
    return size < 1024 or size < sample.width * sample.height / 4


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=5)
    return out.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue()


def _encoded(image: Image.Image) -> tuple[str, int, int, bytes]:
    """The bytes; if they are too many, of the picture made smaller."""
    is_png = image.mode == "RGBA" or _is_drawing(image)
    while True:
        data = _png(image) if is_png else _jpeg(image)
        most = limits.IMAGE_MAX_STORED_BYTES
        if len(data) <= most:
            return ("image/png" if is_png else "image/jpeg", image.width, image.height, data)
        scale = (most / len(data)) ** 0.5 * _SMALLER
        width, height = (max(1, int(side * scale)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)


__all__ = ["FORMATS", "TooLarge", "Unread", "prepare", "read"]
