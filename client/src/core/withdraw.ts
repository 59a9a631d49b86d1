/**
 * Taking one's own words back for good: what a `withdraw` entry does to an element. Rules: FOLD-90 to FOLD-92. Mirrors
 * `core/withdraw.py`.
 *
 * The entry makes a board that still had the bodies equal to one that is folded from heads alone: the same places hold
 * placeholders, lengths and windows stay, and nothing that others wrote moves.
 */

import type { Element, Stamp } from './board.ts';
import type { WithdrawHead, WithdrawnRange } from './edits.ts';
import { typeOf } from './elements.ts';
import type { Reason } from './reasons.ts';
import { DELETE, growth, KEEP, type Op, PLACEHOLDER, TextField, transform, Walk } from './text.ts';

/** FOLD-90: the element without the author's words, or the reason why that can't be told. */
export function withdraw(element: Element, stamp: Stamp, head: WithdrawHead): Element | Reason {
  const names = head.ranges.map(([name]) => name);
  if (new Set(names).size !== names.length || !head.ranges.every(([, ranges]) => inOrder(ranges))) return 'bad-value';
  const { fields } = typeOf(element.type);
  if (!names.every((name) => fields.includes(name))) return 'no-such-field';
  const texts = new Map<string, TextField>();
  for (const [name, field] of element.texts) texts.set(name, field.prune(stamp.seq, stamp.at));
  for (const field of texts.values()) {
    if (head.base < field.floor || hasWritten(field, head.author, head.base)) return 'old-base';
  }
  for (const [name, ranges] of head.ranges) {
    const field = texts.get(name) ?? new TextField();
    const op = carriedRanges(field, head.base, ranges);
    if (op === null) return 'out-of-range';
    const value = blanked(field, op);
    texts.set(name, new TextField(value, field.window, field.bridges, field.floor, field.length));
  }
  const others = element.withdrawn.filter((one) => one.author !== head.author);
  const withdrawn = [...others, stamp].sort((one, two) => (one.author < two.author ? -1 : 1));
  return withheld(element, head.author).with({ texts, withdrawn });
}

/**
 * Ranges over a field as of `base`, as one op of deletions over it as it is now (FOLD-91); null if they reach past the end.
 * `base` is not below the field's floor.
 */
export function carriedRanges(field: TextField, base: number, ranges: readonly WithdrawnRange[]): Op | null {
  const since = field.window.filter((record) => record.seq > base).flatMap((record) => record.ops);
  const length = since.reduce((left, op) => left - growth(op), field.length);
  const steps: number[] = [];
  let at = 0;
  for (const [position, count] of ranges) {
    if (position + count > length) return null;
    if (position > at) steps.push(KEEP, position - at);
    if (steps.at(-2) === DELETE) steps[steps.length - 1] = (steps.at(-1) as number) + count;
    else steps.push(DELETE, count);
    at = position + count;
  }
  return since.reduce<Op>((op, other) => transform(op, other, false), steps);
}

/** A field's words with what `op` deletes overwritten in place. */
function blanked(field: TextField, op: Op): string {
  const old = new Walk(field.value, field.length);
  let out = '';
  for (let i = 0; i < op.length; i += 2) {
    const count = op[i + 1] as number;
    if (op[i] === DELETE) {
      old.skip(count);
      out += PLACEHOLDER.repeat(count);
    } else out += old.take(count);
  }
  return out + old.rest();
}

function inOrder(ranges: readonly WithdrawnRange[]): boolean {
  let end = 0;
  for (const [position, count] of ranges) {
    if (position < end) return false;
    end = position + count;
  }
  return true;
}

function hasWritten(field: TextField, author: string, base: number): boolean {
  return field.window.some((record) => record.seq > base && record.author === author);
}

/** FOLD-92: all else that the author wrote here, by its stamps. */
function withheld(element: Element, author: string): Element {
  const words = new Map(element.words);
  for (const name of words.keys()) if (element.stamp(name).author === author) words.set(name, null);
  const { aside, lock } = element;
  const isOwn = element.born.author === author;
  return element.with({
    words,
    ink: isOwn ? element.ink.map((piece) => ({ count: piece.count, points: null })) : element.ink,
    aside: aside?.stamp.author === author ? { ...aside, why: null } : aside,
    lock: lock?.stamp.author === author ? { ...lock, why: null } : lock,
    variants: element.variants.map((one) => (one.stamp.author === author ? { ...one, words: null } : one)),
  });
}
