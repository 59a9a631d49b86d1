/**
 * Where a new thing goes when nobody pointed: the nearest free place, so that a note made by key never covers another's.
 */
import { moved, type Point, type Rect } from './geometry';

/** Room for a link between two of them. */
const GAP = 40;
/** Beside is nearer than below: people read along rows. */
const DOWN = 1.4;
const RINGS = 12;

/**
 * The free place for a thing of w × h nearest to `middle`: tried in rings around it, to the sides first. If all of them
 * are taken, a little beside the middle.
 */
export function freePlace(middle: Point, w: number, h: number, isTaken: (rect: Rect) => boolean): Rect {
  const first: Rect = { x: Math.round(middle.x - w / 2), y: Math.round(middle.y - h / 2), w, h };
  if (!isTaken(first)) return first;
  for (let ring = 1; ring <= RINGS; ring += 1) {
    const around: { readonly dx: number; readonly dy: number }[] = [];
    for (let column = -ring; column <= ring; column += 1) {
      for (let row = -ring; row <= ring; row += 1) {
        if (Math.max(Math.abs(column), Math.abs(row)) === ring) around.push({ dx: column * (w + GAP), dy: row * (h + GAP) });
      }
    }
    const far = (way: { readonly dx: number; readonly dy: number }): number => Math.hypot(way.dx, way.dy * DOWN);
    around.sort((a, b) => far(a) - far(b) || b.dx - a.dx || b.dy - a.dy);
    for (const { dx, dy } of around) {
      const rect = moved(first, dx, dy);
      if (!isTaken(rect)) return rect;
    }
  }
  return moved(first, GAP, GAP);
}
