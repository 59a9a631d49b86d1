/**
 * This tab among the others of one participant: a lease on what it keeps, and who else is alive.
 *
 * `navigator.locks` does not exist on plain http (TRAPS 21), so life is told in two ways. A tab renews a lease in the store;
 * and it answers when it is asked on a BroadcastChannel, which works even while the browser throttles its timers. A tab is
 * gone when it said so, or when its lease ran out and it doesn't answer. A tab that the browser froze may be taken for gone:
 * it asks for its lease before it goes on, and if that was claimed it forgets what it kept, because another sends it now.
 */

import { type Keep, readKept as read, removeKept as remove, writeKept as write } from './identity.ts';
import { LEASE_MS, type Left, type PendingStore, type TabRecord } from './pending.ts';
import type { Timers } from './timers.ts';

const RENEW_MS = LEASE_MS / 4;
const ANSWER_MS = 300;
const CHANNEL = 'tablecloth';

/** What a BroadcastChannel does; there may be none. */
export interface Channel {
  postMessage(message: unknown): void;
  listen(heard: (message: unknown) => void): void;
  close(): void;
}

function noteOf(tab: string): string {
  return `tablecloth.left.${tab}`;
}

type Said = { readonly ask: string } | { readonly here: string } | { readonly left: string };

function isSaid(data: unknown): data is Said {
  return typeof data === 'object' && data !== null && ('ask' in data || 'here' in data || 'left' in data);
}

/** The browser's channel, or null where there is none. */
export function browserChannel(): Channel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const channel = new BroadcastChannel(CHANNEL);
  return {
    postMessage: (message) => channel.postMessage(message),
    listen: (heard) => channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => heard(data)),
    close: () => channel.close(),
  };
}

export class Tab {
  readonly id: string;
  /** Called when another tab says that it goes: what it left can be claimed. */
  onLeft: () => void = () => undefined;
  /** Called once, when another tab has claimed what this one kept. */
  onClaimed: () => void = () => undefined;
  readonly #space: string;
  readonly #author: string;
  readonly #store: () => PendingStore;
  readonly #timers: Timers;
  readonly channel: Channel | null;
  readonly #keep: Keep;
  readonly #answers = new Map<string, () => void>();
  #renewed = -Infinity;
  #stop: () => void = () => undefined;
  #isClosed = false;

  constructor(
    id: string,
    space: string,
    author: string,
    store: () => PendingStore,
    timers: Timers,
    channel: Channel | null,
    keep: Keep,
  ) {
    this.id = id;
    this.#space = space;
    this.#author = author;
    this.#store = store;
    this.#timers = timers;
    this.channel = channel;
    this.#keep = keep;
    channel?.listen((message) => this.#heard(message));
  }

  #heard(data: unknown): void {
    if (!isSaid(data)) return;
    if ('ask' in data) {
      if (data.ask === this.id && !this.#isClosed) this.channel?.postMessage({ here: this.id });
    } else if ('here' in data) this.#answers.get(data.here)?.();
    else this.onLeft();
  }

  /** Whether what this tab keeps is still its own to send. Cheap while the lease is fresh. */
  async mayGoOn(): Promise<boolean> {
    if (this.#timers.now() - this.#renewed < RENEW_MS) return true;
    return this.renew();
  }

  /** Renew the lease, now and from now on. False if it was claimed. */
  async renew(): Promise<boolean> {
    if (this.#isClosed) return false;
    this.#stop();
    this.#stop = this.#timers.after(RENEW_MS, () => void this.renew());
    const lease = this.#timers.date() + LEASE_MS;
    const record = { tab: this.id, space: this.#space, author: this.#author, lease, isClaimed: false };
    try {
      const isMine = await this.#store().renew(record);
      this.#renewed = this.#timers.now();
      if (!isMine) this.onClaimed();
      return isMine;
    } catch {
      return true; // the device keeps nothing: then nothing can be claimed
    }
  }

  /** The page goes away: what it kept may be claimed at once. */
  leave(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stop();
    // The note is written before the page is gone; a write to the store may not be.
    write(this.#keep, noteOf(this.id), String(this.#timers.date()));
    const record = { tab: this.id, space: this.#space, author: this.#author, lease: 0, isClaimed: false };
    void this.#store().renew(record).catch(() => undefined);
    this.channel?.postMessage({ left: this.id });
  }

  /** Another tab of this page goes on in this one's place: it answers for nothing any more. */
  retire(): void {
    this.#isClosed = true;
    this.#stop();
  }

  /** Tabs that are gone and left something on this device, with the boards. */
  async gone(): Promise<{ readonly tab: string; readonly boards: readonly string[] }[]> {
    const others = (await this.#store().left(this.#space, this.#author)).filter(({ tab }) => tab.tab !== this.id);
    const isGone = await Promise.all(others.map(({ tab }) => this.#isGone(tab)));
    return others.filter((_, i) => isGone[i]).map(({ tab, boards }) => ({ tab: tab.tab, boards }));
  }

  async #isGone(tab: TabRecord): Promise<boolean> {
    if (read(this.#keep, noteOf(tab.tab)) !== null) return true;
    return tab.lease <= this.#timers.date() && this.#isSilent(tab.tab);
  }

  /** Take over what a tab left on a board. Null: it came back, or somebody else was quicker. */
  async claim(board: string, from: string): Promise<Left | null> {
    const note = noteOf(from);
    const now = read(this.#keep, note) === null ? this.#timers.date() : Infinity;
    const left = await this.#store().claim(this.#space, board, from, this.id, now);
    if (left !== null) remove(this.#keep, note);
    return left;
  }

  async #isSilent(tab: string): Promise<boolean> {
    const channel = this.channel;
    if (channel === null) return true;
    return new Promise((resolve) => {
      const settle = (isSilent: boolean): void => {
        this.#answers.delete(tab);
        stop();
        resolve(isSilent);
      };
      const stop = this.#timers.after(ANSWER_MS, () => settle(true));
      this.#answers.set(tab, () => settle(false));
      channel.postMessage({ ask: tab });
    });
  }
}
