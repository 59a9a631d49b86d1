/**
 * From a message and its values to words. Pure: no state, no document.
 *
 * Numbers are written as the language writes them. A text whose first strong letter runs the other way than the language
 * is put between isolates, so that an Arabic name does not turn an English sentence around, or the other way about.
 */
import type { Message } from './message';

export type Direction = 'ltr' | 'rtl';
export type Values = Readonly<Record<string, string | number>>;

const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const FIRST_STRONG = /\p{L}/u;
const FSI = '\u2068';
const PDI = '\u2069';

/** Which way a text runs, by its first letter; null if it has none. */
export function textDirection(text: string): Direction | null {
  const letter = FIRST_STRONG.exec(text)?.[0];
  if (letter === undefined) return null;
  return RTL_LETTER.test(letter) ? 'rtl' : 'ltr';
}

/** The text for this count: by the language's plural forms, or `other`. */
export function pluralText(message: Message, count: number, rules: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return message[rules.select(count)] ?? message.other;
}

/** Puts values into the braces. A name without a value stays as it is, so that a slip is seen and nothing breaks. */
export function fill(text: string, values: Values, numbers: Intl.NumberFormat, direction: Direction): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === 'number') return numbers.format(value);
    const runs = textDirection(value);
    return runs !== null && runs !== direction ? `${FSI}${value}${PDI}` : value;
  });
}
