import { expect, it } from 'vitest';
import { nearestTowards, type Placed } from './towards';

const note = (id: string, x: number, y: number): Placed => ({ id, rect: { x, y, w: 200, h: 160 } });

it('arrows go to what lies that way, straight ahead first', () => {
  const things = [note('aslant', 260, 300), note('right', 420, 20), note('far', 900, 0), note('below', 20, 300), note('behind', -400, 0)];
  const from = { x: 0, y: 0, w: 200, h: 160 };
  expect(nearestTowards(from, 'right', things)).toBe('right');
  expect(nearestTowards(from, 'down', things)).toBe('below');
  expect(nearestTowards(from, 'left', things)).toBe('behind');
  expect(nearestTowards(from, 'up', things)).toBeNull();
});
