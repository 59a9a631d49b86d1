"""A space made over HTTP, and participants that sit down at its board with raw frames."""

from __future__ import annotations

import asyncio
import hashlib
import random
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from tablecloth.wire.frames import PROTOCOL_VERSION

from tests.support.bad_edits import GOOD_POINTS, Setting, new_id
from tests.support.bad_frames import Known
from tests.support.raw import Frame, Raw, raw


@dataclass(frozen=True)
class Table:
    """A space with its first board, and the secrets of its two links."""

    http: str
    """Where the server is: `http://127.0.0.1:…`."""
    space: str
    board: str
    edit_link: str
    view_link: str

    @property
    def ws(self) -> str:
        return f"ws://{urlsplit(self.http).netloc}/ws"

    @property
    def secret(self) -> str:
        return urlsplit(self.edit_link).fragment

    @property
    def view_secret(self) -> str:
        return urlsplit(self.view_link).fragment

    def known(self, **other: str) -> Known:
        """Return the ids of this table for frames, with a participant of its own."""
        ids = {"space": self.space, "board": self.board, "secret": self.secret} | other
        return Known(**ids)


async def new_table(http: str, title: str = "A table") -> Table:
    """Make a space as anybody does. The links may name another host than the one we ask."""
    async with httpx.AsyncClient(base_url=http, trust_env=False, timeout=60) as client:
        answer = await client.post("/api/spaces", json={"title": title})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Table(http, made["id"], made["boards"][0]["board"], made["edit_link"], made["view_link"])


def pseudonym(space: str, token: str) -> str:
    """PROTOCOL-6, by hand."""
    digest = hashlib.sha256(b"tablecloth-author" + space.encode() + token.encode()).digest()
    return urlsafe_b64encode(digest)[:16].decode()


@dataclass
class Seat:
    """A participant at a table: a raw connection that said hello and opened the board."""

    table: Table
    line: Raw
    rng: random.Random
    token: str
    session: str
    n: int = 0
    seq: int = 0
    """The tip when the board was opened."""
    welcome: Frame = field(default_factory=dict)
    settled: dict[int, Frame] = field(default_factory=dict)
    """The answer to each n: `ack` or `refuse`."""

    @property
    def author(self) -> str:
        return pseudonym(self.table.space, self.token)

    def frame(self, *edits: list[Any], n: int | None = None) -> Frame:
        """Return a group as a frame, under the next n unless another is asked for."""
        if n is None:
            self.n += 1
        return {"t": "edit", "board": self.table.board, "n": n or self.n, "edits": list(edits)}

    async def write(self, *edits: list[Any]) -> int:
        """Send a group, wait for its ack, and return the seq of its first entry."""
        frame = self.frame(*edits)
        await self.line.send(frame)
        answer = await self.answer(frame["n"])
        assert answer["t"] == "ack", f"{frame}: {answer}"
        return next(int(seq) for n, seq in answer["acks"] if n == frame["n"])

    async def answer(self, n: int) -> Frame:
        """Return the ack or the refusal of a group, now or as soon as it comes."""
        while n not in self.settled:
            frame = await self.line.hear()
            assert frame is not None, f"closed with {self.line.closed} before n {n} was answered"
            if frame["t"] == "ack" and frame["board"] == self.table.board:
                self.settled.update((settled, frame) for settled, _ in frame["acks"])
            elif frame["t"] == "refuse" and frame.get("n"):
                self.settled[frame["n"]] = frame
        return self.settled[n]


@asynccontextmanager
async def seat(
    table: Table, rng: random.Random, secret: str | None = None, token: str | None = None, **options: Any
) -> AsyncIterator[Seat]:
    """Sit down at a table, by the edit link unless another secret is given."""
    token, session = token or new_id(rng) + new_id(rng), new_id(rng)
    async with raw(table.ws, **options) as line:
        sitting = Seat(table, line, rng, token, session)
        hello = {"t": "hello", "v": PROTOCOL_VERSION, "space": table.space, "secret": secret or table.secret}
        sitting.welcome = await line.ask(hello | {"token": token, "session": session}, "welcome")
        opened = await line.ask({"t": "open", "board": table.board}, "opened")
        sitting.n, sitting.seq = opened["mark"], opened["seq"]
        yield sitting


async def set_the_table(table: Table, rng: random.Random) -> Setting:
    """Lay somebody else's things on the board. What is one's own is added by `lay_own`."""
    async with seat(table, rng) as others:
        ids = {name: new_id(rng) for name in ("note", "ink", "aside", "asking")}
        hand = new_id(rng)
        for name, element in ids.items():
            await others.write(["add", element, hand, 1, 0, "ink" if name == "ink" else "note", {}])
        await others.write(["set", ids["asking"], hand, 2, 0, {"whose": "ask"}])
        await others.write(["ink", ids["ink"], hand, 2, 0, 2, GOOD_POINTS])
        seq = await others.write(["set-aside", ids["aside"], hand, 2, 0])
        return Setting("", "", 0, ids["note"], hand, 1, ids["ink"], ids["aside"], seq, ids["asking"])


async def lay_own(sitting: Seat, setting: Setting) -> Setting:
    """Add a note of the participant's own, with words in it, and return the setting with it."""
    note, hand = new_id(sitting.rng), new_id(sitting.rng)
    await sitting.write(["add", note, hand, 1, 0, "note", {}])
    seq = await sitting.write(["text", note, hand, 2, 0, "text", [[0, 0, 5]], "Hello"])
    others = (setting.others_note, setting.others_hand, setting.others_k, setting.others_ink, setting.aside)
    return Setting(note, hand, 2, *others, seq, setting.asking)


class Neighbour:
    """Somebody on the same board who writes a note at each nudge, and must not be bothered by anything."""

    def __init__(self, sitting: Seat) -> None:
        self._seat = sitting
        self._nudges: asyncio.Queue[bool] = asyncio.Queue()
        self._task = asyncio.create_task(self._write())
        self.notes: list[str] = []
        """Notes that were acknowledged."""

    def nudge(self) -> None:
        self._nudges.put_nowait(True)

    async def done(self) -> list[str]:
        """Write what was asked for, all of it acknowledged, and return the notes."""
        self._nudges.put_nowait(False)
        await self._task
        return self.notes

    async def _write(self) -> None:
        rng = self._seat.rng
        while await self._nudges.get():
            note, hand = new_id(rng), new_id(rng)
            add = ["add", note, hand, 1, 0, "note", {"x": len(self.notes)}]
            text = ["text", note, hand, 2, 0, "text", [[0, 0, 3]], "ok!"]
            await self._seat.write(add, text)
            self.notes.append(note)
