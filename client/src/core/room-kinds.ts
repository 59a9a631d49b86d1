/**
 * What the room decides, as edits and heads: proposals on the space's log, and what of them reaches the boards. Mirrors
 * `core/room_kinds.py`.
 *
 * People propose, object, vote, take back and resume. Rolls, ticks, rulings and what is restored are written by workers, and
 * no edit can make them: they are heads without a hand.
 */

import type { Splice, Values } from './parts.ts';

interface Said {
  readonly element: string;
  readonly hand: string;
  readonly k: number;
  readonly base: number;
}

/** Propose something that touches everybody; which parts an `act` takes: FOLD-102. */
export interface ProposeEdit extends Said {
  readonly kind: 'propose';
  readonly act: string;
  readonly board: string;
  readonly about: string;
  readonly elements: readonly string[];
  readonly values: Values;
  readonly why: string;
  readonly words: ReadonlyMap<string, string>;
}

/** Object to a proposal, with a reason or none: then the room votes. */
export interface ObjectEdit extends Said {
  readonly kind: 'object';
  readonly why: string;
}

/** Vote: 1 for, 0 against. The last one counts. */
export interface VoteEdit extends Said {
  readonly kind: 'vote';
  readonly choice: number;
}

/** Take back one's own proposal. */
export interface TakeBackEdit extends Said {
  readonly kind: 'take-back';
}

/** Let a proposal's time go on that stood still while no worker was there (FOLD-111). */
export interface ResumeEdit extends Said {
  readonly kind: 'resume';
}

export type ProposalEdit = ProposeEdit | ObjectEdit | VoteEdit | TakeBackEdit | ResumeEdit;

interface SaidBy extends Said {
  readonly author: string;
}

export interface ProposeHead extends SaidBy {
  readonly kind: 'propose';
  readonly act: string;
  readonly board: string;
  readonly about: string;
  readonly elements: readonly string[];
  readonly values: Values;
  readonly words: readonly string[];
  /** Of the reason, and the words in the order of their names. */
  readonly body: Uint8Array;
}

export interface ObjectHead extends SaidBy {
  readonly kind: 'object';
  readonly body: Uint8Array | null;
}

export interface VoteHead extends SaidBy {
  readonly kind: 'vote';
  readonly choice: number;
}

export interface TakeBackHead extends SaidBy {
  readonly kind: 'take-back';
}

export interface ResumeHead extends SaidBy {
  readonly kind: 'resume';
}

export type ProposalHead = ProposeHead | ObjectHead | VoteHead | TakeBackHead | ResumeHead;

export interface RollHead {
  readonly kind: 'roll';
  readonly proposal: string;
  readonly people: readonly string[];
}

export interface TickHead {
  readonly kind: 'tick';
  /** Passed proposals whose rulings are appended together with this. */
  readonly carried: readonly string[];
}

export interface RulingHead {
  readonly kind: 'ruling';
  readonly proposal: string;
  readonly act: string;
  /** Who proposed it. */
  readonly author: string;
  readonly about: string;
  readonly elements: readonly string[];
  readonly values: Values;
  readonly words: readonly string[];
  readonly body: Uint8Array | null;
}

export interface RestoredHead {
  readonly kind: 'restored';
  readonly proposal: string;
  readonly author: string;
  readonly element: string;
  readonly base: number;
  readonly values: Values;
  readonly words: readonly string[];
  /** Over the element's own field. */
  readonly splices: readonly Splice[];
  /** 0: where it is, 1: to the margin, 2: back from it. */
  readonly place: number;
  readonly body: Uint8Array | null;
}

/** The record goes on under another key: a server that was not the one before took it up (FOLD-132). */
export interface KeyHead {
  readonly kind: 'key';
  readonly key: Uint8Array;
}

export type WorkersHead = RollHead | TickHead | RulingHead | RestoredHead | KeyHead;

const SAID: ReadonlySet<string> = new Set(['propose', 'object', 'vote', 'take-back', 'resume']);
const WORKERS: ReadonlySet<string> = new Set(['roll', 'tick', 'ruling', 'restored', 'key']);

/** Whether something is said about a proposal. */
export function isProposalEdit(edit: { readonly kind: string }): edit is ProposalEdit {
  return SAID.has(edit.kind);
}

export function isProposalHead(head: { readonly kind: string }): head is ProposalHead {
  return SAID.has(head.kind);
}

/** Whether only a worker writes this. */
export function isWorkersHead(head: { readonly kind: string }): head is WorkersHead {
  return WORKERS.has(head.kind);
}

/** The elements that something of the workers' names. */
export function elementsOf(head: WorkersHead): readonly string[] {
  if (head.kind === 'ruling') return head.elements;
  return head.kind === 'restored' ? [head.element] : [];
}
