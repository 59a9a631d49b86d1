"""Bytes to frames and back. At the door, any exception of the decoder is one refusal (PROTOCOL-4)."""

from __future__ import annotations

import msgspec

from tablecloth.core.edits import Id
from tablecloth.core.entry import array_head
from tablecloth.wire.frames import FromParticipant, FromServer, Number
from tablecloth.wire.limits import MAX_MESSAGE_BYTES


class _Addressed(msgspec.Struct):
    """As much of an edit that can't be read as a refusal needs."""

    t: str
    board: Id
    n: Number


_decode_address = msgspec.msgpack.Decoder(_Addressed).decode
_decode_participant = msgspec.msgpack.Decoder(FromParticipant).decode
_decode_server = msgspec.msgpack.Decoder(FromServer).decode
encode = msgspec.msgpack.Encoder().encode
"""A frame as the bytes of one binary message."""


class BadFrame(ValueError):
    """Bytes that are no frame of this protocol. The text says what is wrong, in plain words."""


def decode_from_participant(data: bytes) -> FromParticipant:
    """What a participant sent. Raises BadFrame, and nothing else, for anything that is not a frame."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise BadFrame(f"The message is longer than {MAX_MESSAGE_BYTES} bytes.")
    try:
        frame: FromParticipant = _decode_participant(data)
    except Exception as error:  # TRAPS 18: nesting, lengths and UTF-8 each raise something of their own
        raise BadFrame(str(error) or type(error).__name__) from error
    return frame


def edit_address(data: bytes) -> tuple[str | None, int]:
    """Board and n of an ``edit`` that can't be read, as far as these can (PROTOCOL-4); else None and 0. Never
    raises.
    """
    try:
        address: _Addressed = _decode_address(data)
    except Exception:  # noqa: BLE001 (TRAPS 18)
        return None, 0
    return (address.board, address.n) if address.t == "edit" else (None, 0)


def decode_from_server(data: bytes) -> FromServer:
    """What a server sent; for the Python client and tests. Raises BadFrame. Of any length."""
    try:
        frame: FromServer = _decode_server(data)
    except Exception as error:
        raise BadFrame(str(error) or type(error).__name__) from error
    return frame


def entries_frame(board: str, entries: list[bytes]) -> bytes:
    """An ``entries`` frame around entries that are encoded already: they are not encoded again."""
    head = b"\x83\xa1t\xa7entries\xa5board" + encode(board) + b"\xa7entries"
    return b"".join((head, array_head(len(entries)), *entries))
