/**
 * Order keys: where in the pile an element comes to lie (FOLD-50, FOLD-51). Keys are fractional: there is always one between
 * two others, so that moving one element is one edit. Where there is none (equal keys, keys that grew too long, keys that
 * another program made), the element and all above it get fresh keys on top.
 */

import { generateNKeysBetween } from 'fractional-indexing';
import type { Board, Element } from '../core/board.ts';
import { MAX_ORDER_KEY } from '../core/limits.ts';
import { MAX_GROUP_EDITS } from '../wire/limits.ts';

export type Where = 'front' | 'back' | 'forward' | 'backward';

/** `count` keys between two, or null where there are none. */
function keysBetween(low: string | null, high: string | null, count: number): string[] | null {
  if (low !== null && high !== null && low >= high) return null;
  try {
    const keys = generateNKeysBetween(low, high, count);
    return keys.every((key) => key.length <= MAX_ORDER_KEY) ? keys : null;
  } catch {
    return null; // a neighbour's key is of another make
  }
}

function keyOf(element: Element | undefined): string | null {
  return element === undefined ? null : String(element.prop('order'));
}

/** Keys on top of the pile. */
export function topKeys(board: Board, count: number): string[] {
  let top: string | null = null;
  for (const element of board.elements.values()) {
    const key = keyOf(element);
    if (element.aside === null && key !== null && (top === null || key > top)) top = key;
  }
  return keysAbove(top, count);
}

function keysAbove(top: string | null, count: number): string[] {
  const keys = keysBetween(top, null, count);
  if (keys !== null || top === null) return keys ?? [];
  // Any longer key sorts above its beginning; at full length all there is lie equal, by birth.
  const base = top.length < MAX_ORDER_KEY - 4 ? `${top}V` : top;
  return Array.from({ length: count }, (_, i) => (base === top ? top : base + String(i).padStart(3, '0')));
}

/** The new keys that bring an element somewhere: mostly one; none if it is there. */
export function reorder(board: Board, id: string, where: Where): Map<string, string> {
  const pile = board.pile();
  const at = pile.findIndex((element) => element.id === id);
  const element = pile[at];
  if (element === undefined) return new Map();
  const others = pile.filter((one) => one !== element);
  const to = { front: others.length, back: 0, forward: Math.min(at + 1, others.length), backward: Math.max(at - 1, 0) }[where];
  if (to === at) return new Map();
  const keys = keysBetween(keyOf(others[to - 1]), keyOf(others[to]), 1);
  if (keys?.[0] !== undefined) return new Map([[id, keys[0]]]);
  const above = [element, ...others.slice(to, to + MAX_GROUP_EDITS - 1)];
  const fresh = keysAbove(keyOf(pile.at(-1)), above.length);
  return new Map(above.map((one, i) => [one.id, fresh[i] ?? String(one.prop('order'))]));
}

