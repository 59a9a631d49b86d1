// One contract for both stores: IndexedDB (here in memory, by another's hand) and the one for browsers that keep nothing.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { type BoardRecord, DeviceStore, type GroupRecord, LEASE_MS, MemoryStore, type PendingStore } from './pending.ts';

const SPACE = 'space-one';
const BOARD = 'board-one';

function group(tab: string, rank: number, board = BOARD): GroupRecord {
  const edit = {
    kind: 'set' as const,
    element: 'note-one',
    hand: 'hand-one',
    k: rank,
    base: 5,
    values: new Map<string, number | string>([['x', 1]]),
    words: new Map<string, string>(),
  };
  const items = [{ edit, change: { op: [], words: '' }, over: { seq: 5, chain: new Uint8Array(32) } }];
  return { space: SPACE, board, tab, rank, session: `session-${tab}`, n: rank, size: 1, unfolded: 1, items };
}

function state(tab: string, seq: number): BoardRecord {
  return { space: SPACE, board: BOARD, tab, seq, data: new Uint8Array([seq, 2, 3]) };
}

function lease(tab: string, until: number, author = 'author-one') {
  return { tab, space: SPACE, author, lease: until, isClaimed: false };
}

const OPENERS: readonly (readonly [string, boolean, () => Promise<PendingStore>])[] = [
  ['on the device', true, async () => DeviceStore.open('a-test')],
  ['in memory', false, async () => Promise.resolve(new MemoryStore())],
];

beforeEach(() => {
  Object.assign(globalThis, { indexedDB: new IDBFactory() });
});

describe.each(OPENERS)('a store %s', (_, isLasting, open) => {
  test('says whether it lasts', async () => {
    expect((await open()).isLasting).toBe(isLasting);
  });

  test('gives back what a tab left, in order, maps and bytes as they were, and only once', async () => {
    const store = await open();
    await store.renew(lease('tab-one', 100));
    await store.write(SPACE, 'tab-one', { put: [group('tab-one', 2), group('tab-one', 1)], state: state('tab-one', 7) });
    const left = await store.claim(SPACE, BOARD, 'tab-one', 'tab-two', 100);
    expect(left?.groups).toEqual([group('tab-two', 1), group('tab-two', 2)].map((one) => ({ ...one, session: 'session-tab-one' })));
    expect(left?.state).toEqual(state('tab-two', 7));
    expect(await store.claim(SPACE, BOARD, 'tab-one', 'tab-three', 100)).toBeNull();
    expect(await store.latest(SPACE, BOARD)).toEqual(state('tab-two', 7));
  });

  test('a lease keeps others away; who was claimed learns of it', async () => {
    const store = await open();
    expect(await store.renew(lease('tab-one', 100))).toBe(true);
    await store.write(SPACE, 'tab-one', { put: [group('tab-one', 1)] });
    expect(await store.claim(SPACE, BOARD, 'tab-one', 'tab-two', 99)).toBeNull();
    expect(await store.renew(lease('tab-one', 200))).toBe(true);
    expect(await store.claim(SPACE, BOARD, 'tab-one', 'tab-two', 200)).not.toBeNull();
    expect(await store.renew(lease('tab-one', 300))).toBe(false);
  });

  test('writes and deletes together, by tab', async () => {
    const store = await open();
    await store.renew(lease('tab-one', 0));
    await store.renew(lease('tab-two', 10));
    await store.write(SPACE, 'tab-one', { put: [group('tab-one', 1), group('tab-one', 2, 'board-two')] });
    await store.write(SPACE, 'tab-two', { put: [group('tab-two', 1)] });
    expect(await store.left(SPACE, 'author-one')).toEqual([
      { tab: lease('tab-two', 10), boards: [BOARD] },
      { tab: lease('tab-one', 0), boards: [BOARD, 'board-two'] },
    ]);
    expect(await store.left(SPACE, 'author-two')).toEqual([]);
    await store.write(SPACE, 'tab-one', { gone: [{ board: BOARD, rank: 1 }], put: [group('tab-one', 3, 'board-two')] });
    const left = await store.left(SPACE, 'author-one');
    expect(left.map(({ boards }) => boards)).toEqual([[BOARD], ['board-two']]);
    await store.write(SPACE, 'tab-one', { gone: [{ board: BOARD, rank: 1 }] }); // a repeat is harmless
  });

  test('the latest state of any tab', async () => {
    const store = await open();
    expect(await store.latest(SPACE, BOARD)).toBeNull();
    await store.write(SPACE, 'tab-one', { state: state('tab-one', 9) });
    await store.write(SPACE, 'tab-two', { state: state('tab-two', 4) });
    expect((await store.latest(SPACE, BOARD))?.seq).toBe(9);
    expect(await store.latest(SPACE, 'board-two')).toBeNull();
  });

  test('tidies up what nobody needs, and nothing else', async () => {
    const store = await open();
    await store.renew(lease('tab-gone', 0));
    await store.renew(lease('tab-left', 0));
    await store.renew(lease('tab-here', 1e9));
    await store.write(SPACE, 'tab-left', { put: [group('tab-left', 1)], state: state('tab-left', 3) });
    await store.write(SPACE, 'tab-gone', { state: state('tab-gone', 2) });
    await store.write(SPACE, 'tab-here', { state: state('tab-here', 1) });
    await store.tidy(SPACE, LEASE_MS + 1);
    expect(await store.claim(SPACE, BOARD, 'tab-left', 'tab-here', LEASE_MS + 1)).not.toBeNull();
    expect((await store.latest(SPACE, BOARD))?.seq).toBe(3);
  });

  test('a space, until it changes', async () => {
    const store = await open();
    expect(await store.space(SPACE)).toBeNull();
    const record = { space: SPACE, title: 'One', link: 'mark', mayEdit: true, boards: [{ board: BOARD, title: 'A' }] };
    await store.keepSpace(record);
    await store.keepSpace({ ...record, title: 'Two' });
    expect(await store.space(SPACE)).toEqual({ ...record, title: 'Two' });
    for (let i = 0; i < 12; i += 1) await store.keepCopy(state('tab-one', i));
  });
});

test('a browser that keeps nothing gets the store in memory, which says so', async () => {
  Object.assign(globalThis, { indexedDB: { open: () => { throw new Error('closed'); } } });
  expect((await DeviceStore.open('a-test')).isLasting).toBe(false);
  Object.assign(globalThis, { indexedDB: new IDBFactory() });
  expect((await DeviceStore.open('a-test')).isLasting).toBe(true);
});
