// Away from the server for long, and back: rollbacks that others wrote on, many keystrokes, and where things are kept meanwhile.

import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { DeviceStore, MemoryStore } from './pending.ts';
import { newBoard } from '../core/board.ts';
import { applyEntry } from '../core/fold.ts';
import { type Page, Table } from '../../tests/support/table.ts';

async function together(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  const [note = ''] = ada.board.add([{ type: 'note', values: {}, text: 'one two three' }]);
  await table.settled([ada, ben]);
  return { table, ada, ben, note };
}

function away(page: Page): void {
  page.device.isOnline = false;
  page.cut();
}

/** Every entry of the log that is a no-op, with its reason. */
function noOps(table: Table): string[] {
  const { log } = table.server;
  const board = newBoard(log.board.space, log.id);
  return log.entries.flatMap((entry) => applyEntry(board, entry).reason ?? []);
}

describe('a log that went back, and that others wrote on before one came back', () => {
  test('own deletions, insertions and replacements return exactly', async () => {
    const { table, ada, ben, note } = await together();
    const held = table.server.log.board.seq;
    ada.board.type(note, 'text', 4, 4, ''); // "one three"
    ada.board.type(note, 'text', 0, 3, 'uno'); // "uno three"
    await table.settled([ada, ben]);
    away(ada);
    away(ben);
    table.server.log.rollBack(held);
    const cleo = await table.device('Cleo').page();
    await table.settled([cleo]);
    cleo.board.type(note, 'text', 13, 0, ' four');
    await table.settled([cleo]);
    expect(cleo.text(note)).toBe('one two three four');
    ada.device.isOnline = ben.device.isOnline = true;
    await table.settled([ada, ben, cleo]);
    expect(cleo.text(note)).toBe('uno three four');
    expect(ada.device.told.map((told) => told.code)).toEqual(['told.rewound']);
    expect((ada.device.store as MemoryStore).copies).toHaveLength(1);
  });

  test('what is pending meanwhile lands where it belongs, deletions too', async () => {
    const { table, ada, ben, note } = await together();
    const held = table.server.log.board.seq;
    ben.board.type(note, 'text', 0, 0, 'Ben. ');
    await table.settled([ada, ben]);
    away(ada);
    away(ben);
    ada.board.type(note, 'text', 9, 4, ''); // "two " of what Ben pushed along
    table.server.log.rollBack(held);
    const cleo = await table.device('Cleo').page();
    await table.settled([cleo]);
    cleo.board.type(note, 'text', 0, 0, 'Cleo. ');
    await table.settled([cleo]);
    ada.device.isOnline = ben.device.isOnline = true;
    await table.settled([ada, ben, cleo]);
    expect(cleo.text(note)).toMatch(/^(Ben\. Cleo\. |Cleo\. Ben\. )one three$/);
  });

  test('the connection may break while it looks for what both have', async () => {
    const { table, ada, ben, note } = await together();
    const held = table.server.log.board.seq;
    ada.board.type(note, 'text', 4, 4, '');
    await table.settled([ada, ben]);
    away(ada);
    away(ben);
    table.server.log.rollBack(held);
    const cleo = await table.device('Cleo').page();
    await table.settled([cleo]);
    cleo.board.type(note, 'text', 0, 0, '!');
    await table.settled([cleo]);
    ada.device.isOnline = true;
    await table.until(() => table.server.seen.at(-1)?.t === 'leave');
    ada.cut();
    await table.settled([ada, cleo]);
    expect(cleo.text(note)).toBe('!one three');
    expect(ada.device.told.map((told) => told.code)).toEqual(['told.rewound']);
  });

  test('where nothing in common is known any more, pending words go where the difference leads them', async () => {
    const { table, ada, ben, note } = await together();
    const held = table.server.log.board.seq;
    ada.board.type(note, 'text', 13, 0, ' four');
    await table.settled([ada, ben]);
    ada.close();
    ben.close();
    await table.breathe();
    ada.device.isOnline = false;
    const again = await ada.device.page(); // it has the board, and not how that came to be
    again.board.type(note, 'text', 4, 4, '');
    await table.breathe();
    table.server.log.rollBack(held);
    const cleo = await table.device('Cleo').page();
    await table.settled([cleo]);
    cleo.board.type(note, 'text', 13, 0, '!');
    await table.settled([cleo]);
    ada.device.isOnline = true;
    await table.settled([again, cleo]);
    expect(again.text(note)).toBe('one three!');
    expect((ada.device.store as MemoryStore).copies).toHaveLength(1);
  });
});

describe('hundreds of keystrokes in one field that were not sent', () => {
  test('are said over the words as they are then: none is logged in vain', async () => {
    const { table, ada, ben, note } = await together();
    away(ada);
    // In ever other places, so that they don't become one edit.
    for (let i = 0; i < 300; i += 1) {
      const length = ada.text(note).length;
      ada.board.type(note, 'text', (i * 7) % length, 0, String.fromCodePoint(0x4e00 + i));
    }
    for (let i = 0; i < 300; i += 1) {
      ben.board.type(note, 'text', (i * 5) % ben.text(note).length, 0, String.fromCodePoint(0x5e00 + i));
      if (i % 3 === 0) while (await table.move());
    }
    ada.device.isOnline = true;
    for (let i = 0; i < 300; i += 1) {
      ben.board.type(note, 'text', (i * 3) % ben.text(note).length, 0, String.fromCodePoint(0x6e00 + i));
      await table.move();
    }
    await table.settled([ada, ben]);
    expect(noOps(table)).toEqual([]);
    expect([...ben.text(note)]).toHaveLength(900 + 'one two three'.length);
    expect(ada.device.told).toEqual([]);
  });
});

/** A device whose store can be filled to the brim. */
class FullStore extends MemoryStore {
  override readonly isLasting = true;
  isFull = false;

  override async write(...given: Parameters<MemoryStore['write']>): Promise<void> {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    return super.write(...given);
  }
}

describe('where it is kept', () => {
  test('"device" is said only once the store has it', async () => {
    const { table, ada, note } = await together();
    away(ada);
    ada.board.type(note, 'text', 0, 0, 'x');
    expect(ada.client.status).toMatchObject({ pending: 1, kept: 'writing' });
    await table.breathe();
    expect(ada.client.status).toMatchObject({ pending: 1, kept: 'device' });
  });

  test('a full device: it is said, edits go on, and are kept as soon as there is room', async () => {
    const table = new Table();
    const store = new FullStore();
    const page = await table.device('Ada', store).page();
    const [note = ''] = page.board.add([{ type: 'note', values: {}, text: 'a' }]);
    await table.settled([page]);
    store.isFull = true;
    away(page);
    page.board.type(note, 'text', 1, 0, 'b');
    await table.breathe();
    expect(page.client.status).toMatchObject({ kind: 'offline', kept: 'page' });
    expect(page.device.told.map((told) => told.code)).toEqual(['told.store']);
    page.board.type(note, 'text', 2, 0, 'c');
    await table.breathe();
    expect(page.client.status).toMatchObject({ kept: 'page' });
    store.isFull = false;
    table.clock.pass(5_000);
    await table.breathe();
    expect(page.client.status).toMatchObject({ kept: 'device' });
    page.crash();
    const next = await page.device.page();
    next.device.isOnline = true;
    await table.nothingLeft([next]);
    expect(table.server.log.board.elements.get(note)?.text()).toBe('abc');
  });

  test('a full device that is online saves all the same', async () => {
    const table = new Table();
    const store = new FullStore();
    store.isFull = true;
    const page = await table.device('Ada', store).page();
    page.board.add([{ type: 'note', values: {}, text: 'a' }]);
    await table.settled([page]);
    expect(page.client.status).toEqual({ kind: 'saved' });
  });

  test('a browser that keeps nothing says so', async () => {
    const table = new Table();
    const page = await table.device('Ada', new MemoryStore()).page();
    away(page);
    page.board.add([{ type: 'note', values: {}, text: 'a' }]);
    await table.breathe();
    expect(page.client.status).toMatchObject({ kind: 'offline', pending: 1, kept: 'page' });
    expect(page.device.told.map((told) => told.code)).toEqual(['told.store']);
  });
});

describe('what did not fit any more', () => {
  /** Ben changes the colour and writes; a good while later Ada, who was away since before, has her own wish. */
  async function missed(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
    const { table, ada, ben, note } = await together();
    away(ada);
    ada.board.set(new Map([[note, { colour: 'sky', x: 400 }]]));
    ben.board.set(new Map([[note, { colour: 'rose' }]]));
    await table.settled([ben]);
    table.server.at += 24 * 3_600_000;
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    return { table, ada, ben, note };
  }

  test('is listed, with what one wanted; what still fitted applies', async () => {
    const { ada, ben, note } = await missed();
    expect(ben.board.view.elements.get(note)?.prop('colour')).toBe('rose');
    expect(ben.board.view.elements.get(note)?.prop('x')).toBe(400);
    expect(ada.board.missed).toMatchObject([
      { code: 'stale', element: note, called: 'one two three', values: { colour: 'sky' }, words: '' },
    ]);
    expect(ben.board.missed).toEqual([]);
  });

  test('is put over what is there, as one step of undo', async () => {
    const { table, ada, ben, note } = await missed();
    ada.board.putMissed(ada.board.missed[0]?.id ?? '');
    expect(ada.board.missed).toEqual([]);
    await table.settled([ada, ben]);
    expect(ben.board.view.elements.get(note)?.prop('colour')).toBe('sky');
    ada.board.undo();
    await table.settled([ada, ben]);
    expect(ben.board.view.elements.get(note)?.prop('colour')).toBe('rose');
  });

  test('waits over pages until it is left', async () => {
    const { table, ada } = await missed();
    ada.close();
    await table.breathe();
    const next = await ada.device.page();
    await table.settled([next]);
    expect(next.board.missed).toHaveLength(1);
    next.board.leaveMissed(next.board.missed[0]?.id ?? '');
    next.close();
    await table.breathe();
    const last = await ada.device.page();
    await table.settled([last]);
    expect(last.board.missed).toEqual([]);
  });

  test('is no choice any more once it is as one wanted it', async () => {
    const { table, ada, ben, note } = await missed();
    ben.board.set(new Map([[note, { colour: 'sky' }]]));
    await table.settled([ada, ben]);
    expect(ada.board.missed).toEqual([]);
  });

  test('a change of what lies in the margin brings it back when it is put', async () => {
    const { table, ada, ben, note } = await together();
    away(ada);
    ada.board.set(new Map([[note, { colour: 'sky' }]]));
    ben.board.setAside([note]);
    await table.settled([ben]);
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ada.board.missed).toMatchObject([{ code: 'aside', values: { colour: 'sky' } }]);
    ada.board.putMissed(ada.board.missed[0]?.id ?? '');
    await table.settled([ada, ben]);
    expect(ben.board.view.elements.get(note)?.aside).toBeNull();
    expect(ben.board.view.elements.get(note)?.prop('colour')).toBe('sky');
  });

  test('words that found no place are kept', async () => {
    const { table, ada, note } = await together();
    table.server.refuseNext.push('text-full');
    ada.board.type(note, 'text', 3, 0, ' and a half');
    await table.settled([ada]);
    expect(ada.board.missed).toMatchObject([{ code: 'text-full', element: note, words: ' and a half' }]);
    expect(ada.device.told).toMatchObject([{ code: 'told.text-full', isListed: true }]);
  });

  test('an older page’s store is brought up to date', async () => {
    const name = 'of-an-older-page';
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore('groups', { keyPath: ['space', 'board', 'tab', 'rank'] });
        db.createObjectStore('states', { keyPath: ['space', 'board', 'tab'] });
        db.createObjectStore('tabs', { keyPath: 'tab' });
        db.createObjectStore('spaces', { keyPath: 'space' });
        db.createObjectStore('copies', { autoIncrement: true });
      };
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    const store = await DeviceStore.open(name);
    expect(store.isLasting).toBe(true);
    const one = { id: 'm', code: 'stale', element: 'e', called: '', values: { x: 1 }, said: {}, words: '' };
    await store.keepMissed({ space: 's', board: 'b', id: 'm', missed: one });
    expect(await store.missed('s', 'b')).toHaveLength(1);
    await store.forgetMissed('s', 'b', 'm');
    expect(await store.missed('s', 'b')).toEqual([]);
  });
});
