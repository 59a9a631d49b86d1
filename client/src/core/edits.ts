/**
 * What can be said on a board, and the two byte strings that an entry keeps of it. Mirrors `core/edits.py`.
 *
 * An *edit* is what a participant sends. An admitted edit becomes an *entry*: a **head** (who, where, and everything that a
 * rule decides by) and a **body** (a salt, and only what a person may withdraw: words, ink, reasons).
 *
 *     edit   [kind, element, hand, k, base, ...of the kind, content?]
 *     head   [kind, author, element, hand, k, base, ...of the kind, body hash?]
 *     body   [salt, content]
 *
 * Here they are records with maps, never objects, for keys that come from data. `wire/` has the arrays of edits.
 * `readHead` refuses what the server's typed decoder refuses: a head is readable in both languages or in none (FOLD-1).
 */

import {
  MAX_CARRIED,
  MAX_INK_POINTS,
  MAX_LISTED,
  MAX_LOCK_MINUTES,
  MAX_ORDER_KEY,
  MAX_ROLL,
  MAX_RANGES,
  MAX_SPLICES,
  MAX_TEXT,
  MAX_VALUES,
  MAX_WORDS,
} from './limits.ts';
import { Reader, Unreadable } from './msgpack.ts';
import type { Splice, Value, Values } from './parts.ts';
import { elementsOf, isWorkersHead, type ProposalEdit, type ProposalHead, type WorkersHead } from './room-kinds.ts';

const ID = /^[A-Za-z0-9_-]{8,32}$/;
const ORDER_KEY = new RegExp(`^[A-Za-z0-9]{1,${MAX_ORDER_KEY}}$`);
const BOARD_ID = /^(?:[A-Za-z0-9_-]{8,32})?$/;
const ABOUT = /^[A-Za-z0-9_-]{0,64}$/;
/** A type, property or field. Plain, so that `__proto__` and `10` never become keys of objects. */
const PLAIN_NAME = /^[a-z][a-z0-9]{0,15}$/;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

export { isAsset, isId } from './parts.ts';
export type { Splice, Value, Values } from './parts.ts';

interface EditBase {
  readonly element: string;
  readonly hand: string;
  readonly k: number;
  /** The last seq that the author had folded. */
  readonly base: number;
}

/** Put a new, empty element on the board. */
export interface AddEdit extends EditBase {
  readonly kind: 'add';
  readonly type: string;
  readonly values: Values;
}

/** Change properties, each by last-writer-wins (FOLD-20). */
export interface SetEdit extends EditBase {
  readonly kind: 'set';
  readonly values: Values;
  readonly words: ReadonlyMap<string, string>;
}

/** Change words: splices over the field as its author saw it; `inserted` is their insertions, joined. */
export interface TextEdit extends EditBase {
  readonly kind: 'text';
  readonly field: string;
  readonly splices: readonly Splice[];
  readonly inserted: string;
}

/** Lengthen a stroke by `count` points, delta-coded (FOLD-40). */
export interface InkEdit extends EditBase {
  readonly kind: 'ink';
  readonly count: number;
  readonly points: Uint8Array;
}

/** Move an element to the margin, with a reason or none. */
export interface SetAsideEdit extends EditBase {
  readonly kind: 'set-aside';
  readonly why: string;
}

/** Take an element back from the margin. */
export interface BringBackEdit extends EditBase {
  readonly kind: 'bring-back';
}

/** Give an element its place in the pile: a fractional key. */
export interface OrderEdit extends EditBase {
  readonly kind: 'order';
  readonly key: string;
}

/** Ask everybody to leave an element as it is for some minutes: a lease, with a reason or none. */
export interface LockEdit extends EditBase {
  readonly kind: 'lock';
  readonly minutes: number;
  readonly why: string;
}

/** End a lock before its time. Anybody may. */
export interface UnlockEdit extends EditBase {
  readonly kind: 'unlock';
}

/** Propose other words beside somebody's (FOLD-82): one splice over the field as its author saw it. */
export interface VaryEdit extends EditBase {
  readonly kind: 'vary';
  readonly field: string;
  readonly splice: Splice;
  readonly inserted: string;
}

/** Names a variant: of whom, and the seq that it has now, so that a changed one is never meant by mistake. */
interface AboutVariant extends EditBase {
  readonly field: string;
  readonly of: string;
  readonly variant: number;
}

/** Take one's own variant back, or leave the one that somebody made of one's words (FOLD-84). */
export interface UnvaryEdit extends AboutVariant {
  readonly kind: 'unvary';
}

/** Take somebody's variant for one's own words (FOLD-85). */
export interface AcceptEdit extends AboutVariant {
  readonly kind: 'accept';
}

/** What is said about the things on a board. */
export type BoardEdit =
  | AddEdit
  | SetEdit
  | TextEdit
  | InkEdit
  | SetAsideEdit
  | BringBackEdit
  | OrderEdit
  | LockEdit
  | UnlockEdit
  | VaryEdit
  | UnvaryEdit
  | AcceptEdit;

export type AnyEdit = BoardEdit | ProposalEdit;

/** The first entry of every log: which board of which space, and the space's public key (Ed25519). */
export interface FoundHead {
  readonly kind: 'found';
  readonly space: string;
  readonly board: string;
  readonly key: Uint8Array;
  readonly version: number;
  readonly body: Uint8Array;
}

interface HeadBase extends EditBase {
  readonly author: string;
}

export interface AddHead extends HeadBase {
  readonly kind: 'add';
  readonly type: string;
  readonly values: Values;
}

export interface SetHead extends HeadBase {
  readonly kind: 'set';
  readonly values: Values;
  /** Names of the word properties; their values stand in the body, in this order. */
  readonly words: readonly string[];
  readonly body: Uint8Array | null;
}

export interface TextHead extends HeadBase {
  readonly kind: 'text';
  readonly field: string;
  readonly splices: readonly Splice[];
  readonly body: Uint8Array;
}

export interface InkHead extends HeadBase {
  readonly kind: 'ink';
  readonly count: number;
  readonly body: Uint8Array;
}

export interface SetAsideHead extends HeadBase {
  readonly kind: 'set-aside';
  readonly body: Uint8Array | null;
}

export interface BringBackHead extends HeadBase {
  readonly kind: 'bring-back';
}

export interface OrderHead extends HeadBase {
  readonly kind: 'order';
  readonly key: string;
}

export interface LockHead extends HeadBase {
  readonly kind: 'lock';
  readonly minutes: number;
  readonly body: Uint8Array | null;
}

export interface UnlockHead extends HeadBase {
  readonly kind: 'unlock';
}

export interface VaryHead extends HeadBase {
  readonly kind: 'vary';
  readonly field: string;
  readonly splice: Splice;
  readonly body: Uint8Array;
}

export interface UnvaryHead extends HeadBase {
  readonly kind: 'unvary';
  readonly field: string;
  readonly of: string;
  readonly variant: number;
}

export interface AcceptHead extends HeadBase {
  readonly kind: 'accept';
  readonly field: string;
  readonly of: string;
  readonly variant: number;
}

/** `[position, length]` in code points, over a field as of the entry's base. */
export type WithdrawnRange = readonly [position: number, length: number];

/** All that `author` wrote on an element goes for good (FOLD-90). Only workers write it: no edit makes one. */
export interface WithdrawHead extends HeadBase {
  readonly kind: 'withdraw';
  readonly ranges: readonly (readonly [field: string, ranges: readonly WithdrawnRange[]])[];
}

export type BoardHead =
  | AddHead
  | SetHead
  | TextHead
  | InkHead
  | SetAsideHead
  | BringBackHead
  | OrderHead
  | LockHead
  | UnlockHead
  | VaryHead
  | UnvaryHead
  | AcceptHead
  | WithdrawHead;

export type AnyHead = FoundHead | BoardHead | ProposalHead | WorkersHead;

/** Whether somebody said this with a hand: all but founding entries and what workers write. */
export function isMadeByHand(head: AnyHead): head is BoardHead | ProposalHead {
  return head.kind !== 'found' && !isWorkersHead(head);
}

/** The elements (or the proposal) that an entry names. */
export function touchedBy(head: AnyHead | null): readonly string[] {
  if (head === null || head.kind === 'found') return [];
  return isWorkersHead(head) ? elementsOf(head) : [head.element];
}

/** What a body holds beside its salt: inserted words, ink points, a reason, a title, or the values of a set. */
export type Content = string | Uint8Array | readonly string[];

/** One line of the log: `seq` counts from 1, `at` is in ms, `body` is null if withheld. */
export type Entry = readonly [seq: number, at: number, head: Uint8Array, body: Uint8Array | null];

/** Whether a string is a fractional order key. */
export function isOrderKey(value: string): boolean {
  return ORDER_KEY.test(value);
}

/** A head from its bytes, or null if it can't be read (`unreadable`). */
export function readHead(data: Uint8Array): AnyHead | null {
  try {
    const reader = new Reader(data);
    const head = readAnyHead(reader);
    reader.end();
    return head;
  } catch (problem) {
    if (problem instanceof Unreadable) return null;
    throw problem;
  }
}

/** A body's content, or null if the body is withheld or can't be read. */
export function readContent(body: Uint8Array | null): Content | null {
  if (body === null) return null;
  try {
    const reader = new Reader(body);
    if (reader.array() !== 2 || reader.bin().length !== SALT_BYTES) return null;
    const content = readAnyContent(reader);
    reader.end();
    return content;
  } catch (problem) {
    if (problem instanceof Unreadable) return null;
    throw problem;
  }
}

function readAnyContent(reader: Reader): Content {
  switch (reader.peek()) {
    case 'str':
      return reader.str();
    case 'bin':
      // A copy: a view would keep the whole message alive with the board.
      return reader.bin().slice();
    default:
      return readList(reader, Number.MAX_SAFE_INTEGER, () => reader.str());
  }
}

const ITEMS: ReadonlyMap<string, number> = new Map([
  ['found', 6],
  ['add', 8],
  ['set', 9],
  ['text', 9],
  ['ink', 8],
  ['set-aside', 7],
  ['bring-back', 6],
  ['order', 7],
  ['lock', 8],
  ['unlock', 6],
  ['propose', 13],
  ['object', 7],
  ['vote', 7],
  ['take-back', 6],
  ['resume', 6],
  ['roll', 3],
  ['tick', 2],
  ['ruling', 9],
  ['restored', 10],
  ['vary', 9],
  ['unvary', 9],
  ['accept', 9],
  ['withdraw', 7],
  ['key', 2],
]);

function readAnyHead(reader: Reader): AnyHead {
  const count = reader.array();
  const kind = reader.str();
  if (ITEMS.get(kind) !== count) throw new Unreadable('no such head');
  switch (kind) {
    case 'found':
      return readFound(reader);
    case 'roll':
      return { kind, proposal: readId(reader), people: readList(reader, MAX_ROLL, () => readId(reader)) };
    case 'tick':
      return { kind, carried: readList(reader, MAX_CARRIED, () => readId(reader)) };
    case 'key':
      return { kind, key: readHash(reader).slice() };
    case 'ruling':
      return readRuling(reader);
    case 'restored':
      return readRestored(reader);
    default:
      return readSaid(reader, kind);
  }
}

function readSaid(reader: Reader, kind: string): AnyHead {
  const author = readId(reader);
  const element = readId(reader);
  const hand = readId(reader);
  const k = readInt(reader, 1);
  const base = readInt(reader, 0);
  const common = { author, element, hand, k, base };
  switch (kind) {
    case 'add':
      return { kind, ...common, type: readName(reader), values: readValues(reader) };
    case 'set': {
      const values = readValues(reader);
      const words = readList(reader, MAX_WORDS, () => readName(reader));
      return { kind, ...common, values, words, body: readHashOrNil(reader) };
    }
    case 'text': {
      const field = readName(reader);
      const splices = readList(reader, MAX_SPLICES, () => readSplice(reader));
      if (splices.length === 0) throw new Unreadable('no splice');
      return { kind, ...common, field, splices, body: readHash(reader) };
    }
    case 'ink':
      return { kind, ...common, count: readInt(reader, 1, MAX_INK_POINTS), body: readHash(reader) };
    case 'set-aside':
    case 'object':
      return { kind, ...common, body: readHashOrNil(reader) };
    case 'bring-back':
    case 'unlock':
    case 'take-back':
    case 'resume':
      return { kind, ...common };
    case 'vote':
      return { kind, ...common, choice: readInt(reader, 0, 1) };
    case 'propose':
      return {
        kind,
        ...common,
        act: readName(reader),
        board: readMatching(reader, BOARD_ID),
        about: readMatching(reader, ABOUT),
        elements: readList(reader, MAX_LISTED, () => readId(reader)),
        values: readValues(reader),
        words: readList(reader, MAX_WORDS, () => readName(reader)),
        body: readHash(reader),
      };
    case 'lock': {
      const minutes = readInt(reader, 1, MAX_LOCK_MINUTES);
      return { kind, ...common, minutes, body: readHashOrNil(reader) };
    }
    case 'vary':
      return { kind, ...common, field: readName(reader), splice: readSplice(reader), body: readHash(reader) };
    case 'unvary':
    case 'accept':
      return { kind, ...common, field: readName(reader), of: readId(reader), variant: readInt(reader, 1) };
    case 'withdraw':
      return { kind, ...common, ranges: readList(reader, MAX_WORDS, () => readRanges(reader)) };
    default:
      return { kind: 'order', ...common, key: readMatching(reader, ORDER_KEY) };
  }
}

function readRuling(reader: Reader): AnyHead {
  return {
    kind: 'ruling',
    proposal: readId(reader),
    act: readName(reader),
    author: readId(reader),
    about: readMatching(reader, ABOUT),
    elements: readList(reader, MAX_LISTED, () => readId(reader)),
    values: readValues(reader),
    words: readList(reader, MAX_WORDS, () => readName(reader)),
    body: readHashOrNil(reader),
  };
}

function readRestored(reader: Reader): AnyHead {
  return {
    kind: 'restored',
    proposal: readId(reader),
    author: readId(reader),
    element: readId(reader),
    base: readInt(reader, 0),
    values: readValues(reader),
    words: readList(reader, MAX_WORDS, () => readName(reader)),
    splices: readList(reader, MAX_SPLICES, () => readSplice(reader)),
    place: readInt(reader, 0, 2),
    body: readHashOrNil(reader),
  };
}

function readFound(reader: Reader): FoundHead {
  const space = readId(reader);
  const board = readId(reader);
  const key = readHash(reader).slice();
  const version = readInt(reader, 1);
  return { kind: 'found', space, board, key, version, body: readHash(reader) };
}

function readMatching(reader: Reader, pattern: RegExp): string {
  const value = reader.str();
  if (!pattern.test(value)) throw new Unreadable('not such a string');
  return value;
}

function readName(reader: Reader): string {
  return readMatching(reader, PLAIN_NAME);
}

function readId(reader: Reader): string {
  return readMatching(reader, ID);
}

function readInt(reader: Reader, low: number, high = Number.MAX_SAFE_INTEGER): number {
  const value = reader.int();
  if (value < low || value > high) throw new Unreadable('out of bounds');
  return value;
}

function readHash(reader: Reader): Uint8Array {
  const value = reader.bin();
  if (value.length !== HASH_BYTES) throw new Unreadable('not a hash');
  return value;
}

function readHashOrNil(reader: Reader): Uint8Array | null {
  return reader.nil() ? null : readHash(reader);
}

function readSplice(reader: Reader): Splice {
  if (reader.array() !== 3) throw new Unreadable('not a splice');
  return [readInt(reader, 0, MAX_TEXT), readInt(reader, 0, MAX_TEXT), readInt(reader, 0, MAX_TEXT)];
}

function readRanges(reader: Reader): [string, WithdrawnRange[]] {
  if (reader.array() !== 2) throw new Unreadable('not ranges');
  const field = readName(reader);
  const ranges = readList(reader, MAX_RANGES, (): WithdrawnRange => {
    if (reader.array() !== 2) throw new Unreadable('not a range');
    return [readInt(reader, 0, MAX_TEXT), readInt(reader, 1, MAX_TEXT)];
  });
  if (ranges.length === 0) throw new Unreadable('no range');
  return [field, ranges];
}

function readList<T>(reader: Reader, most: number, read: () => T): T[] {
  const count = reader.array();
  if (count > most) throw new Unreadable('too many items');
  const items: T[] = [];
  // Grown as it is read: a claim of four thousand million items costs nothing.
  for (let i = 0; i < count; i += 1) items.push(read());
  return items;
}

function readValues(reader: Reader): Values {
  const count = reader.map();
  if (count > MAX_VALUES) throw new Unreadable('too many values');
  const values = new Map<string, Value>();
  for (let i = 0; i < count; i += 1) {
    const name = readName(reader);
    if (values.has(name)) throw new Unreadable('a key stands twice');
    values.set(name, reader.peek() === 'str' ? reader.str() : reader.int());
  }
  return values;
}
