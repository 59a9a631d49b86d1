/**
 * One's own words on their way, as changes of a field, kept true while others write (FOLD-30 to FOLD-36). The twin of
 * `server/tablecloth/replica/words.py`.
 *
 * A change is one op over a whole field and the words that it inserts. In the core the log rebases an edit over what its
 * author had not folded; here the author carries pending changes over what the log brings. So the view is one walk, and what
 * waited for hours can be said again as splices over today's field, without the window of the fold.
 *
 * Everything is counted in code points, and nothing is changed in place.
 */

import type { Splice } from '../core/edits.ts';
import { MAX_SPLICES } from '../core/limits.ts';
import {
  applyOp,
  codePoints,
  DELETE,
  INSERT,
  insertedBy,
  KEEP,
  type Op,
  transform,
  Walk,
} from '../core/text.ts';

/** An op, and the words that it inserts, joined. */
export interface Change {
  readonly op: Op;
  readonly words: string;
}

export const NOTHING: Change = { op: [], words: '' };

/** Builds a change step by step. At one place insertions stand before deletions, as in a splice (FOLD-31). */
class Builder {
  readonly #op: number[] = [];
  #words = '';
  #inserted = 0;
  #deleted = 0;

  keep(count: number): void {
    if (count === 0) return;
    this.#flush();
    const last = this.#op.length - 2;
    if (last >= 0 && this.#op[last] === KEEP) this.#op[last + 1] = (this.#op[last + 1] as number) + count;
    else this.#op.push(KEEP, count);
  }

  insert(words: string, count: number): void {
    this.#words += words;
    this.#inserted += count;
  }

  delete(count: number): void {
    this.#deleted += count;
  }

  #flush(): void {
    if (this.#inserted > 0) this.#op.push(INSERT, this.#inserted);
    if (this.#deleted > 0) this.#op.push(DELETE, this.#deleted);
    this.#inserted = 0;
    this.#deleted = 0;
  }

  done(): Change {
    this.#flush();
    if (this.#op[this.#op.length - 2] === KEEP) this.#op.length -= 2;
    return { op: this.#op, words: this.#words };
  }
}

/** Replace `deleted` code points at `position` by `words`. */
export function changeOf(position: number, deleted: number, words: string): Change {
  const out = new Builder();
  out.keep(position);
  out.insert(words, codePoints(words));
  out.delete(deleted);
  return out.done();
}

/** A field's words after a change. `length`: of the words in code points, if it is known. */
export function applyChange(value: string, change: Change, length?: number): string {
  return applyOp(value, change.op, change.words, length);
}

/** Steps of an op, taken in part. */
class Steps {
  readonly #op: Op;
  #at = 0;
  kind: number;
  left: number;

  constructor(op: Op) {
    this.#op = op;
    this.kind = op[0] ?? KEEP;
    this.left = op[1] ?? Infinity;
  }

  get isDone(): boolean {
    return this.#at >= this.#op.length;
  }

  take(count: number): void {
    this.left -= count;
    if (this.left > 0 || this.isDone) return;
    this.#at += 2;
    // Behind its end an op keeps everything.
    this.kind = this.#op[this.#at] ?? KEEP;
    this.left = this.#op[this.#at + 1] ?? Infinity;
  }
}

/** One change that does what `first` and then `second` do. */
export function compose(first: Change, second: Change): Change {
  const out = new Builder();
  const one = new Steps(first.op);
  const two = new Steps(second.op);
  const firstWords = new Walk(first.words);
  const secondWords = new Walk(second.words);
  while (!one.isDone || !two.isDone) {
    if (one.kind === DELETE) {
      out.delete(one.left);
      one.take(one.left);
    } else if (two.kind === INSERT) {
      out.insert(secondWords.take(two.left), two.left);
      two.take(two.left);
    } else {
      const count = Math.min(one.left, two.left);
      const words = one.kind === INSERT ? firstWords.take(count) : '';
      if (two.kind === KEEP && one.kind === INSERT) out.insert(words, count);
      else if (two.kind === KEEP) out.keep(count);
      else if (one.kind === KEEP) out.delete(count);
      one.take(count);
      two.take(count);
    }
  }
  return out.done();
}

/** The op that takes `op` back, in lengths: what was inserted is deleted, and room for what was deleted returns. */
export function inverseOp(op: Op): Op {
  const out = new Builder();
  for (let i = 0; i < op.length; i += 2) {
    const count = op[i + 1] as number;
    if (op[i] === INSERT) out.delete(count);
    else if (op[i] === DELETE) out.insert('', count);
    else out.keep(count);
  }
  return out.done().op;
}

/** The change that takes `change` back, made over `before`, the words as they were (`length` in code points). */
export function inverse(change: Change, before: string, length?: number): Change {
  const out = new Builder();
  const old = new Walk(before, length);
  for (let i = 0; i < change.op.length; i += 2) {
    const count = change.op[i + 1] as number;
    if (change.op[i] === INSERT) out.delete(count);
    else if (change.op[i] === DELETE) out.insert(old.take(count), count);
    else {
      old.skip(count);
      out.keep(count);
    }
  }
  return out.done();
}

/** `change` as it reads once `other` was applied. Its words stay: an op never loses what it inserts. */
export function carried(change: Change, other: Op, isFirst: boolean): Change {
  return { op: transform(change.op, other, isFirst), words: change.words };
}

/** The least change from one text to another: what lies between their common ends. */
export function difference(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  if (head > 0 && isHigh(before.charCodeAt(head - 1))) head -= 1;
  let tail = 0;
  while (tail < most - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
    tail += 1;
  }
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail -= 1;
  const gone = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  return changeOf(codePoints(before.slice(0, head)), codePoints(gone), fresh);
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** Splices that apply one after another, and the words that they insert, joined. */
export interface Spliced {
  readonly splices: readonly Splice[];
  readonly inserted: string;
  /** What these splices do, as a change over the field with the parts before applied. */
  readonly change: Change;
}

interface Run {
  readonly splice: Splice;
  readonly words: string;
}

/** Code points of one edit: with four bytes each they still fit into a message, with room for companions (PROTOCOL-3). */
const MAX_WORDS_AT_ONCE = 12_000;

/** A change as edits of at most `MAX_SPLICES` splices each; none if it does nothing. */
export function inParts(change: Change): Spliced[] {
  const runs: Run[] = [];
  const words = new Walk(change.words);
  let at = 0;
  let deleted = 0;
  let inserted = 0;
  const flush = (): void => {
    while (deleted + inserted > 0) {
      const count = Math.min(inserted, MAX_WORDS_AT_ONCE);
      runs.push({ splice: [at, deleted, count], words: words.take(count) });
      at += count;
      inserted -= count;
      deleted = 0;
    }
  };
  for (let i = 0; i < change.op.length; i += 2) {
    const count = change.op[i + 1] as number;
    if (change.op[i] === INSERT) inserted += count;
    else if (change.op[i] === DELETE) deleted += count;
    else {
      flush();
      at += count;
    }
  }
  flush();
  const parts: Spliced[] = [];
  for (let start = 0, end = 0; start < runs.length; start = end) {
    let size = 0;
    for (end = start; end < runs.length && end - start < MAX_SPLICES; end += 1) {
      size += (runs[end] as Run).splice[2];
      if (end > start && size > MAX_WORDS_AT_ONCE) break;
    }
    parts.push(part(runs.slice(start, end)));
  }
  return parts;
}

function part(runs: readonly Run[]): Spliced {
  let change = NOTHING;
  let inserted = '';
  for (const { splice, words } of runs) {
    change = compose(change, changeOf(splice[0], splice[1], words));
    inserted += words;
  }
  return { splices: runs.map((run) => run.splice), inserted, change };
}

/** The change that splices make, one after another. */
export function changeBySplices(splices: readonly Splice[], inserted: string): Change {
  const words = new Walk(inserted);
  let change = NOTHING;
  for (const [position, deleted, count] of splices) {
    change = compose(change, changeOf(position, deleted, words.take(count)));
  }
  return change;
}

/** Ops that apply one after another, as one change; `words`: their insertions, joined. */
export function changeByOps(ops: readonly Op[], words: string): Change {
  const left = new Walk(words);
  let change = NOTHING;
  for (const op of ops) change = compose(change, { op, words: left.take(insertedBy(op)) });
  return change;
}

/** Where a position is after `op`. At an insertion: behind it if `stickRight`, else before it. */
export function mapPosition(op: Op, position: number, stickRight: boolean): number {
  let old = 0;
  let now = 0;
  for (let i = 0; i < op.length && old <= position; i += 2) {
    const count = op[i + 1] as number;
    if (op[i] === INSERT) {
      if (old === position && !stickRight) return now;
      now += count;
    } else if (position < old + count) {
      return op[i] === KEEP ? now + position - old : now;
    } else {
      old += count;
      if (op[i] === KEEP) now += count;
    }
  }
  return now + position - old;
}

/**
 * Changes of one person over the same words, each after the one before, as they read without what others wrote between
 * them. `history`: in the order of the log; others' words don't matter here.
 */
export function withoutOthers(history: readonly { readonly isOwn: boolean; readonly change: Change }[]): Change[] {
  const own: Change[] = [];
  let undo: Op = [];
  for (const { isOwn, change } of history) {
    if (isOwn) {
      own.push(carried(change, undo, false));
      undo = transform(undo, change.op, true);
    } else {
      const placeholder = { op: inverseOp(change.op), words: '' };
      undo = compose(placeholder, { op: undo, words: '' }).op;
    }
  }
  return own;
}
