import { expect, it } from 'vitest';
import { edgePan } from './edges';

const surface = { width: 1000, height: 600 };

it('rests away from the edges, and goes faster the nearer', () => {
  expect(edgePan({ x: 500, y: 300 }, surface)).toEqual({ x: 0, y: 0 });
  const [near, nearer, out] = [20, 4, -50].map((x) => edgePan({ x, y: 300 }, surface).x);
  expect(near).toBeLessThan(0);
  expect(nearer).toBeLessThan(near ?? 0);
  expect(out).toBe(-14);
  expect(edgePan({ x: 990, y: 595 }, surface).y).toBeGreaterThan(0);
});

it('rests on a surface that is nothing but edge', () => {
  expect(edgePan({ x: 1, y: 1 }, { width: 90, height: 90 })).toEqual({ x: 0, y: 0 });
});
