"""Find a Chromium on this machine, and say how tests start it.

Any Chromium or Chrome will do: people's own browsers aren't ours to choose.
Looked for in this order: TABLECLOTH_CHROMIUM, the PATH, where macOS keeps
applications, and what `playwright install chromium` fetched.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC_APPS = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"]
# Under the folder where playwright keeps browsers; it renames the inner ones now and then.
PLAYWRIGHT_PATTERNS = [
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/*/*headless*shell",
]

# A renderer a window for suggestions in an address bar that nobody sees: more work than opening a board.
_SUGGESTIONS = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]
# What Playwright leaves out too: Chromium heeds only the last such list on its command line.
_AS_PLAYWRIGHT = [
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]


def find_chromium() -> Path | None:
    """Return the Chromium to test with, or None. A TABLECLOTH_CHROMIUM that isn't there raises."""
    chosen = os.environ.get("TABLECLOTH_CHROMIUM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise FileNotFoundError(f"TABLECLOTH_CHROMIUM names {chosen}, which cannot be started.")
        return Path(chosen)
    return next(candidates(), None)


def candidates() -> Iterator[Path]:
    """Yield every Chromium that is here, best first."""
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            yield Path(found)
    for folder in [Path("/Applications"), Path.home() / "Applications"]:
        yield from (folder / app for app in MAC_APPS if os.access(folder / app, os.X_OK))
    for folder in playwright_folders():
        for pattern in PLAYWRIGHT_PATTERNS:
            # The newest first: its revision is in its path.
            yield from (
                path for path in sorted(folder.glob(pattern), reverse=True) if os.access(path, os.X_OK)
            )


def playwright_folders() -> list[Path]:
    """Where playwright keeps the browsers it fetched."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen:
        return [Path(chosen)]
    return [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]


def launch_flags() -> list[str]:
    """Return the flags for tests: no calls home, and no sandbox only where root could not have one."""
    flags = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--disable-features={','.join([*_SUGGESTIONS, *_AS_PLAYWRIGHT])}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.insert(0, "--no-sandbox")
    return flags
