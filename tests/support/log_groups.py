"""Groups for tests of logs, and a model of what a log answers (PROTOCOL-20, 21, 23)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tablecloth.log.interface import Answer, Group, Place

from tests.support.valkey import new_id

AUTHOR, SESSION = "author-one", "session-number-one"


def group(
    place: Place,
    *,
    n: int,
    author: str = AUTHOR,
    session: str = SESSION,
    entries: Sequence[tuple[bytes, bytes | None]] | None = None,
) -> Group:
    """A group that was admitted; of one small entry unless it is said otherwise."""
    if entries is None:
        entries = [(b"%s of %s" % (str(n).encode(), author.encode()), None)]
    return Group(place, author, session, n, tuple(entries))


def refused(place: Place, *, n: int, code: str, author: str = AUTHOR, session: str = SESSION) -> Group:
    """A group that was refused at the door."""
    return Group(place, author, session, n, (), code)


class Model:
    """A log as simple as can be, and random groups to ask it with: next ones, repeats, gaps, refusals."""

    def __init__(self, spaces: list[str], source: random.Random) -> None:
        self.random = source
        self.places = [Place(space, new_id("board")) for space in spaces for _ in range(3)]
        self.sessions = [
            (place, f"author-{author}", f"session-{author}-{tab}-of-it")
            for place in self.places
            for author in ("one", "two")
            for tab in range(2)
        ]
        self._logs: dict[Place, list[tuple[int, bytes, bytes | None]]] = {place: [] for place in self.places}
        self._outcomes: dict[tuple[Place, str, str], list[int | str]] = {key: [] for key in self.sessions}

    def log(self, place: Place) -> list[tuple[int, bytes, bytes | None]]:
        """(seq, head, body) of a board's entries."""
        return self._logs[place]

    def mark(self, place: Place, author: str, session: str) -> int:
        return len(self._outcomes[place, author, session])

    def some_groups(self) -> list[Group]:
        """What a tick might bring. Within it sessions go on from where they will be by then, mostly."""
        ahead = {key: len(outcomes) for key, outcomes in self._outcomes.items()}
        groups = []
        for _ in range(self.random.randrange(1, 12)):
            key = self.random.choice(self.sessions)
            step = self.random.choices([1, 0, 2, -1, -5, 30], [12, 2, 1, 1, 1, 1])[0]
            n = max(1, ahead[key] + step)
            ahead[key] = max(ahead[key], n if step == 1 else 0)
            groups.append(self._group(key, n))
        return groups

    def _group(self, key: tuple[Place, str, str], n: int) -> Group:
        if self.random.random() < 0.15:
            return Group(*key, n, (), self.random.choice(["aside", "bad-value", "unknown-element", "x"]))
        entries = tuple(
            (self.random.randbytes(self.random.randrange(1, 40)), self._body())
            for _ in range(self.random.choice([1, 1, 1, 2, 5]))
        )
        return Group(*key, n, entries)

    def _body(self) -> bytes | None:
        return None if self.random.random() < 0.3 else self.random.randbytes(self.random.randrange(300))

    def settle(self, groups: list[Group]) -> list[Answer]:
        """What must be answered."""
        return [self._settle(group) for group in groups]

    def _settle(self, group: Group) -> Answer:
        outcomes = self._outcomes[group.place, group.author, group.session]
        mark = len(outcomes)
        if group.n > mark + 1:
            return Answer(0, "gap", False, mark)
        if group.n == mark + 1:
            if group.refusal is None:
                log = self._logs[group.place]
                outcomes.append(len(log) + 1)
                for head, body in group.entries:
                    log.append((len(log) + 1, head, body))
            else:
                outcomes.append(group.refusal)
        outcome = outcomes[group.n - 1]
        seq, code = (outcome, None) if isinstance(outcome, int) else (0, outcome)
        return Answer(seq, code, group.n <= mark, len(outcomes))
