/**
 * What the screen shows: pending over confirmed, element by element (DESIGN §3).
 *
 * An element without pending edits is the confirmed one itself. For others the pending edits are folded on, through the same
 * rules as the log's entries; words go by their carried change, which is what the log will make of them. Elements are
 * replaced and never changed.
 */

import { Board, type Element } from '../core/board.ts';
import type { AnyEdit } from '../core/edits.ts';
import { typeOf } from '../core/elements.ts';
import { contentOf, headOf } from '../core/entry.ts';
import { applyHead } from '../core/fold.ts';
import { isProposalEdit } from '../core/room-kinds.ts';
import { growth, handKey, TextField } from '../core/text.ts';
import { isWords, type Items } from './items.ts';
import type { Item } from './outbox.ts';
import { applyChange, type Change } from './words.ts';

/** A field after a change that is not in the log. Its window stays that of the log. */
function written(field: TextField, change: Change): TextField {
  const value = applyChange(field.value, change, field.length);
  return new TextField(value, field.window, field.bridges, field.floor, field.length + growth(change.op));
}

/** Shown once the log has them: their places are over the words as they are folded, not as they are on the screen. */
const ABOUT_VARIANTS: ReadonlySet<string> = new Set(['vary', 'unvary', 'accept']);

export class View {
  board: Board;
  readonly #author: string;
  readonly #items: Items;
  readonly #clock: () => number;
  #confirmed: Board;

  constructor(confirmed: Board, author: string, items: Items, clock: () => number) {
    this.#clock = clock;
    this.#confirmed = confirmed;
    this.#author = author;
    this.#items = items;
    this.board = this.#begun();
  }

  #begun(): Board {
    const board = new Board(this.#confirmed.space, this.#confirmed.board, this.#confirmed.chain);
    board.elements = new Map(this.#confirmed.elements);
    return board;
  }

  /** Another board was put in the place of the confirmed one. */
  restart(confirmed: Board): void {
    this.#confirmed = confirmed;
    this.board = this.#begun();
    this.update(this.#items.elements);
  }

  /** These elements were changed by entries, or what is pending on them did. */
  update(elements: Iterable<string>): void {
    const { seq, at, chain, key, version, title, decisions } = this.#confirmed;
    Object.assign(this.board, { seq, at, chain, key, version, title, decisions });
    for (const id of elements) {
      const element = this.#confirmed.elements.get(id);
      if (element === undefined) this.board.elements.delete(id);
      else this.board.elements.set(id, element);
      this.#items.of(id).forEach((item, ahead) => this.#fold(item, ahead));
    }
  }

  /** Fold one more item, the last of its element. */
  show(item: Item): void {
    this.#fold(item, this.#items.of(item.edit.element).length - 1);
  }

  /** Words were typed on: the last item of the element does this besides. */
  extend(element: string, field: string, change: Change): void {
    const before = this.board.elements.get(element);
    if (before !== undefined) this.#write(before, field, change);
  }

  #fold(item: Item, ahead: number): void {
    // What is said about a proposal is shown once the log has it: it is the room's, and not one's own to believe.
    if (item.waitsFor !== null || isProposalEdit(item.edit) || ABOUT_VARIANTS.has(item.edit.kind)) return;
    const element = this.board.elements.get(item.edit.element);
    if (isWords(item)) {
      if (element !== undefined) this.#write(element, item.edit.field, item.change);
      return;
    }
    // Before the board is there, as if it were founded: FOLD-3 would refuse everything.
    const seq = Math.max(this.#confirmed.seq, 1) + 1 + ahead;
    const head = headOf(this.#fitted(item.edit, element, seq), this.#author);
    applyHead(this.board, seq, this.#at(element), head, contentOf(item.edit));
  }

  /** When a pending edit is folded: at the last entry's time, but past a lock that has expired since then (FOLD-52). */
  #at(element: Element | undefined): number {
    const { at } = this.#confirmed;
    const until = element?.lock?.until ?? 0;
    return until > at && until <= this.#clock() ? until : at;
  }

  /** The edit with a k and base that fit, whatever its number will be. */
  #fitted(edit: AnyEdit, element: Element | undefined, seq: number): AnyEdit {
    const last = element?.hands.get(handKey(this.#author, edit.hand))?.k ?? 0;
    return { ...edit, k: last + 1, base: Math.min(edit.base, seq - 1) };
  }

  #write(element: Element, field: string, change: Change): void {
    if (!typeOf(element.type).fields.includes(field)) return;
    const texts = new Map(element.texts);
    texts.set(field, written(texts.get(field) ?? new TextField(), change));
    this.board.elements.set(element.id, element.with({ texts }));
  }
}
