/**
 * After a rollback: where the log and this device still agree (PROTOCOL-10, DESIGN §4.9).
 *
 * A log that was rolled back and written on by others comes as a snapshot of a state that this device never had. Then it
 * is read once more from its first entry, and folded as long as its chain is the one that was folded here. From the last
 * common place everything since is known: one's own edits return exactly, deletions too.
 *
 * A snapshot that was folded here once is where the search begins, on the same connection: what follows it may be common, too.
 * (Own edits, carried back over that part and forward again, may come to lie elsewhere.)
 *
 * Rejected: comparing the snapshots (what somebody deleted and what the log lost look alike).
 */

import type { Board } from '../core/board.ts';
import { chainNext } from '../core/chain.ts';
import type { Entry } from '../core/edits.ts';
import { applyEntry } from '../core/fold.ts';
import type { History } from './history.ts';

export class Seeking {
  /** The board as of the last place that both have; if there is none, as far as the log was read. Folded on in place. */
  readonly board: Board;
  readonly isFromSnapshot: boolean;
  readonly #history: History;
  #isFound = false;

  constructor(board: Board, history: History, isFromSnapshot: boolean) {
    this.board = board;
    this.#history = history;
    this.isFromSnapshot = isFromSnapshot;
  }

  /** Fold what is common. Answers the entries that are not, in order; null if one is missing. */
  take(entries: readonly Entry[]): readonly Entry[] | null {
    for (const [i, entry] of entries.entries()) {
      const [seq, at, head] = entry;
      if (seq !== this.board.seq + 1) return null;
      const chain = chainNext(this.board.chain, seq, at, head);
      if (!this.#history.isBefore(seq) && this.#isLast(seq, chain)) return entries.slice(i);
      applyEntry(this.board, entry);
    }
    return [];
  }

  /** Whether the entry that would make this chain is not common, while all before it are. */
  #isLast(seq: number, chain: Uint8Array): boolean {
    this.#isFound ||= this.#history.has(this.board.seq, this.board.chain);
    return this.#isFound && !this.#history.has(seq, chain);
  }
}
