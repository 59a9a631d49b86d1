"""`tablecloth bench`, small: it measures a real server, and leaves nothing behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration


def leftovers() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("tablecloth-bench-*"))


def test_it_measures_what_it_says() -> None:
    before = leftovers()
    words = [
        "--clients",
        "12",
        "--table",
        "6",
        "--seconds",
        "1.5",
        "--edits-per-s",
        "100",
        "--elements",
        "120",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tablecloth", "bench", *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert "fsync" in result["machine"]["durable"] or "on disk" in result["machine"]["durable"]
    (one,) = result["plans"]
    assert (one["clients"], one["boards"], one["left"], one["refusals"]) == (12, 2, 0, {})
    assert one["edits_per_s"] > 20
    assert one["deliveries_per_s"] == pytest.approx(6 * one["edits_per_s"], rel=0.01)
    assert 0 < one["p50_ms"] <= one["p99_ms"] <= one["max_ms"]
    assert one["cpu_s_per_million"] > 0
    assert result["join"]["elements"] == 120
    assert result["join"]["received_bytes"] > 120 * 20
    assert leftovers() <= before
