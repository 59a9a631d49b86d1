/**
 * Putting things in order: edges in one line, even gaps, a grid, one size. Pure over rectangles.
 *
 * What belongs together is one unit and keeps its inner places; `unitsOf` (groups.ts) makes the units. Every function answers where
 * each *unit* goes; things that stay where they are have their own rectangle back. Nothing rounds here but `placed`, so that one
 * step never drifts from the next.
 */
import { union, type Rect } from '../geometry';

export type Edge = 'left' | 'middle' | 'right' | 'top' | 'centre' | 'bottom';
export type Axis = 'across' | 'down';

/** Things that move as one: their ids and the frame around them. */
export interface Unit {
  readonly ids: readonly string[];
  readonly rect: Rect;
}

/** Room between notes of a tidy grid, in board units. */
export const GRID_GAP = 24;

/** One edge, or the middle, of all units in one line: that of the frame around them. */
export function aligned(units: readonly Unit[], edge: Edge): Rect[] {
  const frame = union(units.map((unit) => unit.rect));
  if (frame === null) return [];
  return units.map(({ rect }) => {
    switch (edge) {
      case 'left':
        return { ...rect, x: frame.x };
      case 'middle':
        return { ...rect, x: frame.x + (frame.w - rect.w) / 2 };
      case 'right':
        return { ...rect, x: frame.x + frame.w - rect.w };
      case 'top':
        return { ...rect, y: frame.y };
      case 'centre':
        return { ...rect, y: frame.y + (frame.h - rect.h) / 2 };
      case 'bottom':
        return { ...rect, y: frame.y + frame.h - rect.h };
    }
  });
}

/** Equal gaps between neighbours along an axis; the outermost two stay. Fewer than three units stay as they are. */
export function distributed(units: readonly Unit[], axis: Axis): Rect[] {
  const [at, length] = axis === 'across' ? (['x', 'w'] as const) : (['y', 'h'] as const);
  const places = units.map((unit) => unit.rect);
  const order = [...places.keys()].sort((a, b) => middle(places[a], at, length) - middle(places[b], at, length));
  const frame = union(places);
  if (places.length < 3 || frame === null) return places;
  const filled = places.reduce((sum, rect) => sum + rect[length], 0);
  const gap = (frame[length] - filled) / (places.length - 1);
  let next = frame[at];
  for (const index of order) {
    const rect = places[index];
    if (rect === undefined) continue;
    places[index] = { ...rect, [at]: next };
    next += rect[length] + gap;
  }
  return places;
}

function middle(rect: Rect | undefined, at: 'x' | 'y', length: 'w' | 'h'): number {
  return rect === undefined ? 0 : rect[at] + rect[length] / 2;
}

/** How many columns look tidy for things of about this size: about as wide as three times its height allows, never one long row. */
export function columnsFor(count: number, w: number, h: number): number {
  return Math.max(1, Math.min(count, Math.round(Math.sqrt((count * 1.5 * (h + GRID_GAP)) / (w + GRID_GAP)))));
}

/**
 * A grid in reading order, from the frame's corner: rows as they roughly lay, then from the side where reading begins. Columns
 * are as wide as their widest, rows as high as their highest; each unit lies at the beginning of its cell.
 */
export function tidied(units: readonly Unit[], direction: 'ltr' | 'rtl', columns?: number): Rect[] {
  const frame = union(units.map((unit) => unit.rect));
  if (frame === null) return [];
  const widest = Math.max(...units.map((unit) => unit.rect.w));
  const highest = Math.max(...units.map((unit) => unit.rect.h));
  const across = columns ?? columnsFor(units.length, widest, highest);
  const order = readingOrder(units, highest, direction);
  const columnWidths = Array.from({ length: across }, (_, column) =>
    Math.max(0, ...order.filter((_, index) => index % across === column).map((index) => units[index]?.rect.w ?? 0)),
  );
  const places = units.map((unit) => unit.rect);
  let y = frame.y;
  for (let row = 0; row * across < order.length; row += 1) {
    const inRow = order.slice(row * across, (row + 1) * across);
    let x = direction === 'ltr' ? frame.x : frame.x + frame.w;
    for (const [column, index] of inRow.entries()) {
      const rect = places[index];
      if (rect === undefined) continue;
      places[index] = { ...rect, x: direction === 'ltr' ? x : x - rect.w, y };
      x += ((columnWidths[column] ?? 0) + GRID_GAP) * (direction === 'ltr' ? 1 : -1);
    }
    y += Math.max(...inRow.map((index) => places[index]?.h ?? 0)) + GRID_GAP;
  }
  return places;
}

/** Those whose middles lie within half a height of each other are one row. */
function readingOrder(units: readonly Unit[], height: number, direction: 'ltr' | 'rtl'): number[] {
  const down = [...units.keys()].sort((a, b) => middle(units[a]?.rect, 'y', 'h') - middle(units[b]?.rect, 'y', 'h'));
  const rows: number[][] = [];
  let from = -Infinity;
  for (const index of down) {
    const y = middle(units[index]?.rect, 'y', 'h');
    if (y - from > height / 2) {
      rows.push([]);
      from = y;
    }
    rows.at(-1)?.push(index);
  }
  const way = direction === 'ltr' ? 1 : -1;
  return rows.flatMap((row) => row.sort((a, b) => way * (middle(units[a]?.rect, 'x', 'w') - middle(units[b]?.rect, 'x', 'w'))));
}

/** All as large as the largest; each stays where it begins. Units of several things keep their size. */
export function sameSized(units: readonly Unit[], takes: (unit: Unit) => boolean): Rect[] {
  const sized = units.filter(takes);
  const w = Math.max(0, ...sized.map((unit) => unit.rect.w));
  const h = Math.max(0, ...sized.map((unit) => unit.rect.h));
  return units.map((unit) => (takes(unit) ? { ...unit.rect, w, h } : unit.rect));
}

/** Each thing of each unit where it goes when its unit's frame moves to `to`. Sizes change only in units of one thing. */
export function placed(units: readonly Unit[], to: readonly Rect[], rectOf: (id: string) => Rect | undefined): Map<string, Rect> {
  const result = new Map<string, Rect>();
  for (const [index, unit] of units.entries()) {
    const target = to[index];
    if (target === undefined) continue;
    const [dx, dy] = [Math.round(target.x - unit.rect.x), Math.round(target.y - unit.rect.y)];
    for (const id of unit.ids) {
      const rect = rectOf(id);
      if (rect === undefined) continue;
      const size = unit.ids.length === 1 ? { w: target.w, h: target.h } : { w: rect.w, h: rect.h };
      result.set(id, { x: rect.x + dx, y: rect.y + dy, ...size });
    }
  }
  return result;
}
