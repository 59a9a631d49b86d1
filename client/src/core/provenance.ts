/**
 * Who inserted each letter of each field: from the heads of a log alone. Rules: FOLD-93, FOLD-94. Mirrors `core/provenance.py`.
 *
 * The fold doesn't remember it: it would cost every keystroke, and is asked for only when somebody withdraws and when a log is
 * verified. Here the heads are folded once more, and beside each field a list of runs is changed by the same ops.
 */

import { type Board, newBoard } from './board.ts';
import { type Entry, readHead, type WithdrawHead, type WithdrawnRange } from './edits.ts';
import { typeOf } from './elements.ts';
import { applyRead } from './fold.ts';
import { DELETE, KEEP, type Op, TextField } from './text.ts';
import { carriedRanges } from './withdraw.ts';

/** An author, and how many code points next to each other they inserted. */
export type Run = readonly [author: string, length: number];

/** The authors of all letters of one board. Give it every entry of the log, in order. */
export class Provenance {
  readonly board: Board;
  readonly #runs = new Map<string, readonly Run[]>();
  readonly #bodies = new Map<string, Set<string>>();

  constructor(space: string, board: string) {
    this.board = newBoard(space, board);
  }

  /** Take in the next entry. False if it withdraws a letter that somebody else inserted (FOLD-94). */
  fold([seq, at, bytes]: Entry): boolean {
    const head = readHead(bytes);
    const isOwn = head?.kind !== 'withdraw' || this.#areOwn(head);
    const outcome = applyRead(this.board, [seq, at, bytes, null], head);
    if (outcome.reason !== null || head === null) return true;
    const element = 'element' in head ? this.board.elements.get(head.element) : undefined;
    if (element === undefined || !('author' in head)) return isOwn;
    if ('body' in head && head.body !== null) {
      this.#bodies.set(head.author, (this.#bodies.get(head.author) ?? new Set()).add(element.id));
    }
    if (head.kind === 'text' || head.kind === 'accept') this.#written(element.id, head.field);
    else if (head.kind === 'restored' && head.splices.length > 0) {
      this.#written(element.id, typeOf(element.type).fields[0] ?? '');
    }
    return isOwn;
  }

  /** Where an author has written anything that has a body, sorted. */
  elements(author: string): string[] {
    return [...(this.#bodies.get(author) ?? [])].sort();
  }

  /** The authors of a field's letters, in their order. */
  runs(element: string, field: string): readonly Run[] {
    return this.#runs.get(`${element} ${field}`) ?? [];
  }

  /** What an author inserted into an element's fields, as of the last entry (FOLD-93). */
  ranges(author: string, element: string): [field: string, ranges: WithdrawnRange[]][] {
    const found: [string, WithdrawnRange[]][] = [];
    for (const name of [...(this.board.elements.get(element)?.texts.keys() ?? [])].sort()) {
      const own: WithdrawnRange[] = [];
      let at = 0;
      for (const [who, length] of this.runs(element, name)) {
        if (who === author) own.push([at, length]);
        at += length;
      }
      if (own.length > 0) found.push([name, own]);
    }
    return found;
  }

  #written(element: string, name: string): void {
    const record = this.board.elements.get(element)?.texts.get(name)?.window.at(-1);
    // A word property that was accepted has no letters of its own, and leaves the window as it was.
    if (record === undefined || record.seq !== this.board.seq) return;
    const runs = record.ops.reduce((all, op) => runsAfter(all, op, record.author), this.runs(element, name));
    this.#runs.set(`${element} ${name}`, runs);
  }

  #areOwn(head: WithdrawHead): boolean {
    const element = this.board.elements.get(head.element);
    if (element === undefined) return true;
    return head.ranges.every(([name, ranges]) => {
      const op = carriedRanges(element.texts.get(name) ?? new TextField(), head.base, ranges);
      return op === null || allBy(this.runs(head.element, name), op, head.author);
    });
  }
}

/** The runs after an op by `author`; neighbours of one author are one run. */
export function runsAfter(runs: readonly Run[], op: Op, author: string): readonly Run[] {
  const out: Run[] = [];
  let i = 0;
  let [who, left] = runs[0] ?? ['', 0];
  const next = (): void => {
    i += 1;
    [who, left] = runs[i] ?? ['', 0];
  };
  for (let step = 0; step < op.length; step += 2) {
    let count = op[step + 1] as number;
    if (op[step] !== KEEP && op[step] !== DELETE) {
      push(out, author, count);
      continue;
    }
    while (count > 0 && left > 0) {
      const taken = Math.min(count, left);
      if (op[step] === KEEP) push(out, who, taken);
      count -= taken;
      left -= taken;
      if (left === 0) next();
    }
  }
  for (; left > 0; next()) push(out, who, left);
  return out;
}

function push(runs: Run[], who: string, length: number): void {
  const last = runs.at(-1);
  if (last?.[0] === who) runs[runs.length - 1] = [who, last[1] + length];
  else if (length > 0) runs.push([who, length]);
}

/** Whether all that `op` deletes is of `author`. */
function allBy(runs: readonly Run[], op: Op, author: string): boolean {
  const spans: (readonly [number, number])[] = [];
  let at = 0;
  for (const [who, length] of runs) {
    if (who === author) spans.push([at, at + length]);
    at += length;
  }
  at = 0;
  for (let i = 0; i < op.length; i += 2) {
    const end = at + (op[i + 1] as number);
    if (op[i] === DELETE && !spans.some(([from, to]) => from <= at && end <= to)) return false;
    at = end;
  }
  return true;
}
