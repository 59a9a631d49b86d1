"""Two people writing one text at once, as traces: a real one, and ones made from a seed.

A trace says for each step who made it, what it changed over the words as this person saw them, and how many
of the other's steps that person knew by then. Everything else (the log's order, how late messages are) is
free: in whatever order a server takes the steps, the text at the end is the same. That is so because
insertions at one place never meet in the traces that are made here, and because in the real one the agent
who sorts first is agent 0 where they do.

`strange_trace` finds its end without rebasing anything: letters keep their identity in one list, deleted
ones stay as tombstones until both know, and nobody is let write where the other may be writing just now.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeAlias

DATA = Path(__file__).resolve().parents[1] / "data"

Patch: TypeAlias = tuple[int, int, str]
"""(position, deleted, inserted), in code points."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction: ``known`` of the other agent's steps were on this agent's screen. Never fewer than
    before.
    """

    agent: int
    known: int
    patches: list[Patch]


@dataclass(frozen=True, slots=True)
class Trace:
    """Steps in an order in which they can have happened, and the text after all of them. Agents are 0 and
    1.
    """

    name: str
    steps: list[Step]
    end: str

    def of(self, agent: int) -> list[Step]:
        """One agent's own steps."""
        return [step for step in self.steps if step.agent == agent]

    def bases(self) -> Iterator[tuple[Step, int]]:
        """Each step with its base, if the steps are the log's lines from 1 on: the last line up to which
        the agent knew everything of the other's.
        """
        lines: tuple[list[int], list[int]] = ([], [])
        for line, step in enumerate(self.steps, 1):
            others = lines[1 - step.agent]
            yield step, others[step.known] - 1 if step.known < len(others) else line - 1
            lines[step.agent].append(line)


def friends_forever() -> Trace:
    """Real typing (tests/data/README.md). Agent 0's author id must sort before agent 1's."""
    with gzip.open(DATA / "friendsforever.json.gz", "rt", encoding="utf-8") as file:
        raw = json.load(file)
    made = [0, 0]
    clocks: list[tuple[int, int]] = []
    steps = []
    for transaction in raw["txns"]:
        agent = transaction["agent"]
        parents = [clocks[parent] for parent in transaction["parents"]]
        clock = [max((parent[side] for parent in parents), default=0) for side in (0, 1)]
        assert clock[agent] == made[agent], "somebody's own steps follow one another"
        steps.append(
            Step(agent, clock[1 - agent], [(at, gone, new) for at, gone, new in transaction["patches"]])
        )
        made[agent] += 1
        clock[agent] += 1
        clocks.append((clock[0], clock[1]))
    return Trace("friendsforever", steps, raw["endContent"])


# --- made from a seed ---------------------------------------------------------------------------------------

CLUSTERS = (
    *"abcdefghijklmnop     .,\n",
    *["السلام", "عليكم", "كيف", "؟", "اَلْ", "لا", "ﷺ", " و"],
    *["👩🏽‍⚕️", "👨‍👩‍👧‍👦", "🇦🇲", "😀", "🏳️‍🌈", "𝄞", "1️⃣"],
    *["e\u0301", "o\u0308\u0323", "ก็", "हिन्दी", "נִקּוּד", "Z\u0351\u036b\u0343"],
)


@dataclass(slots=True, eq=False)
class _Letter:
    """One code point for ever. ``number`` of the step of ``agent`` that wrote it; ``gone``: who deleted it,
    and when.
    """

    char: str
    agent: int
    number: int
    gone: dict[int, int] = field(default_factory=dict)

    def is_seen(self, agent: int, known: int) -> bool:
        """Whether it was written, as far as an agent knows."""
        return self.agent == agent or self.number < known

    def is_there(self, agent: int, known: int) -> bool:
        """Whether it stands on the agent's screen."""
        return self.is_seen(agent, known) and not any(
            who == agent or when < known for who, when in self.gone.items()
        )


class _Paper:
    """The letters of both agents in one order, and who knows what."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.letters: list[_Letter] = []
        self.made = [0, 0]
        self.known = [0, 0]
        self.heard = [0, 0]
        """How many steps there were when somebody last heard of all of them."""
        self.caret = [0, 0]

    def screen(self, agent: int) -> list[_Letter]:
        known = self.known[agent]
        return [letter for letter in self.letters if letter.is_there(agent, known)]

    def listen(self, agent: int) -> None:
        """Let an agent hear of some of the other's steps; forget letters that both know to be gone."""
        behind = self.made[1 - agent] - self.known[agent]
        self.known[agent] += self.random.choice(
            [0, 0, min(1, behind), behind, self.random.randint(0, behind)]
        )
        self.letters = [
            letter
            for letter in self.letters
            if not (
                letter.gone
                and letter.is_seen(1 - letter.agent, self.known[1 - letter.agent])
                and all(when < self.known[1 - who] for who, when in letter.gone.items())
            )
        ]

    def place(self, agent: int, screen: list[_Letter], position: int) -> int | None:
        """Where in the order an insertion goes; None if it might meet one that the agent doesn't know yet.

        Letters that are gone for anybody don't keep two insertions apart: rebasing forgets where they stood.
        """
        index = self.letters.index(screen[position - 1]) + 1 if position else 0
        for side in (reversed(self.letters[:index]), self.letters[index:]):
            for letter in side:
                if not letter.is_seen(agent, self.known[agent]):
                    return None
                if not letter.gone:
                    break
        return index

    def step(self, agent: int) -> Step | None:
        """One step of an agent; None where they had better wait."""
        if sum(self.made) - self.heard[agent] > 60:  # FOLD-34: the window is not endless
            self.known[agent], self.heard[agent] = self.made[1 - agent], sum(self.made)
        screen, number, random = self.screen(agent), self.made[agent], self.random
        position = min(self.caret[agent], len(screen))
        if random.random() < 0.08:
            position = random.randint(0, len(screen))
        deleted = min(position, random.choices([0, 1, random.randint(2, 12)], [85, 12, 3])[0])
        position -= deleted
        inserted = "" if deleted and random.random() < 0.7 else random.choice(CLUSTERS)
        if inserted:
            index = self.place(agent, screen, position)
            if index is None:
                return None
            self.letters[index:index] = [_Letter(char, agent, number) for char in inserted]
        for letter in screen[position : position + deleted]:
            letter.gone[agent] = number
        self.caret[agent] = position + len(inserted)
        self.made[agent] += 1
        return Step(agent, self.known[agent], [(position, deleted, inserted)])


def strange_trace(seed: int, length: int) -> Trace:
    """Emoji of many parts, Arabic with marks, combining marks; single code points of them are deleted."""
    random = Random(seed)
    paper = _Paper(random)
    steps: list[Step] = []
    while len(steps) < length:
        agent = random.randrange(2)
        for _ in range(min(random.randint(1, 12), length - len(steps))):
            if random.random() < 0.4:
                paper.listen(agent)
            step = paper.step(agent)
            if step is None:
                paper.caret[agent] = random.randint(0, len(paper.screen(agent)))
                paper.listen(agent)
            else:
                steps.append(step)
    end = "".join(letter.char for letter in paper.letters if not letter.gone)
    return Trace(f"strange {seed}", steps, end)
