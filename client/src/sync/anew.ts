/**
 * Pending words when the board begins anew from a snapshot of the server's (PROTOCOL-10).
 *
 * If the snapshot is a state that this tab once had, everything since is known, and one's own words are carried back exactly,
 * without what others wrote meanwhile: that returns by their own hands. If it is not, they are carried back to where this tab's
 * knowledge begins, and from there over the difference of the two fields. Only words from before that stand as near as they
 * can to where they stood, and their deletions are not made: deleting what nobody looked at could take somebody's words away.
 */

import type { Board } from '../core/board.ts';
import type { AnyEdit } from '../core/edits.ts';
import { codePoints, KEEP, type Op, TextField, transform } from '../core/text.ts';
import type { History, Past } from './history.ts';
import { isWords, type Items } from './items.ts';
import { fieldKey } from './journal.ts';
import type { Item } from './outbox.ts';
import type { Owed } from './owed.ts';
import { applyChange, carried, type Change, changeOf, difference, withoutOthers } from './words.ts';

/** Every field with pending words, as [element, field]. */
function fieldsOf(items: Items): (readonly [string, string])[] {
  const fields = new Map<string, readonly [string, string]>();
  for (const element of items.elements) {
    for (const item of items.of(element)) {
      if (isWords(item)) fields.set(fieldKey(element, item.edit.field), [element, item.edit.field]);
    }
  }
  return [...fields.values()];
}

/** What lies between the state that is gone, `before`, and the one to begin from. */
export class Between {
  /** All that was folded since a state that the new one has, or that is known at least by its words. */
  readonly since: readonly Past[];
  /** Own entries from before that. */
  readonly older: readonly Past[];
  readonly #before: Board;
  readonly #board: Board;
  /** Null where the new state was folded here once. */
  readonly #history: History | null;

  constructor(history: History, before: Board, board: Board) {
    const since = history.since(board.seq, board.chain);
    this.since = since ?? [...history.known];
    this.older = since === null ? [...history.older] : [];
    this.#before = before;
    this.#board = board;
    this.#history = since === null ? history : null;
  }

  get isKnown(): boolean {
    return this.#history === null;
  }

  /** Says what one's own words mean over the new board. `returned`: own items of the past, by the edits they were. */
  carry(items: Items, returned: ReadonlyMap<AnyEdit, Item>, owed: Owed): void {
    const back = new Set(returned.values());
    for (const [element, field] of fieldsOf(items)) {
      const words = items.words(element, field);
      const pending = words.filter((item) => !back.has(item));
      const was = this.#before.elements.get(element)?.text(field) ?? '';
      const is = this.#board.elements.get(element)?.text(field) ?? '';
      if (this.#history !== null && pending.length === words.length) shift(pending, [difference(was, is).op]);
      else this.#carryField(element, field, is, words, pending, returned, owed);
      for (const item of items.of(element)) {
        if (isWords(item) && item.waitsFor !== null && item.edit.field === field) guess(items, item, is);
      }
    }
  }

  #carryField(
    element: string,
    field: string,
    is: string,
    words: readonly Item[],
    pending: readonly Item[],
    returned: ReadonlyMap<AnyEdit, Item>,
    owed: Owed,
  ): void {
    const key = fieldKey(element, field);
    const past = this.since.filter((one) => one.where === key);
    const start = this.#history === null ? is : this.#history.wordsAtStart(key);
    owed.note(key, codePoints(start), past, pending.map((item) => item.change.op));
    const recent = past.map(({ own }) => (own === null ? undefined : returned.get(own)));
    const history = past.map(({ change }, i) => ({ isOwn: recent[i] !== undefined, change }));
    const own = withoutOthers([...history, ...pending.map(({ change }) => ({ isOwn: true, change }))]);
    const exact = [...recent.filter((item) => item !== undefined), ...pending];
    exact.forEach((item, i) => (item.change = own[i] ?? item.change));
    const moved = [difference(start, is).op];
    let length = codePoints(is);
    for (const item of words) {
      if (exact.includes(item)) continue;
      item.change = near(item.change, length);
      length += codePoints(item.change.words);
      moved.push(item.change.op);
    }
    shift(exact, moved);
  }
}

/** Changes that follow each other, over a field that differs by `ops`. */
function shift(chain: readonly Item[], ops: readonly Op[]): void {
  for (const op of ops) {
    let other = op;
    for (const item of chain) {
      const mine = item.change;
      item.change = carried(mine, other, false);
      other = transform(other, mine.op, true);
    }
  }
}

/** Insertions as near as can be to where they stood, in a field of `length` code points. */
function near(change: Change, length: number): Change {
  const start = change.op[0] === KEEP ? (change.op[1] as number) : 0;
  return changeOf(Math.min(start, length), 0, change.words);
}

/** Puts words as near as can be to where they stood; `value`: the field as it is folded now. */
export function guess(items: Items, item: Parameters<Items['place']>[0], value: string): void {
  item.change = near(item.change, codePoints(value));
  items.place(item);
}

/** Own words that the snapshot holds, though their entry was never seen here: they are part of the field now. */
export function settleUnseen(items: Items, before: Board, item: Parameters<Items['settle']>[0]): void {
  const { element, field } = item.edit;
  const old = before.elements.get(element);
  if (item.waitsFor !== null || items.words(element, field)[0] !== item || old === undefined) {
    items.drop(item);
    return;
  }
  // The difference to the snapshot is then taken from the field with these words in it.
  const written = new TextField(applyChange(old.text(field), item.change));
  before.elements.set(element, old.with({ texts: new Map(old.texts).set(field, written) }));
  items.remove(item);
}
