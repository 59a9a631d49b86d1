/**
 * What is pending on each element, in the order in which it was made, over all sessions that this tab sends for.
 *
 * Invariant: the changes of one field's placed items form a chain: the first is made over the field as it is folded, each
 * other one over what the one before leaves. `carry`, `settle`, `drop` and `place` keep it so; each tells through `onWords`
 * how the words on the screen changed by something that was not typed here.
 */

import type { TextEdit } from '../core/edits.ts';
import { handKey, type Op, transform } from '../core/text.ts';
import type { Group, Item } from './outbox.ts';
import { carried, inverseOp } from './words.ts';

/** A text item: its edit is one. */
export function isWords(item: Item): item is Item & { edit: TextEdit } {
  return item.edit.kind === 'text';
}

export class Items {
  readonly #author: string;
  readonly #onWords: (element: string, field: string, op: Op) => void;
  readonly #byElement = new Map<string, Item[]>();
  readonly #groups = new Map<Item, Group>();
  /** Elements that an item left since this was last emptied: the view is to be drawn anew there. */
  readonly left = new Set<string>();

  constructor(author: string, onWords: (element: string, field: string, op: Op) => void) {
    this.#author = author;
    this.#onWords = onWords;
  }

  of(element: string): readonly Item[] {
    return this.#byElement.get(element) ?? [];
  }

  get elements(): IterableIterator<string> {
    return this.#byElement.keys();
  }

  groupOf(item: Item): Group | undefined {
    return this.#groups.get(item);
  }

  clear(): void {
    this.#byElement.clear();
    this.#groups.clear();
  }

  /** One more item, the last of its element; or right after another, which it was a part of. */
  add(item: Item, group: Group, after?: Item): void {
    const list = this.#byElement.get(item.edit.element) ?? [];
    this.#byElement.set(item.edit.element, list);
    const at = after === undefined ? -1 : list.indexOf(after);
    if (at < 0) list.push(item);
    else list.splice(at + 1, 0, item);
    this.#groups.set(item, group);
  }

  /** The item that became an entry of one's own, by what only it can have (FOLD-4). */
  find(element: string, hand: string, k: number): Item | null {
    for (const item of this.of(element)) {
      const { edit } = item;
      if (edit.k === k && edit.hand === hand && this.#groups.get(item)?.n != null) return item;
    }
    return null;
  }

  /** The placed words of a field, in order. */
  words(element: string, field: string): (Item & { edit: TextEdit })[] {
    return this.of(element).filter(isWords).filter((item) => item.edit.field === field && item.waitsFor === null);
  }

  /** Somebody else's words were folded: carry what is pending over them, and them over it (FOLD-32). */
  carry([element, field]: readonly [string, string], by: { author: string; hand: string }, ops: readonly Op[]): void {
    const theirs = handKey(by.author, by.hand);
    const pending = this.words(element, field);
    for (const op of ops) {
      let other = op;
      for (const item of pending) {
        const isFirst = handKey(this.#author, item.edit.hand) < theirs;
        const mine = item.change;
        item.change = carried(mine, other, isFirst);
        other = transform(other, mine.op, !isFirst);
      }
      this.#onWords(element, field, other);
    }
  }

  /** Words of one's own were folded, by the ops `ops`: what stood before them is now after them. */
  settle(item: Item & { edit: TextEdit }, ops: readonly Op[]): void {
    const { element, field, hand } = item.edit;
    const pending = this.words(element, field);
    const mine = handKey(this.#author, hand);
    for (const earlier of pending.slice(0, pending.indexOf(item))) {
      for (const op of ops) {
        earlier.change = carried(earlier.change, op, handKey(this.#author, earlier.edit.hand) < mine);
      }
    }
    this.remove(item);
  }

  /** Words of one's own will never apply: take their effect out of the later ones. Answers the groups that changed. */
  drop(item: Item): Group[] {
    if (!isWords(item) || item.waitsFor !== null) {
      this.remove(item);
      return [];
    }
    const { element, field } = item.edit;
    const pending = this.words(element, field);
    const later = pending.slice(pending.indexOf(item) + 1);
    this.remove(item);
    this.#push(element, field, inverseOp(item.change.op), later, false);
    return later.flatMap((one) => this.#groups.get(one) ?? []);
  }

  /** Words that were kept on the device have found their field: the ones after them are carried over them. */
  place(item: Item & { edit: TextEdit }): void {
    item.waitsFor = null;
    const { element, field } = item.edit;
    const pending = this.words(element, field);
    this.#push(element, field, item.change.op, pending.slice(pending.indexOf(item) + 1), true);
  }

  /** Everything from here on is over a field that differs by `op`: after a snapshot. */
  shift(element: string, field: string, op: Op): void {
    this.#push(element, field, op, this.words(element, field), true);
  }

  #push(element: string, field: string, op: Op, later: readonly Item[], otherFirst: boolean): void {
    let other = op;
    for (const item of later) {
      const mine = item.change;
      item.change = carried(mine, other, !otherFirst);
      other = transform(other, mine.op, otherFirst);
    }
    this.#onWords(element, field, other);
  }

  remove(item: Item): void {
    const { element } = item.edit;
    const left = this.of(element).filter((one) => one !== item);
    if (left.length === 0) this.#byElement.delete(element);
    else this.#byElement.set(element, left);
    this.#groups.delete(item);
    this.left.add(element);
  }
}
