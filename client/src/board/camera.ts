/**
 * The camera: which part of a board the surface shows, and how near.
 *
 * Pure. A camera is `{ x, y, zoom }` (geometry.ts); names that end in `_px` are CSS pixels from the surface's top left
 * corner. Zoom never changes the board, so nothing here rounds.
 */
import { centre, type Camera, type Point, type Rect } from './geometry';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Far enough for 50,000 notes in rows, near enough to mend one letter. */
export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 5;
/** A step of the zoom keys: two steps and a bit double the size. */
const STEP = 1.35;
/** The pad around what is fitted, in CSS pixels, and no nearer than this: two notes should not fill a wall. */
const FIT_PAD_PX = 56;
const FIT_ZOOM = 1.25;

export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

export function toBoard(camera: Camera, px: Point): Point {
  return { x: camera.x + px.x / camera.zoom, y: camera.y + px.y / camera.zoom };
}

export function toScreen(camera: Camera, at: Point): Point {
  return { x: (at.x - camera.x) * camera.zoom, y: (at.y - camera.y) * camera.zoom };
}

export function rectToScreen(camera: Camera, rect: Rect): Rect {
  const at = toScreen(camera, rect);
  return { x: at.x, y: at.y, w: rect.w * camera.zoom, h: rect.h * camera.zoom };
}

/** The part of the board that a surface of this size shows. */
export function seen(camera: Camera, size_px: Size): Rect {
  return { x: camera.x, y: camera.y, w: size_px.width / camera.zoom, h: size_px.height / camera.zoom };
}

export function panned(camera: Camera, dx_px: number, dy_px: number): Camera {
  return { x: camera.x + dx_px / camera.zoom, y: camera.y + dy_px / camera.zoom, zoom: camera.zoom };
}

/** The same board point stays under `around_px`. */
export function zoomed(camera: Camera, zoom: number, around_px: Point): Camera {
  const next = clampZoom(zoom);
  const fixed = toBoard(camera, around_px);
  return { x: fixed.x - around_px.x / next, y: fixed.y - around_px.y / next, zoom: next };
}

/** The next nearer or farther zoom of the keys, always passing through 100 %. */
export function stepZoom(zoom: number, nearer: boolean): number {
  const steps = Math.log(zoom) / Math.log(STEP);
  const next = nearer ? Math.floor(steps + 1e-6) + 1 : Math.ceil(steps - 1e-6) - 1;
  return clampZoom(STEP ** next);
}

export function centredOn(camera: Camera, at: Point, size_px: Size): Camera {
  return { x: at.x - size_px.width / camera.zoom / 2, y: at.y - size_px.height / camera.zoom / 2, zoom: camera.zoom };
}

/** Shows all of `rect` with a pad around it, its middle in the middle. */
export function fitted(rect: Rect, size_px: Size): Camera {
  const pad = Math.min(FIT_PAD_PX, size_px.width / 8, size_px.height / 8);
  const across = (size_px.width - 2 * pad) / Math.max(1, rect.w);
  const down = (size_px.height - 2 * pad) / Math.max(1, rect.h);
  const zoom = clampZoom(Math.min(across, down, FIT_ZOOM));
  return centredOn({ x: 0, y: 0, zoom }, centre(rect), size_px);
}

/** The least pan that brings `rect` into view with a pad; its beginning, if all of it can't be. */
export function revealed(camera: Camera, rect: Rect, size_px: Size, pad_px = 72): Camera {
  const pad = Math.min(pad_px, size_px.width / 6, size_px.height / 6);
  const px = rectToScreen(camera, rect);
  return panned(camera, offset(px.x, px.w, size_px.width, pad), offset(px.y, px.h, size_px.height, pad));
}

function offset(from: number, length: number, room: number, pad: number): number {
  if (from < pad || length > room - 2 * pad) return from - pad;
  return Math.max(0, from + length - (room - pad));
}

/** Between two cameras, for a short flight: `t` from 0 to 1. Zoom goes by ratio, so it looks even. */
export function flown(from: Camera, to: Camera, t: number, size_px: Size): Camera {
  const eased = 1 - (1 - t) ** 3;
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  const start = centre(seen(from, size_px));
  const end = centre(seen(to, size_px));
  const at = { x: start.x + (end.x - start.x) * eased, y: start.y + (end.y - start.y) * eased };
  return t >= 1 ? to : centredOn({ x: 0, y: 0, zoom }, at, size_px);
}
