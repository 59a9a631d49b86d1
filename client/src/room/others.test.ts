import { describe, expect, it } from 'vitest';
import { Element } from '../core/board';
import { handKey, TextField } from '../core/text';
import { Comings, Gathering, touchedBy } from './others';

const ME = 'me-me-me-me-me-m';
const ANA = 'ana-ana-ana-ana1';
const RHYS = 'rhys-rhys-rhys-1';

function note(id: string, hands: readonly (readonly [author: string, k: number])[], aside = false): Element {
  const stamp = { seq: 9, at: 9, author: ANA };
  return new Element(id, 'note', { seq: 1, at: 1, author: ANA }, {
    hands: new Map(hands.map(([author, k]) => [handKey(author, 'hand'), { author, hand: 'hand', k }])),
    aside: aside ? { stamp, why: '' } : null,
  });
}

it('reads who changed an element from its hands', () => {
  const before = note('a', [[ANA, 2], [ME, 1]]);
  const after = note('a', [[ANA, 2], [ME, 2], [RHYS, 1]]);
  expect([...touchedBy(before, after)].sort()).toEqual([ME, RHYS]);
  expect([...touchedBy(undefined, before)].sort()).toEqual([ANA, ME]);
});

describe('gathering', () => {
  it('counts things, not changes, and what was added only as added', () => {
    const gathering = new Gathering();
    gathering.note(undefined, note('a', [[ANA, 1]]), ME);
    gathering.note(note('a', [[ANA, 1]]), note('a', [[ANA, 2]]), ME);
    gathering.note(note('b', [[ANA, 1]]), note('b', [[ANA, 1], [RHYS, 1]]), ME);
    gathering.note(note('b', [[RHYS, 1]]), note('b', [[RHYS, 2]]), ME);
    expect(gathering.take()).toEqual([
      ['added', { authors: new Set([ANA]), count: 1 }],
      ['changed', { authors: new Set([RHYS]), count: 1 }],
    ]);
    expect([gathering.isEmpty, gathering.take()]).toEqual([true, []]);
  });

  it('tells writing from moving, and replies to me from other notes', () => {
    const gathering = new Gathering();
    const words = (id: string, k: number, value: string, re = ''): Element => {
      const one = note(id, [[ANA, k]]);
      return one.with({ texts: new Map([['text', new TextField(value)]]), props: new Map([['re', re]]) });
    };
    gathering.note(words('a', 1, ''), words('a', 2, 'A door'), ME);
    gathering.note(words('b', 1, 'B'), words('b', 2, 'B'), ME);
    gathering.note(undefined, words('c', 1, '', 'mine'), ME, (id) => id === 'mine');
    gathering.note(words('c', 1, '', 'mine'), words('c', 2, 'Yes', 'mine'), ME, (id) => id === 'mine');
    gathering.note(undefined, words('d', 1, '', 'theirs'), ME, (id) => id === 'mine');
    expect(gathering.take().map(([deed, { count }]) => [deed, count])).toEqual([['replied', 1], ['added', 1], ['wrote', 1], ['changed', 1]]);
  });

  it('lets through what the sieve does, and forgets the rest', () => {
    const gathering = new Gathering();
    gathering.note(undefined, note('a', [[ANA, 1]]), ME);
    gathering.note(undefined, note('b', [[ANA, 1]]), ME);
    expect(gathering.take(({ id }) => id === 'b')).toEqual([['added', { authors: new Set([ANA]), count: 1 }]]);
    expect(gathering.isEmpty).toBe(true);
  });

  it('tells of the margin, both ways', () => {
    const gathering = new Gathering();
    gathering.note(note('a', [[ANA, 1]]), note('a', [[ANA, 2]], true), ME);
    gathering.note(note('b', [[ANA, 1]], true), note('b', [[ANA, 1], [RHYS, 1]]), ME);
    expect(gathering.take().map(([deed]) => deed)).toEqual(['aside', 'back']);
  });

  it('leaves out what I did myself', () => {
    const gathering = new Gathering();
    gathering.note(undefined, note('a', [[ME, 1]]), ME);
    gathering.note(note('a', [[ME, 1]]), note('a', [[ME, 2]], true), ME);
    expect(gathering.isEmpty).toBe(true);
  });
});

describe('comings', () => {
  it('are told once', () => {
    const comings = new Comings([ME, ANA]);
    comings.see([ME, RHYS]);
    expect(comings.take()).toEqual({ came: [RHYS], left: [ANA] });
    expect(comings.isEmpty).toBe(true);
  });

  it('of somebody who was away for a moment are not', () => {
    const comings = new Comings([ME, ANA]);
    comings.see([ME]);
    expect(comings.isEmpty).toBe(false);
    comings.see([ANA, ME]);
    expect(comings.isEmpty).toBe(true);
  });
});
