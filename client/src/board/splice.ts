/**
 * From "the words were this and are that" to the splice that a person made: what a writing surface sends.
 *
 * A browser tells only the new words and where the caret stands. The caret decides between readings that end in the same
 * words: in "aa", typing another "a" at the front, the middle or the end must say so, or the letters of two people would
 * change places. Strings here are JavaScript's UTF-16; `inCodePoints` turns a splice into the log's unit (FOLD-30). No splice ever
 * cuts a surrogate pair.
 */
import { advance, codePoints } from '../core/text';

/** Replace `deleted` units at `position` by `inserted`. */
export interface Splice {
  readonly position: number;
  readonly deleted: number;
  readonly inserted: string;
}

function isHigh(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether a cut at `index` would part a surrogate pair. */
function cutsPair(text: string, index: number): boolean {
  return index > 0 && index < text.length && isHigh(text, index - 1) && isLow(text, index);
}

function commonPrefix(a: string, b: string, most: number): number {
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function commonSuffix(a: string, b: string, most: number): number {
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1;
  return length;
}

/**
 * The splice that turns `before` into `after`, or null if they are equal.
 *
 * `caret` is where the caret stands in `after` (its end, if something is selected), in UTF-16 units: what stands behind it
 * is taken as untouched if that can be. Without it, or if it can't be, the first reading from the front counts.
 */
export function spliceBetween(before: string, after: string, caret: number | null = null): Splice | null {
  if (before === after) return null;
  let suffix = 0;
  const behind = caret === null ? -1 : after.length - caret;
  const byCaret =
    behind >= 0 && behind <= Math.min(before.length, after.length) && before.endsWith(after.slice(after.length - behind));
  if (byCaret) suffix = behind;
  let prefix = commonPrefix(before, after, Math.min(before.length, after.length) - suffix);
  suffix += commonSuffix(
    before.slice(prefix, before.length - suffix),
    after.slice(prefix, after.length - suffix),
    Math.min(before.length, after.length) - suffix - prefix,
  );
  while (cutsPair(before, prefix) || cutsPair(after, prefix)) prefix -= 1;
  while (suffix > 0 && (cutsPair(before, before.length - suffix) || cutsPair(after, after.length - suffix))) suffix -= 1;
  return { position: prefix, deleted: before.length - suffix - prefix, inserted: after.slice(prefix, after.length - suffix) };
}

export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.position) + splice.inserted + text.slice(splice.position + splice.deleted);
}

/** How many code points stand before a UTF-16 index. */
export function toCodePoints(text: string, index: number): number {
  return codePoints(text.slice(0, index));
}

/** The UTF-16 index behind that many code points; the end, if there are fewer. */
export function toUnits(text: string, points: number): number {
  return advance(text, 0, points);
}

/** The same splice in code points of `text`, the words before it. */
export function inCodePoints(text: string, splice: Splice): Splice {
  const position = toCodePoints(text, splice.position);
  const end = toCodePoints(text, splice.position + splice.deleted);
  return { position, deleted: end - position, inserted: splice.inserted };
}

// Control characters but tab and newline, non-characters, the placeholder, and halves of pairs (FOLD-37).
const UNFIT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffc\ufffe\uffff]|\p{Surrogate}/gu;

/** Words without the signs that no log takes (FOLD-37); line ends of any kind become newlines. */
export function fitWords(words: string): string {
  return words.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replace(UNFIT, '');
}
