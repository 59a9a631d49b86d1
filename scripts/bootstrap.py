"""Find a Python that is new enough, and hand over to environment.py with it.

Every Python 3 must understand this file, however old, or people would be shown
a syntax error in place of an answer. So: no f-strings, no annotations of variables.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWER_NAMES = ["python3.14", "python3.13", "python3.12", "python3.11"]
HERE = os.path.dirname(os.path.abspath(__file__))

TOO_OLD = """
Tablecloth needs Python {oldest} or newer. This one is {found}, and no newer one is on your PATH.

  Debian 12 or newer, Ubuntu 24.04 or newer:  sudo apt install python3 python3-venv
  macOS:                                      brew install python@3.13

If you have a newer one elsewhere:  make run PYTHON=/path/to/python3.13
"""


def is_new_enough(python: str) -> bool:
    """Tell whether the command starts a Python that we can use."""
    question = "import sys; sys.exit(sys.version_info < ({}, {}))".format(*OLDEST)
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call([python, "-c", question], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def main() -> None:
    arguments = [os.path.join(HERE, "environment.py")] + sys.argv[1:]  # noqa: RUF005
    candidates = [sys.executable] if sys.version_info >= OLDEST else NEWER_NAMES
    for python in candidates:
        if is_new_enough(python):
            sys.stdout.flush()
            os.execvp(python, [python] + arguments)  # noqa: RUF005, S606
    oldest = "{}.{}".format(*OLDEST)
    sys.exit(TOO_OLD.format(oldest=oldest, found="{}.{}.{}".format(*sys.version_info[:3])).strip())


if __name__ == "__main__":
    main()
