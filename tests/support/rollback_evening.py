"""People who write on one board while its log goes back again and again, and what they know of it afterwards.

In memory (``replica_peers``), so that hundreds of evenings fit where a real store gives one. Every sign that
is written is another one: so the log itself says what is missing, what is there twice, and what somebody
had deleted and has again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tablecloth.core.edits import (
    AddEdit,
    AnyEdit,
    BringBackEdit,
    Entry,
    SetAsideEdit,
    SetEdit,
    SetHead,
    TextEdit,
    TextHead,
)
from tablecloth.replica.board import Replica
from tablecloth.replica.events import Folded
from tablecloth.replica.outbox import Group
from tablecloth.replica.view import Elements, Seen
from tablecloth.wire.frames import Entries

from tests.support.replica_peers import BOARD, SPACE, Log, Peer, same_boards, settle

SHARED = "note-shared"
HARMLESS = frozenset({"aside", "not-aside"})
"""What may become of an edit when two move one thing to the margin; no words and no places are lost by it."""


@dataclass
class Mood:
    """What people do on an evening. ``leaves_others``: each writes in their own notes and the shared one."""

    leaves_others: bool = False
    steps: int = 400
    rollbacks: float = 0.012
    cuts: float = 0.02
    absences: float = 0.01
    latecomers: int = 0
    """So many come in the course of the evening, to a board whose past they don't know."""


@dataclass
class Writer:
    """One who writes, and what they did: groups with the signs they brought and took, and the places."""

    peer: Peer
    own: list[str] = field(default_factory=list)
    brought: list[tuple[Group, str]] = field(default_factory=list)
    took: list[tuple[Group, str]] = field(default_factory=list)
    placed: list[tuple[Group, int]] = field(default_factory=list)
    added: list[tuple[Group, str]] = field(default_factory=list)
    away: int = 0
    is_late: bool = False

    def write(self, *edits: AnyEdit) -> Group:
        return self.peer.replica.write(list(edits))

    def add(self, ident: str, signs: str) -> None:
        edits: list[AnyEdit] = [AddEdit(ident, "", 0, 0, "note", {"x": 1})]
        if signs:
            edits.append(TextEdit(ident, "", 0, 0, "text", [(0, 0, len(signs))], signs))
        group = self.write(*edits)
        self.own.append(ident)
        self.added.append((group, ident))
        self.brought += [(group, sign) for sign in signs]

    def splice(self, note: Seen, position: int, deleted: int, signs: str) -> None:
        gone = note.text[position : position + deleted]
        splices = [(position, deleted, len(signs))]
        group = self.write(TextEdit(note.id, "", 0, 0, "text", splices, signs))
        self.brought += [(group, sign) for sign in signs]
        self.took += [(group, sign) for sign in gone]


class Evening:
    """``seed`` makes the same evening again, to the letter."""

    def __init__(self, seed: int, mood: Mood, people: int = 3) -> None:
        self.chance = random.Random(seed)
        self.mood = mood
        self.log = Log()
        self.log.chance = random.Random(seed + 1)
        self.signs = 0
        self.places = 0
        self.writers = [
            Writer(Peer(self.log, f"peer-{place}-0001", random.Random(seed * 31 + place)))
            for place in range(people)
        ]
        self.peers = [writer.peer for writer in self.writers]
        settle(self.peers)
        self.writers[0].add(SHARED, self.sign())
        settle(self.peers)
        self.floor = len(self.log.entries) if mood.leaves_others else 1

    def sign(self) -> str:
        self.signs += 1
        return chr(0x4E00 + self.signs)

    # --- the evening --------------------------------------------------------------------------------------

    def spend(self) -> None:
        chance, mood = self.chance, self.mood
        arrivals = set(chance.sample(range(mood.steps // 4, mood.steps), mood.latecomers))
        for step in range(mood.steps):
            if step in arrivals:
                self.come_late()
            writer = chance.choice(self.writers)
            roll = chance.random()
            if roll < 0.35:
                self.act(writer)
            elif roll < 0.35 + mood.cuts:
                writer.peer.disconnect()
            elif roll < 0.35 + mood.cuts + mood.absences:
                writer.peer.disconnect()
                writer.away = chance.randint(5, 80)
            elif roll < 0.35 + mood.cuts + mood.absences + mood.rollbacks:
                self.roll_back()
            elif writer.away > 0:
                writer.away -= 1
            else:
                writer.peer.step()
        settle(self.peers)

    def come_late(self) -> None:
        place = len(self.peers)
        peer = Peer(self.log, f"peer-{place}-0001", random.Random(self.chance.random()))
        self.writers.append(Writer(peer, is_late=True))
        self.peers.append(peer)

    def roll_back(self) -> None:
        for peer in self.peers:
            peer.disconnect()
        tip = len(self.log.entries)
        deepest = max(self.floor, tip - self.chance.choice((5, 20, 60)))
        self.log.roll_back(self.chance.randint(deepest, tip))

    def act(self, writer: Writer) -> None:
        elements = Elements(writer.peer.replica)
        notes = [one for one in elements.values() if self._may_write(writer, one.id)]
        if not notes or self.chance.random() < 0.08:
            writer.add(writer.peer.new_id(), self.sign() if self.chance.random() < 0.7 else "")
            return
        note = self.chance.choice(notes)
        roll = self.chance.random()
        if roll < 0.55:
            writer.splice(note, self.chance.randint(0, len(note.text)), 0, self.sign())
        elif roll < 0.78:
            self.slip_or_delete(writer, note)
        elif roll < 0.9 and (note.id != SHARED or not self.mood.leaves_others):
            self.places += 1
            group = writer.write(SetEdit(note.id, "", 0, 0, {"x": self.places}))
            writer.placed.append((group, self.places))
        elif roll < 0.96:
            writer.write(SetAsideEdit(note.id, "", 0, 0, ""))
        else:
            writer.write(BringBackEdit(note.id, "", 0, 0))

    def _may_write(self, writer: Writer, ident: str) -> bool:
        return not self.mood.leaves_others or ident == SHARED or ident in writer.own

    def slip_or_delete(self, writer: Writer, note: Seen) -> None:
        length = len(note.text)
        if length and self.chance.random() < 0.5:
            start = self.chance.randrange(length)
            deleted = min(self.chance.randint(1, 3), length - start)
            writer.splice(note, start, deleted, self.sign() if self.chance.random() < 0.3 else "")
            return
        writer.splice(note, length, 0, self.sign() + self.sign())
        writer.splice(Elements(writer.peer.replica)[note.id], length + 1, 1, "")

    # --- what must hold afterwards ------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """What is lost, there twice, or back though it was deleted, in words; none if all is well."""
        same_boards(self.log, self.peers)
        said, placed = self._said()
        on_the_board = {
            sign
            for one in Elements(self.peers[0].replica).values()
            if one.kind == "note"
            for sign in one.text
        }
        # Who came later than the place to which the log went back can only put words as near as can be.
        blurred = {sign for writer in self.writers if writer.is_late for _, sign in writer.took}
        ends = {id(group): reason for peer in self.peers for group, reason in peer.ends}
        faults: list[str] = []
        for writer in self.writers:
            name = writer.peer.author
            known = [*writer.brought, *writer.took, *writer.placed, *writer.added]
            for group in {id(group): group for group, _ in known}.values():
                reason = ends.get(id(group), "it never ended")
                if reason is not None and reason not in HARMLESS:
                    faults.append(f"{name}: {reason}")
            for _, sign in writer.brought:
                if said.count(sign) != 1:
                    faults.append(f"{name}: {sign} was written {said.count(sign)} times")
            faults += [f"{name}: {sign} is back" for _, sign in writer.took if sign in on_the_board - blurred]
            for _, place in writer.placed:
                if placed.count(place) != 1 and place not in self._late_places():
                    faults.append(f"{name}: x = {place} was set {placed.count(place)} times")
            there = self.peers[0].replica.confirmed.elements
            faults += [f"{name}: {ident} is gone" for _, ident in writer.added if ident not in there]
        return faults

    def _late_places(self) -> set[int]:
        """Places for what lay in the margin when they came (again): the log decides, and says so."""
        return {
            value
            for peer in self.peers
            for group, reason in peer.ends
            for edit in (item.edit for item in group.message)
            if reason in HARMLESS and isinstance(edit, SetEdit)
            for value in edit.values.values()
            if isinstance(value, int)
        }

    def _said(self) -> tuple[str, list[int]]:
        """All signs that the log's text entries brought, and all places that were set."""
        signs, places = "", []
        for event in replayed(self.log.entries):
            if event.outcome.reason is not None:
                continue
            if isinstance(event.head, TextHead) and isinstance(event.content, str):
                signs += event.content
            elif isinstance(event.head, SetHead):
                places += [value for value in event.head.values.values() if isinstance(value, int)]
        return signs, places


def replayed(entries: list[Entry]) -> list[Folded]:
    """Entries with what each did."""
    reader = Replica(SPACE, BOARD, "reader-01", lambda: "none-0001")
    return [event for event in reader.receive(Entries(BOARD, entries)) if isinstance(event, Folded)]
