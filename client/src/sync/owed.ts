/**
 * Deletions that are owed: of words that somebody else had written, that one had deleted, and that a log lost with both
 * (PROTOCOL-10). The twin of `server/tablecloth/replica/owed.py`.
 *
 * Over the log as it came back such a deletion says nothing, and its words return later, by their author's own hand. Then they
 * are known by their author, hand and content, and deleted once more.
 *
 * Rejected: sending the deletion late and everything behind it with it (what is written would stay unseen until everybody is
 * back); keeping others' lost words in the board (it would no longer be the fold of its log).
 */

import { codePoints, DELETE, growth, INSERT, insertedBy, KEEP, type Op } from '../core/text.ts';
import type { Past } from './history.ts';

/** Which entry brought a code point, and at which place among those that it brought; null: it was there before. */
type Sign = readonly [entry: number, place: number] | null;

/** Words of somebody else's entry that the log lost, and which of them one had deleted. */
interface Lost {
  readonly words: string;
  readonly gone: ReadonlySet<number>;
}

export class Owed {
  /** By hand and field. */
  readonly #lost = new Map<string, Lost[]>();

  /** The field `where` (`fieldKey`), that was `length` code points long, loses `past`; own `pending` changes stood on it. */
  note(where: string, length: number, past: readonly Past[], pending: readonly Op[]): void {
    const gone = deletedByOwn(length, past, pending);
    const debtors = new Set([...gone.keys()].map((entry) => past[entry]?.by));
    for (const [entry, { own, by, change }] of past.entries()) {
      if (own !== null || !debtors.has(by) || change.words === '') continue;
      if (codePoints(change.words) !== insertedBy(change.op)) continue; // withheld
      const key = `${by} ${where}`;
      this.#lost.set(key, [...(this.#lost.get(key) ?? []), { words: change.words, gone: gone.get(entry) ?? new Set() }]);
    }
  }

  /**
   * Somebody else's entry was folded, and the field is `length` code points long now. Answers the deletion that is owed to it,
   * over the field as it is now; mostly the empty one.
   */
  returned({ by, change, where }: Past, length: number): Op {
    const key = `${by} ${where ?? ''}`;
    const lost = this.#lost.get(key) ?? [];
    const match = lost.find((one) => one.words === change.words);
    if (match === undefined) return [];
    const left = lost.filter((one) => one !== match);
    if (left.some((one) => one.gone.size > 0)) this.#lost.set(key, left);
    else this.#lost.delete(key);
    const before: Sign[] = Array.from({ length: length - growth(change.op) }, () => null);
    const isOwed = ([, sign]: [number, Sign]): boolean => sign !== null && match.gone.has(sign[1]);
    return deletionOf([...after(before, change.op, 0).signs.entries()].filter(isOwed).map(([at]) => at));
  }
}

/** Code points at these places, in order, as one deletion. */
function deletionOf(places: readonly number[]): Op {
  const op: number[] = [];
  let at = 0;
  for (const place of places) {
    if (place > at || op.length === 0) op.push(...(place > at ? [KEEP, place - at] : []), DELETE, 0);
    op[op.length - 1] = (op.at(-1) as number) + 1;
    at = place + 1;
  }
  return op;
}

/** Which code points of others' entries one deleted, by the entries' place in `past`. */
function deletedByOwn(length: number, past: readonly Past[], pending: readonly Op[]): Map<number, Set<number>> {
  const gone = new Map<number, Set<number>>();
  let signs: Sign[] = Array.from({ length }, () => null);
  const chain = [...past.map(({ own, change }) => ({ isOwn: own !== null, op: change.op })), ...pending.map((op) => ({ isOwn: true, op }))];
  for (const [entry, { isOwn, op }] of chain.entries()) {
    const step = after(signs, op, entry);
    signs = step.signs;
    for (const sign of isOwn ? step.taken : []) {
      if (sign === null || past[sign[0]]?.own !== null) continue;
      gone.set(sign[0], (gone.get(sign[0]) ?? new Set()).add(sign[1]));
    }
  }
  return gone;
}

/** A field's code points after an op of `entry`, and those that it deleted. */
function after(signs: readonly Sign[], op: Op, entry: number): { readonly signs: Sign[]; readonly taken: Sign[] } {
  const out: Sign[] = [];
  const taken: Sign[] = [];
  let at = 0;
  let brought = 0;
  for (let i = 0; i < op.length; i += 2) {
    const count = op[i + 1] as number;
    if (op[i] === INSERT) {
      for (let n = 0; n < count; n += 1) out.push([entry, brought + n]);
      brought += count;
      continue;
    }
    for (const sign of signs.slice(at, at + count)) (op[i] === KEEP ? out : taken).push(sign);
    at += count;
  }
  for (const sign of signs.slice(at)) out.push(sign);
  return { signs: out, taken };
}
