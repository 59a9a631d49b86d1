"""Runs the shared vectors in Python. Their format: schemas/vectors/README.md."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tablecloth.core import edits, fold, rules
from tablecloth.core.anonymous import author_of_key
from tablecloth.core.board import Board, new_board
from tablecloth.core.canonical import FORMAT, canonical_hash, from_canonical, to_canonical
from tablecloth.core.entry import encode_entry
from tablecloth.core.ink import decode_points, encode_points
from tablecloth.core.provenance import Provenance
from tablecloth.core.seal import Seal, read_code, read_phrase, seal_code, seal_hash, seal_phrase
from tablecloth.core.text import apply_op, splice_op, transform
from tablecloth.core.tip import Tip, is_signed, sign_tip, tip_message
from tablecloth.session import author_of, name_fits
from tablecloth.spaces import view_secret_of
from tablecloth.wire import codec

from tests.support.cases import (
    BOARD,
    SALT,
    SPACE,
    Json,
    board_of,
    differences,
    in_format,
    log_of,
    op_of,
    outcome_of,
    place_of,
    spelled,
)
from tests.support.vectors import VECTORS, read_vector, vector_files

Case = dict[str, Json]
Line = tuple[edits.Entry, dict[str, Any] | None]
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.decode
decode_edit = msgspec.msgpack.Decoder(edits.AnyEdit).decode


def assert_outcome(outcome: fold.Outcome, expected: dict[str, Any] | None, where: str) -> None:
    if expected is not None:
        said = {name: getattr(outcome, name) for name in expected}
        assert said == expected, where


def fold_case(case: Case, log: list[Line], snapshots: set[int]) -> Board:
    """Fold a case's log, with a snapshot written and read after some seqs."""
    board = new_board(*place_of(case))
    for entry, expected in log:
        assert_outcome(fold.apply_entry(board, entry), expected, f"{case['title']}, entry {entry.seq}")
        if entry.seq in snapshots:
            board = from_canonical(to_canonical(board))
    return board


def snapshot_seqs(case: Case, count: int) -> set[int]:
    """After which entries a case's snapshots are taken (see the README)."""
    if count <= 300:
        return set(range(1, count + 1))
    times = [said.get("times", 1) for said in case["entries"]]
    ends = [count - sum(times[place + 1 :]) for place in range(len(times))]
    return {end for end, said in zip(ends, case["entries"], strict=True) if "times" in said}


def assert_frozen(case: Case, board: Board) -> None:
    assert board.chain.hex() == case["chain"], case["title"]
    assert canonical_hash(board) == case["hash"], case["title"]


def run_fold(case: Case) -> None:
    log = list(log_of(case))
    board = fold_case(case, log, set())
    assert differences(case, board) == [], case["title"]
    assert_frozen(case, board)
    assert_frozen(case, fold_case(case, log, snapshot_seqs(case, len(log))))  # FOLD-71
    assert to_canonical(from_canonical(to_canonical(board))) == to_canonical(board)
    if "runs" in case or "foreign" in case:
        run_provenance(case, [entry for entry, _ in log])


def run_provenance(case: Case, log: list[edits.Entry]) -> None:
    """Who wrote what, by the heads alone (FOLD-93), and which withdrawals take others' letters (FOLD-94)."""
    known = Provenance(SPACE, BOARD)
    foreign = [
        entry.seq for entry in log if not known.fold(edits.Entry(entry.seq, entry.at, entry.head, None))
    ]
    for element, fields in case.get("runs", {}).items():
        for name, runs in fields.items():
            assert [list(run) for run in known.runs(element, name)] == runs, case["title"]
    assert foreign == case.get("foreign", [])


def run_splice(case: Case) -> None:
    assert splice_op(tuple(case["splice"])) == op_of(case["op"])


def run_apply(case: Case) -> None:
    assert apply_op(case["value"], op_of(case["op"]), case["inserted"]) == case["expected"]


def run_transform(case: Case) -> None:
    op, other = op_of(case["op"]), op_of(case["other"])
    assert transform(op, other, case["first"]) == op_of(case["expected"])


def run_rebase(case: Case) -> None:
    """Play a table of edits as entries (see the README) and look at the field after each line."""
    entries: list[Json] = [
        {"at": 1000, "head": ["add", "author-zoe", "note-one", "hand-zoe-0", 1, 1, "note", {}]}
    ]
    used: dict[str, int] = {}
    for line, (hand, base, splices, expected) in enumerate(case["edits"], 1):
        name, number = (hand[:-1], hand[-1]) if hand[-1].isdigit() else (hand, "1")
        lengths = [[position, deleted, len(inserted)] for position, deleted, inserted in splices]
        k = used.get(hand, 0) + 1
        head = ["text", f"author-{name}", "note-one", f"hand-{name}-{number}", k, base + 2, "text", lengths]
        inserted = "".join(words for _, _, words in splices)
        entries.append({"at": 1000 + line, "head": head, "content": inserted})
        log = list(log_of({"entries": entries}))
        board = new_board(SPACE, BOARD)
        outcomes = [fold.apply_entry(board, entry) for entry, _ in log]
        reason = expected["refused"] if isinstance(expected, dict) else None
        assert outcomes[-1].reason == reason, f"{case['title']}, line {line}"
        if reason is None:
            used[hand] = k
            assert board.elements["note-one"].text() == expected, f"{case['title']}, line {line}"


def run_frames(case: Case) -> None:
    value, data = spelled(case["value"]), bytes.fromhex(case["hex"])
    read = codec.decode_from_participant if case["from"] == "participant" else codec.decode_from_server
    frame = read(data)
    assert codec.encode(frame) == data
    assert encode(value) == data
    assert decode(data) == value


def run_heads(case: Case) -> None:
    value, data = spelled(case["value"]), bytes.fromhex(case["hex"])
    head = fold.read_head(data)
    assert head is not None
    assert encode(head) == data
    assert encode(value) == data


def run_entries(case: Case) -> None:
    value, data = spelled(case["value"]), bytes.fromhex(case["hex"])
    entry = msgspec.msgpack.decode(data, type=edits.Entry)
    assert [entry.seq, entry.at, entry.head, entry.body] == value
    assert encode(entry) == data


def run_ink(case: Case) -> None:
    data = spelled({"hex": case["hex"]})
    points = None if case["points"] is None else [tuple(point) for point in case["points"]]
    assert decode_points(data) == points
    if points is not None:
        assert encode_points(points) == data


def run_unreadable(case: Case) -> None:
    data = bytes.fromhex(case["hex"])
    if case["what"] == "head":
        assert fold.read_head(data) is None
    elif case["what"] == "body":
        assert fold.read_content(data) is None
    else:
        with pytest.raises(codec.BadFrame):
            codec.decode_from_participant(data)


def run_pseudonym(case: Case) -> None:
    assert author_of(case["space"], case["token"]) == case["author"]


def run_anonymous(case: Case) -> None:
    assert author_of_key(case["space"], case["key"]) == case["author"]


def run_view_secret(case: Case) -> None:
    assert view_secret_of(case["edit"]) == case["view"]


def run_names(case: Case) -> None:
    assert name_fits(case["name"]) == case["fits"]
    assert name_fits(case["shown"]), "what a browser sends must fit"


def edit_of(case: Case) -> edits.AnyEdit:
    """The edit of a case; lone surrogates, which no decoder lets through, are put in afterwards."""
    edit = spelled(case["edit"])
    if edit[0] == "text" and any("\ud800" <= char <= "\udfff" for char in edit[7]):
        whole = decode_edit(encode([*edit[:7], "?" * len(edit[7])]))
        assert isinstance(whole, edits.TextEdit)
        return msgspec.structs.replace(whole, inserted=edit[7])
    read: edits.AnyEdit = decode_edit(encode(edit))
    return read


def run_malformed(case: Case) -> None:
    assert rules.malformed(edit_of(case)) == case["code"]


def run_refusal(case: Case) -> None:
    board = board_of(case)
    edit = edit_of(case)
    assert rules.refusal(board, case["author"], edit, board.at + case.get("later", 1)) == case["code"]
    head, body = encode_entry(edit, case["author"], SALT)
    outcome = fold.apply_entry(board, edits.Entry(board.seq + 1, board.at + case.get("later", 1), head, body))
    assert_outcome(outcome, outcome_of(case.get("fold", case["code"])), case["title"])


def tip_of(raw: Json) -> Tip:
    return Tip(*spelled(raw))


def run_tips(case: Case) -> None:
    space, board, key, tip = case["space"], case["board"], spelled(case["key"]), tip_of(case["tip"])
    assert tip_message(space, board, tip.seq, tip.at, tip.chain) == spelled(case["message"])
    assert is_signed(key, space, board, tip) == case["signed"]
    if "private" in case:
        assert sign_tip(spelled(case["private"]), space, board, tip.seq, tip.at, tip.chain) == tip


def run_seals(case: Case) -> None:
    tips = {board: tip_of(raw) for board, raw in case["tips"].items()}
    seal = Seal(case["space"], spelled(case["seal"]), tips)
    assert seal_hash(case["space"], tips) == seal.hash
    assert seal_phrase(seal.hash) == case["phrase"]
    assert seal_code(seal) == case["code"]
    assert read_code(case["code"]) == seal
    assert seal_code(Seal(seal.space, seal.hash)) == case["short"]
    assert read_code(case["short"]) == Seal(seal.space, seal.hash)


def run_phrases(case: Case) -> None:
    assert read_phrase(case["written"]) == case["phrase"]


def run_compat(case: Case) -> None:
    log = [msgspec.msgpack.decode(bytes.fromhex(raw), type=edits.Entry) for raw in case["entries"]]
    boards = [new_board(case["space"], case["board"])]
    snapshots = [bytes.fromhex(raw) for _, raw in case["snapshots"]]
    if case["format"] == FORMAT:
        boards += [from_canonical(data) for data in snapshots]
    else:
        for data in snapshots:
            with pytest.raises(ValueError, match="not a board of this format"):
                from_canonical(data)
    for board in boards:
        for entry in log[board.seq :]:
            expected = outcome_of(case["outcomes"][entry.seq - 1])
            assert_outcome(fold.apply_entry(board, entry), expected, f"entry {entry.seq}")
            for seq, raw in case["snapshots"]:
                if seq == board.seq:
                    assert in_format(case["format"], to_canonical(board)).hex() == raw
        assert board.chain.hex() == case["chain"]
        assert sha256(in_format(case["format"], to_canonical(board))).hexdigest() == case["hash"]


RUNNERS: dict[str, Callable[[Case], None]] = {
    "fold/": run_fold,
    "text/splice.json": run_splice,
    "text/apply.json": run_apply,
    "text/transform.json": run_transform,
    "text/rebase.json": run_rebase,
    "codec/frames.json": run_frames,
    "codec/heads.json": run_heads,
    "codec/entries.json": run_entries,
    "codec/ink.json": run_ink,
    "codec/unreadable.json": run_unreadable,
    "codec/pseudonym.json": run_pseudonym,
    "codec/anonymous.json": run_anonymous,
    "codec/view-secret.json": run_view_secret,
    "codec/names.json": run_names,
    "refuse/malformed.json": run_malformed,
    "refuse/refusal.json": run_refusal,
    "seal/tips.json": run_tips,
    "seal/seals.json": run_seals,
    "seal/phrases.json": run_phrases,
    "compat/": run_compat,
}


@pytest.mark.parametrize("path", vector_files(), ids=lambda path: path.relative_to(VECTORS).as_posix())
def test_vectors(path: Path, subtests: pytest.Subtests) -> None:
    name = path.relative_to(VECTORS).as_posix()
    (run,) = [runner for start, runner in RUNNERS.items() if name.startswith(start)]
    for case in read_vector(path):
        with subtests.test(case["title"]):
            assert case["rules"], "names no rule"
            run(case)
