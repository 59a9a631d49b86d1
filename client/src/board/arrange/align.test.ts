import { describe, expect, it } from 'vitest';
import { aligned, columnsFor, distributed, GRID_GAP, placed, sameSized, tidied, type Edge, type Unit } from './align';
import type { Rect } from '../geometry';

const unit = (id: string, x: number, y: number, w = 100, h = 80): Unit => ({ ids: [id], rect: { x, y, w, h } });
const xs = (rects: readonly Rect[]): number[] => rects.map((rect) => rect.x);
const ys = (rects: readonly Rect[]): number[] => rects.map((rect) => rect.y);

describe('aligning', () => {
  const three = [unit('a', 0, 0), unit('b', 150, 30, 200, 40), unit('c', 300, 200)];

  it.each<[Edge, number[]]>([
    ['left', [0, 0, 0]],
    ['middle', [150, 100, 150]],
    ['right', [300, 200, 300]],
  ])('puts all at the %s', (edge, wanted) => {
    expect(xs(aligned(three, edge))).toEqual(wanted);
    expect(ys(aligned(three, edge))).toEqual([0, 30, 200]);
  });

  it.each<[Edge, number[]]>([
    ['top', [0, 0, 0]],
    ['centre', [100, 120, 100]],
    ['bottom', [200, 240, 200]],
  ])('puts all at the %s', (edge, wanted) => {
    expect(ys(aligned(three, edge))).toEqual(wanted);
    expect(xs(aligned(three, edge))).toEqual([0, 150, 300]);
  });

  it('has nothing to do with nothing', () => {
    expect(aligned([], 'left')).toEqual([]);
    expect(tidied([], 'ltr')).toEqual([]);
    expect(distributed([], 'down')).toEqual([]);
  });
});

describe('distributing', () => {
  it('makes gaps equal and leaves the outermost where they are, in whatever order they were chosen', () => {
    const units = [unit('c', 500, 0), unit('a', 0, 10), unit('b', 120, 20, 200)];
    expect(distributed(units, 'across').map(({ x, y }) => [x, y])).toEqual([[500, 0], [0, 10], [200, 20]]);
  });

  it('shares an overlap too', () => {
    const units = [unit('a', 0, 0), unit('b', 0, 10), unit('c', 0, 100)];
    expect(ys(distributed(units, 'down'))).toEqual([0, 50, 100]);
  });

  it('leaves two alone', () => {
    expect(xs(distributed([unit('a', 0, 0), unit('b', 500, 0)], 'across'))).toEqual([0, 500]);
  });
});

describe('a tidy grid', () => {
  it('keeps rows as they roughly lay, and reads them in the way of the language', () => {
    const units = [unit('b', 130, 12), unit('a', 0, 0), unit('d', 140, 160), unit('c', 10, 150)];
    const across = 100 + GRID_GAP;
    const ltr = tidied(units, 'ltr', 2);
    expect(ltr.map(({ x, y }) => [x, y])).toEqual([[across, 0], [0, 0], [across, 104], [0, 104]]);
    const rtl = tidied(units, 'rtl', 2);
    expect(rtl.map(({ x, y }) => [x, y])).toEqual([[140, 0], [140 - across, 0], [140, 104], [140 - across, 104]]);
  });

  it('gives wide and high things the room they need', () => {
    const units = [unit('a', 0, 0, 300, 50), unit('b', 400, 0), unit('c', 0, 300), unit('d', 400, 300, 100, 200)];
    const places = tidied(units, 'ltr', 2);
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('is neither one row nor one column for many', () => {
    expect(columnsFor(1, 200, 160)).toBe(1);
    expect(columnsFor(12, 200, 160)).toBe(4);
    expect(columnsFor(100, 200, 160)).toBeLessThan(15);
  });
});

it('gives all the size of the largest, but not what consists of several', () => {
  const group: Unit = { ids: ['x', 'y'], rect: { x: 0, y: 500, w: 900, h: 900 } };
  const sizes = sameSized([unit('a', 0, 0, 100, 80), unit('b', 0, 100, 60, 200), group], (one) => one.ids.length === 1);
  expect(sizes.map(({ w, h }) => [w, h])).toEqual([[100, 200], [100, 200], [900, 900]]);
});

it('moves what belongs together as one', () => {
  const group: Unit = { ids: ['x', 'y'], rect: { x: 0, y: 0, w: 300, h: 100 } };
  const rects = new Map([['x', { x: 0, y: 0, w: 100, h: 100 }], ['y', { x: 200, y: 20, w: 100, h: 80 }]]);
  const places = placed([group], [{ x: 10.4, y: 50, w: 300, h: 100 }], (id) => rects.get(id));
  expect([...places.values()]).toEqual([{ x: 10, y: 50, w: 100, h: 100 }, { x: 210, y: 70, w: 100, h: 80 }]);
});
