// Whole tables of clients against a server in memory: any order of delivery, broken connections, closed and killed pages,
// refusals. In the end all hold the log's board, everything written is there exactly once, and nothing is pending.

import { describe, expect, test } from 'vitest';
import { Crowd } from '../../tests/support/crowd.ts';

const ROUNDS = Array.from({ length: 12 }, (_, i) => i);
const TROUBLES = { cut: 3, time: 5, refuse: 3, offline: 2, reload: 1, crash: 1 };

describe('a table of clients', () => {
  test.each(ROUNDS)('ends with one board, whatever happens (%i)', async () => {
    const crowd = new Crowd(undefined, 3);
    await crowd.join();
    await crowd.play(250, true, TROUBLES);
    expect(crowd.faults(await crowd.end(), true), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  }, 60_000);

  test.each(ROUNDS)('has every word exactly once (%i)', async () => {
    const crowd = new Crowd(undefined, 3);
    await crowd.join();
    await crowd.play(250, false, TROUBLES);
    expect(crowd.faults(await crowd.end(), false), `SEED=${crowd.table.chance.seed}`).toEqual([]);
  }, 60_000);
});
