"""Signed tips: who signs when (PROTOCOL-60), and what a participant makes of them (PROTOCOL-61, -62)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tablecloth.core.board import Board, new_board
from tablecloth.core.chain import chain_start
from tablecloth.core.edits import AddEdit, Entry
from tablecloth.core.entry import encode, encode_entry, found
from tablecloth.core.fold import apply_entry
from tablecloth.core.tip import Tip, is_signed, sign_tip
from tablecloth.log.interface import Stored
from tablecloth.replica.board import Replica
from tablecloth.replica.watch import Doubt
from tablecloth.wire.frames import Entries, Opened, TipFrame

from tests.support.cloth import Cloth, laid, note, working
from tests.support.valkey import until_async

SPACE, BOARD, SALT = "space-tips", "board-tips", bytes(16)
PRIVATE, OTHER = bytes(range(32)), bytes(32)


def public(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@pytest.fixture
async def cloth() -> AsyncIterator[Cloth]:
    async with laid() as cloth:
        yield cloth


async def signed(cloth: Cloth, seq: int) -> Tip:
    """The kept tip, once it is at least of this seq; sweeps with a clock that runs ahead."""
    now = 0.0

    def is_there() -> bool:
        nonlocal now
        now += 10.0
        cloth.worker.tips.sweep(now)
        tip = cloth.store.signed_tip(cloth.place)
        return tip is not None and tip.seq >= seq

    await until_async(is_there)
    tip = cloth.store.signed_tip(cloth.place)
    assert tip is not None
    return tip


class TestSigning:
    async def test_protocol_60_everybody_gets_it_and_it_is_kept_first(self, cloth: Cloth) -> None:
        ada, ben = await cloth.join("Ada"), await cloth.join("Ben")
        await ada.edit(cloth.board, note("note-one"))
        tip = await signed(cloth, 2)
        record = cloth.store.space(cloth.space)
        assert record is not None
        board = (await cloth.worker.rooms.open(cloth.place)).board
        assert (tip.seq, tip.at, tip.chain) == (board.seq, board.at, board.chain)
        assert is_signed(record.public_key, cloth.space, cloth.board, tip)
        for person in (ada, ben):
            assert (await person.line.hear(TipFrame)).tip.seq in (1, 2)

    async def test_protocol_60_who_comes_later_is_told_at_once(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        await ada.edit(cloth.board, note("note-one"))
        tip = await signed(cloth, 2)
        ben = cloth.person()
        await ben.hello()
        assert (await ben.open(cloth.board)).tip == tip

    async def test_protocol_60_about_every_three_seconds_and_not_again(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        await signed(cloth, 1)
        kept: list[Tip] = []
        save = cloth.worker.log.save_tip

        async def counted(place: object, tip: Tip) -> None:
            kept.append(tip)
            await save(cloth.place, tip)

        cloth.worker.log.save_tip = counted  # type: ignore[method-assign]
        for turn in range(30):
            await ada.edit(cloth.board, note(f"note-{turn:03}"))
            cloth.worker.tips.sweep(10_000 + turn / 5)
            await asyncio.sleep(0)
        assert len(kept) == 2  # at 10,000.0 and 10,003.0
        await signed(cloth, 31)
        for _ in range(5):
            cloth.worker.tips.sweep(20_000)
            await asyncio.sleep(0)
        assert len(kept) == 3

    async def test_a_log_that_was_cut_in_the_store_is_not_signed_again(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        for name in ("note-one", "note-two", "note-three"):
            await ada.edit(cloth.board, note(name))
        tip = await signed(cloth, 4)
        del cloth.store.entries(cloth.place)[2:]
        async with working(cloth.store) as again:
            ben = cloth.person(again)
            await ben.hello()
            opened = await ben.open(cloth.board)
            assert (opened.seq, opened.tip) == (2, tip), "cut: shown to whoever comes"
            for turn in range(5):
                await ben.edit(cloth.board, note(f"note-late-{turn}"))
                again.tips.sweep(100.0 * turn)
                await asyncio.sleep(0)
            assert cloth.store.signed_tip(cloth.place) == tip

    async def test_a_rewritten_log_is_not_signed(self, cloth: Cloth) -> None:
        ada = await cloth.join("Ada")
        for name in ("note-one", "note-two"):
            await ada.edit(cloth.board, note(name))
        tip = await signed(cloth, 3)
        entries = cloth.store.entries(cloth.place)
        told = msgspec.msgpack.decode(entries[1].raw, type=Entry)
        head, _ = encode_entry(note("note-evil", 1), "author-evil", SALT)
        entries[1] = Stored(2, encode(Entry(2, told.at, head, None)))
        async with working(cloth.store) as again:
            ben = cloth.person(again)
            await ben.hello()
            assert (await ben.open(cloth.board)).tip == tip
            await ben.edit(cloth.board, note("note-three"))
            for turn in range(5):
                again.tips.sweep(100.0 * turn)
                await asyncio.sleep(0)
            assert cloth.store.signed_tip(cloth.place) == tip


class TestLooking:
    def entries(self, count: int, private: bytes = PRIVATE) -> list[Entry]:
        made = [Entry(1, 1000, *found(SPACE, BOARD, public(private), "Tips", SALT))]
        for seq in range(2, count + 1):
            edit = AddEdit(f"note-{seq:04}", "hand-0001", 1, seq - 1, "note", {})
            made.append(Entry(seq, 1000 + seq, *encode_entry(edit, "author-ada", SALT)))
        return made

    def board(self, entries: list[Entry]) -> Board:
        board = new_board(SPACE, BOARD)
        for entry in entries:
            apply_entry(board, entry)
        return board

    def tip(self, entries: list[Entry], private: bytes = PRIVATE) -> Tip:
        board = self.board(entries)
        return sign_tip(private, SPACE, BOARD, board.seq, board.at, board.chain)

    def replica(self, entries: list[Entry], tip: Tip | None = None) -> tuple[Replica, list[Doubt]]:
        replica = Replica(SPACE, BOARD, "author-ada", lambda: "id-of-test")
        doubts = [*self.doubts(replica, Opened(BOARD, len(entries), 0, "tail", None, tip))]
        return replica, doubts + self.doubts(replica, Entries(BOARD, entries))

    def doubts(self, replica: Replica, frame: Opened | Entries | TipFrame) -> list[Doubt]:
        return [event for event in replica.receive(frame) if isinstance(event, Doubt)]

    def test_protocol_61_right_tips_are_kept_also_ahead_of_their_entries(self) -> None:
        entries = self.entries(6)
        replica, doubts = self.replica(entries[:4], self.tip(entries[:3]))
        assert (doubts, replica.watch.tip) == ([], self.tip(entries[:3]))
        assert self.doubts(replica, TipFrame(BOARD, self.tip(entries))) == []
        assert replica.watch.tip == self.tip(entries[:3])
        assert self.doubts(replica, Entries(BOARD, entries[4:])) == []
        assert replica.watch.tip == self.tip(entries)
        assert self.doubts(replica, TipFrame(BOARD, self.tip(entries[:5]))) == []
        assert replica.watch.tip == self.tip(entries), "a worker that was behind takes nothing back"

    @pytest.mark.parametrize("code", ["forged", "other", "cut", "body"])
    def test_protocol_62_doubts(self, code: str) -> None:
        entries = self.entries(4)
        match code:
            case "forged":
                tip = self.tip(entries, OTHER)
            case "other":
                board = self.board(entries)
                tip = sign_tip(PRIVATE, SPACE, BOARD, 4, board.at, chain_start(SPACE, BOARD))
            case "cut":
                tip = self.tip(self.entries(5))
            case _:
                tip = self.tip(entries)
                entries[0] = msgspec.structs.replace(entries[0], body=encode([SALT, "Another title"]))
        replica, doubts = self.replica(entries, tip)
        assert [doubt.code for doubt in doubts] == [code]
        assert replica.confirmed.seq == 4, "nothing is thrown away"
        assert all(doubt.words.endswith(".") for doubt in doubts)

    def test_a_withheld_body_is_no_doubt(self) -> None:
        entries = self.entries(2)
        entries[0] = msgspec.structs.replace(entries[0], body=None)
        assert self.replica(entries, self.tip(entries))[1] == []
