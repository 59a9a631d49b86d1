import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardController } from '../controller.svelte';
import { LocalTable, type LocalReplica } from '../dev/replica';
import { choicesFor, choicesForCloth } from './choices';
import { Carry } from './carry.svelte';
import { facetsOf, valueOf } from './facets';
import { minutesToday } from './holding.svelte';

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
afterEach(() => {
  control.close();
  vi.useRealTimers();
});

const note = (x: number, y: number, text = ''): string => control.addNote({ x: x + 100, y: y + 80 }, { text, edit: false }) ?? '';
const prop = (id: string, name: string) => mine.view.elements.get(id)?.prop(name);
const xy = (id: string) => [prop(id, 'x'), prop(id, 'y')];
const chosen = () => [...control.selection].sort();

describe('groups', () => {
  it('choosing one chooses all; going inside chooses one; leaving chooses all', () => {
    const [a, b, c] = [note(0, 0), note(300, 0), note(600, 0)];
    control.select([a, b]);
    control.arrange.group();
    expect(prop(a, 'group')).toBe(prop(b, 'group'));
    control.select([c]);
    control.select([a]);
    expect(chosen()).toEqual([a, b].sort());
    control.arrange.groups.enter(b);
    expect(chosen()).toEqual([b]);
    expect(control.arrange.groups.leave()).toBe(true);
    expect(chosen()).toEqual([a, b].sort());
    control.toggle(c);
    control.toggle(a);
    expect(chosen()).toEqual([c]);
    control.select([a]);
    control.arrange.ungroup();
    control.select([a]);
    expect(chosen()).toEqual([a]);
    control.undo();
    expect(prop(a, 'group')).not.toBe('');
  });

  it('writing in a member goes inside, and a group of one is none', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    control.arrange.group();
    control.edit(a);
    expect([control.editing?.element, chosen()]).toEqual([a, [a]]);
    control.stopEditing();
    control.select([]);
    control.setAside('', [b]);
    expect(control.arrange.groups.isClosed(a)).toBe(false);
  });

  it('move, and are aligned, as one', () => {
    const [a, b, c] = [note(100, 0), note(400, 50), note(0, 400)];
    control.select([a, b]);
    control.arrange.group();
    control.select([a, c]);
    control.arrange.align('left');
    expect([xy(a), xy(b), xy(c)]).toEqual([[0, 0], [300, 50], [0, 400]]);
  });
});

describe('putting in order', () => {
  it('is one step of undo, links follow by themselves, and too few are told', () => {
    const ids = [note(0, 0), note(320, 40), note(700, 10)];
    control.connect(ids[0] ?? '', ids[1] ?? '');
    control.selectAll();
    control.arrange.align('top');
    expect(ids.map((id) => prop(id, 'y'))).toEqual([0, 0, 0]);
    control.arrange.distribute('across');
    expect(prop(ids[1] ?? '', 'x')).toBe(350);
    control.undo();
    control.undo();
    expect(ids.map((id) => xy(id))).toEqual([[0, 0], [320, 40], [700, 10]]);
    control.select([ids[0] ?? '']);
    control.arrange.align('top');
    expect(said.at(-1)).toContain('2');
  });

  it('several to the top are one step', () => {
    const ids = [note(0, 0), note(300, 0), note(600, 0)];
    control.select(ids.slice(0, 2));
    control.order('front');
    expect(mine.view.pile().map((element) => element.id)).toEqual([ids[2], ids[0], ids[1]]);
    control.undo();
    expect(mine.view.pile().map((element) => element.id)).toEqual(ids);
  });

  it('moves to a zone where it is free, and chooses what lies there', () => {
    const zone = control.addZone({ x: 2000, y: 0, w: 800, h: 600 }, { edit: false }) ?? '';
    const [there, a] = [note(2032, 64), note(0, 0)];
    control.select([a]);
    control.arrange.moveToZone(zone);
    const [rect, other] = [control.bounds(a), control.bounds(there)];
    expect(rect && other && (rect.x >= other.x + other.w || rect.y >= other.y + other.h)).toBe(true);
    expect(rect && rect.x + rect.w <= 2800 && rect.y + rect.h <= 600).toBe(true);
    control.select([zone]);
    control.arrange.chooseInside();
    expect(chosen()).toEqual([a, there].sort());
  });

  it('nudging a zone takes along what lies on it', () => {
    const zone = control.addZone({ x: 0, y: 0, w: 800, h: 600 }, { edit: false }) ?? '';
    const a = note(40, 80);
    control.select([zone]);
    control.nudge(10, 0);
    expect([xy(zone), xy(a)]).toEqual([[10, 0], [50, 80]]);
  });
});

describe('holding still', () => {
  it('keeps it from moves and changes, says who and why, and is freed by anybody in one press', () => {
    const [a, b] = [note(0, 0, 'vote'), note(300, 0)];
    table.by('author-ben').lock([a], 10, 'we vote on it');
    control.select([a, b]);
    control.nudge(10, 0);
    expect([prop(a, 'x'), prop(b, 'x')]).toEqual([0, 310]);
    expect(offers.at(-1)?.text).toMatch(/author-ben.*we vote on it/);
    control.select([a]);
    control.arrange.set('colour', 'mint');
    control.setAside();
    expect([prop(a, 'colour'), mine.view.elements.get(a)?.aside]).toEqual(['lemon', null]);
    expect(control.describe(a)).toContain('we vote on it');
    offers.at(-1)?.act();
    control.nudge(10, 0);
    expect(prop(a, 'x')).toBe(10);
    expect(control.describe(a)).not.toContain('vote on');
  });

  it('ends by itself on the screen, and passes in one press', () => {
    vi.useFakeTimers();
    const a = note(0, 0);
    control.select([a]);
    table.by('author-ben').lock([a], 1);
    control.arrange.hold(10, ' mine now ');
    expect(control.arrange.holding.words(a)).toContain('mine now');
    expect(control.arrange.holding.held).toEqual([a]);
    table.now += 10 * 60_000;
    vi.advanceTimersByTime(11 * 60_000);
    expect(control.arrange.holding.of(a)).toBeNull();
    expect(control.arrange.holding.held).toEqual([]);
  });

  it('lasts today until midnight, and never more than eight hours', () => {
    expect(minutesToday(new Date(2026, 4, 1, 23, 50))).toBe(10);
    expect(minutesToday(new Date(2026, 4, 1, 9, 0))).toBe(480);
    expect(minutesToday(new Date(2026, 4, 1, 23, 59, 59))).toBe(1);
  });
});

describe('what can be done', () => {
  const opening = () => ({ openPanel: () => {}, carry: new Carry(control) });
  const ids = () => choicesFor(control, opening()).map((choice) => choice.id);

  it('depends on what is chosen', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a]);
    expect(ids()).toEqual(expect.arrayContaining(['write', 'colour', 'style', 'link', 'hold', 'carry', 'size', 'copy', 'aside']));
    expect(ids()).not.toContain('group');
    control.select([a, b]);
    expect(ids()).toEqual(expect.arrayContaining(['group', 'arrange']));
    expect(ids()).not.toContain('write');
    const line = control.connect(a, b) ?? '';
    control.select([line]);
    expect(ids()).not.toContain('link');
    expect(facetsOf(control.items()).map((facet) => facet.name)).toEqual(expect.arrayContaining(['meaning', 'head', 'route', 'line']));
    mine.mayEdit = false;
    expect(ids()).toEqual([]);
    expect(choicesForCloth(control, { x: 0, y: 0 }).map((choice) => choice.id)).toEqual(['all', 'fit']);
  });

  it('sets a property of those that have it, and shows what they agree on', () => {
    const [a, b] = [note(0, 0), note(300, 0)];
    control.select([a, b]);
    control.arrange.set('font', 'large');
    expect(valueOf(control.items(), 'font')).toBe('large');
    control.select([a]);
    control.arrange.set('font', 'small');
    control.select([a, b]);
    expect(valueOf(control.items(), 'font')).toBeNull();
    control.arrange.set('font', 'huge');
    expect(prop(b, 'font')).toBe('large');
  });
});
