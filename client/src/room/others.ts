/**
 * What others did since last time, by deed and by who, and who came and left, for a few sentences to a screen reader. Pure.
 *
 * It compares elements as they were with elements as they are. Who changed one is read from its hands: every entry that an
 * element took moved on some author's k (FOLD-4). One's own doings are not told. Counts and names only: the words are in
 * the outline, for when one wants to read them.
 */
import type { Element } from '../sync/interface';

export type Deed = 'replied' | 'added' | 'wrote' | 'changed' | 'aside' | 'back';
export const DEEDS: readonly Deed[] = ['replied', 'added', 'wrote', 'changed', 'aside', 'back'];

/** What one wants to hear of: everything, replies to one's own, the zone that one is in, or nothing. */
export const TELLS = ['all', 'replies', 'zone', 'none'] as const;
export type Tells = (typeof TELLS)[number];

/** Whose entries an element took between two of its states. */
export function touchedBy(before: Element | undefined, after: Element): Set<string> {
  const authors = new Set<string>();
  for (const [key, { author, k }] of after.hands) {
    if (k > (before?.hands.get(key)?.k ?? 0)) authors.add(author);
  }
  return authors;
}

/** Words count as written only if they changed: moving a note on which somebody wrote before is no writing. */
export function deedOf(before: Element | undefined, after: Element): Deed {
  if (before === undefined) return 'added';
  if (before.aside === null && after.aside !== null) return 'aside';
  if (before.aside !== null && after.aside === null) return 'back';
  return [...after.texts].some(([field, text]) => (before.texts.get(field)?.value ?? '') !== text.value) ? 'wrote' : 'changed';
}

export interface Tally {
  readonly authors: ReadonlySet<string>;
  /** How many elements. */
  readonly count: number;
}

/** What happened to one element. */
export interface Happening {
  readonly id: string;
  readonly deed: Deed;
  readonly authors: ReadonlySet<string>;
  /** It replies to something of mine. */
  readonly isToMe: boolean;
}

/** Gathers deeds until they are told. What was added and then written in counts once, as added. */
export class Gathering {
  readonly #deeds = new Map<string, Happening>();

  get isEmpty(): boolean {
    return this.#deeds.size === 0;
  }

  /** Takes in one element's change, if anybody but `me` had a part in it. `isMine`: whether an element was laid by me. */
  note(before: Element | undefined, after: Element, me: string, isMine: (id: string) => boolean = () => false): void {
    const authors = touchedBy(before, after);
    authors.delete(me);
    if (before === after || authors.size === 0) return;
    const known = this.#deeds.get(after.id);
    const re = after.props.get('re');
    const isToMe = typeof re === 'string' && re !== '' && isMine(re) && after.born.author !== me;
    const now = deedOf(before, after);
    const fresh: Deed = now === 'added' && isToMe ? 'replied' : now;
    const isSmall = fresh === 'changed' || fresh === 'wrote';
    const keeps = known !== undefined && isSmall && known.deed !== 'changed' && known.deed !== 'aside' && known.deed !== 'back';
    const deed = keeps ? known.deed : fresh;
    // Who set a note aside is told, not who wrote it before.
    const all = known?.deed === deed ? new Set([...known.authors, ...authors]) : authors;
    this.#deeds.set(after.id, { id: after.id, deed, authors: all, isToMe });
  }

  /** What was gathered and passes the sieve, by deed in the order of `DEEDS`, and begins anew. */
  take(passes: (one: Happening) => boolean = () => true): [Deed, Tally][] {
    const all = [...this.#deeds.values()].filter(passes);
    this.#deeds.clear();
    return DEEDS.flatMap((deed) => {
      const these = all.filter((one) => one.deed === deed);
      if (these.length === 0) return [];
      return [[deed, { authors: new Set(these.flatMap((one) => [...one.authors])), count: these.length }]];
    });
  }
}

/** Gathers who came and who left; somebody who was away for a moment only is not told. */
export class Comings {
  #here: ReadonlySet<string>;
  #told: ReadonlySet<string>;

  constructor(here: Iterable<string>) {
    this.#here = new Set(here);
    this.#told = this.#here;
  }

  see(here: Iterable<string>): void {
    this.#here = new Set(here);
  }

  get isEmpty(): boolean {
    return this.#here.size === this.#told.size && [...this.#here].every((author) => this.#told.has(author));
  }

  /** Who came and who left since the last time, sorted. */
  take(): { readonly came: readonly string[]; readonly left: readonly string[] } {
    const came = [...this.#here].filter((author) => !this.#told.has(author)).sort();
    const left = [...this.#told].filter((author) => !this.#here.has(author)).sort();
    this.#told = this.#here;
    return { came, left };
  }
}
