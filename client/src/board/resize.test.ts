import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { union, type Rect } from './geometry';
import { draggedFrame, HANDLES, kept, reframed, type Handle, type Part } from './resize';

const note = (id: string, x: number, y: number): Part => ({ id, kind: 'note', rect: { x, y, w: 200, h: 160 } });
const southEast: Handle = { x: 1, y: 1 };
const northWest: Handle = { x: -1, y: -1 };

function resize(parts: readonly Part[], handle: Handle, dx: number, dy: number, even = false, middle = false): Map<string, Rect> {
  const frame = union(parts.map((part) => part.rect)) ?? { x: 0, y: 0, w: 0, h: 0 };
  return reframed(parts, frame, draggedFrame(frame, handle, dx, dy, even, middle));
}

describe('resizing', () => {
  it('moves the edges of the handle, and no others', () => {
    expect(resize([note('a', 10, 20)], southEast, 50, -20).get('a')).toEqual({ x: 10, y: 20, w: 250, h: 140 });
    expect(resize([note('a', 10, 20)], northWest, 50, -20).get('a')).toEqual({ x: 60, y: 0, w: 150, h: 180 });
    expect(resize([note('a', 0, 0)], { x: 1, y: 0 }, 50, 99).get('a')).toEqual({ x: 0, y: 0, w: 250, h: 160 });
  });

  it('stops at the smallest size, with the other edge in its place', () => {
    expect(resize([note('a', 0, 0)], southEast, -900, -900).get('a')).toEqual({ x: 0, y: 0, w: 72, h: 56 });
    expect(resize([note('a', 0, 0)], northWest, 900, 900).get('a')).toEqual({ x: 128, y: 104, w: 72, h: 56 });
  });

  it('keeps proportions, and the middle, when asked to', () => {
    expect(resize([note('a', 0, 0)], southEast, 200, 0, true).get('a')).toEqual({ x: 0, y: 0, w: 400, h: 320 });
    expect(resize([note('a', 0, 0)], southEast, 20, 0, false, true).get('a')).toEqual({ x: -20, y: 0, w: 240, h: 160 });
  });

  it('takes several as one picture; ink keeps its ratio', () => {
    const ink: Part = { id: 'i', kind: 'ink', rect: { x: 400, y: 0, w: 50, h: 50 } };
    const result = resize([note('a', 0, 0), note('b', 600, 0), ink], southEast, 800, 160);
    expect(result.get('a')).toEqual({ x: 0, y: 0, w: 400, h: 320 });
    expect(result.get('b')).toEqual({ x: 1200, y: 0, w: 400, h: 320 });
    expect(result.get('i')).toEqual({ x: 800, y: 0, w: 100, h: 100 });
  });

  it('never squeezes a picture, whichever handle is dragged', () => {
    const picture: Part = { id: 'p', kind: 'image', rect: { x: 0, y: 0, w: 400, h: 300 } };
    for (const [handle, dx, dy] of [[southEast, 200, 10], [{ x: 1, y: 0 }, 200, 0], [{ x: 0, y: 1 }, 0, 150]] as const) {
      expect(resize([picture], handle, dx, dy).get('p')).toMatchObject({ w: 600, h: 450 });
    }
  });

  it('always gives whole numbers that a log takes', () => {
    const span = fc.integer({ min: -4000, max: 4000 });
    fc.assert(
      fc.property(span, span, fc.constantFrom(...HANDLES), fc.boolean(), fc.boolean(), (dx, dy, handle, even, middle) => {
        for (const rect of resize([note('a', 3, 7), note('b', 900, 500)], handle, dx / 3, dy / 7, even, middle).values()) {
          for (const value of [rect.x, rect.y, rect.w, rect.h]) expect(Number.isSafeInteger(value)).toBe(true);
          expect(rect.w).toBeGreaterThanOrEqual(71);
          expect(rect.h).toBeGreaterThanOrEqual(55);
        }
      }),
    );
    expect(kept({ x: 5e9, y: -5e9, w: 9e9, h: 0 }, 'note')).toEqual({ x: 1e9, y: -1e9, w: 1e6, h: 56 });
  });
});
