// What this device makes of signed tips (PROTOCOL-60 to -62): right ones, wrong ones, and none.

import { ed25519 } from '@noble/curves/ed25519.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Board, newBoard } from '../core/board.ts';
import { foundEntry } from '../core/entry.ts';
import { applyEntry } from '../core/fold.ts';
import { type Tip, tipMessage } from '../core/tip.ts';
import { Chance } from '../../tests/support/chance.ts';
import { Clock } from '../../tests/support/clock.ts';
import { type TipRecord, Watch } from './watch.ts';

const SPACE = 'space-watch';
const BOARD = 'board-watch';
const secret = new Uint8Array(32).fill(7);
const key = ed25519.getPublicKey(secret);

/** A board that goes on, and its chains. */
class Log {
  readonly board: Board = newBoard(SPACE, BOARD);
  readonly #chains: Uint8Array[] = [this.board.chain];

  constructor(title = 'Watched', under = key) {
    this.write(foundEntry(SPACE, BOARD, under, title, new Uint8Array(16)));
  }

  write([head, body]: readonly [Uint8Array, Uint8Array | null] = [new Uint8Array([this.board.seq]), null]): this {
    applyEntry(this.board, [this.board.seq + 1, this.board.at + 5, head, body]);
    this.#chains.push(this.board.chain);
    return this;
  }

  chainAt = (seq: number): Uint8Array | null => this.#chains[seq] ?? null;

  tip(seq = this.board.seq, by = secret): Tip {
    const said = { seq, at: this.board.at, chain: this.chainAt(seq) ?? new Uint8Array(32) };
    return { ...said, signature: ed25519.sign(tipMessage(SPACE, BOARD, said), by) };
  }
}

function sent({ seq, at, chain, signature }: Tip): readonly [number, number, Uint8Array, Uint8Array] {
  return [seq, at, chain, signature];
}

describe('watching a record', () => {
  let clock: Clock;
  let kept: TipRecord[];
  let watch: Watch;
  let log: Log;

  function anew(): Watch {
    return new Watch(clock, () => undefined, (record) => void kept.push(record));
  }

  function look(watched: Watch = watch, at: Log = log, isCurrent = true): void {
    watched.look(at.board, at.chainAt, isCurrent);
  }

  beforeEach(() => {
    clock = new Clock(new Chance(1));
    kept = [];
    watch = anew();
    log = new Log().write().write();
  });

  test('PROTOCOL-61: a right tip is kept', () => {
    watch.opened(sent(log.tip()), 3);
    look();
    expect(watch.tip?.seq).toBe(3);
    expect(watch.doubts).toEqual([]);
    expect(kept.map(({ tip }) => tip.seq)).toEqual([3]);
  });

  test('PROTOCOL-60: a tip that is ahead of the entries waits for them', () => {
    look();
    const later = new Log().write().write().write().write();
    watch.hear(later.tip());
    look();
    expect(watch.tip).toBeNull();
    look(watch, later);
    expect(watch.tip?.seq).toBe(5);
    expect(watch.doubts).toEqual([]);
  });

  test.each([
    ['forged', () => log.tip(3, new Uint8Array(32).fill(8))],
    ['other', () => new Log('Another').write().write().tip()],
  ])('PROTOCOL-62: %s', (doubt, tip) => {
    watch.hear(tip());
    look();
    expect(watch.doubts).toEqual([doubt]);
    expect(watch.tip).toBeNull();
    expect(kept).toEqual([]);
  });

  test('PROTOCOL-62: a server that signed more than it has', () => {
    watch.opened(sent(log.tip()), 2);
    expect(watch.doubts).toEqual(['cut']);
  });

  test('PROTOCOL-62: a board that does not come up to what was right before the page was closed', () => {
    watch.begin({ space: SPACE, board: BOARD, key, tip: new Log().write().write().write().tip() });
    look();
    clock.pass(11_000);
    expect(watch.doubts, 'another worker may be a moment behind').toEqual([]);
    clock.pass(2_000);
    expect(watch.doubts).toEqual(['cut']);
    look(watch, new Log().write().write().write());
    expect(watch.doubts, 'it was put back').toEqual([]);
  });

  test('PROTOCOL-62: a board that comes up to it, as another one', () => {
    watch.begin({ space: SPACE, board: BOARD, key, tip: log.tip() });
    look(watch, new Log('Another').write().write());
    expect(watch.doubts).toEqual(['other']);
  });

  test('PROTOCOL-62: another key', () => {
    watch.begin({ space: SPACE, board: BOARD, key, tip: log.tip() });
    look(watch, new Log('Watched', ed25519.getPublicKey(new Uint8Array(32).fill(9))).write().write());
    expect(watch.doubts).toContain('key');
  });

  test('PROTOCOL-62: entries that nobody vouches for', () => {
    look();
    clock.pass(44_000);
    expect(watch.doubts).toEqual([]);
    clock.pass(2_000);
    expect(watch.doubts).toEqual(['unsigned']);
    watch.hear(log.tip());
    look();
    expect(watch.doubts, 'it came after all').toEqual([]);
  });

  test('a connection that is lost, and time without one, are no doubt', () => {
    look();
    clock.pass(30_000);
    look(watch, log, false);
    clock.pass(3_600_000);
    look();
    clock.pass(30_000);
    watch.opened(sent(log.tip()), 3);
    look();
    clock.pass(3_600_000);
    expect(watch.doubts).toEqual([]);
  });

  test('an older tip, from a worker that was a moment behind, changes nothing', () => {
    watch.hear(log.tip());
    look();
    watch.hear(log.tip(2));
    look();
    expect([watch.tip?.seq, watch.doubts]).toEqual([3, []]);
  });

  test('a rollback is over once the board has again what was right, and stays otherwise until it was seen', () => {
    watch.hear(log.tip());
    look();
    watch.doubt('rewound');
    look(watch, new Log().write());
    expect(watch.doubts).toEqual(['rewound']);
    look();
    expect(watch.doubts).toEqual([]);
    watch.doubt('rewound');
    watch.noticed();
    expect(watch.doubts).toEqual([]);
  });
});
