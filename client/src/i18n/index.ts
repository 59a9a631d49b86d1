/** What the screens use of i18n. */
export { isKey, language, speak, t, tKnown, tList, tNumber, tWhen } from './language.svelte';
export { textDirection, type Direction } from './format';
export { isCode, LANGUAGES, pickLanguage, type Code } from './languages';
export type { Key } from './catalogue';
