/**
 * Places in words: from the screen to the log and back, and from then to now (PROTOCOL-30).
 *
 * A caret that is sent stands over the field as it is folded here, without what is only pending: others can place that.
 * One that comes is carried over what was folded since, and then over what is pending here.
 */

import type { Board } from '../core/board.ts';
import type { Items } from './items.ts';
import type { Journal } from './journal.ts';
import { inverseOp, mapPosition } from './words.ts';

interface Boards {
  readonly confirmed: Board;
  readonly view: Board;
}

export class Carets {
  readonly #boards: Boards;
  readonly #items: Items;
  readonly #journal: Journal;

  constructor(boards: Boards, items: Items, journal: Journal) {
    this.#boards = boards;
    this.#items = items;
    this.#journal = journal;
  }

  /** Now, for this field; true on this device only. */
  token(element: string, field: string): number {
    return this.#journal.token(element, field);
  }

  /** A position as of `token`, carried to the present view. */
  map(element: string, field: string, token: number, position: number, stickRight: boolean): number {
    return this.#within(element, field, this.#journal.map(element, field, token, position, stickRight));
  }

  /** A position of the view, over the field as it is folded. */
  out(element: string, field: string, position: number): number {
    let place = position;
    for (const item of this.#items.words(element, field).reverse()) {
      place = mapPosition(inverseOp(item.change.op), place, false);
    }
    return Math.max(0, place);
  }

  /** Somebody's position over the field as of `base`, carried to the present view. Their own letters push it along. */
  in(element: string, field: string, position: number, base: number, author: string): number {
    let place = position;
    for (const record of this.#boards.confirmed.elements.get(element)?.texts.get(field)?.window ?? []) {
      if (record.seq <= base) continue;
      for (const op of record.ops) place = mapPosition(op, place, record.author === author);
    }
    for (const item of this.#items.words(element, field)) place = mapPosition(item.change.op, place, false);
    return this.#within(element, field, place);
  }

  #within(element: string, field: string, position: number): number {
    const length = this.#boards.view.elements.get(element)?.texts.get(field)?.length ?? 0;
    return Math.max(0, Math.min(position, length));
  }
}
