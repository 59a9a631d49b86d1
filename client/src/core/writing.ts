/** Words come to a field: rebased over what others wrote, whole or as placeholders (FOLD-30 to FOLD-38). Mirrors `core/writing.py`. */

import type { Element, Stamp } from './board.ts';
import type { Splice } from './parts.ts';
import { MAX_TEXT } from './limits.ts';
import { advance, codePoints, insertedBy, PLACEHOLDER, TextField } from './text.ts';
import { carriedVariants } from './whose.ts';

/** What is written where: by whose hand, over the field as of `base`. */
export interface Written {
  readonly hand: string;
  readonly base: number;
  readonly field: string;
  readonly splices: readonly Splice[];
}

/**
 * The element with words written into one of its fields, which its type has, or a reason. `words`: the insertions, joined;
 * null, or of another length: withheld.
 */
export function write(
  element: Element,
  stamp: Stamp,
  said: Written,
  words: string | null,
): Element | 'old-base' | 'out-of-range' | 'text-full' {
  const { hand, base, splices } = said;
  const field = (element.texts.get(said.field) ?? new TextField()).prune(stamp.seq, stamp.at);
  const rebased = field.rebase(stamp.author, hand, base, splices);
  if (rebased === 'old-base') return rebased;
  if (rebased.ops.length === 0) return 'out-of-range'; // FOLD-36
  let grown = 0;
  for (const op of rebased.ops) grown += insertedBy(op);
  if (grown > 0 && field.length + grown > MAX_TEXT) return 'text-full'; // FOLD-38
  const kept = keptWords(splices, rebased.kept, words);
  const written = field.commit(stamp.seq, stamp.at, stamp.author, hand, base, rebased, kept);
  const texts = new Map(element.texts).set(said.field, written);
  return element.with({ texts, variants: carriedVariants(element.variants, said.field, rebased.ops) });
}

/** The insertions of the splices that fit, joined; placeholders where the body is withheld (FOLD-37). */
function keptWords(splices: readonly Splice[], kept: readonly boolean[], said: string | null): string {
  let total = 0;
  for (const splice of splices) total += splice[2];
  const words = said !== null && codePoints(said) === total ? said : PLACEHOLDER.repeat(total);
  if (kept.every(Boolean)) return words;
  let out = '';
  let at = 0;
  splices.forEach((splice, i) => {
    const end = advance(words, at, splice[2]);
    if (kept[i] === true) out += words.slice(at, end);
    at = end;
  });
  return out;
}
