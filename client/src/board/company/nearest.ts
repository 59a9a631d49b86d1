/**
 * Which of the others' cursors are shown, when there are more than one can follow: the nearest to where one looks or points
 * first. And how clearly: who rests fades, and after a while is gone until they move again. Pure.
 */
import type { Point } from '../geometry';

export const MOST_CURSORS = 24;
export const FADES_MS = 5_000;
export const GONE_MS = 30_000;

export type Clarity = 'clear' | 'faint' | 'gone';

export function clarity(rested_ms: number): Clarity {
  if (rested_ms >= GONE_MS) return 'gone';
  return rested_ms >= FADES_MS ? 'faint' : 'clear';
}

/** The `most` nearest to a point, in the order in which they came: so none changes places on the page. */
export function nearest<T extends Point>(all: readonly T[], to: Point, most: number): readonly T[] {
  if (all.length <= most) return all;
  const far = (one: T): number => Math.hypot(one.x - to.x, one.y - to.y);
  const chosen = new Set([...all].sort((a, b) => far(a) - far(b)).slice(0, most));
  return all.filter((one) => chosen.has(one));
}
