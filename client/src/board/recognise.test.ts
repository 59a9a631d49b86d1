// What a hand meant: shapes drawn with a tremble, from a fixed chance.
import { describe, expect, it } from 'vitest';
import { cornersOf, FORMS } from './forms';
import type { Point } from './geometry';
import { levelled, meantBy } from './recognise';

function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648 - 0.5;
  };
}

/** A way around corners as a hand draws it: many points, each a little beside. */
function drawn(corners: readonly Point[], tremble: number, seed: number): Point[] {
  const next = chance(seed);
  const points: Point[] = [];
  for (let i = 0; i + 1 < corners.length; i += 1) {
    const [a, b] = [corners[i] as Point, corners[i + 1] as Point];
    const steps = Math.max(2, Math.round(Math.hypot(a.x - b.x, a.y - b.y) / 6));
    for (let step = 0; step < steps; step += 1) {
      const t = step / steps;
      points.push({ x: a.x + (b.x - a.x) * t + next() * tremble, y: a.y + (b.y - a.y) * t + next() * tremble });
    }
  }
  return points;
}

describe('a stroke that was held', () => {
  it.each(FORMS)('is a %s, wide or high, wherever it began', (form) => {
    for (const [w, h] of [[200, 140], [90, 180], [60, 60]] as const) {
      const corners = cornersOf(form, { x: 40, y: -30, w, h });
      for (let from = 0; from < corners.length; from += Math.ceil(corners.length / 4)) {
        const way = [...corners.slice(from), ...corners.slice(0, from + 1)];
        const meant = meantBy(drawn(way, 7, from + w));
        expect([form, w, h, from, meant?.kind]).toEqual([form, w, h, from, form]);
      }
    }
  });

  it('is a line, if it strays little, and level if it nearly was', () => {
    const meant = meantBy(drawn([{ x: 0, y: 0 }, { x: 300, y: 12 }], 10, 3));
    expect(meant?.kind).toBe('line');
    expect(levelled({ x: 0, y: 0 }, { x: 300, y: 12 })).toEqual({ x: 300, y: 0 });
    expect(levelled({ x: 0, y: 0 }, { x: 3, y: -120 })).toEqual({ x: 0, y: -120 });
    expect(levelled({ x: 0, y: 0 }, { x: 90, y: 90 })).toEqual({ x: 90, y: 90 });
  });

  it('stays what it is, if it is a wave, an eight, a letter or a dot', () => {
    const wave = Array.from({ length: 60 }, (_, i) => ({ x: i * 5, y: Math.sin(i / 6) * 60 }));
    const eight = Array.from({ length: 80 }, (_, i) => ({ x: Math.sin((i / 79) * 4 * Math.PI) * 60, y: Math.cos((i / 79) * 2 * Math.PI) * 100 }));
    const letter = drawn([{ x: 0, y: 0 }, { x: 10, y: 16 }, { x: 0, y: 2 }], 2, 1);
    expect([wave, eight, letter, [{ x: 0, y: 0 }]].map((way) => meantBy(way))).toEqual([null, null, null, null]);
  });
});
