/**
 * Who points at what on one board, and what one shows of oneself (PROTOCOL-30, PROTOCOL-31). Never logged, never kept.
 *
 * Others' carets are kept as they came and carried when they are read, so that a caret which overtook the entries it stands
 * on finds its place once they are folded. What one shows is sent at most 20 times a second; the last word always is.
 */

import type { Around as WireAround, Here as WireHere } from '../wire/types.ts';
import { MAX_HERE_ELEMENTS, MAX_STROKE_BYTES } from '../wire/limits.ts';
import { MAX_COORDINATE, MAX_SIZE } from '../core/limits.ts';
import type { Carets } from './carets.ts';
import type { Around, Caret, Here } from './interface.ts';
import type { Replica } from './replica.ts';
import type { Timers } from './timers.ts';

const INTERVAL_MS = 50;

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

/** What one shows, as it is sent. */
export function hereOut(here: Here, replica: Replica): WireHere {
  const { at, selected, caret, drag, stroke } = here;
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
  };
}

function dragOut(drag: NonNullable<Here['drag']>[number]): readonly [string, number, number, number, number] {
  const { element, x, y, w, h } = drag;
  return [element, coordinate(x), coordinate(y), whole(w, 0, MAX_SIZE), whole(h, 0, MAX_SIZE)];
}

/** Sends what one shows, thinned. */
export class Showing {
  #here: Here | null = null;
  #sentAt = -Infinity;
  #stop: (() => void) | null = null;
  readonly #timers: Timers;
  readonly #send: (here: Here) => void;

  constructor(timers: Timers, send: (here: Here) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  /** Show this from now on. */
  show(here: Here): void {
    this.#here = here;
    if (this.#stop !== null) return;
    const wait = this.#sentAt + INTERVAL_MS - this.#timers.now();
    if (wait <= 0) this.#now();
    else this.#stop = this.#timers.after(wait, () => this.#now());
  }

  /** Show the same once more: the board was opened anew. */
  again(): void {
    if (this.#here !== null) this.show(this.#here);
  }

  close(): void {
    this.#stop?.();
    this.#here = null;
  }

  #now(): void {
    this.#stop = null;
    if (this.#here === null) return;
    this.#sentAt = this.#timers.now();
    this.#send(this.#here);
  }
}
