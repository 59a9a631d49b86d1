"""Things that must not turn up in places where they don't belong, and a search that knows their disguises."""

from __future__ import annotations

import base64
import io
import json
import urllib.parse
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Canary:
    """Something recognisable, and what it is. `text` is empty for what are bytes and no words."""

    what: str
    text: str = ""
    data: bytes = b""

    @property
    def value(self) -> bytes:
        return self.data or self.text.encode()

    def disguises(self) -> set[bytes]:
        """Return it as it would look in logs, JSON, URLs, hex dumps and base64."""
        value = self.value
        forms = {value, value.hex().encode(), value.hex().upper().encode(), repr(value)[2:-1].encode()}
        # By the place at which it begins, base64 has three forms; what neighbours touch is left out.
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + value)
            inner = encoded[4 if shift else 0 : len(encoded) - len(encoded) % 4 - 4]
            forms |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
        if self.text:
            forms.add(json.dumps(self.text)[1:-1].encode())
            forms.add(urllib.parse.quote(self.text, safe="").encode())
            forms.add(ascii(self.text)[1:-1].encode())
        return {form for form in forms if len(form) >= 8}


def found_in(data: bytes, canaries: Iterable[Canary]) -> list[str]:
    """Return what was found where it should not be, with what stands around it."""
    found = []
    for canary in canaries:
        for form in canary.disguises():
            at = data.find(form)
            if at >= 0:
                found.append(f"{canary.what}: …{data[max(0, at - 60) : at + len(form) + 20]!r}…")
                break
    return found


def assert_absent(data: bytes | str, canaries: Iterable[Canary], where: str) -> None:
    """None of them is in there, in any disguise."""
    found = found_in(data.encode() if isinstance(data, str) else data, canaries)
    assert not found, f"{where} shows {'; '.join(found)}"


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive, which may be compressed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
