import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoardController } from '../controller.svelte';
import { LocalTable, type LocalReplica } from '../dev/replica';

const ME = 'author-mine';
const ANA = 'author-ana-1';
let table: LocalTable;
let mine: LocalReplica;
let ana: LocalReplica;
let control: BoardController;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers();
  table = new LocalTable();
  mine = table.by(ME);
  ana = table.by(ANA);
  said = [];
  control = new BoardController(mine, {
    me: ME,
    nameOf: (author) => (author === ANA ? 'Ana' : author),
    announce: (text) => said.push(text),
    offer: () => undefined,
  });
  control.view.resize({ width: 1000, height: 700 });
});

afterEach(() => {
  control.close();
  vi.useRealTimers();
});

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

describe('looking along', () => {
  it('goes where the other looks, and tells them', () => {
    ana.here({ view: [5000, 5000, 1000, 700] });
    control.company.follow(ANA);
    pass(3_000);
    expect(control.camera).toEqual({ x: 5000, y: 5000, zoom: 1 });
    expect(mine.said.follow).toBe(ANA);
    ana.here({ view: [0, 0, 2000, 1400] });
    pass(3_000);
    expect(control.camera).toEqual({ x: 0, y: 0, zoom: 0.5 });
  });

  it('ends with any move of my own', () => {
    ana.here({ view: [0, 0, 1000, 700] });
    control.company.follow(ANA);
    pass(1_000);
    control.panBy_px(3, 0);
    pass(100);
    expect([control.company.following, mine.said.follow]).toEqual([null, '']);
    expect(said.at(-1)).toBe('You look for yourself again, not along with Ana.');
  });

  it('waits for a board that is not on their screen, and ends when they are gone for good', () => {
    ana.here({ at: [1, 1] });
    control.company.follow(ANA);
    expect(control.company.isWaiting).toBe(true);
    table.show(ANA, null);
    pass(2_000);
    expect(control.company.following).toBe(ANA);
    ana.here({ view: [0, 0, 1000, 700] });
    pass(5_000);
    expect([control.company.following, control.company.isWaiting]).toEqual([ANA, false]);
    table.show(ANA, null);
    pass(5_000);
    expect(control.company.following).toBe(null);
  });

  it('does not begin with who looks along with me; of two who begin at once, one lets go', () => {
    ana.here({ view: [0, 0, 10, 10], follow: ME });
    expect(control.company.followers).toEqual([ANA]);
    expect(control.company.follow(ANA)).toBe(false);
    ana.here({ view: [0, 0, 10, 10] });
    expect(control.company.follow(ANA)).toBe(true);
    ana.here({ view: [0, 0, 10, 10], follow: ME });
    // `author-ana-1` comes first, and lets go on her side.
    expect(control.company.following).toBe(ANA);
  });
});

describe('the laser', () => {
  it('is moved by arrows, and begins in the middle', () => {
    const { company } = control;
    const press = (key: string, shiftKey = false): boolean =>
      company.press({ key, shiftKey, altKey: false, ctrlKey: false, metaKey: false });
    expect(press('ArrowLeft')).toBe(false);
    press('p');
    press('ArrowLeft');
    expect(company.dot).toEqual(control.view.middle);
    press('ArrowRight');
    press('ArrowDown', true);
    pass(50);
    expect(company.dot).toEqual({ x: control.view.middle.x + 24, y: control.view.middle.y + 6 });
    expect([mine.said.laser, mine.said.at]).toEqual([true, [524, 356]]);
    press('Escape');
    pass(50);
    expect([company.isPointing, mine.said.laser, mine.said.at]).toEqual([false, false, null]);
  });

  it('takes the view along at its edge', () => {
    const { company } = control;
    company.point(true);
    for (let i = 0; i < 60; i += 1) company.press({ key: 'ArrowRight', shiftKey: false, altKey: false, ctrlKey: false, metaKey: false });
    const px = control.view.toScreen(company.dot ?? { x: 0, y: 0 });
    expect(px.x).toBeLessThanOrEqual(1000);
    expect(control.camera.x).toBeGreaterThan(0);
  });
});

describe('please look here', () => {
  it('asks for what is chosen, and not twice within a moment', () => {
    const id = control.addNote({ x: 300, y: 200 }, { edit: false }) ?? '';
    control.select([id]);
    expect(control.company.ask()).toBe(true);
    pass(50);
    expect(mine.said.look).toEqual([200, 120, 200, 160]);
    expect(control.company.ask()).toBe(false);
    pass(500);
    expect(mine.said.look).toBe(null);
    pass(11_000);
    expect(control.company.ask()).toBe(true);
  });

  it('moves nothing before one says so', () => {
    control.addNote({ x: 9000, y: 9000 }, { text: 'A door', edit: false });
    control.view.lead({ x: 0, y: 0, zoom: 1 });
    ana.here({ look: [8900, 8920, 200, 160] });
    const [offer] = control.company.offers;
    expect(said.at(-1)).toContain('Ana asks: please look here. Note, lemon: A door');
    expect(control.camera).toEqual({ x: 0, y: 0, zoom: 1 });
    control.company.accept(offer?.key ?? '');
    pass(1_000);
    expect(control.view.area.x).toBeGreaterThan(8000);
    expect(control.company.offers).toEqual([]);
  });

  it('is not heard by who does not want it', () => {
    control.company.isAsked = false;
    ana.here({ look: [0, 0, 10, 10] });
    expect([control.company.offers, said]).toEqual([[], []]);
  });
});

it('sums reactions up for who listens', () => {
  const ben = table.by('author-ben-1');
  ana.here({ react: ['clap', ''] });
  ben.here({ react: ['clap', ''] });
  expect(control.company.floating.length).toBe(2);
  pass(4_500);
  expect(said).toEqual(['Ana and author-ben-1: Clap.']);
  expect(control.company.floating).toEqual([]);
});
