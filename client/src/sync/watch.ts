/**
 * Whether the log that a server shows is the one that it signed: this device's own check (PROTOCOL-61, -62). The twin of
 * `server/tablecloth/replica/watch.py`.
 *
 * A tip that came is held until the board is folded up to it; then its signature and its chain are held against the board's key
 * and this device's own chain. The latest right one is kept on the device, so that a server that came back without it is found
 * out after the page was closed too. What doesn't fit is a *doubt*: it stays until the record is whole again or the person has
 * seen it. Nothing is thrown away for it.
 *
 * A lost connection, a server that starts again, or a worker that is a moment behind another is no doubt: what may still come
 * is waited for.
 */

import type { Board } from '../core/board.ts';
import { isSigned, type Tip } from '../core/tip.ts';
import { SEAL_TIP_LATE_S } from '../wire/limits.ts';
import type { Tip as SentTip } from '../wire/types.ts';
import type { Doubt } from './interface.ts';
import type { Timers } from './timers.ts';

/** How long the board may take to come up to a tip that was right before. */
const BEHIND_MS = 12_000;

/** What the device keeps of a board: the key it was under, and its latest right tip. */
export interface TipRecord {
  readonly space: string;
  readonly board: string;
  readonly key: Uint8Array;
  readonly tip: Tip;
}

export function tipIn([seq, at, chain, signature]: SentTip): Tip {
  // Copies: a view would keep the whole message alive.
  return { seq, at, chain: chain.slice(), signature: signature.slice() };
}

function isSame(one: Uint8Array, two: Uint8Array): boolean {
  return one.length === two.length && one.every((byte, i) => byte === two[i]);
}

/** Doubts that are over once the board has again what was right before. */
const MENDED: readonly Doubt[] = ['cut', 'rewound'];

export class Watch {
  readonly #timers: Timers;
  readonly #changed: () => void;
  readonly #keep: (record: TipRecord) => void;
  #doubts: readonly Doubt[] = [];
  /** The latest right tip, and what is still to be reached of what was right before. */
  #tip: Tip | null = null;
  #owed: Tip | null = null;
  #key: Uint8Array | null = null;
  #waiting: Tip | null = null;
  #board: Board | null = null;
  #stopBehind: (() => void) | null = null;
  #stopLate: (() => void) | null = null;

  constructor(timers: Timers, changed: () => void, keep: (record: TipRecord) => void) {
    this.#timers = timers;
    this.#changed = changed;
    this.#keep = keep;
  }

  get doubts(): readonly Doubt[] {
    return this.#doubts;
  }

  /** The latest tip that is signed and is what was folded here. */
  get tip(): Tip | null {
    return this.#tip;
  }

  /** Begin with what the device kept. */
  begin(record: TipRecord | null): void {
    if (record === null || this.#tip !== null) return;
    this.#key = record.key;
    this.#owed = record.tip;
  }

  /** The board was opened up to `seq`, with the last tip that its server signed. */
  opened(sent: SentTip | null, seq: number): void {
    if (sent === null) return;
    const tip = tipIn(sent);
    if (tip.seq > seq) this.doubt('cut');
    else this.hear(tip);
  }

  /** The server vouches for the board up to here; it may not be folded yet. */
  hear(tip: Tip): void {
    if (this.#waiting === null || tip.seq >= this.#waiting.seq) this.#waiting = tip;
  }

  /** The board as it is folded now. `chainAt`: this device's chain after a seq, null if that isn't known. */
  look(board: Board, chainAt: (seq: number) => Uint8Array | null, isCurrent: boolean): void {
    this.#board = board;
    if (board.seq > 0 && board.key.length > 0) this.#lookAtKey(board.key);
    const tip = this.#waiting;
    if (tip !== null && tip.seq <= board.seq) {
      this.#waiting = null;
      this.#judge(tip, board, chainAt(tip.seq));
    }
    const owed = this.#owed;
    if (owed !== null && owed.seq <= board.seq) this.#pay(owed, chainAt(owed.seq));
    this.#waitFor(isCurrent);
  }

  /** Bodies that are not what their heads say came. */
  altered(): void {
    this.doubt('body');
  }

  /** The person has seen what was said: from here on the record counts as it is. */
  noticed(): void {
    this.#doubts = [];
    this.#owed = null;
    if (this.#board !== null && this.#board.key.length > 0) this.#key = this.#board.key;
    if (this.#tip !== null) this.#save(this.#tip);
    this.#changed();
  }

  doubt(doubt: Doubt): void {
    if (doubt === 'rewound' && this.#tip !== null) {
      this.#owed = this.#owed === null || this.#tip.seq > this.#owed.seq ? this.#tip : this.#owed;
      this.#tip = null;
    }
    if (this.#doubts.includes(doubt)) return;
    this.#doubts = [...this.#doubts, doubt];
    this.#changed();
  }

  /** No more timers. */
  stop(): void {
    this.#stopBehind?.();
    this.#stopLate?.();
    this.#stopBehind = this.#stopLate = null;
  }

  #lookAtKey(key: Uint8Array): void {
    if (this.#key !== null && !isSame(this.#key, key)) this.doubt('key');
    this.#key ??= key;
  }

  #judge(tip: Tip, board: Board, held: Uint8Array | null): void {
    if (!isSigned(board.key, board.space, board.board, tip)) this.doubt('forged');
    else if (held !== null && !isSame(held, tip.chain)) this.doubt('other');
    else if (held !== null && (this.#tip === null || tip.seq > this.#tip.seq)) {
      this.#tip = tip;
      this.#stopLate?.();
      this.#stopLate = null;
      this.#drop(['unsigned']);
      if (this.#owed === null || tip.seq >= this.#owed.seq) this.#save(tip);
      this.#changed();
    }
  }

  /** The board is where a tip was right before: is it the same board? `held` null: that isn't known any more. */
  #pay(owed: Tip, held: Uint8Array | null): void {
    this.#owed = null;
    if (held === null || isSame(held, owed.chain)) this.#drop(MENDED);
    else this.doubt('other');
  }

  #save(tip: Tip): void {
    const board = this.#board;
    if (board !== null && this.#key !== null) this.#keep({ space: board.space, board: board.board, key: this.#key, tip });
  }

  #drop(over: readonly Doubt[]): void {
    const left = this.#doubts.filter((doubt) => !over.includes(doubt));
    if (left.length === this.#doubts.length) return;
    this.#doubts = left;
    this.#changed();
  }

  #waitFor(isCurrent: boolean): void {
    const seq = this.#board?.seq ?? 0;
    if (!isCurrent) {
      this.stop();
      return;
    }
    const owed = this.#owed;
    if (owed !== null && owed.seq > seq) {
      this.#stopBehind ??= this.#timers.after(BEHIND_MS, () => {
        this.#stopBehind = null;
        if (this.#owed !== null && this.#owed.seq > (this.#board?.seq ?? 0)) this.doubt('cut');
      });
    }
    if (seq <= (this.#tip?.seq ?? 0) || this.#doubts.length > 0) return;
    this.#stopLate ??= this.#timers.after(SEAL_TIP_LATE_S * 1000, () => {
      this.#stopLate = null;
      const board = this.#board;
      if (board !== null && board.seq > (this.#tip?.seq ?? 0) && this.#doubts.length === 0) this.doubt('unsigned');
    });
  }
}
