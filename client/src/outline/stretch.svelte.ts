/**
 * The stretch of a long tree that stands on the page: the rows that are seen and some around them. What lies before and after is
 * one empty space each, as high as its rows would be, so that the whole tree can be scrolled; where such a space
 * comes into view, rows take its place.
 *
 * The row that has the keyboard is never taken away by scrolling. Each row says its place among its neighbours, so a screen reader counts
 * all of them (rows.ts).
 */

/** Rows that come at once, and how many stand before the farther ones go. */
const STEP = 40;
const MOST = 160;
/** What a row measures mostly, in CSS pixels: one line. */
const ROW_PX = 36;
/** Rows come so long before they are seen. */
const AHEAD_PX = 500;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span after a space came into view. `beyond_px`: how far the middle of what is seen lies in that space; below 0: not in it yet. */
export function grown({ from, to }: Span, count: number, side: 'before' | 'after', beyond_px: number, held: number): Span {
  const skipped = Math.floor(Math.max(0, beyond_px) / ROW_PX);
  const near = skipped < STEP;
  const next =
    side === 'after'
      ? { from: near ? from : to + skipped - STEP, to: to + skipped + STEP }
      : { from: from - skipped - STEP, to: near ? to : from - skipped + STEP };
  const trimmed = side === 'after' ? { from: Math.max(next.from, next.to - MOST), to: next.to } : { from: next.from, to: Math.min(next.to, next.from + MOST) };
  return within(holding(trimmed, held), count);
}

/** The span in which a row stands, near what stood already if it can be. */
export function showing(span: Span, count: number, at: number): Span {
  const { from, to } = span;
  if (at >= from && at < to) return within(span, count);
  if (at >= to && at < to + STEP) return within({ from: Math.max(from, at + STEP - MOST), to: at + STEP }, count);
  if (at < from && at >= from - STEP) return within({ from: at - STEP, to: Math.min(to, at - STEP + MOST) }, count);
  return within({ from: at - STEP, to: at + STEP }, count);
}

function holding({ from, to }: Span, held: number): Span {
  return held < 0 ? { from, to } : { from: Math.min(from, held), to: Math.max(to, held + 1) };
}

function within({ from, to }: Span, count: number): Span {
  const end = Math.min(Math.max(to, STEP), Math.max(count, STEP));
  return { from: Math.max(0, Math.min(from, end - STEP)), to: end };
}

export class Stretch {
  #span: Span = $state.raw({ from: 0, to: STEP });
  readonly #count: () => number;
  readonly #held: () => number;

  /** How many rows there are, and which of them has the keyboard (−1: none). */
  constructor(count: () => number, held: () => number) {
    this.#count = count;
    this.#held = held;
  }

  get span(): Span {
    return within(this.#span, this.#count());
  }

  /** The height of the spaces, in CSS pixels. */
  get before_px(): number {
    return this.span.from * ROW_PX;
  }

  get after_px(): number {
    return Math.max(0, this.#count() - this.span.to) * ROW_PX;
  }

  /** Have a row stand. */
  show(at: number): void {
    this.#span = showing(this.#span, this.#count(), at);
  }

  /** For a space, as an attachment: rows come when it is about to be seen. Make it anew with each span. */
  space(side: 'before' | 'after'): (space: HTMLElement) => () => void {
    return (space) => {
      if (typeof IntersectionObserver !== 'function') return () => undefined;
      const look = new IntersectionObserver(
        ([entry]) => {
          if (entry?.isIntersecting !== true || entry.rootBounds === null) return;
          const middle = (entry.rootBounds.top + entry.rootBounds.bottom) / 2;
          const beyond = side === 'after' ? middle - entry.boundingClientRect.top : entry.boundingClientRect.bottom - middle;
          this.#span = grown(this.span, this.#count(), side, beyond, this.#held());
        },
        { root: scrollerOf(space), rootMargin: `${AHEAD_PX}px 0px` },
      );
      look.observe(space);
      return () => look.disconnect();
    };
  }
}

/** What scrolls a thing; null: the page. */
function scrollerOf(thing: HTMLElement): HTMLElement | null {
  for (let up = thing.parentElement; up !== null && up !== document.body; up = up.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  }
  return null;
}
