// A space in one tab, tried against a server in memory (tests/support): what a person does and what becomes of it.

import { describe, expect, test } from 'vitest';
import { canonicalHash } from '../core/canonical.ts';
import { MAX_TEXT, TEXT_WINDOW } from '../core/limits.ts';
import type { MemoryStore } from './pending.ts';
import { SECRET } from '../../tests/support/server.ts';
import { type Page, Table } from '../../tests/support/table.ts';

const OTHER = 'author-of-others';

async function together(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  const [note = ''] = ada.board.add([{ type: 'note', values: { x: 10, y: 20 }, text: 'Hello' }]);
  await table.settled([ada, ben]);
  return { table, ada, ben, note };
}

/** Somebody without a client writes this many text entries. */
function longTail(table: Table, note: string, count: number): void {
  for (let k = 1; k <= count; k += 1) {
    table.server.write(OTHER, {
      kind: 'text',
      element: note,
      hand: 'hand-of-others',
      k,
      base: table.server.log.board.seq,
      field: 'text',
      splices: [[0, 0, 1]],
      inserted: 'o',
    });
  }
}

describe('writing', () => {
  test('what one adds and writes, the other sees', async () => {
    const { table, ada, ben, note } = await together();
    expect(ben.text(note)).toBe('Hello');
    expect(ben.board.view.elements.get(note)?.prop('x')).toBe(10);
    ben.board.type(note, 'text', 5, 0, ' wörld 😀');
    expect(ben.text(note)).toBe('Hello wörld 😀');
    expect(ben.client.status).toEqual({ kind: 'saving', pending: 1, kept: 'writing' });
    expect([...ben.board.unsaved]).toEqual([note]);
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Hello wörld 😀');
    expect(canonicalHash(ada.board.confirmed)).toBe(table.hash());
    expect(ada.client.people.get(ben.client.author)?.name).toBe('Ben');
    expect(ada.client.title).toBe('Tests');
  });

  test('two who write in one note at once both find their words', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.type(note, 'text', 5, 0, ' Ada');
    ben.board.type(note, 'text', 0, 0, 'Ben: ');
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Ben: Hello Ada');
    expect(ben.text(note)).toBe('Ben: Hello Ada');
  });

  test('fast typing becomes few entries', async () => {
    const { table, ada, note } = await together();
    const before = table.server.log.board.seq;
    [...'a whole sentence, letter by letter'].forEach((sign, i) => ada.board.type(note, 'text', 5 + i, 0, sign));
    await table.settled([ada]);
    expect(ada.text(note)).toBe('Helloa whole sentence, letter by letter');
    expect(table.server.log.board.seq - before).toBe(2); // the first letter, and what came while it was on its way
  });

  test('nothing is sent before it is kept on the device', async () => {
    const { table, ada, note } = await together();
    const { store } = ada.device;
    const write = store.write.bind(store);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    store.write = async (...given) => gate.then(() => write(...given));
    ada.board.type(note, 'text', 0, 0, '!');
    for (let i = 0; i < 20; i += 1) await table.move();
    expect(table.server.seen.some((frame) => frame.t === 'edit' && frame.n === 2)).toBe(false);
    release();
    await table.settled([ada]);
    expect(table.server.log.board.elements.get(note)?.text()).toBe('!Hello');
  });

  test('signs that no log takes are left out, and line ends are newlines', async () => {
    const { table, ada, note } = await together();
    ada.board.type(note, 'text', 5, 0, '\r\na\u0000\ud83d\ufffcb');
    await table.settled([ada]);
    expect(ada.text(note)).toBe('Hello\nab');
  });

  test('a paste that fills the note is taken, one that does not fit is told with its words', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.type(note, 'text', 5, 0, '😀'.repeat(MAX_TEXT - 5));
    await table.settled([ada, ben]);
    expect(ben.board.confirmed.elements.get(note)?.texts.get('text')?.length).toBe(MAX_TEXT);
    ada.board.type(note, 'text', 0, 0, 'more');
    expect(ada.device.told).toEqual([{ code: 'told.text-full', element: note, kept: 'more' }]);
  });

  test('a group of many elements is one step, cut into what the door takes', async () => {
    const { table, ada, ben } = await together();
    const ids = ada.board.add(Array.from({ length: 450 }, (_, i) => ({ type: 'note' as const, values: { x: i } })));
    expect(new Set(ids).size).toBe(450);
    await table.settled([ada, ben]);
    expect(ben.board.view.pile().filter((element) => ids.includes(element.id)).map((element) => element.id)).toEqual(ids);
    ada.board.undo();
    await table.settled([ada, ben]);
    expect(ben.board.view.margin()).toHaveLength(450);
  });

  test('a link for looking shows, and takes nothing', async () => {
    const { table, ada, note } = await together();
    table.server.mayEdit = false;
    const eve = await table.device('Eve').page();
    await table.settled([eve]);
    expect(eve.board.mayEdit).toBe(false);
    eve.board.type(note, 'text', 0, 0, 'x');
    expect(eve.board.add([{ type: 'note', values: {} }])).toEqual([]);
    expect(eve.board.undo()).toBeNull();
    expect(eve.text(note)).toBe(ada.text(note));
    expect(eve.client.status).toEqual({ kind: 'saved' });
  });
});

describe('the pile', () => {
  test('new elements lie on top, and each can be brought anywhere', async () => {
    const { table, ada, ben } = await together();
    const ids = ada.board.add(['a', 'b', 'c'].map((text) => ({ type: 'note' as const, values: {}, text })));
    const words = (page: Page): string => page.board.view.pile().map((element) => element.text()).join();
    expect(words(ada)).toBe('Hello,a,b,c');
    const [a = '', , c = ''] = ids;
    ada.board.order(a, 'front');
    expect(words(ada)).toBe('Hello,b,c,a');
    ada.board.order(c, 'back');
    expect(words(ada)).toBe('c,Hello,b,a');
    ada.board.order(a, 'backward');
    expect(words(ada)).toBe('c,Hello,a,b');
    ada.board.order(c, 'forward');
    await table.settled([ada, ben]);
    expect(words(ben)).toBe('Hello,c,a,b');
    ada.board.undo();
    expect(words(ada)).toBe('c,Hello,a,b');
  });

  test('between equal keys the ones above get fresh ones', async () => {
    const { table, ada } = await together();
    const same = { order: 'a5' };
    const ids = ada.board.add(['a', 'b', 'c'].map((text) => ({ type: 'note' as const, values: same, text })));
    ada.board.order(ids[0] ?? '', 'forward');
    await table.settled([ada]);
    expect(ada.board.view.pile().map((element) => element.text())).toEqual(['Hello', 'b', 'a', 'c']);
  });
});

describe('away and back', () => {
  test('what was written offline is sent once, and lands where it belongs', async () => {
    const { table, ada, ben, note } = await together();
    ada.device.isOnline = false;
    ada.cut();
    ada.board.type(note, 'text', 5, 0, ' from Ada');
    const [own = ''] = ada.board.add([{ type: 'note', values: {}, text: 'mine' }]);
    expect(ada.client.status).toEqual({ kind: 'offline', pending: 2, kept: 'writing' });
    ben.board.type(note, 'text', 0, 0, 'Ben says: ');
    await table.settled([ben]);
    ada.device.isOnline = true;
    ada.client.retry();
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('Ben says: Hello from Ada');
    expect(ben.text(own)).toBe('mine');
  });

  test('a tail far longer than the window costs no word', async () => {
    const { table, ada, note } = await together();
    ada.cut();
    ada.device.isOnline = false;
    ada.board.type(note, 'text', 2, 2, 'LL');
    ada.board.type(note, 'text', 5, 0, '!');
    longTail(table, note, TEXT_WINDOW * 3);
    ada.device.isOnline = true;
    await table.settled([ada]);
    expect(ada.text(note)).toBe(`${'o'.repeat(TEXT_WINDOW * 3)}HeLLo!`);
    expect(ada.device.told).toEqual([]);
  });

  test('the same, when they had been sent and no answer came', async () => {
    const { table, ada, note } = await together();
    ada.board.type(note, 'text', 5, 0, '!');
    await table.breathe();
    ada.cut();
    ada.device.isOnline = false;
    longTail(table, note, TEXT_WINDOW * 3);
    ada.device.isOnline = true;
    await table.settled([ada]);
    expect(ada.text(note)).toBe(`${'o'.repeat(TEXT_WINDOW * 3)}Hello!`);
  });

  test('ten minutes later, what somebody changed since is not overwritten', async () => {
    const { table, ada, ben, note } = await together();
    ada.device.isOnline = false;
    ada.cut();
    ada.board.set(new Map([[note, { colour: 'rose' }]]));
    ben.board.set(new Map([[note, { colour: 'sky' }]]));
    await table.settled([ben]);
    table.server.at += 600_000;
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ada.board.view.elements.get(note)?.prop('colour')).toBe('sky');
    expect(ada.device.told).toEqual([{ code: 'told.stale', element: note, kept: '', isListed: true }]);
  });

  test('a snapshot comes instead of a long tail, and screens are told to draw all', async () => {
    const { table, ada, ben, note } = await together();
    ada.cut();
    ada.device.isOnline = false;
    longTail(table, note, 60);
    const events: string[] = [];
    ada.board.subscribe((event) => void events.push(event.kind));
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe(ben.text(note));
    expect(events).toContain('reset');
    expect(canonicalHash(ada.board.confirmed)).toBe(table.hash());
  });

  test('an edit that was in the log already is not written twice', async () => {
    const { table, ada, note } = await together();
    ada.board.type(note, 'text', 5, 0, '!');
    await table.until(() => table.server.log.board.elements.get(note)?.text() === 'Hello!');
    ada.cut(); // the ack and the entry are lost on the way
    await table.settled([ada]);
    expect(ada.text(note)).toBe('Hello!');
    expect(table.server.log.entries.filter(([, , , body]) => body !== null)).toHaveLength(3);
  });

  test('a wrong link is said, and nobody knocks again', async () => {
    const table = new Table();
    const device = table.device('Eve');
    const page = await device.page('wrong-wrong-wrong-wrong');
    await table.until(() => page.client.status.kind === 'gone');
    expect(page.client.status).toEqual({ kind: 'gone', code: 'no-such-link', pending: 0, kept: 'device' });
    table.clock.pass(120_000);
    expect(table.server.wires.size).toBe(0);
    expect(SECRET).not.toBe('wrong-wrong-wrong-wrong');
  });
});

describe('refusals', () => {
  test.each(['busy', 'slow-down', 'read-only'])('%s: the same is sent again, later', async (code) => {
    const { table, ada, ben, note } = await together();
    table.server.refuseNext.push(code, code);
    ada.board.type(note, 'text', 5, 0, '!');
    ada.board.set(new Map([[note, { x: 99 }]]));
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('Hello!');
    expect(ben.board.view.elements.get(note)?.prop('x')).toBe(99);
    expect(ada.device.told.map((told) => told.code)).toEqual(code === 'read-only' ? ['told.read-only'] : []);
  });

  test('rebase: the words are written anew, and what came after them too', async () => {
    const { table, ada, ben, note } = await together();
    table.server.refuseNext.push('rebase');
    ada.board.type(note, 'text', 5, 0, ' one');
    await table.breathe();
    ada.board.set(new Map([[note, { x: 1 }]]));
    await table.breathe();
    ada.board.type(note, 'text', 9, 0, ' two');
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('Hello one two');
    expect(ada.device.told).toEqual([]);
  });

  test('words that are not taken are told, and what was written after them stays', async () => {
    const { table, ada, ben, note } = await together();
    table.server.refuseNext.push('bad-words');
    ada.board.type(note, 'text', 5, 0, ' lost');
    await table.breathe();
    ada.board.type(note, 'text', 0, 0, 'kept: ');
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('kept: Hello');
    expect(ada.text(note)).toBe('kept: Hello');
    expect(ada.device.told).toEqual([{ code: 'told.bad-words', element: note, kept: ' lost', isListed: true }]);
  });

  test('what both set aside is nobody’s trouble; a change of what was set aside is told', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.setAside([note], 'done');
    ben.board.setAside([note], 'too');
    await table.settled([ada, ben]);
    expect([...ada.device.told, ...ben.device.told]).toEqual([]);
    ben.board.bringBack([note]);
    await table.settled([ada, ben]);
    expect(ada.board.view.elements.get(note)?.aside).toBeNull();
    ada.device.isOnline = false;
    ada.cut();
    ada.board.set(new Map([[note, { x: 5 }]]));
    ben.board.setAside([note]);
    await table.settled([ben]);
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ada.device.told).toEqual([{ code: 'told.aside', element: note, kept: '', isListed: true }]);
  });
});

describe('a log that went back', () => {
  test('own edits return, in the place of their words, and a copy is kept', async () => {
    const { table, ada, ben, note } = await together();
    const held = table.server.log.board.seq;
    ben.board.type(note, 'text', 0, 0, 'Ben. ');
    await table.settled([ada, ben]);
    ada.board.type(note, 'text', 10, 0, ' Ada.');
    ada.board.set(new Map([[note, { colour: 'sky' }]]));
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Ben. Hello Ada.');
    table.server.log.rollBack(held);
    for (const wire of [...table.server.wires]) wire.cut();
    await table.settled([ada, ben]);
    await table.settled([ada, ben]);
    expect(table.server.log.board.elements.get(note)?.text()).toBe('Ben. Hello Ada.');
    expect(table.server.log.board.elements.get(note)?.prop('colour')).toBe('sky');
    expect(ada.device.told.map((told) => told.code)).toEqual(['told.rewound']);
    expect((ada.device.store as MemoryStore).copies).toHaveLength(1);
  });

  test('what was written on somebody’s lost note waits until it is back', async () => {
    const { table, ada, ben, note } = await together();
    const [lost = ''] = ada.board.add([{ type: 'note', values: {}, text: 'A ' }]);
    await table.settled([ada, ben]);
    ben.board.type(lost, 'text', 2, 0, 'B');
    await table.settled([ada, ben]);
    table.server.log.rollBack(3);
    ada.device.isOnline = false;
    for (const wire of [...table.server.wires]) wire.cut();
    await table.until(() => ben.board.confirmed.seq === 3 && ben.client.status.kind === 'saving');
    table.clock.pass(60_000);
    expect(ben.device.told.map((told) => told.code)).toEqual(['told.rewound']);
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ben.device.told.map((told) => told.code)).toEqual(['told.rewound']);
    // Whose words stand first, where both come back to one place, is not known any more.
    expect(['A B', 'BA ']).toContain(table.server.log.board.elements.get(lost)?.text());
    expect(ada.text(note)).toBe('Hello');
  });
});
