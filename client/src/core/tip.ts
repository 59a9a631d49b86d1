/**
 * The signed tip of a log: which state of a board the space's server vouches for (FOLD-130). Mirrors `core/tip.py`.
 *
 * Whoever holds a signed tip can show later that the log it was given then is the log that is there now, or that it is not.
 */

import { ed25519 } from '@noble/curves/ed25519.js';

const encoder = new TextEncoder();
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const CHAIN_BYTES = 32;

/** The state after entry `seq`: the board's time in ms (FOLD-7) and its chain, signed. */
export interface Tip {
  readonly seq: number;
  readonly at: number;
  readonly chain: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is signed (FOLD-130). Ids are ASCII without a zero byte, so no two tips have the same bytes. */
export function tipMessage(space: string, board: string, { seq, at, chain }: Omit<Tip, 'signature'>): Uint8Array {
  const names = encoder.encode(`tablecloth-tip\0${space}\0${board}\0`);
  const message = new Uint8Array(names.length + 16 + chain.length);
  message.set(names);
  const view = new DataView(message.buffer);
  view.setBigUint64(names.length, BigInt(seq));
  view.setBigUint64(names.length + 8, BigInt(at));
  message.set(chain, names.length + 16);
  return message;
}

/** Whether this key signed this tip of this board. Never throws, whatever the bytes are. */
export function isSigned(key: Uint8Array, space: string, board: string, tip: Tip): boolean {
  if (key.length !== KEY_BYTES || tip.signature.length !== SIGNATURE_BYTES || tip.chain.length !== CHAIN_BYTES) return false;
  if (!Number.isSafeInteger(tip.seq) || !Number.isSafeInteger(tip.at) || tip.seq < 1 || tip.at < 0) return false;
  try {
    // Strict, as the server's library is: not the looser rules of ZIP 215.
    return ed25519.verify(tip.signature, tipMessage(space, board, tip), key, { zip215: false });
  } catch {
    return false;
  }
}
