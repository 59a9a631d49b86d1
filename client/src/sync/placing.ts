/**
 * Where a note without a name goes: its author says a zone, or a thing that it answers, and never a point, because a point is
 * where one's cursor was (PROTOCOL-83). The place follows from what lies there when it goes out, so it is the same on every
 * device. Pure.
 */

import type { Board, Element } from '../core/board.ts';

export const NOTE_W = 200;
export const NOTE_H = 160;
const GAP = 40;
/** Of a zone, where its words stand. */
const HEAD = 60;
const MOST_ROWS = 400;

/** The zone or thing beside which a note goes; null: wherever there is room. */
export type Beside = string | null;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function boxOf(element: Element): Box {
  const number = (name: string): number => Number(element.prop(name));
  return { x: number('x'), y: number('y'), w: number('w'), h: number('h') };
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** The first free place in rows of `width` from a corner on. Zones lie under everything and take no room. */
function firstFree(x: number, y: number, width: number, taken: readonly Box[]): { x: number; y: number } {
  const columns = Math.max(1, Math.floor((width + GAP) / (NOTE_W + GAP)));
  for (let i = 0; i < MOST_ROWS * columns; i += 1) {
    const place = { x: x + (i % columns) * (NOTE_W + GAP), y: y + Math.floor(i / columns) * (NOTE_H + GAP), w: NOTE_W, h: NOTE_H };
    if (!taken.some((box) => overlaps(box, place))) return { x: place.x, y: place.y };
  }
  return { x, y };
}

export function placeFor(board: Board, beside: Beside): { x: number; y: number } {
  const here = [...board.elements.values()].filter((one) => one.aside === null);
  const taken = here.filter((one) => one.type === 'note' || one.type === 'shape' || one.type === 'image').map(boxOf);
  const anchor = beside === null ? undefined : here.find((one) => one.id === beside);
  if (anchor?.type === 'zone') {
    const zone = boxOf(anchor);
    return firstFree(zone.x + GAP, zone.y + HEAD, zone.w - 2 * GAP, taken);
  }
  if (anchor !== undefined) {
    const thing = boxOf(anchor);
    return firstFree(thing.x, thing.y + thing.h + GAP, 3 * (NOTE_W + GAP), taken);
  }
  const zones = here.filter((one) => one.type === 'zone').map(boxOf);
  const boxes = [...taken, ...zones];
  if (boxes.length === 0) return { x: 0, y: 0 };
  const left = Math.min(...boxes.map((box) => box.x));
  const bottom = Math.max(...boxes.map((box) => box.y + box.h));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  // In the last row if there is room, else in a row below everything.
  return firstFree(left, zones.length > 0 ? bottom + GAP : bottom - NOTE_H, Math.max(right - left, 3 * (NOTE_W + GAP)), taken);
}
