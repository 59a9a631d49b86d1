/**
 * From an edit to the bytes of its entry, encoded once (FOLD-1). Mirrors `core/entry.py`.
 *
 * In the browser only tests and a rescue write entries; pending edits fold through `headOf` alone, with no hash of a body
 * that nobody will ever check.
 */

import { bodyHash } from './chain.ts';
import type { AnyEdit, AnyHead, BoardHead, Content, Splice } from './edits.ts';
import { Writer } from './msgpack.ts';
import { isWorkersHead, type ProposalHead, type WorkersHead } from './room-kinds.ts';

const UNHASHED = new Uint8Array(32);

/** A body's bytes. `salt`: 16 random bytes. */
export function encodeBody(salt: Uint8Array, content: Content): Uint8Array {
  const out = new Writer();
  out.array(2);
  out.bin(salt);
  if (typeof content === 'string') out.str(content);
  else if (content instanceof Uint8Array) out.bin(content);
  else {
    out.array(content.length);
    for (const item of content) out.str(item);
  }
  return out.bytes();
}

/** What an edit puts into a body, or null where its kind has none. */
export function contentOf(edit: AnyEdit): Content | null {
  switch (edit.kind) {
    case 'set':
      return edit.words.size === 0 ? null : wordNames(edit).map((name) => edit.words.get(name) ?? '');
    case 'text':
    case 'vary':
      return edit.inserted;
    case 'ink':
      return edit.points;
    case 'set-aside':
    case 'lock':
      return edit.why === '' ? null : edit.why;
    case 'object':
      return edit.why === '' ? null : edit.why;
    case 'propose':
      return [edit.why, ...wordNames(edit).map((name) => edit.words.get(name) ?? '')];
    default:
      return null;
  }
}

function wordNames(edit: { readonly words: ReadonlyMap<string, string> }): string[] {
  return [...edit.words.keys()].sort();
}

/** The head that an edit by `author` gets. `hash`: of its body, if it has one. */
export function headOf(edit: AnyEdit, author: string, hash: Uint8Array = UNHASHED): AnyHead {
  const { element, hand, k, base } = edit;
  const common = { author, element, hand, k, base };
  switch (edit.kind) {
    case 'add':
      return { kind: 'add', ...common, type: edit.type, values: edit.values };
    case 'set': {
      const words = wordNames(edit);
      return { kind: 'set', ...common, values: edit.values, words, body: words.length === 0 ? null : hash };
    }
    case 'text':
      return { kind: 'text', ...common, field: edit.field, splices: edit.splices, body: hash };
    case 'ink':
      return { kind: 'ink', ...common, count: edit.count, body: hash };
    case 'set-aside':
      return { kind: 'set-aside', ...common, body: edit.why === '' ? null : hash };
    case 'bring-back':
      return { kind: 'bring-back', ...common };
    case 'order':
      return { kind: 'order', ...common, key: edit.key };
    case 'lock':
      return { kind: 'lock', ...common, minutes: edit.minutes, body: edit.why === '' ? null : hash };
    case 'unlock':
      return { kind: 'unlock', ...common };
    case 'propose': {
      const { act, board, about, elements, values } = edit;
      const parts = { act, board, about, elements, values, words: wordNames(edit) };
      return { kind: 'propose', ...common, ...parts, body: hash };
    }
    case 'object':
      return { kind: 'object', ...common, body: edit.why === '' ? null : hash };
    case 'vote':
      return { kind: 'vote', ...common, choice: edit.choice };
    case 'take-back':
      return { kind: 'take-back', ...common };
    case 'resume':
      return { kind: 'resume', ...common };
    case 'vary':
      return { kind: 'vary', ...common, field: edit.field, splice: edit.splice, body: hash };
    case 'unvary':
    case 'accept':
      return { kind: edit.kind, ...common, field: edit.field, of: edit.of, variant: edit.variant };
  }
}

/** Head and body as the bytes that are stored, sent and hashed. */
export function encodeEntry(edit: AnyEdit, author: string, salt: Uint8Array): [Uint8Array, Uint8Array | null] {
  const content = contentOf(edit);
  const body = content === null ? null : encodeBody(salt, content);
  return [encodeHead(headOf(edit, author, body === null ? UNHASHED : bodyHash(body))), body];
}

/** Head and body of a board's founding entry. `key`: 32 bytes. */
export function foundEntry(
  space: string,
  board: string,
  key: Uint8Array,
  title: string,
  salt: Uint8Array,
): [Uint8Array, Uint8Array] {
  const body = encodeBody(salt, title);
  return [encodeHead({ kind: 'found', space, board, key, version: 1, body: bodyHash(body) }), body];
}

const ITEMS = {
  add: 8,
  set: 9,
  text: 9,
  ink: 8,
  'set-aside': 7,
  'bring-back': 6,
  order: 7,
  lock: 8,
  unlock: 6,
  propose: 13,
  object: 7,
  vote: 7,
  'take-back': 6,
  resume: 6,
  vary: 9,
  unvary: 9,
  accept: 9,
  withdraw: 7,
} as const;

/** A head's bytes. */
export function encodeHead(head: AnyHead): Uint8Array {
  const out = new Writer();
  if (head.kind === 'found') {
    out.array(6);
    out.str(head.kind);
    out.str(head.space);
    out.str(head.board);
    out.bin(head.key);
    out.int(head.version);
    out.bin(head.body);
    return out.bytes();
  }
  if (isWorkersHead(head)) {
    workersOut(out, head);
    return out.bytes();
  }
  out.array(ITEMS[head.kind]);
  out.str(head.kind);
  out.str(head.author);
  out.str(head.element);
  out.str(head.hand);
  out.int(head.k);
  out.int(head.base);
  kindOut(out, head);
  return out.bytes();
}

function workersOut(out: Writer, head: WorkersHead): void {
  switch (head.kind) {
    case 'roll':
      out.array(3);
      out.str(head.kind);
      out.str(head.proposal);
      listOut(out, head.people);
      return;
    case 'tick':
      out.array(2);
      out.str(head.kind);
      listOut(out, head.carried);
      return;
    case 'key':
      out.array(2);
      out.str(head.kind);
      out.bin(head.key);
      return;
    case 'ruling':
      out.array(9);
      for (const word of [head.kind, head.proposal, head.act, head.author, head.about]) out.str(word);
      listOut(out, head.elements);
      valuesOut(out, head.values);
      listOut(out, head.words);
      binOut(out, head.body);
      return;
    case 'restored':
      out.array(10);
      for (const word of [head.kind, head.proposal, head.author, head.element]) out.str(word);
      out.int(head.base);
      valuesOut(out, head.values);
      listOut(out, head.words);
      splicesOut(out, head.splices);
      out.int(head.place);
      binOut(out, head.body);
  }
}

function kindOut(out: Writer, head: BoardHead | ProposalHead): void {
  switch (head.kind) {
    case 'add':
      out.str(head.type);
      valuesOut(out, head.values);
      return;
    case 'set':
      valuesOut(out, head.values);
      listOut(out, head.words);
      binOut(out, head.body);
      return;
    case 'text':
      out.str(head.field);
      splicesOut(out, head.splices);
      out.bin(head.body);
      return;
    case 'ink':
      out.int(head.count);
      out.bin(head.body);
      return;
    case 'set-aside':
    case 'object':
      binOut(out, head.body);
      return;
    case 'propose':
      for (const word of [head.act, head.board, head.about]) out.str(word);
      listOut(out, head.elements);
      valuesOut(out, head.values);
      listOut(out, head.words);
      out.bin(head.body);
      return;
    case 'vote':
      out.int(head.choice);
      return;
    case 'order':
      out.str(head.key);
      return;
    case 'lock':
      out.int(head.minutes);
      binOut(out, head.body);
      return;
    case 'vary':
      out.str(head.field);
      numbersOut(out, head.splice);
      out.bin(head.body);
      return;
    case 'unvary':
    case 'accept':
      out.str(head.field);
      out.str(head.of);
      out.int(head.variant);
      return;
    case 'withdraw':
      out.array(head.ranges.length);
      for (const [field, ranges] of head.ranges) {
        out.array(2);
        out.str(field);
        out.array(ranges.length);
        for (const range of ranges) numbersOut(out, range);
      }
      return;
    case 'bring-back':
    case 'unlock':
    case 'take-back':
    case 'resume':
      return;
  }
}

function listOut(out: Writer, items: readonly string[]): void {
  out.array(items.length);
  for (const item of items) out.str(item);
}

function splicesOut(out: Writer, splices: readonly Splice[]): void {
  out.array(splices.length);
  for (const splice of splices) numbersOut(out, splice);
}

function numbersOut(out: Writer, numbers: readonly number[]): void {
  out.array(numbers.length);
  for (const number of numbers) out.int(number);
}

function valuesOut(out: Writer, values: ReadonlyMap<string, number | string>): void {
  out.map(values.size);
  for (const [name, value] of values) {
    out.str(name);
    if (typeof value === 'number') out.int(value);
    else out.str(value);
  }
}

function binOut(out: Writer, value: Uint8Array | null): void {
  if (value === null) out.nil();
  else out.bin(value);
}
