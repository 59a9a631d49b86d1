import { describe, expect, it } from 'vitest';
import { grown, showing } from './stretch.svelte';

describe('the stretch of rows on the page', () => {
  it('holds all of a short tree', () => {
    expect(showing({ from: 0, to: 40 }, 7, 3)).toEqual({ from: 0, to: 40 });
  });

  it('grows downwards, and lets go of what is far above', () => {
    let span = { from: 0, to: 40 };
    for (let turn = 0; turn < 10; turn += 1) span = grown(span, 10_000, 'after', -300, -1);
    expect(span).toEqual({ from: 280, to: 440 });
    expect(grown(span, 450, 'after', -300, -1)).toEqual({ from: 320, to: 450 });
  });

  it('grows upwards, to the first row', () => {
    expect(grown({ from: 60, to: 220 }, 10_000, 'before', -300, -1)).toEqual({ from: 20, to: 180 });
    expect(grown({ from: 20, to: 180 }, 10_000, 'before', 50, -1)).toEqual({ from: 0, to: 139 });
  });

  it('jumps to where one scrolled', () => {
    expect(grown({ from: 0, to: 40 }, 10_000, 'after', 36 * 5_000, -1)).toEqual({ from: 5_000, to: 5_080 });
    expect(grown({ from: 9_000, to: 9_080 }, 10_000, 'before', 36 * 4_000, -1)).toEqual({ from: 4_960, to: 5_040 });
  });

  it('never lets go of the row with the keyboard', () => {
    const span = grown({ from: 0, to: 160 }, 10_000, 'after', -300, 12);
    expect(span.from).toBeLessThanOrEqual(12);
    expect(span.to).toBe(200);
  });

  it('goes to any row, by steps or at once', () => {
    let span = { from: 0, to: 40 };
    for (let at = 0; at < 500; at += 1) {
      span = showing(span, 10_000, at);
      expect(span.from <= at && at < span.to && span.to - span.from <= 160).toBe(true);
    }
    for (const at of [9_999, 0, 4_321, 4_300]) {
      span = showing(span, 10_000, at);
      expect(span.from <= at && at < span.to && span.to - span.from <= 160).toBe(true);
    }
  });
});
