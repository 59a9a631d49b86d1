"""The command line itself: its help, its words, its exit codes. What commands do with a server:
tests/integration.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tablecloth import cli
from tablecloth.archive.package import pack
from tablecloth.client import Folded
from tablecloth.commands.lines import line, shown
from tablecloth.core.edits import Entry
from tablecloth.core.fold import Outcome
from tablecloth.problems import SetupProblem
from tablecloth.replica.board import Replica
from tablecloth.wire.frames import Entries

from tests.support.plain_words import complaints
from tests.support.small_boards import ADA, BOARD, PEOPLE, SPACE, one_of_everything

COMMANDS = ["serve", "new", "join", "export", "verify", "doctor", "bench"]
LINK = "http://127.0.0.1:1/s/nosuchspace#" + "A" * 43


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    text = said(capsys)
    assert f"example:\n  tablecloth {command}" in text
    assert not complaints(text.replace("\n", " ")[:200])


def test_help_is_there_at_once() -> None:
    """Nothing heavy is imported before a command is chosen."""
    program = "import sys; from tablecloth.cli import parser; parser(); print(sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    for heavy in ("msgspec", "redis", "starlette", "uvicorn", "websockets", "httpx", "asyncio", "segno"):
        assert f"'{heavy}'" not in found, heavy
    took = min(work_of("-m", "tablecloth", "--help") for _ in range(5))
    assert took - min(work_of("-c", "pass") for _ in range(5)) < 0.15


def work_of(*program: str) -> float:
    """CPU seconds that a Python takes for a program: a busy machine makes the clock say anything."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *program], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert said(capsys).startswith("tablecloth 0.")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "tablecloth needs to know COMMAND."),
        (["nonsense"], "tablecloth doesn't know what nonsense means."),
        (["serve", "--nonsense"], "--nonsense"),
        (["serve", "--port"], "--port needs a value after it."),
        (["serve", "--port", "eighty"], "--port needs a number, not 'eighty'."),
        (["serve", "--records", "loud"], "loud"),
        (["export", LINK], "tablecloth export needs to know -o/--output."),
        (["verify"], "tablecloth verify needs to know FILE."),
        (["verify", "x.zip", "--tip", "5"], "--tip needs the number and the chain"),
        (["bench", "--clients", "1,0"], "--clients needs whole numbers"),
        (["bench", "--table", "25,some"], "--table needs whole numbers"),
        (["bench", "--seconds", "0"], "--seconds needs a number above 0"),
        (["join", "http://x/s/y"], "This is not a link to a space."),
        (["join", LINK[:-30]], "after the # is missing or incomplete"),
        (["new", "T", "--server", "localhost"], "not the address of a server"),
        (["new", "T", "--server", "http://127.0.0.1:1"], "No server answers at http://127.0.0.1:1."),
        (["verify", "/nowhere/board.zip"], "/nowhere/board.zip can't be opened"),
        (["export", LINK, "-o", "/nowhere/board.zip"], "There is no folder /nowhere."),
        (["export", LINK, "-o", "/tmp"], "/tmp is a folder."),
    ],
)
def test_words_that_do_not_work_are_told(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    text = said(capsys)
    assert told in text
    for each in text.splitlines():
        assert not complaints(each), each
    assert "A" * 13 not in text


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (KeyboardInterrupt(), 130, ""),
        (SetupProblem("So it is.", "Do this."), 2, "So it is.\nDo this.\n"),
        (SetupProblem("So it is."), 2, "So it is.\n"),
    ],
)
def test_what_ends_a_command(
    raised: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(*_: object) -> int:
        raise raised

    monkeypatch.setattr(cli, "_run", run)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr() == ("", told)


def test_a_reader_that_has_enough_is_no_trouble() -> None:
    """As with `tablecloth doctor | head -0`: whoever reads goes away at once."""
    command = [sys.executable, "-m", "tablecloth", "doctor", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


class _Answer(BaseHTTPRequestHandler):
    """A server that answers every POST with what the test wants."""

    status, body = 201, b"{}"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it)
        pass


@pytest.fixture
def answering() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_new_shows_links_and_a_code_to_scan(answering: str, capsys: pytest.CaptureFixture[str]) -> None:
    space = {"id": "s", "title": "Tomorrow", "boards": [], "edit_link": LINK, "view_link": "http://look"}
    _Answer.status, _Answer.body = 201, json.dumps(space).encode()
    assert cli.main(["new", "Tomorrow", "--server", answering + "/"]) == 0
    text = said(capsys)
    assert LINK in text
    assert "http://look" in text
    assert "█" in text
    assert cli.main(["new", "Tomorrow", "--server", answering, "--json"]) == 0
    assert json.loads(said(capsys)) == space


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (429, b'{"code": "slow-down", "words": "Try again in a minute."}', "Try again in a minute."),
        (200, b"<html>", "is no Tablecloth server"),
        (500, b"{}", "didn't start a space"),
    ],
)
def test_new_hands_on_what_the_server_says(
    answering: str, status: int, body: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _Answer.status, _Answer.body = status, body
    assert cli.main(["new", "Tomorrow", "--server", answering]) == 2
    assert told in said(capsys)


def test_verify_answers_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = one_of_everything()
    data = pack(log.fold(), log.entries, PEOPLE)
    file = tmp_path / "board.zip"
    file.write_bytes(data)
    assert cli.main(["verify", str(file)]) == 0
    text = said(capsys)
    assert "is whole" in text
    assert f"18:{log.fold().chain.hex()}" in text
    assert cli.main(["verify", str(file), "--tip", "18:" + "0" * 64]) == 1
    file.write_bytes(data.replace(b"A door", b"A wall"))
    assert cli.main(["verify", str(file)]) == 1
    assert "is not as it was written" in said(capsys)


def test_every_entry_has_a_line() -> None:
    log = one_of_everything()
    reader = Replica(SPACE, BOARD, "reader-0001", lambda: "none-0001")
    folded = [event for event in reader.receive(Entries(BOARD, log.entries)) if isinstance(event, Folded)]
    lines = [line(each, PEOPLE, reader.confirmed)[10:] for each in folded]
    assert lines[0] == "The space  begins “What now?”"
    assert lines[1] == "Ada  adds a zone at -40, -70"
    assert lines[4] == "Ada  writes “A door that I can lock, & <b>a key</b>” into a note"
    assert lines[8] == "Ada  draws a stroke: 3 points"
    assert lines[9] == "Ada  changes a stroke: alt"
    assert lines[13] == "Ben & co  sets a note aside: “later”"
    assert lines[14] == "Ada  brings a note back"
    assert lines[15] == "Ada  moves a note in the pile"


def test_a_line_keeps_a_terminal_whole() -> None:
    assert shown("\x1b[31mred\x07\n") == " [31mred  "
    assert shown("\ufffc") == "░"
    assert len(shown("x" * 500)) == 60
    unreadable = Folded(Entry(1, 2**53 - 1, b"", None), None, None, Outcome("unreadable"))
    told = line(unreadable, {ADA: "\x1b[2J"}, Replica(SPACE, BOARD, ADA, str).confirmed)
    assert "says what can't be read  (changed nothing:" in told
