// Undo and redo (FOLD-62): one's own, only as far as the thing is still as one left it, and nobody else's.

import { describe, expect, test } from 'vitest';
import { type Page, Table } from '../../tests/support/table.ts';

async function together(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  const [note = ''] = ada.board.add([{ type: 'note', values: {}, text: 'Hello' }]);
  await table.settled([ada, ben]);
  table.clock.pass(5_000);
  return { table, ada, ben, note };
}

/** Types at the end, and lets the burst end. */
function add(table: Table, page: Page, note: string, words: string): void {
  page.board.type(note, 'text', [...page.text(note)].length, 0, words);
  table.clock.pass(2_000);
}

describe('words', () => {
  test('a burst is one step; steps come off one by one, and back on', async () => {
    const { table, ada, ben, note } = await together();
    [...' dear'].forEach((sign, i) => ada.board.type(note, 'text', 5 + i, 0, sign));
    table.clock.pass(2_000);
    add(table, ada, note, ' Ben 😀');
    expect(ada.board.undo()).toEqual([note]);
    expect(ada.text(note)).toBe('Hello dear');
    ada.board.undo();
    expect(ada.text(note)).toBe('Hello');
    expect(ada.board.canRedo).toBe(true);
    ada.board.redo();
    ada.board.redo();
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('Hello dear Ben 😀');
  });

  test('others’ words stay, wherever they stand', async () => {
    const { table, ada, ben, note } = await together();
    add(table, ada, note, ' from Ada');
    await table.settled([ada, ben]);
    ben.board.type(note, 'text', 10, 0, '(Ben)');
    ben.board.type(note, 'text', 0, 0, '> ');
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('> Hello from(Ben) Ada');
    ada.board.undo();
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('> Hello(Ben)');
    ada.board.redo();
    await table.settled([ada, ben]);
    // What came back stands in one piece: where its letters stood between others' is not known any more.
    expect(ben.text(note).replace('(Ben)', '')).toBe('> Hello from Ada');
  });

  test('what was deleted comes back; a step that has nothing left to do is passed over', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.type(note, 'text', 0, 5, 'Bye');
    table.clock.pass(2_000);
    add(table, ada, note, '!');
    await table.settled([ada, ben]);
    ben.board.type(note, 'text', 3, 1, '');
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Bye');
    ada.board.undo(); // the "!" is gone already
    expect(ada.text(note)).toBe('Hello');
  });

  test('reaches further back than the window of the fold', async () => {
    const { table, ada, ben, note } = await together();
    add(table, ada, note, ' Ada');
    await table.settled([ada, ben]);
    for (let i = 0; i < 150; i += 1) {
      ben.board.type(note, 'text', 0, 0, 'b');
      await table.settled([ada, ben]);
    }
    ada.board.undo();
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe(`${'b'.repeat(150)}Hello`);
  });

  test('works on words that are only on this device', async () => {
    const { table, ada, ben, note } = await together();
    ada.device.isOnline = false;
    ada.cut();
    add(table, ada, note, ' one');
    add(table, ada, note, ' two');
    ada.board.undo();
    ben.board.type(note, 'text', 0, 0, '* ');
    await table.settled([ben]);
    ada.device.isOnline = true;
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('* Hello one');
    ada.board.undo();
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('* Hello');
  });
});

describe('everything else', () => {
  test('a move goes back, unless somebody moved it since', async () => {
    const { table, ada, ben, note } = await together();
    const x = (page: Page): unknown => page.board.view.elements.get(note)?.prop('x');
    ada.board.set(new Map([[note, { x: 100, y: 50 }]]));
    expect(ada.board.undo()).toEqual([note]);
    expect(x(ada)).toBe(0);
    ada.board.redo();
    await table.settled([ada, ben]);
    ben.board.set(new Map([[note, { x: 7 }]]));
    await table.settled([ada, ben]);
    ada.board.undo(); // y is still Ada's, x is Ben's now
    await table.settled([ada, ben]);
    expect(x(ben)).toBe(7);
    expect(ben.board.view.elements.get(note)?.prop('y')).toBe(0);
  });

  test('a birth is undone by setting aside, unless somebody has written there', async () => {
    const { table, ada, ben, note } = await together();
    const [fresh = ''] = ada.board.add([{ type: 'note', values: {} }]);
    expect(ada.board.undo()).toEqual([fresh]);
    expect(ada.board.view.elements.get(fresh)?.aside).not.toBeNull();
    ada.board.redo();
    expect(ada.board.view.elements.get(fresh)?.aside).toBeNull();
    await table.settled([ada, ben]);
    ben.board.type(fresh, 'text', 0, 0, 'mine');
    await table.settled([ada, ben]);
    expect(ada.board.undo()).toEqual([note]); // passed over: Ben's words are in it
    expect(ada.board.view.elements.get(fresh)?.aside).toBeNull();
  });

  test('setting aside is undone, unless somebody brought it back since', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.setAside([note], 'why');
    ada.board.undo();
    expect(ada.board.view.elements.get(note)?.aside).toBeNull();
    ada.board.redo();
    expect(ada.board.view.elements.get(note)?.aside?.why).toBe('why');
    await table.settled([ada, ben]);
    ben.board.bringBack([note]);
    ben.board.setAside([note], 'Ben’s reason');
    await table.settled([ada, ben]);
    ada.board.undo();
    expect(ada.board.view.elements.get(note)?.aside?.why).toBe('Ben’s reason');
  });

  test('says when there is something to undo', async () => {
    const { table, ada, note } = await together();
    const said: boolean[] = [];
    ada.board.subscribe((event) => {
      if (event.kind === 'undo') said.push(ada.board.canUndo, ada.board.canRedo);
    });
    ada.board.undo();
    add(table, ada, note, 'x');
    expect(said).toEqual([false, true, true, false]);
    expect(ada.board.redo()).toBeNull();
  });

  test('words that describe a drawing are taken back', async () => {
    const { table, ada, ben } = await together();
    const points = new Uint8Array([2, 2, 9]);
    const [ink = ''] = ada.board.add([{ type: 'ink', values: {}, ink: { count: 1, points } }]);
    ada.board.extendInk(ink, 1, points);
    ada.board.set(new Map(), new Map([[ink, { alt: 'a line' }]]));
    await table.settled([ada, ben]);
    expect(ben.board.view.elements.get(ink)?.words.get('alt')).toBe('a line');
    expect(ben.board.view.elements.get(ink)?.inkCount()).toBe(2);
    ada.board.undo();
    expect(ada.board.view.elements.get(ink)?.words.get('alt')).toBe('');
    ada.board.undo();
    expect(ada.board.view.elements.get(ink)?.aside).not.toBeNull();
  });
});

describe('several acts as one step', () => {
  test('are undone and done again together, others’ part left out', async () => {
    const { table, ada, ben, note } = await together();
    const [zone = '', line = ''] = ada.board.together(() => {
      const ids = ada.board.add([
        { id: 'zone-of-ada', type: 'zone', values: { w: 300 } },
        { type: 'connector', values: { from: 'zone-of-ada', to: note } },
      ]);
      ada.board.set(new Map([[note, { x: 40, colour: 'mint' }]]));
      return ids;
    });
    await table.settled([ada, ben]);
    expect(zone).toBe('zone-of-ada');
    expect(ben.board.view.elements.get(line)?.prop('from')).toBe(zone);
    ben.board.set(new Map([[note, { colour: 'sky' }]]));
    await table.settled([ada, ben]);
    ada.board.undo();
    await table.settled([ada, ben]);
    const now = (id: string) => ben.board.view.elements.get(id);
    expect([now(zone)?.aside === null, now(line)?.aside === null, now(note)?.prop('x'), now(note)?.prop('colour')]).toEqual([
      false,
      false,
      0,
      'sky',
    ]);
    ada.board.redo();
    await table.settled([ada, ben]);
    expect([now(zone)?.aside, now(line)?.aside, now(note)?.prop('x')]).toEqual([null, null, 40]);
  });

  test('that do nothing are no step, and steps before stay their own', async () => {
    const { ada, note } = await together();
    ada.board.set(new Map([[note, { x: 8 }]]));
    ada.board.together(() => undefined);
    ada.board.together(() => ada.board.set(new Map([[note, { x: 16 }]])));
    ada.board.undo();
    expect(ada.board.view.elements.get(note)?.prop('x')).toBe(8);
    ada.board.undo();
    expect(ada.board.view.elements.get(note)?.prop('x')).toBe(0);
  });
});
