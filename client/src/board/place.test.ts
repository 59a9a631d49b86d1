import { expect, it } from 'vitest';
import { overlaps, type Rect } from './geometry';
import { freePlace } from './place';

it('is the middle itself if that is free', () => {
  expect(freePlace({ x: 100, y: 80 }, 200, 160, () => false)).toEqual({ x: 0, y: 0, w: 200, h: 160 });
});

it('covers nothing, twenty notes in a row', () => {
  const taken: Rect[] = [];
  for (let count = 0; count < 20; count += 1) {
    const rect = freePlace({ x: 100, y: 80 }, 200, 160, (tried) => taken.some((other) => overlaps(tried, other)));
    expect(taken.some((other) => overlaps(rect, other))).toBe(false);
    taken.push(rect);
  }
});

it('ends even where all is taken', () => {
  expect(freePlace({ x: 0, y: 0 }, 200, 160, () => true)).toEqual({ x: -60, y: -40, w: 200, h: 160 });
});
