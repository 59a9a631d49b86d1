"""``board = fold(entries)``: the one place where an entry changes a board. Rules: ``schemas/FOLD.md``.

The fold is total. It never raises and reads nothing but the board and the entry: what does not apply is a
no-op with a reason (one of ``REASONS``), the same in Python and TypeScript. Seq, time and chain move on for
every entry, applied or not. The door (``rules.refusal``) gives the same reasons early; it never decides
anything.
"""

from __future__ import annotations

from typing import cast

import msgspec

from tablecloth.core import limits
from tablecloth.core.anonymous import is_anonymous, may_write
from tablecloth.core.board import Aside, Board, Element, InkPiece, Lock, Stamp
from tablecloth.core.chain import chain_next
from tablecloth.core.deadlines import pass_time
from tablecloth.core.edits import (
    AcceptHead,
    AddHead,
    AnyHead,
    BoardHead,
    Body,
    BringBackHead,
    Content,
    Entry,
    FoundHead,
    InkHead,
    LockHead,
    OrderHead,
    SetAsideHead,
    SetHead,
    TextHead,
    UnlockHead,
    UnvaryHead,
    VaryHead,
    WithdrawHead,
)
from tablecloth.core.elements import FIXED, TYPES, values_fit
from tablecloth.core.proposals import apply_roll, apply_said, apply_tick
from tablecloth.core.room_kinds import (
    ROOM_HEADS,
    KeyHead,
    ProposalHead,
    RestoredHead,
    RollHead,
    RulingHead,
    TickHead,
    WorkersHead,
)
from tablecloth.core.rulings import apply_restored, apply_ruling
from tablecloth.core.whose import accept, copy_fits, unvary, vary, words_kept
from tablecloth.core.withdraw import withdraw
from tablecloth.core.writing import write

REASONS = (
    "unreadable",  # the head can't be read
    "founded",  # a second founding entry, or one of another board
    "unfounded",  # an entry before the founding one
    "repeat",  # this hand's k was there already
    "hole",  # this hand's k leaves one out
    "exists",  # an element with this id is there already
    "unknown-element",
    "board-full",
    "bad-value",  # a property that the type doesn't have, or a value that it doesn't take
    "aside",  # the element lies in the margin
    "not-aside",
    "stale",  # every property was changed by somebody since, long ago
    "no-such-field",
    "old-base",  # made over words that are too old to rebase over
    "future-base",
    "out-of-range",  # no splice fits
    "text-full",
    "ink-full",
    "not-yours",
    "locked",  # somebody asked that it stays as it is for a while
    "not-locked",
    "wrong-board",  # said on the space's log and belongs on a board, or the other way round
    "unknown-proposal",
    "decided",  # the proposal is not open any more
    "proposed",  # the same is open already
    "proposals-full",
    "too-often",
    "voting",  # somebody objected before: now there is a vote
    "not-voting",  # nobody has objected yet
    "no-say",  # it concerns them, or it is their own, or they were not there when the roll was taken
    "not-held",
    "closed",  # the room closed the board
    "paused",  # the room paused this person
    "ask-first",  # somebody's words, who wants to be asked: a variant beside them is welcome
    "no-variant",  # it was changed, taken back or accepted meanwhile
    "variants-full",
)

LATEST = 2**53 - 1
"""No number in a log is larger (FOLD-1), the end of a lock neither."""

_read_head = msgspec.msgpack.Decoder(AnyHead).decode
_read_body = msgspec.msgpack.Decoder(Body).decode
_encode = msgspec.msgpack.Encoder().encode


class Outcome(msgspec.Struct, frozen=True):
    """What an entry did: ``reason`` is None if it applied; ``stale``: the properties that did not."""

    reason: str | None = None
    stale: tuple[str, ...] = ()


APPLIED = Outcome()


def read_head(head: bytes) -> AnyHead | None:
    """A head from its bytes, or None if it can't be read."""
    try:
        read: AnyHead = _read_head(head)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    # FOLD-1: written in one way only. Keeps out keys that stand twice, which readers settle differently.
    return read if _encode(read) == head else None


def read_content(body: bytes | None) -> Content | None:
    """A body's content, or None if the body is withheld or can't be read."""
    if body is None:
        return None
    try:
        read: Body = _read_body(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    content = read.content
    is_list = isinstance(content, list) and all(isinstance(item, str) for item in content)
    if not is_list and not isinstance(content, str | bytes):
        return None
    return content if _encode(read) == body else None


def apply_entry(board: Board, entry: Entry) -> Outcome:
    """Fold the next entry into ``board``, in place: ``entry.seq == board.seq + 1``.

    Calling it with any other seq is the caller's mistake and raises ValueError; nothing that a log holds
    does.
    """
    return apply_read(board, entry, read_head(entry.head))


def apply_read(board: Board, entry: Entry, head: AnyHead | None) -> Outcome:
    """The same for a caller that needs the head too: ``head`` is what ``read_head`` made of the entry's."""
    return apply_known(board, entry, head, read_content(entry.body))


def apply_known(board: Board, entry: Entry, head: AnyHead | None, content: Content | None) -> Outcome:
    """The same for a caller that knows the content too, as ``read_content`` would read it."""
    if entry.seq != board.seq + 1:
        raise ValueError(f"entry {entry.seq} does not follow {board.seq}")
    board.chain = chain_next(board.chain, entry.seq, entry.at, entry.head)
    board.seq = entry.seq
    if entry.at > board.at:  # FOLD-7
        if board.decisions.proposals:
            pass_time(board, board.at, entry.at, entry.seq)  # FOLD-109
        board.at = entry.at
    if head is None:
        return Outcome("unreadable")
    return apply_head(board, board.seq, board.at, head, content)


def apply_head(board: Board, seq: int, at: int, head: AnyHead, content: Content | None) -> Outcome:
    """The rules, on a head that was read. Pending edits fold through here, at the board's own ``at``."""
    if isinstance(head, FoundHead):
        return _found(board, seq, head, content)
    if seq == 1:
        return Outcome("unfounded")
    if type(head) in ROOM_HEADS:
        reason = _of_the_room(board, seq, at, cast(ProposalHead | WorkersHead, head), content)
        return APPLIED if reason is None else Outcome(reason)
    return _on_the_board(board, seq, at, cast(BoardHead, head), content)


def _on_the_board(board: Board, seq: int, at: int, head: BoardHead, content: Content | None) -> Outcome:
    if board.board == board.space:  # FOLD-100
        return Outcome("wrong-board")
    if not may_write(head.author, head.element):  # FOLD-141
        return Outcome("not-yours")
    element = board.elements.get(head.element)
    if element is None:
        return _add(board, seq, at, head) if isinstance(head, AddHead) else Outcome("unknown-element")
    hand = (head.author, head.hand)
    last = element.hands.get(hand, 0)
    if head.k != last + 1:  # FOLD-4
        return Outcome("repeat" if head.k <= last else "hole")
    if head.base >= seq:
        return Outcome("future-base")
    stamp = Stamp(seq, at, head.author)
    by_the_room = board.decisions.held(head.author, at)
    if by_the_room is not None and not isinstance(head, WithdrawHead):  # FOLD-121, FOLD-122, FOLD-90
        if not isinstance(head, TextHead):
            element.hands[hand] = head.k
        return Outcome(by_the_room)
    match head:
        case TextHead():
            outcome = _text(element, stamp, head, content)
            if outcome.reason is None:  # FOLD-35: words that were not applied don't use up their k
                element.hands[hand] = head.k
            return outcome
        case AddHead():
            outcome = Outcome("exists")
        case SetHead():
            outcome = _set(element, stamp, head, content)
        case InkHead():
            outcome = _ink(element, head, content)
        case SetAsideHead():
            outcome = _set_aside(element, stamp, head, content)
        case BringBackHead():
            outcome = _bring_back(element)
        case OrderHead():
            outcome = _order(element, stamp, head)
        case LockHead():
            outcome = _lock(element, stamp, head, content, board.decisions.number("lock"))
        case UnlockHead():
            outcome = _unlock(element, stamp)
        case VaryHead():
            outcome = _told(vary(element, stamp, head, content))
        case UnvaryHead():
            outcome = _told(unvary(element, head))
        case AcceptHead():
            outcome = _told(accept(element, stamp, head))
        case WithdrawHead():
            outcome = _told(withdraw(element, stamp, head))
    element.hands[hand] = head.k
    return outcome


def _of_the_room(
    board: Board, seq: int, at: int, head: ProposalHead | WorkersHead, content: Content | None
) -> str | None:
    """What the room says and decides: rules of their own (FOLD-100 to FOLD-127)."""
    match head:
        case RollHead():
            return apply_roll(board, seq, at, head)
        case TickHead():
            return apply_tick(board, seq, head)
        case RulingHead():
            return apply_ruling(board, seq, at, head, content)
        case KeyHead():
            board.key = head.key  # FOLD-132
            return None
        case RestoredHead():
            return apply_restored(board, seq, at, head, content)
        case _ if board.board == board.space and is_anonymous(head.author):  # FOLD-141
            return "not-yours"
        case _:
            return apply_said(board, seq, at, head, content)


def _told(reason: str | None) -> Outcome:
    return APPLIED if reason is None else Outcome(reason)


def _found(board: Board, seq: int, head: FoundHead, content: Content | None) -> Outcome:
    # FOLD-3
    if seq != 1 or head.space != board.space or head.board != board.board:
        return Outcome("founded")
    board.key, board.version = head.key, head.version
    board.title = content if isinstance(content, str) else None
    return APPLIED


def _add(board: Board, seq: int, at: int, head: AddHead) -> Outcome:
    # FOLD-11
    if head.k != 1:
        return Outcome("hole")
    if head.base >= seq:
        return Outcome("future-base")
    by_the_room = board.decisions.held(head.author, at)
    if by_the_room is not None:
        return Outcome(by_the_room)
    if len(board.elements) >= limits.MAX_ELEMENTS:
        return Outcome("board-full")
    if not values_fit(head.type, head.values) or not copy_fits(board, head.values):
        return Outcome("bad-value")
    element = Element(head.element, head.type, Stamp(seq, at, head.author), dict(head.values))
    element.hands[(head.author, head.hand)] = 1
    board.elements[head.element] = element
    return APPLIED


def _is_stale(element: Element, name: str, stamp: Stamp, base: int) -> bool:
    # FOLD-21
    last = element.stamp(name)
    return last.author != stamp.author and last.seq > base and stamp.at - last.at > limits.STALE_MS


def _held(element: Element, stamp: Stamp) -> Outcome | None:
    """What keeps an element as it is: the margin (FOLD-23), or a lock, its own locker too (FOLD-53)."""
    if element.aside is not None:
        return Outcome("aside")
    return Outcome("locked") if element.is_locked(stamp.at) else None


def _set(element: Element, stamp: Stamp, head: SetHead, content: Content | None) -> Outcome:
    names = [*head.values, *head.words]
    if (
        not names
        or any(name in head.values for name in FIXED)
        or not values_fit(element.type, head.values)
        or not _words_fit(element.type, head.words)
    ):
        return Outcome("bad-value")
    if "whose" in head.values and element.born.author != head.author:  # FOLD-80
        return Outcome("not-yours")
    if head.words and (kept := words_kept(element, head.author)) is not None:
        return Outcome(kept)
    if (held := _held(element, stamp)) is not None:
        return held
    stale = [name for name in names if _is_stale(element, name, stamp, head.base)]
    written = (
        content if isinstance(content, list) and len(content) == len(head.words) else [None] * len(head.words)
    )
    for name, value in head.values.items():
        if name not in stale:
            element.props[name] = value
            element.stamps[name] = stamp
    for name, words in zip(head.words, written, strict=True):
        if name not in stale:
            element.words[name] = words
            element.stamps[name] = stamp
    if not stale:
        return APPLIED
    return Outcome("stale" if len(stale) == len(names) else None, tuple(sorted(stale)))


def _words_fit(type_name: str, names: list[str]) -> bool:
    """Whether a type has all of these word properties, and none is named twice."""
    known = TYPES[type_name].words
    return not names or (all(name in known for name in names) and len(set(names)) == len(names))


def _order(element: Element, stamp: Stamp, head: OrderHead) -> Outcome:
    # FOLD-51
    if (held := _held(element, stamp)) is not None:
        return held
    if _is_stale(element, "order", stamp, head.base):
        return Outcome("stale", ("order",))
    element.props["order"] = head.key
    element.stamps["order"] = stamp
    return APPLIED


def _text(element: Element, stamp: Stamp, head: TextHead, content: Content | None) -> Outcome:
    if head.field not in TYPES[element.type].fields:
        return Outcome("no-such-field")
    if "whose" in element.props and (kept := words_kept(element, head.author)) is not None:
        return Outcome(kept)
    words = content if isinstance(content, str) else None
    reason = write(element, stamp, head.hand, head.base, head.field, head.splices, words)
    return APPLIED if reason is None else Outcome(reason)


def _ink(element: Element, head: InkHead, content: Content | None) -> Outcome:
    # FOLD-41
    if not TYPES[element.type].has_ink:
        return Outcome("no-such-field")
    if element.born.author != head.author:
        return Outcome("not-yours")
    if element.ink_count() + head.count > limits.MAX_INK_POINTS:
        return Outcome("ink-full")
    element.ink.append(InkPiece(head.count, content if isinstance(content, bytes) else None))
    return APPLIED


def _set_aside(element: Element, stamp: Stamp, head: SetAsideHead, content: Content | None) -> Outcome:
    # FOLD-60
    if (held := _held(element, stamp)) is not None:
        return held
    why = "" if head.body is None else content if isinstance(content, str) else None
    element.aside = Aside(stamp, why)
    return APPLIED


def _bring_back(element: Element) -> Outcome:
    # FOLD-61
    if element.aside is None:
        return Outcome("not-aside")
    element.aside = None
    return APPLIED


def _lock(element: Element, stamp: Stamp, head: LockHead, content: Content | None, longest: int) -> Outcome:
    # FOLD-52, FOLD-126
    if element.aside is not None:
        return Outcome("aside")
    why = "" if head.body is None else content if isinstance(content, str) else None
    element.lock = Lock(stamp, min(stamp.at + min(head.minutes, longest) * 60_000, LATEST), why)
    return APPLIED


def _unlock(element: Element, stamp: Stamp) -> Outcome:
    # FOLD-54
    if not element.is_locked(stamp.at):
        return Outcome("not-locked")
    element.lock = None
    return APPLIED
