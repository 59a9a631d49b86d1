"""Sentences that people wrote, for boards in tests.

They are read where they lie (`TABLECLOTH_SEEDS`, or `shared/seeds` beside this repository) and are never
copied into it, because they are other people's words. Where there are none, our own stand in, and the test
says so in its output.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.vectors import ROOT

LONGEST = 320  # code points: a long breath; longer ones are no sentences but lists that lost their line ends

OWN = (
    "What would make this street a place where you stop and talk?",
    "The people who use the service should be in the room when it is planned.",
    "Nobody asked the children.",
    "We could share the garden behind the library, and the key to it.",
    "I'd rather start small: one table, one question, one evening.",
    "Wer kocht, entscheidet nicht allein, was es gibt.",
    "Was wäre, wenn alle Protokolle an der Wand hingen?",
    "On commence par écouter ceux qui parlent le moins.",
    "¿Quién falta en esta conversación?",
    "Cine tace are și el ceva de spus.",
    "من يغيب عن هذه الطاولة، ولماذا؟",
    "نبدأ بسؤال واحد ثم نصغي.",
    "誰がまだ話していませんか。",
    "Każdy głos liczy się tak samo.",
    "The bus stops at six; that is why nobody from the valley comes 🚌",
    "Less paper, more soup 🍲🙂",
    "👩🏽‍🌾 and 👨‍👩‍👧 both belong in the picture.",
    "Zu\u0308rich wrote its u with two signs, and it is still one letter.",
    "Let us meet on the first Tuesday, at the tailor's.",
    "Two of us can lift it; eight of us can move it.",
    "Trust grows at the speed of shared work.",
    "I was not heard last time. I came again anyway.",
    "Write it down where everybody sees it.",
    "Half of the money for the half who never had any.",
    "What do we stop doing?",
    "A bench. Just a bench.",
)


@dataclass(frozen=True)
class Sentences:
    """Sentences in a fixed order, and where they come from."""

    lines: tuple[str, ...]
    source: str


def split(text: str) -> list[str]:
    """Cut running text into its sentences, blank ones and endless ones left out."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        for piece in re.split(r"(?<=[.!?…])\s+", paragraph):
            sentence = " ".join(piece.split())
            if 1 < len(sentence) <= LONGEST:
                lines.append(sentence)
    return lines


def find_sentences() -> Sentences:
    """Return the sentences of the seeds, or our own where no seeds lie."""
    folder = Path(os.environ.get("TABLECLOTH_SEEDS") or ROOT.parent / "shared" / "seeds")
    lines: list[str] = []
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    for file in files:
        lines.extend(split(file.read_text(encoding="utf-8", errors="ignore")))
    if not lines:
        return Sentences(OWN, "sentences of our own, because no seeds lie beside the repository")
    return Sentences(tuple(lines), f"{len(lines)} sentences of {len(files)} texts")
