/**
 * What lies under a pointer, and what a dragged rectangle chooses. Pure over a scene.
 *
 * Notes are found all over, ink and connectors near their lines, zones only by their title and their edge: the middle of a zone is cloth
 * to write on. The topmost counts. `slack` is how far beside a line a press may be, in board units (more for a finger).
 */
import { distanceToRoute, routeMeets } from './connectors';
import { contains, encloses, grow, moved, type Point, type Rect } from './geometry';
import { compareItems, numberOf, reachOf, type Item, type Scene } from './scene';
import { distanceToRuns, runsMeet } from './strokes';

/** The height of a zone's title, in board units. */
export const ZONE_TITLE = 56;
const ZONE_EDGE = 10;

export function hits(scene: Scene, item: Item, at: Point, slack: number): boolean {
  const rect = scene.rect(item.id) ?? item.rect;
  switch (item.kind) {
    case 'note':
      return contains(rect, at);
    case 'zone': {
      const edge = Math.max(ZONE_EDGE, slack);
      const title = { ...rect, h: Math.min(ZONE_TITLE, rect.h) };
      return contains(title, at) || (contains(grow(rect, slack), at) && !contains(grow(rect, -edge), at));
    }
    case 'ink': {
      const origin = inkOrigin(scene, item);
      return distanceToRuns({ x: at.x - origin.x, y: at.y - origin.y }, item.runs) <= reachOf(item, slack);
    }
    case 'connector': {
      const line = scene.route(item.id);
      return line !== null && distanceToRoute(at, line) <= reachOf(item, slack);
    }
  }
}

/** Where a stroke's points count from, live drags included. */
export function inkOrigin(scene: Scene, item: Item): Point {
  const rect = scene.rect(item.id) ?? item.rect;
  return {
    x: numberOf(item.element, 'x') + rect.x - item.rect.x,
    y: numberOf(item.element, 'y') + rect.y - item.rect.y,
  };
}

/** The topmost thing at a point, or null for the bare cloth. */
export function hitAt(scene: Scene, at: Point, slack: number, takes: (item: Item) => boolean = () => true): Item | null {
  const near = scene.search(grow({ ...at, w: 0, h: 0 }, slack + 1)).sort((a, b) => compareItems(b, a));
  return near.find((item) => takes(item) && hits(scene, item, at, slack)) ?? null;
}

/** What a dragged rectangle chooses: what it touches; zones only if it holds all of them. */
export function caughtBy(scene: Scene, area: Rect): Item[] {
  return scene.search(area).filter((item) => {
    const rect = scene.rect(item.id) ?? item.rect;
    switch (item.kind) {
      case 'note':
        return true;
      case 'zone':
        return encloses(area, rect);
      case 'ink': {
        const origin = inkOrigin(scene, item);
        return encloses(area, rect) || runsMeet(moved(area, -origin.x, -origin.y), item.runs);
      }
      case 'connector': {
        const line = scene.route(item.id);
        return line !== null && routeMeets(area, line);
      }
    }
  });
}

/** What goes along when a zone is moved: all that lies wholly in it, but connectors, which follow by themselves. */
export function carriedBy(scene: Scene, zone: Item): Item[] {
  const area = scene.rect(zone.id) ?? zone.rect;
  return scene
    .search(area)
    .filter((item) => item.id !== zone.id && item.kind !== 'connector' && encloses(area, scene.rect(item.id) ?? item.rect));
}
