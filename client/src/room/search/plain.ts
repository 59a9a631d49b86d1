/**
 * Words as they are compared when somebody looks for them: without case, accents, and the ways in which one letter is written.
 * Pure.
 *
 * "Gwely" finds "GWELY", "cafe" finds "café", "احمد" finds "أَحْمَد": marks go, Arabic letters that people write one for the other
 * (alef with and without hamza, alef maqsura and ya, ta marbuta and ha, the Persian kaf and ya) become one, and all digits
 * are 0 to 9. Signs that nobody sees (directions, joiners, the tatweel) go as well.
 *
 * Rejected: `Intl.Collator` with base sensitivity (it compares whole words and can't find within one), a search library (this
 * is forty lines, and none of those small enough knows Arabic).
 */

const ONE_FOR_ANOTHER: Readonly<Record<string, string>> = {
  'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ة': 'ه', 'ۀ': 'ه', 'ە': 'ه', 'ک': 'ك', 'ڪ': 'ك', 'ء': '',
  'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ı': 'i',
  '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-',
};
const MARKS = /[\p{M}\p{Cf}\u0640]/gu;
const DIGIT = /\p{Nd}/u;
const PLAIN_ASCII = /^[\x20-\x40\x5b-\x7e\n\t]*$/;

/** The value of a digit of any script: they come in runs of ten. */
function digitOf(sign: string): string {
  let code = sign.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return String(value);
}

/** One sign of a text as it is compared; empty for what doesn't count. */
function plainSign(sign: string): string {
  if (PLAIN_ASCII.test(sign)) return sign;
  const bare = sign.normalize('NFKD').replace(MARKS, '').toLowerCase();
  let plain = '';
  for (const one of bare) plain += ONE_FOR_ANOTHER[one] ?? (one > '\x7f' && DIGIT.test(one) ? digitOf(one) : one);
  return plain;
}

/** A text as it is compared. */
export function plain(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  let all = '';
  for (const sign of text) all += plainSign(sign);
  return all;
}

/** The words that are looked for: every one of them must be there. */
export function termsOf(query: string): readonly string[] {
  return [...new Set(plain(query).split(/\s+/u))].filter((term) => term !== '');
}

export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

/** A text in pieces, those that were looked for marked. Put together they are the text. */
export function marked(text: string, terms: readonly string[]): readonly Piece[] {
  const starts: number[] = [];
  let folded = '';
  let at = 0;
  for (const sign of text) {
    const one = plainSign(sign);
    for (let i = 0; i < one.length; i += 1) starts.push(at);
    folded += one;
    at += sign.length;
  }
  starts.push(text.length);
  const isIn = new Uint8Array(text.length);
  for (const term of terms) {
    for (let from = folded.indexOf(term); from >= 0; from = folded.indexOf(term, from + term.length)) {
      const end = starts.slice(from + term.length).find((start) => start > (starts[from + term.length - 1] ?? 0));
      isIn.fill(1, starts[from], end ?? text.length);
    }
  }
  const pieces: Piece[] = [];
  for (let i = 0, from = 0; i < text.length; i += 1) {
    if (i + 1 < text.length && isIn[i] === isIn[i + 1]) continue;
    pieces.push({ text: text.slice(from, i + 1), isFound: isIn[i] === 1 });
    from = i + 1;
  }
  return pieces;
}

/** The part of a long text around what was found, on one line, with … where something was left out. */
export function excerpt(text: string, terms: readonly string[], most: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const signs = [...line];
  if (signs.length <= most) return line;
  const pieces = marked(line, terms);
  const first = pieces.findIndex((piece) => piece.isFound);
  const before = [...pieces.slice(0, Math.max(0, first)).map((piece) => piece.text).join('')].length;
  const from = Math.max(0, Math.min(before - Math.floor(most / 3), signs.length - most));
  const part = signs.slice(from, from + most).join('');
  return `${from > 0 ? '…' : ''}${part}${from + most < signs.length ? '…' : ''}`;
}
