/**
 * What lies under a pointer, and what a dragged rectangle chooses. Pure over a scene.
 *
 * Notes and pictures are found all over, ink and connectors near their lines, zones only by their title and their edge: the middle of a
 * zone is cloth to write on. A shape without a fill is found by its outline and its words first, and by its inside only where nothing else
 * lies: it may have been drawn around things. The topmost counts. `slack` is how far beside a line a press may be, in board units
 * (more for a finger).
 */
import { distanceToRoute, routeMeets } from './connectors';
import { distanceToForm, isInside } from './forms';
import { centre, contains, encloses, grow, moved, type Point, type Rect } from './geometry';
import { compareItems, formOf, nameOf, numberOf, reachOf, type Item, type Scene } from './scene';
import { distanceToRuns, runsMeet } from './strokes';

/** The height of a zone's title, in board units. */
export const ZONE_TITLE = 56;
const ZONE_EDGE = 10;

export function hits(scene: Scene, item: Item, at: Point, slack: number): boolean {
  const rect = scene.rect(item.id) ?? item.rect;
  switch (item.kind) {
    case 'note':
    case 'image':
      return contains(rect, at);
    case 'shape':
      return hitsShape(item, rect, at, slack);
    case 'zone': {
      const edge = Math.max(ZONE_EDGE, slack);
      const title = { ...rect, h: Math.min(ZONE_TITLE, rect.h) };
      return contains(title, at) || (contains(grow(rect, slack), at) && !contains(grow(rect, -edge), at));
    }
    case 'ink': {
      const origin = inkPlace(scene, item);
      return distanceToRuns({ x: at.x - origin.x, y: at.y - origin.y }, item.runs) <= reachOf(item, slack);
    }
    case 'connector': {
      const line = scene.route(item.id);
      return line !== null && distanceToRoute(at, line) <= reachOf(item, slack);
    }
  }
}

function hitsShape(item: Item, rect: Rect, at: Point, slack: number): boolean {
  const form = formOf(item.element) ?? 'rectangle';
  if (distanceToForm(form, rect, at) <= reachOf(item, slack)) return true;
  if (!isInside(form, rect, at)) return false;
  if (nameOf(item.element, 'fill') !== 'none') return true;
  const middle = centre(rect);
  const words = { w: rect.w / 2, h: Math.min(rect.h / 2, 60) };
  return item.element.text() !== '' && contains({ x: middle.x - words.w / 2, y: middle.y - words.h / 2, ...words }, at);
}

/** Where a stroke's points count from, and how much larger it is shown than stored: live drags included. */
export function inkPlace(scene: Scene, item: Item): Point & { readonly by: number } {
  const rect = scene.rect(item.id) ?? item.rect;
  const by = item.rect.w === 0 || rect.w === item.rect.w ? 1 : rect.w / item.rect.w;
  return {
    x: rect.x + (numberOf(item.element, 'x') - item.rect.x) * by,
    y: rect.y + (numberOf(item.element, 'y') - item.rect.y) * by,
    by,
  };
}

/** The topmost thing at a point, or null for the bare cloth. */
export function hitAt(scene: Scene, at: Point, slack: number, takes: (item: Item) => boolean = () => true): Item | null {
  const near = scene.search(grow({ ...at, w: 0, h: 0 }, slack + 1)).sort((a, b) => compareItems(b, a));
  return (
    near.find((item) => takes(item) && hits(scene, item, at, slack)) ??
    near.find((item) => takes(item) && item.kind === 'shape' && isInside(formOf(item.element) ?? 'rectangle', scene.rect(item.id) ?? item.rect, at)) ??
    null
  );
}

/** What a dragged rectangle chooses: what it touches; zones only if it holds all of them. */
export function caughtBy(scene: Scene, area: Rect): Item[] {
  return scene.search(area).filter((item) => {
    const rect = scene.rect(item.id) ?? item.rect;
    switch (item.kind) {
      case 'note':
      case 'image':
        return true;
      case 'shape':
        return nameOf(item.element, 'fill') !== 'none' || encloses(area, rect) || !isWithin(item, rect, area);
      case 'zone':
        return encloses(area, rect);
      case 'ink': {
        const origin = inkPlace(scene, item);
        return encloses(area, rect) || runsMeet(moved(area, -origin.x, -origin.y), item.runs);
      }
      case 'connector': {
        const line = scene.route(item.id);
        return line !== null && routeMeets(area, line);
      }
    }
  });
}

/** Whether an area lies inside a shape without touching its outline. */
function isWithin(item: Item, rect: Rect, area: Rect): boolean {
  const form = formOf(item.element) ?? 'rectangle';
  const { x, y, w, h } = area;
  return [{ x, y }, { x: x + w, y }, { x, y: y + h }, { x: x + w, y: y + h }].every((corner) => isInside(form, rect, corner));
}

/** What goes along when a zone is moved: all that lies wholly in it, but connectors, which follow by themselves. */
export function carriedBy(scene: Scene, zone: Item): Item[] {
  const area = scene.rect(zone.id) ?? zone.rect;
  return scene
    .search(area)
    .filter((item) => item.id !== zone.id && item.kind !== 'connector' && encloses(area, scene.rect(item.id) ?? item.rect));
}
