import { describe, expect, it } from 'vitest';
import { centredOn, clampZoom, fitted, flown, MAX_ZOOM, MIN_ZOOM, panned, revealed, seen, stepZoom, toBoard, toScreen, zoomed } from './camera';
import { encloses } from './geometry';

const surface = { width: 1000, height: 600 };

describe('the camera', () => {
  it('goes from screen to board and back', () => {
    const camera = { x: -40, y: 25, zoom: 0.7 };
    const at = toBoard(camera, { x: 300, y: 200 });
    expect(toScreen(camera, at).x).toBeCloseTo(300);
    expect(toScreen(camera, at).y).toBeCloseTo(200);
  });

  it('zooms around a point that stays where it is', () => {
    const before = { x: 10, y: 20, zoom: 1 };
    const after = zoomed(before, 2.5, { x: 123, y: 456 });
    const [a, b] = [toBoard(before, { x: 123, y: 456 }), toBoard(after, { x: 123, y: 456 })];
    expect(b.x).toBeCloseTo(a.x);
    expect(b.y).toBeCloseTo(a.y);
  });

  it('keeps within its bounds', () => {
    expect(clampZoom(99)).toBe(MAX_ZOOM);
    expect(zoomed({ x: 0, y: 0, zoom: 0.03 }, 0.0001, { x: 0, y: 0 }).zoom).toBe(MIN_ZOOM);
  });

  it('steps pass through 100 % from both sides', () => {
    expect(stepZoom(0.9, true)).toBeCloseTo(1);
    expect(stepZoom(1.2, false)).toBeCloseTo(1);
    expect(stepZoom(stepZoom(1, true), false)).toBeCloseTo(1);
    expect(stepZoom(1, true)).toBeGreaterThan(1.2);
  });

  it('fits what is asked for, and does not blow up a single note', () => {
    const rect = { x: -500, y: 300, w: 4000, h: 900 };
    expect(encloses(seen(fitted(rect, surface), surface), rect)).toBe(true);
    expect(fitted({ x: 0, y: 0, w: 10, h: 10 }, surface).zoom).toBeLessThanOrEqual(1.25);
  });

  it('pans in screen pixels', () => {
    expect(panned({ x: 0, y: 0, zoom: 2 }, 100, -50)).toEqual({ x: 50, y: -25, zoom: 2 });
  });

  it('reveals with the least pan, and not at all what is seen', () => {
    const camera = { x: 0, y: 0, zoom: 1 };
    expect(revealed(camera, { x: 300, y: 200, w: 200, h: 160 }, surface)).toEqual(camera);
    const right = revealed(camera, { x: 1100, y: 200, w: 200, h: 160 }, surface);
    expect(right.y).toBe(0);
    expect(encloses(seen(right, surface), { x: 1100, y: 200, w: 200, h: 160 })).toBe(true);
    const large = revealed(camera, { x: 5000, y: 5000, w: 9000, h: 9000 }, surface);
    expect(large.x).toBe(5000 - 72);
  });

  it('flies from one to the other and arrives', () => {
    const from = centredOn({ x: 0, y: 0, zoom: 0.1 }, { x: 0, y: 0 }, surface);
    const to = centredOn({ x: 0, y: 0, zoom: 2 }, { x: 900, y: 0 }, surface);
    expect(flown(from, to, 1, surface)).toEqual(to);
    const half = flown(from, to, 0.5, surface);
    expect(half.zoom).toBeGreaterThan(0.1);
    expect(half.zoom).toBeLessThan(2);
  });
});
