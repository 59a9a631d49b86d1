import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceToRoute, pointAt, route, routeMeets } from './connectors';
import { distanceToForm, FORMS } from './forms';
import { contains, grow, type Rect } from './geometry';

const left: Rect = { x: 0, y: 0, w: 200, h: 160 };
const right: Rect = { x: 600, y: 40, w: 200, h: 160 };

describe('a connector between two notes', () => {
  it('begins and ends at their edges, outside of both', () => {
    const line = route(left, right);
    expect(contains(grow(left, 4), line.start)).toBe(true);
    expect(contains(grow(right, 8), line.end)).toBe(true);
    expect(contains(left, line.start)).toBe(false);
    expect(contains(right, line.end)).toBe(false);
  });

  it('follows when one of them moves', () => {
    const moved = { ...right, y: 1040 };
    expect(contains(grow(moved, 8), route(left, moved).end)).toBe(true);
  });

  it('leaves room for the one that leads back', () => {
    const there = route(left, right);
    const back = route(right, left);
    expect(Math.abs(there.middle.y - back.middle.y)).toBeGreaterThan(20);
  });

  it('reaches shapes at their real edge', () => {
    for (const form of FORMS) {
      const line = route({ x: -400, y: 300 }, { ...right, form }, { kind: 'straight', heads: 'end', width: 3 });
      expect(distanceToForm(form, grow(right, 7), line.end)).toBeLessThan(1.5);
    }
    const corner = route({ x: 0, y: 800 }, { ...right, form: 'diamond' }, { kind: 'straight', heads: 'none', width: 3 });
    expect(contains(grow(right, 3), corner.end)).toBe(true);
    expect(Math.abs(corner.end.x - 700) + Math.abs(corner.end.y - 120)).toBeGreaterThan(60);
  });

  it('runs in right angles, out of the sides that face each other', () => {
    const line = route(left, { ...right, y: 400 }, { kind: 'elbow', heads: 'both', width: 3 });
    expect(line.way).toHaveLength(4);
    for (let i = 1; i < line.way.length; i += 1) {
      const [a, b] = [line.way[i - 1], line.way[i]];
      expect(a?.x === b?.x || a?.y === b?.y).toBe(true);
    }
    expect([line.start.y, line.end.y, line.arrows.length]).toEqual([80, 480, 2]);
    expect(route(left, { ...right, y: 0 }, { kind: 'elbow', heads: 'end', width: 3 }).way).toHaveLength(2);
    const down = route(left, { x: 40, y: 600, w: 200, h: 160 }, { kind: 'elbow', heads: 'none', width: 3 });
    expect([down.start.x, down.end.x, down.arrows]).toEqual([100, 140, []]);
  });

  it('takes free ends as they are', () => {
    const line = route({ x: 10, y: 20 }, { x: 300, y: 20 });
    expect(line.start).toEqual({ x: 10, y: 20 });
    expect(line.end).toEqual({ x: 300, y: 20 });
  });

  it('is found along all of its way, and not beside it', () => {
    const line = route(left, right);
    for (const t of [0, 0.3, 0.5, 0.8, 1]) expect(distanceToRoute(pointAt(line, t), line)).toBeLessThan(1);
    expect(distanceToRoute({ x: line.middle.x, y: line.middle.y + 60 }, line)).toBeGreaterThan(30);
    expect(routeMeets({ x: line.middle.x - 5, y: line.middle.y - 5, w: 10, h: 10 }, line)).toBe(true);
    expect(routeMeets({ x: 0, y: 900, w: 50, h: 50 }, line)).toBe(false);
  });

  it('is finite and inside its bounds, however they lie', () => {
    const rect = fc.record({
      x: fc.integer({ min: -2000, max: 2000 }),
      y: fc.integer({ min: -2000, max: 2000 }),
      w: fc.integer({ min: 1, max: 900 }),
      h: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(rect, rect, (a, b) => {
        const line = route(a, b);
        for (let t = 0; t <= 1; t += 0.125) {
          const point = pointAt(line, t);
          expect(Number.isFinite(point.x) && Number.isFinite(point.y)).toBe(true);
          expect(contains(grow(line.bounds, 1), point)).toBe(true);
        }
      }),
    );
  });
});
