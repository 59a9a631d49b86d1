/**
 * The trails of laser pointers: where each was a moment ago, thinner and fainter the longer ago. Pure.
 */
import type { Point } from '../geometry';

/** How long a trail is, in time. */
export const TRAIL_MS = 900;
const MOST_POINTS = 240;

interface Spot extends Point {
  readonly time: number;
}

/** A piece of a trail: `fresh` is 1 at the pointer and 0 where it ends. */
export interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly fresh: number;
}

export class Trails {
  readonly #spots = new Map<string, Spot[]>();

  /** A pointer is here now. Staying in one place adds nothing. */
  add(who: string, { x, y }: Point, now: number): void {
    const spots = this.#spots.get(who) ?? [];
    const last = spots.at(-1);
    if (last?.x === x && last.y === y) return;
    spots.push({ x, y, time: now });
    if (spots.length > MOST_POINTS) spots.splice(0, spots.length - MOST_POINTS);
    this.#spots.set(who, spots);
  }

  /** Lifted: what comes next is not joined to it. */
  lift(who: string): void {
    this.#spots.delete(who);
  }

  /** What is left of each trail at this time, oldest first. Trails that faded are forgotten. */
  at(now: number): ReadonlyMap<string, readonly Piece[]> {
    const pieces = new Map<string, readonly Piece[]>();
    for (const [who, spots] of this.#spots) {
      const first = spots.findIndex((spot) => now - spot.time < TRAIL_MS);
      if (first < 0) {
        this.#spots.delete(who);
        continue;
      }
      // One older spot stays, so that the trail's end shrinks and doesn't jump.
      spots.splice(0, Math.max(0, first - 1));
      pieces.set(
        who,
        spots.slice(1).map((spot, i) => ({
          from: spots[i] ?? spot,
          to: spot,
          fresh: Math.max(0, 1 - (now - spot.time) / TRAIL_MS),
        })),
      );
    }
    return pieces;
  }
}
