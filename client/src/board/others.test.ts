import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePoints } from '../core/ink';
import { BoardController } from './controller.svelte';
import { LocalTable, type LocalReplica } from './dev/replica';
import { Others } from './others.svelte';

let mine: LocalReplica;
let theirs: LocalReplica;
let control: BoardController;
let others: Others;
let isCalm: boolean;
let note: string;
let leave: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  isCalm = false;
  const table = new LocalTable();
  mine = table.by('author-mine');
  theirs = table.by('author-theirs');
  note = mine.add([{ type: 'note', values: { x: 0, y: 0, w: 200, h: 160 } }])[0] ?? '';
  control = new BoardController(mine, { me: 'author-mine', nameOf: (a) => a, announce: () => {}, offer: () => {} });
  others = new Others(control, () => isCalm);
  leave = mine.subscribe(() => others.follow());
});

afterEach(() => {
  leave();
  control.close();
  vi.useRealTimers();
});

const frames = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 16);
const x = (): number | undefined => control.bounds(note)?.x;

describe("others' cursors", () => {
  it('glide to where they point, and are gone with them', async () => {
    theirs.here({ at: [0, 0] });
    await frames(2);
    theirs.here({ at: [500, 100] });
    await frames(2);
    const half = others.cursors[0]?.x ?? 0;
    expect(half).toBeGreaterThan(20);
    expect(half).toBeLessThan(490);
    await frames(40);
    expect(others.cursors).toMatchObject([{ x: 500, y: 100, author: 'author-theirs' }]);
    theirs.here({});
    await frames(2);
    expect(others.cursors).toEqual([]);
  });

  it('jump for whoever wants no motion', async () => {
    isCalm = true;
    theirs.here({ at: [0, 0] });
    await frames(2);
    theirs.here({ at: [500, 100] });
    await frames(1);
    expect(others.cursors[0]?.x).toBe(500);
  });
});

describe("others' drags", () => {
  const drag = (at: number) => ({ drag: [{ element: note, x: at, y: 0, w: 200, h: 160 }] });

  it('are shown on the way, and stay until the log has brought the new place', async () => {
    theirs.here(drag(300));
    await frames(40);
    expect(x()).toBe(300);
    theirs.here({});
    await frames(5);
    expect(x()).toBe(300);
    theirs.set(new Map([[note, { x: 300 }]]));
    await frames(3);
    expect([x(), control.scene.isLive(note)]).toEqual([300, false]);
  });

  it('go back if nothing came of them', async () => {
    theirs.here(drag(300));
    await frames(10);
    theirs.here({});
    await frames(60);
    expect([x(), control.scene.isLive(note)]).toEqual([0, false]);
  });
});

describe("others' strokes", () => {
  it('are shown while they are drawn, and until their ink has come', async () => {
    const points = encodePoints([[0, 0, 128], [10, 0, 128]]);
    const ink = theirs.add([{ type: 'ink', values: { x: 0, y: 0 }, ink: { count: 2, points } }])[0] ?? '';
    theirs.here({ stroke: { element: ink, x: 0, y: 0, colour: 'teal', width: 4, points } });
    await frames(3);
    expect(others.strokes).toMatchObject([{ element: ink, colour: 'teal', ended: null }]);
    expect(others.strokes[0]?.run).toHaveLength(2);
    theirs.here({});
    await frames(3);
    expect(others.strokes).toHaveLength(1);
    theirs.extendInk(ink, 2, points);
    await frames(3);
    expect(others.strokes).toEqual([]);
  });
});
