import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewElement } from '../sync/interface';
import { BoardController } from './controller.svelte';
import { LocalTable, type LocalReplica } from './dev/replica';
import { Stage } from './stage.svelte';

let mine: LocalReplica;
let control: BoardController;
let stage: Stage;

beforeEach(() => {
  vi.useFakeTimers();
  mine = new LocalTable().by('author-mine');
  control = new BoardController(mine, { me: 'author-mine', nameOf: (a) => a, announce: () => {}, offer: () => {} });
  control.view.resize({ width: 1000, height: 700 });
  control.view.jump({ x: 0, y: 0, zoom: 1 });
  stage = new Stage(control);
});

afterEach(() => {
  stage.close();
  control.close();
  vi.useRealTimers();
});

/** Notes in rows of 40, 240 apart. */
function many(count: number): string[] {
  const notes: NewElement[] = Array.from({ length: count }, (_, i) => ({
    type: 'note',
    values: { x: (i % 40) * 240, y: Math.floor(i / 40) * 200 },
  }));
  return mine.add(notes);
}

function whole(): void {
  for (let frames = 0; frames < 100; frames += 1) if (!stage.renew()) return;
  throw new Error('the stage never comes to rest');
}

const shown = (): string[] => stage.shown.map((one) => one.id);

describe('the stage', () => {
  it('mounts what is seen and a little around it, and nothing far away', () => {
    const ids = many(400);
    whole();
    expect(shown()).toContain(ids[0]);
    expect(shown()).not.toContain(ids[20]);
    expect(stage.shown.length).toBeLessThan(60);
    expect(stage.hasHoles).toBe(false);
  });

  it('mounts in small parts, and says what has to be painted until then', () => {
    many(400);
    control.view.jump({ x: 0, y: 0, zoom: 0.4 });
    expect(stage.renew()).toBe(true);
    expect(stage.hasHoles).toBe(true);
    const first = stage.shown.length;
    expect(first).toBeLessThan(60);
    whole();
    expect(stage.shown.length).toBeGreaterThan(first);
    expect(stage.hasHoles).toBe(false);
  });

  it('looks anew only when the view leaves what was looked at', () => {
    many(400);
    whole();
    const before = stage.shown;
    control.view.panBy_px(60, 30);
    stage.moved();
    expect(stage.shown).toBe(before);
    control.view.panBy_px(900, 0);
    for (let frames = 0; frames < 100 && stage.moved(); frames += 1);
    expect(shown()).not.toEqual(before.map((one) => one.id));
  });

  it('leaves all to the painter far out, but for what is chosen and focused', () => {
    const ids = many(1000);
    control.select([ids[3] ?? '']);
    control.focused = ids[900] ?? '';
    control.view.jump({ x: 0, y: 0, zoom: 0.1 });
    whole();
    expect(stage.isFar).toBe(true);
    expect(shown().sort()).toEqual([ids[3], ids[900]].sort());
  });

  it('keeps what has the focus wherever one looks', () => {
    const ids = many(400);
    control.focused = ids[0] ?? '';
    control.view.jump({ x: 5000, y: 0, zoom: 1 });
    whole();
    expect(shown()).toContain(ids[0]);
  });

  it('replaces only what changed', () => {
    const [a = '', b = ''] = many(2);
    whole();
    const before = new Map(stage.shown.map((one) => [one.id, one]));
    mine.set(new Map([[a, { colour: 'mint' }]]));
    stage.renew();
    const after = new Map(stage.shown.map((one) => [one.id, one]));
    expect(after.get(b)).toBe(before.get(b));
    expect(after.get(a)).not.toBe(before.get(a));
  });

  it('puts things in reading order, and moves none while one of them has the focus', async () => {
    const [a = '', b = ''] = mine.add([
      { type: 'note', values: { x: 500, y: 0 } },
      { type: 'note', values: { x: 0, y: 0 } },
    ]);
    whole();
    await vi.advanceTimersByTimeAsync(500);
    expect(stage.shown.map((one) => [one.id, one.place])).toEqual([[b, 1], [a, 2]]);
    stage.hasFocus = () => true;
    mine.set(new Map([[b, { x: 900 }]]));
    stage.renew();
    await vi.advanceTimersByTimeAsync(500);
    expect(stage.shown.map((one) => [one.id, one.place])).toEqual([[b, 2], [a, 1]]);
    stage.hasFocus = () => false;
    stage.settle();
    expect(shown()).toEqual([a, b]);
  });

  it('counts from near by, however far out on the board one is', () => {
    mine.add([{ type: 'note', values: { x: 900_000_000, y: -900_000_000 } }]);
    control.view.jump({ x: 900_000_000, y: -900_000_000, zoom: 1 });
    stage.moved();
    expect(stage.origin).toEqual({ x: 900_000_000, y: -900_000_000 });
  });
});
