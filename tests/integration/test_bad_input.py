"""A real server under messages that no honest participant would send, thousands of them and seeded.

Each is answered with a code and plain words, or the connection is closed with a reason; no process dies, the
board's log holds what honest people wrote and nothing else, and who sits at the same board notices nothing.
The log is read from Valkey and checked with `msgpack` and hashlib. `tests/property/test_session_bad_input.py`
does the same to the session alone, with more cases.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from tablecloth.wire.frames import PROTOCOL_VERSION
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.bad_edits import refused_group
from tests.support.bad_frames import Case, bad_bytes, bad_frame, frame_parts, pack, plain
from tests.support.chance import chance
from tests.support.plain_words import assert_plain
from tests.support.raw import Frame, raw
from tests.support.reading import Line, assert_sound, chain_of
from tests.support.stored import Store
from tests.support.tables import Neighbour, Seat, Table, lay_own, seat, set_the_table

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

VOLLEY = 19  # one more, and the connection would be closed (PROTOCOL-4)
BAD_FRAMES = 3_800
BAD_HELLOS = 500
BAD_GROUPS = 2_400
AT_ONCE = 6


@asynccontextmanager
async def watched(table: Table, store: Store, rng: random.Random) -> AsyncIterator[Neighbour]:
    """Let a neighbour write at a board under attack; afterwards its log holds that and nothing else."""
    before = store.lines(table.space, table.board)
    async with seat(table, rng) as sitting:
        neighbour = Neighbour(sitting)
        yield neighbour
        notes = await neighbour.done()
        author = sitting.author
        heard = [
            entry for frame in sitting.line.heard if frame["t"] == "entries" for entry in frame["entries"]
        ]
    lines = store.lines(table.space, table.board)
    assert_sound(table.space, table.board, lines)
    assert lines[: len(before)] == before, "what stood in the log has changed"
    added = lines[len(before) :]
    assert [line.kind for line in added] == ["add", "text"] * len(notes)
    assert [line.element for line in added[::2]] == notes
    assert {line.author for line in added} <= {author}
    # The neighbour was shown the same entries as the log has; the last may still be on their way.
    shown = [Line(seq, at, head, (), None) for seq, at, head, _ in heard if seq > len(before)]
    chain = chain_of(table.space, table.board, lines[: len(before) + len(shown)])
    assert chain_of(table.space, table.board, [*before, *shown]) == chain


async def at_once(jobs: Iterable[Any]) -> None:
    """Run jobs, a few at a time. The first that goes wrong ends all."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())


def batches(cases: list[Case], size: int) -> Iterator[list[Case]]:
    for start in range(0, len(cases), size):
        yield cases[start : start + size]


def assert_refused(said: list[Frame], case: str, *codes: str) -> Frame:
    """The answer is one refusal, with one of these codes and in plain words."""
    assert [frame["t"] for frame in said] == ["refuse"], f"{case}: {said}"
    assert said[0]["code"] in codes, f"{case}: {said[0]}"
    assert_plain(said[0]["words"], case)
    return said[0]


def assert_bye(
    said: list[Frame], closed: tuple[int, str] | None, case: str, codes: set[str], close: int
) -> None:
    """The connection was closed, and told why."""
    assert closed is not None, f"{case}: still open"
    assert said, f"{case}: closed with {closed} and no word"
    assert said[-1]["t"] == "bye", f"{case}: {said}"
    assert said[-1]["code"] in codes, f"{case}: {said[-1]}"
    assert_plain(said[-1]["words"], case)
    assert closed[0] == close, f"{case}: closed with {closed}"


class TestFrames:
    async def test_thousands_are_refused_one_by_one(self, table: Table, store: Store) -> None:
        rng, _ = chance("bad frames")
        cases = [bad_frame(rng, table.known()) for _ in range(BAD_FRAMES)]
        async with watched(table, store, rng) as neighbour:

            async def volley(some: list[Case]) -> None:
                async with seat(table, rng) as sitting:
                    answers = await sitting.line.volley(case.data for case in some)
                assert len(answers) == len(some), (
                    f"closed with {sitting.line.closed} at {some[len(answers) - 1].name}"
                )
                for case, said in zip(some, answers, strict=True):
                    assert_refused(said, case.name, "bad-frame")
                neighbour.nudge()

            await at_once(volley(some) for some in batches(cases, VOLLEY))

    async def test_twenty_close_the_connection(self, table: Table, store: Store) -> None:
        rng, _ = chance("twenty bad frames")
        async with watched(table, store, rng) as neighbour, seat(table, rng) as sitting:
            for _ in range(40):
                await sitting.line.send(bad_frame(rng, table.known()).data)
            said = await sitting.line.hear_all()
            told = [frame["t"] for frame in said if frame["t"] in {"refuse", "bye"}]
            assert told == ["refuse"] * 19 + ["bye"]
            assert_bye(said, sitting.line.closed, "twenty bad frames", {"bad-frame"}, 1008)
            neighbour.nudge()

    async def test_bits_that_were_turned(self, table: Table, store: Store) -> None:
        """By the view link, since some of these are good frames; that nothing dies is the point."""
        rng, _ = chance("turned bits")
        good = [pack(plain(part)) for part in frame_parts(table.known()).values()]
        async with watched(table, store, rng) as neighbour:

            async def volley() -> None:
                async with seat(table, rng, table.view_secret) as sitting:
                    for frame in rng.choices(good, k=VOLLEY):
                        flipped = bytearray(frame)
                        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
                        for said in await sitting.line.volley([bytes(flipped)]):
                            for answer in said:
                                assert_plain(answer.get("words", "none"), f"{bytes(flipped)!r}")
                neighbour.nudge()

            await at_once(volley() for _ in range(40))


class TestMessages:
    async def test_text_closes(self, table: Table, store: Store) -> None:
        rng, _ = chance("text")
        async with watched(table, store, rng):
            for text in ["", "hello", '{"t":"ping"}', "\x00", "🙂" * 1000]:
                async with seat(table, rng) as sitting:
                    await sitting.line.send(text)
                    said = await sitting.line.hear_all()
                    assert_bye(said, sitting.line.closed, repr(text[:20]), {"bad-frame"}, 1003)

    @pytest.mark.parametrize("size", [131_073, 200_000, 2_000_000])
    async def test_too_long_closes(self, size: int, table: Table, store: Store) -> None:
        rng, _ = chance("too long")
        async with watched(table, store, rng) as neighbour, seat(table, rng) as sitting:
            await sitting.line.send(pack({"t": "name", "name": "x" * (size - 15)}))
            await sitting.line.hear_all()
            assert sitting.line.closed is not None
            assert sitting.line.closed[0] == 1009
            neighbour.nudge()

    async def test_the_longest_is_read(self, table: Table) -> None:
        rng, _ = chance("longest")
        async with seat(table, rng) as sitting:
            good = pack({"t": "name", "name": ""})
            said = await sitting.line.volley([good + bytes(131_072 - len(good))])
            assert_refused(said[0], "131,072 bytes", "bad-frame")

    async def test_a_message_in_pieces(self, table: Table) -> None:
        rng, _ = chance("pieces")
        async with seat(table, rng) as sitting:
            ping = pack({"t": "ping"})
            await sitting.line.socket.send([ping[:1], b"", b"", ping[1:3], b"", ping[3:]])
            assert (await sitting.line.hear_until("pong"))[-1]["t"] == "pong"

    async def test_a_message_in_a_thousand_pieces_closes(self, table: Table) -> None:
        """Empty ones, which no limit of bytes would stop (TRAPS 15)."""
        rng, _ = chance("pieces")
        async with seat(table, rng) as sitting:
            pieces = [b"\x81", *[b""] * 2000, b"\xa1t\xa4ping"]
            with suppress(ConnectionClosed):
                await sitting.line.socket.send(pieces)
            await sitting.line.hear_all()
            assert sitting.line.closed is not None
            assert sitting.line.closed[0] == 1008


class TestHello:
    async def test_bad_first_messages(self, table: Table, store: Store) -> None:
        rng, _ = chance("bad hellos")
        known = table.known()
        parts = frame_parts(known)
        hello = pack(plain(parts["hello"]))
        async with watched(table, store, rng) as neighbour:

            async def knock(case: Case, codes: set[str]) -> None:
                async with raw(table.ws) as line:
                    await line.send(case.data)
                    first = await line.hear()
                    assert first is not None, f"{case.name}: closed with {line.closed} and no word"
                    assert first["t"] in {"refuse", "bye"}, f"{case.name}: {first}"
                    assert first["code"] in codes, f"{case.name}: {first}"
                    assert_plain(first["words"], case.name)
                    if first["t"] == "bye":
                        await line.hear_all()
                        assert line.closed is not None
                        assert line.closed[0] == 1008
                neighbour.nudge()

            bad = (bad_frame(rng, known, ("hello",)) for _ in range(BAD_HELLOS))
            torn = (bad_bytes(rng, "hello", hello) for _ in range(BAD_HELLOS // 5))
            early = [Case(name, pack(plain(part))) for name, part in parts.items() if name != "hello"]
            await at_once(knock(case, {"bad-frame", "hello-first"}) for case in [*bad, *torn])
            await at_once(knock(case, {"hello-first"}) for case in early)

    async def test_wrong_links_are_all_alike(self, table: Table, other_table: Table) -> None:
        known = table.known()
        other = "B" if known.secret[0] != "B" else "C"
        wrong = {
            "a letter off": {"secret": other + known.secret[1:]},
            "of another space": {"secret": other_table.secret},
            "to another space": {"space": other_table.space},
            "to no space": {"space": "nosuchspace"},
            "an id of keys": {"space": "________"},
            "the board as space": {"space": table.board},
            "cut short": {"secret": known.secret[:22].ljust(22, "A")},
        }
        words = set()
        for name, change in wrong.items():
            async with raw(table.ws) as line:
                await line.send(plain(frame_parts(known)["hello"]) | change)
                said = await line.hear_all()
                assert_bye(said, line.closed, name, {"no-such-link"}, 1008)
                words.add(said[-1]["words"])
        assert len(words) == 1, "the words tell what exists"

    @pytest.mark.parametrize("version", [0, 1, PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1, 2**53, -1])
    async def test_another_version(self, version: int, table: Table) -> None:
        async with raw(table.ws) as line:
            await line.send(plain(frame_parts(table.known())["hello"]) | {"v": version})
            assert_bye(await line.hear_all(), line.closed, "version", {"version"}, 1008)

    async def test_a_second_hello(self, table: Table) -> None:
        rng, _ = chance("second hello")
        async with seat(table, rng) as sitting:
            (said,) = await sitting.line.volley([pack(plain(frame_parts(table.known())["hello"]))])
            assert_refused(said, "second hello", "bad-frame")

    async def test_frames_that_come_with_the_hello_wait_for_the_welcome(self, table: Table) -> None:
        async with raw(table.ws) as line:
            parts = frame_parts(table.known())
            for frame in [parts["hello"], parts["open"], parts["ping"]]:
                await line.send(plain(frame))
            kinds = [frame["t"] for frame in await line.hear_until("pong")]
            assert kinds[0] == "welcome"

    @pytest.mark.parametrize(
        ("origin", "may_enter"),
        [
            ("http://evil.example", False),
            ("https://evil.example", False),
            ("null", False),
            ("http://127.0.0.1", False),
            ("http://127.0.0.1:1", False),
            ("http://{host}.evil.example", False),
            ("http://evil.example/{host}", False),
            ("http://evil.example#{host}", False),
            ("http://{host}@evil.example", False),
            ("file://", False),
            ("", False),
            ("http://{host}", True),
            ("https://{host}", True),
        ],
    )
    async def test_origins(self, origin: str, may_enter: bool, table: Table) -> None:
        host = table.http.removeprefix("http://")
        rng, _ = chance("origins")
        headers = {"Origin": origin.format(host=host)}
        if may_enter:
            async with seat(table, rng, additional_headers=headers) as sitting:
                assert sitting.welcome["may_edit"]
            return
        with pytest.raises(InvalidStatus) as refused:
            async with seat(table, rng, additional_headers=headers):
                pass
        assert refused.value.response.status_code == 403


class TestGroups:
    async def test_thousands_are_refused_whole(self, table: Table, store: Store) -> None:
        rng, _ = chance("bad groups")
        setting = await set_the_table(table, rng)
        async with seat(table, rng) as own:
            setting = await lay_own(own, setting)
            # The hand belongs to an author, so all who try it are the same one.
            async with watched(table, store, rng) as neighbour:

                async def volley(count: int) -> None:
                    async with seat(table, rng, token=own.token) as sitting:
                        groups = [refused_group(rng, setting) for _ in range(count)]
                        for start in range(0, count, 100):  # PROTOCOL-23: no more than 128 at once
                            some = groups[start : start + 100]
                            first = sitting.n + 1
                            for group in some:
                                await sitting.line.send(sitting.frame(*group.edits))
                            for n, group in enumerate(some, first):
                                assert_refused([await sitting.answer(n)], group.name, *group.codes)
                        neighbour.nudge()

                await at_once(volley(200) for _ in range(BAD_GROUPS // 200))

    async def test_a_view_link_writes_nothing(self, table: Table, store: Store) -> None:
        rng, _ = chance("view link")
        parts = frame_parts(table.known())
        edits = {name: plain(part)["edits"] for name, part in parts.items() if name.startswith("edit")}
        view = table.view_secret
        async with watched(table, store, rng) as neighbour, seat(table, rng, view) as viewer:
            assert viewer.welcome["may_edit"] is False
            for name, group in edits.items():
                frame = viewer.frame(*group)
                await viewer.line.send(frame)
                assert_refused([await viewer.answer(frame["n"])], name, "view-only")
                neighbour.nudge()

    async def test_numbers_that_are_skipped(self, table: Table, store: Store) -> None:
        rng, _ = chance("gaps")
        async with watched(table, store, rng) as neighbour, seat(table, rng) as sitting:
            edit = ["add", "elementaa1", "handhandh1", 1, 0, "note", {}]
            for n in [2, 3, 100, 2**31, 2**53 - 1]:
                (said,) = await sitting.line.volley([pack(sitting.frame(edit, n=n))])
                assert assert_refused(said, f"n {n}", "gap")["n"] == n
            neighbour.nudge()

    async def test_what_is_said_again_is_answered_again(self, table: Table, store: Store) -> None:
        rng, _ = chance("again")
        before = store.lines(table.space, table.board)
        async with seat(table, rng) as sitting:
            good = [f"again{number:010x}{rng.getrandbits(32):08x}" for number in range(20)]
            frames = []
            for element in good:
                frames.append(sitting.frame(["add", element, "handhandh1", 1, 0, "note", {}]))
                frames.append(sitting.frame(["set", "no-such-element", "handhandh1", 1, 0, {"x": 1}]))
            rounds = []
            for _ in range(3):
                sitting.settled.clear()
                for frame in frames:
                    await sitting.line.send(frame)
                rounds.append([outcome(await sitting.answer(frame["n"]), frame["n"]) for frame in frames])
        assert rounds[0] == rounds[1] == rounds[2]
        added = store.lines(table.space, table.board)[len(before) :]
        assert [line.element for line in added] == good

    async def test_what_is_said_again_on_a_new_connection(self, table: Table, store: Store) -> None:
        rng, _ = chance("again, later")
        async with seat(table, rng) as sitting:
            frame = sitting.frame(["add", f"later{rng.getrandbits(64):016x}", "handhandh1", 1, 0, "note", {}])
            await sitting.line.send(frame)
            first = outcome(await sitting.answer(1), 1)
            token, session = sitting.token, sitting.session
        before = store.lines(table.space, table.board)
        async with raw(table.ws) as line:
            hello = plain(frame_parts(table.known(token=token, session=session))["hello"])
            await line.ask(hello, "welcome")
            opened = await line.ask({"t": "open", "board": table.board}, "opened")
            assert opened["mark"] == 1
            answer = await line.ask(frame, "ack")
            assert outcome(answer, 1) == first
        assert store.lines(table.space, table.board) == before


def outcome(answer: Frame, n: int) -> Any:
    """Return what became of group n: the seq of its first entry, or a code."""
    if answer["t"] == "ack":
        return next(seq for settled, seq in answer["acks"] if settled == n)
    return answer["code"]


class TestAnothersPlace:
    async def test_boards_of_another_space(self, table: Table, other_table: Table, store: Store) -> None:
        rng, _ = chance("another's board")
        before = store.lines(other_table.space, other_table.board)
        edit = ["add", "elementaa1", "handhandh1", 1, 0, "note", {}]
        async with seat(table, rng) as sitting:
            for board in [other_table.board, other_table.space, "nosuchboard", "--------"]:
                await sitting.line.send({"t": "open", "board": board})
                said = (await sitting.line.hear_until("refuse"))[-1:]
                assert assert_refused(said, board, "no-such-board")["board"] == board
                frame = {"t": "edit", "board": board, "n": 1, "edits": [edit]}
                (said,) = await sitting.line.volley([pack(frame)])
                assert assert_refused(said, board, "not-open")["board"] == board
                for quiet in [{"t": "leave", "board": board}, {"t": "here", "board": board, "here": {}}]:
                    (said,) = await sitting.line.volley([pack(quiet)])
                    assert said == []
        assert store.lines(other_table.space, other_table.board) == before

    async def test_anothers_session(self, table: Table, store: Store) -> None:
        """By another's session id nobody learns that one's mark, or writes as them."""
        rng, _ = chance("another's session")
        async with seat(table, rng) as victim:
            await victim.write(["add", f"victim{rng.getrandbits(64):016x}", "handhandh1", 1, 0, "note", {}])
            before = store.lines(table.space, table.board)
            async with seat(table, rng) as sitting:
                edit = ["add", "elementaa1", "handhandh1", 1, 0, "note", {}]
                frame = sitting.frame(edit) | {"session": victim.session}
                (said,) = await sitting.line.volley([pack(frame)])
                assert_refused(said, "another's session", "not-open")
                adopted = {"t": "open", "board": table.board, "session": victim.session}
                assert (await sitting.line.ask(adopted, "opened"))["mark"] == 0
            assert store.lines(table.space, table.board) == before

    async def test_a_session_of_two_connections(self, table: Table, store: Store) -> None:
        """Two tabs with one session id: each n is taken once, whoever is first."""
        rng, _ = chance("one session twice")
        before = store.lines(table.space, table.board)
        async with seat(table, rng) as one, raw(table.ws) as line:
            hello = plain(frame_parts(table.known(token=one.token, session=one.session))["hello"])
            await line.ask(hello, "welcome")
            await line.ask({"t": "open", "board": table.board}, "opened")
            two = Seat(table, line, rng, one.token, one.session)
            for number in range(30):
                for who in (one, two):
                    element = f"twice{number:06x}{rng.getrandbits(32):08x}"
                    await who.line.send(who.frame(["add", element, "handhandh1", 1, 0, "note", {}]))
            for n in range(1, 31):
                assert {(await who.answer(n))["t"] for who in (one, two)} <= {"ack", "refuse"}
        added = store.lines(table.space, table.board)[len(before) :]
        assert_sound(table.space, table.board, [*before, *added])
        assert len(added) <= 30

    async def test_too_many_boards(self, table: Table) -> None:
        rng, _ = chance("too many boards")
        async with seat(table, rng) as sitting:
            for number in range(40):
                await sitting.line.send({"t": "open", "board": f"nosuchboard{number}"})
            await sitting.line.send({"t": "ping"})
            said = [frame for frame in await sitting.line.hear_until("pong") if frame["t"] == "refuse"]
            rest = 40 - len(said)
            said += [
                frame for frame in await sitting.line.hear_until("refuse", rest) if frame["t"] == "refuse"
            ]
            for frame in said:
                assert_refused([frame], frame["board"], "no-such-board", "too-many-boards")


@pytest.mark.parametrize("name", ["A\n", " A", "\x00", "A\tB", "\ufffc", "A\x1b[31m", "A\x85"])
async def test_names_that_cannot_be_shown(name: str, table: Table) -> None:
    rng, _ = chance("names")
    async with seat(table, rng) as sitting:
        (said,) = await sitting.line.volley([pack({"t": "name", "name": name})])
        assert_refused(said, repr(name), "bad-name")
