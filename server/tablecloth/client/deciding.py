"""What a program says and sees of the room's decisions: proposals, votes, the agreement (PROTOCOL-75)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tablecloth.client.board import Board
from tablecloth.core.agreement import NUMBERS
from tablecloth.core.decisions import Decisions, Proposal
from tablecloth.core.edits import AnyEdit
from tablecloth.core.room_kinds import ObjectEdit, ProposeEdit, ResumeEdit, TakeBackEdit, VoteEdit

_UNSTAMPED = ("", 0, 0)


@dataclass(slots=True, frozen=True)
class Agreement:
    """The agreement as it is in force. ``sections``: what was ever changed; None where words were withdrawn."""

    sections: Mapping[str, str | None]
    numbers: Mapping[str, int]


class Deciding:
    """The part of a ``Space`` that speaks on its own log. ``room`` opens it; the verbs do so by themselves."""

    id: str
    _open: dict[str, Board]

    async def open(self, board: str | None = None, *, whole: bool = False) -> Board:
        raise NotImplementedError

    async def room(self) -> Board:
        """The space's own log, followed from now on: ``proposals`` and ``agreement`` are then as of its tip."""
        return await self.open(self.id)

    @property
    def decisions(self) -> Decisions:
        """All that the room proposes and decided, as it is folded here; nothing before ``room``."""
        followed = self._open.get(self.id)
        return Decisions() if followed is None else followed.replica.confirmed.decisions

    @property
    def proposals(self) -> Mapping[str, Proposal]:
        """By id: open ones, and those that were decided (FOLD-114)."""
        return self.decisions.proposals

    @property
    def agreement(self) -> Agreement:
        """As it is in force here; the defaults before ``room``."""
        known = self.decisions
        return Agreement(known.sections, {name: known.number(name) for name in NUMBERS})

    async def propose(
        self,
        act: str,
        *,
        board: str = "",
        about: str = "",
        elements: Iterable[str] = (),
        values: Mapping[str, int] | None = None,
        words: Mapping[str, str] | None = None,
        why: str = "",
    ) -> str:
        """Propose something that touches everybody (FOLD-102 says which parts an act takes); the proposal's id,
        once it is in the log. Raises Refused with the fold's reason, and Gone.
        """
        ident = (await self.room()).replica.new_id()
        numbers: dict[str, int | str] = {**(values or {})}
        said = (act, board, about)
        await self._say(
            ProposeEdit(ident, *_UNSTAMPED, *said, list(elements), numbers, why, dict(words or {}))
        )
        return ident

    async def object(self, proposal: str, why: str = "") -> None:
        """Object: then the room votes. Raises Refused and Gone, as all of these."""
        await self._say(ObjectEdit(proposal, *_UNSTAMPED, why))

    async def vote(self, proposal: str, is_for: bool) -> None:
        """Vote; the last one counts."""
        await self._say(VoteEdit(proposal, *_UNSTAMPED, int(is_for)))

    async def take_back(self, proposal: str) -> None:
        """Take back one's own proposal."""
        await self._say(TakeBackEdit(proposal, *_UNSTAMPED))

    async def resume(self, proposal: str) -> None:
        """Let its time go on, which stood still."""
        await self._say(ResumeEdit(proposal, *_UNSTAMPED))

    async def _say(self, edit: AnyEdit) -> None:
        await (await self.room()).send([edit])
