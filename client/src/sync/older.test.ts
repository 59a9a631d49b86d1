// What a device kept before its page was renewed: a board in an older form is passed over, and nothing pending is lost (FOLD-70).

import { describe, expect, test } from 'vitest';
import { Table } from '../../tests/support/table.ts';
import { inFormat } from '../../tests/vectors/cases.ts';
import { canonicalHash, fromCanonical } from '../core/canonical.ts';
import { type BoardRecord, type Left, MemoryStore } from './pending.ts';

/** A device's store, in which boards lie as an older page wrote them, once it is told so. */
class OlderStore extends MemoryStore {
  override readonly isLasting = true;
  isOlder = false;
  passedOver = 0;

  #older<T extends BoardRecord | null>(state: T): T {
    if (state === null || !this.isOlder) return state;
    const data = inFormat(1, state.data);
    expect(() => fromCanonical(data)).toThrow();
    this.passedOver += 1;
    return { ...state, data };
  }

  override async latest(space: string, board: string): Promise<BoardRecord | null> {
    return this.#older(await super.latest(space, board));
  }

  override async claim(space: string, board: string, from: string, to: string, now: number): Promise<Left | null> {
    const left = await super.claim(space, board, from, to, now);
    return left === null ? null : { ...left, state: this.#older(left.state) };
  }
}

describe('a page that was renewed', () => {
  test('begins from the server where the device has only an older form', async () => {
    const table = new Table();
    const store = new OlderStore();
    const device = table.device('Ada', store);
    const old = await device.page();
    const [note = ''] = old.board.add([{ type: 'note', values: { x: 3 }, text: 'Hello' }]);
    await table.settled([old]);
    table.clock.pass(10_000);
    await table.settled([old]);
    old.close();
    store.isOlder = true;
    const page = await device.page();
    await table.settled([page]);
    expect(store.passedOver).toBeGreaterThan(0);
    expect([page.text(note), canonicalHash(page.board.confirmed)]).toEqual(['Hello', table.hash()]);
    expect(device.told).toEqual([]);
  });

  test.each([5, 200])('brings home what was pending over the older form, though %i entries came since', async (count) => {
    const table = new Table();
    const store = new OlderStore();
    const device = table.device('Ada', store);
    const old = await device.page();
    const ben = await table.device('Ben').page();
    const [note = ''] = old.board.add([{ type: 'note', values: { x: 3 }, text: 'Hello' }]);
    await table.settled([old, ben]);
    table.clock.pass(10_000);
    await table.settled([old, ben]);
    device.isOnline = false;
    old.cut();
    old.board.type(note, 'text', 5, 0, ' from Ada');
    old.board.set(new Map([[note, { colour: 'sky' }]]));
    await table.breathe();
    table.clock.pass(10_000);
    await table.breathe();
    old.close();
    for (let i = 0; i < count; i += 1) ben.board.add([{ type: 'note', values: { x: i } }]);
    ben.board.type(note, 'text', 0, 0, 'Ben: ');
    await table.settled([ben]);
    store.isOlder = true;
    device.isOnline = true;
    const page = await device.page();
    await table.nothingLeft([page, ben]);
    expect(store.passedOver).toBeGreaterThan(0);
    expect([page.text(note), ben.text(note)]).toEqual(['Ben: Hello from Ada', 'Ben: Hello from Ada']);
    expect(ben.board.view.elements.get(note)?.prop('colour')).toBe('sky');
    expect(device.told).toEqual([]);
  });
});
