import { expect, it } from 'vitest';
import { LocalTable } from '../board/dev/replica';
import type { BoardReplica } from '../sync/interface';
import { OpenBoards } from './open-boards';

function space() {
  const open = new Set<string>();
  const waiting: (() => void)[] = [];
  const log: string[] = [];
  const client = {
    open(board: string): Promise<BoardReplica> {
      log.push(`open ${board}`);
      open.add(board);
      const replica = new LocalTable().by('author-mine');
      const close = replica.close.bind(replica);
      replica.close = () => {
        log.push(`close ${board}`);
        open.delete(board);
        close();
      };
      return new Promise((resolve) => waiting.push(() => resolve(replica)));
    },
  };
  const come = async (): Promise<void> => {
    for (const resolve of waiting.splice(0)) resolve();
    await Promise.resolve();
  };
  return { boards: new OpenBoards(client), open, come, log };
}

it('opens a board once, and closes it when the last has given it back', async () => {
  const { boards, open, come, log } = space();
  const [one, two] = [boards.borrow('a'), boards.borrow('a')];
  await come();
  const [first, second] = [await one, await two];
  expect(first.replica).toBe(second.replica);
  first.giveBack();
  first.giveBack();
  expect([...open]).toEqual(['a']);
  second.giveBack();
  expect([...open]).toEqual([]);
  expect(log).toEqual(['open a', 'close a']);
});

it('opens anew what was given back a moment ago', async () => {
  const { boards, open, come } = space();
  const one = boards.borrow('a');
  await come();
  (await one).giveBack();
  const two = boards.borrow('a');
  await come();
  expect((await two).replica).not.toBe((await one).replica);
  expect([...open]).toEqual(['a']);
});

it('keeps a board that somebody wants again while it is still coming', async () => {
  const { boards, open, come } = space();
  const one = boards.borrow('a').then((borrowed) => borrowed.giveBack());
  const two = boards.borrow('a');
  await come();
  await one;
  await two;
  expect([...open]).toEqual(['a']);
  (await two).giveBack();
  expect([...open]).toEqual([]);
});

it('can be asked again after a board could not be opened', async () => {
  let isAway = true;
  const boards = new OpenBoards({
    open: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(new LocalTable().by('author-mine'))),
  });
  await expect(boards.borrow('a')).rejects.toThrow('away');
  isAway = false;
  expect((await boards.borrow('a')).replica.ready).toBe(true);
});
