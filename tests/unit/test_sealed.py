"""What ``verify`` makes of signed tips, noted seals and other copies (FOLD-130, FOLD-131)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tablecloth import cli
from tablecloth.archive.package import CHAIN, LOG, TIP, bundle, fold_all, pack
from tablecloth.archive.sealed import tip_file
from tablecloth.archive.verify import Report, verify
from tablecloth.core.board import Board
from tablecloth.core.edits import AddEdit, Entry, SetEdit, TextEdit
from tablecloth.core.entry import encode, encode_entry, found
from tablecloth.core.seal import Seal, read_code, seal_code, seal_hash, seal_phrase
from tablecloth.core.tip import Tip, sign_tip

from tests.support.plain_words import assert_plain
from tests.unit.test_archive import files_of

SPACE, BOARD, ADA, SALT = "space-seal-1", "board-seal-1", "author-ada-1", bytes(16)
PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
PEOPLE = {ADA: "Ada"}


def public(private: bytes = PRIVATE) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def log_of(private: bytes = PRIVATE, count: int = 10, word: str = "word") -> list[Entry]:
    """A founding, then notes with words on them."""
    made: list[tuple[bytes, bytes | None]] = [found(SPACE, BOARD, public(private), "Sealed", SALT)]
    for n in range(1, count):
        element, hand = f"note-{n // 2:04}", "hand-of-ada"
        if n % 2 == 0:
            edit: AddEdit | TextEdit = TextEdit(
                element, "hand-two-x", 1, n, "text", [(0, 0, 5)], f"{word}{n % 10}"
            )
            made.append(encode_entry(edit, ADA, SALT))
        else:
            made.append(encode_entry(AddEdit(f"note-{(n + 1) // 2:04}", hand, 1, n, "note", {}), ADA, SALT))
    return [Entry(seq, 1000 * seq, head, body) for seq, (head, body) in enumerate(made, 1)]


def fold(entries: list[Entry]) -> Board:
    return fold_all(SPACE, BOARD, entries)


def tip_of(entries: list[Entry], private: bytes = PRIVATE) -> Tip:
    board = fold(entries)
    return sign_tip(private, SPACE, BOARD, board.seq, board.at, board.chain)


def archive(entries: list[Entry], tip: Tip | None) -> bytes:
    return pack(fold(entries), entries, PEOPLE, {}, tip)


def check(data: bytes, seal: Seal | str | None = None, against: bytes | None = None) -> Report:
    other = None if against is None else verify(io.BytesIO(against))
    report = verify(io.BytesIO(data), None, seal, other)
    for sentence in [*report.faults, *report.notes]:
        assert_plain(sentence, "verify")
    return report


def renumbered(entries: list[Entry]) -> list[Entry]:
    return [Entry(seq, entry.at, entry.head, entry.body) for seq, entry in enumerate(entries, 1)]


def test_a_signed_archive_is_good_and_says_how_far() -> None:
    entries = log_of()
    report = check(archive(entries, tip_of(entries)))
    assert (report.faults, report.tip) == ([], tip_of(entries))
    report = check(archive(entries, tip_of(entries[:7])))
    assert report.faults == []
    assert "3 entries came after the last signature." in report.notes


def test_a_noted_seal() -> None:
    entries = log_of()
    tip = tip_of(entries)
    tips = {BOARD: tip}
    sealed = seal_hash(SPACE, tips)
    code = read_code(seal_code(Seal(SPACE, sealed, tips)))
    short = read_code(seal_code(Seal(SPACE, sealed)))
    assert code is not None
    assert short is not None
    later = archive(log_of(count=12), tip_of(log_of(count=12)))
    for noted in (code, short, seal_phrase(sealed)):
        report = check(archive(entries, tip), noted)
        assert report.faults == []
        assert report.sealing is not None
        assert report.sealing.words == "This is the complete record that was sealed."
        report = check(later, noted)
        assert report.sealing is not None
        assert (report.faults, report.sealing.after) == ([], 2)


@pytest.mark.parametrize("how", ["phrase", "code"])
def test_a_record_without_the_noted_seal(how: str) -> None:
    entries = log_of()
    tips = {BOARD: tip_of(entries)}
    sealed = seal_hash(SPACE, tips)
    noted = seal_phrase(sealed) if how == "phrase" else Seal(SPACE, sealed, tips)
    made_up = log_of(OTHER)
    assert check(archive(made_up, tip_of(made_up, OTHER))).faults == [], "whole in itself"
    for other in (made_up, log_of(word="evil"), entries[:-1]):
        report = check(archive(other, None), noted)
        assert len(report.faults) == 1
    assert "another table" in check(archive(entries, None), Seal("space-other1", sealed)).faults[0]


def swapped(entries: list[Entry]) -> list[Entry]:
    return renumbered([*entries[:4], entries[5], entries[4], *entries[6:]])


def changed_head(entries: list[Entry]) -> list[Entry]:
    head, body = encode_entry(SetEdit("note-0002", "hand-of-ada", 1, 1, {"x": 9}, {}), ADA, SALT)
    return [*entries[:4], Entry(5, entries[4].at, head, body), *entries[5:]]


def put_in(entries: list[Entry]) -> list[Entry]:
    head, body = encode_entry(AddEdit("note-evil", "hand-evil-1", 1, 1, "note", {}), "author-evil", SALT)
    return renumbered([*entries[:4], Entry(5, entries[4].at, head, body), *entries[4:]])


def other_time(entries: list[Entry]) -> list[Entry]:
    return [*entries[:4], Entry(5, entries[4].at + 1, entries[4].head, entries[4].body), *entries[5:]]


CHANGES: list[tuple[Callable[[list[Entry]], list[Entry]], str, str]] = [
    (lambda entries: renumbered(entries[:4] + entries[5:]), "put in is entry 5", "before it entry 5"),
    (lambda entries: entries[:7], "The end is missing", "The end is missing: entry 8"),
    (swapped, "put in is entry 5", "the order is another"),
    (changed_head, "put in is entry 5", "in the other it is entry 5"),
    (put_in, "put in is entry 5", "it was put in; the other doesn't have it"),
    (other_time, "put in is entry 5", "it has another time"),
]


@pytest.mark.parametrize(("change", "alone", "beside"), CHANGES)
def test_a_changed_log_is_named(
    change: Callable[[list[Entry]], list[Entry]], alone: str, beside: str
) -> None:
    """By the chains that were packed with it; and, where somebody made these anew, by the signature."""
    entries = log_of()
    good = archive(entries, tip_of(entries))
    lazy = bundle({**files_of(good), LOG: b"".join(encode(entry) for entry in change(entries))})
    assert alone in " ".join(check(lazy).faults)
    careful = archive(change(entries), tip_of(entries))
    assert check(careful).faults, "the signed tip"
    assert beside in " ".join(check(careful, against=good).faults)


def test_changed_words_are_named_alone_and_beside_another_copy() -> None:
    entries = log_of()
    good = archive(entries, tip_of(entries))
    entries[4] = Entry(5, entries[4].at, entries[4].head, encode([SALT, "evil!"]))
    bad = archive(entries, tip_of(entries))
    assert "The words or ink of entry 5 are not" in check(bad).faults[0]
    assert any(
        "entry 5 (words, by author-ada-1) differ" in fault for fault in check(bad, against=good).faults
    )
    entries[4] = Entry(5, entries[4].at, entries[4].head, None)
    report = check(archive(entries, tip_of(entries)), against=good)
    assert report.faults == []
    assert any("withheld here" in note for note in report.notes)


def test_signatures_that_are_not_the_spaces_own() -> None:
    entries = log_of()
    files = files_of(archive(entries, tip_of(entries)))
    strange = tip_of(entries, OTHER)
    assert "another key" in check(bundle({**files, TIP: tip_file(strange, public(OTHER))})).faults[0]
    assert "not signed by the key" in check(bundle({**files, TIP: tip_file(strange, public())})).faults[0]
    assert check(bundle({**files, TIP: b"{}"})).faults == ["tip.json can't be read."]
    without = check(bundle({name: data for name, data in files.items() if name not in (TIP, CHAIN)}))
    assert without.faults == []
    assert "There is no signature in it: compare the tip or the seal." in without.notes


def test_names_are_said_not_to_be_covered() -> None:
    entries = log_of()
    renamed = pack(fold(entries), entries, {ADA: "Somebody else"}, {}, tip_of(entries))
    report = check(renamed)
    assert report.faults == []
    assert any(note.startswith("Names stand beside the record") for note in report.notes)


def test_the_command_says_it_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = log_of()
    tip = tip_of(entries)
    phrase = seal_phrase(seal_hash(SPACE, {BOARD: tip}))
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(archive(entries, tip))
    bad.write_bytes(archive(swapped(entries), None))
    assert cli.main(["verify", str(good), "--seal", phrase.upper()]) == 0
    said = capsys.readouterr().out
    assert "This is the complete record that was sealed." in said
    assert phrase in said
    assert cli.main(["verify", str(bad), "--seal", phrase, "--against", str(good)]) == 1
    said = capsys.readouterr().out
    assert "The seal that you noted is not that of this record." in said
    assert "the order is another" in said
    assert cli.main(["verify", str(good), "--seal", "not a seal"]) != 0
    assert "five words" in "".join(capsys.readouterr())
