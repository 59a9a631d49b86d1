// What stands on the screen of the tree, how one finds something in it, and its keys.
import { describe, expect, it } from 'vitest';
import { outlineOf, type Branch, type Thing } from './outline';
import { find, parentsOf, plain, rowsOf, typedAhead, type Row } from './rows';
import { TreeKeys, type Acts, type Pressed, type Walk } from './treeKeys';

let born = 0;
function thing(id: string, part: Partial<Thing> = {}): Thing {
  born += 1;
  return { id, type: 'note', x: 0, y: born * 300, w: 200, h: 160, words: id, colour: 'lemon', from: '', to: '', re: '', group: '', born, ...part };
}

const zone = thing('zone', { type: 'zone', x: -50, y: 3000, w: 900, h: 900 });
const outline = outlineOf(
  [thing('apple'), thing('pear', { re: 'apple' }), thing('plum', { re: 'pear' }), thing('Éclair'), zone, thing('inside', { y: 3200 })],
  'ltr',
);
const seen = (rows: readonly Row[]): string[] =>
  rows.map(({ branch, level, place, of, isFolded }) => `${level} ${branch.key} ${place}/${of}${isFolded === null ? '' : isFolded ? ' +' : ' -'}`);
const named = (branch: Branch): string => branch.key;

describe('rows', () => {
  it('know their level, their place and whether they are folded', () => {
    expect(seen(rowsOf(outline.roots, new Set(['pear'])))).toEqual(['1 apple 1/3 -', '2 pear 1/1 +', '1 Éclair 2/3', '1 zone 3/3 -', '2 inside 1/1']);
  });

  it('that a search keeps are unfolded, and counted among themselves', () => {
    const found = find(outline, 'plum', named);
    expect(found?.matches).toEqual(['plum']);
    expect(seen(rowsOf(outline.roots, new Set(['apple']), found?.keep))).toEqual(['1 apple 1/1 -', '2 pear 1/1 -', '3 plum 1/1']);
  });

  it('know who is above them', () => {
    expect(parentsOf(outline).get('plum')?.key).toBe('pear');
    expect(parentsOf(outline).get('apple')).toBeUndefined();
  });
});

describe('finding', () => {
  it('takes words in any order and case, without accents and vowel marks', () => {
    const find2 = (words: string): readonly string[] | undefined => find(outline, words, ({ key }) => `The ${key} tree`)?.matches;
    expect(find2('TREE ecl')).toEqual(['Éclair']);
    expect(find2('  ')).toBeUndefined();
    expect(find2('fig')).toEqual([]);
    expect(plain('مَكَانٌ')).toBe(plain('مكان'));
  });

  it('by the first letters goes on from where one is', () => {
    const rows = rowsOf(outline.roots, new Set());
    const at = (from: number, typed: string): string | undefined => rows[typedAhead(rows, from, typed, named) ?? -1]?.branch.key;
    expect([at(0, 'p'), at(1, 'p'), at(2, 'p'), at(1, 'pl'), at(0, 'x')]).toEqual(['pear', 'plum', 'pear', 'plum', undefined]);
  });
});

describe('keys', () => {
  function walked(start: string, isRtl = false): { press: (key: string, part?: Partial<Pressed>) => string; did: string[] } {
    let folded = new Set<string>();
    let on = start;
    let now = 0;
    const did: string[] = [];
    const say = (what: string) => (branch: Branch | null) => void did.push(`${what} ${branch?.key ?? ''}`.trim());
    const acts: Acts = {
      add: say('add'),
      zone: () => did.push('zone'),
      reply: say('reply'),
      write: say('write'),
      show: say('show'),
      more: say('more'),
      aside: say('aside'),
      move: (branch, later) => did.push(`move ${branch.key} ${later ? 'later' : 'earlier'}`),
      toZone: (branch, step) => did.push(`zone ${branch.key} ${step}`),
    };
    const rows = (): Row[] => rowsOf(outline.roots, folded);
    const walk: Walk = {
      rows,
      at: () => rows().findIndex(({ branch }) => branch.key === on),
      goTo: (row) => (on = row.branch.key),
      fold: (key, to) => {
        folded = new Set(folded);
        if (to) folded.add(key);
        else folded.delete(key);
      },
      find: () => did.push('find'),
      name: named,
      isRtl: () => isRtl,
      mayEdit: () => true,
      acts,
    };
    const keys = new TreeKeys(walk, () => now);
    const press = (key: string, part: Partial<Pressed> = {}): string => {
      now += 100;
      keys.press({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...part });
      return on;
    };
    return { press, did };
  }

  it('walk as the ARIA practices say', () => {
    const { press } = walked('apple');
    expect(['ArrowDown', 'ArrowUp', 'End', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowDown'].map((key) => press(key))).toEqual([
      'pear', 'apple', 'inside', 'apple', 'pear', 'plum', 'pear', 'pear', 'Éclair',
    ]);
  });

  it('turn left and right around with the language', () => {
    const { press } = walked('apple', true);
    expect([press('ArrowLeft'), press('ArrowLeft'), press('ArrowRight')]).toEqual(['pear', 'plum', 'pear']);
  });

  it('go to names', () => {
    const { press } = walked('apple');
    expect([press('p'), press('l'), press('Home'), press('i')]).toEqual(['pear', 'plum', 'apple', 'inside']);
  });

  it('do what one can do with a row', () => {
    const { press, did } = walked('pear');
    press('Enter');
    press('Enter', { shiftKey: true });
    for (const key of ['F2', '+', 'Insert', 'Delete', 'ContextMenu']) press(key);
    press('F10', { shiftKey: true });
    press('ArrowDown', { altKey: true });
    press('ArrowUp', { altKey: true, shiftKey: true });
    press('f', { ctrlKey: true });
    expect(did).toEqual([
      'show pear', 'reply pear', 'write pear', 'add pear', 'add pear', 'aside pear', 'more pear', 'more pear', 'move pear later', 'zone pear -1', 'find',
    ]);
  });
});
