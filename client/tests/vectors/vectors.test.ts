// Runs the shared vectors in TypeScript. Their format: schemas/vectors/README.md.

import { decode, encode } from '@msgpack/msgpack';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { type Board, newBoard } from '../../src/core/board.ts';
import { canonicalHash, FORMAT, fromCanonical, toCanonical } from '../../src/core/canonical.ts';
import { type Entry, readContent, readHead, type Splice } from '../../src/core/edits.ts';
import { encodeEntry, encodeHead } from '../../src/core/entry.ts';
import { applyEntry, type Outcome } from '../../src/core/fold.ts';
import { decodePoints, encodePoints, type Point } from '../../src/core/ink.ts';
import { Provenance } from '../../src/core/provenance.ts';
import { malformed, refusal } from '../../src/core/rules.ts';
import { inArabic, readPhrase, sealCode, sealHash, sealPhrase } from '../../src/core/seal.ts';
import { applyOp, codePoints, spliceOp, transform } from '../../src/core/text.ts';
import { isSigned, type Tip, tipMessage } from '../../src/core/tip.ts';
import { viewSecretOf } from '../../src/room/view-secret.ts';
import { authorOf, authorOfKey } from '../../src/sync/identity.ts';
import { fittingName } from '../../src/sync/names.ts';
import { decodeFrame, encodeFrame } from '../../src/wire/codec.ts';
import { editIn, editOut } from '../../src/wire/edits.ts';
import type { AnyEdit, FromParticipant } from '../../src/wire/types.ts';
import {
  BOARD,
  boardOf,
  type Case,
  type Expected,
  inFormat,
  type Json,
  logOf,
  opOf,
  outcomeOf,
  placeOf,
  SALT,
  seen,
  SPACE,
  spelled,
} from './cases.ts';
import { readVector, vectorFiles } from './noted.ts';
import { seenDecisions, seenProposal } from './seen-decisions.ts';

function text(case_: Case, name: string): string {
  return spelled(case_[name]) as string;
}

function expectOutcome(outcome: Outcome, expected: Expected | null, where: string): void {
  if (expected === null) return;
  const isSame = outcome.reason === (expected.reason ?? null) && outcome.stale.length === (expected.stale?.length ?? 0);
  // Asked only where it matters: a case of 100,000 entries would spend ten seconds in `expect`.
  if (!isSame || outcome.stale.length > 0) expect(outcome, where).toMatchObject(expected);
}

/** Fold a case's log, with a snapshot written and read after some seqs. */
function foldCase(
  place: [string, string],
  log: readonly [Entry, Expected | null][],
  snapshots: ReadonlySet<number>,
): Board {
  let board = newBoard(...place);
  for (const [entry, expected] of log) {
    expectOutcome(applyEntry(board, entry), expected, `entry ${entry[0]}`);
    if (snapshots.has(entry[0])) board = fromCanonical(toCanonical(board));
  }
  return board;
}

/** After which entries a case's snapshots are taken (see the README). */
function snapshotSeqs(case_: Case, count: number): Set<number> {
  const seqs = new Set<number>();
  let seq = case_['founding'] === false ? 0 : 1;
  if (count <= 300) for (let each = 1; each <= count; each += 1) seqs.add(each);
  for (const said of case_['entries'] as Case[]) {
    seq += typeof said['times'] === 'number' ? said['times'] : 1;
    if ('times' in said) seqs.add(seq);
  }
  return seqs;
}

function expectFrozen(case_: Case, board: Board): void {
  expect(bytesToHex(board.chain)).toBe(case_['chain']);
  expect(canonicalHash(board)).toBe(case_['hash']);
}

function expectBoard(case_: Case, board: Board): void {
  for (const [id, expected] of Object.entries((case_['elements'] ?? {}) as Case)) {
    const element = board.elements.get(id);
    if (expected === null || element === undefined) expect(element ?? null, id).toBe(expected);
    else expect(seen(element, board), id).toMatchObject(spelled(expected) as object);
  }
  const { seq, at, title, version, key } = board;
  expect({ seq, at, title, version, key }).toMatchObject(spelled(case_['board'] ?? {}) as object);
  for (const [id, expected] of Object.entries((case_['proposals'] ?? {}) as Case)) {
    const proposal = board.decisions.proposals.get(id);
    if (expected === null || proposal === undefined) expect(proposal ?? null, id).toBe(expected);
    else expect(seenProposal(proposal), id).toMatchObject(spelled(expected) as object);
  }
  if ('decisions' in case_) expect(seenDecisions(board.decisions)).toMatchObject(case_['decisions'] as object);
  if ('pile' in case_) expect(board.pile().map((element) => element.id)).toEqual(case_['pile']);
  if ('margin' in case_) expect(board.margin().map((element) => element.id)).toEqual(case_['margin']);
}

function runFold(case_: Case): void {
  const log = logOf(case_);
  const board = foldCase(placeOf(case_), log, new Set());
  expectBoard(case_, board);
  expectFrozen(case_, board);
  const restored = foldCase(placeOf(case_), log, snapshotSeqs(case_, log.length)); // FOLD-71
  expectBoard(case_, restored);
  expectFrozen(case_, restored);
  expect(canonicalHash(fromCanonical(toCanonical(board)))).toBe(case_['hash']);
  if ('runs' in case_ || 'foreign' in case_) {
    runProvenance(
      case_,
      log.map(([entry]) => entry),
    );
  }
}

/** Who wrote what, from the heads alone (FOLD-93), and which withdrawals take others' letters (FOLD-94). */
function runProvenance(case_: Case, log: readonly Entry[]): void {
  const known = new Provenance(SPACE, BOARD);
  const foreign = log.filter(([seq, at, head]) => !known.fold([seq, at, head, null])).map(([seq]) => seq);
  for (const [element, fields] of Object.entries((case_['runs'] ?? {}) as Case)) {
    for (const [name, runs] of Object.entries(fields as Case)) expect(known.runs(element, name)).toEqual(runs);
  }
  expect(foreign).toEqual(case_['foreign'] ?? []);
}

/** Play a table of edits as entries (see the README) and look at the field after each line. */
function runRebase(case_: Case): void {
  const entries: Json[] = [
    { at: 1000, head: ['add', 'author-zoe', 'note-one', 'hand-zoe-0', 1, 1, 'note', {}] },
  ];
  const used = new Map<string, number>();
  const lines = case_['edits'] as [string, number, [number, number, string][], Json][];
  lines.forEach(([hand, base, splices, expected], i) => {
    const [, name, number] = /^(.*?)(\d?)$/.exec(hand) as unknown as [string, string, string];
    const words = splices.map((splice) => spelled(splice[2]) as string);
    const lengths = splices.map(([position, deleted], j) => [position, deleted, codePoints(words[j] as string)]);
    const k = (used.get(hand) ?? 0) + 1;
    const handId = `hand-${name}-${number === '' ? '1' : number}`;
    const head = ['text', `author-${name}`, 'note-one', handId, k, base + 2, 'text', lengths];
    entries.push({ at: 1001 + i, head, content: words.join('') });
    const board = newBoard(SPACE, BOARD);
    const outcomes = logOf({ entries }).map(([entry]) => applyEntry(board, entry));
    const isRefused = typeof expected === 'object' && expected !== null && 'refused' in expected;
    expect(outcomes.at(-1)?.reason, `line ${i + 1}`).toBe(isRefused ? expected['refused'] : null);
    if (isRefused) return;
    used.set(hand, k);
    expect(board.elements.get('note-one')?.text(), `line ${i + 1}`).toBe(spelled(expected));
  });
}

function runFrames(case_: Case): void {
  const value = spelled(case_['value']);
  const data = hexToBytes(text(case_, 'hex'));
  if (case_['from'] === 'participant') {
    const frame = value as FromParticipant;
    expect(bytesToHex(encodeFrame(frame))).toBe(case_['hex']);
    if (frame.t !== 'edit') return;
    // Edits go out through the core's records.
    const edits = frame.edits.map((edit) => editOut(editIn(edit)));
    expect(bytesToHex(encodeFrame({ ...frame, edits }))).toBe(case_['hex']);
  } else {
    expect(decodeFrame(data)).toEqual(value);
  }
}

function runHeads(case_: Case): void {
  const data = hexToBytes(text(case_, 'hex'));
  const head = readHead(data);
  expect(head).not.toBeNull();
  if (head !== null) expect(encodeHead(head)).toEqual(data);
  expect(encode(spelled(case_['value']))).toEqual(data);
}

function runEntries(case_: Case): void {
  const data = hexToBytes(text(case_, 'hex'));
  expect(decode(data)).toEqual(spelled(case_['value']));
  expect(encode(spelled(case_['value']))).toEqual(data);
}

function runInk(case_: Case): void {
  const data = spelled({ hex: case_['hex'] ?? '' }) as Uint8Array;
  const points = case_['points'] as unknown as Point[] | null;
  expect(decodePoints(data)).toEqual(points);
  if (points !== null) expect(encodePoints(points)).toEqual(data);
}

function runUnreadable(case_: Case): void {
  const data = hexToBytes(text(case_, 'hex'));
  if (case_['what'] === 'head') expect(readHead(data)).toBeNull();
  else if (case_['what'] === 'body') expect(readContent(data)).toBeNull();
  else expect(case_['what']).toBe('from-participant');
}

function runRefusal(case_: Case): void {
  const board = boardOf(case_);
  const author = text(case_, 'author');
  const edit = editIn(spelled(case_['edit']) as AnyEdit);
  const at = board.at + ((case_['later'] ?? 1) as number);
  expect(refusal(board, author, edit, at)).toBe(case_['code']);
  const entry: Entry = [board.seq + 1, at, ...encodeEntry(edit, author, SALT)];
  const expected = outcomeOf('fold' in case_ ? case_['fold'] : case_['code']);
  expectOutcome(applyEntry(board, entry), expected, 'folded');
}

function runCompat(case_: Case): void {
  const log = (case_['entries'] as string[]).map((hex) => decode(hexToBytes(hex)) as Entry);
  const snapshots = new Map(case_['snapshots'] as [number, string][]);
  const boards = [newBoard(text(case_, 'space'), text(case_, 'board'))];
  const format = case_['format'] as number;
  for (const hex of snapshots.values()) {
    if (format === FORMAT) boards.push(fromCanonical(hexToBytes(hex)));
    else expect(() => fromCanonical(hexToBytes(hex))).toThrow('not a board of this format');
  }
  for (const board of boards) {
    for (const entry of log.slice(board.seq)) {
      const expected = outcomeOf((case_['outcomes'] as Json[])[entry[0] - 1]);
      expectOutcome(applyEntry(board, entry), expected, `entry ${entry[0]}`);
      const snapshot = snapshots.get(board.seq);
      if (snapshot !== undefined) expect(bytesToHex(inFormat(format, toCanonical(board)))).toBe(snapshot);
    }
    expect(bytesToHex(board.chain)).toBe(case_['chain']);
    expect(bytesToHex(sha256(inFormat(format, toCanonical(board))))).toBe(case_['hash']);
  }
}

function tipOf(raw: unknown): Tip {
  const [seq, at, chain, signature] = spelled(raw as Json) as [number, number, Uint8Array, Uint8Array];
  return { seq, at, chain, signature };
}

function runTips(c: Case): void {
  const tip = tipOf(c['tip']);
  expect(tipMessage(text(c, 'space'), text(c, 'board'), tip)).toEqual(spelled(c['message']));
  expect(isSigned(spelled(c['key']) as Uint8Array, text(c, 'space'), text(c, 'board'), tip)).toBe(c['signed']);
}

function runSeals(c: Case): void {
  const tips = new Map(Object.entries(c['tips'] as Case).map(([board, raw]) => [board, tipOf(raw)]));
  const sealed = sealHash(text(c, 'space'), tips);
  expect(sealed).toEqual(spelled(c['seal']));
  expect(sealPhrase(sealed)).toBe(c['phrase']);
  expect(readPhrase(inArabic(text(c, 'phrase')))).toBe(c['phrase']);
  expect(sealCode(text(c, 'space'), sealed, tips)).toBe(c['code']);
  expect(sealCode(text(c, 'space'), sealed)).toBe(c['short']);
}

const RUNNERS: readonly (readonly [string, (case_: Case) => void])[] = [
  ['fold/', runFold],
  ['text/splice.json', (c) => expect(spliceOp(c['splice'] as unknown as Splice)).toEqual(opOf(c['op']))],
  [
    'text/apply.json',
    (c) => expect(applyOp(text(c, 'value'), opOf(c['op']), text(c, 'inserted'))).toBe(text(c, 'expected')),
  ],
  [
    'text/transform.json',
    (c) => {
      const isFirst = c['first'] === true;
      expect(transform(opOf(c['op']), opOf(c['other']), isFirst)).toEqual(opOf(c['expected']));
    },
  ],
  ['text/rebase.json', runRebase],
  ['codec/frames.json', runFrames],
  ['codec/heads.json', runHeads],
  ['codec/entries.json', runEntries],
  ['codec/ink.json', runInk],
  ['codec/unreadable.json', runUnreadable],
  [
    'codec/pseudonym.json',
    (c) => expect(authorOf(text(c, 'space'), text(c, 'token'))).toBe(text(c, 'author')),
  ],
  ['codec/anonymous.json', (c) => expect(authorOfKey(text(c, 'space'), text(c, 'key'))).toBe(text(c, 'author'))],
  ['codec/view-secret.json', (c) => expect(viewSecretOf(text(c, 'edit'))).toBe(text(c, 'view'))],
  ['codec/names.json', (c) => expect(fittingName(text(c, 'name'))).toBe(text(c, 'shown'))],
  ['refuse/malformed.json', (c) => expect(malformed(editIn(spelled(c['edit']) as AnyEdit))).toBe(c['code'])],
  ['refuse/refusal.json', runRefusal],
  ['seal/tips.json', runTips],
  ['seal/seals.json', runSeals],
  ['seal/phrases.json', (c) => expect(readPhrase(text(c, 'written'))).toBe(c['phrase'])],
  ['compat/', runCompat],
];

describe.each(vectorFiles())('%s', (path) => {
  const run = RUNNERS.find(([start]) => path.startsWith(start))?.[1];
  for (const case_ of readVector(path) as Case[]) {
    test(String(case_['title']), () => {
      expect(case_['rules'], 'names no rule').not.toHaveLength(0);
      expect(run, 'no runner for this file').toBeDefined();
      run?.(case_);
    });
  }
});
