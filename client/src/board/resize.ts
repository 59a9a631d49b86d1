/** Resizing: one thing by a handle, or several together as one picture. Pure; sizes keep to what a note needs and a board takes. */
import { MAX_COORDINATE, MAX_SIZE } from '../core/limits';
import type { Rect } from './geometry';
import type { Kind } from './scene';

/** Which edges a handle moves: -1 left or top, 1 right or bottom, 0 none. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export const HANDLES: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];

export interface Part {
  readonly id: string;
  readonly kind: Kind;
  readonly rect: Rect;
}

const LEAST: Readonly<Record<Kind, { readonly w: number; readonly h: number }>> = {
  note: { w: 72, h: 56 },
  zone: { w: 160, h: 120 },
  ink: { w: 0, h: 0 },
  connector: { w: 0, h: 0 },
  shape: { w: 24, h: 24 },
  image: { w: 24, h: 24 },
};

/** Things with a width and a height of their own. */
export function isBox(kind: Kind): boolean {
  return kind !== 'ink' && kind !== 'connector';
}

/** Ink is resized by its scale. */
export function canResize(kind: Kind): boolean {
  return kind !== 'connector';
}

/** Pictures and drawings are never squeezed. */
export function keepsRatio(kind: Kind): boolean {
  return kind === 'image' || kind === 'ink';
}

export function keepCoordinate(value: number): number {
  return Math.max(-MAX_COORDINATE, Math.min(MAX_COORDINATE, Math.round(value)));
}

/** A rectangle that the log takes: whole numbers within bounds. */
export function kept(rect: Rect, kind: Kind): Rect {
  const size = (value: number, least: number): number => Math.max(Math.max(1, least), Math.min(MAX_SIZE, Math.round(value)));
  const w = isBox(kind) ? size(rect.w, LEAST[kind].w) : rect.w;
  const h = isBox(kind) ? size(rect.h, LEAST[kind].h) : rect.h;
  return { x: keepCoordinate(rect.x), y: keepCoordinate(rect.y), w, h };
}

/**
 * The frame around the chosen after a handle was dragged by dx, dy. `even` keeps its proportions; `fromMiddle` moves the
 * opposite edge as much the other way. It never turns inside out: `least` is the smallest scale that all parts allow.
 */
export function draggedFrame(frame: Rect, handle: Handle, dx: number, dy: number, even: boolean, fromMiddle: boolean): Rect {
  const factor = fromMiddle ? 2 : 1;
  let w = Math.max(1, frame.w + dx * handle.x * factor);
  let h = Math.max(1, frame.h + dy * handle.y * factor);
  if (even) {
    const scale =
      handle.x === 0 ? h / frame.h : handle.y === 0 ? w / frame.w : Math.max(w / Math.max(1, frame.w), h / Math.max(1, frame.h));
    w = frame.w * scale;
    h = frame.h * scale;
  }
  const x = fromMiddle || handle.x === 0 ? frame.x - (w - frame.w) / 2 : handle.x < 0 ? frame.x + frame.w - w : frame.x;
  const y = fromMiddle || handle.y === 0 ? frame.y - (h - frame.h) / 2 : handle.y < 0 ? frame.y + frame.h - h : frame.y;
  return { x, y, w, h };
}

/** Each part where it comes to lie when the frame around all of them becomes another. */
export function reframed(parts: readonly Part[], from: Rect, to: Rect): Map<string, Rect> {
  const [least, leastDown] = leastScale(parts);
  let across = Math.max(least, from.w === 0 ? 1 : to.w / from.w);
  let down = Math.max(leastDown, from.h === 0 ? 1 : to.h / from.h);
  if (parts.every(({ kind }) => keepsRatio(kind))) {
    // By the side that was dragged; by a corner, the larger of both.
    const both = to.w === from.w ? down : to.h === from.h ? across : Math.max(across, down);
    across = down = Math.max(both, least, leastDown);
  }
  // Where the smallest size stops it, the edge that was not dragged stays.
  const left = to.x > from.x + 0.5 ? to.x + to.w - from.w * across : to.x;
  const top = to.y > from.y + 0.5 ? to.y + to.h - from.h * down : to.y;
  const result = new Map<string, Rect>();
  for (const { id, kind, rect } of parts) {
    const [x, y] = [left + (rect.x - from.x) * across, top + (rect.y - from.y) * down];
    const even = Math.min(across, down);
    const [wide, high] = !canResize(kind) ? [1, 1] : keepsRatio(kind) ? [even, even] : [across, down];
    const grown = { w: rect.w * wide, h: rect.h * high };
    result.set(id, kept({ x, y, ...grown }, kind));
  }
  return result;
}

function leastScale(parts: readonly Part[]): [number, number] {
  let across = 0;
  let down = 0;
  for (const { kind, rect } of parts) {
    if (!isBox(kind)) continue;
    across = Math.max(across, Math.min(1, LEAST[kind].w / rect.w));
    down = Math.max(down, Math.min(1, LEAST[kind].h / rect.h));
  }
  return [across, down];
}
