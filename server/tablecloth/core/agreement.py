"""The agreement of a space: which sections and numbers it has (FOLD-115, FOLD-116).

A section that nobody changed is not stored: each reader sees the default text in their own language. Numbers
stand here with default and bounds, for everybody to see; the bounds keep a room from locking itself in (a
vote of a second, a pause of a year).
"""

from __future__ import annotations

from dataclasses import dataclass

SECTIONS = ("purpose", "values", "fixed", "open", "decide", "photos", "retention")


@dataclass(slots=True, frozen=True)
class Number:
    """A number of the agreement, in the unit that its name says elsewhere."""

    default: int
    low: int
    high: int


NUMBERS = {
    "proposal": Number(5, 1, 1440),  # minutes until a proposal passes
    "vote": Number(5, 1, 1440),  # minutes of the vote after an objection
    "pause": Number(30, 1, 480),  # minutes that a pause lasts at most
    "lock": Number(480, 1, 480),  # minutes that a lock holds at most, on every board
    "retention": Number(
        365, 7, 3650
    ),  # days without an entry after which people want it deleted; nothing acts on it yet
}
BOARD_NUMBERS = ("lock",)
"""Those by which boards decide: they reach each board as a ruling."""


def numbers_fit(values: dict[str, int | str]) -> bool:
    """Whether all of these are numbers of the agreement within their bounds."""
    for name, value in values.items():
        number = NUMBERS.get(name)
        if number is None or not isinstance(value, int) or not number.low <= value <= number.high:
            return False
    return True
