import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cornersOf, distanceToForm, edgeOf, FORMS, formNamed, isInside, roomIn } from './forms';
import { centre, encloses, type Rect } from './geometry';

const rects = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  w: fc.integer({ min: 20, max: 900 }),
  h: fc.integer({ min: 20, max: 900 }),
});

describe.each(FORMS)('a %s', (form) => {
  it('is left at its real edge, whichever way', () => {
    fc.assert(
      fc.property(rects, fc.double({ min: 0, max: 6.28, noNaN: true }), (rect, angle) => {
        const from = centre(rect);
        const edge = edgeOf(form, rect, { x: from.x + Math.cos(angle) * 3000, y: from.y + Math.sin(angle) * 3000 });
        // An ellipse is drawn round; its corners stand for it within a hair.
        expect(distanceToForm(form, rect, edge)).toBeLessThan(form === 'ellipse' ? 3 : 0.01);
        const out = { x: edge.x + Math.cos(angle), y: edge.y + Math.sin(angle) };
        const inward = { x: edge.x - Math.cos(angle), y: edge.y - Math.sin(angle) };
        expect([isInside(form, rect, inward), isInside(form, rect, out)]).toEqual([true, false]);
      }),
    );
  });

  it('has room for words inside', () => {
    const rect: Rect = { x: 100, y: 50, w: 300, h: 200 };
    const room = roomIn(form, rect.w, rect.h);
    const { x, y, w, h } = { ...room, x: room.x + rect.x, y: room.y + rect.y };
    expect(encloses(rect, { x, y, w, h })).toBe(true);
    const slack = form === 'diamond' || form === 'triangle' ? 12 : 0.5;
    for (const corner of [{ x, y }, { x: x + w, y }, { x, y: y + h }, { x: x + w, y: y + h }]) {
      expect(isInside(form, rect, corner) || distanceToForm(form, rect, corner) <= slack).toBe(true);
    }
  });

  it('is found by its name', () => {
    expect(formNamed(form)).toBe(form);
    expect(cornersOf(form, { x: 0, y: 0, w: 10, h: 10 }).length).toBeGreaterThan(2);
  });
});

it('a form that nobody knows is a rectangle', () => {
  expect(formNamed('star')).toBe('rectangle');
});
