/**
 * The last entries that were folded here, kept for the day when the log comes back shorter (PROTOCOL-10, DESIGN §4.9). The
 * twin of `server/tablecloth/replica/history.py`.
 *
 * From the place where the old and the new log agree, one's own entries return as pending edits with the same hand and k;
 * words are carried back over what others wrote in between, which returns by their own hands. Bounded: an entry that is older
 * than `KEPT` others doesn't return from here.
 */

import type { Board } from '../core/board.ts';
import type { AnyEdit } from '../core/edits.ts';
import { fieldKey } from './journal.ts';
import { applyChange, type Change } from './words.ts';

const KEPT = 4096;

/** A folded entry: the chain after it, the own edit that it was, and which field it changed how. */
export interface Past {
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly own: AnyEdit | null;
  /** `handKey` of whoever changed words. */
  readonly by: string;
  /** `fieldKey` of the words that it changed. */
  readonly where: string | null;
  readonly change: Change;
}

function isSame(one: Uint8Array, two: Uint8Array): boolean {
  return one.length === two.length && one.every((byte, i) => byte === two[i]);
}

export class History {
  #start: { readonly seq: number; readonly chain: Uint8Array };
  /** Every field that had words at `#start`. */
  #words = new Map<string, string>();
  #past: Past[] = [];
  /** Own entries from before `#start`, whose surroundings are not known any more. */
  #older: Past[] = [];

  constructor(board: Board) {
    this.#start = board;
    this.#begin(board);
  }

  #begin({ seq, chain, elements }: Board): void {
    this.#start = { seq, chain };
    this.#words = new Map();
    for (const [id, { texts }] of elements) {
      for (const [field, { value }] of texts) if (value !== '') this.#words.set(fieldKey(id, field), value);
    }
  }

  note(past: Past): void {
    this.#past.push(past);
    if (this.#past.length < KEPT * 2) return;
    for (const { seq, chain, where, change } of this.#past.splice(0, KEPT)) {
      this.#start = { seq, chain };
      if (where !== null) this.#words.set(where, applyChange(this.wordsAtStart(where), change));
    }
  }

  /** A field's words before all that is known here. */
  wordsAtStart(where: string): string {
    return this.#words.get(where) ?? '';
  }

  /** One's own words on an element were withdrawn: they never return from here. */
  forget(element: string): void {
    const left = (past: Past): Past => (past.own?.element === element ? { ...past, own: null } : past);
    this.#past = this.#past.map(left);
    this.#older = this.#older.map(left);
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

  /** All that was folded since the start. */
  get known(): readonly Past[] {
    return this.#past;
  }

  /** Own entries from before the start. */
  get older(): readonly Past[] {
    return this.#older;
  }

  /** `board` is the state now: what came after it is no longer so. Own entries before it may get lost yet. */
  rewind(board: Board): void {
    const { seq, chain } = board;
    const since = this.since(seq, chain);
    if (since !== null) {
      this.#past.length -= since.length;
      return;
    }
    const own = [...this.#older, ...this.#past.filter((past) => past.own !== null && past.seq <= seq)];
    this.#older = own.slice(-KEPT);
    this.#past = [];
    this.#begin(board);
  }
}
