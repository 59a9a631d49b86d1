// Going over the cloth by key: nearest that way, ends, and names; commands stay commands.
import { beforeEach, expect, it } from 'vitest';
import { BoardController } from './controller.svelte';
import { LocalTable } from './dev/replica';
import type { Keyed } from './keys';
import { Walking } from './walking';

let control: BoardController;
let walking: Walking;
let now = 0;
let ids: string[];

beforeEach(() => {
  const mine = new LocalTable().by('author-mine');
  control = new BoardController(mine, { me: 'author-mine', nameOf: (a) => a, announce: () => {}, offer: () => {} });
  const at = (x: number, text: string): { type: 'note'; values: { x: number }; text: string } => ({ type: 'note', values: { x }, text });
  ids = mine.add([at(0, 'Apple'), at(300, 'Pear'), at(600, 'Plum'), at(900, 'تفاح')]);
  walking = new Walking(control, () => now);
  now += 5000;
});

function press(key: string, part: Partial<Keyed> = {}): [taken: boolean, on: number] {
  now += 100;
  const taken = walking.press({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, repeat: false, ...part });
  return [taken, ids.indexOf(control.focused ?? '')];
}

it('goes to the nearest thing that way, and to the ends', () => {
  expect(press('Home')).toEqual([true, 0]);
  expect(press('ArrowRight', { ctrlKey: true })).toEqual([true, 1]);
  expect(press('ArrowRight', { metaKey: true })).toEqual([true, 2]);
  expect(press('ArrowLeft', { ctrlKey: true })).toEqual([true, 1]);
  expect(press('End')).toEqual([true, 3]);
  expect(press('ArrowRight')).toEqual([false, 3]);
});

it('goes to names, begun with Shift where the letter is a command', () => {
  expect(press('p')).toEqual([false, -1]);
  expect(press('P', { shiftKey: true })).toEqual([true, 1]);
  expect(press('l')).toEqual([true, 2]);
  now += 2000;
  expect(press('ت')).toEqual([true, 3]);
});

it('leaves a letter to the commands when nothing is called so', () => {
  expect(press('A', { shiftKey: true })).toEqual([true, 0]);
  expect(press('n')).toEqual([false, 0]);
  expect(press('n')).toEqual([false, 0]);
});
