import { expect, it } from 'vitest';
import { TRAIL_MS, Trails } from './trail';

it('fades from its end, and is forgotten', () => {
  const trails = new Trails();
  for (let i = 0; i <= 10; i += 1) trails.add('ana', { x: i * 10, y: 0 }, i * 100);
  const pieces = trails.at(1000).get('ana') ?? [];
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.at(-1)).toMatchObject({ to: { x: 100, y: 0 }, fresh: 1 });
  const fresh = pieces.map((piece) => piece.fresh);
  expect(fresh).toEqual([...fresh].sort((a, b) => a - b));
  expect(trails.at(1000 + TRAIL_MS).size).toBe(0);
});

it('does not grow while a pointer rests', () => {
  const trails = new Trails();
  for (let now = 0; now < 500; now += 16) trails.add('ana', { x: 1, y: 1 }, now);
  expect(trails.at(500).get('ana')).toEqual([]);
});

it('is not joined over a lift', () => {
  const trails = new Trails();
  trails.add('ana', { x: 0, y: 0 }, 0);
  trails.lift('ana');
  trails.add('ana', { x: 900, y: 0 }, 50);
  expect(trails.at(60).get('ana')).toEqual([]);
});
