// Locks (FOLD-52 to FOLD-54) as the screens have them: they hold for all, end by themselves, and pass in one tap.

import { describe, expect, test } from 'vitest';
import { type Page, Table } from '../../tests/support/table.ts';

async function together(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  const [note = ''] = ada.board.add([{ type: 'note', values: { x: 1 }, text: 'Hello' }]);
  await table.settled([ada, ben]);
  return { table, ada, ben, note };
}

function move(page: Page, id: string, x: number): void {
  page.board.set(new Map([[id, { x }]]));
}

function at(page: Page, id: string): unknown {
  return page.board.view.elements.get(id)?.prop('x');
}

function isLocked(page: Page, id: string): boolean | undefined {
  return page.board.view.elements.get(id)?.isLocked(page.board.now);
}

/** Time passes on the server and on all devices. */
function wait(table: Table, ms: number): void {
  table.server.at += ms;
  table.clock.pass(ms);
}

describe('a lock', () => {
  test('says who and why, and holds for everybody, oneself too', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.lock([note], 30, 'We vote on it');
    expect(isLocked(ada, note)).toBe(true);
    await table.settled([ada, ben]);
    const lock = ben.board.view.elements.get(note)?.lock;
    expect(lock).toMatchObject({ why: 'We vote on it', stamp: { author: ada.client.author } });
    expect((lock?.until ?? 0) - (lock?.stamp.at ?? 0)).toBe(30 * 60_000);
    const before = table.server.log.board.seq;
    for (const page of [ada, ben]) {
      move(page, note, 7);
      page.board.setAside([note]);
      page.board.order(note, 'front');
    }
    await table.settled([ada, ben]);
    expect([at(ada, note), at(ben, note), table.server.log.board.seq]).toEqual([1, 1, before]);
    expect(ben.device.told.map(({ code, element }) => [code, element])).toContainEqual(['told.locked', note]);
  });

  test('lets words through', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.lock([note], 5);
    await table.settled([ada, ben]);
    ben.board.type(note, 'text', 5, 0, ', all');
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Hello, all');
    expect(ben.device.told).toEqual([]);
  });

  test('is taken over, and ended by anybody; ending it twice is silent', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.lock([note], 5, 'mine');
    await table.settled([ada, ben]);
    ben.board.lock([note], 999, 'ours now');
    await table.settled([ada, ben]);
    const lock = ada.board.view.elements.get(note)?.lock;
    expect([lock?.why, (lock?.until ?? 0) - (lock?.stamp.at ?? 0)]).toEqual(['ours now', 480 * 60_000]);
    ada.board.unlock([note]);
    ben.board.unlock([note]);
    await table.settled([ada, ben]);
    expect([isLocked(ada, note), isLocked(ben, note)]).toEqual([false, false]);
    move(ben, note, 9);
    await table.settled([ada, ben]);
    expect(at(ada, note)).toBe(9);
    expect([...ada.device.told, ...ben.device.told]).toEqual([]);
  });

  test('ends by itself on a board where nothing happens, whatever this device takes the time for', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.lock([note], 1);
    await table.settled([ada, ben]);
    wait(table, 59_000);
    expect(isLocked(ben, note)).toBe(true);
    wait(table, 2_000);
    expect(isLocked(ben, note)).toBe(false);
    move(ben, note, 4);
    expect(at(ben, note)).toBe(4);
    await table.settled([ada, ben]);
    expect([at(ada, note), ben.device.told]).toEqual([4, []]);
  });

  test('that comes while a change is on its way: the change is not applied, and its maker hears why', async () => {
    const { table, ada, ben, note } = await together();
    ben.device.isOnline = false;
    ben.cut();
    move(ben, note, 50);
    expect(at(ben, note)).toBe(50);
    ada.board.lock([note], 5);
    await table.settled([ada]);
    ben.device.isOnline = true;
    ben.client.retry();
    await table.settled([ada, ben]);
    expect([at(ada, note), at(ben, note)]).toEqual([1, 1]);
    expect(ben.device.told).toEqual([{ code: 'told.locked', element: note, kept: '', isListed: true }]);
  });

  test('is no step of undo; a step that it hinders waits for it', async () => {
    const { table, ada, ben, note } = await together();
    move(ada, note, 20);
    await table.settled([ada, ben]);
    ben.board.lock([note], 5);
    ada.board.lock([note], 6);
    await table.settled([ada, ben]);
    expect(ada.board.undo()).toBeNull();
    expect([at(ada, note), ada.board.canUndo]).toEqual([20, true]);
    expect(ada.device.told).toEqual([{ code: 'told.locked', element: note, kept: '' }]);
    ben.board.unlock([note]);
    await table.settled([ada, ben]);
    expect(ada.board.undo()).toEqual([note]);
    await table.settled([ada, ben]);
    expect(at(ben, note)).toBe(1);
    ben.board.lock([note], 5);
    await table.settled([ada, ben]);
    expect(ada.board.redo()).toBeNull();
    expect(ada.board.canRedo).toBe(true);
  });

  test('of some of what was chosen: the others are moved, and one hears of it once', async () => {
    const { table, ada, ben, note } = await together();
    const [other = ''] = ada.board.add([{ type: 'shape', values: { form: 'ellipse' }, text: 'Yes?' }]);
    ada.board.lock([note], 5);
    await table.settled([ada, ben]);
    ben.board.set(new Map([note, other].map((id) => [id, { x: 77 }])));
    await table.settled([ada, ben]);
    expect([at(ada, note), at(ada, other)]).toEqual([1, 77]);
    expect(ben.device.told).toEqual([{ code: 'told.locked', element: note, kept: '' }]);
  });
});

test('a picture comes with its description, a shape with its words; what a type does not have is left out', async () => {
  const { table, ada, ben } = await together();
  const asset = '0f'.repeat(32);
  const [shape = '', image = ''] = ada.board.add([
    { type: 'shape', values: { form: 'diamond', fill: 'sky', bold: 1 }, text: 'Decide?', words: { alt: 'no' } },
    { type: 'image', values: { asset, w: 640, h: 480, group: 'group-one' }, words: { alt: 'Our hall', text: 'no' } },
  ]);
  await table.settled([ada, ben]);
  const seen = ben.board.view.elements;
  expect([seen.get(shape)?.prop('form'), ben.text(shape), seen.get(shape)?.words.size]).toEqual(['diamond', 'Decide?', 0]);
  expect([seen.get(image)?.prop('asset'), seen.get(image)?.words.get('alt')]).toEqual([asset, 'Our hall']);
  ada.board.undo();
  expect([...ada.board.view.margin()].map(({ id }) => id).sort()).toEqual([shape, image].sort());
});
