/**
 * Whose words: what others may do with somebody's words, and variants beside them. Rules: FOLD-80 to FOLD-87. Mirrors
 * `core/whose.py`.
 *
 * A variant is a text edit that waits: one op, which the fold carries over all that is written meanwhile. Each function answers
 * a new element, or the reason why nothing applies.
 */

import type { Board, Credit, Element, Stamp, Variant } from './board.ts';
import type { AcceptHead, Content, UnvaryHead, Values, VaryHead } from './edits.ts';
import { typeOf } from './elements.ts';
import { MAX_SHORT_TEXT, MAX_TEXT, MAX_VARIANTS } from './limits.ts';
import type { Reason } from './reasons.ts';
import { applyOp, codePoints, insertedBy, type Op, PLACEHOLDER, spliceOp, TextField, transform } from './text.ts';

/** Why `author` may not change the element's words, or null if they may (FOLD-81). */
export function wordsKept(element: Element, author: string): 'ask-first' | 'not-yours' | null {
  const whose = element.props.get('whose') ?? 'ours';
  if (whose === 'ours' || element.born.author === author) return null;
  return whose === 'ask' ? 'ask-first' : 'not-yours';
}

/** Whether a new element says truly whose words it copies, as far as the board can tell (FOLD-87). */
export function copyFits(board: Board, values: Values): boolean {
  const copied = values.get('copied') ?? '';
  const credit = values.get('credit') ?? '';
  if (copied === '' || credit === '') return copied === credit;
  const source = board.elements.get(String(copied));
  return source === undefined || credit === creditOf(source);
}

/** Whose words an element holds, for what is copied from it: the first author's, through copies of copies (FOLD-87). */
export function creditOf(element: Element): string {
  return String(element.props.get('credit') ?? '') || element.born.author;
}

/** The whole field as it would be if the variant were accepted now; placeholders where it is withheld. */
export function variantWords(element: Element, variant: Variant): string {
  const words = variant.words ?? PLACEHOLDER.repeat(insertedBy(variant.op));
  if (!typeOf(element.type).fields.includes(variant.field)) return words;
  return applyOp(element.text(variant.field), variant.op, words);
}

/** The variant that somebody has on a field now. */
export function findVariant(element: Element, field: string, author: string): Variant | null {
  return element.variants.find((one) => one.field === field && one.stamp.author === author) ?? null;
}

/** FOLD-82. */
export function vary(element: Element, stamp: Stamp, head: VaryHead, content: Content | null): Element | Reason {
  const reason = varyRefusal(element, head.author, head);
  if (reason !== null) return reason;
  const inserted = head.splice[2];
  let op = spliceOp(head.splice);
  if (typeOf(element.type).fields.includes(head.field)) {
    const field = (element.texts.get(head.field) ?? new TextField()).prune(stamp.seq, stamp.at);
    const rebased = field.rebase(head.author, head.hand, head.base, [head.splice]);
    if (rebased === 'old-base') return rebased;
    const [first] = rebased.ops;
    if (first === undefined) return 'out-of-range';
    if (inserted > 0 && field.length + inserted > MAX_TEXT) return 'text-full';
    op = first;
  } else if (!fitsWhole(head)) return 'bad-value';
  const words = typeof content === 'string' && codePoints(content) === inserted ? content : null;
  const variant: Variant = { field: head.field, stamp, op, words };
  return element.with({ variants: sorted([...without(element, head.field, head.author), variant]) });
}

interface Proposed {
  readonly field: string;
  readonly splice: VaryHead['splice'];
}

/** What stands against a variant, but for its place in the words (FOLD-82). */
export function varyRefusal(element: Element, author: string, { field }: Proposed): Reason | null {
  const { fields, words } = typeOf(element.type);
  if (!fields.includes(field) && !words.includes(field)) return 'no-such-field';
  if (element.props.get('whose') === 'mine' && element.born.author !== author) return 'not-yours';
  const isNew = findVariant(element, field, author) === null;
  return isNew && element.variants.length >= MAX_VARIANTS ? 'variants-full' : null;
}

/** A variant of a word property brings the whole of it. */
export function fitsWhole({ splice }: Proposed): boolean {
  return splice[0] === 0 && splice[1] === 0 && splice[2] <= MAX_SHORT_TEXT;
}

/** The waiting variants, those of `field` carried over what was just written there (FOLD-83). */
export function carriedVariants(variants: readonly Variant[], field: string, ops: readonly Op[]): readonly Variant[] {
  if (variants.length === 0) return variants;
  return variants.map((variant) => {
    if (variant.field !== field) return variant;
    return { ...variant, op: ops.reduce((op, other) => transform(op, other, false), variant.op) };
  });
}

/** What stands against leaving or accepting a variant (FOLD-84, FOLD-85). */
export function variantRefusal(
  element: Element,
  author: string,
  about: { kind: 'unvary' | 'accept'; field: string; of: string; variant: number },
): 'no-variant' | 'not-yours' | null {
  const variant = findVariant(element, about.field, about.of);
  if (variant === null || variant.stamp.seq !== about.variant) return 'no-variant';
  const isOwn = about.kind === 'unvary' && author === about.of;
  return isOwn || author === element.born.author ? null : 'not-yours';
}

/** FOLD-84. */
export function unvary(element: Element, head: UnvaryHead): Element | Reason {
  const reason = variantRefusal(element, head.author, head);
  return reason ?? element.with({ variants: without(element, head.field, head.of) });
}

/** FOLD-85. */
export function accept(element: Element, stamp: Stamp, head: AcceptHead): Element | Reason {
  const reason = variantRefusal(element, head.author, head);
  const variant = findVariant(element, head.field, head.of);
  if (reason !== null || variant === null) return reason ?? 'no-variant';
  const accepted: Stamp = { seq: stamp.seq, at: stamp.at, author: head.of };
  const others = element.credits.filter((one) => one.field !== head.field || one.stamp.author !== head.of);
  const credits = sorted<Credit>([...others, { field: head.field, stamp: accepted }]);
  const left = without(element, head.field, head.of);
  if (!typeOf(element.type).fields.includes(head.field)) {
    const words = new Map(element.words).set(head.field, variant.words);
    const stamps = new Map(element.stamps).set(head.field, accepted);
    return element.with({ words, stamps, credits, variants: left });
  }
  const field = acceptedField(element, accepted, head, variant);
  if (field === null) return 'text-full';
  const texts = new Map(element.texts).set(head.field, field);
  return element.with({ texts, credits, variants: carriedVariants(left, head.field, [variant.op]) });
}

function acceptedField(element: Element, accepted: Stamp, head: AcceptHead, variant: Variant): TextField | null {
  const { seq, at } = accepted;
  const field = (element.texts.get(head.field) ?? new TextField()).prune(seq, at);
  const count = insertedBy(variant.op);
  if (count > 0 && field.length + count > MAX_TEXT) return null;
  const value = applyOp(field.value, variant.op, variant.words ?? PLACEHOLDER.repeat(count), field.length);
  // The accepting hand is no writer's under the variant's author: everybody rebases over this as over another's words,
  // also who accepted.
  const record = { seq, at, author: head.of, hand: head.hand, ops: [variant.op] };
  return new TextField(value, [...field.window, record], field.bridges, field.floor);
}

function without(element: Element, field: string, author: string): Variant[] {
  return element.variants.filter((one) => one.field !== field || one.stamp.author !== author);
}

function sorted<T extends { readonly field: string; readonly stamp: Stamp }>(list: T[]): T[] {
  const key = (one: T): string => `${one.field} ${one.stamp.author}`;
  return list.sort((one, two) => (key(one) < key(two) ? -1 : key(one) > key(two) ? 1 : 0));
}
