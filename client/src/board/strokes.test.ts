import { describe, expect, it } from 'vitest';
import { decodePoints, encodePoints } from '../core/ink';
import { distanceToRuns, outlineOf, PenTrail, runsMeet, runsOf, strokeBounds, tracePath } from './strokes';

const line = (from: number, to: number) =>
  encodePoints(Array.from({ length: to - from + 1 }, (_, step) => [(from + step) * 10, 0, 128] as const));

describe('the pieces of a stroke', () => {
  it('join to one run', () => {
    const runs = runsOf([{ points: line(0, 3) }, { points: line(4, 6) }]);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.map(([x]) => x)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('leave a gap where one was withheld', () => {
    const runs = runsOf([{ points: line(0, 3) }, { points: null }, { points: line(7, 9) }]);
    expect(runs.map((run) => run.length)).toEqual([4, 3]);
    expect(distanceToRuns({ x: 50, y: 0 }, runs)).toBe(20);
  });

  it('have bounds with their width, and none without points', () => {
    const bounds = strokeBounds(runsOf([{ points: line(0, 3) }]), 10);
    expect(bounds).toEqual({ x: -9, y: -9, w: 48, h: 18 });
    expect(strokeBounds(runsOf([{ points: null }]), 10)).toBeNull();
  });

  it('are met by what crosses them', () => {
    const runs = runsOf([{ points: line(0, 9) }]);
    expect(runsMeet({ x: 42, y: -5, w: 3, h: 10 }, runs)).toBe(true);
    expect(runsMeet({ x: 42, y: 5, w: 3, h: 10 }, runs)).toBe(false);
  });
});

describe('an outline', () => {
  it('is the same however the points came in pieces', () => {
    const whole = runsOf([{ points: line(0, 9) }]);
    const parts = runsOf([{ points: line(0, 4) }, { points: line(5, 9) }]);
    expect(outlineOf(parts[0] ?? [], 6)).toEqual(outlineOf(whole[0] ?? [], 6));
  });

  it('is about as wide as the pen, and a tap makes a dot', () => {
    const ys = outlineOf([...(runsOf([{ points: line(0, 20) }])[0] ?? [])], 10).map(([, y]) => Math.abs(y));
    expect(Math.max(...ys)).toBeGreaterThan(2.5);
    expect(Math.max(...ys)).toBeLessThan(9);
    expect(outlineOf([[0, 0, 128]], 10).length).toBeGreaterThan(4);
  });

  it('is drawn closed', () => {
    const calls: string[] = [];
    const sink = {
      moveTo: () => void calls.push('move'),
      quadraticCurveTo: () => void calls.push('curve'),
      closePath: () => void calls.push('close'),
    };
    tracePath(sink, [[0, 0], [10, 0], [10, 10]]);
    expect(calls).toEqual(['move', 'curve', 'curve', 'curve', 'close']);
  });
});

describe('a trail of the pen', () => {
  it('gives each point to the log once, in whole units from its origin', () => {
    const trail = new PenTrail({ x: 100.4, y: 50.6, pressure: 0.5 }, 2);
    expect(trail.origin).toEqual({ x: 100, y: 51 });
    trail.add({ x: 110, y: 51, pressure: 0.5 });
    const first = trail.take();
    expect(first?.count).toBe(2);
    expect(decodePoints(first?.points ?? new Uint8Array())).toEqual([[0, 0, 128], [10, 0, 128]]);
    expect(trail.take()).toBeNull();
    trail.add({ x: 120, y: 61, pressure: 1 });
    expect(decodePoints(trail.take()?.points ?? new Uint8Array())).toEqual([[20, 10, 255]]);
  });

  it('leaves out what lies too near, but not where the pen was lifted', () => {
    const trail = new PenTrail({ x: 0, y: 0, pressure: 0.5 }, 4);
    trail.add({ x: 2, y: 0, pressure: 0.5 });
    trail.add({ x: 3, y: 0, pressure: 0.5 });
    expect(trail.count).toBe(1);
    trail.end();
    expect(trail.run.map(([x]) => x)).toEqual([0, 3]);
  });

  it('shows others what is not logged yet, without a gap and within its bytes', () => {
    const trail = new PenTrail({ x: 0, y: 0, pressure: 0.5 }, 1);
    for (let x = 10; x <= 50; x += 10) trail.add({ x, y: 0, pressure: 0.5 });
    trail.take();
    trail.add({ x: 60, y: 0, pressure: 0.5 });
    expect(decodePoints(trail.unlogged(4096))?.map(([x]) => x)).toEqual([50, 60]);
    for (let x = 70; x <= 9000; x += 10) trail.add({ x, y: 0, pressure: 0.5 });
    const shown = trail.unlogged(600);
    expect(shown.length).toBeLessThanOrEqual(600);
    expect(decodePoints(shown)?.at(-1)?.[0]).toBe(9000);
  });
});
