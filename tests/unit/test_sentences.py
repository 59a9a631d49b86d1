"""Where the tests' sentences come from, and what stands in for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sentences import OWN, find_sentences, split


def test_texts_are_cut_into_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("One.  Two is\tlonger!\n\nThree? x\n" + "y" * 400, encoding="utf-8")
    monkeypatch.setenv("TABLECLOTH_SEEDS", str(tmp_path))

    found = find_sentences()

    assert found.lines == ("One.", "Two is longer!", "Three?")
    assert "1 texts" in found.source


def test_our_own_stand_in_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLECLOTH_SEEDS", str(tmp_path / "nothing"))

    found = find_sentences()

    assert found.lines == OWN
    assert "our own" in found.source


def test_our_own_can_all_be_written_down() -> None:
    assert all(split(line) for line in OWN)
    assert any(not line.isascii() for line in OWN)
