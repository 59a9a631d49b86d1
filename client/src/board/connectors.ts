/**
 * How a connector runs: from the edge of one thing to the edge of another, curved, straight or in right angles, with an arrow at its
 * end, at both, or none.
 *
 * Pure geometry over the ends' present bounds, so a connector follows whatever it joins without an edit of its own. The
 * curve is one quadratic Bézier, always bent to the same side of its direction: "A leads to B" and "B leads to A" lie side
 * by side. Rejected: routing around other things (it jumps when a third thing moves), straight lines for all (they hide behind
 * notes in a row).
 */
import { edgeOf, type Form } from './forms';
import { centre, contains, distanceToSegment, grow, segmentMeets, type Point, type Rect } from './geometry';

/** A connector's end: bound to what lies in a rectangle (of a form, if it is a shape), or free at a point. */
export type End = (Rect & { readonly form?: Form }) | Point;

/** The two short strokes of an arrow begin at the barbs and meet at its tip. */
export interface Arrow {
  readonly tip: Point;
  readonly barbs: readonly [Point, Point];
}

export interface Route {
  readonly start: Point;
  /** Of a curve: what bends it. */
  readonly control: Point | null;
  readonly end: Point;
  /** The way as straight pieces: its corners, or points along the curve. */
  readonly way: readonly Point[];
  /** Where its words stand. */
  readonly middle: Point;
  readonly arrows: readonly Arrow[];
  readonly bounds: Rect;
}

export type RouteKind = 'curve' | 'straight' | 'elbow';
export type Heads = 'end' | 'none' | 'both';

/** What a route is drawn like; the defaults are those of FOLD-10. */
export interface Manner {
  readonly kind: RouteKind;
  readonly heads: Heads;
  readonly width: number;
}

export const PLAIN: Manner = { kind: 'curve', heads: 'end', width: 3 };

const START_GAP = 3;
const END_GAP = 7;
const ARROW = 9;
const BEND = 0.13;
const MOST_BEND = 64;
/** Line segments that stand for a curve in hit tests. */
const SEGMENTS = 16;

function isRect(end: End): end is Rect & { readonly form?: Form } {
  return 'w' in end;
}

function middleOf(end: End): Point {
  return isRect(end) ? centre(end) : end;
}

/** Where the way from the middle of an end towards `to` leaves it. */
function edge(end: End, to: Point, gap: number): Point {
  return isRect(end) ? edgeOf(end.form ?? 'rectangle', grow(end, gap), to) : end;
}

function gapsOf(heads: Heads): readonly [number, number] {
  return [heads === 'both' ? END_GAP : START_GAP, heads === 'none' ? START_GAP : END_GAP];
}

export function route(from: End, to: End, manner: Manner = PLAIN): Route {
  if (manner.kind === 'elbow') return elbow(from, to, manner);
  const [a, b] = [middleOf(from), middleOf(to)];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const bend = manner.kind === 'curve' ? Math.min(MOST_BEND, length * BEND) : 0;
  const across = length === 0 ? { x: 0, y: 0 } : { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
  const aim = { x: (a.x + b.x) / 2 + across.x * bend * 2, y: (a.y + b.y) / 2 + across.y * bend * 2 };
  const [before, behind] = gapsOf(manner.heads);
  const start = edge(from, bend === 0 ? b : aim, before);
  const end = edge(to, bend === 0 ? a : aim, behind);
  // Overlapping things: what would run backwards goes straight between the middles.
  const backwards = isRect(from) && isRect(to) && (contains(from, end) || contains(to, start));
  const [first, last] = backwards ? [a, b] : [start, end];
  if (bend === 0) return finished([first, last], null, manner);
  const control = { x: (first.x + last.x) / 2 + across.x * bend, y: (first.y + last.y) / 2 + across.y * bend };
  const way = Array.from({ length: SEGMENTS + 1 }, (_, step) => onCurve(first, control, last, step / SEGMENTS));
  return finished(way, control, manner);
}

/** Level and upright pieces: out of the side that faces the other, across in the middle between them, and in. */
function elbow(from: End, to: End, manner: Manner): Route {
  const [a, b] = [middleOf(from), middleOf(to)];
  const [wide, high] = [gapBetween(from, to, 'x'), gapBetween(from, to, 'y')];
  const isLevel = wide === high ? Math.abs(b.x - a.x) >= Math.abs(b.y - a.y) : wide > high;
  const [before, behind] = gapsOf(manner.heads);
  const far = 1e7;
  const side = (end: End, middle: Point, towards: Point, gap: number): Point =>
    edge(end, isLevel ? { x: middle.x + Math.sign(towards.x - middle.x || 1) * far, y: middle.y } : { x: middle.x, y: middle.y + Math.sign(towards.y - middle.y || 1) * far }, gap);
  const [start, end] = [side(from, a, b, before), side(to, b, a, behind)];
  const [mx, my] = [(start.x + end.x) / 2, (start.y + end.y) / 2];
  const bends = isLevel ? [{ x: mx, y: start.y }, { x: mx, y: end.y }] : [{ x: start.x, y: my }, { x: end.x, y: my }];
  const isStraight = Math.abs(isLevel ? start.y - end.y : start.x - end.x) < 1;
  return finished(isStraight ? [start, end] : [start, ...bends, end], null, manner);
}

/** How far two ends lie apart along an axis; negative if they overlap there. */
function gapBetween(from: End, to: End, axis: 'x' | 'y'): number {
  const size = (end: End): number => (isRect(end) ? (axis === 'x' ? end.w : end.h) : 0);
  return Math.max(from[axis], to[axis]) - Math.min(from[axis] + size(from), to[axis] + size(to));
}

function barb(end: Point, angle: number, length: number): Point {
  return { x: end.x - Math.cos(angle) * length, y: end.y - Math.sin(angle) * length };
}

function arrowAt(tip: Point, from: Point, width: number, most: number): Arrow {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const length = Math.min(ARROW + width * 2, most / 2);
  return { tip, barbs: [barb(tip, angle - 0.45, length), barb(tip, angle + 0.45, length)] };
}

function finished(way: readonly Point[], control: Point | null, { heads, width }: Manner): Route {
  const [start, end] = [way[0] ?? { x: 0, y: 0 }, way.at(-1) ?? { x: 0, y: 0 }];
  const long = Math.hypot(end.x - start.x, end.y - start.y);
  const arrows: Arrow[] = [];
  if (heads !== 'none') arrows.push(arrowAt(end, control ?? way.at(-2) ?? start, width, long));
  if (heads === 'both') arrows.push(arrowAt(start, control ?? way[1] ?? end, width, long));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const reach = (point: Point): void => {
    left = Math.min(left, point.x);
    right = Math.max(right, point.x);
    top = Math.min(top, point.y);
    bottom = Math.max(bottom, point.y);
  };
  for (const point of way) reach(point);
  for (const arrow of arrows) for (const point of arrow.barbs) reach(point);
  const bounds = grow({ x: left, y: top, w: right - left, h: bottom - top }, width);
  return { start, control, end, way, middle: midway(way), arrows, bounds };
}

/** Half the way along. */
function midway(way: readonly Point[]): Point {
  const count = way.length;
  const [a, b] = [way[Math.floor((count - 1) / 2)], way[Math.ceil((count - 1) / 2)]];
  return a === undefined || b === undefined ? { x: 0, y: 0 } : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The point of a quadratic curve at t, 0 to 1. */
function onCurve(start: Point, control: Point, end: Point, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * start.x + 2 * u * t * control.x + t * t * end.x,
    y: u * u * start.y + 2 * u * t * control.y + t * t * end.y,
  };
}

/** The point of a route at t, 0 to 1; pieces count alike, however long. */
export function pointAt({ way, start, control, end }: Route, t: number): Point {
  if (control !== null) return onCurve(start, control, end, t);
  const place = t * (way.length - 1);
  const [a, b] = [way[Math.floor(place)] ?? start, way[Math.ceil(place)] ?? end];
  const part = place - Math.floor(place);
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

export function distanceToRoute(point: Point, { way, start }: Route): number {
  let least = Infinity;
  let last = start;
  for (const next of way) {
    least = Math.min(least, distanceToSegment(point, last, next));
    last = next;
  }
  return least;
}

export function routeMeets(rect: Rect, { way, start }: Route): boolean {
  let last = start;
  for (const next of way) {
    if (segmentMeets(rect, last, next)) return true;
    last = next;
  }
  return false;
}
