/**
 * Ink on a sheet. Outlines are kept as paths by the ink they came from. What lies over a stroke is cut out of it, so ink and notes keep
 * their pile although they lie on two layers.
 */
import type { InkPiece } from '../../core/board';
import { grow, type Rect } from '../geometry';
import { inkPlace } from '../hit';
import { compareItems, inkWidth, nameOf, numberOf, type Item } from '../scene';
import { outlineOf, tracePath, traceLine, type Run } from '../strokes';
import { penColour, type Scenery } from './scenery';

interface Known {
  readonly width: number;
  readonly scale: number;
  readonly path: Path2D;
}
const paths = new WeakMap<readonly InkPiece[], Known>();

/** How much a highlighter's ink lets through. */
export const GLOW_ALPHA = 0.34;

export function strokePath(runs: readonly Run[], width: number, done = true): Path2D {
  const path = new Path2D();
  for (const run of runs) tracePath(path, outlineOf(run, width, done));
  return path;
}

/** A highlighter's way: an even line that is stroked, not filled, so that it never doubles where it crosses itself. */
export function glowPath(runs: readonly Run[]): Path2D {
  const path = new Path2D();
  for (const run of runs) traceLine(path, run);
  return path;
}

function pathOf(item: Item, isGlow: boolean): Path2D {
  const { element } = item;
  const width = inkWidth(element);
  const scale = numberOf(element, 'scale');
  const known = paths.get(element.ink);
  if (known?.width === width && known.scale === scale) return known.path;
  const path = isGlow ? glowPath(item.runs) : strokePath(item.runs, width);
  paths.set(element.ink, { width, scale, path });
  return path;
}

const COVERS: ReadonlySet<string> = new Set(['note', 'image']);

export function drawInk(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery, region: Rect): void {
  const { scene, inHand } = scenery;
  for (const item of items) {
    if (item.id === inHand) continue;
    const rect = scene.rect(item.id) ?? item.rect;
    const covering = scene.search(rect).filter((other) => COVERS.has(other.kind) && compareItems(other, item) > 0);
    context.save();
    if (covering.length > 0) cutOut(context, grow(region, 10), covering.map((other) => scene.rect(other.id) ?? other.rect));
    const { x, y, by } = inkPlace(scene, item);
    context.translate(x, y);
    if (by !== 1) context.scale(by, by);
    if (scenery.erased.has(item.id)) context.globalAlpha = 0.2;
    drawStroke(context, item, penColour(scenery, nameOf(item.element, 'colour')));
    context.restore();
  }
}

function drawStroke(context: CanvasRenderingContext2D, item: Item, colour: string): void {
  if (item.element.prop('tip') !== 'highlighter') {
    context.fillStyle = colour;
    context.fill(pathOf(item, false));
    return;
  }
  strokeGlow(context, pathOf(item, true), inkWidth(item.element), colour);
}

export function strokeGlow(context: CanvasRenderingContext2D, path: Path2D, width: number, colour: string): void {
  context.globalAlpha *= GLOW_ALPHA;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'butt';
  context.lineJoin = 'round';
  context.stroke(path);
}

/** Paint only outside of these. */
function cutOut(context: CanvasRenderingContext2D, region: Rect, holes: readonly Rect[]): void {
  for (const hole of holes) {
    context.beginPath();
    context.rect(region.x, region.y, region.w, region.h);
    context.rect(hole.x, hole.y, hole.w, hole.h);
    context.clip('evenodd');
  }
}
