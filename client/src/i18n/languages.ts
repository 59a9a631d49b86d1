/**
 * The languages that Tablecloth speaks, each by its own name, and how one of them is picked.
 *
 * English comes with the page; the others are fetched when they are wanted. Regional forms (`nl-BE`) take their language.
 */
import type { Catalogue } from './catalogue';
import type { Direction } from './format';

export interface LanguageInfo {
  readonly code: string;
  /** What its speakers call it. */
  readonly name: string;
  readonly direction: Direction;
}

export const LANGUAGES = [
  { code: 'en', name: 'English', direction: 'ltr' },
  { code: 'cy', name: 'Cymraeg', direction: 'ltr' },
  { code: 'nl', name: 'Nederlands', direction: 'ltr' },
  { code: 'ar', name: 'العربية', direction: 'rtl' },
] as const satisfies readonly LanguageInfo[];

export type Code = (typeof LANGUAGES)[number]['code'];

export const LOADERS: Readonly<Record<Exclude<Code, 'en'>, () => Promise<Catalogue>>> = {
  cy: async () => (await import('./cy')).cy,
  nl: async () => (await import('./nl')).nl,
  ar: async () => (await import('./ar')).ar,
};

export function isCode(code: string | null): code is Code {
  return LANGUAGES.some((language) => language.code === code);
}

/** The first of the wanted languages that we speak, else English. */
export function pickLanguage(wanted: readonly string[]): Code {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0] ?? '';
    if (isCode(primary)) return primary;
  }
  return 'en';
}

export function directionOf(code: Code): Direction {
  return LANGUAGES.find((language) => language.code === code)?.direction ?? 'ltr';
}
