/** The next thing in a direction: where arrow keys go when one looks for the other end of a link. Pure. */
import { centre, type Rect } from './geometry';

export type Way = 'left' | 'right' | 'up' | 'down';

export interface Placed {
  readonly id: string;
  readonly rect: Rect;
}

/** Near and straight ahead counts first: aside counts twice. Null if nothing lies that way. */
export function nearestTowards(from: Rect, way: Way, things: Iterable<Placed>): string | null {
  const start = centre(from);
  let best: string | null = null;
  let least = Infinity;
  for (const thing of things) {
    const to = centre(thing.rect);
    const [dx, dy] = [to.x - start.x, to.y - start.y];
    const ahead = way === 'left' ? -dx : way === 'right' ? dx : way === 'up' ? -dy : dy;
    const beside = Math.abs(way === 'left' || way === 'right' ? dy : dx);
    if (ahead <= 0 || beside > ahead * 2.5) continue;
    const cost = ahead + 2 * beside;
    if (cost < least) {
      least = cost;
      best = thing.id;
    }
  }
  return best;
}
