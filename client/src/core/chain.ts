/** The chain that binds each entry to all before it (FOLD-2), and the hash that binds a head to its body (FOLD-1). */

import { sha256 } from '@noble/hashes/sha2.js';

const encoder = new TextEncoder();

/** Chain 0 of a board: what its first entry is hashed onto. 32 bytes. */
export function chainStart(space: string, board: string): Uint8Array {
  return sha256(encoder.encode(space + board));
}

/** The chain after one more entry. 32 bytes; a withheld body changes nothing. */
export function chainNext(chain: Uint8Array, seq: number, at: number, head: Uint8Array): Uint8Array {
  const data = new Uint8Array(chain.length + 16 + head.length);
  data.set(chain);
  const view = new DataView(data.buffer);
  writeInt64(view, chain.length, seq);
  writeInt64(view, chain.length + 8, at);
  data.set(head, chain.length + 16);
  return sha256(data);
}

function writeInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  view.setUint32(at, high);
  view.setUint32(at + 4, value - high * 0x1_0000_0000);
}

/** What a head says of its body: SHA-256 of the body's bytes. */
export function bodyHash(body: Uint8Array): Uint8Array {
  return sha256(body);
}
