/**
 * The boards of a space that this page has open just now, each once however many parts of the page want it: the cloth, a search
 * that looks through it, a list that tells who is there.
 *
 * A board is opened for the first who asks and closed when the last has given it back. Closing a board that somebody else
 * on the page still shows would take its events away: so nobody on the page closes one but this. At most 16 are open at
 * once on a connection (PROTOCOL-10); who only looks a board through gives it back soon.
 */
import type { BoardReplica, SpaceClient } from '../sync/interface';

export interface Borrowed {
  readonly replica: BoardReplica;
  /** A repeat is harmless. */
  giveBack(): void;
}

interface Entry {
  wanted: number;
  replica: BoardReplica | null;
  readonly coming: Promise<BoardReplica>;
}

export class OpenBoards {
  readonly #client: Pick<SpaceClient, 'open'>;
  readonly #entries = new Map<string, Entry>();

  constructor(client: Pick<SpaceClient, 'open'>) {
    this.#client = client;
  }

  async borrow(board: string): Promise<Borrowed> {
    const entry = this.#entries.get(board) ?? this.#open(board);
    entry.wanted += 1;
    let isMine = true;
    const giveBack = (): void => {
      if (!isMine) return;
      isMine = false;
      entry.wanted -= 1;
      this.#closeIdle(board, entry);
    };
    try {
      return { replica: await entry.coming, giveBack };
    } catch (reason) {
      if (this.#entries.get(board) === entry) this.#entries.delete(board);
      throw reason;
    }
  }

  #open(board: string): Entry {
    const entry: Entry = { wanted: 0, replica: null, coming: this.#client.open(board) };
    this.#entries.set(board, entry);
    entry.coming.then(
      (replica) => {
        entry.replica = replica;
        this.#closeIdle(board, entry);
      },
      () => undefined, // told to whoever waits for it
    );
    return entry;
  }

  /** At once, not later: who asks again in the same turn must get a board that is opened anew. */
  #closeIdle(board: string, entry: Entry): void {
    if (entry.wanted > 0 || entry.replica === null || this.#entries.get(board) !== entry) return;
    this.#entries.delete(board);
    entry.replica.close();
  }
}
