/**
 * "Please look here": somebody asks everybody, and everybody may come or not. Pure.
 *
 * An ask is an offer that stands for a while and goes by itself; nothing moves before one says so (DESIGN 4.4). One stands at a
 * time, the others wait. Whoever asks again before a while has passed is not heard: devices may be made to ask without end.
 */
import type { Around } from '../../sync/interface';
import { encloses, grow, overlaps, type Rect } from '../geometry';

/** How long an offer stands. */
export const STANDS_MS = 20_000;
/** How soon the same person may ask again. */
export const PAUSE_MS = 10_000;
const MOST = 4;

export interface Offer {
  readonly key: string;
  readonly author: string;
  readonly rect: Rect;
  readonly since: number;
}

type Heard = Pick<Around, 'who' | 'author' | 'look'>;

export class Offers {
  #standing: readonly Offer[] = [];
  readonly #last = new Map<string, number>();
  readonly #heard = new Map<string, number>();

  /** Takes in presence. Answers whether what stands changed. */
  see(around: Iterable<Heard>, me: string, now: number): boolean {
    let isChanged = false;
    for (const { who, author, look } of around) {
      if (look === null || author === me) continue;
      const [x, y, w, h, n] = look;
      if (this.#last.get(who) === n) continue;
      this.#last.set(who, n);
      if (now - (this.#heard.get(author) ?? -Infinity) < PAUSE_MS) continue;
      this.#heard.set(author, now);
      const others = this.#standing.filter((offer) => offer.author !== author);
      this.#standing = [...others, { key: `${who} ${n}`, author, rect: { x, y, w, h }, since: now }].slice(-MOST);
      isChanged = true;
    }
    return isChanged;
  }

  /** What stands at this time, the first that was asked first. */
  at(now: number): readonly Offer[] {
    if (this.#standing.some((offer) => now - offer.since >= STANDS_MS)) {
      this.#standing = this.#standing.filter((offer) => now - offer.since < STANDS_MS);
    }
    return this.#standing;
  }

  /** It was answered, either way. */
  answer(key: string): void {
    this.#standing = this.#standing.filter((offer) => offer.key !== key);
  }

  clear(): void {
    this.#standing = [];
  }
}

/** A thing on the board, as far as one asks what is there. */
export interface There {
  readonly id: string;
  readonly kind: string;
  readonly rect: Rect;
}

/** What lies where somebody asks to look: one thing, a zone, or how many. */
export type Whats =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'zone'; readonly id: string; readonly count: number }
  | { readonly kind: 'some'; readonly count: number; readonly first: string };

const SLACK = 24;

/** `things` are those that meet the rectangle. */
export function whatIsThere(rect: Rect, things: readonly There[]): Whats {
  const around = grow(rect, SLACK);
  const inside = things.filter((thing) => encloses(around, thing.rect));
  const zones = inside.filter((thing) => thing.kind === 'zone');
  const others = inside.filter((thing) => thing.kind !== 'zone');
  const [zone] = zones;
  if (zone !== undefined && zones.length === 1 && others.every((thing) => overlaps(thing.rect, zone.rect))) {
    return { kind: 'zone', id: zone.id, count: others.length };
  }
  if (inside.length === 1 && inside[0] !== undefined) return { kind: 'one', id: inside[0].id };
  const [first] = inside;
  if (first !== undefined) return { kind: 'some', count: inside.length, first: first.id };
  const biggest = [...things].sort((a, b) => a.rect.w * a.rect.h - b.rect.w * b.rect.h).find((thing) => thing.kind !== 'connector');
  return biggest === undefined ? { kind: 'nothing' } : { kind: 'one', id: biggest.id };
}
