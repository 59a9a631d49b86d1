/** Edits as a person makes them, and the hands that sign them. */

import type { AnyEdit } from '../core/edits.ts';
import type { Item } from './outbox.ts';
import { type Change, NOTHING } from './words.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An edit without what is filled in later: hand, k and base. Words are a change of the view's field. */
export type Draft =
  | Without<Exclude<AnyEdit, { kind: 'text' }>, 'hand' | 'k' | 'base'>
  | { readonly kind: 'text'; readonly element: string; readonly field: string; readonly change: Change };

/** One's hands in this session: random, one an element and no other's, so that a hand joins nothing. */
export class Hands {
  readonly #newId: () => string;
  readonly #hands = new Map<string, string>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  #of(element: string): string {
    const hand = this.#hands.get(element) ?? this.#newId();
    this.#hands.set(element, hand);
    return hand;
  }

  /** A draft as something pending. `base`: the last seq that is folded, which a stale change is told by (FOLD-21). */
  item(draft: Draft, base: number): Item {
    const common = { element: draft.element, hand: this.#of(draft.element), k: 0, base };
    if (draft.kind !== 'text') return { edit: { ...draft, ...common }, change: NOTHING, waitsFor: null };
    const edit = { kind: draft.kind, ...common, field: draft.field, splices: [], inserted: '' };
    return { edit, change: draft.change, waitsFor: null };
  }
}
