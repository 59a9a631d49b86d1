"""Elements of XML as text, and words that may stand in them. What every part of a picture is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias
from xml.sax.saxutils import escape

from tablecloth.core.text import PLACEHOLDER

Attributes: TypeAlias = Mapping[str, str | float]


def number(value: float) -> str:
    """A length in a picture: a tenth of a board unit is finer than any print."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def tag(name: str, attributes: Attributes, content: str = "") -> str:
    """One element of XML. The values of attributes are our own, or ids, and need no escaping."""
    said = "".join(
        f' {key}="{value if isinstance(value, str) else number(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def safe(words: str) -> str:
    """Words that may stand in XML 1.0. The door lets no control characters in (FOLD-37); a log from
    elsewhere may hold some.
    """
    shown = words.replace(PLACEHOLDER, "░")
    kept = "".join(sign for sign in shown if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"))
    return escape(kept, {'"': "&quot;"})
