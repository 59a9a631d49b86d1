/**
 * Reactions: a heart or a clap that floats for three seconds at a thing or at somebody's cursor, and what is said of them. Pure.
 *
 * They come with presence (PROTOCOL-32): each has a number, and the same number is the same moment however often it is heard.
 * Nothing of them is kept. For screen readers they are gathered and summed up, so that a room that claps is one sentence.
 */
import type { Around, Reaction } from '../../sync/interface';

export const REACTIONS: readonly Reaction[] = ['heart', 'up', 'clap', 'laugh', 'think', 'question', 'thanks', 'wow'];
export const FLOAT_MS = 3_000;
/** More at once nobody could tell apart; the oldest make room. */
const MOST = 40;

/** One that floats just now. */
export interface Floating {
  readonly key: string;
  readonly who: string;
  readonly author: string;
  readonly name: Reaction;
  /** The thing at which it floats; "" for the cursor. */
  readonly element: string;
  /** Where the cursor was, if it was anywhere. */
  readonly at: readonly [number, number] | null;
  readonly since: number;
}

type Heard = Pick<Around, 'who' | 'author' | 'at' | 'react'>;

export class Reactions {
  #floating: readonly Floating[] = [];
  readonly #last = new Map<string, number>();
  #mine = 0;

  /** Takes in presence. Answers those that are new. */
  see(around: Iterable<Heard>, now: number): readonly Floating[] {
    const fresh: Floating[] = [];
    const here = new Set<string>();
    for (const { who, author, at, react } of around) {
      here.add(who);
      if (react === null) continue;
      const [name, element, n] = react;
      if (!REACTIONS.includes(name) || this.#last.get(who) === n) continue;
      this.#last.set(who, n);
      fresh.push({ key: `${who} ${n}`, who, author, name, element, at, since: now });
    }
    for (const who of this.#last.keys()) if (!here.has(who)) this.#last.delete(who);
    this.#add(fresh);
    return fresh;
  }

  /** My own, which presence doesn't bring back to me. */
  mine(author: string, name: Reaction, element: string, at: Floating['at'], now: number): void {
    this.#mine += 1;
    this.#add([{ key: `me ${this.#mine}`, who: '', author, name, element, at, since: now }]);
  }

  #add(fresh: readonly Floating[]): void {
    if (fresh.length > 0) this.#floating = [...this.#floating, ...fresh].slice(-MOST);
  }

  /** Those that float at this time. The same list as long as it is the same. */
  at(now: number): readonly Floating[] {
    if (this.#floating.some((one) => now - one.since >= FLOAT_MS)) {
      this.#floating = this.#floating.filter((one) => now - one.since < FLOAT_MS);
    }
    return this.#floating;
  }
}

/** People who did the same at the same thing. */
export interface Sum {
  readonly name: Reaction;
  readonly element: string;
  readonly authors: readonly string[];
}

/** Gathers reactions until they are told of. */
export class Summing {
  readonly #sums = new Map<string, { name: Reaction; element: string; authors: Set<string> }>();

  add({ name, element, author }: Pick<Floating, 'name' | 'element' | 'author'>): void {
    const key = `${name} ${element}`;
    const sum = this.#sums.get(key) ?? { name, element, authors: new Set<string>() };
    sum.authors.add(author);
    this.#sums.set(key, sum);
  }

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  /** What was gathered, what most people did first; and begins anew. */
  take(): readonly Sum[] {
    const sums = [...this.#sums.values()].map(({ name, element, authors }) => ({ name, element, authors: [...authors].sort() }));
    this.#sums.clear();
    return sums.sort((one, two) => two.authors.length - one.authors.length || REACTIONS.indexOf(one.name) - REACTIONS.indexOf(two.name));
  }
}
