/**
 * Who this device is in a space: a token that never leaves it but for the server's door, and the pseudonym made from it
 * (PROTOCOL-6). A token a space, kept in localStorage; where that is closed (private windows of some browsers) in memory,
 * and then the pseudonym lasts as long as the tab.
 *
 * `crypto.getRandomValues` is there on plain http; `randomUUID` and `subtle` are not (TRAPS 21).
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { PREFIX } from '../core/anonymous.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TOKEN_BYTES = 24;
const SESSION_BYTES = 18;
const ID_BYTES = 12;

/** What keeps short strings on this device. `localStorage` is one. */
export interface Keep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Bytes as base64url without padding. */
export function base64url(data: Uint8Array): string {
  let out = '';
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const bits = ((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    for (let j = 0; j < (left >= 3 ? 4 : left + 1); j += 1) out += ALPHABET[(bits >> (18 - 6 * j)) & 63];
  }
  return out;
}

function random(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** A new id for an element or a hand: 96 random bits. */
export function newId(): string {
  return random(ID_BYTES);
}

/** A new session: one a tab and page load (PROTOCOL-20). */
export function newSession(): string {
  return random(SESSION_BYTES);
}

/** `author` of the holder of `token` in `space` (PROTOCOL-6), computed as the server does. */
export function authorOf(space: string, token: string): string {
  return base64url(sha256(new TextEncoder().encode(`tablecloth-author${space}${token}`))).slice(0, 16);
}

/** The author that a one-time key gives in a space (PROTOCOL-80), computed as the server does. */
export function authorOfKey(space: string, key: string): string {
  return PREFIX + base64url(sha256(new TextEncoder().encode(`tablecloth-anonymous${space}${key}`))).slice(0, 16);
}

/** A new key for one anonymous element. */
export function newKey(): string {
  return random(TOKEN_BYTES);
}

/** What tells a link from another one without giving it away, for what this device keeps. */
export function markOf(secret: string): string {
  return base64url(sha256(new TextEncoder().encode(`tablecloth-link${secret}`))).slice(0, 16);
}

/** This device's token in a space; made and kept at the first call. A repeat gives the same. */
export function tokenOf(space: string, keep: Keep): string {
  const key = `tablecloth.token.${space}`;
  const kept = readKept(keep, key);
  if (kept !== null && /^[A-Za-z0-9_-]{22,64}$/.test(kept)) return kept;
  const made = random(TOKEN_BYTES);
  writeKept(keep, key, made);
  return made;
}

/** What is kept under a key; null also where the store is closed. */
export function readKept(keep: Keep, key: string): string | null {
  try {
    return keep.getItem(key);
  } catch {
    return null;
  }
}

/** Keep a value as far as the device can: a full or closed store is no reason to stop. */
export function writeKept(keep: Keep, key: string, value: string): void {
  try {
    keep.setItem(key, value);
  } catch {
    // A token then lasts as long as the tab.
  }
}

export function removeKept(keep: Keep, key: string): void {
  try {
    keep.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

const inMemory = new Map<string, string>();

/** `localStorage`; where the browser has it closed, what keeps until the page closes. */
export function browserKeep(): Keep {
  try {
    const keep = window.localStorage;
    keep.setItem('tablecloth.try', '1');
    keep.removeItem('tablecloth.try');
    return keep;
  } catch {
    return {
      getItem: (key) => inMemory.get(key) ?? null,
      setItem: (key, value) => void inMemory.set(key, value),
      removeItem: (key) => void inMemory.delete(key),
    };
  }
}
