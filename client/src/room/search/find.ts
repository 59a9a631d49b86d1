/**
 * Finds words on boards: in notes, shapes, zones and links, and in what was said of drawings and pictures; what is set aside too.
 * Pure.
 *
 * It goes in steps, so that ten thousand things are looked through between two frames and never within one. What an element
 * says is folded once and kept as long as the element is the same. Boards come in their order; on each, what begins with the
 * words comes first, then what has a word that does, then the rest, each by rows from the top.
 */
import type { Element } from '../../sync/interface';
import { plain, termsOf } from './plain';

/** A board as far as one can look through it. */
export interface Shelf {
  readonly board: string;
  readonly title: string;
  readonly elements: ReadonlyMap<string, Element>;
}

export interface Hit {
  readonly board: string;
  readonly element: Element;
  /** All that it says. */
  readonly words: string;
  /** The zone in which it lies; null for the bare cloth, for zones and for the margin. */
  readonly zone: Element | null;
}

export interface Found {
  readonly board: string;
  readonly title: string;
  /** The board's own name has the words. */
  readonly isNamed: boolean;
  readonly hits: readonly Hit[];
  readonly aside: readonly Hit[];
  /** How many more there are than are told of. */
  readonly more: number;
}

const STEP = 250;
const MOST_HITS = 60;
const MOST_ASIDE = 20;

interface Said {
  readonly words: string;
  readonly plain: string;
}

const said = new WeakMap<Element, Said>();

/** All words of a thing: its fields, and what was said of a drawing or picture. */
export function wordsOf(element: Element): string {
  const parts = [...element.texts.values()].map((field) => field.value);
  const alt = element.words.get('alt');
  if (alt != null) parts.push(alt);
  return parts.filter((part) => part !== '').join('\n');
}

function saidBy(element: Element): Said {
  const known = said.get(element);
  if (known !== undefined) return known;
  const words = wordsOf(element);
  const fresh = { words, plain: words === '' ? '' : plain(words) };
  said.set(element, fresh);
  return fresh;
}

/** How well words fit: 0 best; null if one of the terms is not there. */
function rankOf(text: string, terms: readonly string[]): number | null {
  if (!terms.every((term) => text.includes(term))) return null;
  if (text.startsWith(terms.join(' '))) return 0;
  return terms.some((term) => text.startsWith(term) || text.includes(` ${term}`) || text.includes(`\n${term}`)) ? 1 : 2;
}

function number(element: Element, name: string): number {
  const value = element.props.get(name);
  if (typeof value === 'number') return value;
  try {
    const inborn = element.prop(name);
    return typeof inborn === 'number' ? inborn : 0;
  } catch {
    return 0; // a type without that property
  }
}

/** The smallest zone that holds the middle of a thing. */
export function zoneAround(element: Element, zones: readonly Element[]): Element | null {
  if (element.type === 'zone') return null;
  const x = number(element, 'x') + number(element, 'w') / 2;
  const y = number(element, 'y') + number(element, 'h') / 2;
  let found: Element | null = null;
  let least = Infinity;
  for (const zone of zones) {
    const [left, top, w, h] = [number(zone, 'x'), number(zone, 'y'), number(zone, 'w'), number(zone, 'h')];
    if (x < left || x > left + w || y < top || y > top + h || w * h >= least) continue;
    [found, least] = [zone, w * h];
  }
  return found;
}

interface Ranked {
  readonly element: Element;
  readonly rank: number;
}

function byRankAndPlace(one: Ranked, two: Ranked): number {
  return (
    one.rank - two.rank ||
    number(one.element, 'y') - number(two.element, 'y') ||
    number(one.element, 'x') - number(two.element, 'x') ||
    one.element.born.seq - two.element.born.seq
  );
}

/** Looks through all boards. Yields between steps; what it returns are the boards that have any of it. */
export function* finding(shelves: readonly Shelf[], query: string): Generator<void, readonly Found[]> {
  const terms = termsOf(query);
  const found: Found[] = [];
  if (terms.length === 0) return found;
  for (const shelf of shelves) {
    const here: Ranked[] = [];
    const aside: Ranked[] = [];
    let left = STEP;
    for (const element of shelf.elements.values()) {
      left -= 1;
      if (left === 0) {
        left = STEP;
        yield;
      }
      const text = saidBy(element).plain;
      const rank = text === '' ? null : rankOf(text, terms);
      if (rank !== null) (element.aside === null ? here : aside).push({ element, rank });
    }
    const isNamed = rankOf(plain(shelf.title), terms) !== null;
    if (here.length + aside.length > 0 || isNamed) found.push(told(shelf, isNamed, here, aside));
    yield;
  }
  return found;
}

function told(shelf: Shelf, isNamed: boolean, here: Ranked[], aside: Ranked[]): Found {
  const zones = [...shelf.elements.values()].filter((element) => element.type === 'zone' && element.aside === null);
  const hits = (ranked: Ranked[], most: number): Hit[] =>
    ranked
      .sort(byRankAndPlace)
      .slice(0, most)
      .map(({ element }) => ({
        board: shelf.board,
        element,
        words: saidBy(element).words,
        zone: element.aside === null ? zoneAround(element, zones) : null,
      }));
  const more = Math.max(0, here.length - MOST_HITS) + Math.max(0, aside.length - MOST_ASIDE);
  const { board, title } = shelf;
  return { board, title, isNamed, hits: hits(here, MOST_HITS), aside: hits(aside, MOST_ASIDE), more };
}

/** Runs work that comes in steps, a few milliseconds at a time. Answers how to give it up. */
export function inSteps<T>(
  work: Generator<void, T>,
  done: (result: T) => void,
  later: (next: () => void) => void,
  now: () => number,
  budget_ms = 6,
): () => void {
  let isGivenUp = false;
  const run = (): void => {
    if (isGivenUp) return;
    const until = now() + budget_ms;
    do {
      const step = work.next();
      if (step.done === true) {
        done(step.value);
        return;
      }
    } while (now() < until);
    later(run);
  };
  run();
  return () => {
    isGivenUp = true;
  };
}
