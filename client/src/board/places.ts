/** Where things are put: from rectangles on the screen to the properties that a log takes. Pure. */
import type { Value } from '../core/edits';
import type { Rect } from './geometry';
import { canResize, keepCoordinate, kept } from './resize';
import { nameOf, numberOf, type Item } from './scene';

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
  if (canResize(item.kind)) {
    const { x, y, w, h } = kept(rect, item.kind);
    for (const [name, value] of Object.entries({ x, y, w, h })) put(name, value);
    return values;
  }
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
