/**
 * The order in which one reads a board: what Tab, the outline and screen readers follow.
 *
 * Rows from top to bottom, within a row in the direction of the page. A zone stands in its place with all that lies in it
 * right behind it; what lies in two zones belongs to the smaller. Connectors come last, in the order of what they start
 * from. Pure; the same board gives the same order on every screen of one direction.
 */
import { centre, contains, type Rect } from './geometry';

export interface Readable {
  readonly id: string;
  readonly type: string;
  readonly rect: Rect;
  /** For connectors: what it starts from and leads to. */
  readonly from?: string;
  readonly to?: string;
}

/** Each thing's innermost zone by the middle of the thing, or null. A zone may lie in a larger one. */
export function zonesOf(things: readonly Readable[]): ReadonlyMap<string, string | null> {
  const zones = things
    .filter((thing) => thing.type === 'zone')
    .sort((a, b) => a.rect.w * a.rect.h - b.rect.w * b.rect.h || (a.id < b.id ? -1 : 1));
  const found = new Map<string, string | null>();
  for (const thing of things) {
    const middle = centre(thing.rect);
    // Zones are sorted, so a zone finds only larger ones behind itself: no circles.
    const from = thing.type === 'zone' ? zones.indexOf(thing) + 1 : 0;
    let home: string | null = null;
    for (let index = from; index < zones.length && home === null; index += 1) {
      const zone = zones[index];
      if (zone !== undefined && contains(zone.rect, middle)) home = zone.id;
    }
    found.set(thing.id, home);
  }
  return found;
}

/** Things in rows: one belongs to a row if its middle is not below the lower edge of the row's first. */
function inRows(things: readonly Readable[], rightToLeft: boolean): Readable[] {
  const down = [...things].sort((a, b) => a.rect.y - b.rect.y || a.rect.x - b.rect.x || (a.id < b.id ? -1 : 1));
  const rows: Readable[][] = [];
  let row: Readable[] = [];
  let limit = -Infinity;
  for (const thing of down) {
    // A tall zone must not swallow the rows beside it: it reaches as far as a note does.
    if (thing.rect.y + Math.min(thing.rect.h, 160) / 2 > limit) {
      row = [];
      rows.push(row);
      limit = thing.rect.y + Math.min(thing.rect.h, 160);
    }
    row.push(thing);
  }
  const way = rightToLeft ? -1 : 1;
  const edge = (thing: Readable): number => (rightToLeft ? thing.rect.x + thing.rect.w : thing.rect.x);
  return rows.flatMap((line) => line.sort((a, b) => way * (edge(a) - edge(b)) || a.rect.y - b.rect.y));
}

export function readingOrder(things: readonly Readable[], rightToLeft = false): string[] {
  const zones = zonesOf(things);
  const inside = new Map<string | null, Readable[]>();
  for (const thing of things) {
    if (thing.type === 'connector') continue;
    const home = zones.get(thing.id) ?? null;
    const list = inside.get(home);
    if (list === undefined) inside.set(home, [thing]);
    else list.push(thing);
  }
  const order: string[] = [];
  const read = (home: string | null): void => {
    for (const thing of inRows(inside.get(home) ?? [], rightToLeft)) {
      order.push(thing.id);
      if (thing.type === 'zone') read(thing.id);
    }
  };
  read(null);
  const rank = new Map(order.map((id, index) => [id, index]));
  const place = (id: string | undefined): number => rank.get(id ?? '') ?? order.length;
  const lines = things.filter((thing) => thing.type === 'connector');
  lines.sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to) || (a.id < b.id ? -1 : 1));
  return [...order, ...lines.map((line) => line.id)];
}

/** The next one in a direction, for arrow keys: near and straight ahead first. Null if nothing lies that way. */
export function nearestTowards(from: Rect, way: 'left' | 'right' | 'up' | 'down', things: readonly Readable[]): string | null {
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
