// Cursors, carets and drags of others (PROTOCOL-30, PROTOCOL-31).

import { describe, expect, test } from 'vitest';
import { MAX_HERE_ELEMENTS } from '../wire/limits.ts';
import type { PresenceIn } from '../wire/types.ts';
import { type Page, Table } from '../../tests/support/table.ts';
import type { Caret } from './interface.ts';

async function together(): Promise<{ table: Table; ada: Page; ben: Page; note: string }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  const [note = ''] = ada.board.add([{ type: 'note', values: {}, text: 'Hello' }]);
  await table.settled([ada, ben]);
  table.clock.pass(1_000);
  return { table, ada, ben, note };
}

function caretOf(page: Page): Caret | null {
  return [...page.board.around.values()][0]?.caret ?? null;
}

function at(note: string, anchor: number, head = anchor): Caret {
  return { element: note, field: 'text', anchor, head };
}

async function quiet(table: Table): Promise<void> {
  while (await table.move());
}

function shown(table: Table): PresenceIn[] {
  return table.server.seen.filter((frame): frame is PresenceIn => frame.t === 'here');
}

describe('carets', () => {
  test('stand where their owner sees them, whatever is written before them', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.here({ caret: at(note, 5, 2) });
    await quiet(table);
    expect(caretOf(ben)).toEqual(at(note, 5, 2));
    ben.board.type(note, 'text', 0, 0, '>> ');
    expect(caretOf(ben)).toEqual(at(note, 8, 5)); // at once, over what is only on this device
    await table.settled([ada, ben]);
    expect(caretOf(ben)).toEqual(at(note, 8, 5));
  });

  test('are pushed along by their owner’s letters, and not by others’', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.here({ caret: at(note, 5) });
    await quiet(table);
    ada.board.type(note, 'text', 5, 0, ' Ada');
    await table.settled([ada, ben]);
    expect(caretOf(ben)).toEqual(at(note, 9));
    ben.board.type(note, 'text', 9, 0, ' Ben');
    await table.settled([ada, ben]);
    expect(caretOf(ben)).toEqual(at(note, 9));
  });

  test('are sent without what only their owner’s device has', async () => {
    const { table, ada, note } = await together();
    ada.board.type(note, 'text', 0, 0, 'pending ');
    ada.board.here({ caret: at(note, 10) });
    await table.breathe();
    const [here] = shown(table);
    void here;
    await table.until(() => shown(table).length === 1);
    expect(shown(table)[0]?.here.caret).toEqual([note, 'text', 2, 2, 2 + 1]);
  });

  test('that came before the words they stand on find their place later', async () => {
    const { table, ada, ben, note } = await together();
    const around = { who: 'somebody', author: 'author-of-others', here: { caret: [note, 'text', 9, 9, 99] as const } };
    for (const wire of table.server.wires) wire.say({ t: 'presence', board: ben.board.info.board, here: [around] });
    await quiet(table);
    expect(caretOf(ben)).toEqual(at(note, 5)); // within what is there
    ada.board.type(note, 'text', 5, 0, ' and more');
    await table.settled([ada, ben]);
    expect([...ben.board.around.values()].find((one) => one.who === 'somebody')?.caret).toEqual(at(note, 9));
  });

  test('one’s own: a token brings a position to the present', async () => {
    const { table, ada, ben, note } = await together();
    const token = ada.board.caretToken(note, 'text');
    ben.board.type(note, 'text', 2, 0, '😀');
    await table.settled([ada, ben]);
    ada.board.type(note, 'text', 0, 1, 'J');
    expect(ada.board.mapCaret(note, 'text', token, 5, true)).toBe(6);
    expect(ada.board.mapCaret(note, 'text', token, 2, false)).toBe(2);
    expect(ada.board.mapCaret(note, 'text', token, 2, true)).toBe(3);
    expect(ada.board.mapCaret(note, 'text', ada.board.caretToken(note, 'text'), 99, true)).toBe(6);
  });
});

describe('presence', () => {
  test('shows cursor, choice, drag and stroke; whole numbers only', async () => {
    const { table, ada, ben, note } = await together();
    const many = Array.from({ length: MAX_HERE_ELEMENTS + 5 }, () => note);
    const stroke = { element: 'stroke-one', x: 1.4, y: 2.6, colour: 'ink', width: 4, points: new Uint8Array([2, 2, 9]) };
    const drag = [{ element: note, x: 1.5, y: 0, w: 200, h: 100 }];
    ada.board.here({ at: [1.2, -3.7], selected: many, drag, stroke });
    await quiet(table);
    const [around] = ben.board.around.values();
    expect(around).toMatchObject({
      author: ada.client.author,
      at: [1, -4],
      drag: [{ element: note, x: 2, y: 0, w: 200, h: 100 }],
      stroke: { ...stroke, x: 1, y: 3 },
    });
    expect(around?.selected).toHaveLength(MAX_HERE_ELEMENTS);
    expect(ada.board.around.size).toBe(0); // not oneself
  });

  test('is sent at most 20 times a second, and the last word always is', async () => {
    const { table, ada } = await together();
    for (let i = 0; i <= 100; i += 1) {
      ada.board.here({ at: [i, 0] });
      table.clock.pass(10);
    }
    table.clock.pass(100);
    await quiet(table);
    const sent = shown(table);
    expect(sent.length).toBeLessThanOrEqual(22);
    expect(sent.at(-1)?.here.at).toEqual([100, 0]);
  });

  test('begins anew after a broken connection', async () => {
    const { table, ada, ben } = await together();
    ada.board.here({ at: [1, 1] });
    await quiet(table);
    expect(ben.board.around.size).toBe(1);
    const heard: string[] = [];
    ben.board.subscribe((event) => void heard.push(event.kind));
    ben.cut();
    expect(ben.board.around.size).toBe(0);
    expect(heard).toEqual(['presence']);
    ada.cut();
    await table.settled([ada, ben]);
    await quiet(table);
    expect(shown(table).at(-1)?.here.at).toEqual([1, 1]); // said once more, unasked
  });
});

describe('moments', () => {
  test('view, laser, look and reaction come through, whole and bounded', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.here({ view: [0.4, -2e9, 900.5, 3e7], laser: true, follow: 'somebody-1', look: [1.5, 2, 300, 200], react: ['heart', note] });
    await quiet(table);
    expect([...ben.board.around.values()][0]).toMatchObject({
      view: [0, -1e9, 901, 1e6],
      laser: true,
      follow: 'somebody-1',
      look: [2, 2, 300, 200, 1],
      react: ['heart', note, 1],
    });
    ada.board.here({});
    table.clock.pass(3_050);
    await quiet(table);
    expect([...ben.board.around.values()][0]).toMatchObject({ view: null, laser: false, look: null, react: null });
  });

  test('last three seconds, whatever is said meanwhile, and go by themselves', async () => {
    const { table, ada, ben, note } = await together();
    ada.board.here({ at: [1, 1], react: ['clap', note] });
    for (let i = 0; i < 290; i += 1) {
      ada.board.here({ at: [i, 0] }); // one that draws on does not take the reaction with it
      table.clock.pass(10);
    }
    await quiet(table);
    const said = shown(table).map((frame) => frame.here.react?.[2] ?? null);
    expect(said.length).toBeGreaterThan(50);
    expect(new Set(said)).toEqual(new Set([1]));
    table.clock.pass(200);
    await quiet(table);
    expect([...ben.board.around.values()][0]).toMatchObject({ at: [289, 0], react: null });
  });

  test('the same, said again, is the same; after a call without, it is new', async () => {
    const { table, ada, ben } = await together();
    const numbers: (number | undefined)[] = [];
    for (const react of [['up', ''], ['up', ''], undefined, ['up', ''], ['wow', '']] as const) {
      ada.board.here(react === undefined ? {} : { react });
      table.clock.pass(60);
      await quiet(table);
      numbers.push([...ben.board.around.values()][0]?.react?.[2]);
    }
    expect(numbers).toEqual([1, 1, 1, 2, 3]);
  });

  test('one that is over is not said again after a broken connection', async () => {
    const { table, ada, ben } = await together();
    ada.board.here({ look: [0, 0, 10, 10] });
    table.clock.pass(60);
    ada.board.here({ at: [5, 5] });
    table.clock.pass(4_000);
    await quiet(table);
    ada.cut();
    await table.settled([ada, ben]);
    await quiet(table);
    expect(shown(table).at(-1)?.here).toEqual({ at: [5, 5] });
  });
});
