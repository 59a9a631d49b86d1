"""What tests share. Fixtures live in modules here, named in `pytest_plugins` of tests/conftest.py."""
