"""Names the plugins that hold fixtures; each part's fixtures live in a module of tests/support."""

pytest_plugins: list[str] = [
    "tests.support.valkey",
    "tests.support.any_log",
    "tests.support.server",
    "tests.support.shared_server",
    "tests.support.browser",
]
