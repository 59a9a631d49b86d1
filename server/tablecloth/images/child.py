"""The process in which one picture is read: it has bounds that hold whatever a decoder is talked into.

    stdin   the bytes that came
    stdout  one line of JSON, {"type", "w", "h"} or {"code"}, and after it the bytes that are kept

Before a byte is read: memory, CPU seconds, no file that could grow, no further file or socket at all (the
soft and the hard limit), no core dump, and a low priority. It has no environment but what Python needs to
start, so there is no secret to find. ``decoding`` starts and ends it.
"""

from __future__ import annotations

import json
import os
import resource
import sys

from tablecloth import limits
from tablecloth.images.reading import TooLarge, Unread, prepare, read

_OPEN_FILES = 3
"""stdin, stdout, stderr: those are open already."""
_NICE = 10


def _bound() -> None:
    bounds = {
        resource.RLIMIT_AS: limits.IMAGE_DECODE_BYTES,
        resource.RLIMIT_CPU: limits.IMAGE_DECODE_CPU_S,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for bound, most in bounds.items():
        resource.setrlimit(bound, (most, most))
    os.nice(_NICE)


def main() -> None:
    """Read one picture."""
    prepare()
    _bound()
    data = sys.stdin.buffer.read(limits.IMAGE_MAX_BYTES + 1)
    kept = b""
    try:
        media_type, width, height, kept = read(data)
        said: dict[str, object] = {"type": media_type, "w": width, "h": height}
    except Unread:
        said = {"code": "picture-unread"}
    except (TooLarge, MemoryError):
        said = {"code": "picture-large"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    sys.stdout.buffer.write(kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
