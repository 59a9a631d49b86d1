/**
 * Pending words when the board begins anew from a snapshot of the server's (PROTOCOL-10).
 *
 * If the snapshot is a state that this tab once had, everything since is known, and one's own words are carried back exactly,
 * without what others wrote meanwhile: that returns by their own hands. If it is not, pending words go where the difference
 * between the two fields leads them, and words of one's own that the log lost stand as near as they can to where they stood;
 * deletions are not guessed, because deleting what nobody looked at could take somebody's words away.
 */

import type { Board } from '../core/board.ts';
import { codePoints, KEEP, TextField } from '../core/text.ts';
import { carriedBack, type Past } from './history.ts';
import { isWords, type Items } from './items.ts';
import { fieldKey } from './journal.ts';
import type { Item } from './outbox.ts';
import { applyChange, changeOf, difference } from './words.ts';

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

/** The past since the snapshot is known. `returned`: own items of that past, which stand first. */
export function carryBack(items: Items, board: Board, past: readonly Past[], returned: ReadonlySet<Item>): void {
  for (const [element, field] of fieldsOf(items)) {
    const words = items.words(element, field);
    const pending = words.filter((item) => !returned.has(item)).map((item) => item.change);
    carriedBack(past, fieldKey(element, field), pending).forEach((change, i) => {
      const item = words[i];
      if (item !== undefined) item.change = change;
    });
    const is = board.elements.get(element)?.text(field) ?? '';
    for (const item of items.of(element)) {
      if (isWords(item) && item.waitsFor !== null && item.edit.field === field) guess(items, item, is);
    }
  }
}

/** The past is not known: `before` and `board` are all there is to compare. */
export function carryOver(items: Items, before: Board, board: Board, returned: ReadonlySet<Item>): void {
  for (const [element, field] of fieldsOf(items)) {
    const was = before.elements.get(element)?.text(field) ?? '';
    const is = board.elements.get(element)?.text(field) ?? '';
    const words = items.of(element).filter(isWords).filter((item) => item.edit.field === field);
    for (const item of words) if (returned.has(item)) item.waitsFor = { seq: board.seq, chain: board.chain };
    items.shift(element, field, difference(was, is).op);
    for (const item of words) if (item.waitsFor !== null) guess(items, item, is);
  }
}

/** Puts words as near as can be to where they stood; `value`: the field as it is folded now. */
export function guess(items: Items, item: Parameters<Items['place']>[0], value: string): void {
  const start = item.change.op[0] === KEEP ? (item.change.op[1] as number) : 0;
  item.change = changeOf(Math.min(start, codePoints(value)), 0, item.change.words);
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
