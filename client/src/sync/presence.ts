/**
 * Who points at what on one board, and what one shows of oneself (PROTOCOL-30, PROTOCOL-31). Never logged, never kept.
 *
 * Others' carets are kept as they came and carried when they are read, so that a caret which overtook the entries it stands
 * on finds its place once they are folded. What one shows is sent at most 20 times a second; the last word always is, and so
 * is every moment (PROTOCOL-32): it is left in what is sent for three seconds, whatever is said meanwhile.
 */

import { isAnonymous } from '../core/anonymous.ts';
import type { Around as WireAround, Here as WireHere } from '../wire/types.ts';
import { MAX_HERE_ELEMENTS, MAX_STROKE_BYTES } from '../wire/limits.ts';
import { MAX_COORDINATE, MAX_SIZE } from '../core/limits.ts';
import type { Carets } from './carets.ts';
import type { Around, Caret, Here } from './interface.ts';
import type { Replica } from './replica.ts';
import type { Timers } from './timers.ts';

const INTERVAL_MS = 50;
/** How long a moment is sent. */
const MOMENT_MS = 3_000;

interface Heard {
  readonly around: WireAround;
  readonly at: number;
}

/** Others on a board. */
export class Others {
  /** This connection's own name in presence. */
  me = '';
  readonly #carets: () => Carets;
  readonly #heard = new Map<string, Heard>();
  #around: Map<string, Around> | null = null;

  constructor(carets: () => Carets) {
    this.#carets = carets;
  }

  hear(here: readonly WireAround[], gone: readonly string[], now: number): void {
    for (const around of here) if (around.who !== this.me) this.#heard.set(around.who, { around, at: now });
    for (const who of gone) this.#heard.delete(who);
    this.#around = null;
  }

  /** After a reconnect presence starts from nothing (PROTOCOL-31). */
  clear(): void {
    this.#heard.clear();
    this.#around = null;
  }

  get size(): number {
    return this.#heard.size;
  }

  /** Words moved: carets are carried anew when they are next read. */
  moved(): void {
    this.#around = null;
  }

  get all(): ReadonlyMap<string, Around> {
    this.#around ??= new Map([...this.#heard].map(([who, heard]) => [who, this.#placed(heard)]));
    return this.#around;
  }

  #placed({ around: { who, author, here }, at }: Heard): Around {
    return {
      who,
      author,
      at: here.at ?? null,
      selected: here.selected ?? [],
      caret: this.#caret(author, here.caret ?? null),
      drag: (here.drag ?? []).map(([element, x, y, w, h]) => ({ element, x, y, w, h })),
      stroke: strokeOf(here.stroke ?? null),
      view: here.view ?? null,
      laser: here.laser ?? false,
      follow: here.follow ?? '',
      look: here.look ?? null,
      react: here.react ?? null,
      heard: at,
    };
  }

  #caret(author: string, caret: WireHere['caret']): Caret | null {
    if (caret == null) return null;
    const [element, field, anchor, head, base] = caret;
    const carets = this.#carets();
    return {
      element,
      field,
      anchor: carets.in(element, field, anchor, base, author),
      head: carets.in(element, field, head, base, author),
    };
  }
}

function strokeOf(stroke: NonNullable<WireHere['stroke']> | null): Around['stroke'] {
  if (stroke === null) return null;
  const [element, x, y, colour, width, points] = stroke;
  return { element, x, y, colour, width, points };
}

function whole(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.round(value)));
}

function coordinate(value: number): number {
  return whole(value, -MAX_COORDINATE, MAX_COORDINATE);
}

/** What one shows just now, moments with their numbers. */
export type Said = Omit<Here, 'look' | 'react'> & Pick<WireHere, 'look' | 'react'>;

/** Nobody's hand is shown on an anonymous element, whosever it is (PROTOCOL-81). */
function withoutAnonymous(here: Said, { view }: Replica): Said {
  const { selected = [], drag = [], caret = null, stroke = null } = here;
  const isHidden = (id: string): boolean => isAnonymous(view.elements.get(id)?.born.author ?? '');
  return {
    ...here,
    selected: selected.filter((id) => !isHidden(id)),
    drag: drag.filter(({ element }) => !isHidden(element)),
    caret: caret !== null && isHidden(caret.element) ? null : caret,
    stroke: stroke !== null && isHidden(stroke.element) ? null : stroke,
  };
}

/** What one shows, as it is sent. */
export function hereOut(here: Said, replica: Replica): WireHere {
  const { at, selected, caret, drag, stroke, view, laser, follow, look, react } = withoutAnonymous(here, replica);
  const { carets, confirmed } = replica;
  // A stroke's points count only as far as they fit; the rest is seen when it is logged.
  const isShort = stroke != null && stroke.points.length <= MAX_STROKE_BYTES;
  return {
    ...(at != null && { at: [coordinate(at[0]), coordinate(at[1])] as const }),
    ...(selected !== undefined && selected.length > 0 && { selected: selected.slice(0, MAX_HERE_ELEMENTS) }),
    ...(caret != null && {
      caret: [
        caret.element,
        caret.field,
        carets.out(caret.element, caret.field, caret.anchor),
        carets.out(caret.element, caret.field, caret.head),
        confirmed.seq,
      ] as const,
    }),
    ...(drag !== undefined && drag.length > 0 && { drag: drag.slice(0, MAX_HERE_ELEMENTS).map(dragOut) }),
    ...(isShort && {
      stroke: [
        stroke.element,
        coordinate(stroke.x),
        coordinate(stroke.y),
        stroke.colour,
        whole(stroke.width, 1, 64),
        stroke.points,
      ] as const,
    }),
    ...(view != null && { view: areaOut(view) }),
    ...(laser === true && { laser }),
    ...(follow !== undefined && follow !== '' && { follow }),
    ...(look != null && { look: [...areaOut(look), look[4]] as const }),
    ...(react != null && { react }),
  };
}

function areaOut([x, y, w, h]: readonly [number, number, number, number, ...unknown[]]): [number, number, number, number] {
  return [coordinate(x), coordinate(y), whole(w, 0, MAX_SIZE), whole(h, 0, MAX_SIZE)];
}

function dragOut(drag: NonNullable<Here['drag']>[number]): readonly [string, number, number, number, number] {
  const { element, x, y, w, h } = drag;
  return [element, coordinate(x), coordinate(y), whole(w, 0, MAX_SIZE), whole(h, 0, MAX_SIZE)];
}

/** A look or a reaction that lasts, and gets a number when it is new. */
class Moment<T extends readonly (number | string)[]> {
  #asked: T | null = null;
  #shown: readonly [...T, number] | null = null;
  #n = 0;
  #until = -Infinity;

  /** What a call said. */
  say(asked: T | null, now: number): void {
    const isSame = asked !== null && this.#asked?.every((part, i) => part === asked[i]) === true;
    this.#asked = asked;
    if (asked === null || isSame) return;
    this.#n += 1;
    this.#shown = [...asked, this.#n];
    this.#until = now + MOMENT_MS;
  }

  /** What is to be sent at this time. */
  at(now: number): readonly [...T, number] | null {
    if (this.#asked === null && now >= this.#until) this.#shown = null;
    return this.#shown;
  }

  /** When it is to be taken back without anybody saying so; null if it isn't. */
  get until(): number | null {
    return this.#shown !== null && this.#asked === null ? this.#until : null;
  }
}

/** Sends what one shows, thinned. */
export class Showing {
  #here: Here | null = null;
  #sentAt = -Infinity;
  #stop: (() => void) | null = null;
  readonly #look = new Moment<readonly [number, number, number, number]>();
  readonly #react = new Moment<NonNullable<Here['react']>>();
  readonly #timers: Timers;
  readonly #send: (here: Said) => void;

  constructor(timers: Timers, send: (here: Said) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  /** Show this from now on. */
  show(here: Here): void {
    const now = this.#timers.now();
    this.#here = here;
    this.#look.say(here.look ?? null, now);
    this.#react.say(here.react ?? null, now);
    this.#sendAt(this.#sentAt + INTERVAL_MS);
  }

  /** Show the same once more: the board was opened anew. */
  again(): void {
    if (this.#here !== null) this.#sendAt(this.#sentAt + INTERVAL_MS);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#here = null;
  }

  /** At this time, or sooner if that is what was said before. */
  #sendAt(when: number): void {
    this.#stop?.();
    const wait = when - this.#timers.now();
    if (wait <= 0) this.#now();
    else this.#stop = this.#timers.after(wait, () => this.#now());
  }

  #now(): void {
    this.#stop = null;
    if (this.#here === null) return;
    const now = (this.#sentAt = this.#timers.now());
    const { look: _look, react: _react, ...here } = this.#here;
    this.#send({ ...here, look: this.#look.at(now), react: this.#react.at(now) });
    const ends = [this.#look.until, this.#react.until].filter((until) => until !== null);
    if (ends.length > 0) this.#sendAt(Math.max(Math.min(...ends), now + INTERVAL_MS));
  }
}
