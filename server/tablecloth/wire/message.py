"""A payload as one WebSocket message, server to participant: RFC 6455 §5.2, FIN, binary, not masked, not
compressed.

Made once for all receivers: a broadcast frames its bytes one time and writes the same object to every
transport.
"""

from __future__ import annotations


def binary_message(payload: bytes) -> bytes:
    """The bytes that go onto the socket."""
    size = len(payload)
    if size < 126:
        head = bytes((0x82, size))
    elif size < 65536:
        head = b"\x82\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x82\x7f" + size.to_bytes(8, "big")
    return head + payload
