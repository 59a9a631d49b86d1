import { expect, it } from 'vitest';
import { boardOf, stepTo, type Steps } from './address';

const BOARDS = [{ board: 'board-one' }, { board: 'board-two' }];

function steps(): Steps & { entries: unknown[] } {
  return {
    entries: [null],
    get state(): unknown {
      return this.entries.at(-1);
    },
    pushState(state: unknown) {
      this.entries.push(state);
    },
    replaceState(state: unknown) {
      this.entries[this.entries.length - 1] = state;
    },
  };
}

it('keeps the first board in the entry that is there, and makes a step of each other', () => {
  const history = steps();
  for (const board of ['board-one', 'board-two', 'board-two', 'board-one']) stepTo(history, 'space-one', board);
  expect(history.entries).toEqual(['board-one', 'board-two', 'board-one'].map((board) => ({ space: 'space-one', board })));
});

it('reads what it wrote, for this space only', () => {
  const history = steps();
  stepTo(history, 'space-one', 'board-two');
  expect(boardOf(history.state, 'space-one', BOARDS)).toBe('board-two');
  expect(boardOf(history.state, 'space-two', BOARDS)).toBe(null);
  expect(boardOf(history.state, 'space-one', [{ board: 'board-one' }])).toBe(null);
});

it.each([null, undefined, 7, 'board-one', {}, { board: 3, space: 'space-one' }])('takes %s for no board', (state) => {
  expect(boardOf(state, 'space-one', BOARDS)).toBe(null);
});
