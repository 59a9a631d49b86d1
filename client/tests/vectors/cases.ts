// Reads the cases of schemas/vectors: from their JSON to entries, and from a board to what a case may expect of it. The
// format stands in schemas/vectors/README.md; tests/support/cases.py is the same in Python.
//
// Everything a case holds is encoded with @msgpack/msgpack, not with the core's own writer: an independent second opinion.

import { decode, encode } from '@msgpack/msgpack';
import { hexToBytes } from '@noble/hashes/utils.js';
import { type Board, type Element, newBoard, type Stamp } from '../../src/core/board.ts';
import { FORMAT } from '../../src/core/canonical.ts';
import { bodyHash } from '../../src/core/chain.ts';
import type { Entry } from '../../src/core/edits.ts';
import { typeOf } from '../../src/core/elements.ts';
import { applyEntry } from '../../src/core/fold.ts';
import { variantWords } from '../../src/core/whose.ts';
import { codePoints, DELETE, INSERT, KEEP, type Op } from '../../src/core/text.ts';

export const SPACE = 'space-vector';
export const BOARD = 'board-vector';
export const SALT = new Uint8Array(16);

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Case = Record<string, Json>;
export interface Expected {
  reason?: string | null;
  stale?: string[];
}

/** A value of a case with its bytes and long strings spelled out. */
export function spelled(value: Json | undefined): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  const times = typeof value['times'] === 'number' ? value['times'] : 1;
  if (typeof value['hex'] === 'string') return hexToBytes(value['hex'].repeat(times));
  if (typeof value['repeat'] === 'string') return value['repeat'].repeat(times);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spelled(item)]));
}

const STEPS: Readonly<Record<string, number>> = { keep: KEEP, insert: INSERT, delete: DELETE };

/** An op of a text case. */
export function opOf(steps: Json | undefined): Op {
  return (steps as [string, number][]).flatMap(([kind, length]) => [STEPS[kind] as number, length]);
}

/** Space and board of a case: an ordinary board, or the space's own log. */
export function placeOf(case_: Case): [string, string] {
  return [SPACE, case_['on'] === 'space' ? SPACE : BOARD];
}

const HASHED = ['found', 'set', 'text', 'ink', 'set-aside', 'lock', 'vary', 'propose', 'object', 'ruling', 'restored'];

/** Entry 1 of every case that doesn't bring its own. */
function founding(case_: Case): Entry {
  const body = encode([SALT, 'Vectors']);
  return [1, 1000, encode(['found', ...placeOf(case_), new Uint8Array(32), 1, bodyHash(body)]), body];
}

/** What a body's hash is made from, and the body that the log has. */
function bodyOf(said: Case, kind: string): [Uint8Array | null, Uint8Array | null] {
  if ('body' in said) {
    const body = spelled(said['body']) as Uint8Array | null;
    return [body, body];
  }
  let content = spelled(said['content']) ?? null;
  if (content === null && (kind === 'text' || kind === 'vary')) content = '';
  if (content === null && kind === 'ink') content = new Uint8Array();
  if (content === null) return [null, null];
  const body = encode([SALT, content]);
  return [body, said['withheld'] === true ? null : body];
}

/** The bytes of an entry's head and body, at one of its repetitions. */
function headOf(said: Case, repetition: number): [Uint8Array, Uint8Array | null] {
  const bytes = spelled(said['head']);
  if (bytes instanceof Uint8Array) return [bytes, bodyOf(said, '')[1]];
  const number = String(repetition).padStart(6, '0');
  const head = (bytes as unknown[]).map((item) => (typeof item === 'string' ? item.replaceAll('#', number) : item));
  const grow = grows(said);
  if (grow.includes('k')) head[4] = (head[4] as number) + repetition;
  if (grow.includes('base')) head[5] = (head[5] as number) + repetition;
  const kind = head[0] as string;
  const [hashed, body] = bodyOf(said, kind);
  if (HASHED.includes(kind)) {
    head.push(hashed === null ? null : bodyHash(hashed));
  }
  return [encode(head), body];
}

function grows(said: Case): string[] {
  return (said['grow'] ?? []) as string[];
}

/** An expected outcome, with only what the case says of it. */
export function outcomeOf(said: Json | undefined): Expected {
  if (typeof said === 'object' && said !== null) return said as Expected;
  const reason = said as string | null;
  return reason === 'stale' ? { reason } : { reason, stale: [] };
}

/** The entries of a case, the founding one first, each with its expected outcome. */
export function logOf(case_: Case): [Entry, Expected | null][] {
  const log: [Entry, Expected | null][] = [];
  if (case_['founding'] !== false) log.push([founding(case_), null]);
  const outcomes = case_['outcomes'] as Json[] | undefined;
  const entries = case_['entries'] as Case[];
  if (outcomes !== undefined && outcomes.length !== entries.length) throw new RangeError('an outcome is missing');
  entries.forEach((said, i) => {
    const times = (said['times'] ?? 1) as number;
    for (let repetition = 0; repetition < times; repetition += 1) {
      const at = (said['at'] as number) + (grows(said).includes('at') ? repetition : 0);
      const [head, body] = headOf(said, repetition);
      log.push([[log.length + 1, at, head, body], outcomes === undefined ? null : outcomeOf(outcomes[i])]);
    }
  });
  return log;
}

/** The board after a case's entries. */
export function boardOf(case_: Case): Board {
  const board = newBoard(...placeOf(case_));
  for (const [entry] of logOf(case_)) applyEntry(board, entry);
  return board;
}

function stampOf(stamp: Stamp): [number, number, string] {
  return [stamp.seq, stamp.at, stamp.author];
}

function byName<T>(names: Iterable<string>, value: (name: string) => T): Record<string, T> {
  return Object.fromEntries([...names].map((name) => [name, value(name)]));
}

/** Everything that a case may expect of an element. Fields are as if pruned now, as in a snapshot. */
export function seen(element: Element, board: Board): Record<string, unknown> {
  const type = typeOf(element.type);
  const pruned = (name: string) => element.texts.get(name)?.prune(board.seq, board.at);
  const written = type.fields.filter((name) => element.texts.has(name));
  const marks = [...element.hands.values()].map(({ author, hand, k }) => [author, hand, k] as const);
  return {
    type: element.type,
    born: stampOf(element.born),
    props: byName(type.props.keys(), (name) => element.prop(name)),
    words: byName(element.words.keys(), (name) => element.words.get(name)),
    stamps: byName(element.stamps.keys(), (name) => stampOf(element.stamp(name))),
    texts: byName(type.fields, (name) => element.text(name)),
    lengths: byName(type.fields, (name) => codePoints(element.text(name))),
    window: byName(written, (name) => pruned(name)?.window.length),
    floor: byName(written, (name) => pruned(name)?.floor),
    ink: element.ink.map((piece) => [piece.count, piece.points]),
    inkCount: element.inkCount(),
    aside: element.aside === null ? null : [...stampOf(element.aside.stamp), element.aside.why],
    lock: element.lock === null ? null : [...stampOf(element.lock.stamp), element.lock.until, element.lock.why],
    variants: element.variants.map(({ field, stamp, op, words }) => {
      const steps = Array.from({ length: op.length / 2 }, (_, i) => [op[2 * i], op[2 * i + 1]]);
      return [field, stamp.author, stamp.seq, steps, words];
    }),
    proposed: element.variants.map((one) => variantWords(element, one)),
    credits: element.credits.map(({ field, stamp }) => [field, stamp.author, stamp.seq]),
    withdrawn: element.withdrawn.map((stamp) => [stamp.author, stamp.seq]),
    hands: marks.sort((one, two) => (one.join(' ') < two.join(' ') ? -1 : 1)),
  };
}

/** The canonical form of a board as an older format had it (FOLD-70), for a board that it could hold. */
export function inFormat(number: number, canonical: Uint8Array): Uint8Array {
  if (number === FORMAT) return canonical;
  const whole = decode(canonical) as unknown[];
  whole[1] = number;
  if (whole.pop() !== null) throw new RangeError('formats 1 and 2 had no decisions');
  for (const element of whole[10] as unknown[][]) {
    const since = element.splice(11) as unknown[][];
    if (since.some((list) => list.length > 0)) throw new RangeError('format 2 had no variants and no withdrawal');
    if (number === 1 && element.pop() !== null) throw new RangeError('format 1 had no locks');
  }
  return encode(whole);
}
