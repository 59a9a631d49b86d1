/**
 * All boards of a space, brought together for one search: the one that is open as it is now, the others as they were when
 * the search began. These are opened in the background, a few at a time, read, and given back at once, so that a space
 * with more boards than a connection may hold open is searched like any other.
 *
 * A board is waited for until it is up to date. Without a connection what this device keeps of it is read instead, after a
 * moment; a board of which nothing is known here is told of (`missing`).
 */
import type { BoardInfo, BoardReplica } from '../../sync/interface';
import type { Borrowed } from '../open-boards';
import type { Shelf } from './find';

const AT_ONCE = 3;
const PATIENCE_MS = 4_000;

/** The part of a table that is searched. */
export interface Searched {
  readonly boards: readonly BoardInfo[];
  readonly replica: BoardReplica | null;
  borrow(board: string): Promise<Borrowed>;
}

export class Everywhere {
  /** How many boards are still being read. */
  waiting = $state(0);
  /** Boards that could not be read. */
  missing: readonly BoardInfo[] = $state.raw([]);
  /** Grows when another board has been read. */
  turn = $state(0);
  readonly #table: Searched;
  readonly #read = new Map<string, Shelf['elements']>();
  readonly #queue: BoardInfo[];
  #isClosed = false;

  constructor(table: Searched) {
    this.#table = table;
    const current = table.replica?.info.board;
    this.#queue = table.boards.filter(({ board }) => board !== current);
    this.waiting = this.#queue.length;
    for (let i = 0; i < AT_ONCE; i += 1) void this.#next();
  }

  async #next(): Promise<void> {
    for (let info = this.#queue.shift(); info !== undefined; info = this.#queue.shift()) {
      const isRead = await this.#take(info.board).catch(() => false);
      if (this.#isClosed) return;
      if (!isRead) this.missing = [...this.missing, info];
      this.waiting -= 1;
      this.turn += 1;
    }
  }

  async #take(board: string): Promise<boolean> {
    const { replica, giveBack } = await this.#table.borrow(board);
    try {
      await ready(replica);
      // Elements are replaced and never changed: this stays the board as it is now.
      this.#read.set(board, new Map(replica.view.elements));
      return replica.ready || replica.view.seq > 0;
    } finally {
      giveBack();
    }
  }

  /** The boards read so far, in the space's order, the open one first. */
  get shelves(): readonly Shelf[] {
    void this.turn;
    const { replica, boards } = this.#table;
    const others = boards.flatMap(({ board, title }) => {
      const elements = this.#read.get(board);
      return elements === undefined || board === replica?.info.board ? [] : [{ board, title, elements }];
    });
    if (replica === null) return others;
    return [{ board: replica.info.board, title: replica.info.title, elements: replica.view.elements }, ...others];
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
  }
}

/** Until it is up to date, or patience ends. */
function ready(replica: BoardReplica): Promise<void> {
  if (replica.ready) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const leave = replica.subscribe(() => {
      if (replica.ready) done();
    });
  });
}
