"""Archives: the same bytes for the same log, every change found, and nothing that a hostile zip could do."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgpack
import msgspec
import pytest
from tablecloth.archive import unpack
from tablecloth.archive.lettering import fit_note, is_right_to_left, width_of, wrap
from tablecloth.archive.package import LOG, NAMES, PICTURE, STATE, bundle, pack
from tablecloth.archive.readable import readable
from tablecloth.archive.strokes import Box, route, stroke_path
from tablecloth.archive.svg import draw
from tablecloth.archive.verify import Report, verify
from tablecloth.core.edits import Entry
from tablecloth.wire.codec import encode

from tests.support.plain_words import assert_plain
from tests.support.small_boards import ADA, PEOPLE, LogMaker, one_of_everything

SVG = "{http://www.w3.org/2000/svg}"


def packed(log: LogMaker) -> bytes:
    return pack(log.fold(), log.entries, PEOPLE)


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
    assert files_of(first).keys() == set(NAMES)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(NAMES)


def test_what_was_packed_is_found_whole() -> None:
    log = one_of_everything()
    report = check(packed(log))
    assert (report.faults, report.notes) == ([], [])
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
    assert len(report.notes) == 1


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
    assert shown["note-0001"]["words"] == {"text": "A door that I can lock, & <b>a key</b>"}
    assert shown["ink-00001"]["pieces"] == ["0,0,40 20,10,120 60,-10,255"]
    assert shown["ink-00001"]["words"] == {"alt": "a wave"}
    assert [one["id"] for one in data["elements"]][-1] == "note-0001"
    assert data["margin"][0]["aside"]["why"] == "said already"


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
        (lambda: bundle({f"{n}.txt": b"" for n in range(100)}), "far too many"),
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
    assert {child.tag for child in picture.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "rect", "g", "text", "circle", "path")
    }
    groups = [group.get("id") for group in picture.iter(f"{SVG}g")]
    assert groups == ["zone-0001", "note-0002", "ink-00001", "link-0001", "note-0001"]


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
    way = route(Box(0, 0, 100, 100), Box(400, 0, 100, 100))
    assert 100 < way.start[0] < 110
    assert 390 < way.end[0] < 400
    assert route(Box(0, 0, 100, 100), Box(10, 10, 100, 100)).start == (50, 50)


def test_a_stroke_is_wide_where_the_pen_was_pressed() -> None:
    light, strong = stroke_path([(0, 0, 10)], 10), stroke_path([(0, 0, 250)], 10)
    assert light != strong
    assert stroke_path([(0, 0, 99), (0, 0, 99)], 4) == stroke_path([(0, 0, 99)], 4)
    assert stroke_path([(0, 0, 99), (10, 0, 99), (20, 5, 99)], 4).startswith("M0 ")
