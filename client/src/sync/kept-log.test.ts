// The whole record on a device (PROTOCOL-65): kept as it comes, fetched where it lacks, without what was withdrawn.

import { decodeMulti, encode } from '@msgpack/msgpack';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Board, newBoard } from '../core/board.ts';
import { type AnyEdit, type Entry, readHead } from '../core/edits.ts';
import { encodeEntry, encodeHead, foundEntry } from '../core/entry.ts';
import { applyEntry } from '../core/fold.ts';
import { Chance } from '../../tests/support/chance.ts';
import { Clock } from '../../tests/support/clock.ts';
import { Http } from './http.ts';
import { joined, KeptLog } from './kept-log.ts';
import { MemoryStore } from './pending.ts';

const SPACE = 'space-kept';
const BOARD = 'board-kept';
const SALT = new Uint8Array(16);

class LastingStore extends MemoryStore {
  override readonly isLasting = true;
}

/** A log that goes on, and its board. */
class Log {
  readonly entries: Entry[] = [];
  readonly board: Board = newBoard(SPACE, BOARD);

  constructor(title = 'Kept') {
    this.put(foundEntry(SPACE, BOARD, new Uint8Array(32), title, SALT));
  }

  put([head, body]: readonly [Uint8Array, Uint8Array | null]): Entry {
    const entry: Entry = [this.board.seq + 1, 1000 + this.board.seq, head, body];
    this.entries.push(entry);
    applyEntry(this.board, entry);
    return entry;
  }

  note(n: number): Entry {
    const edit: AnyEdit = { kind: 'add', element: `note-${n}-xx`, hand: 'hand-xxxx', k: 1, base: this.board.seq, type: 'note', values: new Map() };
    return this.put(encodeEntry(edit, 'author-a', SALT));
  }
}

describe('a kept record', () => {
  let clock: Clock;
  let store: LastingStore;
  let log: Log;
  let asked: string[];
  let kept: KeptLog;

  function anew(): KeptLog {
    const http = new Http(SPACE, 'secret', '', (path) => {
      asked.push(path);
      const after = Number(path.split('after=')[1]);
      const page = log.entries.filter(([seq]) => seq > after).slice(0, 3);
      return Promise.resolve(new Response(joined(page.map((entry) => encode(entry))) as BodyInit));
    });
    return new KeptLog(BOARD, { space: SPACE, store, timers: clock, http });
  }

  async function settle(ms: number): Promise<void> {
    for (let i = 0; i < 40; i += 1) {
      clock.pass(ms / 40);
      for (let j = 0; j < 20; j += 1) await Promise.resolve();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  async function held(): Promise<Entry[]> {
    return (await store.log(SPACE, BOARD)).flatMap(({ data }) => [...decodeMulti(data)] as Entry[]);
  }

  beforeEach(async () => {
    clock = new Clock(new Chance(1));
    store = new LastingStore();
    log = new Log();
    asked = [];
    kept = anew();
    await kept.begin();
  });

  test('what comes is kept, in order, and nothing is asked for', async () => {
    kept.live(log.entries);
    kept.live([log.note(1), log.note(2)]);
    kept.want(log.board.seq, log.board.chain);
    await settle(10_000);
    expect(await held()).toEqual(log.entries);
    expect(asked).toEqual([]);
  });

  test('what came before is fetched in pieces, and goes on where it stopped', async () => {
    for (let n = 1; n <= 7; n += 1) log.note(n);
    kept.want(log.board.seq, log.board.chain);
    await settle(60_000);
    expect(await held()).toEqual(log.entries);
    expect(asked).toHaveLength(3);
    log.note(8);
    asked = [];
    kept = anew();
    await kept.begin();
    kept.want(log.board.seq, log.board.chain);
    await settle(10_000);
    expect(await held()).toEqual(log.entries);
    expect(asked.map((path) => path.split('?')[1])).toEqual(['after=8']);
  });

  test('a record that is another one is fetched anew', async () => {
    kept.live(log.entries);
    await kept.save();
    log = new Log('Another');
    kept.want(log.board.seq, log.board.chain);
    await settle(10_000);
    expect(await held()).toEqual(log.entries);
  });

  test('FOLD-90: withdrawn words leave the device', async () => {
    kept.live(log.entries);
    kept.live([log.note(1)]);
    const text: AnyEdit = { kind: 'text', element: 'note-1-xx', hand: 'hand-xxxx', k: 2, base: 2, field: 'text', splices: [[0, 0, 5]], inserted: 'shame' };
    kept.live([log.put(encodeEntry(text, 'author-a', SALT))]);
    await kept.save();
    expect((await held())[2]?.[3]).not.toBeNull();
    const head = { kind: 'withdraw', author: 'author-a', element: 'note-1-xx', hand: 'hand-xxxx', k: 3, base: 3, ranges: [] } as const;
    kept.live([log.put([encodeHead(head as unknown as Parameters<typeof encodeHead>[0]), null])]);
    expect(readHead(log.entries[3]?.[2] as Uint8Array)?.kind).toBe('withdraw');
    await kept.save();
    expect((await held())[2]).toEqual([...(log.entries[2] as Entry).slice(0, 3), null]);
  });

  test('a browser that keeps nothing asks for nothing', async () => {
    store = new MemoryStore() as LastingStore;
    kept = anew();
    await kept.begin();
    kept.want(log.board.seq, log.board.chain);
    await settle(10_000);
    expect(asked).toEqual([]);
  });
});
