import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Carry } from './arrange/carry.svelte';
import { BoardController } from './controller.svelte';
import { LocalTable, type LocalReplica } from './dev/replica';
import { overlaps } from './geometry';
import { BoardKeys, type Keyed } from './keys';

let table: LocalTable;
let mine: LocalReplica;
let control: BoardController;
let said: string[];
let offers: { text: string; act: () => void }[];

beforeEach(() => {
  table = new LocalTable();
  mine = table.by('author-mine');
  said = [];
  offers = [];
  control = new BoardController(mine, {
    me: 'author-mine',
    nameOf: (author) => author,
    announce: (text) => said.push(text),
    offer: (text, _label, act) => offers.push({ text, act }),
  });
  control.view.resize({ width: 1000, height: 700 });
});

afterEach(() => control.close());

const note = (x: number, y: number, text = ''): string =>
  control.addNote({ x: x + 100, y: y + 80 }, { text, edit: false }) ?? '';
const prop = (id: string, name: string) => mine.view.elements.get(id)?.prop(name);
const isAside = (id: string): boolean => mine.view.elements.get(id)?.aside != null;

describe('making', () => {
  it('puts a note where it is pointed, chosen and being written', () => {
    const id = control.addNote({ x: 300.4, y: 200.7 }) ?? '';
    expect(control.bounds(id)).toEqual({ x: 200, y: 121, w: 200, h: 160 });
    expect(control.editing).toEqual({ element: id, field: 'text' });
    expect([...control.selection]).toEqual([id]);
  });

  it('finds free places for notes that nobody placed', () => {
    const ids = Array.from({ length: 12 }, () => control.addNote(undefined, { edit: false }) ?? '');
    const rects = ids.flatMap((id) => control.bounds(id) ?? []);
    expect(rects.some((a, i) => rects.some((b, j) => i < j && overlaps(a, b)))).toBe(false);
  });

  it('joins two things once they differ', () => {
    const [a, b] = [note(0, 0, 'one'), note(500, 0, 'two')];
    control.startConnector(a);
    expect([control.tool, control.linkFrom]).toEqual(['link', a]);
    expect(control.connect(a, a)).toBeNull();
    const line = control.connect(a, b) ?? '';
    expect([prop(line, 'from'), prop(line, 'to')]).toEqual([a, b]);
    expect(said.at(-1)).toContain('one');
    expect(control.connect(line, a)).toBeNull();
    expect([control.tool, control.linkFrom]).toEqual(['choose', null]);
  });

  it('does nothing for whoever may only look', () => {
    const id = note(0, 0);
    mine.mayEdit = false;
    const { seq } = mine.view;
    control.select([id]);
    control.addNote();
    control.addZone();
    control.nudge(8, 0);
    control.recolour('mint');
    control.setAside();
    control.undo();
    control.setTool('draw');
    control.edit(id);
    expect(mine.view.seq).toBe(seq);
    expect([control.tool, control.editing]).toEqual(['choose', null]);
  });
});

describe('changing', () => {
  it('moves a group with one step of undo', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    control.nudge(8, -8);
    expect([prop(a, 'x'), prop(a, 'y'), prop(b, 'x')]).toEqual([8, -8, 308]);
    control.undo();
    expect([prop(a, 'x'), prop(b, 'x')]).toEqual([0, 300]);
  });

  it('gives each thing only colours that its kind has', () => {
    const [a, b] = [note(0, 0), note(500, 0)];
    const line = control.connect(a, b) ?? '';
    control.recolour('mint', [a, line]);
    control.recolour('teal', [b, line]);
    expect([prop(a, 'colour'), prop(b, 'colour'), prop(line, 'colour')]).toEqual(['mint', 'lemon', 'teal']);
  });

  it('sets aside with a way back, and goes on to what is next', () => {
    const [a, b, c] = [note(0, 0), note(300, 0), note(600, 0)];
    control.select([b]);
    control.setAside();
    expect([isAside(b), control.focused, [...control.selection]]).toEqual([true, c, []]);
    expect(control.reading()).toEqual([a, c]);
    offers[0]?.act();
    expect([isAside(b), [...control.selection]]).toEqual([false, [b]]);
  });

  it('keeps the order among themselves when several go to the top', () => {
    const ids = [note(0, 0), note(300, 0), note(600, 0)];
    control.select([ids[0] ?? '', ids[1] ?? '']);
    control.order('front');
    expect(mine.view.pile().map((element) => element.id)).toEqual([ids[2], ids[0], ids[1]]);
  });

  it('does not shrink a note to nothing', () => {
    const a = note(0, 0);
    control.select([a]);
    control.resizeBy(-900, -900);
    expect([prop(a, 'w'), prop(a, 'h')]).toEqual([72, 56]);
  });
});

describe('what others do', () => {
  it('takes what they set aside out of the choice, and tells whoever was writing there', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    control.edit(a);
    table.by('author-theirs').setAside([a]);
    expect([control.editing, control.selection.has(a)]).toEqual([null, false]);
    offers.at(-1)?.act();
    expect(isAside(a)).toBe(false);
  });

  it('says of me what is chosen, dragged and written as one', async () => {
    const a = note(0, 0);
    control.say({ at: [1, 2] });
    control.select([a]);
    control.say({ caret: { element: a, field: 'text', anchor: 0, head: 0 } });
    await expect.poll(() => mine.said).toMatchObject({ at: [1, 2], selected: [a], caret: { element: a } });
  });
});

describe('the keyboard alone', () => {
  const keyed = (key: string, more: Partial<Keyed> = {}): Keyed => ({
    key,
    shiftKey: false,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    repeat: false,
    ...more,
  });
  let keys: BoardKeys;
  let carry: Carry;
  let opened: string[];
  const press = (key: string, more: Partial<Keyed> = {}): boolean => keys.press(keyed(key, more));

  beforeEach(() => {
    opened = [];
    carry = new Carry(control);
    keys = new BoardKeys(control, carry, {
      openMenu: () => opened.push('menu'),
      openPanel: (name) => opened.push(name),
      dismiss: () => false,
    });
  });

  it('goes through things in reading order and leaves the cloth behind the last', () => {
    const ids = [note(0, 0), note(300, 0), note(0, 400)];
    control.clearSelection();
    control.askFocus(null);
    for (const id of ids) {
      expect(press('Tab')).toBe(true);
      expect([control.focused, [...control.selection]]).toEqual([id, [id]]);
    }
    expect(press('Tab')).toBe(false);
    expect(press('Tab', { shiftKey: true })).toBe(true);
    expect(control.focused).toBe(ids[1]);
    press('Tab', { shiftKey: true });
    expect(press('Tab', { shiftKey: true })).toBe(false);
  });

  it('keeps some in the choice with Space while Tab goes on', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.askFocus(null);
    press('Tab');
    keys.keep();
    press('Tab');
    expect([...control.selection].sort()).toEqual([a, b].sort());
    press('Escape');
    expect(control.selection.size).toBe(0);
  });

  it('makes, writes, moves, resizes, colours, sets aside and brings back', () => {
    press('n');
    const id = control.editing?.element ?? '';
    control.stopEditing();
    expect(control.focused).toBe(id);
    const { x = 0, w = 0 } = control.bounds(id) ?? {};
    press('ArrowRight');
    press('ArrowRight', { shiftKey: true });
    press('ArrowRight', { altKey: true });
    press('c');
    expect([prop(id, 'x'), prop(id, 'w')]).toEqual([x + 11, w + 1]);
    expect(opened).toEqual(['colour']);
    press('Enter');
    expect(control.editing?.element).toBe(id);
    control.stopEditing();
    press('Delete');
    expect(isAside(id)).toBe(true);
    press('z', { ctrlKey: true });
    expect(isAside(id)).toBe(false);
  });

  it('links: L, an arrow, Enter', () => {
    const [a, b] = [note(0, 0), note(400, 0)];
    control.focusElement(a);
    press('l');
    press('ArrowRight');
    expect(control.focused).toBe(b);
    press('Enter');
    const line = [...mine.view.elements.values()].at(-1);
    expect([line?.type, line?.prop('from'), line?.prop('to')]).toEqual(['connector', a, b]);
  });

  it('keeps arrows that follow each other once, when the hand rests', () => {
    const a = note(0, 0);
    control.select([a]);
    const { seq } = mine.view;
    press('ArrowDown');
    for (let i = 0; i < 30; i += 1) press('ArrowDown', { repeat: true });
    press('ArrowRight', { shiftKey: true });
    expect([mine.view.seq, control.bounds(a)?.x, control.bounds(a)?.y]).toEqual([seq, 10, 31]);
    carry.settle();
    expect([mine.view.seq, prop(a, 'x'), prop(a, 'y')]).toEqual([seq + 1, 10, 31]);
    control.undo();
    expect(prop(a, 'y')).toBe(0);
  });

  it('moves by the pad until it is done, or back', () => {
    const a = note(0, 0);
    control.select([a]);
    press('w');
    press('ArrowLeft', { shiftKey: true });
    press('Escape');
    expect([carry.pad, control.bounds(a)?.x, prop(a, 'x')]).toEqual([null, 0, 0]);
    press('w');
    press('ArrowLeft', { shiftKey: true });
    control.askFocus(a);
    press('Enter');
    expect([carry.pad, prop(a, 'x'), control.editing]).toEqual([null, -10, null]);
  });

  it('pans where nothing is chosen, and zooms', () => {
    const { x } = control.camera;
    press('ArrowRight');
    expect(control.camera.x).toBe(x + 80);
    press('Escape');
    expect(press('j')).toBe(false);
  });
});
