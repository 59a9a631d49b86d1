/**
 * What one board keeps on this device, and what is sent once it is kept.
 *
 * Writes and what is sent after them form one queue: nothing leaves before it is on the device. What comes while the store is
 * still writing is written together, so a fast typist's last letters wait for one write and not for one each; a page that is
 * killed loses what was typed in these milliseconds.
 *
 * `where` is what the status says, and is honest: `device` only when the store has said that it has everything. If the store
 * fails (full, blocked, taken away) all goes on in memory, edits are sent all the same, and every few seconds everything that
 * is pending is tried again.
 */

import { toCanonical } from '../core/canonical.ts';
import type { Board } from '../core/board.ts';
import type { FromParticipant } from '../wire/types.ts';
import type { Kept } from './interface.ts';
import type { Group } from './outbox.ts';
import type { BoardRecord, GroupRecord, Keeping as Changes, PendingStore } from './pending.ts';
import { groupOut } from './records.ts';
import type { Tab } from './tab.ts';
import type { Timers } from './timers.ts';

const FIRST_SAVE_MS = 500;
const SAVE_MS = 5_000;
/** Saving may take a fiftieth of the time, on the largest board too. */
const SAVE_SHARE = 50;
const AGAIN_MS = 4_000;

/** What keeping needs of the space. */
export interface Keeper {
  readonly space: string;
  readonly store: PendingStore;
  readonly timers: Timers;
  readonly tab: Tab;
  /** Which connection this is; null while there is none. */
  readonly epoch: number | null;
  send(frame: FromParticipant): void;
  /** The device could not keep something. */
  cannotKeep(): void;
}

/** The board as it stands: its fold, and all that is pending on it. */
interface Held {
  readonly confirmed: Board;
  readonly groups: readonly Group[];
}

/** Groups to keep (null: to forget) by rank, and frames to send after that, each for one connection. */
interface Batch {
  readonly tab: string;
  readonly records: Map<number, GroupRecord | null>;
  readonly frames: { readonly frame: FromParticipant; readonly epoch: number | null }[];
}

export class Keeping {
  readonly #board: string;
  readonly #keeper: Keeper;
  readonly #held: () => Held;
  /** `where` may have changed. */
  readonly #changed: () => void;
  #queue: Promise<void> = Promise.resolve();
  /** What waits for the write before it; null once that is under way. */
  #batch: Batch | null = null;
  /** Writes of groups that the store has not answered. */
  #writing = 0;
  #hasFailed = false;
  #stopSave: (() => void) | null = null;
  #stopAgain: (() => void) | null = null;
  #savedSeq = 0;
  #saveMs = FIRST_SAVE_MS;

  constructor(board: string, keeper: Keeper, held: () => Held, changed: () => void) {
    this.#board = board;
    this.#keeper = keeper;
    this.#held = held;
    this.#changed = changed;
  }

  /** Where all that is pending is, at the least. */
  get where(): Kept {
    if (!this.#keeper.store.isLasting || this.#hasFailed) return 'page';
    return this.#writing > 0 ? 'writing' : 'device';
  }

  /** The board's state up to here is on the device (or is of no use there: 0). */
  begin(seq: number): void {
    this.#savedSeq = seq;
  }

  /** Keep and forget groups, then send `frames`: in this order, and in the order of all that was kept and sent before. */
  keep(put: Iterable<Group>, gone: Iterable<Group>, frames: readonly FromParticipant[]): void {
    const { tab, epoch } = this.#keeper;
    const { confirmed, groups } = this.#held();
    const records = [...(this.#hasFailed ? groups : put)].map((group) => groupOut(group, confirmed, tab.id));
    const done = [...gone].map((group) => group.rank);
    if (records.length + done.length + frames.length === 0) return;
    const open = this.#batch?.tab === tab.id ? this.#batch : null;
    const mine: Batch = open ?? { tab: tab.id, records: new Map(), frames: [] };
    for (const rank of done) mine.records.set(rank, null);
    for (const record of records) mine.records.set(record.rank, record);
    for (const frame of frames) mine.frames.push({ frame, epoch });
    if (open !== null) return;
    this.#batch = mine;
    this.#after(() => this.#write(mine), true).then(() => this.#send(mine), () => undefined);
  }

  /** Does `call` after all that was kept before. `isPending`: what is pending hangs on it. */
  #after(call: () => Promise<void>, isPending: boolean): Promise<void> {
    if (isPending) this.#writing += 1;
    const run = async (): Promise<void> => {
      try {
        await call();
        if (isPending) this.#hasFailed = false;
      } catch {
        if (isPending) this.#failed();
        this.#keeper.cannotKeep();
      }
      if (isPending) this.#writing -= 1;
      if (isPending && this.#writing === 0) this.#changed();
    };
    this.#queue = this.#queue.then(run);
    return this.#queue;
  }

  async #write(batch: Batch): Promise<void> {
    if (this.#batch === batch) this.#batch = null;
    if (batch.records.size === 0) return;
    const put = [...batch.records.values()].filter((record) => record !== null);
    const ended = [...batch.records].filter(([, record]) => record === null);
    const gone = ended.map(([rank]) => ({ board: this.#board, rank }));
    await this.#keeper.store.write(this.#keeper.space, batch.tab, { put, gone });
  }

  /** The next write holds everything that is pending, and comes soon if nobody writes. */
  #failed(): void {
    this.#hasFailed = true;
    this.#stopAgain ??= this.#keeper.timers.after(AGAIN_MS, () => {
      this.#stopAgain = null;
      if (this.#hasFailed) this.keep(this.#held().groups, [], []);
    });
  }

  async #send({ frames }: Batch): Promise<void> {
    if (frames.length === 0 || !(await this.#keeper.tab.mayGoOn())) return;
    for (const { frame, epoch } of frames) if (this.#keeper.epoch === epoch) this.#keeper.send(frame);
  }

  /** Keep the board's state before long, if it moved on. */
  saveSoon(): void {
    if (this.#held().confirmed.seq === this.#savedSeq) return;
    this.#stopSave ??= this.#keeper.timers.after(this.#saveMs, () => this.save());
  }

  /** Keep the board as it is folded, with everything pending as it stands over it. */
  save(): void {
    this.#stopSave?.();
    this.#stopSave = null;
    const { confirmed, groups } = this.#held();
    const { seq } = confirmed;
    if (seq === this.#savedSeq) return;
    const { space, tab, timers } = this.#keeper;
    const began = timers.now();
    const state = { space, board: this.#board, tab: tab.id, seq, data: toCanonical(confirmed) };
    const put = groups.map((group) => groupOut(group, confirmed, tab.id));
    this.#batch = null; // what comes later is written later
    this.#savedSeq = seq;
    this.#saveMs = Math.max(SAVE_MS, (timers.now() - began) * SAVE_SHARE);
    void this.#after(() => this.#store({ put, state }, tab.id), put.length > 0);
  }

  #store(changes: Changes, tab: string): Promise<void> {
    return this.#keeper.store.write(this.#keeper.space, tab, changes);
  }

  /** Somebody withdrew words: what this device holds of the board is written anew at once, and nothing older is left (PROTOCOL-73). */
  withdraw(): void {
    const { seq } = this.#held().confirmed;
    const { space, store } = this.#keeper;
    this.save();
    void this.#after(() => store.forgetOlder(space, this.#board, seq), false);
  }

  /** Keep a copy of a board that the server came back without. */
  copy(record: BoardRecord): void {
    void this.#after(() => this.#keeper.store.keepCopy(record), false);
  }

  /** Resolves once all that is to be kept so far is kept. */
  async kept(): Promise<void> {
    await this.#queue;
  }

  /** No more timers. */
  stop(): void {
    this.#stopSave?.();
    this.#stopSave = null;
    this.#stopAgain?.();
    this.#stopAgain = null;
  }
}
