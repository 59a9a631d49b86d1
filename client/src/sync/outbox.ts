/**
 * Groups of one session on their way to one board's log: their numbers, and what may be sent when. No I/O, no clock. The
 * twin of `server/tablecloth/replica/outbox.py`.
 *
 * Rules: PROTOCOL-20 to PROTOCOL-25. A group is *new*, then *sent*; the answer makes it *acked* (until its entries are
 * folded), *held* (refused without using its n: send again) or *stale* (its k or base no longer fits: write anew). A lost
 * connection makes what was sent *again*: the same n with the same content, because the log may have taken it.
 *
 * Invariants: groups stand in the order in which they were made; numbers grow along it, and so do the k's of a hand.
 * Numbers are taken back only when every sent group has been answered, so a number never has two contents in one session.
 */

import type { AnyEdit } from '../core/edits.ts';
import { MAX_IN_FLIGHT } from '../wire/limits.ts';
import type { Change } from './words.ts';

/** Refusals after which the same group is sent again under the same n (PROTOCOL-23). */
export const N_KEPT: ReadonlySet<string> = new Set(['gap', 'busy', 'read-only', 'slow-down', 'not-open']);

/** Fewer than the door lets in, so that another tab's groups find room too. */
const WIDEST = MAX_IN_FLIGHT / 2;
const NARROWEST = 4;
const WIDER = 0.25;

export type GroupState = 'new' | 'sent' | 'again' | 'acked' | 'held' | 'stale';

/** A place in a log. */
export interface Point {
  readonly seq: number;
  readonly chain: Uint8Array;
}

/** One edit that the fold does not hold yet. */
export interface Item {
  /** As it is sent; k, and for words base and splices, are fixed when its group gets its number. */
  edit: AnyEdit;
  /** Of words: what they do to the field as it is folded now, after the items before them; of others `NOTHING`. */
  change: Change;
  /** Of words that were kept on the device: where in the log `change` is true, until the board is folded to there. */
  waitsFor: Point | null;
}

/** Edits that become entries together. */
export interface Group {
  /** The order in which groups were made, on this device and board. */
  readonly rank: number;
  /** Under whose numbers it is sent (PROTOCOL-25). */
  session: string;
  n: number | null;
  state: GroupState;
  /** What is not folded yet. */
  items: Item[];
  /** How many entries were sent under n, and how many of these are not folded yet. */
  size: number;
  unfolded: number;
}

/** The groups of one session on one board that are not settled. */
export class Outbox {
  readonly session: string;
  /** The last n that has an outcome in the log, as far as this side knows. */
  used = 0;
  #next = 1;
  #groups: Group[] = [];
  #window = WIDEST;

  constructor(session: string) {
    this.session = session;
  }

  get groups(): readonly Group[] {
    return this.#groups;
  }

  get last(): Group | undefined {
    return this.#groups.at(-1);
  }

  /** One more group, the last. Groups from an earlier life bring their numbers and states. */
  add(group: Group): void {
    this.#groups.push(group);
    if (group.n !== null) this.#next = Math.max(this.#next, group.n + 1);
  }

  /** Groups that came back from the log (PROTOCOL-10), before all others. */
  putFirst(groups: readonly Group[]): void {
    this.#groups.unshift(...groups);
  }

  /** A group is folded whole, or dropped. A repeat is harmless. */
  remove(group: Group): void {
    const at = this.#groups.indexOf(group);
    if (at >= 0) this.#groups.splice(at, 1);
  }

  /** This n has an outcome in the log: its entries were folded. */
  settled(n: number | null): void {
    this.used = Math.max(this.used, n ?? 0);
  }

  /** The log says which n it has an outcome for. False: it forgot some, so another session is needed. */
  opened(mark: number): boolean {
    if (mark < this.used) return false;
    this.used = mark;
    this.#next = Math.max(this.#next, mark + 1);
    return true;
  }

  /** The group that was acked, if it is still here: often it was folded before (PROTOCOL-22). */
  acked(n: number): Group | null {
    this.used = Math.max(this.used, n);
    this.#window = Math.min(WIDEST, this.#window + WIDER);
    const group = this.#answered(n);
    if (group !== null) group.state = 'acked';
    return group;
  }

  /** Take in a refusal. Answers the group if it will never apply, for the caller to drop. */
  refused(n: number, code: string): Group | null {
    if (!N_KEPT.has(code) && code !== 'bad-frame') this.used = Math.max(this.used, n);
    if (code === 'busy' || code === 'slow-down') this.#window = Math.max(NARROWEST, this.#window / 2);
    const group = this.#answered(n);
    if (group === null) return null;
    if (N_KEPT.has(code)) {
      group.state = 'held';
      return null;
    }
    if (code !== 'rebase') return group;
    group.state = 'stale';
    return null;
  }

  #answered(n: number): Group | null {
    return this.#groups.find((group) => group.n === n && (group.state === 'sent' || group.state === 'again')) ?? null;
  }

  /** The connection is gone: what was sent may be in the log or not. */
  lost(): void {
    for (const group of this.#groups) if (group.state === 'sent' || group.state === 'held') group.state = 'again';
  }

  /** Groups to send now, in this order; from here on they count as sent. `number` fixes what a new one says. */
  sendable(mayStart: (group: Group) => boolean, number: (group: Group, n: number) => void): Group[] {
    this.#unnumber();
    let room = Math.floor(this.#window) - this.#count('sent');
    const chosen: Group[] = [];
    const take = (group: Group): void => {
      group.state = 'sent';
      chosen.push(group);
      room -= 1;
    };
    for (const group of this.#groups) if (group.state === 'again' && room > 0) take(group);
    if (this.#count('again') + this.#count('held') + this.#count('stale') > 0) return chosen;
    for (const group of [...this.#groups]) {
      if (group.state !== 'new') continue;
      if (room <= 0 || !mayStart(group)) break;
      number(group, this.#next);
      if (group.items.length === 0) continue; // nothing was left to say
      this.#next += 1;
      take(group);
    }
    return chosen;
  }

  #count(state: GroupState): number {
    let count = 0;
    for (const group of this.#groups) if (group.state === state) count += 1;
    return count;
  }

  /** Whether a group is to be sent again under its n, so that it pays to wait a little first. */
  get isHeld(): boolean {
    return this.#count('held') > 0;
  }

  /** Gives refused groups back their newness; only when everything was answered, because then the mark is `used`. */
  #unnumber(): void {
    if (this.#count('held') + this.#count('stale') === 0) return;
    if (this.#count('sent') + this.#count('again') > 0) return;
    for (const group of this.#groups) {
      if (group.state !== 'held' && group.state !== 'stale') continue;
      group.n = null;
      group.state = 'new';
    }
    this.#next = this.used + 1;
  }
}
