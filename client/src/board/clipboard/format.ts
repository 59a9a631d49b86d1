/**
 * What is copied, as data: things with their properties, words and points, and nothing of who made them. Pure.
 *
 * Ids, hands and names don't travel. Things name each other by their place in the list, so that links inside stay bound and groups
 * stay groups wherever they come to lie. It goes over the system's clipboard as base64 of JSON in an attribute of the HTML form:
 * the one thing that browsers hand on between pages on plain http (TRAPS 21), and that other programs show nothing of. What comes
 * back is read as if a stranger had written it: a thing that does not fit is left out; what can't be read at all is null.
 */
import type { Value } from '../../core/edits';
import { TYPES, valuesFit } from '../../core/elements';
import { decodePoints } from '../../core/ink';
import { MAX_INK_POINTS, MAX_TEXT, MAX_SHORT_TEXT } from '../../core/limits';
import { fittingWords } from '../../core/rules';
import { codePoints } from '../../core/text';

export interface CopiedInk {
  readonly count: number;
  readonly points: Uint8Array;
}

export interface CopiedThing {
  readonly type: string;
  /** Properties that differ from the type's own, without ids and without the order in the pile. */
  readonly values: Readonly<Record<string, Value>>;
  readonly text: string;
  readonly words: Readonly<Record<string, string>>;
  readonly ink: readonly CopiedInk[];
  /** Properties that name other things of the list: by their place in it. */
  readonly ends: Readonly<Record<string, number>>;
  /** Things of one number are one group; 0 for none. */
  readonly group: number;
}

export interface Copied {
  /** The title of the board that it is from: a credit, nothing more. */
  readonly from: string;
  /** Lowest first. */
  readonly things: readonly CopiedThing[];
}

/** Properties that name other things. */
export const END_NAMES = ['from', 'to', 're'] as const;
/** Properties that don't travel. */
export const HOME_NAMES: ReadonlySet<string> = new Set([...END_NAMES, 'group', 'order']);
/** So many things go at once: more would fill the pending store of a phone. */
export const MOST_THINGS = 2_000;
const MOST_LETTERS = 12_000_000;
const VERSION = 1;
const MARK = /\bdata-tablecloth="([A-Za-z0-9+/=]+)"/;

function toBase64(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += 0x8000) letters += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(letters);
}

function fromBase64(letters: string): Uint8Array {
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}

export function encode(copied: Copied): string {
  const things = copied.things.map(({ type, values, text, words, ink, ends, group }) => ({
    t: type,
    v: values,
    ...(text === '' ? {} : { s: text }),
    ...(Object.keys(words).length === 0 ? {} : { w: words }),
    ...(ink.length === 0 ? {} : { i: ink.map(({ count, points }) => [count, toBase64(points)]) }),
    ...(Object.keys(ends).length === 0 ? {} : { e: ends }),
    ...(group === 0 ? {} : { g: group }),
  }));
  const json = JSON.stringify({ tablecloth: VERSION, from: copied.from, things });
  return toBase64(new TextEncoder().encode(json));
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** The HTML form: the data, and the words for programs that know nothing of it. */
export function toHtml(copied: Copied): string {
  const lines = wordsOf(copied).map((words) => `<p>${escaped(words).replace(/\n/g, '<br>')}</p>`);
  return `<div data-tablecloth="${encode(copied)}">${lines.join('')}</div>`;
}

/** The words for programs that take words only: a thing a line, a blank line where words have lines of their own. */
export function toPlain(copied: Copied): string {
  const words = wordsOf(copied);
  return words.join(words.some((one) => one.includes('\n')) ? '\n\n' : '\n');
}

function wordsOf({ things }: Copied): string[] {
  return things.map((thing) => thing.text || (thing.words['alt'] ?? '')).filter((words) => words.trim() !== '');
}

/** What an HTML form holds of ours; null if nothing, or if it can't be read. */
export function fromHtml(html: string): Copied | null {
  const data = html.length > MOST_LETTERS ? undefined : MARK.exec(html)?.[1];
  return data === undefined ? null : decode(data);
}

export function decode(data: string): Copied | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(data)));
  } catch {
    return null;
  }
  const { tablecloth, from, things } = record(json);
  if (tablecloth !== VERSION || !Array.isArray(things) || things.length > MOST_THINGS) return null;
  const read = things.map(readThing);
  // What was left out leaves its place: others name things by it.
  const at = new Map([...read.keys()].filter((index) => read[index] != null).map((index, place) => [index, place]));
  const kept = read.flatMap((thing) => (thing === null ? [] : [{ ...thing, ends: renumbered(thing.ends, at) }]));
  return kept.length === 0 ? null : { from: typeof from === 'string' ? fittingWords(from).slice(0, 120) : '', things: kept };
}

function renumbered(ends: Readonly<Record<string, number>>, at: ReadonlyMap<number, number>): Record<string, number> {
  const kept = Object.entries(ends).flatMap(([name, index]) => {
    const place = at.get(index);
    return place === undefined ? [] : [[name, place] as const];
  });
  return Object.fromEntries(kept);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function readThing(raw: unknown): CopiedThing | null {
  const { t: name, v, s, w, i, e, g } = record(raw);
  const type = typeof name === 'string' ? TYPES.get(name) : undefined;
  if (type === undefined) return null;
  const values = Object.entries(record(v)).filter(([key]) => !HOME_NAMES.has(key)) as [string, Value][];
  if (values.some(([, value]) => !isValue(value)) || !valuesFit(type.name, new Map(values))) return null;
  const text = typeof s === 'string' && type.fields.includes('text') ? fittingWords(s) : '';
  const words = Object.entries(record(w)).filter(([key, said]) => type.words.includes(key) && typeof said === 'string');
  const ink = type.hasInk ? readInk(i) : [];
  if (codePoints(text) > MAX_TEXT || ink === null || (type.hasInk && ink.length === 0)) return null;
  const ends = Object.entries(record(e)).filter(
    ([key, index]) => (END_NAMES as readonly string[]).includes(key) && type.props.has(key) && Number.isInteger(index),
  );
  return {
    type: type.name,
    values: Object.fromEntries(values),
    text,
    words: Object.fromEntries(words.map(([key, said]) => [key, fittingWords(said as string).slice(0, MAX_SHORT_TEXT)])),
    ink,
    ends: Object.fromEntries(ends) as Record<string, number>,
    group: type.props.has('group') && Number.isInteger(g) ? (g as number) : 0,
  };
}

/** A whole number or a name; the type's own rules judge the rest. */
function isValue(value: unknown): value is Value {
  return typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0));
}

function readInk(raw: unknown): CopiedInk[] | null {
  if (!Array.isArray(raw)) return null;
  const pieces: CopiedInk[] = [];
  let total = 0;
  for (const one of raw as unknown[]) {
    const [count, data] = Array.isArray(one) ? (one as unknown[]) : [];
    if (typeof count !== 'number' || typeof data !== 'string') return null;
    try {
      const points = fromBase64(data);
      if (decodePoints(points)?.length !== count) return null;
      pieces.push({ count, points });
    } catch {
      return null;
    }
    total += count;
  }
  return total > MAX_INK_POINTS ? null : pieces;
}
