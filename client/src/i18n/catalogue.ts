/**
 * What a catalogue of messages is, as types.
 *
 * English is the source: its keys are all keys, and the names in braces in its texts are what a message must be given.
 * The other languages must have the same keys (a test and the compiler check it) and may have more plural forms.
 *
 * Rejected: ICU MessageFormat (a parser on every phone for two features), keys that are English sentences (a comma
 * mended in English would orphan three translations).
 */
import type { en } from './en';
import type { Message } from './message';

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, Message>>;

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TextOf<M> = M extends { readonly other: infer Text } ? Text : M;

/** The names in braces that message K must be given. */
export type ValuesOf<K extends Key> = Names<TextOf<(typeof en)[K]>>;

/** The arguments after the key: none, or one record with every name. */
export type Given<K extends Key> = [ValuesOf<K>] extends [never]
  ? []
  : [values: Readonly<Record<ValuesOf<K>, string | number>>];
