"""The codec at the door: what is a frame, what is none, and that nothing else is ever raised (PROTOCOL-4)."""

from __future__ import annotations

import pytest
from tablecloth.wire.codec import BadFrame, decode_from_participant, entries_frame
from tablecloth.wire.limits import MAX_MESSAGE_BYTES

from tests.support.bad_frames import Known, bad_frame, frame_parts, pack, plain
from tests.support.chance import chance
from tests.support.reading import unpack

CASES = 6000


@pytest.mark.parametrize("frame", frame_parts(Known()))
def test_good_frames_are_read(frame: str) -> None:
    decode_from_participant(pack(plain(frame_parts(Known())[frame])))


def test_bad_frames_are_refused_and_nothing_else_is_raised() -> None:
    rng, _ = chance("bad frames")

    for _ in range(CASES):
        case = bad_frame(rng, Known())
        with pytest.raises(BadFrame) as refused:
            decode_from_participant(case.data)
        assert str(refused.value), case.name


def test_too_long_is_refused_unread() -> None:
    with pytest.raises(BadFrame):
        decode_from_participant(b"\x81\xa1t\xa4ping" + bytes(MAX_MESSAGE_BYTES))


@pytest.mark.parametrize("count", [0, 1, 15, 16, 65_535, 65_536])
def test_entries_are_framed_as_others_would(count: int) -> None:
    entries = [pack([seq, 0, b"head", None]) for seq in range(1, count + 1)]

    frame = unpack(entries_frame("boardboard", entries))

    assert frame == {
        "t": "entries",
        "board": "boardboard",
        "entries": [[seq, 0, b"head", None] for seq in range(1, count + 1)],
    }
