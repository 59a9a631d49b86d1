/**
 * The small map: how a whole board lies in a box of a hundred pixels or two. Pure; Minimap.svelte shows it.
 *
 * Two frames: the *ground* is all that lies on the board, and is painted into a bitmap that stays good while one only looks around; the
 * *frame* is the ground and what I see just now, so that whoever went far off still finds both on the map. The bitmap is
 * moved and scaled into the frame, which costs nothing, and painted anew at most a few times a second.
 *
 * Rejected: painting at every move of the camera (10,000 things, 60 times a second), a map of what is near only (then it is
 * no help to those who are lost).
 */
import { centre, grow, union, type Camera, type Point, type Rect } from './geometry';

export interface Box {
  readonly w: number;
  readonly h: number;
}

/** Where a part of the board lies on the map: `x * scale + dx`. */
export interface Fit {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

/** A board that is empty, or has one note, is shown as if it were this large. */
const LEAST = 1200;
const PAD = 0.04;
const EDGE = 4;
/** What I see counts up to so many times the ground: farther off, the map would be all emptiness. */
const FAR = 6;

/** What lies on the board with a little around it; `extent` null: nothing. */
export function groundOf(extent: Rect | null): Rect {
  const rect = extent ?? { x: 0, y: 0, w: 0, h: 0 };
  const middle = centre(rect);
  const [w, h] = [Math.max(rect.w, LEAST), Math.max(rect.h, LEAST * 0.7)];
  return grow({ x: middle.x - w / 2, y: middle.y - h / 2, w, h }, Math.max(w, h) * PAD);
}

/** What the map shows. */
export function frameOf(ground: Rect, seen: Rect): Rect {
  const [across, down] = [ground.w * FAR, ground.h * FAR];
  const reach = grow(ground, Math.max(across, down));
  const inReach = union([ground, clipped(seen, reach)]);
  return inReach ?? ground;
}

/** The part of a rectangle that lies in another; a point on its edge, if none does. */
export function clipped(rect: Rect, within: Rect): Rect {
  const clamp = (value: number, from: number, length: number): number => Math.max(from, Math.min(from + length, value));
  const [left, right] = [clamp(rect.x, within.x, within.w), clamp(rect.x + rect.w, within.x, within.w)];
  const [top, bottom] = [clamp(rect.y, within.y, within.h), clamp(rect.y + rect.h, within.y, within.h)];
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** All of `rect` in the middle of the box, a little from its edges. */
export function fitInto(rect: Rect, box: Box): Fit {
  const scale = Math.min((box.w - 2 * EDGE) / rect.w, (box.h - 2 * EDGE) / rect.h);
  const middle = centre(rect);
  return { scale, dx: box.w / 2 - middle.x * scale, dy: box.h / 2 - middle.y * scale };
}

export function onMap(fit: Fit, rect: Rect): Rect {
  return { x: rect.x * fit.scale + fit.dx, y: rect.y * fit.scale + fit.dy, w: rect.w * fit.scale, h: rect.h * fit.scale };
}

export function toBoard(fit: Fit, at: Point): Point {
  return { x: (at.x - fit.dx) / fit.scale, y: (at.y - fit.dy) / fit.scale };
}

/** How the bitmap, painted with one fit, is to be shown with another. */
export function between(painted: Fit, shown: Fit): { readonly scale: number; readonly dx: number; readonly dy: number } {
  const scale = shown.scale / painted.scale;
  return { scale, dx: shown.dx - painted.dx * scale, dy: shown.dy - painted.dy * scale };
}

/** A rectangle on the map that can still be seen, whatever is left of it. */
export function visible(rect: Rect, least: number): Rect {
  const [w, h] = [Math.max(least, rect.w), Math.max(least, rect.h)];
  return { x: rect.x - (w - rect.w) / 2, y: rect.y - (h - rect.h) / 2, w, h };
}

/** The camera whose middle is at a board point. */
export function cameraAt(camera: Camera, seen: Rect, at: Point): Camera {
  return { x: at.x - seen.w / 2, y: at.y - seen.h / 2, zoom: camera.zoom };
}

/** How long to wait before painting again: a few times a second, and never more than a small share of the time. */
export function paintPause(cost_ms: number): number {
  return Math.max(350, cost_ms * 25);
}
