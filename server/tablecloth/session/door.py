"""The door of one open board for one connection: which groups of edits are let through to the log, and in
what order.

It judges a group by the board as this worker has folded it *and* by the connection's own groups that are on
their way to the log (*flights*): a note and the words on it may follow each other without waiting. Its answer
is early advice; the log decides the n and the fold decides the rest.

Invariants: per session, n goes up by one with each group that is handed on, refusals that use it up included
(PROTOCOL-20); of a hand only k = last + 1 passes, flights counted (PROTOCOL-24); a flight counts until it is
refused or its last entry is folded here, so that between ack and fold nothing is counted twice or not at all.

Rejected: folding flights over a copy of the board (costs a copy a connection; the door would then refuse what
the log accepts whenever the copy and the log disagree about order).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from tablecloth.core.anonymous import may_write
from tablecloth.core.board import Board
from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    InkEdit,
    LockEdit,
    SetAsideEdit,
    SetEdit,
    TextEdit,
    UnlockEdit,
)
from tablecloth.core.elements import TYPES, values_fit
from tablecloth.core.room_kinds import PROPOSAL_EDITS
from tablecloth.core.rules import malformed, refusal

_TOO_OLD_OR_NEW = frozenset(("old-base", "future-base", "hole", "repeat"))
_MOVED = frozenset(("aside", "not-aside", "locked", "not-locked"))
_MOVES = frozenset((SetAsideEdit, BringBackEdit, LockEdit, UnlockEdit))
"""Asked by ``type(edit) in``: a fifth of what ``isinstance`` with four types takes, twice for every edit."""
_CLOCKS_MS = 2000
"""The log stamps edits by the store's clock. This close to a lock's end, it is the fold that says."""
_NO_KS: Mapping[tuple[str, str], int] = {}
_NO_ADDS: Mapping[str, str] = {}
_NO_MOVES: AbstractSet[str] = frozenset()


class Tally:
    """A session's numbers on this board: the next n."""

    __slots__ = ("next_n",)

    def __init__(self, mark: int) -> None:
        self.next_n = mark + 1


class Flight:
    """A group on its way to the log, and then until it is folded here. ``weight``: its bytes."""

    __slots__ = ("edits", "last_seq", "weight")

    def __init__(self, edits: Sequence[AnyEdit], weight: int) -> None:
        self.edits = edits
        self.weight = weight
        self.last_seq = 0


class Door:
    """One board's door. ``board`` is the worker's own fold of it, read and never written."""

    def __init__(self, board: Board, author: str, may_edit: bool) -> None:
        self.board = board
        self.author = author
        self.may_edit = may_edit
        self.tallies: dict[str, Tally] = {}
        self.flights: dict[tuple[str, int], Flight] = {}
        """Groups that the log hasn't answered, by (session, n)."""
        self._folding: deque[Flight] = deque()
        self._ks: dict[tuple[str, str], list[int]] = {}
        """Last k on its way and how many edits, by (element, hand)."""
        self._adds: dict[str, tuple[str, int]] = {}
        """Type and count of the adds on their way, by element."""
        self._moves: dict[str, int] = {}
        """How many edits on their way set an element aside, bring it back, lock or unlock it."""

    def judge(self, edits: Sequence[AnyEdit], now_ms: int, author: str | None = None) -> str | None:
        """Why this group is not let through, or None. Changes nothing. ``now_ms``: the worker's clock;
        ``author``: whose it is, if not this participant's under their pseudonym.
        """
        if not self.may_edit:
            return "view-only"
        if author is None:
            author = self.author
        elif self.board.decisions.is_paused(self.author, max(now_ms, self.board.at)):
            return "paused"  # PROTOCOL-80: a key is no way around what the room decided
        if len(edits) == 1:  # nearly always; nothing stands before it in the group then
            edit = edits[0]
            return malformed(edit) or self._judge_edit(edit, author, _NO_KS, _NO_ADDS, _NO_MOVES, now_ms)
        ks: dict[tuple[str, str], int] = {}
        adding: dict[str, str] = {}
        moving: set[str] = set()
        for edit in edits:
            code = malformed(edit) or self._judge_edit(edit, author, ks, adding, moving, now_ms)
            if code is not None:
                return code
            ks[(edit.element, edit.hand)] = edit.k
            if isinstance(edit, AddEdit):
                adding[edit.element] = edit.type
            elif type(edit) in _MOVES:
                moving.add(edit.element)
        return None

    def _judge_edit(
        self,
        edit: AnyEdit,
        author: str,
        ks: Mapping[tuple[str, str], int],
        adding: Mapping[str, str],
        moving: AbstractSet[str],
        now_ms: int,
    ) -> str | None:
        board = self.board
        element = board.elements.get(edit.element)
        if type(edit) in PROPOSAL_EDITS:
            code = refusal(board, self.author, edit, now_ms)
        elif board.board == board.space:
            code = "wrong-board"
        elif element is None and not isinstance(edit, AddEdit):
            flying = self._adds.get(edit.element)
            kind = adding.get(edit.element) or (flying[0] if flying is not None else None)
            if kind is None:
                return "unknown-element"
            if not may_write(author, edit.element):
                return "not-yours"
            code = "future-base" if edit.base > board.seq else unfit(kind, edit)
        else:
            late = -_CLOCKS_MS if isinstance(edit, UnlockEdit) else _CLOCKS_MS
            code = refusal(board, author, edit, now_ms + late)
        if code is not None and code in _MOVED and (edit.element in moving or edit.element in self._moves):
            code = None
        if code is None:
            return None if edit.k == self._last_k(edit, author, ks) + 1 else "rebase"  # PROTOCOL-24
        return "rebase" if code in _TOO_OLD_OR_NEW else code

    def _last_k(self, edit: AnyEdit, author: str, ks: Mapping[tuple[str, str], int]) -> int:
        here = (edit.element, edit.hand)
        in_group = ks.get(here)
        if in_group is not None:
            return in_group
        folded = self.board.hands(edit.element).get((author, edit.hand), 0)
        flying = self._ks.get(here)
        return folded if flying is None or flying[0] < folded else flying[0]

    def depart(self, session: str, n: int, edits: Sequence[AnyEdit], weight: int) -> None:
        """Count a group as on its way; none of its edits for a refusal or a repeat. ``weight``: its bytes."""
        self.flights[(session, n)] = Flight(edits, weight)
        for edit in edits:
            element = edit.element
            here = (element, edit.hand)
            known = self._ks.get(here)
            if known is None:
                self._ks[here] = [edit.k, 1]
            else:
                known[0] = edit.k
                known[1] += 1
            if isinstance(edit, AddEdit):
                _, count = self._adds.get(element, ("", 0))
                self._adds[element] = (edit.type, count + 1)
            elif type(edit) in _MOVES:
                self._moves[element] = self._moves.get(element, 0) + 1

    def arrive(self, session: str, n: int, seq: int, code: str | None, mark: int) -> Flight | None:
        """The log's answer for a group; the flight, if there was one. ``seq`` is that of its first entry."""
        flight = self.flights.pop((session, n), None)
        if code == "gap":
            self._go_back(session, n, mark)
        if flight is not None and flight.edits:
            if code is None:
                flight.last_seq = seq + len(flight.edits) - 1
                self._folding.append(flight)
            else:
                self._forget(flight)
        return flight

    def _go_back(self, session: str, n: int, mark: int) -> None:
        """The log has less of this session than was believed here: begin again after its mark, unless earlier
        groups are still to be answered.
        """
        tally = self.tallies.get(session)
        if tally is not None and not any(s == session and other < n for s, other in self.flights):
            tally.next_n = min(tally.next_n, mark + 1)

    def settle(self) -> None:
        """Stop counting flights whose entries are folded here. Cheap, and a repeat is harmless."""
        folding = self._folding
        while folding and folding[0].last_seq <= self.board.seq:
            self._forget(folding.popleft())

    def _forget(self, flight: Flight) -> None:
        for edit in flight.edits:
            element = edit.element
            here = (element, edit.hand)
            known = self._ks[here]
            if known[1] > 1:
                known[1] -= 1
            else:
                del self._ks[here]
            if isinstance(edit, AddEdit):
                kind, count = self._adds[element]
                if count > 1:
                    self._adds[element] = (kind, count - 1)
                else:
                    del self._adds[element]
            elif type(edit) in _MOVES:
                if self._moves[element] > 1:
                    self._moves[element] -= 1
                else:
                    del self._moves[element]


def unfit(kind: str, edit: AnyEdit) -> str | None:
    """What a type alone says against an edit, for an element whose ``add`` is not folded yet (FOLD-10)."""
    row = TYPES.get(kind)
    if row is None:
        return "bad-value"
    match edit:
        case SetEdit():
            fits = values_fit(kind, edit.values) and all(name in row.words for name in edit.words)
            return None if fits else "bad-value"
        case TextEdit():
            return None if edit.field in row.fields else "no-such-field"
        case InkEdit():
            return None if row.has_ink else "no-such-field"
        case _:
            return None
