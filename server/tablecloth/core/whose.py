"""Whose words: what others may do with somebody's words, and variants beside them. Rules: FOLD-80 to FOLD-87.

A variant is a text edit that waits: one op, which the fold carries over all that is written meanwhile. So its
body holds only the proposer's own letters, what they are put between stays its author's, and nothing that a
rule decides by stands in a body.

Each function changes the element in place and answers a reason, or None if the entry applied. Rejected: whole
proposed fields in bodies (they would quote the author's words where a withdrawal can't reach them).
"""

from __future__ import annotations

from tablecloth.core import limits
from tablecloth.core.board import Board, Credit, Element, Stamp, Variant
from tablecloth.core.edits import AcceptHead, Content, UnvaryHead, Value, VaryHead
from tablecloth.core.elements import TYPES
from tablecloth.core.text import INSERT, PLACEHOLDER, Applied, Op, TextField, apply_op, splice_op, transform


def words_kept(element: Element, author: str) -> str | None:
    """Why ``author`` may not change the element's words, or None if they may (FOLD-81)."""
    whose = element.props.get("whose")
    if whose is None or whose == "ours" or element.born.author == author:
        return None
    return "ask-first" if whose == "ask" else "not-yours"


def copy_fits(board: Board, values: dict[str, Value]) -> bool:
    """Whether a new element says truly whose words it copies, as far as the board can tell (FOLD-87)."""
    copied, credit = values.get("copied", ""), values.get("credit", "")
    if not copied or not credit:
        return not copied and not credit
    source = board.elements.get(str(copied))
    return source is None or credit == (source.props.get("credit") or source.born.author)


def inserts(op: Op) -> int:
    """How many code points an op inserts."""
    return sum(length for kind, length in op if kind == INSERT)


def variant_words(element: Element, variant: Variant) -> str:
    """The whole field as it would be if the variant were accepted now; placeholders where it is withheld."""
    words = PLACEHOLDER * inserts(variant.op) if variant.words is None else variant.words
    if variant.field in TYPES[element.type].fields:
        return apply_op(element.text(variant.field), variant.op, words)
    return words


def between(before: str, after: str) -> tuple[int, int, str]:
    """The least change from one text to another: position, how much goes, and what comes (code points)."""
    most = min(len(before), len(after))
    head = 0
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, len(before) - tail - head, after[head : len(after) - tail]


def find_variant(element: Element, field: str, author: str) -> Variant | None:
    """The variant that somebody has on a field now."""
    for variant in element.variants:
        if variant.field == field and variant.stamp.author == author:
            return variant
    return None


def vary(element: Element, stamp: Stamp, head: VaryHead, content: Content | None) -> str | None:
    """FOLD-82."""
    kind = TYPES[element.type]
    position, deleted, inserted = head.splice
    is_text = head.field in kind.fields
    if not is_text and head.field not in kind.words:
        return "no-such-field"
    if element.props.get("whose") == "mine" and element.born.author != head.author:
        return "not-yours"
    is_new = find_variant(element, head.field, head.author) is None
    if is_new and len(element.variants) >= limits.MAX_VARIANTS:
        return "variants-full"
    if is_text:
        field = element.texts.get(head.field)
        if field is None:
            field = TextField()
        field.prune(stamp.seq, stamp.at)
        rebased = field.rebase(head.author, head.hand, head.base, [head.splice])
        if isinstance(rebased, str):
            return rebased
        if not rebased.ops:
            return "out-of-range"
        if inserted and len(field.value) + inserted > limits.MAX_TEXT:
            return "text-full"
        op = rebased.ops[0]
    elif position or deleted or inserted > limits.MAX_SHORT_TEXT:
        return "bad-value"
    else:
        op = splice_op(head.splice)
    words = content if isinstance(content, str) and len(content) == inserted else None
    variants = [*_without(element, head.field, head.author), Variant(head.field, stamp, op, words)]
    element.variants = tuple(sorted(variants, key=lambda one: (one.field, one.stamp.author)))
    return None


def carry_variants(element: Element, field: str, ops: list[Op]) -> None:
    """Carry the waiting variants of a field over what was just written there (FOLD-83)."""
    carried = []
    for variant in element.variants:
        op = variant.op
        if variant.field == field:
            for other in ops:
                op = transform(op, other, False)
        carried.append(Variant(variant.field, variant.stamp, op, variant.words))
    element.variants = tuple(carried)


def unvary(element: Element, head: UnvaryHead) -> str | None:
    """FOLD-84."""
    variant = find_variant(element, head.field, head.of)
    if variant is None or variant.stamp.seq != head.variant:
        return "no-variant"
    if head.author not in {head.of, element.born.author}:
        return "not-yours"
    element.variants = _without(element, head.field, head.of)
    return None


def accept(element: Element, stamp: Stamp, head: AcceptHead) -> str | None:
    """FOLD-85."""
    variant = find_variant(element, head.field, head.of)
    if variant is None or variant.stamp.seq != head.variant:
        return "no-variant"
    if head.author != element.born.author:
        return "not-yours"
    accepted = Stamp(stamp.seq, stamp.at, head.of)
    if head.field not in TYPES[element.type].fields:
        element.words[head.field] = variant.words
        element.stamps[head.field] = accepted
    elif not _accept_text(element, accepted, head, variant):
        return "text-full"
    element.variants = _without(element, head.field, head.of)
    if head.field in element.texts:
        carry_variants(element, head.field, [variant.op])
    others = [one for one in element.credits if (one.field, one.stamp.author) != (head.field, head.of)]
    credited = [*others, Credit(head.field, accepted)]
    element.credits = tuple(sorted(credited, key=lambda one: (one.field, one.stamp.author)))
    return None


def _accept_text(element: Element, accepted: Stamp, head: AcceptHead, variant: Variant) -> bool:
    field = element.texts.get(head.field)
    if field is None:
        field = TextField()
    field.prune(accepted.seq, accepted.at)
    count = inserts(variant.op)
    if count and len(field.value) + count > limits.MAX_TEXT:
        return False
    words = PLACEHOLDER * count if variant.words is None else variant.words
    field.value = apply_op(field.value, variant.op, words)
    # The accepting hand is no writer's under the variant's author: everybody rebases over this as over
    # another's words, also who accepted.
    field.window.append(Applied(accepted.seq, accepted.at, head.of, head.hand, [variant.op]))
    element.texts[head.field] = field
    return True


def _without(element: Element, field: str, author: str) -> tuple[Variant, ...]:
    return tuple(one for one in element.variants if (one.field, one.stamp.author) != (field, author))
