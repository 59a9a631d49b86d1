"""From an admitted edit to the bytes of its entry, encoded once (FOLD-1)."""

from __future__ import annotations

import msgspec

from tablecloth.core.chain import body_hash
from tablecloth.core.edits import (
    AcceptEdit,
    AcceptHead,
    AddEdit,
    AddHead,
    AnyEdit,
    AnyHead,
    Body,
    BringBackEdit,
    BringBackHead,
    Content,
    FoundHead,
    InkEdit,
    InkHead,
    LockEdit,
    LockHead,
    OrderEdit,
    OrderHead,
    SetAsideEdit,
    SetAsideHead,
    SetEdit,
    SetHead,
    TextEdit,
    TextHead,
    UnlockEdit,
    UnlockHead,
    UnvaryEdit,
    UnvaryHead,
    VaryEdit,
    VaryHead,
)
from tablecloth.core.room_kinds import (
    ObjectEdit,
    ObjectHead,
    ProposeEdit,
    ProposeHead,
    ResumeEdit,
    ResumeHead,
    TakeBackEdit,
    TakeBackHead,
    VoteEdit,
    VoteHead,
)

encode = msgspec.msgpack.Encoder().encode


def array_head(length: int) -> bytes:
    """How MessagePack begins an array of ``length`` items, which then follow as they were encoded."""
    if length < 16:
        return bytes((0x90 | length,))
    return b"\xdc" + length.to_bytes(2, "big") if length < 65536 else b"\xdd" + length.to_bytes(4, "big")


def _body(salt: bytes, content: Content) -> tuple[bytes, bytes]:
    body = encode(Body(salt, content))
    return body, body_hash(body)


def with_body(salt: bytes, content: Content) -> tuple[bytes, bytes]:
    """A body's bytes and their hash, for heads that workers make."""
    return _body(salt, content)


def found(space: str, board: str, key: bytes, title: str, salt: bytes) -> tuple[bytes, bytes]:
    """Head and body of a board's founding entry. ``key``: 32 bytes, ``salt``: 16 random bytes."""
    body, digest = _body(salt, title)
    return encode(FoundHead(space, board, key, 1, digest)), body


def head_of(edit: AnyEdit, author: str, salt: bytes) -> tuple[AnyHead, bytes | None]:
    """The head that an edit by ``author`` gets, and its body if it has one. ``salt``: 16 random bytes."""
    common = (author, edit.element, edit.hand, edit.k, edit.base)
    match edit:
        case AddEdit():
            return AddHead(*common, edit.type, edit.values), None
        case SetEdit():
            names = sorted(edit.words)
            if not names:
                return SetHead(*common, edit.values, [], None), None
            body, digest = _body(salt, [edit.words[name] for name in names])
            return SetHead(*common, edit.values, names, digest), body
        case TextEdit():
            body, digest = _body(salt, edit.inserted)
            return TextHead(*common, edit.field, edit.splices, digest), body
        case InkEdit():
            body, digest = _body(salt, edit.points)
            return InkHead(*common, edit.count, digest), body
        case SetAsideEdit():
            if not edit.why:
                return SetAsideHead(*common, None), None
            body, digest = _body(salt, edit.why)
            return SetAsideHead(*common, digest), body
        case BringBackEdit():
            return BringBackHead(*common), None
        case OrderEdit():
            return OrderHead(*common, edit.key), None
        case LockEdit():
            if not edit.why:
                return LockHead(*common, edit.minutes, None), None
            body, digest = _body(salt, edit.why)
            return LockHead(*common, edit.minutes, digest), body
        case UnlockEdit():
            return UnlockHead(*common), None
        case ProposeEdit():
            names = sorted(edit.words)
            body, digest = _body(salt, [edit.why, *(edit.words[name] for name in names)])
            whom = (edit.act, edit.board, edit.about)
            return ProposeHead(*common, *whom, edit.elements, edit.values, names, digest), body
        case ObjectEdit():
            if not edit.why:
                return ObjectHead(*common, None), None
            body, digest = _body(salt, edit.why)
            return ObjectHead(*common, digest), body
        case VoteEdit():
            return VoteHead(*common, edit.choice), None
        case TakeBackEdit():
            return TakeBackHead(*common), None
        case ResumeEdit():
            return ResumeHead(*common), None
        case VaryEdit():
            body, digest = _body(salt, edit.inserted)
            return VaryHead(*common, edit.field, edit.splice, digest), body
        case UnvaryEdit():
            return UnvaryHead(*common, edit.field, edit.of, edit.variant), None
        case AcceptEdit():
            return AcceptHead(*common, edit.field, edit.of, edit.variant), None


def encode_entry(edit: AnyEdit, author: str, salt: bytes) -> tuple[bytes, bytes | None]:
    """Head and body as the bytes that are stored, sent and hashed."""
    head, body = head_of(edit, author, salt)
    return encode(head), body
