import { expect, it } from 'vitest';
import { clarity, nearest } from './nearest';

it('keeps the nearest, in the order in which they came', () => {
  const all = [9, 1, 5, 2, 7].map((x) => ({ x, y: 0 }));
  expect(nearest(all, { x: 0, y: 0 }, 3).map(({ x }) => x)).toEqual([1, 5, 2]);
  expect(nearest(all, { x: 0, y: 0 }, 5)).toBe(all);
});

it('fades who rests', () => {
  expect([0, 4_999, 5_000, 29_999, 30_000].map(clarity)).toEqual(['clear', 'clear', 'faint', 'faint', 'gone']);
});
