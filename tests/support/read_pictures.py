"""Reads pictures that are mutated from a seed, in one process with the bounds of `images.child`, and says
what each came to: a line a picture. For `tests/unit/test_images.py`: if a decoder brings it down, there are
lines missing.
"""

from __future__ import annotations

import collections
import io
import random
import resource
import sys

from PIL import Image
from tablecloth import limits
from tablecloth.images.reading import TooLarge, Unread, prepare, read

from tests.support.pictures import mutated


def main() -> None:
    rng = random.Random(sys.argv[1])
    prepare()
    resource.setrlimit(resource.RLIMIT_AS, (limits.IMAGE_DECODE_BYTES, limits.IMAGE_DECODE_BYTES))
    counts: collections.Counter[str] = collections.Counter()
    for number in range(int(sys.argv[2])):
        data = mutated(rng)
        try:
            media_type, width, height, kept = read(data)
        except (Unread, TooLarge, MemoryError) as problem:
            outcome = type(problem).__name__
        else:
            image = Image.open(io.BytesIO(kept))
            image.load()
            assert image.size == (width, height), number
            assert f"image/{str(image.format).lower()}" == media_type, number
            assert not image.getexif(), number
            outcome = "read"
        counts[outcome] += 1
    print(*(f"{name}={count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
