"""Vector files are in form, and what stands in them is never filled in anew."""

import json
from pathlib import Path

import fill_vectors
import pytest

from tests.support.vectors import VECTORS, vector_files


@pytest.mark.parametrize("path", vector_files(), ids=lambda path: path.relative_to(VECTORS).as_posix())
def test_every_file_is_in_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cases = json.loads(text)

    assert fill_vectors.whole(cases) == text, "run scripts/fill_vectors.py"
    assert all(case["title"] and case["rules"] for case in cases)
    assert len({case["title"] for case in cases}) == len(cases), "two cases have one title"


@pytest.mark.parametrize("path", vector_files("fold"), ids=lambda path: path.name)
def test_every_case_is_filled(path: Path) -> None:
    for case in json.loads(path.read_text(encoding="utf-8")):
        assert len(case["chain"]) == len(case["hash"]) == 64, case["title"]


def test_what_is_missing_is_filled_in() -> None:
    (case,) = fill_vectors.filled(VECTORS / "fold" / "a.json", [{"title": "Nothing", "entries": []}])

    assert len(case["chain"]) == len(case["hash"]) == 64


def test_what_stands_there_is_frozen() -> None:
    case = {"title": "Nothing", "entries": [], "chain": "frozen", "hash": "frozen"}

    assert fill_vectors.filled(VECTORS / "fold" / "a.json", [dict(case)]) == [case]


def test_what_cannot_be_seen_is_escaped() -> None:
    text = fill_vectors.form("a\u200d\ufeff\ud800\ufffc\u0085\U000e0001é😀")

    assert text == r'"a\u200d\ufeff\ud800\ufffc\u0085\udb40\udc01é😀"'
    assert json.loads(text) == "a\u200d\ufeff\ud800\ufffc\u0085\U000e0001é😀"


def test_a_long_case_is_broken_where_it_has_to_be() -> None:
    text = fill_vectors.form({"title": "Long", "entries": [{"at": 1, "head": ["x" * 60]}] * 2})

    assert text.splitlines()[0] == "{"
    assert text.splitlines()[1] == '  "title": "Long",'
    assert text.splitlines()[3] == '    {"at": 1, "head": ["' + "x" * 60 + '"]},'
