/**
 * What a board is after its entries. Mirrors `core/board.py`.
 *
 * A board's map of elements is changed in place, only by `fold.applyEntry`; an element is replaced when it changes and never
 * changed. So a screen compares by identity, and a view shares with the confirmed board all that no pending edit touches.
 */

import { chainStart } from './chain.ts';
import { NOTHING } from './decisions.ts';
import type { Value, Values } from './edits.ts';
import { typeOf } from './elements.ts';
import type { HandMark, Stamp } from './stamp.ts';
import type { Op, TextField } from './text.ts';

export type { Value } from './edits.ts';
export type { HandMark, Stamp } from './stamp.ts';

/** An element's place in the margin: when, by whom, and why (null: the reason was withdrawn). */
export interface Aside {
  readonly stamp: Stamp;
  readonly why: string | null;
}

/** A lease on an element: by whom and since when, until when (ms), and why (null: the reason was withdrawn). */
export interface Lock {
  readonly stamp: Stamp;
  readonly until: number;
  readonly why: string | null;
}

/** A run of points as one entry brought it; `points` is null where they were withheld. */
export interface InkPiece {
  readonly count: number;
  readonly points: Uint8Array | null;
}

/**
 * Other words that somebody proposes for a field: an op over the field as it is now (FOLD-83). `words`: what the op inserts,
 * null where they were withheld.
 */
export interface Variant {
  readonly field: string;
  readonly stamp: Stamp;
  readonly op: Op;
  readonly words: string | null;
}

/** Words of `stamp.author` were accepted into a field, last by the entry of `stamp` (FOLD-85). */
export interface Credit {
  readonly field: string;
  readonly stamp: Stamp;
}

/** What an element holds beside its id, type and birth. */
export interface ElementState {
  readonly props: Values;
  /** Word properties; null where the words were withheld. */
  readonly words: ReadonlyMap<string, string | null>;
  /** Who last set each property; what isn't in it is as it was at birth. */
  readonly stamps: ReadonlyMap<string, Stamp>;
  readonly texts: ReadonlyMap<string, TextField>;
  readonly ink: readonly InkPiece[];
  readonly aside: Aside | null;
  /** By `handKey`. */
  readonly hands: ReadonlyMap<string, HandMark>;
  /** The last lease on it, which may have expired: ask `isLocked`. */
  readonly lock: Lock | null;
  /** Sorted by field and author; one each. */
  readonly variants: readonly Variant[];
  /** Whose variants became words of this element; sorted like them. */
  readonly credits: readonly Credit[];
  /** Who withdrew what they had written here, and when last; sorted by author (FOLD-90). */
  readonly withdrawn: readonly Stamp[];
}

const NONE: readonly never[] = [];

/** One thing on a board. Properties that nobody set have their type's default and are not in `props`. */
export class Element implements ElementState {
  readonly id: string;
  readonly type: string;
  readonly born: Stamp;
  readonly props: Values;
  readonly words: ReadonlyMap<string, string | null>;
  readonly stamps: ReadonlyMap<string, Stamp>;
  readonly texts: ReadonlyMap<string, TextField>;
  readonly ink: readonly InkPiece[];
  readonly aside: Aside | null;
  readonly hands: ReadonlyMap<string, HandMark>;
  readonly lock: Lock | null;
  readonly variants: readonly Variant[];
  readonly credits: readonly Credit[];
  readonly withdrawn: readonly Stamp[];

  constructor(id: string, type: string, born: Stamp, state: Partial<ElementState> = {}) {
    this.id = id;
    this.type = type;
    this.born = born;
    this.props = state.props ?? new Map();
    this.words = state.words ?? new Map();
    this.stamps = state.stamps ?? new Map();
    this.texts = state.texts ?? new Map();
    this.ink = state.ink ?? [];
    this.aside = state.aside ?? null;
    this.hands = state.hands ?? new Map();
    this.lock = state.lock ?? null;
    this.variants = state.variants ?? NONE;
    this.credits = state.credits ?? NONE;
    this.withdrawn = state.withdrawn ?? NONE;
  }

  /** The element as it is after a change; what isn't named is shared. */
  with(changed: Partial<ElementState>): Element {
    return new Element(this.id, this.type, this.born, { ...this.#state(), ...changed });
  }

  #state(): ElementState {
    const { props, words, stamps, texts, ink, aside, hands, lock, variants, credits, withdrawn } = this;
    return { props, words, stamps, texts, ink, aside, hands, lock, variants, credits, withdrawn };
  }

  /** A property's value, or its type's default. Throws for a property that the type doesn't have. */
  prop(name: string): Value {
    const value = this.props.get(name) ?? typeOf(this.type).props.get(name)?.default;
    if (value === undefined) throw new RangeError(`a ${this.type} has no ${name}`);
    return value;
  }

  /** The words of a field; empty if nobody wrote there. */
  text(name = 'text'): string {
    return this.texts.get(name)?.value ?? '';
  }

  /** Who last set a property, the element's birth counting as the first time. */
  stamp(name: string): Stamp {
    return this.stamps.get(name) ?? this.born;
  }

  /** Whether a lease is in force at `at` (ms; FOLD-52). */
  isLocked(at: number): boolean {
    return this.lock !== null && this.lock.until > at;
  }

  /** How many points the stroke has, withheld ones included. */
  inkCount(): number {
    let count = 0;
    for (const piece of this.ink) count += piece.count;
    return count;
  }
}

const NO_HANDS: ReadonlyMap<string, HandMark> = new Map();

/** The state of the fold after entry `seq`. `seq` 0 is a board that nobody has founded yet. */
export class Board {
  readonly space: string;
  readonly board: string;
  chain: Uint8Array;
  seq = 0;
  at = 0;
  key: Uint8Array = new Uint8Array();
  version = 1;
  /** Null where it was withheld. */
  title: string | null = '';
  elements = new Map<string, Element>();
  /** What the room proposes and decided, here (FOLD-100 on). Replaced when it changes. */
  decisions = NOTHING;

  constructor(space: string, board: string, chain: Uint8Array) {
    this.space = space;
    this.board = board;
    this.chain = chain;
  }

  /** The last k of each hand that wrote on an element or a proposal, by `handKey`. */
  hands(id: string): ReadonlyMap<string, HandMark> {
    return (this.elements.get(id) ?? this.decisions.proposals.get(id))?.hands ?? NO_HANDS;
  }

  /** Elements that are not set aside, lowest first: by order key, then by birth (FOLD-50). */
  pile(): Element[] {
    const here: Element[] = [];
    for (const element of this.elements.values()) if (element.aside === null) here.push(element);
    return here.sort(comparePile);
  }

  /** Elements that are set aside, the latest first. */
  margin(): Element[] {
    const away: Element[] = [];
    for (const element of this.elements.values()) if (element.aside !== null) away.push(element);
    return away.sort((one, two) => (two.aside?.stamp.seq ?? 0) - (one.aside?.stamp.seq ?? 0));
  }
}

/** Sorts elements as they lie in the pile (FOLD-50). */
export function comparePile(one: Element, two: Element): number {
  const a = one.prop('order');
  const b = two.prop('order');
  return a < b ? -1 : a > b ? 1 : one.born.seq - two.born.seq;
}

/** A board before its first entry. */
export function newBoard(space: string, board: string): Board {
  return new Board(space, board, chainStart(space, board));
}
