/** What edits and heads are made of. Mirrors `core/parts.py`. */

const ID = /^[A-Za-z0-9_-]{8,32}$/;
const ASSET = /^[0-9a-f]{64}$/;

export type Value = number | string;
/** Properties that stay when the words are withdrawn: geometry, colour, ends of a connector. */
export type Values = ReadonlyMap<string, Value>;
/** `[position, deleted, inserted]`, lengths in code points; the inserted words stand in the body. */
export type Splice = readonly [position: number, deleted: number, inserted: number];

/** Whether a string may name an element, hand, author, space or board. */
export function isId(value: string): boolean {
  return ID.test(value);
}

/** Whether a string names the bytes of a stored picture. */
export function isAsset(value: string): boolean {
  return ASSET.test(value);
}
