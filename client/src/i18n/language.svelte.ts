/**
 * The language that the page speaks now, and `t`, which every component calls for its words.
 *
 * `t` reads reactive state: when the language changes, every text on the page does. The page's `lang` and `dir` follow.
 * Components never hold words of their own (a test reads all .svelte files for bare words).
 */
import type { Catalogue, Given, Key } from './catalogue';
import { en } from './en';
import { fill, pluralText, type Direction, type Values } from './format';
import { directionOf, LOADERS, type Code } from './languages';
import type { Message } from './message';

interface Spoken {
  readonly code: Code;
  readonly direction: Direction;
  readonly catalogue: Catalogue;
  readonly rules: Intl.PluralRules;
  readonly numbers: Intl.NumberFormat;
  readonly clock: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly list: Intl.ListFormat;
}

/** The person's own region of a language (en-GB, ar-EG): numbers and times are written as they know them. */
function regional(code: Code): string {
  const wanted = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === code) ?? (code === 'en' ? 'en-GB' : code);
}

function spoken(code: Code, catalogue: Catalogue): Spoken {
  const locale = regional(code);
  return {
    code,
    direction: directionOf(code),
    catalogue,
    rules: new Intl.PluralRules(code),
    numbers: new Intl.NumberFormat(locale),
    clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
    day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }),
    list: new Intl.ListFormat(code, { type: 'conjunction' }),
  };
}

let now = $state.raw<Spoken>(spoken('en', en));
let asked: Code = 'en';

/** What the page speaks. Reading these in a component makes it follow. */
export const language = {
  get code(): Code {
    return now.code;
  },
  get direction(): Direction {
    return now.direction;
  },
};

/**
 * Speak this language from now on. Resolves to whether its words could be fetched; if not, the page goes on in the
 * language it has. Asking for the same again is harmless; of two that overlap the later counts.
 */
export async function speak(code: Code): Promise<boolean> {
  asked = code;
  let catalogue: Catalogue = en;
  if (code !== 'en') {
    try {
      catalogue = await LOADERS[code]();
    } catch {
      return false;
    }
  }
  if (asked !== code) return true;
  now = spoken(code, catalogue);
  if (typeof document !== 'undefined') {
    document.documentElement.lang = code;
    document.documentElement.dir = now.direction;
  }
  return true;
}

/** The words for a key. Plural messages are chosen by `values.count`. */
export function t<K extends Key>(key: K, ...given: Given<K>): string {
  const values = (given[0] ?? {}) as Values;
  const message: Message = now.catalogue[key];
  const count = values['count'];
  const text = pluralText(message, typeof count === 'number' ? count : 0, now.rules);
  return fill(text, values, now.numbers, now.direction);
}

/** Whether there are words for a key that comes from outside. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(en, key);
}

/** The words for a key that comes from outside, such as a refusal's code; null if there are none. No values are filled in. */
export function tKnown(key: string): string | null {
  return isKey(key) ? pluralText(now.catalogue[key], 0, now.rules) : null;
}

/** "Ana, Rhys and Mo", as the language joins a list. */
export function tList(parts: readonly string[]): string {
  return now.list.format(parts);
}

export function tNumber(value: number): string {
  return now.numbers.format(value);
}

/** When something happened: the clock time on the same day, else the day with it. `at` and `present` in ms. */
export function tWhen(at: number, present: number): string {
  const same = new Date(at).toDateString() === new Date(present).toDateString();
  return (same ? now.clock : now.day).format(at);
}
