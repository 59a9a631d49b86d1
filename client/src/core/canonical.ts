/**
 * A board as bytes that are the same in every language: snapshots, and the hash that two replicas compare (FOLD-70).
 * Mirrors `core/canonical.py`.
 *
 * MessagePack with arrays for records, keys sorted, the shortest form of every integer, no floats. What a text field no
 * longer needs is left out as if it had been pruned at this moment, which changes no later answer.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Board, type Credit, Element, type HandMark, type InkPiece, type Stamp, type Variant } from './board.ts';
import { decisionsIn, decisionsOut } from './canonical-decisions.ts';
import type { Value } from './edits.ts';
import { Reader, Unreadable, Writer } from './msgpack.ts';
import { type Applied, type Bridge, handKey, type Op, TextField, type Waiting } from './text.ts';

const NAME = 'tablecloth-board';
/** The number of this form (FOLD-70). A snapshot of another one is passed over, and the log folded again. */
export const FORMAT = 3;

/** Pairs of a map whose keys are ASCII, in their order. */
function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0));
}

/** The whole state of the fold as bytes. Two replicas agree exactly when these are equal. */
export function toCanonical(board: Board): Uint8Array {
  const out = new Writer();
  out.array(12);
  out.str(NAME);
  out.int(FORMAT);
  out.str(board.space);
  out.str(board.board);
  out.int(board.seq);
  out.int(board.at);
  out.bin(board.chain);
  out.bin(board.key);
  out.int(board.version);
  strOut(out, board.title);
  out.array(board.elements.size);
  for (const [, element] of sorted(board.elements)) elementOut(out, element, board.seq, board.at);
  decisionsOut(out, board.decisions);
  return out.bytes();
}

/** SHA-256 of the canonical form, in hex. */
export function canonicalHash(board: Board): string {
  return bytesToHex(sha256(toCanonical(board)));
}

function strOut(out: Writer, value: string | null): void {
  if (value === null) out.nil();
  else out.str(value);
}

function stampOut(out: Writer, stamp: Stamp): void {
  out.int(stamp.seq);
  out.int(stamp.at);
  out.str(stamp.author);
}

function elementOut(out: Writer, element: Element, seq: number, at: number): void {
  out.array(14);
  out.str(element.id);
  out.str(element.type);
  out.array(3);
  stampOut(out, element.born);
  out.map(element.props.size);
  for (const [name, value] of sorted(element.props)) {
    out.str(name);
    if (typeof value === 'number') out.int(value);
    else out.str(value);
  }
  out.map(element.words.size);
  for (const [name, words] of sorted(element.words)) {
    out.str(name);
    strOut(out, words);
  }
  out.array(element.stamps.size);
  for (const [name, stamp] of sorted(element.stamps)) {
    out.array(4);
    out.str(name);
    stampOut(out, stamp);
  }
  out.array(element.texts.size);
  for (const [name, field] of sorted(element.texts)) fieldOut(out, name, field.prune(seq, at));
  restOut(out, element);
}

function restOut(out: Writer, element: Element): void {
  out.array(element.ink.length);
  for (const piece of element.ink) {
    out.array(2);
    out.int(piece.count);
    if (piece.points === null) out.nil();
    else out.bin(piece.points);
  }
  if (element.aside === null) out.nil();
  else {
    out.array(4);
    stampOut(out, element.aside.stamp);
    strOut(out, element.aside.why);
  }
  out.array(element.hands.size);
  for (const [, mark] of sorted(element.hands)) {
    out.array(3);
    out.str(mark.author);
    out.str(mark.hand);
    out.int(mark.k);
  }
  if (element.lock === null) out.nil();
  else {
    out.array(5);
    stampOut(out, element.lock.stamp);
    out.int(element.lock.until);
    strOut(out, element.lock.why);
  }
  whoseOut(out, element);
}

function whoseOut(out: Writer, element: Element): void {
  out.array(element.variants.length);
  for (const { field, stamp, op, words } of element.variants) {
    out.array(6);
    out.str(field);
    byAuthorOut(out, stamp);
    opOut(out, op);
    strOut(out, words);
  }
  out.array(element.credits.length);
  for (const { field, stamp } of element.credits) {
    out.array(4);
    out.str(field);
    byAuthorOut(out, stamp);
  }
  out.array(element.withdrawn.length);
  for (const stamp of element.withdrawn) {
    out.array(3);
    byAuthorOut(out, stamp);
  }
}

/** A stamp in a list that is sorted by author. */
function byAuthorOut(out: Writer, stamp: Stamp): void {
  out.str(stamp.author);
  out.int(stamp.seq);
  out.int(stamp.at);
}

function fieldOut(out: Writer, name: string, field: TextField): void {
  out.array(5);
  out.str(name);
  out.str(field.value);
  out.int(field.floor);
  out.array(field.window.length);
  for (const record of field.window) {
    out.array(5);
    out.int(record.seq);
    out.int(record.at);
    out.str(record.author);
    out.str(record.hand);
    out.array(record.ops.length);
    for (const op of record.ops) opOut(out, op);
  }
  out.array(field.bridges.size);
  for (const [, bridge] of sorted(field.bridges)) {
    out.array(5);
    out.str(bridge.author);
    out.str(bridge.hand);
    out.int(bridge.base);
    out.int(bridge.seq);
    out.array(bridge.waiting.length);
    for (const other of bridge.waiting) {
      out.array(4);
      out.int(other.seq);
      out.str(other.author);
      out.str(other.hand);
      opOut(out, other.op);
    }
  }
}

function opOut(out: Writer, op: Op): void {
  out.array(op.length);
  for (const number of op) out.int(number);
}

/**
 * A board from its canonical bytes, ready to fold on. Throws Unreadable if they are not such bytes.
 *
 * For snapshots that this project wrote. It trusts their inner shape: an archive from elsewhere is folded from its log.
 */
export function fromCanonical(data: Uint8Array): Board {
  const reader = new Reader(data);
  const items = reader.array();
  if (reader.str() !== NAME || reader.int() !== FORMAT || items !== 12) {
    throw new Unreadable('not a board of this format');
  }
  const space = reader.str();
  const name = reader.str();
  const seq = reader.int();
  const at = reader.int();
  const board = new Board(space, name, reader.bin().slice());
  board.seq = seq;
  board.at = at;
  board.key = reader.bin().slice();
  board.version = reader.int();
  board.title = strIn(reader);
  for (let left = reader.array(); left > 0; left -= 1) {
    const element = elementIn(reader);
    board.elements.set(element.id, element);
  }
  board.decisions = decisionsIn(reader);
  reader.end();
  return board;
}

function strIn(reader: Reader): string | null {
  return reader.nil() ? null : reader.str();
}

function stampIn(reader: Reader): Stamp {
  return { seq: reader.int(), at: reader.int(), author: reader.str() };
}

function record(reader: Reader, count: number): void {
  if (reader.array() !== count) throw new Unreadable('not such a record');
}

function listIn<T>(reader: Reader, read: () => T): T[] {
  const list: T[] = [];
  for (let left = reader.array(); left > 0; left -= 1) list.push(read());
  return list;
}

function mapIn<T>(reader: Reader, read: () => T): Map<string, T> {
  const map = new Map<string, T>();
  for (let left = reader.map(); left > 0; left -= 1) map.set(reader.str(), read());
  return map;
}

function elementIn(reader: Reader): Element {
  record(reader, 14);
  const id = reader.str();
  const type = reader.str();
  record(reader, 3);
  const born = stampIn(reader);
  const props = mapIn<Value>(reader, () => (reader.peek() === 'str' ? reader.str() : reader.int()));
  const words = mapIn(reader, () => strIn(reader));
  const stamps = listIn(reader, (): [string, Stamp] => {
    record(reader, 4);
    return [reader.str(), stampIn(reader)];
  });
  const texts = listIn(reader, () => fieldIn(reader));
  const ink = listIn(reader, (): InkPiece => {
    record(reader, 2);
    return { count: reader.int(), points: reader.nil() ? null : reader.bin().slice() };
  });
  let aside = null;
  if (!reader.nil()) {
    record(reader, 4);
    aside = { stamp: stampIn(reader), why: strIn(reader) };
  }
  const hands = listIn(reader, (): [string, HandMark] => {
    record(reader, 3);
    const mark = { author: reader.str(), hand: reader.str(), k: reader.int() };
    return [handKey(mark.author, mark.hand), mark];
  });
  let lock = null;
  if (!reader.nil()) {
    record(reader, 5);
    lock = { stamp: stampIn(reader), until: reader.int(), why: strIn(reader) };
  }
  return new Element(id, type, born, {
    props,
    words,
    stamps: new Map(stamps),
    texts: new Map(texts),
    ink,
    aside,
    hands: new Map(hands),
    lock,
    ...whoseIn(reader),
  });
}

function byAuthorIn(reader: Reader): Stamp {
  const author = reader.str();
  return { seq: reader.int(), at: reader.int(), author };
}

function whoseIn(reader: Reader): Pick<Element, 'variants' | 'credits' | 'withdrawn'> {
  const variants = listIn(reader, (): Variant => {
    record(reader, 6);
    return { field: reader.str(), stamp: byAuthorIn(reader), op: opIn(reader), words: strIn(reader) };
  });
  const credits = listIn(reader, (): Credit => {
    record(reader, 4);
    return { field: reader.str(), stamp: byAuthorIn(reader) };
  });
  const withdrawn = listIn(reader, () => {
    record(reader, 3);
    return byAuthorIn(reader);
  });
  return { variants, credits, withdrawn };
}

function fieldIn(reader: Reader): [string, TextField] {
  record(reader, 5);
  const name = reader.str();
  const value = reader.str();
  const floor = reader.int();
  const window = listIn(reader, (): Applied => {
    record(reader, 5);
    const [seq, at] = [reader.int(), reader.int()];
    const [author, hand] = [reader.str(), reader.str()];
    return { seq, at, author, hand, ops: listIn(reader, () => opIn(reader)) };
  });
  const bridges = listIn(reader, (): [string, Bridge] => {
    record(reader, 5);
    const [author, hand] = [reader.str(), reader.str()];
    const [base, seq] = [reader.int(), reader.int()];
    return [handKey(author, hand), { author, hand, base, seq, waiting: listIn(reader, () => waitingIn(reader)) }];
  });
  return [name, new TextField(value, window, new Map(bridges), floor)];
}

function waitingIn(reader: Reader): Waiting {
  record(reader, 4);
  return { seq: reader.int(), author: reader.str(), hand: reader.str(), op: opIn(reader) };
}

function opIn(reader: Reader): Op {
  return listIn(reader, () => reader.int());
}
