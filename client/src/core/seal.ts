/**
 * The seal of a board or a space: its signed tips as a short phrase to read aloud, and as the words of a QR code (FOLD-131).
 * Mirrors `core/seal.py`.
 *
 * The phrase is five words of two syllables, 50 bits of the hash after 65,536 more rounds. The syllables are made of sounds
 * that English, Welsh, Dutch and Arabic share, and can be written in Arabic letters too.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { Tip } from './tip.ts';

export const ROUNDS = 65_536;
const WORDS = 5;
const BITS = 5;
const SYLLABLES: readonly string[] = [...'bdfhklmnrst']
  .flatMap((consonant) => [...'aiu'].map((vowel) => consonant + vowel))
  .filter((syllable) => syllable !== 'hu');
const LATIN = 'bdfhklmnrstaiu';
const ARABIC = 'بدفهكلمنرستايو';
const encoder = new TextEncoder();

/** What the tips of these boards say, as 32 bytes. `tips`: by board, at least one. */
export function sealHash(space: string, tips: ReadonlyMap<string, Tip>): Uint8Array {
  const whole = sha256.create().update(encoder.encode(`tablecloth-seal\0${space}\0`));
  const boards = [...tips].sort(([one], [two]) => (one < two ? -1 : 1));
  for (const [board, { seq, at, chain }] of boards) {
    const numbers = new DataView(new ArrayBuffer(16));
    numbers.setBigUint64(0, BigInt(seq));
    numbers.setBigUint64(8, BigInt(at));
    whole.update(encoder.encode(`${board}\0`)).update(new Uint8Array(numbers.buffer)).update(chain);
  }
  return whole.digest();
}

/** The phrase of a seal's hash. Takes some tenths of a second, on purpose. */
export function sealPhrase(sealed: Uint8Array): string {
  const joined = new Uint8Array(64);
  joined.set(sealed, 32);
  let stretched = sealed;
  for (let round = 0; round < ROUNDS; round += 1) {
    joined.set(stretched);
    stretched = sha256(joined);
  }
  const bits = new DataView(stretched.buffer, stretched.byteOffset).getBigUint64(0);
  const said = Array.from({ length: 2 * WORDS }, (_, place) => {
    return SYLLABLES[Number((bits >> BigInt(64 - BITS * (place + 1))) & 31n)] ?? '';
  });
  return inWords(said);
}

function inWords(said: readonly string[]): string {
  return Array.from({ length: WORDS }, (_, word) => (said[2 * word] ?? '') + (said[2 * word + 1] ?? '')).join(' ');
}

/** A phrase in Arabic letters, for those who read these. */
export function inArabic(phrase: string): string {
  return [...phrase].map((letter) => ARABIC[LATIN.indexOf(letter)] ?? letter).join('');
}

/** A phrase as somebody wrote it down: in capitals, with hyphens, in Arabic letters. Null if it is none. */
export function readPhrase(text: string): string | null {
  const plain = [...text.normalize('NFKD')].map((letter) => LATIN[ARABIC.indexOf(letter)] ?? letter).join('');
  const letters = plain.toLowerCase().replace(/[^a-z]/g, '');
  const said = letters.match(/../g) ?? [];
  if (letters.length !== 4 * WORDS || said.some((syllable) => !SYLLABLES.includes(syllable))) return null;
  return inWords(said);
}

function base64(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** A seal as the words of a QR code. Without `tips` it holds the hash alone, where a QR would be too large. */
export function sealCode(space: string, sealed: Uint8Array, tips: ReadonlyMap<string, Tip> = new Map()): string {
  const said = [...tips]
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .map(([board, { seq, at, chain, signature }]) => `${board}:${seq}:${at}:${base64(chain)}:${base64(signature)}`);
  return ['TABLECLOTH-SEAL', '1', space, base64(sealed), ...said].join(' ');
}
