/**
 * One board's whole record on this device, so that it outlives its server (DESIGN §4.9, PROTOCOL-65).
 *
 * What is folded is kept as it comes; what came before that is fetched in the background, in pieces, slowly, and goes on where
 * it stopped. Every piece is held against the chain. Words that their author withdrew are taken out as soon as this device hears
 * of it. Bounded: a record that is larger than a device keeps stops growing, and others hold the rest.
 *
 * Rejected: the whole record in memory (a phone holds the board already); keeping frames as they came (one tab closes, another
 * opens: a record must go on from its last entry, whoever wrote it here).
 */

import { decodeMulti, encode } from '@msgpack/msgpack';
import { chainNext, chainStart } from '../core/chain.ts';
import { type Entry, readHead } from '../core/edits.ts';
import { SEAL_KEPT_BYTES } from '../wire/limits.ts';
import type { Http } from './http.ts';
import type { PendingStore } from './pending.ts';
import type { Timers } from './timers.ts';

const KEEP_MS = 1_500;
const FIRST_FETCH_MS = 2_000;
const FETCH_MS = 400;
/** Fetching may take a fifth of the time. */
const FETCH_SHARE = 5;
const AGAIN_MS = 20_000;

export interface LogHost {
  readonly space: string;
  readonly store: PendingStore;
  readonly timers: Timers;
  readonly http: Http;
}

export class KeptLog {
  readonly #board: string;
  readonly #host: LogHost;
  #to = 0;
  #chain: Uint8Array;
  #size = 0;
  /** Folded, and not kept yet. */
  #fresh: Entry[] = [];
  #isLoaded = false;
  #isBusy = false;
  #stopKeeping: (() => void) | null = null;
  #stopFetching: (() => void) | null = null;
  #wanted = 0;

  constructor(board: string, host: LogHost) {
    this.#board = board;
    this.#host = host;
    this.#chain = chainStart(host.space, board);
  }

  /** Begin with what the device has. */
  async begin(): Promise<void> {
    const { store, space } = this.#host;
    const records = store.isLasting ? await store.log(space, this.#board).catch(() => []) : [];
    const last = records.at(-1);
    if (last !== undefined) {
      this.#to = last.to;
      this.#chain = last.chain;
      this.#size = records.reduce((sum, { data }) => sum + data.length, 0);
    }
    this.#isLoaded = true;
  }

  /** Entries that were folded just now, in order. */
  live(entries: readonly Entry[]): void {
    if (!this.#isLoaded || !this.#host.store.isLasting) return;
    for (const entry of entries) if (entry[0] === this.#end + 1) this.#fresh.push(entry);
    if (this.#fresh.length > 0) this.#stopKeeping ??= this.#host.timers.after(KEEP_MS, () => void this.#keep());
  }

  /** The board is folded up to here: fetch what is missing before it. `chain`: the board's, to see that this is its record. */
  want(seq: number, chain: Uint8Array): void {
    if (!this.#isLoaded || !this.#host.store.isLasting) return;
    this.#wanted = seq;
    if (this.#fresh.length === 0 && this.#to === seq && !isSame(this.#chain, chain)) void this.forget();
    if (this.#end < seq) this.#stopFetching ??= this.#host.timers.after(FIRST_FETCH_MS, () => void this.#fetch());
  }

  /** What is kept is of a record that is not this board's any more: begin anew. */
  async forget(): Promise<void> {
    this.#to = 0;
    this.#chain = chainStart(this.#host.space, this.#board);
    this.#size = 0;
    this.#fresh = [];
    await this.#host.store.forgetLog(this.#host.space, this.#board).catch(() => undefined);
  }

  /** Keep now what is folded: the page may go away. */
  async save(): Promise<void> {
    await this.#keep();
  }

  stop(): void {
    this.#stopKeeping?.();
    this.#stopFetching?.();
    this.#stopKeeping = this.#stopFetching = null;
  }

  get #end(): number {
    return this.#fresh.at(-1)?.[0] ?? this.#to;
  }

  async #keep(): Promise<void> {
    this.#stopKeeping?.();
    this.#stopKeeping = null;
    await this.#add(this.#fresh.splice(0));
  }

  /** Keep entries that follow the last one. False: they don't, or there is no room. */
  async #add(entries: readonly Entry[]): Promise<boolean> {
    const { space, store } = this.#host;
    const [first] = entries;
    if (first === undefined) return true;
    const from = this.#to + 1;
    let chain = this.#chain;
    const parts: Uint8Array[] = [];
    for (const [i, [seq, at, head, body]] of entries.entries()) {
      if (seq !== from + i) return false;
      chain = chainNext(chain, seq, at, head);
      parts.push(encode([seq, at, head, body]));
    }
    const data = joined(parts);
    if (this.#size + data.length > SEAL_KEPT_BYTES) return false;
    // Before it is written: what is folded meanwhile follows it.
    this.#to = from + entries.length - 1;
    this.#chain = chain;
    this.#size += data.length;
    try {
      await store.keepLog({ space, board: this.#board, from, to: this.#to, chain, data });
      await this.#honour(entries);
    } catch {
      return false; // a full device: others hold it
    }
    return true;
  }

  /** FOLD-90: words that were withdrawn leave this device too. */
  async #honour(entries: readonly Entry[]): Promise<void> {
    for (const [seq, , bytes] of entries) {
      const head = readHead(bytes);
      if (head?.kind !== 'withdraw') continue;
      const { author, element } = head;
      await rewrite(this.#host, this.#board, (entry) => {
        const said = entry[0] < seq ? readHead(entry[2]) : null;
        const isTheirs = said !== null && 'author' in said && 'element' in said && said.author === author && said.element === element;
        return isTheirs && entry[3] !== null ? [entry[0], entry[1], entry[2], null] : entry;
      });
    }
  }

  async #fetch(): Promise<void> {
    const { timers, http } = this.#host;
    this.#stopFetching = null;
    if (this.#isBusy || this.#end >= this.#wanted) return;
    this.#isBusy = true;
    const began = timers.now();
    let wait = AGAIN_MS;
    try {
      await this.#keep();
      const answer = await http.ask(`/boards/${this.#board}/log?after=${this.#to}`);
      const entries = [...decodeMulti(new Uint8Array(await answer.arrayBuffer()))] as Entry[];
      const isAdded = entries.length > 0 && (await this.#add(entries.filter(([seq]) => seq > this.#to)));
      if (isAdded) wait = Math.max(FETCH_MS, (timers.now() - began) * FETCH_SHARE);
    } catch {
      // Nobody answers, or it makes no sense: later.
    }
    this.#isBusy = false;
    if (this.#end < this.#wanted) this.#stopFetching ??= timers.after(wait, () => void this.#fetch());
  }
}

/** Change entries of a kept record in place. */
async function rewrite(host: LogHost, board: string, change: (entry: Entry) => Entry): Promise<void> {
  for (const record of await host.store.log(host.space, board)) {
    const entries = [...decodeMulti(record.data)] as Entry[];
    const changed = entries.map(change);
    if (changed.some((entry, i) => entry !== entries[i])) {
      await host.store.keepLog({ ...record, data: joined(changed.map((entry) => encode(entry))) });
    }
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isSame(one: Uint8Array, two: Uint8Array): boolean {
  return one.length === two.length && one.every((byte, i) => byte === two[i]);
}
