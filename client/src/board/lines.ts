/**
 * What words say line by line: points of a list, numbered ones, boxes to tick; and where addresses stand in them. Pure.
 *
 * The words themselves are never changed by this: a line that begins with "- ", "* ", "• ", "1. ", "[ ] " or "[x] " is only shown as what it
 * is. Indents are in ems, so that fit.ts, the page and the canvas break lines alike. Positions are UTF-16 units of the whole text.
 */

export type Marker = 'none' | 'point' | 'number' | 'open' | 'done';

export interface Line {
  readonly at: number;
  readonly marker: Marker;
  /** What is shown for the marker: "•", "1.". Boxes are drawn. */
  readonly label: string;
  /** Where the words begin, behind the marker, in ems and in the text. */
  readonly indent: number;
  readonly bodyAt: number;
  readonly body: string;
}

const MARKER = /^([ \t]{0,12})(?:[-*•] )?(\[[ xX]\]|[-*•]|\p{Nd}{1,3}[.)])[ \t]/u;
/** Room for a marker, and for each further step inwards. */
const INDENT = 1.2;
const DIGIT = 0.56;
const STEP = 1;

function lineAt(line: string, at: number): Line {
  const found = MARKER.exec(line);
  if (found === null) return { at, marker: 'none', label: '', indent: 0, bodyAt: at, body: line };
  const [whole, space = '', sign = ''] = found;
  const isBox = sign.startsWith('[');
  const isNumber = !isBox && sign.length > 1;
  const marker: Marker = isBox ? (sign === '[ ]' ? 'open' : 'done') : isNumber ? 'number' : 'point';
  const label = isBox ? (marker === 'open' ? '☐' : '☑') : isNumber ? sign : '•';
  const own = isNumber ? Math.max(INDENT, (sign.length - 1) * DIGIT + 0.75) : isBox ? 1.45 : INDENT;
  const indent = own + Math.floor(space.replace(/\t/g, '  ').length / 2) * STEP;
  return { at, marker, label, indent, bodyAt: at + whole.length, body: line.slice(whole.length) };
}

export function linesOf(text: string): Line[] {
  let at = 0;
  return text.split('\n').map((line) => {
    const found = lineAt(line, at);
    at += line.length + 1;
    return found;
  });
}

/** Whether any line has a marker. */
export function hasList(text: string): boolean {
  return text.split('\n').some((line) => MARKER.test(line));
}

/**
 * The sign, as it is written, from which the lines of a text box hang while one writes: the first list line's, if at least half of the
 * lines with words are such lines; else "". A text box knows one indent for all its lines.
 */
export function hangsFrom(text: string): string {
  const signs = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [MARKER.exec(line)?.[0] ?? null]));
  const lists = signs.filter((sign) => sign !== null);
  return lists.length * 2 >= signs.length ? (lists[0] ?? '') : '';
}

/** Boxes to tick, with the place of the sign between the brackets. */
export interface Box {
  readonly at: number;
  readonly isDone: boolean;
  readonly words: string;
}

export function boxesOf(text: string): Box[] {
  return linesOf(text).flatMap(({ marker, bodyAt, body }) =>
    marker === 'open' || marker === 'done' ? [{ at: text.lastIndexOf('[', bodyAt) + 1, isDone: marker === 'done', words: body }] : [],
  );
}

export interface Part {
  readonly at: number;
  readonly words: string;
  /** Where it leads, if it is an address. */
  readonly href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"'“”«»()[\]{}]+(?:\([^\s()]*\)[^\s<>"'“”«»()[\]{}]*)*/giu;

/** A line's words in parts: addresses and what stands between them. Signs at an address's end belong to the sentence. */
export function partsOf(words: string, at = 0): Part[] {
  const parts: Part[] = [];
  let last = 0;
  for (const found of words.matchAll(ADDRESS)) {
    const address = found[0].replace(/[.,;:!?…]+$/u, '');
    const href = whereTo(address);
    if (href === null) continue;
    if (found.index > last) parts.push({ at: at + last, words: words.slice(last, found.index), href: null });
    parts.push({ at: at + found.index, words: address, href });
    last = found.index + address.length;
  }
  if (last < words.length || parts.length === 0) parts.push({ at: at + last, words: words.slice(last), href: null });
  return parts;
}

function whereTo(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** All addresses in words, in order, each once. */
export function addressesOf(text: string): string[] {
  return [...new Set(partsOf(text).flatMap((part) => part.href ?? []))];
}

/**
 * Enter in a list goes on with it: what is to be put in at the caret instead of a newline, and how many units before the caret
 * go with it. Null for anywhere else. An empty point ends the list.
 */
export function nextLine(text: string, caret: number): { readonly removed: number; readonly inserted: string } | null {
  const start = text.lastIndexOf('\n', caret - 1) + 1;
  const end = text.indexOf('\n', caret);
  const line = text.slice(start, end === -1 ? text.length : end);
  const found = MARKER.exec(line);
  if (found === null || caret - start < found[0].length) return null;
  if (line.length === found[0].length) return { removed: caret - start, inserted: '' };
  const next = found[0].replace(/\[[xX]\]/, '[ ]').replace(/\d+/, (number) => String(Number(number) + 1));
  return { removed: 0, inserted: `\n${next}` };
}
