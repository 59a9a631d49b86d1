/**
 * The agreement of a space: which sections and numbers it has (FOLD-115, FOLD-116). Mirrors `core/agreement.py`.
 *
 * A section that nobody changed is not stored: each reader sees the default text in their own language.
 */

import type { Values } from './parts.ts';

export const SECTIONS = ['purpose', 'values', 'fixed', 'open', 'decide', 'photos', 'retention'] as const;

export interface AgreedNumber {
  readonly default: number;
  readonly low: number;
  readonly high: number;
}

/** Minutes, but for `retention`: days. */
export const NUMBERS = {
  proposal: { default: 5, low: 1, high: 1440 },
  vote: { default: 5, low: 1, high: 1440 },
  pause: { default: 30, low: 1, high: 480 },
  lock: { default: 480, low: 1, high: 480 },
  retention: { default: 365, low: 7, high: 3650 },
} as const satisfies Record<string, AgreedNumber>;

export type NumberName = keyof typeof NUMBERS;

/** Those by which boards decide: they reach each board as a ruling. */
export const BOARD_NUMBERS: readonly string[] = ['lock'];

const KNOWN: ReadonlyMap<string, AgreedNumber> = new Map(Object.entries(NUMBERS));

/** Whether all of these are numbers of the agreement within their bounds. */
export function numbersFit(values: Values): boolean {
  for (const [name, value] of values) {
    const number = KNOWN.get(name);
    if (number === undefined || typeof value !== 'number' || value < number.low || value > number.high) return false;
  }
  return true;
}
