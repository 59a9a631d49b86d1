import { describe, expect, it } from 'vitest';
import { encloses, type Rect } from './geometry';
import { between, cameraAt, clipped, fitInto, frameOf, groundOf, onMap, paintPause, toBoard, visible } from './minimap';

const BOX = { w: 200, h: 140 };

describe('what the map shows', () => {
  it('is all that lies on the board, and what I see', () => {
    const ground = groundOf({ x: 0, y: 0, w: 4000, h: 2000 });
    expect(encloses(ground, { x: 0, y: 0, w: 4000, h: 2000 })).toBe(true);
    const seen = { x: -3000, y: 500, w: 1400, h: 900 };
    expect(encloses(frameOf(ground, seen), seen)).toBe(true);
    expect(encloses(frameOf(ground, seen), ground)).toBe(true);
  });

  it('has a size on an empty board, and does not follow to the end of the world', () => {
    const ground = groundOf(null);
    expect(ground.w).toBeGreaterThan(1000);
    const frame = frameOf(ground, { x: 1e9, y: 1e9, w: 1000, h: 700 });
    expect(frame.w).toBeLessThan(ground.w * 20);
  });

  it.each<Rect>([
    { x: -500, y: 20, w: 4000, h: 100 },
    { x: 0, y: 0, w: 10, h: 9000 },
  ])('fits into its box and back: %o', (rect) => {
    const fit = fitInto(rect, BOX);
    const shown = onMap(fit, rect);
    expect(encloses({ x: -1e-6, y: -1e-6, w: BOX.w + 2e-6, h: BOX.h + 2e-6 }, shown)).toBe(true);
    const back = toBoard(fit, { x: shown.x, y: shown.y });
    expect(back.x).toBeCloseTo(rect.x, 6);
    expect(back.y).toBeCloseTo(rect.y, 6);
  });
});

it('shows an old bitmap where it belongs now', () => {
  const painted = fitInto({ x: 0, y: 0, w: 1000, h: 700 }, BOX);
  const shown = fitInto({ x: -2000, y: -100, w: 4000, h: 2800 }, BOX);
  const { scale, dx, dy } = between(painted, shown);
  const at = onMap(painted, { x: 300, y: 400, w: 10, h: 10 });
  const now = onMap(shown, { x: 300, y: 400, w: 10, h: 10 });
  expect(at.x * scale + dx).toBeCloseTo(now.x, 6);
  expect(at.y * scale + dy).toBeCloseTo(now.y, 6);
  expect(at.w * scale).toBeCloseTo(now.w, 6);
});

it('keeps others who are far off at its edge', () => {
  expect(clipped({ x: 900, y: 900, w: 50, h: 50 }, { x: 0, y: 0, w: 100, h: 100 })).toEqual({ x: 100, y: 100, w: 0, h: 0 });
  expect(visible({ x: 10, y: 10, w: 0, h: 0 }, 6)).toEqual({ x: 7, y: 7, w: 6, h: 6 });
});

it('brings what was pressed to the middle', () => {
  const seen = { x: 0, y: 0, w: 500, h: 300 };
  expect(cameraAt({ x: 0, y: 0, zoom: 2 }, seen, { x: 1000, y: 1000 })).toEqual({ x: 750, y: 850, zoom: 2 });
});

it('paints seldom, and more seldom the longer it takes', () => {
  expect([paintPause(1), paintPause(40)]).toEqual([350, 1000]);
});
