/**
 * The language that the page speaks now, and `t`, which every component calls for its words.
 *
 * `t` reads reactive state: when the language changes, every text on the page does. The page's `lang` and `dir` follow.
 * Components never hold words of their own (a test reads all .svelte files for bare words).
 */
import type { Catalogue, Given, Key, Message } from './catalogue';
import { en } from './en';
import { fill, pluralText, type Direction, type Values } from './format';
import { directionOf, LOADERS, type Code } from './languages';

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

function spoken(code: Code, catalogue: Catalogue): Spoken {
  return {
    code,
    direction: directionOf(code),
    catalogue,
    rules: new Intl.PluralRules(code),
    numbers: new Intl.NumberFormat(code),
    clock: new Intl.DateTimeFormat(code, { hour: '2-digit', minute: '2-digit' }),
    day: new Intl.DateTimeFormat(code, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }),
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
  const load = LOADERS[code];
  if (load !== undefined) {
    try {
      catalogue = await load();
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

/** The words for a key that comes from outside, such as a refusal's code; null if there are none. No values are filled in. */
export function tKnown(key: string): string | null {
  if (!Object.hasOwn(en, key)) return null;
  return pluralText(now.catalogue[key as Key], 0, now.rules);
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
