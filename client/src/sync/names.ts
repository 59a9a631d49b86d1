/**
 * Names and titles as the door takes them (PROTOCOL-7): one line, not too long, turning nothing that stands beside it.
 *
 * What can't be seen can't be asked about: so it is left out here, while the door refuses it (`name_fits` in
 * `server/tablecloth/session/names.py`).
 */

import { fittingWords } from '../core/rules.ts';
import { advance } from '../core/text.ts';
import { MAX_NAME } from '../wire/limits.ts';

/** Embeddings, overrides and isolates: they would turn the words beside a name. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
const UNSEEN = /^\p{Cf}*$/u;

/** Words as one line of at most `most` code points; empty if nothing of them can be seen. */
export function fittingLine(words: string, most: number): string {
  const line = fittingWords(words).replace(TURNING, '').replace(/\s+/g, ' ').trim();
  const short = line.slice(0, advance(line, 0, most)).trim();
  return UNSEEN.test(short) ? '' : short;
}

/** A name as it is sent; empty for nobody in particular. */
export function fittingName(name: string): string {
  return fittingLine(name, MAX_NAME);
}
