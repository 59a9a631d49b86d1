/** Where things are put: from rectangles on the screen to the properties that a log takes. Pure. */
import type { Value } from '../core/edits';
import type { Rect } from './geometry';
import { isBox, keepCoordinate, kept } from './resize';
import { nameOf, numberOf, type Item } from './scene';

/** Percent (FOLD-10). */
const LEAST_SCALE = 5;
const MOST_SCALE = 2000;

/** What must be set so that each item lies at its rectangle; items that lie there are left out. */
export function placeChanges(places: readonly (readonly [Item, Rect])[]): Map<string, Record<string, Value>> {
  const changes = new Map<string, Record<string, Value>>();
  for (const [item, rect] of places) {
    const values = placeValues(item, rect);
    if (Object.keys(values).length > 0) changes.set(item.id, values);
  }
  return changes;
}

/** Ink and free ends of connectors move; bound ends follow what they are bound to. */
function placeValues(item: Item, rect: Rect): Record<string, Value> {
  const values: Record<string, Value> = {};
  const put = (name: string, value: number): void => {
    const whole = keepCoordinate(value);
    if (numberOf(item.element, name) !== whole) values[name] = whole;
  };
  const [dx, dy] = [rect.x - item.rect.x, rect.y - item.rect.y];
  if (isBox(item.kind)) {
    const { x, y, w, h } = kept(rect, item.kind);
    for (const [name, value] of Object.entries({ x, y, w, h })) put(name, value);
    return values;
  }
  if (item.kind === 'ink' && Math.abs(rect.w - item.rect.w) > 0.5) return scaled(item, rect);
  if (item.kind === 'ink' || nameOf(item.element, 'from') === '') {
    put('x', numberOf(item.element, 'x') + dx);
    put('y', numberOf(item.element, 'y') + dy);
  }
  if (item.kind === 'connector' && nameOf(item.element, 'to') === '') {
    put('x2', numberOf(item.element, 'x2') + dx);
    put('y2', numberOf(item.element, 'y2') + dy);
  }
  return values;
}

/** A stroke in a larger or smaller rectangle: its scale, and its beginning at the same part of it (FOLD-10). */
function scaled(item: Item, rect: Rect): Record<string, Value> {
  const before = numberOf(item.element, 'scale');
  const scale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, Math.round((before * rect.w) / Math.max(1, item.rect.w))));
  const by = scale / before;
  const values: Record<string, Value> = {};
  const put = (name: string, value: number): void => {
    if (numberOf(item.element, name) !== value) values[name] = value;
  };
  put('scale', scale);
  put('x', keepCoordinate(rect.x + (numberOf(item.element, 'x') - item.rect.x) * by));
  put('y', keepCoordinate(rect.y + (numberOf(item.element, 'y') - item.rect.y) * by));
  return values;
}
