"""What `tablecloth doctor` finds on machines that lack something, one thing at a time."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace

import pytest
from tablecloth import cli, doctor
from tablecloth.log import valkey_binary
from tablecloth.problems import SetupProblem

from tests.support.plain_words import assert_plain


def amiss(finding: doctor.Finding, *words: str) -> None:
    """It is amiss, says so plainly, and says what to do."""
    assert finding.verdict == "amiss"
    assert finding.do
    for sentence in (finding.what, finding.do):
        assert_plain(sentence, finding.about)
    for each in words:
        assert each in finding.what + finding.do


def test_all_is_well_or_said(tmp_path: Path) -> None:
    findings = list(doctor.examine(0, tmp_path))
    assert len(findings) == 12
    assert len({finding.about for finding in findings}) == 12
    for finding in findings:
        assert_plain(finding.what, finding.about)
        assert bool(finding.do) == (finding.verdict != "well") or "looked at" in finding.what


def test_python_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    amiss(doctor.python(), "3.9.2", "3.11")


def test_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(missing: str) -> Callable[[str], ModuleSpec | None]:
        return lambda name: None if name == missing else ModuleSpec(name, None)

    monkeypatch.setattr(doctor, "find_spec", without("msgspec"))
    amiss(doctor.packages(), "msgspec", "make run")
    monkeypatch.setattr(doctor, "find_spec", without("uvloop"))
    assert doctor.packages().verdict == "worth knowing"


def test_no_valkey(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "valkey-server"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(valkey_binary, "find_valkey", lambda: broken)
    amiss(doctor.store(), str(broken), "--valkey")

    def none() -> Path:
        raise SetupProblem("It is not there.", "Install it.")

    monkeypatch.setattr(valkey_binary, "find_valkey", none)
    amiss(doctor.store(), "It is not there.", "Install it.")


def test_a_folder_where_nothing_can_be_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    amiss(doctor.folder(file / "deeper"), str(file), "--data")
    assert "will be made" in doctor.folder(tmp_path / "new").what
    assert not (tmp_path / "new").exists()
    if os.geteuid() != 0:
        tmp_path.chmod(0o555)
        amiss(doctor.folder(tmp_path), "may not write")


def test_little_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def free(size: int) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=size))

    free(10 << 20)
    amiss(doctor.disk(tmp_path), "10 MiB")
    free(500 << 20)
    assert doctor.disk(tmp_path).verdict == "worth knowing"
    free(5 << 30)
    assert doctor.disk(tmp_path).what == "5.0 GiB free"


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        amiss(doctor.port_is_free(taken.getsockname()[1]), "Something else", "--port")
    assert doctor.port_is_free(0).verdict == "well"
    assert doctor.port_is_free(99_999).verdict == "amiss"


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from tablecloth import listening

    monkeypatch.setattr(listening, "local_addresses", list)
    assert doctor.network().verdict == "worth knowing"
    monkeypatch.setattr(listening, "local_addresses", lambda: ["192.168.1.7"])
    assert "192.168.1.7" in doctor.network().what


def test_a_page_that_is_not_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "server" / "tablecloth"
    monkeypatch.setattr(doctor, "_PACKAGE", package)
    amiss(doctor.page(), "not built", "make client")
    built = tmp_path / "client" / "dist"
    built.mkdir(parents=True)
    (built / "index.html").touch()
    assert doctor.page().verdict == "well"


@pytest.mark.parametrize("now", [0.0, 1e10])
def test_a_clock_that_cannot_be(now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: now)
    amiss(doctor.clock(), time.strftime("%Y", time.localtime(now)))


def test_a_terminal_without_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="ascii"))
    assert doctor.letters().verdict == "worth knowing"


def test_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 256))
    assert "256" in doctor.crowd().what


def test_no_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLECLOTH_CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(doctor, "_MAC_BROWSERS", ())
    assert doctor.browser().verdict == "worth knowing"


def test_a_check_that_breaks_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken() -> doctor.Finding:
        raise ZeroDivisionError

    monkeypatch.setattr(doctor, "clock", broken)
    findings = {finding.about: finding for finding in doctor.examine(0, tmp_path)}
    assert "could not be looked at" in findings["Clock"].what


def test_the_command_tells_all_and_answers_by_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    well, bad = (
        doctor.Finding("Page", "well", "built"),
        doctor.Finding("Port", "amiss", "It is taken.", "Do so."),
    )
    monkeypatch.setattr("tablecloth.commands.doctor.examine", lambda *_: iter([well]))
    assert cli.main(["doctor", "--data", str(tmp_path)]) == 0
    assert "OK    Page      built" in capsys.readouterr().out
    monkeypatch.setattr("tablecloth.commands.doctor.examine", lambda *_: iter([well, bad, bad]))
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "MEND  Port      It is taken.\n                Do so.\n" in out
    assert "2 things are to be mended first." in out
