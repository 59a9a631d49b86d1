"""What the image and the compose file run, read from them."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tablecloth.cli import parser
from tablecloth.commands import serve as serve_command
from tablecloth.config import Config

from tests.support.vectors import ROOT


def compose_file() -> dict[str, Any]:
    """Return docker-compose.yml as it is parsed."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def options(command: list[str]) -> dict[str, str]:
    """Return the options of a command that all take a value."""
    return {
        command[place].removeprefix("--"): command[place + 1]
        for place in range(len(command) - 1)
        if command[place].startswith("--")
    }


def container_commands() -> list[list[str]]:
    """Return what the containers run, without the program's name: the compose file's, and the image's."""
    image = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert image
    return [compose_file()["services"]["tablecloth"]["command"], json.loads(image.group(1))]


def config_of(command: list[str]) -> Config:
    """Return what the real command line makes of a command, just before it would serve."""
    words: Namespace = parser().parse_args(command)
    assert words.command == "serve"
    caught: list[Config] = []

    def catch(config: Config, say: Callable[[str], None]) -> None:
        caught.append(config)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serve_command, "serve", catch)
        serve_command.run(words, print)
    return caught[0]
