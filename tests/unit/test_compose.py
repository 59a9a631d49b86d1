"""The image and the compose file: what an ack needs of Valkey, and that they and the command line agree.

There are no containers here. `tests/integration/test_topology.py` starts the same topology as processes.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.support.compose import compose_file, config_of, container_commands, options
from tests.support.vectors import ROOT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return compose_file()


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    pairs = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(name.upper(), rest) for name, rest in pairs]


def last(dockerfile: list[tuple[str, str]], name: str) -> str:
    return [rest for instruction, rest in dockerfile if instruction == name][-1]


class TestValkey:
    def test_an_ack_means_on_disk(self, compose: dict[str, Any]) -> None:
        given = options(compose["services"]["valkey"]["command"])

        assert given["appendonly"] == "yes"
        assert given["appendfsync"] == "always"

    def test_full_memory_drops_no_board(self, compose: dict[str, Any]) -> None:
        assert options(compose["services"]["valkey"]["command"])["maxmemory-policy"] == "noeviction"

    def test_writes_to_a_volume(self, compose: dict[str, Any]) -> None:
        volume, _, folder = compose["services"]["valkey"]["volumes"][0].partition(":")

        assert volume in compose["volumes"]
        assert folder == "/data"

    def test_is_not_open_to_the_network(self, compose: dict[str, Any]) -> None:
        assert "ports" not in compose["services"]["valkey"]


class TestServer:
    def test_two_workers_on_that_valkey(self, compose: dict[str, Any]) -> None:
        service = compose["services"]["tablecloth"]
        given = options(service["command"])

        assert given["workers"] == "2"
        assert given["valkey"].startswith("redis://valkey:6379")
        assert service["depends_on"]["valkey"]["condition"] == "service_healthy"

    def test_is_reached_from_outside(self, compose: dict[str, Any]) -> None:
        service = compose["services"]["tablecloth"]
        given = options(service["command"])
        inside = [str(port).split(":")[-1] for port in service["ports"]]

        assert given["host"] == "0.0.0.0"
        assert inside == [given["port"]]

    def test_its_data_lies_on_a_volume(self, compose: dict[str, Any]) -> None:
        service = compose["services"]["tablecloth"]
        volume, _, folder = service["volumes"][0].partition(":")

        assert volume in compose["volumes"]
        assert options(service["command"])["data"] == folder


@pytest.mark.parametrize("name", ["valkey", "tablecloth"])
class TestEveryService:
    def test_is_checked_restarted_and_given_time(self, name: str, compose: dict[str, Any]) -> None:
        service = compose["services"][name]

        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
        # TRAPS 13: workers say `moving` and flush before they go.
        assert int(service["stop_grace_period"].removesuffix("s")) >= 10


class TestImage:
    def test_runs_as_nobody_in_particular(self, dockerfile: list[tuple[str, str]]) -> None:
        assert last(dockerfile, "USER") not in {"root", "0"}

    def test_installs_what_is_locked(self, dockerfile: list[tuple[str, str]]) -> None:
        installs = [rest for name, rest in dockerfile if name == "RUN" and "pip install" in rest]

        assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)
        assert any("requirements.lock" in rest for rest in installs)

    def test_is_checked_where_it_listens(self, dockerfile: list[tuple[str, str]]) -> None:
        port = last(dockerfile, "EXPOSE")

        assert options(json.loads(last(dockerfile, "CMD")))["port"] == port
        assert f":{port}/healthz" in last(dockerfile, "HEALTHCHECK")

    def test_its_data_lies_on_a_volume(self, dockerfile: list[tuple[str, str]]) -> None:
        assert options(json.loads(last(dockerfile, "CMD")))["data"] == last(dockerfile, "VOLUME")

    def test_copies_nothing_private(self) -> None:
        ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

        assert {".git", ".venv"} <= {line.strip("/") for line in ignored}


@pytest.mark.parametrize("command", container_commands(), ids=shlex.join)
def test_the_command_line_takes_it(command: list[str]) -> None:
    config = config_of(command)

    given = options(command)
    assert (config.host, config.port, str(config.data)) == (given["host"], int(given["port"]), given["data"])
    assert config.workers == int(given.get("workers", 1))
    assert config.valkey == given.get("valkey")
    assert config.checked() == config
