"""Make sure that there is a Chromium for the browser tests, and print where.

One that is here is used; else root on Debian gets Debian's, and everybody
else the one that playwright fetches for itself.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.chromium import find_chromium  # noqa: E402

NONE = """
No Chromium was found, and none could be fetched. The browser tests need one.

  Debian:  sudo apt install chromium
  Ubuntu:  sudo snap install chromium
  macOS:   brew install --cask chromium

One that lies elsewhere:  make test TABLECLOTH_CHROMIUM=/path/to/chromium
"""


def is_root_on_debian() -> bool:
    """Tell whether apt may be used without asking anybody."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None


def fetch() -> None:
    """Try to get a Chromium. Whether that worked is for the caller to look."""
    print("Getting a Chromium for the browser tests.", flush=True)
    if is_root_on_debian():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Chromium is Debian's own; on Ubuntu the package only points to a snap, so a failure here goes on.
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, check=False)
        if find_chromium():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    try:
        found = find_chromium()
        if found is None:
            fetch()
            found = find_chromium()
    except FileNotFoundError as missing:
        raise SystemExit(str(missing)) from None
    if found is None:
        raise SystemExit(NONE.strip())
    print(f"Chromium: {found}")


if __name__ == "__main__":
    main()
