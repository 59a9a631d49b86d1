// Notes without a name (PROTOCOL-80 to -83): what others get, when, and whose they are.

import { describe, expect, test } from 'vitest';
import { isAnonymous } from '../core/anonymous.ts';
import { newBoard } from '../core/board.ts';
import { ANONYMOUS_AWAY_S, ANONYMOUS_LEAST_S, ANONYMOUS_MOST_S } from '../wire/limits.ts';
import { type Page, Table } from '../../tests/support/table.ts';
import { placeFor } from './placing.ts';
import { Slips } from './slips.ts';

async function together(): Promise<{ table: Table; ada: Page; ben: Page }> {
  const table = new Table();
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  await table.settled([ada, ben]);
  return { table, ada, ben };
}

/** Lets the longest wait pass, a little at a time, as the world does. */
async function wait(table: Table, pages: readonly Page[], seconds = ANONYMOUS_MOST_S + 5): Promise<void> {
  for (let s = 0; s < seconds; s += 1) {
    table.clock.pass(1_000);
    while (await table.move());
    await table.settled(pages);
  }
}

function notes(page: Page): string[] {
  return [...page.board.confirmed.elements.values()].map((one) => one.text());
}

describe('a note without a name', () => {
  test('is not in anybody’s view, and no word of it sent, before it goes out; then it is nobody’s', async () => {
    const { table, ada, ben } = await together();
    const before = table.server.log.board.seq;
    const id = ada.board.anonymous.put('Quiet') ?? '';
    await table.settled([ada, ben]);
    expect([table.server.log.board.seq, ada.board.view.elements.size]).toEqual([before, 0]);
    expect(ada.board.anonymous.waiting).toMatchObject([{ element: id, text: 'Quiet', kind: 'put', canCallOff: true }]);
    table.clock.pass(ANONYMOUS_LEAST_S * 1000 - 1);
    await table.settled([ada, ben]);
    expect(table.server.log.board.seq).toBe(before);
    await wait(table, [ada, ben]);
    const element = ben.board.confirmed.elements.get(id);
    expect(element?.text()).toBe('Quiet');
    expect(isAnonymous(element?.born.author ?? '')).toBe(true);
    expect([...(element?.hands.values() ?? [])].map(({ author }) => author)).toEqual([element?.born.author]);
    expect(ada.board.anonymous.waiting).toEqual([]);
    expect([ada.board.anonymous.isMine(id), ben.board.anonymous.isMine(id)]).toEqual([true, false]);
  });

  test('is called off while it waits, and then was never there', async () => {
    const { table, ada, ben } = await together();
    const id = ada.board.anonymous.put('Never mind') ?? '';
    ada.board.anonymous.takeAway(id);
    await wait(table, [ada, ben]);
    expect(notes(ben)).toEqual([]);
    expect(await ada.device.store.anonymous(ada.client.space)).toEqual([]);
  });

  test('is one’s own to undo, in the order in which one did things', async () => {
    const { table, ada, ben } = await together();
    ada.board.add([{ type: 'note', values: { x: 1 }, text: 'named' }]);
    const id = ada.board.anonymous.put('Quiet') ?? '';
    await wait(table, [ada, ben]);
    expect(ada.board.undo()).toEqual([id]);
    await wait(table, [ada, ben]);
    const aside = ben.board.confirmed.elements.get(id)?.aside;
    expect(aside?.stamp.author).toBe(ben.board.confirmed.elements.get(id)?.born.author);
    ada.board.undo();
    await table.settled([ada, ben]);
    expect([...ben.board.confirmed.elements.values()].every((one) => one.aside !== null)).toBe(true);
  });

  test('is said otherwise over what others wrote since', async () => {
    const { table, ada, ben } = await together();
    const id = ada.board.anonymous.put('Quiet words') ?? '';
    await wait(table, [ada, ben]);
    ada.board.anonymous.reword(id, 'Quiet words', 'Quiet new words');
    ben.board.type(id, 'text', 11, 0, '!');
    await table.settled([ada, ben]);
    await wait(table, [ada, ben]);
    expect(ben.text(id)).toBe('Quiet new words!');
    expect(ada.text(id)).toBe('Quiet new words!');
  });

  test('waits on the device while the page is closed, and goes out once', async () => {
    const { table, ada, ben } = await together();
    ada.device.isOnline = false;
    ada.cut();
    const id = ada.board.anonymous.put('From the train') ?? '';
    await table.breathe();
    ada.close();
    ada.device.isOnline = true;
    const again = await ada.device.page();
    expect(again.board.anonymous.waiting.map(({ element }) => element)).toEqual([id]);
    await wait(table, [again, ben], ANONYMOUS_AWAY_S + 5);
    expect(notes(ben)).toEqual(['From the train']);
    expect(again.board.anonymous.isMine(id)).toBe(true);
  });

  test('shows nobody’s hand', async () => {
    const { table, ada, ben } = await together();
    const id = ada.board.anonymous.put('Quiet') ?? '';
    await wait(table, [ada, ben]);
    for (const page of [ada, ben]) {
      page.board.here({ at: [5, 5], selected: [id], caret: { element: id, field: 'text', anchor: 0, head: 0 } });
    }
    await table.settled([ada, ben]);
    table.clock.pass(100);
    while (await table.move());
    const seen = [...ben.board.around.values()];
    expect(seen.map(({ at, selected, caret }) => [at, selected, caret])).toEqual([[[5, 5], [], null]]);
  });
});

describe('slips', () => {
  const board = newBoard('space-one', 'board-one');
  let left = 1;
  const random = (): number => {
    left = (left * 48271) % 2147483647;
    return left / 2147483647;
  };

  test('go out one by one, each under a session, a hand and a key of its own, with the same base', () => {
    const slips = new Slips('space-one', 'board-one', random);
    slips.connected(0);
    for (let i = 0; i < 50; i += 1) slips.put(`Note ${i}`, null, false, 0);
    const frames = [];
    for (let due = slips.nextDue(); due !== null; due = slips.nextDue()) {
      const frame = slips.frameOf(slips.next(due) ?? '', board, due);
      if (frame !== null) frames.push(frame);
      expect(slips.nextDue() ?? Infinity).toBeGreaterThan(due);
    }
    expect(frames).toHaveLength(50);
    for (const name of ['session', 'key'] as const) expect(new Set(frames.map((frame) => frame[name])).size).toBe(50);
    expect(new Set(frames.flatMap((frame) => frame.edits.map((edit) => edit[2]))).size).toBe(50);
    expect(new Set(frames.flatMap((frame) => frame.edits.map((edit) => edit[4])))).toEqual(new Set([1]));
    expect(frames.every(({ n }) => n === 1)).toBe(true);
  });

  test('what was sent and not answered is said again in the same words', () => {
    const slips = new Slips('space-one', 'board-one', random);
    slips.connected(0);
    slips.put('Once', null, false, 0);
    const first = slips.frameOf(slips.next(1e6) ?? '', board, 1e6);
    slips.lost();
    expect(slips.nextDue()).toBeNull();
    slips.connected(2e6);
    expect(slips.next(2e6)).toBeNull();
    expect(slips.frameOf(slips.next(3e6) ?? '', board, 3e6)).toEqual(first);
  });
});

describe('its place', () => {
  test('is free, in the zone that its author chose, and says nothing of where they looked', async () => {
    const { table, ada, ben } = await together();
    const [zone = ''] = ada.board.add([{ type: 'zone', values: { x: 100, y: 100, w: 800, h: 600 } }]);
    ada.board.add([{ type: 'note', values: { x: 140, y: 160 } }]);
    await table.settled([ada, ben]);
    expect(placeFor(ada.board.confirmed, zone)).toEqual({ x: 380, y: 160 });
    expect(placeFor(ben.board.confirmed, zone)).toEqual(placeFor(ada.board.confirmed, zone));
    expect(placeFor(ada.board.confirmed, null)).toEqual({ x: 100, y: 740 });
    expect(placeFor(newBoard('space-one', 'board-one'), null)).toEqual({ x: 0, y: 0 });
  });
});
