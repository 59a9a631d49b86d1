// Whole tables of clients against a server in memory: any order of delivery, broken connections, closed and killed pages,
// refusals. In the end all hold the log's board, everything written is there exactly once, and nothing is pending.

import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { DeviceStore } from './pending.ts';
import { Crowd } from '../../tests/support/crowd.ts';

const ROUNDS = Array.from({ length: 12 }, (_, i) => i);
/** Seeds that once failed: deletions of others' words came back with these after a rollback. */
const PINNED = [14, 16, 32, 35, 90, 102, 131, 133, 141];
const TROUBLES = { cut: 3, time: 5, refuse: 3, offline: 2, reload: 1, crash: 1 };

describe('a table of clients', () => {
  test.each(ROUNDS)('ends with one board, whatever happens (%i)', async () => {
    const crowd = new Crowd(undefined, 3);
    await crowd.join();
    await crowd.play(250, 'undoes', TROUBLES);
    expect(crowd.faults(await crowd.end(), 'undoes'), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  });

  test.each(ROUNDS)('has every word exactly once (%i)', async () => {
    const crowd = new Crowd(undefined, 3);
    await crowd.join();
    await crowd.play(250, 'adds', TROUBLES);
    expect(crowd.faults(await crowd.end(), 'adds'), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  });

  test.each(ROUNDS.slice(0, 3))('and so it is with IndexedDB (%i)', async (round) => {
    const stores = await Promise.all([0, 1].map((i) => DeviceStore.open(`device-${i}-${round}`)));
    const crowd = new Crowd(undefined, 2, stores);
    await crowd.join();
    await crowd.play(150, 'adds', { ...TROUBLES, crash: 0 }); // a crash may take what was being written
    expect(crowd.faults(await crowd.end(), 'adds'), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  });

  test.each([...ROUNDS, ...PINNED])('puts back what a rolled-back log lost, deletions too (%i)', async (round) => {
    const crowd = new Crowd(PINNED.includes(round) ? round : undefined, 3);
    await crowd.join();
    await crowd.play(250, 'deletes', { cut: 3, time: 5, refuse: 3, offline: 2, rollback: 2 });
    expect(crowd.faults(await crowd.end(), 'deletes'), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  });
});
