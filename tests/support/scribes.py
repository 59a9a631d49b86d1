"""Participants who write sentences as people do, and remember what they wrote.

A sentence becomes a note that is typed in bursts, with slips that are taken back; some notes move, some are
set aside and some of those come back. Now and then a sentence goes to the end of a note that all of the
board share. Every act is remembered with what its author was told of it, so that a log can be held against
it afterwards: nothing is missing, nothing is there twice, and each author's acts stand in their order.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tablecloth.client import Board, Refused

from tests.support.reading import Line

SLIPS = ("teh ", "adn ", "...", "xx", "🙃", "ه")


@dataclass
class Act:
    """One edit as its author meant it. `told`: None while nothing was heard, "" once taken, else a code."""

    kind: str
    element: str
    content: Any
    told: str | None = None


@dataclass
class Scribe:
    """A participant on one board. `on_act` hears of each settled act, `on_sentence` of each sentence."""

    board: Board
    author: str
    rng: random.Random
    lines: tuple[str, ...]
    shared_note: str
    on_act: Callable[[], None]
    on_sentence: Callable[[], None]
    is_careful: bool = False
    """Whether notes are either moved by others or set aside, and never both."""
    acts: list[Act] = field(default_factory=list)
    finished: dict[str, str] = field(default_factory=dict)
    """Notes that only this scribe wrote in, with the words that must stand there."""

    async def write(self, count: int) -> None:
        """Write that many sentences, one after the other."""
        for _ in range(count):
            sentence = self.rng.choice(self.lines)
            if self.rng.random() < 0.08:
                await self._add_to_shared(sentence)
            else:
                await self._write_note(sentence)
            self.on_sentence()

    async def _write_note(self, sentence: str) -> None:
        values = {"x": self.rng.randrange(-5000, 5000), "y": self.rng.randrange(-5000, 5000)}
        act = self._begin("add", "", ("note", values))
        adding = self.board.add("note", x=values["x"], y=values["y"])
        act.element = note = await self._settle(act, adding) or ""
        assert note, f"adding a note was refused: {act.told}"
        await self._type(note, sentence)
        self.finished[note] = sentence
        chance = self.rng.random()
        if chance < 0.10:
            await self._move(self.rng.choice(list(self.finished)))
        elif chance < 0.13:
            await self._move_any()
        elif chance < 0.18 and not (self.is_careful and _is_for_all(note)):
            await self._set_aside(note)

    async def _type(self, note: str, sentence: str) -> None:
        """Type a sentence in bursts; some wait for each other, some are under way together."""
        hurried: list[asyncio.Task[Any]] = []
        at = 0
        while at < len(sentence):
            burst = sentence[at : at + self.rng.randrange(6, 40)]
            slip = self.rng.choice(SLIPS) if self.rng.random() < 0.08 else ""
            hurried.append(self._splice(note, at, 0, burst + slip))
            at += len(burst)
            if slip:
                hurried.append(self._splice(note, at, len(slip), ""))
            if self.rng.random() < 0.5:
                await asyncio.gather(*hurried)
                hurried.clear()
        await asyncio.gather(*hurried)

    async def _add_to_shared(self, sentence: str) -> None:
        """Write at the end of what stands in the shared note, as far as it has come here."""
        end = len(self.board.elements[self.shared_note].text)
        await self._splice(self.shared_note, end, 0, sentence + "\n")

    def _splice(self, note: str, at: int, deleted: int, inserted: str) -> asyncio.Task[Any]:
        act = self._begin("text", note, (deleted, inserted))
        return asyncio.create_task(self._settle(act, self.board.type_nowait(note, at, deleted, inserted)))

    async def _move(self, note: str) -> None:
        values = {"x": self.rng.randrange(-5000, 5000), "y": self.rng.randrange(-5000, 5000)}
        await self._settle(self._begin("set", note, values), self.board.set(note, **values))

    async def _move_any(self) -> None:
        notes = [note for note in self.board.elements if not self.is_careful or _is_for_all(note)]
        if notes:
            await self._move(self.rng.choice(notes))

    async def _set_aside(self, note: str) -> None:
        why = self.rng.choice(["", "said already", "for the other table"])
        await self._settle(self._begin("set-aside", note, why or None), self.board.set_aside(note, why=why))
        if self.rng.random() < 0.5:
            await self._settle(self._begin("bring-back", note, None), self.board.bring_back(note))

    def _begin(self, kind: str, element: str, content: Any) -> Act:
        act = Act(kind, element, content)
        self.acts.append(act)
        return act

    async def _settle(self, act: Act, doing: Any) -> Any:
        """Wait for what becomes of an act. A refusal is an outcome too."""
        try:
            done = await doing
        except Refused as refused:
            # What the fold found too late to apply is in the log all the same.
            act.told = "" if refused.is_logged else refused.code
            done = None
        else:
            act.told = ""
        self.on_act()
        return done


def _is_for_all(note: str) -> bool:
    """By its random id, so that everybody chooses alike."""
    return note[-1].islower()


def act_of(line: Line) -> Act:
    """Return an entry of a log as the act that it came from."""
    items = line.items
    content: Any = None
    match line.kind:
        case "add":
            content = (items[6], items[7])
        case "set":
            content = items[6]
        case "text":
            content = (sum(deleted for _, deleted, _ in items[7]), line.content)
        case "set-aside":
            content = line.content
    return Act(line.kind, line.element, content, "")


def assert_remembered(scribe: Scribe, lines: list[Line]) -> None:
    """What the log has of this author is what was acknowledged to them: all of it, once, in their order."""
    meant = [act for act in scribe.acts if act.told == ""]
    held = [act_of(line) for line in lines[1:] if line.author == scribe.author]
    if scribe.is_careful:
        # A log that went back got each note's acts again in their order (FOLD-4), but not all notes' at once.
        meant.sort(key=lambda act: act.element)
        held.sort(key=lambda act: act.element)
    for place, (mine, logs) in enumerate(zip(meant, held, strict=False)):
        assert mine == logs, f"act {place} of {scribe.author} was {mine}, and the log has {logs}"
    assert len(meant) == len(held), f"{scribe.author} did {len(meant)} acts, and the log has {len(held)}"
