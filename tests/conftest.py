"""Names the plugins that hold fixtures; each part's fixtures live in a module of tests/support."""

import signal

import pytest

pytest_plugins: list[str] = [
    "tests.support.valkey",
    "tests.support.any_log",
    "tests.support.server",
    "tests.support.shared_server",
    "tests.support.browser",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make walk` says: how long a random walk is."""
    parser.addoption("--walk-acts", default="", help="acts of the random walk in tests/browser/test_walk.py")


def pytest_configure() -> None:
    """Programs under test hear Ctrl+C, also where whoever began the tests in the background had it ignored:
    what is ignored is ignored by all children too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
