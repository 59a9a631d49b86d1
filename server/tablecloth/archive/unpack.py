"""Reading an archive that may come from anybody (TRAPS 23): nothing is unpacked to disk, and nothing is
believed.

What the zip's own headers say of sizes is not trusted: members are read piece by piece, and reading stops at
the limits. Names are only ever compared with those that belong and the forms of a folder and a picture; a
name that leads out of the archive, a link, a second member of the same name, a password or an exotic
compression are each a reason to stop.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tablecloth.archive.package import IMAGES, NAMES, SPACE

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_MEMBERS = 4096
MAX_RATIO = 200
_MAX_DIRECTORY_BYTES = 1024 * 1024
_RATIO_FROM_BYTES = 1024 * 1024
_PIECE = 64 * 1024
_FOLDER = re.compile(r"(?P<folder>[0-9]{2}-[A-Za-z0-9_-]{8,32}/)?(?P<rest>.*)", re.DOTALL)
_IMAGE = re.compile(rf"{IMAGES}[0-9a-f]{{64}}")
_END = struct.Struct("<4s4H2LH")


class Unreadable(Exception):
    """An archive, or a part of it, that is not read any further. The text is a whole sentence in plain
    words.
    """


class Unpacking:
    """The members of one archive; ``read`` counts against the limits for all of them together."""

    def __init__(
        self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], whole: Unpacking | None = None
    ) -> None:
        self._archive = archive
        self._members = members
        self._whole = whole or self
        self._total = 0

    def read(self, name: str) -> Iterator[bytes]:
        """The content of a member, piece by piece. Raises Unreadable."""
        info = self._members.get(name)
        if info is None:
            raise Unreadable(f"{name} is missing.")
        got = 0
        try:
            with self._archive.open(info) as member:
                while piece := member.read(_PIECE):
                    got += len(piece)
                    self._whole._total += len(piece)
                    if self._whole._total > MAX_TOTAL_BYTES:
                        raise Unreadable(f"{name} is larger than an archive can be.")
                    if got > _RATIO_FROM_BYTES and got > MAX_RATIO * max(1, info.compress_size):
                        raise Unreadable(f"{name} swells too much when it is unpacked.")
                    yield piece
        except Unreadable:
            raise
        except Exception:  # noqa: BLE001 (bad headers raise whatever they meet first inside zipfile)
            raise Unreadable(f"{name} was damaged: its bytes don't fit its own checksum.") from None

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    @property
    def images(self) -> list[str]:
        """The names of the pictures in it."""
        return sorted(name for name in self._members if name not in NAMES)

    @property
    def is_of_space(self) -> bool:
        """Whether it says that it holds several boards."""
        return SPACE in self._members

    @property
    def folders(self) -> list[str]:
        """The folders of its boards in their order, with ``""`` for what lies in none."""
        return sorted({_folder_in(name) for name in self._members if name != SPACE})

    def within(self, folder: str) -> Unpacking:
        """What lies in a folder, as an archive of its own; all count against the same limits."""
        here = {
            name.removeprefix(folder): info
            for name, info in self._members.items()
            if name != SPACE and _folder_in(name) == folder
        }
        return Unpacking(self._archive, here, self._whole)

    def whole(self, name: str) -> bytes:
        """The same at once."""
        return b"".join(self.read(name))


def _folder_in(name: str) -> str:
    parts = _FOLDER.fullmatch(name)
    assert parts is not None
    return parts["folder"] or ""


@contextmanager
def unpacking(file: IO[bytes]) -> Iterator[Unpacking]:
    """Look into an archive. Raises Unreadable."""
    _look_at_end(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeDecodeError):
        raise Unreadable("This is not an archive, or it was cut short.") from None
    with archive:
        yield Unpacking(archive, _members(archive.infolist()))


def _look_at_end(file: IO[bytes]) -> None:
    """Bound the list of members before ``zipfile`` reads all of it."""
    file.seek(0, 2)
    size = file.tell()
    if size > MAX_FILE_BYTES:
        raise Unreadable("This file is larger than an archive can be.")
    file.seek(max(0, size - 65_557))
    tail = file.read(65_557)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Unreadable("This is not an archive, or it was cut short.")
    _, _, _, _, count, directory, _, _ = _END.unpack_from(tail, place)
    if count > MAX_MEMBERS or directory > _MAX_DIRECTORY_BYTES or b"PK\x06\x07" in tail[:place]:
        raise Unreadable("There are far too many files in this archive.")
    file.seek(0)


def _belongs(name: str) -> bool:
    parts = _FOLDER.fullmatch(name)
    assert parts is not None
    return parts["rest"] in NAMES or _IMAGE.fullmatch(parts["rest"]) is not None


def _members(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MAX_MEMBERS:
        raise Unreadable("There are far too many files in this archive.")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.orig_filename
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name:
            raise Unreadable("A file in this archive has a name that leads out of it.")
        mode = info.external_attr >> 16
        if stat.S_ISLNK(mode) or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
            raise Unreadable("There is a link in this archive instead of a file.")
        if name != SPACE and not _belongs(name):
            raise Unreadable(f"There is something in this archive that doesn't belong: {name[:80]!r}.")
        if name in members:
            raise Unreadable(f"{name} is there twice.")
        if info.flag_bits & 0x1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unreadable(f"{name} is packed in a way that is not read here.")
        members[name] = info
    return members
