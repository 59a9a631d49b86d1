/**
 * Merging words without a CRDT: operational transformation towards the one order of the log (FOLD-30 to FOLD-38). Mirrors
 * `core/text.py`.
 *
 * An *op* walks over a field once: `[kind, length, kind, length…]`, lengths in code points. Only lengths stand in an op; the
 * inserted words come from the entry's body, or are placeholders when it was withheld.
 *
 * JavaScript counts UTF-16 units and the log counts code points. A field knows both its lengths: while they are equal,
 * which is nearly always, a position is an index; else positions are found by walking (STYLE, traps between the languages).
 *
 * Nothing here is changed in place: `prune` and `commit` answer a new field that shares what stayed, so that a view can
 * go on from a confirmed field.
 */

import type { Splice } from './edits.ts';
import { MAX_REBASE_OPS, TEXT_WINDOW, TEXT_WINDOW_MS, TEXT_WINDOW_SEQS } from './limits.ts';

export const KEEP = 0;
export const INSERT = 1;
export const DELETE = 2;
export const PLACEHOLDER = '\ufffc';

/** `[kind, length, kind, length…]`. */
export type Op = readonly number[];

function push(steps: number[], kind: number, length: number): void {
  if (length === 0) return;
  const last = steps.length - 2;
  if (last >= 0 && steps[last] === kind) steps[last + 1] = (steps[last + 1] as number) + length;
  else steps.push(kind, length);
}

function finish(steps: number[]): Op {
  if (steps.length > 0 && steps[steps.length - 2] === KEEP) steps.length -= 2;
  return steps;
}

/** One splice as an op. The insertion stands before the deletion, so that what is typed over a word keeps its place (FOLD-31). */
export function spliceOp(splice: Splice): Op {
  const steps: number[] = [];
  push(steps, KEEP, splice[0]);
  push(steps, INSERT, splice[2]);
  push(steps, DELETE, splice[1]);
  return finish(steps);
}

/**
 * `op` as it reads once `other`, made over the same words, has been applied (FOLD-32).
 *
 * `opFirst` decides which of two insertions at one place stands first. For all ops over the same field,
 * `apply(other), apply(transform(op, other, f))` equals `apply(op), apply(transform(other, op, not f))`.
 */
export function transform(op: Op, other: Op, opFirst: boolean): Op {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  let left = op.length > 0 ? (op[1] as number) : 0;
  let otherLeft = other.length > 0 ? (other[1] as number) : 0;
  while (i < op.length) {
    const kind = op[i] as number;
    const otherDone = j >= other.length;
    const otherKind = otherDone ? KEEP : (other[j] as number);
    if (kind === INSERT && (opFirst || otherKind !== INSERT)) {
      push(out, INSERT, left);
      left = 0;
    } else if (otherKind === INSERT) {
      push(out, KEEP, otherLeft);
      otherLeft = 0;
    } else {
      const length = otherDone ? left : Math.min(left, otherLeft);
      if (otherKind === KEEP) push(out, kind, length);
      left -= length;
      otherLeft -= length;
    }
    if (left === 0) {
      i += 2;
      left = i < op.length ? (op[i + 1] as number) : 0;
    }
    if (!otherDone && otherLeft === 0) {
      j += 2;
      otherLeft = j < other.length ? (other[j + 1] as number) : 0;
    }
  }
  return finish(out);
}

/** How many code points longer a field is after `op`. */
export function growth(op: Op): number {
  let grown = 0;
  for (let i = 0; i < op.length; i += 2) {
    const length = op[i + 1] as number;
    if (op[i] === INSERT) grown += length;
    else if (op[i] === DELETE) grown -= length;
  }
  return grown;
}

/** How many code points `op` inserts. */
export function insertedBy(op: Op): number {
  let inserted = 0;
  for (let i = 0; i < op.length; i += 2) if (op[i] === INSERT) inserted += op[i + 1] as number;
  return inserted;
}

/** The length of a string in code points. */
export function codePoints(value: string): number {
  let count = value.length;
  for (let i = 0; i < value.length; i += 1) {
    if ((value.charCodeAt(i) & 0xfc00) === 0xd800 && i + 1 < value.length) {
      if ((value.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
        count -= 1;
        i += 1;
      }
    }
  }
  return count;
}

/** The index `count` code points after index `from`, at most the string's end. */
export function advance(value: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < value.length; left -= 1) {
    const isPair = (value.charCodeAt(at) & 0xfc00) === 0xd800 && (value.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    at += isPair ? 2 : 1;
  }
  return at;
}

/** Walks over a string in code points; by index alone where the string has no pairs. `length`: of it, in code points. */
export class Walk {
  readonly #value: string;
  readonly #plain: boolean;
  #at = 0;

  constructor(value: string, length = codePoints(value)) {
    this.#value = value;
    this.#plain = length === value.length;
  }

  take(count: number): string {
    const start = this.#at;
    this.skip(count);
    return this.#value.slice(start, this.#at);
  }

  skip(count: number): void {
    this.#at = this.#plain ? this.#at + count : advance(this.#value, this.#at, count);
  }

  rest(): string {
    return this.#value.slice(this.#at);
  }
}

/** `value` after `op`; `inserted` holds the insertions, joined. `length`: of the value in code points, if it is known. */
export function applyOp(value: string, op: Op, inserted: string, length = codePoints(value)): string {
  const old = new Walk(value, length);
  const fresh = new Walk(inserted);
  let out = '';
  for (let i = 0; i < op.length; i += 2) {
    const count = op[i + 1] as number;
    if (op[i] === KEEP) out += old.take(count);
    else if (op[i] === INSERT) out += fresh.take(count);
    else old.skip(count);
  }
  return out + old.rest();
}

/** What names a hand in maps: author and hand, sorted as the pair is, since a space sorts before all that ids hold. */
export function handKey(author: string, hand: string): string {
  return `${author} ${hand}`;
}

/** One text entry as it was applied: the window's record. */
export interface Applied {
  readonly seq: number;
  readonly at: number;
  readonly author: string;
  readonly hand: string;
  readonly ops: readonly Op[];
}

/** One op of somebody else that a hand had not yet folded, carried over the hand's own later ops. */
export interface Waiting {
  readonly seq: number;
  readonly author: string;
  readonly hand: string;
  readonly op: Op;
}

/** Where one hand stood when it last wrote: its base, the seq of that entry, and what it had not yet folded. */
export interface Bridge {
  readonly author: string;
  readonly hand: string;
  readonly base: number;
  readonly seq: number;
  readonly waiting: readonly Waiting[];
}

/** An edit's ops over the field as it is; which splices were kept; what its hand still has to fold. */
export interface Rebased {
  readonly ops: readonly Op[];
  readonly kept: readonly boolean[];
  readonly waiting: readonly Waiting[];
}

/** Words, with what is needed to rebase edits that were made over older ones. */
export class TextField {
  readonly value: string;
  /** Of the value, in code points. */
  readonly length: number;
  readonly window: readonly Applied[];
  /** By `handKey`. */
  readonly bridges: ReadonlyMap<string, Bridge>;
  /** The highest seq that has left the window: an edit with an older base can't be rebased any more. */
  readonly floor: number;

  constructor(
    value = '',
    window: readonly Applied[] = [],
    bridges: ReadonlyMap<string, Bridge> = new Map(),
    floor = 0,
    length = codePoints(value),
  ) {
    this.value = value;
    this.window = window;
    this.bridges = bridges;
    this.floor = floor;
    this.length = length;
  }

  /** How many of the window's oldest entries may go, seen from a tip of `(seq, at)` (FOLD-34). */
  outdated(seq: number, at: number): number {
    const { window } = this;
    const oldestSeq = seq - TEXT_WINDOW_SEQS;
    const oldestAt = at - TEXT_WINDOW_MS;
    let drop = Math.max(0, window.length - TEXT_WINDOW);
    for (let record = window[drop]; record !== undefined; record = window[drop]) {
      if (record.seq >= oldestSeq || record.at >= oldestAt) break;
      drop += 1;
    }
    return drop;
  }

  /** The floor, as it would be if the field were pruned at `(seq, at)`. */
  floorAt(seq: number, at: number): number {
    const drop = this.outdated(seq, at);
    return drop > 0 ? (this.window[drop - 1] as Applied).seq : this.floor;
  }

  /**
   * The field without what is too old to be rebased over, seen from a tip of `(seq, at)` (FOLD-34).
   *
   * What may go once may go for ever, so pruning late or often makes no difference to any later answer.
   */
  prune(seq: number, at: number): TextField {
    const { window } = this;
    const drop = this.outdated(seq, at);
    if (drop === 0) return this;
    const floor = (window[drop - 1] as Applied).seq;
    const bridges = new Map<string, Bridge>();
    for (const [key, bridge] of this.bridges) {
      if (bridge.seq > floor) bridges.set(key, raised(bridge, floor));
    }
    return new TextField(this.value, window.slice(drop), bridges, floor, this.length);
  }

  /** What the splices mean over the field as it now is, or the reason why that can't be told (FOLD-33). */
  rebase(author: string, hand: string, base: number, splices: readonly Splice[]): Rebased | 'old-base' {
    const key = handKey(author, hand);
    const bridge = this.bridges.get(key);
    if (base < this.floor || (bridge !== undefined && base < bridge.base)) return 'old-base';
    const waiting = this.#unseen(author, hand, bridge, base);
    if (waiting.length > MAX_REBASE_OPS) return 'old-base'; // FOLD-34
    let length = this.length;
    for (const other of waiting) length -= growth(other.op);
    const firstHere = waiting.map((other) => key < handKey(other.author, other.hand));
    const ops: Op[] = [];
    const kept: boolean[] = [];
    for (const splice of splices) {
      const [position, deleted, inserted] = splice;
      const fits = position + deleted <= length;
      kept.push(fits);
      if (!fits) continue;
      length += inserted - deleted;
      let op = spliceOp(splice);
      for (let i = 0; i < waiting.length; i += 1) {
        const other = waiting[i] as Waiting;
        const isFirst = firstHere[i] as boolean;
        const carried = transform(other.op, op, !isFirst);
        op = transform(op, other.op, isFirst);
        waiting[i] = { seq: other.seq, author: other.author, hand: other.hand, op: carried };
      }
      ops.push(op);
    }
    return { ops, kept, waiting };
  }

  /** The others' ops above `base` that the hand had not folded, carried over its own. */
  #unseen(author: string, hand: string, bridge: Bridge | undefined, base: number): Waiting[] {
    const waiting: Waiting[] = [];
    let start = base;
    if (bridge !== undefined && bridge.seq > base) {
      start = bridge.seq;
      for (const other of bridge.waiting) if (other.seq > base) waiting.push(other);
    }
    let first = this.window.length;
    while (first > 0 && (this.window[first - 1] as Applied).seq > start) first -= 1;
    for (; first < this.window.length; first += 1) {
      const record = this.window[first] as Applied;
      if (record.author === author && record.hand === hand) continue;
      for (const op of record.ops) {
        waiting.push({ seq: record.seq, author: record.author, hand: record.hand, op });
      }
    }
    return waiting;
  }

  /** The field after a rebased edit as entry `seq`; `inserted` holds the insertions of the kept splices, joined. */
  commit(
    seq: number,
    at: number,
    author: string,
    hand: string,
    base: number,
    rebased: Rebased,
    inserted: string,
  ): TextField {
    const words = new Walk(inserted);
    let { value, length } = this;
    for (const op of rebased.ops) {
      value = applyOp(value, op, words.take(insertedBy(op)), length);
      length += growth(op);
    }
    const window = [...this.window, { seq, at, author, hand, ops: rebased.ops }];
    const bridges = new Map(this.bridges);
    bridges.set(handKey(author, hand), { author, hand, base, seq, waiting: rebased.waiting });
    return new TextField(value, window, bridges, this.floor, length);
  }
}

function raised(bridge: Bridge, floor: number): Bridge {
  if (bridge.base >= floor) return bridge;
  return { ...bridge, base: floor, waiting: bridge.waiting.filter((other) => other.seq > floor) };
}
