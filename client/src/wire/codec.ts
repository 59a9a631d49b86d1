/**
 * Bytes to frames and back (PROTOCOL). Mirrors `wire/codec.py`; the types are made from the server's (`types.ts`).
 *
 * What comes from the server is checked for its outer shape, so that nothing half-read reaches a board. Heads and bodies
 * stay bytes here: the core reads them, by rules of its own (FOLD-1).
 */

import { decode, encode } from '@msgpack/msgpack';
import type { FromParticipant, FromServer } from './types.ts';

export const PROTOCOL_VERSION = 3;

/** Bytes that are no frame of this protocol. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => Number.isSafeInteger(value);
const isString: Check = (value) => typeof value === 'string';
const isBoolean: Check = (value) => typeof value === 'boolean';
const isBytes: Check = (value) => value instanceof Uint8Array;
const isRecord: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function oneOf(...values: readonly string[]): Check {
  return (value) => typeof value === 'string' && values.includes(value);
}

function tuple(...checks: readonly Check[]): Check {
  return (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]));
}

function holding(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return (value) =>
    isRecord(value) && checks.every(([name, check]) => check((value as Record<string, unknown>)[name]));
}

function maybe(check: Check): Check {
  return (value) => value === undefined || value === null || check(value);
}

const isEntry = tuple(isNumber, isNumber, isBytes, (value) => value === null || isBytes(value));
const isTip = tuple(isNumber, isNumber, isBytes, isBytes);
const isPerson = holding({ author: isString, name: maybe(isString) });
const isBoard = holding({ board: isString, title: maybe(isString) });
const isAround = holding({ who: isString, author: isString, here: isRecord });

/** What each frame of the server must have. */
const SHAPES: ReadonlyMap<string, Check> = new Map([
  [
    'welcome',
    holding({
      v: isNumber,
      space: isString,
      title: isString,
      author: isString,
      may_edit: isBoolean,
      boards: listOf(isBoard),
      people: listOf(isPerson),
      durable: isString,
      now: isNumber,
      who: maybe(isString),
      links: maybe(tuple(isNumber, isBytes, isBytes, isBytes)),
    }),
  ],
  [
    'opened',
    holding({
      board: isString,
      seq: isNumber,
      mark: isNumber,
      how: oneOf('tail', 'snapshot', 'rewound'),
      session: maybe(isString),
      tip: maybe(isTip),
    }),
  ],
  ['snapshot', holding({ board: isString, seq: isNumber, data: isBytes })],
  ['entries', holding({ board: isString, entries: listOf(isEntry) })],
  ['tip', holding({ board: isString, tip: isTip })],
  ['ack', holding({ board: isString, acks: listOf(tuple(isNumber, isNumber)), session: maybe(isString) })],
  [
    'refuse',
    holding({
      code: isString,
      words: isString,
      board: maybe(isString),
      n: maybe(isNumber),
      session: maybe(isString),
    }),
  ],
  ['presence', holding({ board: isString, here: maybe(listOf(isAround)), gone: maybe(listOf(isString)) })],
  ['people', holding({ people: listOf(isPerson) })],
  ['boards', holding({ boards: listOf(isBoard) })],
  ['withdrawn', holding({ board: isString, elements: isNumber })],
  ['moving', holding({ within_ms: isNumber })],
  ['bye', holding({ code: isString, words: isString })],
  ['pong', holding({})],
]);

/** A frame as the bytes of one binary message. */
export function encodeFrame(frame: FromParticipant): Uint8Array {
  return encode(frame, { ignoreUndefined: true });
}

/** What a server sent. Throws BadFrame, and nothing else, for anything that is not a frame. */
export function decodeFrame(data: Uint8Array): FromServer {
  let value: unknown;
  try {
    value = decode(data);
  } catch (problem) {
    throw new BadFrame(String(problem));
  }
  const name: unknown = isRecord(value) ? (value as { t?: unknown }).t : undefined;
  const fits = typeof name === 'string' && SHAPES.get(name)?.(value) === true;
  if (!fits) throw new BadFrame(`not a frame of version ${PROTOCOL_VERSION}`);
  return value as FromServer;
}
