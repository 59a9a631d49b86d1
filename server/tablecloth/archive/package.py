"""A board as one zip file: its log, its state in readable form, its picture.

    board.json    the state, readable (``readable``)
    board.svg     the picture (``svg``)
    log.msgpack   every entry as stored, [seq, at, head, body], one after the other: the board itself
    images/…      the bytes of each picture on the board, named by their SHA-256, as far as they were at hand

The same log and names give the same bytes on every machine: fixed times, sorted names, and no compression,
because zlib is not the same everywhere (most of a log are hashes, which don't shrink). Names in the zip are
fixed or hashes in hex, so nothing of a board's content can become a path.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from tablecloth.archive.readable import readable, to_json
from tablecloth.archive.svg import draw
from tablecloth.core.board import Board, new_board
from tablecloth.core.edits import Entry
from tablecloth.core.fold import apply_entry
from tablecloth.wire.codec import encode

STATE, PICTURE, LOG = "board.json", "board.svg", "log.msgpack"
NAMES = (STATE, PICTURE, LOG)
IMAGES = "images/"
_NO_PICTURES: Mapping[str, bytes] = {}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def fold_all(space: str, board: str, entries: Iterable[Entry]) -> Board:
    """The board that entries 1, 2, 3… make. Raises ValueError if one is missing."""
    folded = new_board(space, board)
    for entry in entries:
        apply_entry(folded, entry)
    return folded


def pack(
    board: Board,
    entries: Iterable[Entry],
    people: Mapping[str, str],
    pictures: Mapping[str, bytes] = _NO_PICTURES,
) -> bytes:
    """The archive's bytes. ``board`` is the fold of all ``entries``; ``people`` gives names by pseudonym,
    ``pictures`` bytes by asset.
    """
    log = b"".join(encode(entry) for entry in entries)
    wanted = {asset: pictures[asset] for asset in assets_of(board) if asset in pictures}
    state, picture = to_json(readable(board, people)), draw(board, wanted).encode()
    images = {f"{IMAGES}{asset}": data for asset, data in wanted.items()}
    return bundle({STATE: state, PICTURE: picture, LOG: log, **images})


def assets_of(board: Board) -> list[str]:
    """The pictures that a board shows, those in the margin included, each once and sorted."""
    shown = {str(element.prop("asset")) for element in board.elements.values() if element.type == "image"}
    return sorted(shown - {""})


def bundle(files: Mapping[str, bytes]) -> bytes:
    """A zip of ``files`` that depends on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, files[name])
    return out.getvalue()
