/**
 * Folds logs that come on stdin, so that tests in Python can compare both languages in one long-lived process.
 *
 *     request   4 bytes length (big-endian), then MessagePack [space, board, [[seq, at, head, body or nil]…]]
 *     reply     4 bytes length (big-endian), then MessagePack [canonical hash, chain (both hex), [reason or nil…]]
 *
 * Every board is also written as a snapshot halfway, read again and folded on from there (FOLD-71): if that ended
 * otherwise, the hash in the reply begins with `snapshot:`. Ends when stdin ends. Run: `node scripts/fold_log.ts`.
 */

import { bytesToHex } from '@noble/hashes/utils.js';
import { type Board, newBoard } from '../src/core/board.ts';
import { canonicalHash, fromCanonical, toCanonical } from '../src/core/canonical.ts';
import type { Entry } from '../src/core/edits.ts';
import { applyEntry } from '../src/core/fold.ts';
import { Reader, Writer } from '../src/core/msgpack.ts';

function readEntry(reader: Reader): Entry {
  if (reader.array() !== 4) throw new RangeError('an entry has four items');
  return [reader.int(), reader.int(), reader.bin(), reader.nil() ? null : reader.bin()];
}

function readRequest(data: Uint8Array): { board: Board; entries: Entry[] } {
  const reader = new Reader(data);
  if (reader.array() !== 3) throw new RangeError('a request has three items');
  const board = newBoard(reader.str(), reader.str());
  const entries: Entry[] = [];
  for (let left = reader.array(); left > 0; left -= 1) entries.push(readEntry(reader));
  reader.end();
  return { board, entries };
}

function answer(data: Uint8Array): Uint8Array {
  const { board, entries } = readRequest(data);
  const reasons: (string | null)[] = [];
  const half = Math.floor(entries.length / 2);
  let again = board;
  entries.forEach((entry, i) => {
    reasons.push(applyEntry(board, entry).reason);
    if (i === half) again = fromCanonical(toCanonical(board));
    else if (i > half) applyEntry(again, entry);
  });
  const hash = canonicalHash(board);
  const out = new Writer();
  out.array(3);
  out.str(canonicalHash(again) === hash ? hash : `snapshot:${hash}`);
  out.str(bytesToHex(board.chain));
  out.array(reasons.length);
  for (const reason of reasons) {
    if (reason === null) out.nil();
    else out.str(reason);
  }
  return out.bytes();
}

let held = Buffer.alloc(0);
process.stdin.on('data', (chunk: Buffer) => {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
    const end = 4 + held.readUInt32BE(0);
    const reply = answer(held.subarray(4, end));
    held = held.subarray(end);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(reply.length);
    process.stdout.write(Buffer.concat([size, reply]));
  }
});
