"""A board, or all boards of a space, as one zip file: logs, states in readable form, pictures.

    board.json    the state, readable (``readable``)
    board.svg     the picture (``svg``)
    log.chain     eight bytes of the chain after each entry: they name the first change (``sealed``)
    tip.json      the latest signed tip that was known, and the key
    log.msgpack   every entry as stored, [seq, at, head, body], one after the other: the board itself
    images/…      the bytes of each picture on the board, named by their SHA-256, as far as they were at hand

Of a space with several boards each has a folder of its own (``01-<board>/``) with just these files, and
``space.json`` lists them: whoever unpacks a folder holds a whole archive of its board.

The same log and names give the same bytes on every machine: fixed times, sorted names, and no compression,
because zlib is not the same everywhere (most of a log are hashes, which don't shrink). Names in the zip are
fixed, numbers, ids or hashes in hex, so nothing of a board's content can become a path.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from tablecloth.archive.readable import readable, to_json
from tablecloth.archive.sealed import marks_of, tip_file
from tablecloth.archive.svg import draw
from tablecloth.core.board import Board, new_board
from tablecloth.core.chain import chain_next, chain_start
from tablecloth.core.edits import Entry, FoundHead
from tablecloth.core.fold import apply_entry, read_head
from tablecloth.core.room_kinds import KeyHead
from tablecloth.core.tip import Tip
from tablecloth.wire.codec import encode

STATE, PICTURE, LOG = "board.json", "board.svg", "log.msgpack"
CHAIN, TIP = "log.chain", "tip.json"
NAMES = (STATE, PICTURE, LOG, CHAIN, TIP)
IMAGES = "images/"
SPACE = "space.json"
SPACE_FORMAT, SPACE_VERSION = "tablecloth-space-archive", 1
_NO_PICTURES: Mapping[str, bytes] = {}
_NO_TIPS: Mapping[str, Tip] = {}
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
    tip: Tip | None = None,
) -> bytes:
    """The archive's bytes. ``board`` is the fold of all ``entries``; ``people`` gives names by pseudonym,
    ``pictures`` bytes by asset; ``tip``: the latest signed one that is known.
    """
    return bundle(files_of(board, list(entries), people, pictures, tip))


def files_of(
    board: Board,
    entries: Sequence[Entry],
    people: Mapping[str, str],
    pictures: Mapping[str, bytes],
    tip: Tip | None = None,
) -> dict[str, bytes]:
    """The files of one board's archive."""
    log = b"".join(encode(entry) for entry in entries)
    wanted = {asset: pictures[asset] for asset in assets_of(board) if asset in pictures}
    state, picture = to_json(readable(board, people)), draw(board, wanted).encode()
    images = {f"{IMAGES}{asset}": data for asset, data in wanted.items()}
    vouched = {} if tip is None else {TIP: tip_file(tip, _key_at(entries, tip.seq, board.key))}
    return {STATE: state, PICTURE: picture, LOG: log, CHAIN: _marks(board, entries), **vouched, **images}


def _key_at(entries: Sequence[Entry], seq: int, last: bytes) -> bytes:
    """The key in force after an entry (FOLD-132); ``last``: after all of them."""
    heads = (read_head(entry.head) for entry in entries[:seq] if entry.head[1:5] in (b"\xa3key", b"\xa5fou"))
    keys = [head.key for head in heads if isinstance(head, FoundHead | KeyHead)]
    return keys[-1] if keys else last


def _marks(board: Board, entries: Sequence[Entry]) -> bytes:
    chains = [chain_start(board.space, board.board)]
    for entry in entries:
        chains.append(chain_next(chains[-1], entry.seq, entry.at, entry.head))
    return marks_of(chains[1:])


def folder_of(place: int, board: str) -> str:
    """A board's folder; ``place`` counts from 1, so that folders stand in the space's order."""
    return f"{place:02}-{board}/"


def pack_space(
    title: str,
    boards: Sequence[tuple[Board, Sequence[Entry]]],
    people: Mapping[str, str],
    pictures: Mapping[str, bytes] = _NO_PICTURES,
    tips: Mapping[str, Tip] = _NO_TIPS,
) -> bytes:
    """The archive's bytes of a space, one board or several. As ``pack`` for one; ``tips`` by board."""
    if len(boards) == 1:
        return pack(*boards[0], people, pictures, tips.get(boards[0][0].board))
    files = {SPACE: space_listing(title, [board for board, _ in boards])}
    for place, (board, entries) in enumerate(boards, 1):
        folder = folder_of(place, board.board)
        of_board = files_of(board, entries, people, pictures, tips.get(board.board))
        files.update({folder + name: data for name, data in of_board.items()})
    return bundle(files)


def space_listing(title: str, boards: Sequence[Board]) -> bytes:
    """``space.json``: the boards of a space in its order. Only the title comes from outside the logs."""
    listed = [
        {
            "board": board.board,
            "folder": folder_of(place, board.board),
            "title": board.title,
            "seq": board.seq,
            "chain": board.chain.hex(),
        }
        for place, board in enumerate(boards, 1)
    ]
    said = {"format": SPACE_FORMAT, "version": SPACE_VERSION, "title": title, "boards": listed}
    return to_json({**said, "space": boards[0].space})


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
