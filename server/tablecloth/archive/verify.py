"""Does an archive say what its log says? The log is folded anew; chain, bodies, state and picture are held
against it.

Found: any entry that was changed, left out, added or moved against the chains that were packed with it, the
signed tip, a seal that somebody noted or another copy; any body that is not the one its head was written
with; any part of the state or the picture that the log doesn't give. Not found: an archive that was made up
as a whole, under another key, if nothing was noted on that day. Names stand beside the log: nothing vouches
for them, and that is said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import msgpack

from tablecloth.archive.against import described, differences
from tablecloth.archive.package import (
    CHAIN,
    IMAGES,
    LOG,
    PICTURE,
    SPACE,
    STATE,
    TIP,
    assets_of,
    bundle,
    files_of,
    space_listing,
)
from tablecloth.archive.readable import FORMAT, VERSION, authors_of, readable, to_json
from tablecloth.archive.sealed import (
    Places,
    Sealing,
    find_seal,
    first_other,
    read_tip_file,
    tip_faults,
)
from tablecloth.archive.svg import draw
from tablecloth.archive.unpack import MAX_FILE_BYTES, Unpacking, Unreadable, unpacking
from tablecloth.archive.withdrawals import foreign_letters
from tablecloth.core.board import Board, new_board
from tablecloth.core.chain import body_hash
from tablecloth.core.edits import Entry, FoundHead
from tablecloth.core.fold import apply_read, read_head
from tablecloth.core.room_kinds import KeyHead
from tablecloth.core.rules import words_fit
from tablecloth.core.seal import Seal
from tablecloth.core.tip import Tip
from tablecloth.wire.limits import MAX_NAME

MAX_ENTRIES = 5_000_000
_MAX_ENTRY_BYTES = 512 * 1024
_MOST_TOLD = 20
_EARLIER = frozenset({1, 2})


@dataclass(slots=True)
class Report:
    """What was found. ``is_good``: everything fits together. Sentences in plain words."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    board: Board | None = None
    entries: int = 0
    withheld: int = 0
    met_tip: bool = False
    tip: Tip | None = None
    """The signed tip that vouches for it, if there is one."""
    sealing: Sealing | None = None
    """Where the seal that was noted was found."""
    log: list[Entry] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    parts: list[Report] = field(default_factory=list)
    """Of a space with several boards: what was found of each, in order."""

    @property
    def is_good(self) -> bool:
        return not self.faults and (self.board is not None or bool(self.parts))

    @property
    def boards(self) -> list[Report]:
        """What was found of each board."""
        return self.parts or [self]


def verify(
    file: IO[bytes],
    tip: tuple[int, str] | None = None,
    seal: Seal | str | None = None,
    against: Report | None = None,
) -> Report:
    """Check an archive. Never raises for what a file holds.

    ``tip``: a (seq, chain in hex) that somebody noted; it must be in this log. ``seal``: a noted seal, as
    ``read_code`` or ``read_phrase`` gives it. ``against``: what was found in another copy.
    """
    report = Report()
    try:
        with unpacking(file) as archive:
            check = _check_space if archive.is_of_space else _check_board
            files = check(archive, report, tip)
            if tip is not None and not report.met_tip:
                report.faults.append(f"The log does not hold the place that you noted: {tip[0]} {tip[1]}.")
            if seal is not None:
                _check_seal(report, seal)
            if against is not None:
                _check_against(report, against)
            if report.is_good and files is not None and bundle(files) != _whole(file):
                report.notes.append(
                    "The archive was packed anew by something else. What is inside was checked."
                )
    except Unreadable as unreadable:
        report.faults.append(str(unreadable))
    return report


def _check_board(archive: Unpacking, report: Report, tip: tuple[int, str] | None) -> dict[str, bytes] | None:
    """Check one board; what its files should be, None where that isn't known."""
    strangers = [folder for folder in archive.folders if folder]
    if strangers:
        raise Unreadable(f"There is a folder without a list of the boards: {strangers[0]}.")
    kept = _check_log(archive, report, tip)
    assert report.board is not None
    _check_vouched(archive, report, report.board)
    people = _check_state(archive, report, report.board)
    if people is None:
        return None
    pictures = _pictures(archive, report, report.board)
    _check_picture(archive, report, report.board, pictures)
    if people:
        report.notes.append("Names stand beside the record: it says who wrote, not what they are called.")
    files = files_of(report.board, kept, people, pictures, report.tip)
    return {name: data for name, data in files.items() if name != CHAIN or archive.has(CHAIN)}


def _check_space(archive: Unpacking, report: Report, tip: tuple[int, str] | None) -> dict[str, bytes] | None:
    """Check every board of a space, each in its folder, and the list of them."""
    files: dict[str, bytes] | None = {}
    for folder in archive.folders:
        part = Report()
        try:
            if not folder:
                raise Unreadable("It lies beside the boards' folders.")
            of_board = _check_board(archive.within(folder), part, tip)
            if files is None or of_board is None:
                files = None
            else:
                files.update({folder + name: data for name, data in of_board.items()})
        except Unreadable as unreadable:
            part.faults.append(str(unreadable))
        report.parts.append(part)
        report.faults.extend(f"{folder}: {fault}" for fault in part.faults)
        report.notes.extend(f"{folder}: {note}" for note in part.notes)
        report.entries += part.entries
        report.withheld += part.withheld
        report.met_tip = report.met_tip or part.met_tip
    listing = _check_listing(archive, report)
    return {**files, SPACE: listing} if files is not None else None


def _check_listing(archive: Unpacking, report: Report) -> bytes:
    """Hold ``space.json`` against the boards; only the space's title can't be vouched for."""
    found = archive.whole(SPACE)
    boards = [part.board for part in report.parts if part.board is not None]
    try:
        said = json.loads(found)
    except (ValueError, RecursionError):
        raise Unreadable(f"{SPACE} can't be read.") from None
    title = said.get("title") if isinstance(said, dict) else None
    if not boards or not isinstance(title, str) or found != space_listing(title, boards):
        report.faults.append(f"{SPACE} does not list the boards that are there.")
    if len({board.space for board in boards}) > 1:
        report.faults.append("The boards are not of one space.")
    return found


# --- the log ----------------------------------------------------------------------------------------------


def _entries(archive: Unpacking) -> Iterator[Entry]:
    """The log's entries, read in pieces. msgpack's limits keep claims from becoming memory (TRAPS 18)."""
    unpacker = msgpack.Unpacker(
        max_buffer_size=MAX_FILE_BYTES,
        max_array_len=4,
        max_map_len=0,
        max_str_len=0,
        max_bin_len=_MAX_ENTRY_BYTES,
        max_ext_len=0,
    )
    count = got = 0
    for piece in archive.read(LOG):
        got += len(piece)
        unpacker.feed(piece)
        try:
            for raw in unpacker:
                count += 1
                if count > MAX_ENTRIES:
                    raise Unreadable("The log holds more entries than can be checked.")
                yield _entry(raw, count)
        except Unreadable:
            raise
        except Exception:  # noqa: BLE001 (TRAPS 18: each kind of bad bytes raises something of its own)
            raise Unreadable(f"The log can't be read after entry {count}.") from None
    if unpacker.tell() != got:
        raise Unreadable(f"The log is cut short after entry {count}.")


def _entry(raw: Any, count: int) -> Entry:
    match raw:
        case [int(seq), int(at), bytes(head), bytes() | None as body] if seq >= 1 and 0 <= at < 2**53:
            return Entry(seq, at, head, body)
        case _:
            raise Unreadable(f"Entry {count} of the log is no entry.")


def _check_log(archive: Unpacking, report: Report, tip: tuple[int, str] | None) -> list[Entry]:
    kept: list[Entry] = []
    board: Board | None = None
    for entry in _entries(archive):
        head = read_head(entry.head)
        if board is None:
            if not isinstance(head, FoundHead):
                raise Unreadable("The log doesn't begin with the founding of a board.")
            board = new_board(head.space, head.board)
        if entry.seq != board.seq + 1:
            raise Unreadable(
                f"After entry {board.seq} comes entry {entry.seq}: something is missing or in another place."
            )
        if entry.at < board.at:
            report.faults.append(f"Entry {entry.seq} is older than the one before it.")
        _check_body(entry, head, report)
        apply_read(board, entry, head)
        if isinstance(head, KeyHead):
            report.notes.append(f"From entry {entry.seq} on another server vouches, under a key of its own.")
        kept.append(entry)
        report.places.note(board)
        report.met_tip = report.met_tip or (board.seq, board.chain.hex()) == tip
    if board is None:
        raise Unreadable("The log is empty.")
    report.board, report.entries, report.log = board, len(kept), kept
    report.faults += [
        f"Entry {seq} takes back words of somebody else: a server did that, no rule."
        for seq in foreign_letters(board.space, board.board, kept)
    ]
    return kept


def _check_vouched(archive: Unpacking, report: Report, board: Board) -> None:
    """Hold the log against the chains that were packed with it, and against its signed tip."""
    if archive.has(CHAIN):
        other = first_other(report.places, archive.whole(CHAIN))
        if other is not None and other <= len(report.log):
            which = described(report.log[other - 1], {})
            report.faults.append(f"The first that was changed or put in is {which}.")
        elif other is not None:
            report.faults.append(f"The end is missing, from entry {other} on.")
    if not archive.has(TIP):
        report.notes.append("There is no signature in it: compare the tip or the seal.")
        return
    read = read_tip_file(archive.whole(TIP))
    if read is None:
        report.faults.append(f"{TIP} can't be read.")
        return
    tip, key = read
    report.faults.extend(tip_faults(board.space, board.board, report.places, tip, key))
    report.tip = tip
    if tip.seq < board.seq:
        left = board.seq - tip.seq
        report.notes.append(f"{'1 entry' if left == 1 else f'{left} entries'} came after the last signature.")


def _check_seal(report: Report, seal: Seal | str) -> None:
    """Look for a noted seal in any of the boards."""
    found = False
    for part in report.boards:
        if part.board is None:
            continue
        sealing = find_seal(part.board.space, part.board.board, part.places, part.tip, seal)
        if isinstance(sealing, str):
            report.faults.append(sealing)
            found = True
        elif sealing is not None:
            part.sealing = sealing
            found = True
    if not found:
        report.faults.append("The seal that you noted is not that of this record.")


def _check_against(report: Report, against: Report) -> None:
    """Hold each board against the same board of another copy."""
    others = {part.board.board: part for part in against.boards if part.board is not None}
    for part in report.boards:
        other = others.get(part.board.board) if part.board is not None else None
        if other is None:
            report.notes.append("The other copy does not have this board.")
            continue
        faults, notes = differences(part.log, other.log, {})
        report.faults.extend(faults)
        report.notes.extend(notes)


def _check_body(entry: Entry, head: Any, report: Report) -> None:
    expected = getattr(head, "body", None)
    if entry.body is None:
        report.withheld += expected is not None
    elif expected != body_hash(entry.body):
        report.faults.append(f"The words or ink of entry {entry.seq} are not what was written then.")


# --- state and picture ------------------------------------------------------------------------------------


def _check_state(archive: Unpacking, report: Report, board: Board) -> dict[str, str] | None:
    """Compare ``board.json`` with the fold. Answers the names in it, which the log can't vouch for; None if
    an earlier version wrote it, which drew and listed otherwise.
    """
    found = archive.whole(STATE)
    try:
        said = json.loads(found)
    except (ValueError, RecursionError):
        report.faults.append(f"{STATE} can't be read.")
        return {}
    if isinstance(said, dict) and said.get("format") == FORMAT and said.get("version") in _EARLIER:
        report.notes.append(
            "An earlier version wrote this archive. Its log was checked, not its list and picture."
        )
        if (said.get("seq"), said.get("chain")) != (board.seq, board.chain.hex()):
            report.faults.append(f"{STATE} names another tip than the log comes to.")
        return None
    if not isinstance(said, dict) or said.get("format") != FORMAT or said.get("version") != VERSION:
        report.faults.append(f"{STATE} is of a kind or version that is not known here.")
        return {}
    people = _people(said.get("people"), board, report)
    truth = readable(board, people)
    if found != to_json(truth):
        told = list(_differences(said, truth))
        report.faults.extend(told or [f"{STATE} was not written by Tablecloth, though it says the same."])
    return people


def _people(said: object, board: Board, report: Report) -> dict[str, str]:
    authors = authors_of(board)
    fits = isinstance(said, dict) and all(
        author in authors and isinstance(name, str) and 0 < len(name) <= MAX_NAME and words_fit(name)
        for author, name in said.items()
    )
    if not fits:
        report.faults.append(f"The names in {STATE} are not names of people who wrote on this board.")
        return {}
    assert isinstance(said, dict)
    return said


def _differences(said: dict[str, Any], truth: dict[str, Any]) -> Iterator[str]:
    """What ``board.json`` says otherwise than the log, in sentences; the first twenty."""
    told = 0
    for name in sorted({*said, *truth}):
        if said.get(name) == truth.get(name):
            continue
        if name in {"elements", "margin"}:
            lines = list(_element_differences(said.get(name), truth[name]))
        elif name in {"chain", "seq"}:
            lines = [f"{STATE} names {name} {said.get(name)}, but the log comes to {truth.get(name)}."]
        else:
            lines = [f"{STATE} says otherwise than the log what {name} is."]
        for line in lines[: _MOST_TOLD - told]:
            yield line
            told += 1


def _element_differences(said: object, truth: list[dict[str, Any]]) -> Iterator[str]:
    listed = said if isinstance(said, list) else []
    by_id = {str(one.get("id")): one for one in listed if isinstance(one, dict)}
    for one in truth:
        if one["id"] not in by_id:
            yield f"{STATE} leaves out the {one['kind']} {one['id']}."
        elif by_id[one["id"]] != one:
            yield f"{STATE} shows the {one['kind']} {one['id']} otherwise than the log."
    extra = by_id.keys() - {one["id"] for one in truth}
    yield from (f"{STATE} shows something that is not in the log: {ident[:40]}." for ident in sorted(extra))
    if list(by_id) != [one["id"] for one in truth] and by_id.keys() == {one["id"] for one in truth}:
        yield f"{STATE} has the elements in another order than the log."


def _pictures(archive: Unpacking, report: Report, board: Board) -> dict[str, bytes]:
    """The bytes of the pictures in it that are what their names say."""
    wanted, found = set(assets_of(board)), {}
    for name in archive.images:
        asset, data = name.removeprefix(IMAGES), archive.whole(name)
        if asset not in wanted:
            report.faults.append(f"{name} is no picture of this board.")
        elif hashlib.sha256(data).hexdigest() != asset:
            report.faults.append(f"{name} is not the picture that it was.")
        else:
            found[asset] = data
    missing = len(wanted) - len(archive.images)
    if missing > 0 and not report.faults:
        missed = "1 picture is" if missing == 1 else f"{missing} pictures are"
        report.notes.append(f"{missed} not in it, only what is said of them.")
    return found


def _check_picture(archive: Unpacking, report: Report, board: Board, pictures: dict[str, bytes]) -> None:
    if archive.whole(PICTURE) != draw(board, pictures).encode():
        report.faults.append(f"{PICTURE} is not the picture that the log gives.")


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
