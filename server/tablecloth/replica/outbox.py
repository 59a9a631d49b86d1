"""Groups on their way to one board's log: their numbers, and what may be sent when. No I/O, no clock.

Rules: PROTOCOL-20 to PROTOCOL-24. A group is *new*, then *sent*; the answer makes it *acked* (until its
entries are folded), *held* (refused without using its n: send again) or *stale* (its k or base no longer
fits: write anew). A lost connection makes what was sent *again*: the same n, hands and k's, in other words
at most, because the log may have taken it.

Invariants: groups stand in the order in which they were made; numbers grow along it. Numbers are taken back
only when every sent group has been answered, so a number never means two things in one session.

Rejected: rewriting at once what was refused, while later groups of the same hand are still under way. It
saves one round trip in a case that is rare, and doubles the states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from tablecloth.core.edits import AnyEdit
from tablecloth.core.fold import Outcome
from tablecloth.replica.words import Typed
from tablecloth.wire.limits import MAX_GROUP_EDITS

N_KEPT = frozenset({"gap", "busy", "read-only", "slow-down", "not-open"})
"""Refusals after which the same group is sent again under the same n (PROTOCOL-23)."""
_WIDEST = 48
"""Groups under way at once: so few that two who type their fastest stay within a field's window (FOLD-34)."""
_NARROWEST = 4


class State(Enum):
    NEW = "new"
    AGAIN = "again"
    SENT = "sent"
    ACKED = "acked"
    HELD = "held"
    STALE = "stale"


@dataclass(slots=True, eq=False)
class Item:
    """One edit as it is, or will be, sent; ``typed`` is its words carried to the present field."""

    edit: AnyEdit
    typed: Typed | None = None
    keeps_base: bool = False
    """Its base was given by the caller: it is sent as it was written."""


@dataclass(slots=True, eq=False)
class Group:
    """Edits that become entries together. ``items`` are those that are not folded; ``outcomes`` fills as
    they are.
    """

    items: list[Item]
    n: int | None = None
    state: State = State.NEW
    message: list[Item] = field(default_factory=list)
    """What was sent under ``n``, folded or not."""
    unfolded: int = 0
    """How many of ``message`` are not folded yet."""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def elements(self) -> set[str]:
        """Those that it is about."""
        return {item.edit.element for item in self.items}

    def edits(self) -> list[AnyEdit]:
        """Its edits that are not folded yet."""
        return [item.edit for item in self.items]

    def number(self, n: int) -> None:
        """Fix what is sent under ``n``. What doesn't fit in one frame goes after it (words that others'
        words took apart).
        """
        self.n = n
        self.message = self.items[:MAX_GROUP_EDITS]
        self.unfolded = len(self.message)


@dataclass(slots=True)
class Outbox:
    """The groups of one session on one board that the fold does not hold yet."""

    missing: set[str] = field(default_factory=set)
    """Elements that a log lost (PROTOCOL-10): their edits wait until whoever made these brings them back."""
    used: int = 0
    """The last n that has an outcome in the log, as far as this side knows."""
    _next: int = 1
    _flight: list[Group] = field(default_factory=list)
    _queue: deque[Group] = field(default_factory=deque)
    _is_stale: bool = False
    _window: float = _WIDEST

    def __iter__(self) -> Iterator[Group]:
        """Every group that is not settled, in the order in which they were made."""
        yield from self._flight
        yield from self._queue

    def __len__(self) -> int:
        return len(self._flight) + len(self._queue)

    @property
    def is_fresh(self) -> bool:
        """Whether this session never sent anything on this board."""
        return self._next == 1 and self.used == 0

    def add(self, group: Group) -> None:
        """One more group, the last."""
        self._queue.append(group)

    def put_first(self, groups: list[Group]) -> None:
        """Groups that came back from the log (PROTOCOL-10), before all others. Only while nothing is under
        way.
        """
        self._queue.extendleft(reversed(groups))
        self._is_stale = True

    def settle(self, group: Group, used: bool = True) -> None:
        """All of a group is folded, or it was dropped; ``used``: whether its n has an outcome in the log."""
        if used:
            self.used = max(self.used, group.n or 0)
        (self._flight if group in self._flight else self._queue).remove(group)

    def make_stale(self, group: Group | None = None) -> None:
        """What is not under way is to be written anew, and so is ``group`` if one is given."""
        self._is_stale = True
        if group is not None:
            self.used = max(self.used, group.n or 0)
            group.state = State.STALE

    def opened(self, mark: int) -> bool:
        """The log says which n it holds an outcome for. False: it forgot some, so a new session is needed."""
        if mark < self.used:
            return False
        self.used = mark
        self._next = max(self._next, mark + 1)
        return True

    def acked(self, n: int) -> None:
        """Group n is durable; it is dropped once folded (PROTOCOL-22). Often it was folded already and is
        gone from here.
        """
        self.used = max(self.used, n)
        self._window = min(_WIDEST, self._window + 0.25)
        for group in self._flight:
            if group.n == n and group.state is State.SENT:
                group.state = State.ACKED

    def refused(self, n: int, code: str) -> Group | None:
        """Take in a refusal. Returns the group if it will never apply; the caller drops it. Else it is sent
        again, or anew.
        """
        if code not in N_KEPT and code != "bad-frame":
            self.used = max(self.used, n)
        if code in {"busy", "slow-down"}:
            self._window = max(_NARROWEST, self._window / 2)
        group = next((g for g in self._flight if g.n == n and g.state is State.SENT), None)
        if group is None:
            return None
        if code in N_KEPT:
            group.state = State.HELD
            return None
        self._is_stale = True  # PROTOCOL-23: its k's are not used, so later ones of its hands no longer fit
        if code == "rebase":
            group.state = State.STALE
            return None
        return group

    def lost(self) -> None:
        """The connection is gone: what was sent may be in the log or not."""
        for group in self._flight:
            if group.state in {State.SENT, State.HELD}:
                group.state = State.AGAIN

    def restart(self) -> None:
        """A new session begins: numbers from 1, and what was sent is sent once more (its k keeps it from
        counting twice).
        """
        self._queue.extendleft(reversed(self._flight))
        self._flight.clear()
        for group in self._queue:
            group.n, group.state = None, State.NEW
        self.used, self._next = 0, 1

    def to_rewrite(self) -> list[Group]:
        """The groups to write anew, or none: not while any is under way. They are new and unnumbered from
        here on.
        """
        if not self._is_stale or self._has(State.SENT, State.AGAIN, State.ACKED):
            return []
        self._is_stale = False
        self._unnumber()
        return list(self._queue)

    def sendable(self, renew: Callable[[Group], None]) -> list[Group]:
        """What to send now, in this order; from here on it counts as sent.

        ``renew`` may say a group in other words at the last moment, with the same meaning and k's.
        """
        if self._has(State.HELD) and not self._is_stale and not self._has(State.SENT, State.AGAIN):
            self._unnumber()
        under_way = {State.SENT, State.ACKED}
        room = int(self._window) - sum(group.state in under_way for group in self._flight)
        chosen = [group for group in self._flight if group.state is State.AGAIN][: max(0, room)]
        for group in chosen:
            renew(group)
        is_free = not self._is_stale and not self._has(State.HELD)
        for group in self._ready(room - len(chosen)) if is_free else ():
            self._queue.remove(group)
            renew(group)
            group.number(self._next)
            self._next += 1
            self._flight.append(group)
            chosen.append(group)
        for group in chosen:
            group.state = State.SENT
        return chosen

    def _ready(self, count: int) -> list[Group]:
        """The next of the queue, without those whose elements are lost, and what comes after these on any of
        their elements: a hand's k's stay in their order.
        """
        if not self.missing:
            return list(islice(self._queue, max(0, count)))
        ready: list[Group] = []
        waiting = set(self.missing)
        for group in self._queue:
            if group.elements & waiting:
                waiting |= group.elements
            elif len(ready) < count:
                ready.append(group)
        return ready

    def _has(self, *states: State) -> bool:
        return any(group.state in states for group in self._flight)

    def _unnumber(self) -> None:
        """What was refused goes back to the head of the queue; the numbers go on after the log's mark.

        Right only when everything was answered: then the mark is ``used``.
        """
        back = [group for group in self._flight if group.state in {State.HELD, State.STALE}]
        for group in back:
            group.n, group.state = None, State.NEW
        self._flight = [group for group in self._flight if group not in back]
        self._queue.extendleft(reversed(back))
        self._next = self.used + 1
