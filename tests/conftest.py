"""Names the plugins that hold fixtures; each part's fixtures live in a module of tests/support."""

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
