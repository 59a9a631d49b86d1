import { describe, expect, it } from 'vitest';
import { Element } from '../../core/board';
import { TextField } from '../../core/text';
import { finding, inSteps, type Found, type Shelf } from './find';

let seq = 0;
interface Made {
  readonly x?: number;
  readonly y?: number;
  readonly w?: number;
  readonly h?: number;
  readonly alt?: string;
  readonly isAside?: boolean;
}

function thing(id: string, type: string, words: string, { x = 0, y = 0, w, h, alt, isAside = false }: Made = {}): Element {
  seq += 1;
  const stamp = { seq, at: seq, author: 'ana-ana-ana-ana1' };
  const sizes: [string, number][] = [...(w === undefined ? [] : [['w', w] as [string, number]]), ...(h === undefined ? [] : [['h', h] as [string, number]])];
  return new Element(id, type, stamp, {
    props: new Map([['x', x], ['y', y], ...sizes]),
    texts: words === '' ? new Map() : new Map([['text', new TextField(words)]]),
    words: alt === undefined ? new Map() : new Map([['alt', alt]]),
    aside: isAside ? { stamp, why: '' } : null,
  });
}

function shelf(board: string, title: string, ...elements: Element[]): Shelf {
  return { board, title, elements: new Map(elements.map((element) => [element.id, element])) };
}

function find(shelves: readonly Shelf[], query: string): readonly Found[] {
  const work = finding(shelves, query);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

const ids = (found: readonly Found[]): string[] => found.flatMap(({ hits }) => hits.map((hit) => hit.element.id));

describe('finding', () => {
  const boards = [
    shelf(
      'one',
      'Table 1',
      thing('zone', 'zone', 'Homes', { x: 0, y: 0, w: 600, h: 400 }),
      thing('door', 'note', 'A door that I can lock', { x: 50, y: 50 }),
      thing('link', 'connector', 'leads to a door'),
      thing('sketch', 'ink', '', { alt: 'A sketch of the front door' }),
      thing('empty', 'note', ''),
    ),
    shelf('two', 'The door of the hall', thing('aside', 'note', 'Outdoors', { isAside: true }), thing('far', 'note', 'Nothing')),
    shelf('three', 'Table 3', thing('note', 'note', 'Bread')),
  ];

  it('looks into words, links and what was said of drawings, on all boards', () => {
    const found = find(boards, 'DOOR');
    expect(found.map(({ board }) => board)).toEqual(['one', 'two']);
    expect(new Set(ids(found))).toEqual(new Set(['door', 'link', 'sketch']));
    expect(found[1]?.aside.map((hit) => hit.element.id)).toEqual(['aside']);
    expect(found.map(({ isNamed }) => isNamed)).toEqual([false, true]);
  });

  it('says in which zone it lies', () => {
    const hit = find(boards, 'lock')[0]?.hits[0];
    expect([hit?.element.id, hit?.zone?.id]).toEqual(['door', 'zone']);
  });

  it('wants every word', () => {
    expect(ids(find(boards, 'front sketch'))).toEqual(['sketch']);
    expect(find(boards, 'front bread')).toEqual([]);
    expect(find(boards, '  ')).toEqual([]);
  });

  it('begins with what begins so, then goes by rows', () => {
    const board = shelf(
      'b',
      '',
      thing('inside', 'note', 'xkey', { y: -10 }),
      thing('low', 'note', 'my key', { y: 9 }),
      thing('high', 'note', 'a key', { y: 1 }),
      thing('start', 'note', 'key of mine', { y: 20 }),
    );
    expect(ids(find([board], 'key'))).toEqual(['start', 'high', 'low', 'inside']);
  });

  it('tells how many more there are', () => {
    const many = Array.from({ length: 75 }, (_, i) => thing(`n${i}`, 'note', 'same', { y: i }));
    const [found] = find([shelf('b', '', ...many)], 'same');
    expect([found?.hits.length, found?.more]).toEqual([60, 15]);
  });
});

describe('in steps', () => {
  const board = shelf('b', '', ...Array.from({ length: 10_000 }, (_, i) => thing(`n${i}`, 'note', `Notiz ${i} für alle`, { y: i })));

  it('never works longer than it may', () => {
    let clock = 0;
    const waiting: (() => void)[] = [];
    let found: readonly Found[] | null = null;
    // Each look at the clock costs 2 ms: with a budget of 6, a run is three steps.
    inSteps(finding([board], 'fur 9999'), (all) => (found = all), (next) => waiting.push(next), () => (clock += 2));
    let runs = 1;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next();
      runs += 1;
    }
    expect(runs).toBeGreaterThan(10);
    expect(ids(found ?? [])).toEqual(['n9999']);
  });

  it('can be given up', () => {
    const waiting: (() => void)[] = [];
    let isDone = false;
    const giveUp = inSteps(finding([board], 'alle'), () => (isDone = true), (next) => waiting.push(next), () => Infinity, 0);
    giveUp();
    for (const next of waiting) next();
    expect(isDone).toBe(false);
  });
});
