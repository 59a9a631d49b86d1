"""The command ``tablecloth``: its words, their help, and the one place where a SetupProblem becomes words
on stderr.

Nothing heavy is imported before a command is chosen, so that ``--help`` answers at once (a test measures
it). What a command does stands in ``commands``; each gets the parsed arguments and ``print``, and answers
an exit code: 0 good, 1 it found something amiss, 2 it could not do its work, 130 Ctrl+C.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypedDict

from tablecloth import __version__
from tablecloth.problems import SetupProblem

_SERVER = "http://127.0.0.1:8080"


class _Parser(argparse.ArgumentParser):
    """argparse, but it speaks as the rest of Tablecloth does."""

    def error(self, message: str) -> NoReturn:
        raise SetupProblem(_plainly(message, self.prog), f"See: {self.prog} --help")


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


class _Form(TypedDict):
    allow_abbrev: bool
    formatter_class: type[argparse.HelpFormatter]


_FORM = _Form(allow_abbrev=False, formatter_class=_Help)


def _plainly(message: str, prog: str) -> str:
    """What argparse complains about, in the house's words."""
    about, _, said = message.removeprefix("argument ").partition(": ")
    if required := re.fullmatch(r"the following arguments are required: (.*)", message):
        return f"{prog} needs to know {required[1]}."
    if unknown := re.fullmatch(r"unrecognized arguments: (.*)", message):
        return f"{prog} doesn't know what {unknown[1]} means."
    if chosen := re.match(r"invalid choice: '?(.*?)'? \(", said):
        return f"{prog} doesn't know what {chosen[1]} means."
    if said.startswith("expected "):
        return f"{about} needs a value after it."
    return f"{about} {said}." if said else message


def _whole(what: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise argparse.ArgumentTypeError(f"needs {what}, not {text[:40]!r}")
        return int(text)

    return read


def _positive(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) <= 0:
        raise argparse.ArgumentTypeError(f"needs a number above 0, not {text[:40]!r}")
    return float(text)


def _counts(text: str) -> list[int]:
    if not re.fullmatch(r"[1-9][0-9]{0,5}(,[1-9][0-9]{0,5})*", text):
        raise argparse.ArgumentTypeError(f"needs whole numbers with commas between them, not {text[:40]!r}")
    return [int(part) for part in text.split(",")]


def _tables(text: str) -> list[int | None]:
    return [size for part in text.split(",") for size in ([None] if part == "all" else _counts(part))]


def _tip(text: str) -> tuple[int, str]:
    if not re.fullmatch(r"[0-9]{1,15}:[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("needs the number and the chain, like 120:5f…e1")
    seq, _, chain = text.partition(":")
    return int(seq), chain


# --- the words of each command ----------------------------------------------------------------------------


def _serve_words(words: argparse.ArgumentParser) -> None:
    everywhere = "0.0.0.0"  # noqa: S104 (people in the room are to reach it)
    words.add_argument("--host", default=everywhere, help="address to listen on (all of this machine's)")
    words.add_argument("--port", type=_whole("a number"), default=8080, help="port (8080; 0: any free one)")
    words.add_argument("--data", type=Path, metavar="DIR", help="where boards are kept (your data folder)")
    words.add_argument("--valkey", metavar="URL", help="a Valkey of your own instead of the built-in")
    words.add_argument("--workers", type=_whole("a number"), default=1, metavar="N", help="processes (1)")
    words.add_argument(
        "--host-name", default="", metavar="NAME", help="who runs this machine; guests are told"
    )
    words.add_argument("--contact", default="", metavar="WORDS", help="how they can be reached; told too")
    words.add_argument("--public-url", metavar="URL", help="what links begin with, behind a proxy")
    words.add_argument(
        "--origin", action="append", default=[], metavar="URL", help="a page elsewhere that may connect"
    )
    words.add_argument("--records", choices=["console", "json"], default="console", help="how records look")


def _new_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("title", metavar="TITLE", help="what the space is about, in one line")
    words.add_argument("--server", default=_SERVER, metavar="URL", help=f"a running server ({_SERVER})")
    words.add_argument("--json", action="store_true", help="print what the server answers, for programs")


def _join_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("link", metavar="LINK", help="the link to the space, between quotes")
    words.add_argument("--name", default="", help="your name there (none)")
    words.add_argument("--board", metavar="ID", help="one of its boards (the first)")
    words.add_argument("--until-now", action="store_true", help="print what there is, then stop")


def _export_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("link", metavar="LINK", help="the link to the space, between quotes")
    words.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="like board.zip")
    words.add_argument("--board", metavar="ID", help="one of its boards (all)")
    words.add_argument("--no-names", action="store_true", help="leave out the names under which people wrote")


def _verify_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("archive", type=Path, metavar="FILE", help="what export wrote")
    words.add_argument(
        "--seal", metavar="SEAL", help="its seal, as you noted it: the five words, or its code"
    )
    words.add_argument("--against", type=Path, metavar="FILE", help="another copy, to compare entry by entry")
    words.add_argument("--tip", type=_tip, metavar="SEQ:CHAIN", help="a place in the log that you noted")


def _doctor_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("--port", type=_whole("a number"), default=8080, help="the port to look at (8080)")
    words.add_argument("--data", type=Path, metavar="DIR", help="the folder to look at (your data folder)")


def _bench_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("--clients", type=_counts, default=[100, 500, 1000], help="how many (100,500,1000)")
    words.add_argument("--seconds", type=_positive, default=10.0, help="how long each measurement takes (10)")
    words.add_argument("--edits-per-s", type=_positive, metavar="N", help="of all clients together (16 each)")
    words.add_argument(
        "--table", type=_tables, default=[25, None], metavar="N", help="how many share a board (25,all)"
    )
    words.add_argument(
        "--mix", default="text=60,move=25,add=10,ink=5", help="edits (text=60,move=25,add=10,ink=5)"
    )
    words.add_argument("--elements", type=_whole("a number"), default=10_000, help="to join (10000; 0: none)")
    words.add_argument("--json", action="store_true", help="print the figures for programs")


_COMMANDS: dict[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]] = {
    "serve": ("run boards on this machine", "serve --port 9000", _serve_words),
    "new": ("start a space on a running server", 'new "What would we begin tomorrow?"', _new_words),
    "join": ("print what happens on a board", "join 'http://10.0.0.5:8080/s/…#…' --name Ada", _join_words),
    "export": ("take a space or a board away as one file", "export 'http://…#…' -o board.zip", _export_words),
    "verify": ("check such a file against its own log", "verify board.zip", _verify_words),
    "doctor": ("say what is wrong with this machine's set-up", "doctor", _doctor_words),
    "bench": ("measure this machine", "bench --clients 100 --seconds 5", _bench_words),
}


def parser() -> argparse.ArgumentParser:
    """All commands with their help."""
    top = _Parser(prog="tablecloth", description="Shared boards for people who work as equals.", **_FORM)
    top.add_argument("--version", action="version", version=f"tablecloth {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (what, example, add_words) in _COMMANDS.items():
        epilog = f"example:\n  tablecloth {example}"
        about = f"{what[0].upper()}{what[1:]}."
        words = commands.add_parser(name, help=what, description=about, epilog=epilog, **_FORM)
        add_words(words)
    return top


# --- carrying them out ------------------------------------------------------------------------------------


def _run(words: argparse.Namespace) -> int:
    command = importlib.import_module(f"tablecloth.commands.{words.command}")
    return int(command.run(words, _say))


def _say(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; answers the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows ? instead of nothing
    try:
        return _run(parser().parse_args(arguments))
    except SetupProblem as problem:
        print("\n".join(filter(None, [problem.what, problem.do])), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it; nothing is to be flushed into a closed pipe at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
