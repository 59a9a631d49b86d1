/**
 * Strokes as bytes: points, delta-coded (FOLD-40). Mirrors `core/ink.py`.
 *
 * Each point is `dx`, `dy` as zigzag varints and one byte of pressure (0 to 255). The first point of every piece is
 * relative to the element's own `x, y`, so that a piece can be drawn when the one before it was withheld.
 */

import { MAX_COORDINATE } from './limits.ts';

export type Point = readonly [x: number, y: number, pressure: number];

const MAX_DELTA = 2 * MAX_COORDINATE;

/** `[x, y, pressure]` relative to the element's origin, in board units (whole numbers), as bytes. */
export function encodePoints(points: readonly Point[]): Uint8Array {
  const out: number[] = [];
  let lastX = 0;
  let lastY = 0;
  for (const [x, y, pressure] of points) {
    for (const delta of [x - lastX, y - lastY]) {
      // Not shifts: a zigzag delta takes 33 bits.
      let rest = delta >= 0 ? delta * 2 : -delta * 2 - 1;
      while (rest >= 0x80) {
        out.push((rest % 0x80) | 0x80);
        rest = Math.floor(rest / 0x80);
      }
      out.push(rest);
    }
    out.push(pressure);
    lastX = x;
    lastY = y;
  }
  return Uint8Array.from(out);
}

/** The points again, or null if the bytes are cut short, overlong or out of bounds. */
export function decodePoints(data: Uint8Array): Point[] | null {
  const points: Point[] = [];
  const place: [number, number] = [0, 0];
  let at = 0;
  while (at < data.length) {
    for (const axis of [0, 1] as const) {
      let value = 0;
      let scale = 1;
      let byte: number | undefined;
      for (let taken = 0; ; taken += 1) {
        byte = data[at];
        if (byte === undefined || taken > 4) return null;
        at += 1;
        value += (byte & 0x7f) * scale;
        scale *= 0x80;
        if (byte < 0x80) break;
      }
      place[axis] += value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    }
    const pressure = data[at];
    if (pressure === undefined) return null;
    if (Math.abs(place[0]) > MAX_DELTA || Math.abs(place[1]) > MAX_DELTA) return null;
    points.push([place[0], place[1], pressure]);
    at += 1;
  }
  return points;
}
