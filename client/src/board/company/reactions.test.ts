import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../sync/interface';
import { FLOAT_MS, Reactions, Summing } from './reactions';

const heard = (who: string, name: Reaction | null, n = 1, element = '') => ({
  who,
  author: `${who}-author`,
  at: [3, 4] as const,
  react: name === null ? null : ([name, element, n] as const),
});

describe('floating', () => {
  it('lasts three seconds from when it was first heard, however often', () => {
    const reactions = new Reactions();
    expect(reactions.see([heard('ana', 'heart')], 1000).map(({ name, author }) => [name, author])).toEqual([['heart', 'ana-author']]);
    expect(reactions.see([heard('ana', 'heart')], 2000)).toEqual([]);
    expect(reactions.at(1000 + FLOAT_MS - 1).length).toBe(1);
    expect(reactions.at(1000 + FLOAT_MS)).toEqual([]);
  });

  it('comes again with another number', () => {
    const reactions = new Reactions();
    reactions.see([heard('ana', 'clap', 1)], 0);
    reactions.see([heard('ana', null)], 10);
    expect(reactions.see([heard('ana', 'clap', 1)], 20)).toEqual([]);
    expect(reactions.see([heard('ana', 'clap', 2)], 30).length).toBe(1);
    expect(reactions.at(40).map(({ key }) => key)).toEqual(['ana 1', 'ana 2']);
  });

  it('counts anew for somebody who came back', () => {
    const reactions = new Reactions();
    reactions.see([heard('ana', 'wow', 1)], 0);
    reactions.see([], 10);
    expect(reactions.see([heard('ana', 'wow', 1)], 20).length).toBe(1);
  });

  it('leaves out what it does not know, and keeps to what can be told apart', () => {
    const reactions = new Reactions();
    expect(reactions.see([heard('ana', 'shrug' as Reaction)], 0)).toEqual([]);
    reactions.see(Array.from({ length: 90 }, (_, i) => heard(`p${i}`, 'up')), 0);
    expect(reactions.at(1).length).toBe(40);
    reactions.mine('me', 'heart', '', null, 2);
    expect(reactions.at(3).at(-1)?.author).toBe('me');
  });
});

it('sums up who did the same', () => {
  const summing = new Summing();
  for (const [author, name, element] of [['b', 'heart', 'n1'], ['a', 'clap', ''], ['c', 'clap', ''], ['a', 'clap', ''], ['a', 'heart', 'n2']] as const) {
    summing.add({ author, name, element });
  }
  expect(summing.take()).toEqual([
    { name: 'clap', element: '', authors: ['a', 'c'] },
    { name: 'heart', element: 'n1', authors: ['b'] },
    { name: 'heart', element: 'n2', authors: ['a'] },
  ]);
  expect([summing.isEmpty, summing.take()]).toEqual([true, []]);
});
