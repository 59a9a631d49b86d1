/**
 * The last entries that were folded here, kept for the day when the log comes back shorter (PROTOCOL-10, DESIGN §4.9). The
 * twin of `server/tablecloth/replica/history.py`.
 *
 * From the place where the old and the new log agree, one's own entries return as pending edits with the same hand and k;
 * words are carried back over what others wrote in between, which returns by their own hands. Bounded: an entry that is older
 * than `KEPT` others doesn't return from here.
 */

import type { AnyEdit } from '../core/edits.ts';
import { type Change, withoutOthers } from './words.ts';

const KEPT = 4096;

/** A folded entry: the chain after it, the own edit that it was, and which field it changed how. */
export interface Past {
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly own: AnyEdit | null;
  /** `fieldKey` of the words that it changed. */
  readonly where: string | null;
  readonly change: Change;
}

function isSame(one: Uint8Array, two: Uint8Array): boolean {
  return one.length === two.length && one.every((byte, i) => byte === two[i]);
}

export class History {
  #start: { readonly seq: number; readonly chain: Uint8Array };
  #past: Past[] = [];
  /** Own entries from before `#start`, whose surroundings are not known any more. */
  #older: Past[] = [];

  constructor(seq: number, chain: Uint8Array) {
    this.#start = { seq, chain };
  }

  note(past: Past): void {
    this.#past.push(past);
    if (this.#past.length < KEPT * 2) return;
    const last = this.#past.splice(0, KEPT).at(-1);
    if (last !== undefined) this.#start = { seq: last.seq, chain: last.chain };
  }

  /** Whether this lies before all that is known here. */
  isBefore(seq: number): boolean {
    return seq < this.#start.seq;
  }

  /** Whether `(seq, chain)` was the state here. Entries are noted without holes. */
  has(seq: number, chain: Uint8Array): boolean {
    const place = seq - this.#start.seq;
    const known = place === 0 ? this.#start : this.#past[place - 1];
    return known !== undefined && isSame(known.chain, chain);
  }

  /** The chain here after an entry, or null if that isn't known any more. */
  chainAt(seq: number): Uint8Array | null {
    const place = seq - this.#start.seq;
    return (place === 0 ? this.#start : this.#past[place - 1])?.chain ?? null;
  }

  /** What was folded after `(seq, chain)`, or null if that was never the state here. */
  since(seq: number, chain: Uint8Array): Past[] | null {
    return this.has(seq, chain) ? this.#past.slice(seq - this.#start.seq) : null;
  }

  /** Every own entry that is kept, and what else is known of the time since the last snapshot. */
  all(): readonly Past[] {
    return [...this.#older, ...this.#past];
  }

  /** The board is at `(seq, chain)` now: what came after it is no longer so. Own entries before it may get lost yet. */
  rewind(seq: number, chain: Uint8Array): void {
    const since = this.since(seq, chain);
    if (since !== null) {
      this.#past.length -= since.length;
      return;
    }
    const own = [...this.#older, ...this.#past.filter((past) => past.own !== null && past.seq <= seq)];
    this.#older = own.slice(-KEPT);
    this.#past = [];
    this.#start = { seq, chain };
  }
}

/**
 * One's own changes of one field, folded ones and then pending ones, without what others wrote between.
 *
 * The folded ones come first, in the order of the log.
 */
export function carriedBack(past: readonly Past[], where: string, pending: readonly Change[]): Change[] {
  const folded = past.filter((one) => one.where === where);
  const history = folded.map((one) => ({ isOwn: one.own !== null, change: one.change }));
  return withoutOthers([...history, ...pending.map((change) => ({ isOwn: true, change }))]);
}
