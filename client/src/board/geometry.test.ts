import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, contains, distanceToSegment, encloses, grow, overlaps, segmentMeets, union, type Rect } from './geometry';

const rect = fc.record({
  x: fc.integer({ min: -100, max: 100 }),
  y: fc.integer({ min: -100, max: 100 }),
  w: fc.integer({ min: 0, max: 80 }),
  h: fc.integer({ min: 0, max: 80 }),
});

describe('rectangles', () => {
  it('lie between two corners, whichever way one drags', () => {
    expect(between({ x: 5, y: 1 }, { x: 2, y: 9 })).toEqual({ x: 2, y: 1, w: 3, h: 8 });
  });

  it('are enclosed by their union', () => {
    fc.assert(
      fc.property(fc.array(rect, { minLength: 1 }), (rects) => {
        const all = union(rects);
        expect(all !== null && rects.every((one) => encloses(all, one))).toBe(true);
      }),
    );
    expect(union([])).toBeNull();
  });

  it('overlap both ways round, and touch at an edge', () => {
    fc.assert(
      fc.property(rect, rect, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
      }),
    );
    expect(overlaps({ x: 0, y: 0, w: 10, h: 10 }, { x: 10, y: 0, w: 5, h: 5 })).toBe(true);
  });

  it('do not shrink below nothing', () => {
    expect(grow({ x: 0, y: 0, w: 4, h: 4 }, -10)).toMatchObject({ w: 0, h: 0 });
  });
});

describe('segments', () => {
  it('have a distance to a point', () => {
    expect(distanceToSegment({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3);
    expect(distanceToSegment({ x: 14, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
    expect(distanceToSegment({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(5);
  });

  it('meet a rectangle exactly when some point of theirs is in it', () => {
    const point = fc.record({ x: fc.integer({ min: -120, max: 180 }), y: fc.integer({ min: -120, max: 180 }) });
    const large: fc.Arbitrary<Rect> = rect.map((r) => ({ ...r, w: r.w + 8, h: r.h + 8 }));
    fc.assert(
      fc.property(large, point, point, (box, a, b) => {
        const steps = Array.from({ length: 301 }, (_, i) => ({ x: a.x + ((b.x - a.x) * i) / 300, y: a.y + ((b.y - a.y) * i) / 300 }));
        if (steps.some((step) => contains(box, step))) expect(segmentMeets(box, a, b)).toBe(true);
        if (segmentMeets(box, a, b)) expect(steps.some((step) => contains(grow(box, 2), step))).toBe(true);
      }),
    );
  });
});
