/**
 * What a room proposes and has decided, as a part of the fold's state. Mirrors `core/decisions.py`.
 *
 * On the space's log: proposals, and the agreement. On every board: the rulings that reached it. Records are replaced when
 * they change and never changed, so that a screen compares by identity.
 */

import { NUMBERS, type NumberName } from './agreement.ts';
import type { HandMark, Stamp } from './stamp.ts';

export type State = 'open' | 'passed' | 'fell' | 'taken-back';

/** One proposal. */
export interface Proposal {
  readonly id: string;
  readonly act: string;
  readonly board: string;
  readonly about: string;
  readonly elements: readonly string[];
  readonly values: ReadonlyMap<string, number>;
  /** New words by name: a title, or sections of the agreement; null where they were withheld. */
  readonly words: ReadonlyMap<string, string | null>;
  readonly why: string | null;
  readonly born: Stamp;
  /** When its phase ends, in ms of the log's time. */
  readonly deadline: number;
  readonly state: State;
  /** 1: it passes unless somebody objects. 2: somebody did, and the roll votes. */
  readonly phase: number;
  /** Since when its time stands still, or null (FOLD-110). */
  readonly held: number | null;
  /** Who was connected when the phase began, sorted; null until a worker has logged it. */
  readonly roll: readonly string[] | null;
  readonly votes: ReadonlyMap<string, number>;
  readonly objection: { readonly stamp: Stamp; readonly why: string | null } | null;
  /** The seq that brought the decision, and its time: a deadline's own, or that entry's. */
  readonly decided: { readonly seq: number; readonly at: number } | null;
  /** The seq with which its rulings were appended; 0 before. */
  readonly carried: number;
  /** By `handKey`. */
  readonly hands: ReadonlyMap<string, HandMark>;
}

/** A decision that reached a board: what, by which entry, and who had proposed it. */
export interface Ruling {
  readonly act: string;
  readonly stamp: Stamp;
}

interface DecisionsState {
  readonly proposals: ReadonlyMap<string, Proposal>;
  /** Sections of the agreement that were ever changed; null where the words were withheld. */
  readonly sections: ReadonlyMap<string, string | null>;
  /** Numbers of the agreement that were ever changed. */
  readonly numbers: ReadonlyMap<string, number>;
  /** By proposal. */
  readonly rulings: ReadonlyMap<string, Ruling>;
  readonly closed: Stamp | null;
  /** Until when (ms), by pseudonym. */
  readonly paused: ReadonlyMap<string, number>;
  /** Pictures that the room took away: the proposal, by asset. */
  readonly removed: ReadonlyMap<string, string>;
}

/** `proposals`, `sections`: the space's log only; `rulings`, `closed`: boards only. */
export class Decisions implements DecisionsState {
  readonly proposals: ReadonlyMap<string, Proposal>;
  readonly sections: ReadonlyMap<string, string | null>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly rulings: ReadonlyMap<string, Ruling>;
  readonly closed: Stamp | null;
  readonly paused: ReadonlyMap<string, number>;
  readonly removed: ReadonlyMap<string, string>;

  constructor(state: Partial<DecisionsState> = {}) {
    this.proposals = state.proposals ?? new Map();
    this.sections = state.sections ?? new Map();
    this.numbers = state.numbers ?? new Map();
    this.rulings = state.rulings ?? new Map();
    this.closed = state.closed ?? null;
    this.paused = state.paused ?? new Map();
    this.removed = state.removed ?? new Map();
  }

  /** As they are after a change; what isn't named is shared. */
  with(changed: Partial<DecisionsState>): Decisions {
    const { proposals, sections, numbers, rulings, closed, paused, removed } = this;
    return new Decisions({ proposals, sections, numbers, rulings, closed, paused, removed, ...changed });
  }

  /** With one proposal put in the place of what was there. */
  withProposal(proposal: Proposal): Decisions {
    return this.with({ proposals: new Map(this.proposals).set(proposal.id, proposal) });
  }

  /** A number of the agreement as it is in force. */
  number(name: NumberName): number {
    return this.numbers.get(name) ?? NUMBERS[name].default;
  }

  /** Whether somebody's edits are paused at `at` (ms; FOLD-122). */
  isPaused(author: string, at: number): boolean {
    return (this.paused.get(author) ?? 0) > at;
  }

  /** What the room decided that keeps this person's edit from a board. */
  held(author: string, at: number): 'closed' | 'paused' | null {
    if (this.closed !== null) return 'closed';
    return this.isPaused(author, at) ? 'paused' : null;
  }

  /** With somebody paused. What is over goes, so that the record stays small. */
  withPause(author: string, until: number, at: number): Decisions {
    const paused = new Map([...this.paused].filter(([who, end]) => end > at && who !== author));
    if (until > at) paused.set(author, until);
    return this.with({ paused });
  }

  /** Whether there is nothing that a snapshot would have to keep. */
  isEmpty(): boolean {
    const { proposals, sections, numbers, rulings, paused, removed } = this;
    const sizes = [proposals, sections, numbers, rulings, paused, removed].map((map) => map.size);
    return this.closed === null && sizes.every((size) => size === 0);
  }
}

export const NOTHING = new Decisions();
