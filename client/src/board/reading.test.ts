import { describe, expect, it } from 'vitest';
import { nearestTowards, readingOrder, zonesOf, type Readable } from './reading';

const note = (id: string, x: number, y: number): Readable => ({ id, type: 'note', rect: { x, y, w: 200, h: 160 } });
const zone = (id: string, x: number, y: number, w = 800, h = 600): Readable => ({ id, type: 'zone', rect: { x, y, w, h } });
const line = (id: string, from: string, to: string): Readable => ({
  id,
  type: 'connector',
  rect: { x: 0, y: 0, w: 1, h: 1 },
  from,
  to,
});

describe('reading order', () => {
  it('goes in rows, though people never lay notes in exact rows', () => {
    const things = [note('d', 10, 330), note('b', 230, 20), note('c', 470, -15), note('a', 0, 0)];
    expect(readingOrder(things)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes from the right where the page does', () => {
    expect(readingOrder([note('a', 0, 0), note('b', 230, 20), note('c', 10, 330)], true)).toEqual(['b', 'a', 'c']);
  });

  it('reads a zone with what lies in it, then the next, then connectors by where they start', () => {
    const things = [
      note('z1b', 50, 300),
      zone('z2', 900, 0),
      line('l2', 'z2a', 'z1a'),
      note('z2a', 950, 50),
      zone('z1', 0, 0),
      note('z1a', 50, 60),
      line('l1', 'z1a', 'z1b'),
      note('below', 0, 700),
    ];
    expect(readingOrder(things)).toEqual(['z1', 'z1a', 'z1b', 'z2', 'z2a', 'below', 'l1', 'l2']);
  });

  it('puts a thing in the smallest zone around its middle, and never a zone in itself', () => {
    const things = [zone('outer', 0, 0, 1000, 1000), zone('inner', 100, 100, 300, 300), note('n', 150, 150), zone('same', 0, 0, 1000, 1000)];
    const homes = zonesOf(things);
    expect(homes.get('n')).toBe('inner');
    expect(readingOrder(things)).toHaveLength(4);
  });

  it('keeps everything, whatever overlaps', () => {
    const things = Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? zone(`z${i}`, i * 7, i * 3) : note(`n${i}`, i * 31 % 700, i * 53 % 500)));
    expect(new Set(readingOrder(things)).size).toBe(60);
  });
});

it('arrows go to what lies that way, straight ahead first', () => {
  const things = [note('right', 300, 20), note('far', 900, 0), note('below', 20, 300), note('behind', -400, 0)];
  const from = { x: 0, y: 0, w: 200, h: 160 };
  expect(nearestTowards(from, 'right', things)).toBe('right');
  expect(nearestTowards(from, 'down', things)).toBe('below');
  expect(nearestTowards(from, 'left', things)).toBe('behind');
  expect(nearestTowards(from, 'up', things)).toBeNull();
});
