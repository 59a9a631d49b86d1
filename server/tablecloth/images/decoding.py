"""The worker's side of reading pictures: starts ``child``, a few at a time, and believes it no more than it
must.

Whatever becomes of the child (it dies of its bounds, hangs, or says nonsense), the worker lives on, and the
person is told that the picture can't be read. What it answers is bounded and looked at: the type, the sides,
the first bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import sys
from typing import Literal

import msgspec
import structlog

from tablecloth import limits

Kind = Literal["image/png", "image/jpeg"]
_BEGINNINGS: dict[str, bytes] = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_NEEDED = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")
"""What Python needs of the environment to start. Nothing else is handed on (TRAPS 27)."""
_HEAD_BYTES = 4096
_BROKE = 1
"""What Python ends with when something was raised that nobody expected."""
_log = structlog.get_logger("images")


class Picture(msgspec.Struct, frozen=True):
    """A picture that is kept. ``asset`` is the SHA-256 of its bytes, in hex."""

    asset: str
    type: Kind
    w: int
    h: int
    data: bytes


class Unfit(Exception):
    """A picture that isn't taken. ``code``: ``picture-unread`` or ``picture-large``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Said(msgspec.Struct):
    type: Kind | None = None
    w: int = 0
    h: int = 0
    code: Literal["picture-unread", "picture-large"] | None = None


_decode = msgspec.json.Decoder(_Said).decode


class Decoding:
    """One a worker: at most ``image_decodes_at_once`` children; the others wait in order."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(limits.IMAGE_DECODES_AT_ONCE)

    async def picture(self, data: bytes) -> Picture:
        """The picture that is kept of these bytes. Raises Unfit."""
        if not data:
            raise Unfit("picture-unread")
        if len(data) > limits.IMAGE_MAX_BYTES:
            raise Unfit("picture-large")
        async with self._turns:
            answer = await _ask_child(data)
        return _checked(answer)


async def _ask_child(data: bytes) -> bytes:
    """What the child answers, nothing if it came to a bad end. It is over when this returns."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tablecloth.images.child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _NEEDED if name in os.environ},
        cwd="/",
    )
    assert child.stdin is not None
    assert child.stdout is not None
    most = limits.IMAGE_MAX_STORED_BYTES + _HEAD_BYTES
    try:
        async with asyncio.timeout(limits.IMAGE_DECODE_S):
            # A child that ended before it had read everything closes the pipe.
            with contextlib.suppress(ConnectionError):
                child.stdin.write(data)
                await child.stdin.drain()
                child.stdin.close()
            answer = bytearray()
            while len(answer) <= most and (piece := await child.stdout.read(65536)):
                answer += piece
            if not answer:
                await child.wait()
            return bytes(answer) if len(answer) <= most else b""
    except TimeoutError:
        return b""
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        # asyncio's `wait` is for the pipes too, and one that is full of what nobody reads never ends.
        while await child.stdout.read(65536):
            pass
        await child.wait()
        if child.returncode == _BROKE:
            # Not its bounds, and not the picture: this side's mistake, or Pillow isn't installed.
            _log.warning("picture_reader_broke")


def _checked(answer: bytes) -> Picture:
    head, separator, kept = answer.partition(b"\n")
    try:
        said = _decode(head)
    except (msgspec.MsgspecError, ValueError):
        raise Unfit("picture-unread") from None
    if said.code is not None:
        raise Unfit(said.code)
    sides = range(1, limits.IMAGE_MAX_SIDE + 1)
    if (
        not separator
        or said.type is None
        or said.w not in sides
        or said.h not in sides
        or not kept.startswith(_BEGINNINGS[said.type])
    ):
        raise Unfit("picture-unread")
    return Picture(hashlib.sha256(kept).hexdigest(), said.type, said.w, said.h, kept)
