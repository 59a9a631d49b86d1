// Shapes, lines, held strokes, ticks: what hands and keys make, on a board in memory.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Carry } from './arrange/carry.svelte';
import { BoardController } from './controller.svelte';
import { LocalTable, type LocalReplica } from './dev/replica';
import type { Point } from './geometry';
import { Gestures } from './gestures.svelte';
import { BoardKeys } from './keys';
import type { Pointed } from './modes';

let mine: LocalReplica;
let control: BoardController;
let gestures: Gestures;
let keys: BoardKeys;
let said: string[];
let panels: string[];
let now = 0;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  mine = new LocalTable().by('author-mine');
  control = new BoardController(mine, { me: 'author-mine', nameOf: (a) => a, announce: (text) => said.push(text), offer: () => {} });
  control.view.resize({ width: 1000, height: 700 });
  home();
  gestures = new Gestures(control);
  panels = [];
  keys = new BoardKeys(control, new Carry(control), { openMenu() {}, openPanel: (name) => panels.push(name), dismiss: () => false });
});

afterEach(() => {
  control.close();
  vi.useRealTimers();
});

const home = (): void => control.view.jump({ x: 0, y: 0, zoom: 1 });
const at = (x: number, y: number): Point => ({ x, y });

function event(more: Partial<Pointed> = {}): Pointed {
  now += 8;
  const none = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
  return { pointerId: 1, pointerType: 'mouse', button: 0, pressure: 0.5, timeStamp: now, ...none, ...more };
}

function drag(from: Point, to: Point, more: Partial<Pointed> = {}): void {
  gestures.down(event(more), from);
  for (let step = 1; step <= 5; step += 1) {
    gestures.move(event(more), at(from.x + ((to.x - from.x) * step) / 5, from.y + ((to.y - from.y) * step) / 5));
  }
  gestures.up(event(more), to);
}

function press(key: string, more: object = {}): void {
  keys.press({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, repeat: false, ...more });
}

/** What lies on the cloth, by type. */
const things = (type: string): { readonly id: string; prop(name: string): unknown }[] =>
  [...mine.view.elements.values()].filter((element) => element.type === type && element.aside === null);

function note(x: number, y: number, text?: string): string {
  const id = control.addNote({ x: x + 100, y: y + 80 }, { edit: false, ...(text === undefined ? {} : { text }) }) ?? '';
  control.clearSelection();
  home();
  now += 1000;
  return id;
}

describe('a shape', () => {
  it('is dragged out, square with Shift, and written in at once', () => {
    control.craft.choose('ellipse');
    drag(at(100, 100), at(300, 180));
    const [shape] = things('shape');
    expect(control.bounds(shape?.id ?? '')).toEqual({ x: 100, y: 100, w: 200, h: 80 });
    expect([shape?.prop('form'), control.editing?.element, control.tool]).toEqual(['ellipse', shape?.id, 'choose']);
    control.stopEditing();
    home();
    control.craft.choose('diamond');
    drag(at(500, 100), at(560, 220), { shiftKey: true });
    expect(control.bounds(things('shape')[1]?.id ?? '')).toEqual({ x: 500, y: 100, w: 120, h: 120 });
  });

  it('is put down by a press or by keys, chosen and named', () => {
    press('r');
    expect([control.tool, control.craft.making]).toEqual(['shape', 'rectangle']);
    press('Enter');
    const [first] = things('shape');
    expect([control.bounds(first?.id ?? ''), [...control.selection]]).toEqual([{ x: 400, y: 290, w: 200, h: 120 }, [first?.id]]);
    expect(control.describe(first?.id ?? '')).toBe('Rectangle, ink');
    control.stopEditing();
    home();
    press('t');
    gestures.down(event(), at(200, 500));
    gestures.up(event(), at(200, 500));
    expect(things('shape').map((shape) => shape.prop('form'))).toEqual(['rectangle', 'triangle']);
  });

  it('without a fill leaves what lies in it within reach', () => {
    const inside = note(150, 150);
    control.craft.choose('rectangle');
    drag(at(100, 100), at(600, 500));
    control.stopEditing();
    home();
    const [shape] = things('shape');
    now += 1000;
    const choose = (px: Point): string[] => {
      gestures.down(event(), px);
      gestures.up(event(), px);
      now += 1000;
      home();
      return [...control.selection];
    };
    expect(choose(at(200, 200))).toEqual([inside]);
    expect(choose(at(101, 300))).toEqual([shape?.id]);
    expect(choose(at(500, 450))).toEqual([shape?.id]);
    expect(choose(at(700, 600))).toEqual([]);
  });
});

describe('a line', () => {
  it('joins things and points, with an arrow or without', () => {
    const a = note(50, 50);
    control.craft.choose('line');
    drag(at(100, 100), at(500, 400));
    control.setTool('link');
    drag(at(600, 500), at(100, 100));
    const lines = things('connector');
    expect(lines.map((line) => [line.prop('from'), line.prop('to'), line.prop('head'), line.prop('route')])).toEqual([
      [a, '', 'none', 'straight'],
      ['', a, 'end', 'curve'],
    ]);
    expect([lines[0]?.prop('x2'), lines[0]?.prop('y2'), lines[1]?.prop('x')]).toEqual([500, 400, 600]);
  });

  it('is made by key, and bound by key: begin at, lead to', () => {
    const [a, b] = [note(50, 50), note(700, 50)];
    press('a');
    press('Enter');
    const line = things('connector')[0]?.id ?? '';
    control.craft.bend(line, 'from');
    control.focusElement(a);
    press('Enter');
    control.craft.bend(line, 'to');
    control.focusElement(a);
    press('Enter');
    expect(mine.view.elements.get(line)?.prop('to')).toBe('');
    control.focusElement(b);
    press('Enter');
    const bound = mine.view.elements.get(line);
    expect([bound?.prop('from'), bound?.prop('to'), control.tool, control.focused]).toEqual([a, b, 'choose', line]);
  });

  it('says what it means', () => {
    const [a, b] = [note(50, 50, 'A door'), note(700, 50, 'A key')];
    const id = control.connect(a, b) ?? '';
    mine.set(new Map([[id, { meaning: 'against' }]]));
    expect(control.describe(id)).toBe('A door speaks against A key');
  });
});

describe('a stroke that is held', () => {
  it('becomes a shape, and one undo brings the stroke back', async () => {
    control.setTool('draw');
    gestures.down(event(), at(100, 100));
    for (const [x, y] of [[200, 101], [300, 99], [301, 200], [299, 260], [200, 261], [99, 259], [101, 180], [100, 104]] as const) {
      for (let step = 1; step <= 6; step += 1) gestures.move(event(), at(x, y), [{ x, y, pressure: 0.5 }]);
    }
    await vi.advanceTimersByTimeAsync(600);
    expect([things('ink').length, things('shape').length, gestures.drawing]).toEqual([0, 1, null]);
    expect(things('shape')[0]?.prop('form')).toBe('rectangle');
    expect(said.at(-1)).toContain('Rectangle');
    gestures.up(event(), at(100, 104));
    control.undo();
    expect([things('ink').length, things('shape').length]).toEqual([1, 0]);
    control.undo();
    expect(things('ink').length).toBe(0);
  });

  it('becomes a straight line; but not while the hand moves on', async () => {
    control.setTool('draw');
    gestures.down(event(), at(100, 100));
    for (let x = 110; x <= 400; x += 10) {
      await vi.advanceTimersByTimeAsync(100);
      gestures.move(event(), at(x, 101 + (x % 3)));
    }
    expect(things('ink').length).toBe(1);
    await vi.advanceTimersByTimeAsync(600);
    const [line] = things('connector');
    expect([line?.prop('head'), line?.prop('y'), line?.prop('y2')]).toEqual(['none', 100, 100]);
  });

  it('was not held because the page was busy', async () => {
    control.setTool('draw');
    gestures.down(event(), at(100, 100));
    for (let x = 110; x <= 400; x += 10) gestures.move(event(), at(x, 100));
    const busy = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2000);
    await vi.advanceTimersByTimeAsync(560);
    busy.mockRestore();
    expect([things('ink').length, things('connector').length]).toEqual([1, 0]);
    gestures.move(event(), at(400, 300));
    gestures.up(event(), at(400, 300));
    await vi.advanceTimersByTimeAsync(600);
    expect([things('ink').length, things('connector').length]).toEqual([1, 0]);
  });
});

describe('words that do something', () => {
  it('tick the next box by Space, and the one under a press', () => {
    const id = note(0, 0, '[ ] milk 🥛\n[ ] bread');
    const words = (): string | undefined => mine.view.elements.get(id)?.text();
    control.focusElement(id);
    keys.keep();
    expect(words()).toBe('[x] milk 🥛\n[ ] bread');
    keys.keep();
    expect(words()).toBe('[x] milk 🥛\n[x] bread');
    control.craft.tick(id, 0);
    expect(words()).toBe('[ ] milk 🥛\n[x] bread');
    expect(said.at(-1)).toBe('To do: milk 🥛');
  });

  it('open an address only when Ctrl asks for it', () => {
    const id = note(0, 0, 'see https://example.org/a');
    const opened: string[] = [];
    control.craft.open = (href) => void opened.push(href);
    const dataset: Record<string, string> = { href: 'https://example.org/a' };
    gestures.partAt = () => ({ dataset }) as unknown as HTMLElement;
    const tap = (more: Partial<Pointed>): void => {
      gestures.down(event(more), at(50, 50));
      gestures.up(event(more), at(50, 50));
      now += 1000;
    };
    tap({});
    expect([opened, [...control.selection]]).toEqual([[], [id]]);
    tap({ ctrlKey: true });
    expect(opened).toEqual(['https://example.org/a']);
    dataset['href'] = 'https://elsewhere.example/';
    tap({ ctrlKey: true });
    expect(opened).toHaveLength(1);
  });
});

describe('pictures', () => {
  const bytes = new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' });

  it('lie side by side once they are kept, ask for words, and keep their ratio', async () => {
    vi.spyOn(control.craft.pictures, 'keep').mockResolvedValue(undefined);
    let next = 0;
    control.craft.store = {
      putImage: () => Promise.resolve({ asset: String(next++).repeat(64), w: 1280, h: 640 }),
      imageUrl: () => Promise.reject(new Error('away')),
    };
    const ids = await control.craft.placePictures([bytes, bytes], at(500, 300));
    expect(ids.map((id) => control.bounds(id))).toEqual([{ x: 180, y: 140, w: 640, h: 320 }, { x: 860, y: 140, w: 640, h: 320 }]);
    expect([control.craft.asking, control.describe(ids[0] ?? '')]).toEqual([ids[0], 'A picture that nobody described']);
    control.craft.describe(ids[0] ?? '', ' A red door ');
    expect(control.describe(ids[0] ?? '')).toBe('Picture: A red door');
    control.select([ids[0] ?? '']);
    control.resizeBy(64, 0);
    expect(control.bounds(ids[0] ?? '')).toMatchObject({ w: 704, h: 352 });
  });

  it('that are not taken make nothing', async () => {
    control.craft.store = { putImage: () => Promise.reject(new Error('too-large')), imageUrl: () => Promise.reject(new Error('away')) };
    expect(await control.craft.placePictures([bytes])).toEqual([]);
    expect(mine.view.elements.size).toBe(0);
  });
});

it('ink is resized by its scale, about its beginning', () => {
  control.setTool('draw');
  drag(at(100, 100), at(300, 200));
  control.setTool('choose');
  const [ink] = things('ink');
  const before = control.bounds(ink?.id ?? '');
  if (before === null || ink === undefined) throw new Error('no ink');
  control.select([ink.id]);
  gestures.resize(event(), at(before.x + before.w, before.y + before.h), { x: 1, y: 1 });
  gestures.move(event(), at(before.x + before.w * 2, before.y + before.h * 2));
  gestures.up(event(), at(before.x + before.w * 2, before.y + before.h * 2));
  const after = control.bounds(ink.id);
  expect(mine.view.elements.get(ink.id)?.prop('scale')).toBe(200);
  expect(Math.abs((after?.x ?? 0) - before.x)).toBeLessThan(3);
  expect((after?.w ?? 0) / before.w).toBeCloseTo(2, 1);
});

describe('an answer', () => {
  it('lies under what it answers, is written in, and covers nothing', () => {
    const first = note(0, 0);
    control.focusElement(first);
    press('Enter', { shiftKey: true });
    const reply = control.editing?.element ?? '';
    expect(mine.view.elements.get(reply)?.prop('re')).toBe(first);
    expect(control.scene.rect(reply)).toMatchObject({ x: 0, y: 200 });
    control.stopEditing();
    const again = control.craft.answer(first) ?? '';
    expect(control.scene.rect(again)?.x).not.toBe(0);
    expect(mine.view.elements.get(again)?.prop('re')).toBe(first);
  });

  it('is for what has words or shows something', () => {
    const [a, b] = [note(0, 0), note(400, 0)];
    control.connect(a, b);
    const [line] = things('connector');
    const zone = control.addZone(undefined, { edit: false }) ?? '';
    expect([a, line?.id ?? '', zone, 'nothing'].map((id) => control.craft.canAnswer(id))).toEqual([true, false, false, false]);
    expect(control.craft.answer(zone)).toBeNull();
  });
});

it('opens no panel that would be empty', () => {
  const zone = control.addZone(undefined, { edit: false }) ?? '';
  control.focusElement(zone);
  for (const key of ['y', 'c']) press(key);
  expect(panels).toEqual(['colour']);
  control.focusElement(note(2000, 0));
  for (const key of ['y', 'c']) press(key);
  expect(panels).toEqual(['colour', 'style', 'colour']);
});
