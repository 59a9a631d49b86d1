/**
 * Who is at the other boards of a space, for as long as somebody looks: the boards are opened quietly, listened to, and given
 * back. Looking shows nothing of oneself there. A connection holds few boards (PROTOCOL-10), so only the first are looked into.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { BoardReplica } from '../sync/interface';
import type { Borrowed } from './open-boards';

const MOST = 8;

/** Pseudonyms of those on a board, each once, in an order that stays. */
export function peopleOn(replica: Pick<BoardReplica, 'around'>): readonly string[] {
  return [...new Set([...replica.around.values()].map(({ author }) => author))].sort();
}

export class Elsewhere {
  readonly people = new SvelteMap<string, readonly string[]>();
  readonly #ends: (() => void)[] = [];
  #isClosed = false;

  look(boards: readonly string[], borrow: (board: string) => Promise<Borrowed>): void {
    for (const board of boards.slice(0, MOST)) void this.#into(board, borrow).catch(() => undefined);
  }

  async #into(board: string, borrow: (board: string) => Promise<Borrowed>): Promise<void> {
    const { replica, giveBack } = await borrow(board);
    if (this.#isClosed) {
      giveBack();
      return;
    }
    const read = (): void => {
      const now = peopleOn(replica);
      if (now.join(' ') !== (this.people.get(board) ?? []).join(' ')) this.people.set(board, now);
    };
    read();
    const leave = replica.subscribe((event) => {
      if (event.kind === 'presence') read();
    });
    this.#ends.push(leave, giveBack);
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends.splice(0)) end();
  }
}
