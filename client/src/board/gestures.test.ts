// What hands do, without a browser: pointers at places of the surface, at 100 % so that pixels are board units.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardController } from './controller.svelte';
import { LocalTable, type LocalReplica } from './dev/replica';
import type { Point } from './geometry';
import { Gestures } from './gestures.svelte';
import type { Pointed } from './modes';
import { wheel } from './wheel';

let mine: LocalReplica;
let control: BoardController;
let gestures: Gestures;
let menus: Point[];
let now = 0;

beforeEach(() => {
  vi.useFakeTimers();
  mine = new LocalTable().by('author-mine');
  control = new BoardController(mine, { me: 'author-mine', nameOf: (a) => a, announce: () => {}, offer: () => {} });
  control.view.resize({ width: 1000, height: 700 });
  control.view.jump({ x: 0, y: 0, zoom: 1 });
  gestures = new Gestures(control);
  menus = [];
  gestures.onmenu = (px) => menus.push(px);
});

afterEach(() => {
  control.close();
  vi.useRealTimers();
});

const at = (x: number, y: number): Point => ({ x, y });

function event(more: Partial<Pointed> = {}): Pointed {
  now += 8;
  const keys = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
  return { pointerId: 1, pointerType: 'mouse', button: 0, pressure: 0.5, timeStamp: now, ...keys, ...more };
}

function drag(from: Point, to: Point, more: Partial<Pointed> = {}, lift = true): void {
  gestures.down(event(more), from);
  for (let step = 1; step <= 5; step += 1) {
    gestures.move(event(more), at(from.x + ((to.x - from.x) * step) / 5, from.y + ((to.y - from.y) * step) / 5));
  }
  if (lift) gestures.up(event(more), to);
}

function tap(px: Point, more: Partial<Pointed> = {}): void {
  gestures.down(event(more), px);
  gestures.up(event(more), px);
}

const touch = (pointerId = 1): Partial<Pointed> => ({ pointerType: 'touch', pointerId });

function note(x: number, y: number): string {
  const id = control.addNote({ x: x + 100, y: y + 80 }, { edit: false }) ?? '';
  control.clearSelection();
  control.view.jump({ x: 0, y: 0, zoom: 1 });
  now += 1000;
  return id;
}

const place = (id: string): [unknown, unknown] => [mine.view.elements.get(id)?.prop('x'), mine.view.elements.get(id)?.prop('y')];
const count = (): number => mine.view.elements.size;

describe('a mouse', () => {
  it('chooses by a press, and the bare cloth chooses nothing', () => {
    const a = note(0, 0);
    tap(at(50, 50));
    expect([...control.selection]).toEqual([a]);
    tap(at(600, 600));
    expect(control.selection.size).toBe(0);
  });

  it('adds to the choice with Shift, and takes away again', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    tap(at(50, 50));
    tap(at(350, 50), { shiftKey: true });
    expect([...control.selection]).toEqual([a, b]);
    tap(at(50, 50), { shiftKey: true });
    expect([...control.selection]).toEqual([b]);
  });

  it('drags what is chosen as one group, shown to others on the way, kept once', async () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    const { seq } = mine.view;
    drag(at(50, 50), at(150, 90), {}, false);
    expect([place(a), control.bounds(a)?.x]).toEqual([[0, 0], 100]);
    await vi.advanceTimersByTimeAsync(40);
    expect(mine.said.drag).toHaveLength(2);
    gestures.up(event(), at(150, 90));
    expect([place(a), place(b)]).toEqual([[100, 40], [400, 40]]);
    expect(mine.view.seq).toBe(seq + 2);
    await vi.advanceTimersByTimeAsync(40);
    expect(mine.said.drag).toEqual([]);
    control.undo();
    expect(place(b)).toEqual([300, 0]);
  });

  it('takes the board along from the edge, and the thing with it', async () => {
    const a = note(700, 300);
    drag(at(750, 350), at(995, 350), {}, false);
    await vi.advanceTimersByTimeAsync(500);
    expect(control.camera.x).toBeGreaterThan(100);
    gestures.up(event(), at(995, 350));
    const { x } = control.camera;
    expect(control.bounds(a)?.x).toBe(Math.round(945 + x));
    await vi.advanceTimersByTimeAsync(500);
    expect(control.camera.x).toBe(x);
  });

  it('takes a drag back with Esc', () => {
    const a = note(0, 0);
    drag(at(50, 50), at(250, 50), {}, false);
    gestures.cancel();
    gestures.up(event(), at(250, 50));
    expect([place(a), control.bounds(a)?.x]).toEqual([[0, 0], 0]);
  });

  it('drops a thing where it is, if somebody set it aside meanwhile', () => {
    const a = note(0, 0);
    drag(at(50, 50), at(250, 50), {}, false);
    mine.setAside([a]);
    gestures.up(event(), at(250, 50));
    expect(place(a)).toEqual([0, 0]);
  });

  it('makes a note by a double press on the cloth, and writes by one on a note', () => {
    tap(at(500, 400));
    tap(at(502, 401));
    const id = control.editing?.element ?? '';
    expect(control.bounds(id)).toEqual({ x: 402, y: 321, w: 200, h: 160 });
    control.stopEditing();
    now += 1000;
    tap(at(500, 400));
    tap(at(500, 400));
    expect([control.editing?.element, count()]).toEqual([id, 1]);
  });

  it('chooses by a rectangle', () => {
    const [a, b] = [note(100, 100), note(400, 100)];
    note(700, 500);
    drag(at(50, 50), at(650, 200));
    expect([...control.selection].sort()).toEqual([a, b].sort());
    expect(gestures.marquee).toBeNull();
  });

  it('carries along what lies in a zone; with Ctrl and Alt the zone goes alone', () => {
    const zone = control.addZone({ x: 0, y: 0, w: 600, h: 500 }, { edit: false }) ?? '';
    const inside = note(100, 100);
    drag(at(300, 20), at(340, 20));
    expect([place(zone), place(inside)]).toEqual([[40, 0], [140, 100]]);
    drag(at(300, 20), at(300, 50), { altKey: true, ctrlKey: true });
    expect([place(zone), place(inside)]).toEqual([[40, 30], [140, 100]]);
  });

  it('puts down a second one with Alt, and the first stays', () => {
    const a = note(100, 100);
    drag(at(150, 150), at(450, 250), { altKey: true }, false);
    expect(gestures.copies).toEqual([{ x: 100, y: 100, w: 200, h: 160 }]);
    gestures.up(event({ altKey: true }), at(450, 250));
    const [copy = ''] = [...control.selection];
    expect([count(), place(a), place(copy), gestures.copies]).toEqual([2, [100, 100], [400, 200], []]);
    control.undo();
    expect(mine.view.pile().map((element) => element.id)).toEqual([a]);
  });

  it('snaps to what is near, with lines that say so, but not with Ctrl nor when it is off', () => {
    note(0, 0);
    const a = note(300, 300);
    drag(at(350, 350), at(55, 480), {}, false);
    expect(control.arrange.lining.guides.some((guide) => guide.axis === 'x' && guide.at === 0)).toBe(true);
    gestures.up(event(), at(55, 480));
    expect([place(a)[0], control.arrange.lining.guides]).toEqual([0, []]);
    drag(at(50, 480), at(54, 560), { ctrlKey: true });
    expect(place(a)[0]).toBe(4);
    control.arrange.lining.isOn = false;
    drag(at(50, 560), at(48, 500));
    expect(place(a)[0]).toBe(2);
    control.arrange.lining.isOn = true;
  });

  it('goes inside a group by a second press', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    control.arrange.group();
    tap(at(50, 50));
    expect(control.selection.size).toBe(2);
    now += 1000;
    tap(at(50, 50));
    tap(at(50, 50));
    expect([[...control.selection], control.editing]).toEqual([[a], null]);
    now += 1000;
    tap(at(50, 50));
    tap(at(50, 50));
    expect(control.editing?.element).toBe(a);
  });

  it('resizes by a handle', () => {
    const a = note(0, 0);
    control.select([a]);
    gestures.resize(event(), at(200, 160), { x: 1, y: 1 });
    gestures.move(event(), at(260, 200));
    gestures.up(event(), at(260, 200));
    expect(control.bounds(a)).toEqual({ x: 0, y: 0, w: 260, h: 200 });
  });

  it('pans with the middle button, with Space, and with the hand', () => {
    note(0, 0);
    drag(at(50, 50), at(20, 50), { button: 1 });
    expect(control.camera.x).toBe(30);
    gestures.space(true);
    drag(at(50, 50), at(20, 50));
    expect(gestures.space(false)).toBe(false);
    control.setTool('hand');
    drag(at(50, 50), at(20, 50));
    expect(control.camera.x).toBe(90);
    gestures.space(true);
    expect(gestures.space(false)).toBe(true);
  });

  it('pans by the wheel and zooms where it points with Ctrl', () => {
    const turned = { deltaX: 10, deltaY: 40, deltaMode: 0, ctrlKey: false, metaKey: false, shiftKey: false };
    wheel(control.view, turned, at(500, 300));
    expect(control.camera).toEqual({ x: 10, y: 40, zoom: 1 });
    const under = control.view.toBoard(at(500, 300));
    wheel(control.view, { ...turned, deltaY: -30, ctrlKey: true }, at(500, 300));
    expect(control.camera.zoom).toBeGreaterThan(1.2);
    expect(control.view.toBoard(at(500, 300)).x).toBeCloseTo(under.x);
  });

  it('links by a drag from thing to thing, or by two taps', () => {
    const [a, b] = [note(0, 0), note(400, 0)];
    control.setTool('link');
    drag(at(50, 50), at(450, 50));
    control.setTool('link');
    tap(at(450, 50));
    expect(control.linkFrom).toBe(b);
    tap(at(50, 50));
    const lines = [...mine.view.elements.values()].filter((element) => element.type === 'connector');
    expect(lines.map((line) => [line.prop('from'), line.prop('to')])).toEqual([[a, b], [b, a]]);
  });

  it('draws a zone, or puts one by a tap', () => {
    control.setTool('zone');
    drag(at(100, 100), at(500, 400));
    expect(control.bounds(control.editing?.element ?? '')).toEqual({ x: 100, y: 100, w: 400, h: 300 });
    control.stopEditing();
    control.view.jump({ x: 0, y: 0, zoom: 1 });
    control.setTool('zone');
    now += 1000;
    tap(at(900, 650));
    expect(control.bounds(control.editing?.element ?? '')).toEqual({ x: 500, y: 350, w: 800, h: 600 });
  });
});

describe('a pen', () => {
  const pen: Partial<Pointed> = { pointerType: 'pen' };

  it('leaves ink from the first touch on, logged every second and at the end', async () => {
    control.setTool('draw');
    gestures.down(event({ ...pen, pressure: 0.2 }), at(100, 100));
    const ink = [...mine.view.elements.values()][0];
    expect([ink?.type, ink?.inkCount()]).toEqual(['ink', 1]);
    const points = (from: number): { x: number; y: number; pressure: number }[] =>
      Array.from({ length: 5 }, (_, i) => ({ x: from + i * 4, y: 100, pressure: 0.8 }));
    gestures.move(event(pen), at(120, 100), points(104));
    expect(mine.view.elements.get(ink?.id ?? '')?.inkCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(40);
    expect(mine.said.stroke?.element).toBe(ink?.id);
    now += 1000;
    gestures.move(event(pen), at(140, 100), points(124));
    expect(mine.view.elements.get(ink?.id ?? '')?.inkCount()).toBe(11);
    gestures.move(event(pen), at(160, 100), points(144));
    gestures.up(event(pen), at(160, 100));
    expect(mine.view.elements.get(ink?.id ?? '')?.inkCount()).toBe(16);
    await vi.advanceTimersByTimeAsync(40);
    expect(mine.said.stroke).toBeNull();
  });

  it('is no palm: what touches beside it does nothing, and fingers pan from then on', () => {
    control.setTool('draw');
    drag(at(100, 100), at(200, 100), pen);
    const before = count();
    drag(at(300, 300), at(350, 300), touch(7));
    expect([count(), control.camera.x]).toEqual([before, 0]);
    now += 1000;
    drag(at(300, 300), at(350, 300), touch(8));
    expect([count(), control.camera.x]).toEqual([before, -50]);
    control.letFingersDraw(true);
    drag(at(300, 300), at(350, 300), touch(9));
    expect(count()).toBe(before + 1);
  });

  it('takes back what a palm began before it, and what Esc or an early second finger breaks off', () => {
    control.setTool('draw');
    const strokes = (): number => [...mine.view.elements.values()].filter((element) => element.aside === null).length;
    drag(at(300, 300), at(340, 300), touch(5), false);
    expect(strokes()).toBe(1);
    drag(at(100, 100), at(200, 100), pen);
    expect(strokes()).toBe(1);
    drag(at(100, 200), at(200, 200), { pointerId: 3 }, false);
    gestures.cancel();
    gestures.up(event({ pointerId: 3 }), at(200, 200));
    expect(strokes()).toBe(1);
    drag(at(100, 300), at(200, 300), { pointerId: 4 }, false);
    gestures.lost(4);
    expect(strokes()).toBe(2);
  });

  it('erases the strokes that it crosses, as one step, and nothing else', () => {
    note(400, 400);
    control.setTool('draw');
    for (const y of [100, 140, 300]) drag(at(100, y), at(200, y), { pointerId: y });
    control.setPen({ tip: 'eraser' });
    gestures.down(event(), at(150, 80));
    gestures.move(event(), at(150, 160));
    expect(gestures.erased.size).toBe(2);
    gestures.move(event(), at(450, 450));
    gestures.up(event(), at(450, 450));
    expect(gestures.erased.size).toBe(0);
    expect(control.scene.size).toBe(2);
    control.undo();
    expect(control.scene.size).toBe(4);
    tap(at(150, 300));
    expect(control.scene.size).toBe(3);
    drag(at(150, 80), at(150, 160), {}, false);
    gestures.cancel();
    expect(control.scene.size).toBe(3);
  });
});

describe('fingers', () => {
  it('pan from what is not chosen, and drag what is', () => {
    const a = note(0, 0);
    drag(at(50, 50), at(20, 50), touch());
    expect([place(a), control.camera.x]).toEqual([[0, 0], 30]);
    tap(at(50, 50), touch());
    expect([...control.selection]).toEqual([a]);
    drag(at(50, 50), at(100, 50), touch());
    expect(place(a)).toEqual([50, 0]);
  });

  it('zoom and pan by two, and take back what one had begun', () => {
    const a = note(0, 0);
    control.select([a]);
    gestures.down(event(touch(1)), at(50, 50));
    gestures.move(event(touch(1)), at(90, 50));
    expect(control.bounds(a)?.x).toBe(40);
    gestures.down(event(touch(2)), at(190, 50));
    gestures.move(event(touch(1)), at(40, 50));
    gestures.move(event(touch(2)), at(240, 50));
    expect(control.camera.zoom).toBeCloseTo(2);
    gestures.up(event(touch(2)), at(240, 50));
    gestures.move(event(touch(1)), at(60, 50));
    gestures.up(event(touch(1)), at(60, 50));
    expect(place(a)).toEqual([0, 0]);
  });

  it('leave no ink when a second one comes before the first has moved', () => {
    control.setTool('draw');
    gestures.down(event(touch(1)), at(50, 50));
    gestures.down(event(touch(2)), at(190, 50));
    gestures.move(event(touch(2)), at(290, 50));
    gestures.up(event(touch(2)), at(290, 50));
    gestures.up(event(touch(1)), at(50, 50));
    expect(count()).toBe(0);
    now += 1000;
    drag(at(50, 50), at(250, 50), touch(1));
    expect(count()).toBe(1);
    tap(at(400, 400), touch(1));
    expect(count()).toBe(2);
  });

  it('ask for the menu by a long press, which chooses', async () => {
    const a = note(0, 0);
    gestures.down(event(touch()), at(50, 50));
    await vi.advanceTimersByTimeAsync(600);
    gestures.up(event(touch()), at(50, 50));
    expect([menus, [...control.selection]]).toEqual([[at(50, 50)], [a]]);
  });

  it('make a note with two taps', () => {
    tap(at(500, 400), touch());
    tap(at(508, 395), touch());
    expect(count()).toBe(1);
  });
});

describe('names at cursors', () => {
  beforeEach(() => {
    gestures.flagAt = (px, isTouch) => (px.x < (isTouch ? 60 : 40) ? 'author-ben' : null);
  });

  it('are pressed to look along, and again to stop; what lies under them stays as it is', () => {
    note(0, 0);
    tap(at(20, 20));
    expect(control.company.following).toBe('author-ben');
    expect(control.selection.size).toBe(0);
    tap(at(20, 20));
    expect(control.company.following).toBeNull();
    tap(at(50, 20), touch());
    expect(control.company.following).toBe('author-ben');
  });

  it('are gone through by a drag, by a wheel and by what makes things', () => {
    const id = note(0, 0);
    drag(at(20, 20), at(20, 320));
    expect(control.company.following).toBeNull();
    expect([...control.selection]).toEqual([id]);
    expect(control.scene.rect(id)).toMatchObject({ x: 0, y: 300 });
    control.setTool('note');
    tap(at(20, 20));
    expect(control.company.following).toBeNull();
    expect(control.replica.view.elements.size).toBe(2);
  });
});
