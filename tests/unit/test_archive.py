"""Archives: the same bytes for the same log, every change found, and nothing that a hostile zip could do."""

from __future__ import annotations

import base64
import io
import json
import random
import stat
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgpack
import msgspec
import pytest
from tablecloth.archive import unpack
from tablecloth.archive.forms import Box, edge_of, room_in
from tablecloth.archive.lettering import fit_note, is_right_to_left, width_of, wrap
from tablecloth.archive.package import LOG, NAMES, PICTURE, STATE, TIP, bundle, pack, pack_space
from tablecloth.archive.readable import readable
from tablecloth.archive.strokes import stroke_path
from tablecloth.archive.svg import draw
from tablecloth.archive.verify import Report, verify
from tablecloth.archive.ways import End, Manner, route, way_path
from tablecloth.core.edits import Entry
from tablecloth.wire.codec import encode

from tests.support.plain_words import assert_plain
from tests.support.small_boards import (
    ADA,
    BEN,
    PEOPLE,
    PICTURE_ASSET,
    PICTURE_BYTES,
    LogMaker,
    every_look,
    one_of_everything,
)

SVG = "{http://www.w3.org/2000/svg}"


DRAWN = ("svg", "title", "rect", "g", "text", "circle", "path", "ellipse", "polygon", "line", "image")
"""All that a picture is made of: nothing that runs, and nothing that is fetched."""


def packed(log: LogMaker) -> bytes:
    return pack(log.fold(), log.entries, PEOPLE)


UNSIGNED = "There is no signature in it: compare the tip or the seal."
NAMES_BESIDE = "Names stand beside the record: it says who wrote, not what they are called."
ALWAYS = [UNSIGNED, NAMES_BESIDE]
"""What is noted of every archive here: nobody signed it, and people have names."""


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(data: bytes, tip: tuple[int, str] | None = None) -> Report:
    """Verify, and see that whatever is told is told plainly."""
    report = verify(io.BytesIO(data), tip)
    for sentence in [*report.faults, *report.notes]:
        assert_plain(sentence, "verify")
    return report


def with_log(entries: list[Entry]) -> bytes:
    """The good archive, but with another log in it."""
    files = files_of(packed(one_of_everything()))
    files[LOG] = b"".join(encode(entry) for entry in entries)
    return bundle(files)


def without_body(entry: Entry) -> Entry:
    return Entry(entry.seq, entry.at, entry.head, None)


def replaced(entries: list[Entry], seq: int, **changes: object) -> list[Entry]:
    """The same log with another entry in one place."""
    return [msgspec.structs.replace(entry, **changes) if entry.seq == seq else entry for entry in entries]


# --- good archives ----------------------------------------------------------------------------------------


def test_the_same_log_gives_the_same_bytes() -> None:
    first, second = packed(one_of_everything()), packed(one_of_everything())
    assert first == second
    assert files_of(first).keys() == set(NAMES) - {TIP}
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted({*NAMES} - {TIP})


def test_what_was_packed_is_found_whole() -> None:
    log = one_of_everything()
    report = check(packed(log))
    assert (report.faults, report.notes) == ([], ALWAYS)
    assert report.board is not None
    assert (report.entries, report.board.seq, report.withheld) == (18, 18, 0)


def test_a_noted_tip_is_looked_for_in_the_log() -> None:
    log = one_of_everything()
    data = packed(log)
    early = LogMaker()
    early.entries = log.entries[:7]
    assert check(data, (7, early.fold().chain.hex())).is_good
    assert "does not hold the place" in check(data, (7, "0" * 64)).faults[0]


def test_an_archive_that_was_packed_anew_is_good_and_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(packed(one_of_everything())).items():
            archive.writestr(name, content)
    report = check(out.getvalue())
    assert report.is_good
    assert len(report.notes) == 1 + len(ALWAYS)


def test_withheld_bodies_are_counted_and_the_chain_still_fits() -> None:
    log = one_of_everything()
    whole = log.fold()
    log.entries[4] = without_body(log.entries[4])
    report = check(packed(log))
    assert report.is_good
    assert report.withheld == 1
    assert report.board is not None
    assert report.board.chain == whole.chain
    assert report.board.elements["note-0001"].text() == "\ufffc" * 38


def test_the_state_reads_well() -> None:
    data = readable(one_of_everything().fold(), PEOPLE | {"stranger-0000001": "Stranger"})
    assert data["people"] == PEOPLE
    assert data["title"] == "What now?"
    shown = {one["id"]: one for one in data["elements"]}
    assert shown["note-0001"]["words"] == {"text": "A door that I can lock, & <b>a key</b>", "said": ""}
    assert shown["ink-00001"]["pieces"] == ["0,0,40 20,10,120 60,-10,255"]
    assert shown["ink-00001"]["words"] == {"alt": "a wave", "said": ""}
    assert [one["id"] for one in data["elements"]][-1] == "note-0001"
    assert data["margin"][0]["aside"]["why"] == "said already"


def test_every_kind_of_thing_reads_well() -> None:
    data = readable(every_look().fold(), PEOPLE)
    shown = {one["id"]: one for one in data["elements"]}
    assert shown["shape-002"]["properties"]["form"] == "diamond"
    assert shown["shape-002"]["words"] == {"text": "Decide?", "said": ""}
    assert shown["image-001"]["properties"]["asset"] == PICTURE_ASSET
    assert shown["image-001"]["words"] == {"alt": "Two colours & a <line>", "said": ""}
    assert shown["note-tiny"]["properties"]["re"] == "note-big1"
    lock = shown["shape-002"]["lock"]
    assert (lock["by"], lock["why"], lock["until"] - lock["at"]) == (BEN, "We vote on it", 30 * 60_000)
    assert "lock" not in shown["shape-001"]


def test_pictures_are_in_the_archive_and_checked() -> None:
    log = every_look()
    board = log.fold()
    data = pack(board, log.entries, PEOPLE, {PICTURE_ASSET: PICTURE_BYTES, "f" * 64: b"of another board"})
    files = files_of(data)
    assert files.keys() == ({*NAMES, f"images/{PICTURE_ASSET}"} - {TIP})
    assert base64.b64encode(PICTURE_BYTES) in files[PICTURE]
    report = check(data)
    said = "1 picture is not in it, only what is said of them."
    assert (report.faults, report.notes) == ([], [UNSIGNED, said, NAMES_BESIDE])
    assert "2 pictures are not in it, only what is said of them." in check(packed(log)).notes
    changed = bundle({**files, f"images/{PICTURE_ASSET}": PICTURE_BYTES + b"x"})
    assert "is not the picture that it was" in " ".join(check(changed).faults)
    other = bundle({**files, f"images/{'f' * 64}": b"of another board"})
    assert "is no picture of this board" in " ".join(check(other).faults)
    for name in ("images/", "images/x.png", f"images/{'F' * 64}", f"images/../{'f' * 64}"):
        assert not check(bundle({**files, name: b""})).is_good


def test_an_archive_of_an_earlier_version_is_checked_by_its_log() -> None:
    log = one_of_everything()
    files = files_of(packed(log))
    said = json.loads(files[STATE]) | {"version": 1}
    report = check(bundle({**files, STATE: json.dumps(said).encode(), PICTURE: b"<svg/>"}))
    assert report.is_good
    assert report.notes == [
        UNSIGNED,
        "An earlier version wrote this archive. Its log was checked, not its list and picture.",
    ]
    said["chain"] = "0" * 64
    assert not check(bundle({**files, STATE: json.dumps(said).encode()})).is_good


# --- changed archives -------------------------------------------------------------------------------------


def test_every_flipped_byte_of_the_log_is_found() -> None:
    log = LogMaker()
    log.add("note-0001", "note", x=1)
    log.write("note-0001", "hello")
    files = files_of(packed(log))
    for place in range(len(files[LOG])):
        changed = bytearray(files[LOG])
        changed[place] ^= 1 << (place % 8)
        report = check(bundle(files | {LOG: bytes(changed)}))
        assert not report.is_good, f"byte {place}"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_flipped_byte_anywhere_is_found_or_changes_nothing(seed: int) -> None:
    data = packed(one_of_everything())
    whole = files_of(data)
    chance = random.Random(seed)
    for _ in range(150):
        place = chance.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        report = check(bytes(changed))
        if report.is_good:
            assert report.notes, f"byte {place}"
            assert files_of(bytes(changed)) == whole, f"byte {place}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda entries: entries[:5] + entries[6:], "After entry 5 comes entry 7"),
        (lambda entries: [*entries[:5], entries[6], entries[5], *entries[7:]], "After entry 5 comes entry 7"),
        (lambda entries: [*entries, entries[-1]], "After entry 18 comes entry 18"),
        (lambda entries: entries[:-1], "names seq 18, but the log comes to 17"),
        (lambda entries: entries[1:], "doesn't begin with the founding"),
        (lambda _: [], "The log is empty"),
        (lambda entries: replaced(entries, 5, at=0), "older"),
        (lambda entries: replaced(entries, 5, body=entries[2].body), "entry 5 are not what was written"),
        (lambda entries: replaced(entries, 4, head=entries[5].head), "names chain"),
    ],
    ids=["left out", "swapped", "doubled", "cut", "headless", "empty", "time", "words", "another"],
)
def test_a_changed_log_is_told(change: Callable[[list[Entry]], list[Entry]], told: str) -> None:
    report = check(with_log(change(one_of_everything().entries)))
    assert any(told in fault for fault in report.faults), report.faults


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        (("title",), "Another", "what title is"),
        (("chain",), "0" * 64, "names chain"),
        (("people", ADA), "x" * 61, "not names of people"),
        (("people", "stranger-0000001"), "Eve", "not names of people"),
        (("elements", 0, "properties", "x"), 99, "shows the zone zone-0001 otherwise"),
        (("elements", 0, "id"), "zone-0002", "leaves out the zone zone-0001"),
        (("format",), "something", "kind or version"),
        (("elements",), None, "leaves out"),
        (("more",), 1, "what more is"),
    ],
)
def test_a_changed_state_is_told(where: tuple[str | int, ...], value: object, told: str) -> None:
    files = files_of(packed(one_of_everything()))
    state = json.loads(files[STATE])
    place = state
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    files[STATE] = json.dumps(state, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
    report = check(bundle(files))
    assert any(told in fault for fault in report.faults), report.faults


@pytest.mark.parametrize("content", [b"", b"[", b"[" * 100_000, b"\xff", b"null", b'{"format": NaN}'])
def test_a_state_that_is_none_is_told(content: bytes) -> None:
    files = files_of(packed(one_of_everything())) | {STATE: content}
    assert not check(bundle(files)).is_good


def test_a_changed_picture_is_told() -> None:
    files = files_of(packed(one_of_everything()))
    files[PICTURE] = files[PICTURE].replace(b"Caf", b"Bar")
    assert check(bundle(files)).faults == ["board.svg is not the picture that the log gives."]


# --- hostile archives -------------------------------------------------------------------------------------


def zip_with(name: str, content: bytes = b"x", mode: int = 0o100644) -> bytes:
    """A good archive with one member more."""
    out = io.BytesIO(packed(one_of_everything()))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../board.json",
        "a/../../b",
        "/etc/passwd",
        "..\\x",
        "\\\\host\\share",
        "C:\\x",
        "c:board.json",
        "..",
    ],
)
def test_names_that_lead_out_are_told_and_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "leads out of it" in check(zip_with(name)).faults[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (lambda: zip_with("a.txt"), "doesn't belong"),
        (lambda: zip_with("board.json/"), "doesn't belong"),
        (lambda: zip_with("link", b"/etc/passwd", stat.S_IFLNK | 0o777), "a link"),
        (lambda: zip_with("pipe", b"", stat.S_IFIFO | 0o777), "a link"),
        (lambda: zip_with(STATE), "is there twice"),
        (lambda: bundle({STATE: b"{}", PICTURE: b""}), "log.msgpack is missing"),
        (lambda: bundle({f"{n}.txt": b"" for n in range(5000)}), "far too many"),
        (lambda: b"", "not an archive"),
        (lambda: bytes(5000), "not an archive"),
        (lambda: packed(one_of_everything())[:-30], "not an archive"),
        (lambda: packed(one_of_everything())[500:], "damaged"),
    ],
    ids=["more", "folder", "link", "pipe", "twice", "less", "many", "nothing", "zeros", "cut", "beheaded"],
)
def test_an_archive_that_is_not_as_it_should_be(data: Callable[[], bytes], told: str) -> None:
    report = check(data())
    assert report.board is None or not report.is_good
    assert told in " ".join(report.faults) or "not an archive" in " ".join(report.faults)


def test_other_ways_of_packing_are_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(LOG, b"x")
    assert "packed in a way" in check(out.getvalue()).faults[0]
    data = bytearray(bundle({LOG: b"x"}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert "packed in a way" in check(bytes(data)).faults[0]


def test_what_swells_is_stopped_while_it_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LOG, b"\x94\x01\x02\xc4\x00\xc0" * (10 << 20))
    assert not check(out.getvalue()).is_good
    with zipfile.ZipFile(out := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LOG, files_of(packed(one_of_everything()))[LOG])
        archive.writestr(STATE, b" " * (64 << 20))
    assert "swells too much" in check(out.getvalue()).faults[0]


def test_sizes_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All members together stop at the limit, whatever their headers say."""
    monkeypatch.setattr(unpack, "MAX_TOTAL_BYTES", 2000)
    assert "larger than an archive can be" in check(packed(one_of_everything())).faults[0]


def test_a_directory_that_claims_too_much_is_not_read() -> None:
    data = bytearray(packed(one_of_everything()))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<H", data, end + 10, 65_000)
    assert "far too many" in check(bytes(data)).faults[0]
    wide = packed(one_of_everything())
    assert "far too many" in check(wide[:end] + b"PK\x06\x07" + bytes(16) + wide[end:]).faults[0]


@pytest.mark.parametrize(
    "log",
    [
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xffx",
        b"\x91" * 5000,
        msgpack.packb([1, float("nan"), b"", None]),
        msgpack.packb({"a": 1}),
        msgpack.packb([1, 2, "head", None]),
        msgpack.packb([True, 2, b"", None]),
        msgpack.packb([1, -2, b"", None]),
        msgpack.packb([1, 2, b""]),
        msgpack.packb(msgpack.ExtType(5, b"x")),
        msgpack.packb([2**63, 2, b"", None]),
    ],
)
def test_a_log_that_is_none_is_told(log: bytes) -> None:
    report = check(bundle({STATE: b"{}", PICTURE: b"", LOG: log}))
    assert report.board is None
    assert len(report.faults) == 1


def test_a_log_that_ends_in_the_middle_is_told() -> None:
    files = files_of(packed(one_of_everything()))
    report = check(bundle(files | {LOG: files[LOG][:-3]}))
    assert "cut short after entry 17" in report.faults[0]


# --- the picture ------------------------------------------------------------------------------------------


def test_the_picture_is_xml_with_every_word_in_it() -> None:
    picture = ET.fromstring(draw(one_of_everything().fold()))  # noqa: S314 (our own)
    words = " ".join("".join(text.itertext()) for text in picture.iter(f"{SVG}text"))
    assert "A door that I can lock, & <b>a key</b>" in " ".join(words.split())
    assert "leads to" in words
    assert {child.tag for child in picture.iter()} <= {f"{SVG}{name}" for name in DRAWN}
    groups = [group.get("id") for group in picture.iter(f"{SVG}g")]
    assert groups == ["zone-0001", "link-0001", "note-0002", "ink-00001", "note-0001"]


def test_every_look_is_drawn() -> None:
    text = draw(every_look().fold(), {PICTURE_ASSET: PICTURE_BYTES})
    picture = ET.fromstring(text)  # noqa: S314 (our own)
    assert {child.tag for child in picture.iter()} == {f"{SVG}{name}" for name in DRAWN}
    assert {image.get("href", "")[:22] for image in picture.iter(f"{SVG}image")} == {"data:image/png;base64,"}
    words = " ".join(" ".join("".join(said.itertext()) for said in picture.iter(f"{SVG}text")).split())
    for said in ("A box", "Round words in an ellipse", "Decide?", "isn't at hand", "− not at all", "+", "="):
        assert said in words, said
    titles = {title.text for title in picture.iter(f"{SVG}title")}
    assert {"supports", "against", "part", "same", "leads", "Two colours & a <line>"} <= titles
    assert text.count("stroke-dasharray") == 6
    assert "scale(0.5)" in text
    assert "mix-blend-mode:multiply" in text
    assert text.count('r="4" fill="#7a7264"') == 2  # a dot at each reply
    assert draw(every_look().fold(), {PICTURE_ASSET: b"<svg onload='x'/>"}).count("<image") == 0


def test_arabic_runs_from_the_right() -> None:
    picture = ET.fromstring(draw(one_of_everything().fold()))  # noqa: S314
    turned = [text for text in picture.iter(f"{SVG}text") if text.get("direction") == "rtl"]
    assert turned
    assert {text.get("x") for text in turned} == {"485"}


@pytest.mark.parametrize(
    "words", ["\x00\x01\x1f", "]]>", "<!--", "&amp;", "\ufffe\uffff", "\ufffc", "\u202e"]
)
def test_no_words_break_the_picture(words: str) -> None:
    log = LogMaker(title=words)
    log.add("note-0001", "note")
    log.write("note-0001", words)
    picture = draw(log.fold())
    ET.fromstring(picture)  # noqa: S314
    assert "\ufffc" not in picture


def test_an_empty_board_and_the_ends_of_the_world_have_a_picture() -> None:
    log = LogMaker()
    ET.fromstring(draw(log.fold()))  # noqa: S314
    log.add("note-0001", "note", x=-(10**9), y=10**9, w=1, h=10**6)
    log.write("note-0001", "tiny " * 2000)
    log.add("link-0001", "connector", x=5, y=5, x2=5, y2=5)
    log.add("link-0002", "connector", **{"from": "note-0001", "to": "note-0001"})
    log.add("ink-00001", "ink")
    log.draw("ink-00001", [(0, 0, 0)])
    ET.fromstring(draw(log.fold()))  # noqa: S314


def test_nothing_is_drawn_across_a_withheld_piece() -> None:
    log = LogMaker()
    log.add("ink-00001", "ink")
    for start in (0, 100, 200):
        log.draw("ink-00001", [(start, 0, 99), (start + 50, 10, 99)])
    log.entries[3] = without_body(log.entries[3])
    assert draw(log.fold()).count("<path") == 2


def test_words_break_between_words_and_none_is_lost() -> None:
    words = "we want to decide together how-we-live and where"
    lines = wrap(words, 8)
    assert " ".join(lines).replace("- ", "-") == words
    assert all(width_of(line) <= 8 for line in lines)
    assert wrap("donaudampfschifffahrtsgesellschaft", 5)[0] != ""
    assert "".join(wrap("私たちは一緒に決める", 4)) == "私たちは一緒に決める"
    assert wrap("one\n\ntwo", 50) == ["one", "", "two"]


def test_letters_shrink_until_the_words_fit() -> None:
    assert fit_note("short", 200, 160).size == 20
    small = fit_note("many words " * 20, 200, 160)
    assert small.size < 20
    assert fit_note("many words " * 500, 200, 160).lines[-1].endswith("…")
    assert width_of("e\u0301") == width_of("e")
    assert is_right_to_left("… שלום")
    assert not is_right_to_left("123 a ש")


def test_connectors_run_from_edge_to_edge() -> None:
    one, other = End(Box(0, 0, 100, 100)), End(Box(400, 0, 100, 100))
    made = route(one, other, Manner())
    assert 100 < made.way[0][0] < 110
    assert 390 < made.way[-1][0] < 400
    assert route(one, End(Box(10, 10, 100, 100)), Manner()).way[0] == (50, 50)
    assert route(one, other, Manner("straight")).way == ((103, 50), (393, 50))
    assert route(one, End(Box(400, 0, 100, 100), "ellipse"), Manner("straight")).way[-1] == (393, 50)


def test_elbows_are_level_and_upright_and_arrows_stand_where_they_should() -> None:
    one, other = End(Box(0, 0, 100, 100)), End(Box(400, 300, 100, 100), "diamond")
    made = route(one, other, Manner("elbow", "both"))
    assert len(made.way) == 4
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(made.way))
    assert [tip for _, tip, _ in made.arrows] == [made.way[-1], made.way[0]]
    assert route(one, other, Manner(heads="none")).arrows == ()
    assert len(route(one, End(Box(400, 0, 100, 100)), Manner("elbow")).way) == 2
    for size in (0, 1e-9):  # ends that lie on each other have no direction
        point = End(Box(5, 5, size, size))
        for kind in ("curve", "straight", "elbow"):
            assert "nan" not in way_path(route(point, point, Manner(kind)))


@pytest.mark.parametrize("form", ["rectangle", "ellipse", "diamond", "triangle"])
def test_ways_leave_a_form_at_its_edge_and_words_stay_inside(form: str) -> None:
    box = Box(10, 20, 200, 120)
    left, level = edge_of(form, box, (-1000, box.centre[1]))
    assert level == box.centre[1]
    assert left == pytest.approx(10 if form != "triangle" else 60)
    assert edge_of(form, box, box.centre) == box.centre
    room = room_in(form, box)
    corners = [(room.x, room.y), (room.x + room.w, room.y + room.h)]
    assert all(box.holds(corner) for corner in corners)


def test_a_stroke_is_wide_where_the_pen_was_pressed() -> None:
    light, strong = stroke_path([(0, 0, 10)], 10), stroke_path([(0, 0, 250)], 10)
    assert light != strong
    assert stroke_path([(0, 0, 99), (0, 0, 99)], 4) == stroke_path([(0, 0, 99)], 4)
    assert stroke_path([(0, 0, 99), (10, 0, 99), (20, 5, 99)], 4).startswith("M0 ")


# --- several boards ---------------------------------------------------------------------------------------


def space_of_two(first: str = "board-one", second: str = "board-two") -> tuple[dict[str, bytes], bytes]:
    """A space with two boards: the files of its archive, and its bytes."""
    one, two = every_look(), one_of_everything()
    boards = [(one.fold(), one.entries), (two.fold(), two.entries)]
    data = pack_space("A table", boards, PEOPLE, {PICTURE_ASSET: PICTURE_BYTES})
    return files_of(data), data


def test_protocol_55_each_board_has_a_folder_that_is_an_archive() -> None:
    files, data = space_of_two()
    folders = sorted({name.partition("/")[0] + "/" for name in files if "/" in name})
    assert [folder[:3] for folder in folders] == ["01-", "02-"]
    report = check(data)
    assert report.faults == []
    assert report.is_good
    assert [part.board.seq for part in report.parts if part.board] == [part.entries for part in report.parts]
    listed = json.loads(files["space.json"])
    assert listed["title"] == "A table"
    assert [board["folder"] for board in listed["boards"]] == folders
    for folder in folders:
        alone = {name.removeprefix(folder): held for name, held in files.items() if name.startswith(folder)}
        assert check(bundle(alone)).is_good
    assert space_of_two()[1] == data


def test_one_board_is_packed_as_ever() -> None:
    log = one_of_everything()
    assert pack_space("A table", [(log.fold(), log.entries)], PEOPLE) == packed(log)


def test_a_tip_may_be_of_any_of_the_boards() -> None:
    _, data = space_of_two()
    for part in check(data).parts:
        assert part.board is not None
        assert verify(io.BytesIO(data), (part.board.seq, part.board.chain.hex())).is_good
    assert not verify(io.BytesIO(data), (2, "0" * 64)).is_good


def test_what_is_changed_in_any_folder_is_found() -> None:
    files, _ = space_of_two()
    for name, held in files.items():
        if name == "space.json":
            continue
        changed = bytearray(held)
        changed[len(changed) // 2] ^= 1
        report = check(bundle({**files, name: bytes(changed)}))
        assert not report.is_good, name
        if "images" not in name:
            assert name.partition("/")[0] in " ".join(report.faults)


@pytest.mark.parametrize("change", ["left out", "moved", "listed wrongly", "no list", "beside", "no boards"])
def test_what_is_changed_around_the_folders_is_found(change: str) -> None:
    files, _ = space_of_two()
    first, second = sorted({name.partition("/")[0] + "/" for name in files if "/" in name})
    match change:
        case "left out":
            files = {name: held for name, held in files.items() if not name.startswith(second)}
        case "moved":
            files = {
                name.replace(first, "09-" + first[3:]) if name.startswith(first) else name: held
                for name, held in files.items()
            }
        case "listed wrongly":
            files["space.json"] = files["space.json"].replace(b'"seq": ', b'"seq": 1')
        case "no list":
            del files["space.json"]
        case "beside":
            files[LOG] = files[first + LOG]
        case _:
            files = {"space.json": files["space.json"]}
    report = check(bundle(files))
    assert not report.is_good
    assert report.faults


def test_boards_of_two_spaces_are_not_one() -> None:
    files, _ = space_of_two()
    for name in (
        "../x/board.json",
        "01-short/board.json",
        "001-board-number-one/board.json",
        "01-board-one/x",
    ):
        assert not check(bundle({**files, name: b""})).is_good
    for content in (b"", b"[]", b"{}", b"[" * 9000):
        assert not check(bundle({**files, "space.json": content})).is_good
