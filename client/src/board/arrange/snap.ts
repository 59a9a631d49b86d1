/**
 * Snapping: how far a thing in the hand is from being in line with what lies around it, and the lines that say so. Pure.
 *
 * In line means: an edge or the middle at the edge or the middle of another thing; or the gap to a neighbour as wide as a gap that
 * is there already; or halfway between two. The nearest wins, on each axis for itself. With a grid, what is in line with nothing
 * goes to the grid.
 *
 * `Surroundings` is made once for a drag, from what is in view (the scene's spatial index), and then asked at every move: lines are
 * found by halving, gaps among those few that lie beside the thing. Rejected: looking through all things at every move (a far view
 * holds ten thousand), snapping to connectors and ink (nobody means their bounds).
 */
import type { Rect } from '../geometry';

/** A line from the thing in the hand to what it is in line with. `at`: x of an upright line, y of a lying one. */
export interface Line {
  readonly kind: 'line';
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** One of several equal gaps. `axis`: along which it runs, from `from` to `to`, drawn at `at` on the other. */
export interface Gap {
  readonly kind: 'gap';
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export type Guide = Line | Gap;

export interface Snapped {
  readonly dx: number;
  readonly dy: number;
  readonly guides: readonly Guide[];
}

interface Mark {
  /** Where the edge or middle is. */
  readonly at: number;
  /** The thing's reach on the other axis. */
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Gaps are looked for among at most so many neighbours. */
const MOST_BESIDE = 60;
/** Where two ways of being in line are as near, in board units. */
const SAME = 0.01;

function spanOf(rect: Rect, axis: 'x' | 'y'): Span {
  return axis === 'x'
    ? { from: rect.x, to: rect.x + rect.w, low: rect.y, high: rect.y + rect.h }
    : { from: rect.y, to: rect.y + rect.h, low: rect.x, high: rect.x + rect.w };
}

export class Surroundings {
  readonly #marks: Readonly<Record<'x' | 'y', readonly Mark[]>>;
  readonly #rects: readonly Rect[];

  constructor(rects: readonly Rect[]) {
    this.#rects = rects;
    this.#marks = { x: marksOf(rects, 'x'), y: marksOf(rects, 'y') };
  }

  /** Where a rectangle snaps that is moved as a whole. `reach`: how near counts, in board units; `grid`: 0 for none. */
  move(rect: Rect, reach: number, grid = 0): Snapped {
    const [x, y] = (['x', 'y'] as const).map((axis) => this.#moved(rect, axis, reach, grid)) as [number, number];
    const there = { ...rect, x: rect.x + x, y: rect.y + y };
    return { dx: x, dy: y, guides: this.#guides(there, { x: [0, 0.5, 1], y: [0, 0.5, 1] }) };
  }

  /** Where the edges of a frame snap that are being dragged: -1 left or top, 1 right or bottom, 0 none on that axis. */
  resize(rect: Rect, edges: { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 }, reach: number, grid = 0): Snapped {
    const far = (axis: 'x' | 'y'): number => {
      const { from, to } = spanOf(rect, axis);
      return edges[axis] < 0 ? from : to;
    };
    const shift = (axis: 'x' | 'y'): number => {
      if (edges[axis] === 0) return 0;
      return this.#nearest(axis, [far(axis)], reach) ?? toGrid(far(axis), reach, grid);
    };
    const [dx, dy] = [shift('x'), shift('y')];
    const there = {
      x: rect.x + (edges.x < 0 ? dx : 0),
      y: rect.y + (edges.y < 0 ? dy : 0),
      w: rect.w + dx * edges.x,
      h: rect.h + dy * edges.y,
    };
    const parts = (edge: -1 | 0 | 1): number[] => (edge === 0 ? [] : [edge < 0 ? 0 : 1]);
    const guides = this.#guides(there, { x: parts(edges.x), y: parts(edges.y) }).filter((guide) => guide.kind === 'line');
    return { dx, dy, guides };
  }

  #moved(rect: Rect, axis: 'x' | 'y', reach: number, grid: number): number {
    const { from, to } = spanOf(rect, axis);
    const line = this.#nearest(axis, [from, (from + to) / 2, to], reach);
    const gap = this.#nearestGap(rect, axis, reach);
    if (line !== null && (gap === null || Math.abs(line) <= Math.abs(gap) + SAME)) return line;
    return gap ?? toGrid(from, reach, grid);
  }

  /** The smallest shift that brings one of these places to a mark; null if none is within reach. */
  #nearest(axis: 'x' | 'y', places: readonly number[], reach: number): number | null {
    let best: number | null = null;
    for (const place of places) {
      for (const mark of around(this.#marks[axis], place, reach)) {
        const shift = mark.at - place;
        if (Math.abs(shift) <= reach && (best === null || Math.abs(shift) < Math.abs(best) - SAME)) best = shift;
      }
    }
    return best;
  }

  /** What lies beside a rectangle along an axis, in order; nearest first if there are too many. */
  #beside(rect: Rect, axis: 'x' | 'y'): Span[] {
    const mine = spanOf(rect, axis);
    const middle = (mine.from + mine.to) / 2;
    const spans: Span[] = [];
    for (const other of this.#rects) {
      const span = spanOf(other, axis);
      if (span.low < mine.high && mine.low < span.high) spans.push(span);
    }
    const far = (span: Span): number => Math.abs((span.from + span.to) / 2 - middle);
    if (spans.length > MOST_BESIDE) spans.sort((a, b) => far(a) - far(b)).length = MOST_BESIDE;
    return spans.sort((a, b) => a.from - b.from);
  }

  #nearestGap(rect: Rect, axis: 'x' | 'y', reach: number): number | null {
    const mine = spanOf(rect, axis);
    const length = mine.to - mine.from;
    const spans = this.#beside(rect, axis);
    let best: number | null = null;
    const offer = (from: number): void => {
      const shift = from - mine.from;
      if (Math.abs(shift) <= reach && (best === null || Math.abs(shift) < Math.abs(best))) best = shift;
    };
    const gaps = gapsOf(spans);
    for (const { from, to } of gaps) {
      // Halfway between two.
      if (to - from > length) offer((from + to - length) / 2);
    }
    for (const width of new Set(gaps.map(({ from, to }) => to - from))) {
      for (const span of spans) {
        offer(span.to + width);
        offer(span.from - width - length);
      }
    }
    return best;
  }

  /** The lines and gaps that hold where a rectangle is now. `parts`: 0 its beginning, 0.5 its middle, 1 its end. */
  #guides(rect: Rect, parts: Readonly<Record<'x' | 'y', readonly number[]>>): Guide[] {
    const guides: Guide[] = [];
    for (const axis of ['x', 'y'] as const) {
      const mine = spanOf(rect, axis);
      for (const part of parts[axis]) {
        const at = mine.from + (mine.to - mine.from) * part;
        const marks = around(this.#marks[axis], at, SAME).filter((mark) => Math.abs(mark.at - at) <= SAME);
        if (marks.length === 0) continue;
        const from = Math.min(mine.low, ...marks.map((mark) => mark.from));
        const to = Math.max(mine.high, ...marks.map((mark) => mark.to));
        guides.push({ kind: 'line', axis, at, from, to });
      }
      guides.push(...this.#equalGaps(rect, axis));
    }
    return guides;
  }

  /** The gaps beside the rectangle, with those that are as wide. */
  #equalGaps(rect: Rect, axis: 'x' | 'y'): Gap[] {
    const mine = spanOf(rect, axis);
    const spans = this.#beside(rect, axis).filter((span) => span.to <= mine.from + SAME || span.from >= mine.to - SAME);
    const gaps = gapsOf([...spans, mine].sort((a, b) => a.from - b.from));
    const own = gaps.filter((gap) => Math.abs(gap.from - mine.to) <= SAME || Math.abs(gap.to - mine.from) <= SAME);
    const found = new Map<number, Gap>();
    for (const one of own) {
      const alike = gaps.filter((gap) => Math.abs(gap.to - gap.from - (one.to - one.from)) <= 0.5);
      if (alike.length < 2) continue;
      for (const { from, to, at } of alike) found.set(from, { kind: 'gap', axis, at, from, to });
    }
    return [...found.values()];
  }
}

function toGrid(place: number, reach: number, grid: number): number {
  if (grid === 0) return 0;
  const shift = Math.round(place / grid) * grid - place;
  return Math.abs(shift) <= Math.max(reach, grid / 2) ? shift : 0;
}

function marksOf(rects: readonly Rect[], axis: 'x' | 'y'): Mark[] {
  const marks: Mark[] = [];
  for (const rect of rects) {
    const { from, to, low, high } = spanOf(rect, axis);
    for (const at of [from, (from + to) / 2, to]) marks.push({ at, from: low, to: high });
  }
  return marks.sort((a, b) => a.at - b.at);
}

/** The marks from `place - reach` to `place + reach`. */
function around(marks: readonly Mark[], place: number, reach: number): Mark[] {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? 0) < place - reach) low = middle + 1;
    else high = middle;
  }
  const found: Mark[] = [];
  for (let index = low; index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || mark.at > place + reach) break;
    found.push(mark);
  }
  return found;
}

/** The open room between neighbours that stand in order; `at` lies where both can be seen from. */
function gapsOf(spans: readonly Span[]): { readonly from: number; readonly to: number; readonly at: number }[] {
  const gaps: { from: number; to: number; at: number }[] = [];
  let last: Span | undefined;
  for (const span of spans) {
    if (last !== undefined && span.from > last.to + SAME) {
      const [low, high] = [Math.max(last.low, span.low), Math.min(last.high, span.high)];
      gaps.push({ from: last.to, to: span.from, at: (low + high) / 2 });
    }
    if (last === undefined || span.to > last.to) last = span;
  }
  return gaps;
}
