"""The connection of a program to a space: it comes back by itself, and sends again by itself what was not
settled.

One task lives as long as the space is open: connect, say hello, open every board from what is held, then
read, send and watch until something ends it; then wait a random time and begin again (PROTOCOL-40). What is
pending lies in the replicas, so a lost connection loses nothing; only a link that opens nothing, or another
version, ends it for good.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
import secrets
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_socket
from websockets.exceptions import WebSocketException

from tablecloth.client.board import Board, BoardFrame
from tablecloth.client.deciding import Deciding
from tablecloth.client.http import Http
from tablecloth.client.link import Link
from tablecloth.client.problems import Away, Gone, Refused
from tablecloth.replica.anonymous import Anonymous, Waits
from tablecloth.replica.board import Replica
from tablecloth.replica.events import Event, NewSession, OutOfStep, Paused, Rewound
from tablecloth.session import author_of
from tablecloth.wire.codec import BadFrame, decode_from_server, encode
from tablecloth.wire.frames import (
    PROTOCOL_VERSION,
    Ack,
    BoardInfo,
    Boards,
    Bye,
    Entries,
    FromServer,
    Hello,
    Leave,
    Moving,
    Opened,
    People,
    Ping,
    Refuse,
    Rename,
    Snapshot,
    TipFrame,
    Welcome,
    Withdraw,
    Withdrawn,
)

_MAX_MESSAGE_BYTES = 256 * 1024 * 1024
"""Of a snapshot. What a person's own server sends is trusted this far."""
_QUIET_S, _PATIENCE_S = 20.0, 10.0
_LONGEST_S = 30.0
_LASTING_S = 5.0
"""A connection that lasted this long was no mishap: the next attempt may come soon."""
_WAITING_S = 120.0
"""How long edits wait for elements that a rollback took, until those who made them come back."""
_FOR_GOOD = frozenset({"no-such-link", "version"})
_chance = random.SystemRandom()
_PAUSES_S = {"slow-down": 0.2, "busy": 0.05, "read-only": 1.0}


class KeptImage(msgspec.Struct, frozen=True):
    """A picture as the server keeps it: its name, and its size in points."""

    asset: str
    w: int
    h: int


class Space(Deciding):
    """A space that one takes part in; made by ``connect`` and used with ``async with``."""

    def __init__(
        self,
        link: Link,
        name: str,
        token: str,
        session: str,
        patience_s: float | None,
        tries: int | None = None,
        waits: Waits | None = None,
    ) -> None:
        self.link = link
        self.id = link.space
        self.name = name
        self.author = author_of(link.space, token)
        """One's own pseudonym (PROTOCOL-6)."""
        self.people: dict[str, str] = {}
        """Names by pseudonym, as far as people gave one."""
        self.boards: list[BoardInfo] = []
        self.welcome: Welcome | None = None
        """What the server said at the last hello: title, rights, what an ack means."""
        self.connections = 0
        """How often a connection was made."""
        self._http = Http(link)
        self._token = token
        self._session = session
        self._patience_s = patience_s
        self._tries = tries
        self._waits = waits or Waits()
        self._said = f"Nobody answers at {link.server}."
        """Why one can't enter just now, as far as it is known."""
        self._open: dict[str, Board] = {}
        self._asked: set[str] = set()
        """Boards whose opening was asked for on this connection."""
        self._socket: ClientConnection | None = None
        self._wake = asyncio.Event()
        self._taking_back: dict[str, list[asyncio.Future[int]]] = {}
        self._welcomed = asyncio.Event()
        self._paused_until = 0.0
        self._rewound = 0.0
        self._heard = 0.0
        self._end: BaseException | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def title(self) -> str:
        return self.welcome.title if self.welcome is not None else ""

    @property
    def may_edit(self) -> bool:
        """Whether the link is for writing."""
        return self.welcome is not None and self.welcome.may_edit

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._live())
        try:
            async with asyncio.timeout(self._patience_s):
                await self._welcomed.wait()
        except TimeoutError:
            await self.close()
            raise Away(self._said) from None
        if self._end is not None:
            await self.close()
            raise self._end
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def withdraw(self, board: str, *elements: str) -> int:
        """Take back for good what one wrote on these elements of an open board, or (none named) on all of it.

        Answers on how many there was something, once no file of the server holds it (PROTOCOL-71). If the
        connection is lost meanwhile it goes on at the server; a repeat is harmless.
        """
        asked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._taking_back.setdefault(board, []).append(asked)
        await self._try_to_send(encode(Withdraw(board, list(elements))))
        return await asked

    async def open(self, board: str | None = None, *, whole: bool = False) -> Board:
        """Follow a board, the first if none is named; returns once it is folded up to its tip.

        ``whole``: every entry from the first on, kept in ``log``. Opening an open board again answers the
        same object. Raises Refused (``no-such-board``, ``too-many-boards``) and Gone.
        """
        ident = board if board is not None else self.boards[0].board
        shared = self._open.get(ident)
        if shared is None:
            replica = Replica(self.id, ident, self.author, new_id, holds_all=whole)
            anonymous = Anonymous(self.id, new_id, new_session, _chance.uniform, self._waits)
            shared = self._open[ident] = Board(replica, anonymous, self._wake.set, whole)
            self._wake.set()
        await shared.until(lambda: shared.is_current)
        return shared

    async def new_board(self, title: str) -> str:
        """Found one more board in the space; its id, once it is there. Each call founds another.

        Raises Refused (``view-only``, ``bad-title``, ``boards-full``, ``away``) and Away.
        """
        made = msgspec.json.decode(
            (await self._http.post("/boards", msgspec.json.encode({"title": title}), "application/json")),
            type=BoardInfo,
        )
        if all(each.board != made.board for each in self.boards):
            self.boards = [*self.boards, made]
        return made.board

    async def image(self, asset: str) -> bytes:
        """The bytes of a picture by the name that elements give it (PROTOCOL-56). Raises Refused
        (``no-such-picture``) and Away; and Away too if what comes is not that picture.
        """
        data = await self._http.get(f"/images/{asset}")
        if hashlib.sha256(data).hexdigest() != asset:
            raise Away(f"What answers at {self.link.server} gave another picture.")
        return data

    async def put_image(self, data: bytes, media_type: str = "image/png") -> KeptImage:
        """Give the space a PNG, JPEG or WebP; what it is kept as, for ``board.add("image", asset=…)``.

        The same picture is kept once; a repeat is harmless. Raises Refused (``picture-large``,
        ``picture-unread``, ``pictures-full``, ``view-only``, …) and Away.
        """
        return msgspec.json.decode(await self._http.post("/images", data, media_type), type=KeptImage)

    async def leave(self, board: Board) -> None:
        """Stop following. What is pending there is not sent any more."""
        if self._open.pop(board.id, None) is not None:
            self._asked.discard(board.id)
            board.end(Gone("left", "This board was left."))
            await self._try_to_send(encode(Leave(board.id)))

    async def rename(self, name: str) -> None:
        """Be called this from now on; the empty name is nobody in particular."""
        self.name = name
        await self._try_to_send(encode(Rename(name)))

    async def close(self) -> None:
        """Leave the space. Pending edits are not sent any more: await ``settled`` before. A repeat is
        harmless.
        """
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._finish(Gone("left", "The space was left."))

    # --- one connection after the other -------------------------------------------------------------------

    async def _live(self) -> None:
        attempt = 0
        now = asyncio.get_running_loop().time
        while self._end is None:
            began = now()
            with contextlib.suppress(OSError, WebSocketException, TimeoutError, BadFrame):
                await self._converse()
            self._socket = None
            for shared in self._open.values():
                shared.lost()
            if not self.connections and self._tries is not None:
                self._tries -= 1
                if self._tries <= 0:
                    self._finish(Away(self._said))
            attempt = 0 if now() - began > _LASTING_S else attempt + 1
            if self._end is None:
                # PROTOCOL-40: full jitter, so that a hall does not come back in one second.
                await asyncio.sleep(random.uniform(0, min(_LONGEST_S, 0.5 * 2.0**attempt)))

    async def _converse(self) -> None:
        async with connect_socket(
            self.link.socket_url,
            compression=None,
            max_size=_MAX_MESSAGE_BYTES,
            ping_interval=None,
            close_timeout=1,
            proxy=None,
        ) as socket:
            await socket.send(encode(self._hello()))
            async with asyncio.timeout(_PATIENCE_S):
                self._take(await _receive(socket), socket)
            self._asked.clear()
            self._socket = socket
            self._heard = asyncio.get_running_loop().time()
            self._wake.set()
            await _first_of(self._read(socket), self._send(socket), self._watch(socket))

    def _hello(self) -> Hello:
        return Hello(PROTOCOL_VERSION, self.id, self.link.secret, self._token, self._session, self.name)

    async def _read(self, socket: ClientConnection) -> None:
        now = asyncio.get_running_loop().time
        while self._end is None:
            frame = await _receive(socket)
            self._heard = now()
            self._take(frame, socket)
            self._wake.set()

    async def _send(self, socket: ClientConnection) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(max(0.0, self._paused_until - now()))
            for shared in list(self._open.values()):
                if shared.id not in self._asked:
                    self._asked.add(shared.id)
                    await socket.send(encode(shared.replica.open_frame()))
                for frame in shared.replica.outgoing():
                    await socket.send(encode(frame))
                await self._send_anonymous(shared, socket)

    async def _send_anonymous(self, shared: Board, socket: ClientConnection) -> None:
        """The one whose time has come, and a call when that of the next comes."""
        loop = asyncio.get_running_loop()
        frame = shared.anonymous.outgoing(shared.id, loop.time()) if shared.is_current else None
        if frame is not None:
            await socket.send(encode(frame))
        due = shared.anonymous.next_due()
        if due is not None:
            loop.call_at(due, self._wake.set)

    async def _watch(self, socket: ClientConnection) -> None:
        """PROTOCOL-42: after 20 s of silence ask, after 10 s more connect again."""
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(max(0.0, self._heard + _QUIET_S - now()))
            if now() - self._heard < _QUIET_S:
                continue
            asked = now()
            await socket.send(encode(Ping()))
            await asyncio.sleep(_PATIENCE_S)
            if self._heard < asked:
                raise TimeoutError

    async def _try_to_send(self, data: bytes) -> None:
        """Now if there is a connection; else the next one begins with what is known then."""
        if self._socket is not None:
            with contextlib.suppress(WebSocketException, OSError):
                await self._socket.send(data)

    # --- frames -------------------------------------------------------------------------------------------

    def _take(self, frame: FromServer, socket: ClientConnection) -> None:
        match frame:
            case Entries() | Ack() | Snapshot() | Opened() | TipFrame():
                self._of_board(frame, socket)
            case Refuse():
                self._refused(frame, socket)
            case Welcome():
                self.welcome = frame
                self.boards = frame.boards
                self.people = {person.author: person.name for person in frame.people if person.name}
                self.connections += 1
                self._welcomed.set()
            case People():
                for person in frame.people:
                    self.people[person.author] = person.name
                    if not person.name:
                        del self.people[person.author]
            case Boards():
                self.boards = frame.boards
            case Withdrawn():
                for asked in self._taking_back.pop(frame.board, ()):
                    if not asked.done():
                        asked.set_result(frame.elements)
            case Moving():
                delay = random.uniform(0, frame.within_ms / 1000)
                asyncio.get_running_loop().call_later(delay, socket.transport.abort)
            case Bye():
                if frame.code in _FOR_GOOD:
                    self._finish(Gone(frame.code, frame.words))
                elif not self.connections:
                    self._said = frame.words
            case _:
                pass

    def _of_board(self, frame: BoardFrame, socket: ClientConnection) -> None:
        shared = self._open.get(frame.board or "")
        for event in shared.receive(frame) if shared is not None else []:
            self._of_connection(event, socket)

    def _of_connection(self, event: Event, socket: ClientConnection) -> None:
        match event:
            case Paused(code):
                pause = _PAUSES_S[code] * random.uniform(0.5, 1.5)
                self._paused_until = asyncio.get_running_loop().time() + pause
            case NewSession():
                self._session = new_session()
                for shared in self._open.values():
                    shared.replica.restart()
                socket.transport.abort()
            case OutOfStep():
                socket.transport.abort()
            case Rewound():
                loop = asyncio.get_running_loop()
                self._rewound = loop.time()
                loop.call_later(_WAITING_S, self._waited, self._rewound)
            case _:
                pass

    def _waited(self, since: float) -> None:
        """Edits of lost elements waited long enough since the last rollback: the door says what it says."""
        for shared in self._open.values() if since == self._rewound else ():
            shared.replica.stop_waiting()
        self._wake.set()

    def _refused(self, frame: Refuse, socket: ClientConnection) -> None:
        if frame.board is not None and frame.n == 0 and frame.code in {"no-such-board", "too-many-boards"}:
            shared = self._open.pop(frame.board, None)
            if shared is not None:
                shared.end(Refused(frame.code, frame.words))
        elif frame.board is not None:
            self._of_board(frame, socket)

    def _finish(self, reason: BaseException) -> None:
        if self._end is None:
            self._end = reason
        for shared in self._open.values():
            shared.end(self._end)
        self._open.clear()
        self._welcomed.set()


def new_id() -> str:
    """A random id for an element or a hand: 96 bits, URL-safe."""
    return secrets.token_urlsafe(12)


def new_session() -> str:
    """A random session id."""
    return secrets.token_urlsafe(18)


async def _receive(socket: ClientConnection) -> FromServer:
    data = await socket.recv(decode=False)
    assert isinstance(data, bytes)
    return decode_from_server(data)


async def _first_of(*jobs: Coroutine[None, None, None]) -> None:
    """Run until one of them ends, end the others, and raise what it raised."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
