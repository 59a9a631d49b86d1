import { describe, expect, it } from 'vitest';
import { Surroundings } from './snap';
import type { Rect } from '../geometry';

const box = (x: number, y: number, w = 100, h = 100): Rect => ({ x, y, w, h });

describe('moving', () => {
  const one = new Surroundings([box(0, 0)]);

  it('brings edges and middles in line, the nearest first', () => {
    expect(one.move(box(4, 300), 6)).toMatchObject({ dx: -4, dy: 0 });
    expect(one.move(box(97, 300), 6)).toMatchObject({ dx: 3 });
    expect(one.move(box(23, 300, 60), 6)).toMatchObject({ dx: -3 });
  });

  it('leaves alone what is out of reach, and each axis for itself', () => {
    expect(one.move(box(37, 413), 6)).toEqual({ dx: 0, dy: 0, guides: [] });
    expect(one.move(box(503, 2), 6)).toMatchObject({ dx: 0, dy: -2 });
  });

  it('draws a line from the thing to what it is in line with', () => {
    const { guides } = one.move(box(4, 300), 6);
    expect(guides).toContainEqual({ kind: 'line', axis: 'x', at: 0, from: 0, to: 400 });
    expect(guides.filter((guide) => guide.axis === 'x')).toHaveLength(3);
  });

  it('keeps a gap that is there already', () => {
    const row = new Surroundings([box(0, 0), box(140, 0)]);
    const { dx, guides } = row.move(box(283, 7), 6);
    expect(dx).toBe(-3);
    const gaps = guides.filter((guide) => guide.kind === 'gap');
    expect(gaps.map(({ from, to }) => [from, to])).toEqual([[100, 140], [240, 280]]);
    expect(row.move(box(-138, 0), 6)).toMatchObject({ dx: -2 });
  });

  it('finds the middle between two', () => {
    const two = new Surroundings([box(0, 0), box(517, 0)]);
    const { dx, guides } = two.move(box(255, 13, 100, 70), 60 / 8);
    expect(dx).toBe(3.5);
    expect(guides.filter((guide) => guide.kind === 'gap')).toHaveLength(2);
  });

  it('goes to the grid where nothing is in line', () => {
    expect(one.move(box(537, 418), 6, 20)).toMatchObject({ dx: 3, dy: 2 });
    expect(one.move(box(4, 418), 6, 20)).toMatchObject({ dx: -4, dy: 2 });
  });
});

describe('resizing', () => {
  const one = new Surroundings([box(300, 0)]);

  it('moves only the edges that are dragged', () => {
    expect(one.resize(box(0, 300, 296, 50), { x: 1, y: 0 }, 6)).toMatchObject({ dx: 4, dy: 0 });
    expect(one.resize(box(304, 300, 500, 50), { x: -1, y: 0 }, 6)).toMatchObject({ dx: -4, dy: 0 });
    expect(one.resize(box(0, 103, 50, 50), { x: 1, y: -1 }, 6)).toMatchObject({ dx: 0, dy: -3 });
    expect(one.resize(box(0, 300, 296, 50), { x: 0, y: 1 }, 6).dx).toBe(0);
  });

  it('says where', () => {
    const { guides } = one.resize(box(0, 300, 296, 50), { x: 1, y: 0 }, 6);
    expect(guides).toEqual([{ kind: 'line', axis: 'x', at: 300, from: 0, to: 350 }]);
  });
});

it('is asked sixty times a second among ten thousand', () => {
  const many = new Surroundings(Array.from({ length: 10_000 }, (_, i) => box((i % 100) * 131, Math.floor(i / 100) * 117)));
  const begin = performance.now();
  for (let step = 0; step < 100; step += 1) many.move(box(step * 37.3, step * 11.7), 6);
  // Far from the bound where a machine is slow; a look through pairs would take minutes.
  expect(performance.now() - begin).toBeLessThan(1_500);
});
