/**
 * How a connector runs: from the edge of one thing to the edge of another, in a gentle curve with an arrow at its end.
 *
 * Pure geometry over the ends' present bounds, so a connector follows whatever it joins without an edit of its own. The
 * curve is one quadratic Bézier, always bent to the same side of its direction: "A leads to B" and "B leads to A" lie side
 * by side. Rejected: routing around other things (it jumps when a third thing moves), straight lines (they hide behind
 * notes in a row).
 */
import { centre, contains, distanceToSegment, grow, segmentMeets, union, type Point, type Rect } from './geometry';

/** A connector's end: bound to what lies in a rectangle, or free at a point. */
export type End = Rect | Point;

export interface Route {
  readonly start: Point;
  readonly control: Point;
  readonly end: Point;
  /** The middle of the curve, where its words stand. */
  readonly middle: Point;
  /** The two short strokes of the arrow begin here and meet at `end`. */
  readonly barbs: readonly [Point, Point];
  readonly bounds: Rect;
}

const START_GAP = 3;
const END_GAP = 7;
const ARROW = 15;
const BEND = 0.13;
const MOST_BEND = 64;
/** Line segments that stand for a curve in hit tests. */
const SEGMENTS = 16;
export const LINE_WIDTH = 2.5;

function isRect(end: End): end is Rect {
  return 'w' in end;
}

function middleOf(end: End): Point {
  return isRect(end) ? centre(end) : end;
}

/** Where the way from the middle of an end towards `to` leaves it. */
function edge(end: End, to: Point, gap: number): Point {
  if (!isRect(end)) return end;
  const box = grow(end, gap);
  const from = centre(box);
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const reach = Math.min(
    dx === 0 ? Infinity : box.w / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.h / 2 / Math.abs(dy),
  );
  return reach === Infinity ? from : { x: from.x + dx * reach, y: from.y + dy * reach };
}

function barb(end: Point, angle: number, length: number): Point {
  return { x: end.x - Math.cos(angle) * length, y: end.y - Math.sin(angle) * length };
}

export function route(from: End, to: End): Route {
  const a = middleOf(from);
  const b = middleOf(to);
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const bend = Math.min(MOST_BEND, length * BEND);
  const across = length === 0 ? { x: 0, y: 0 } : { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
  const aim = { x: (a.x + b.x) / 2 + across.x * bend * 2, y: (a.y + b.y) / 2 + across.y * bend * 2 };
  const start = edge(from, aim, START_GAP);
  const end = edge(to, aim, END_GAP);
  // Overlapping things: what would run backwards goes straight between the middles.
  const backwards = isRect(from) && isRect(to) && (contains(from, end) || contains(to, start));
  const [first, last] = backwards ? [a, b] : [start, end];
  const control = { x: (first.x + last.x) / 2 + across.x * bend, y: (first.y + last.y) / 2 + across.y * bend };
  return finished(first, control, last);
}

function finished(start: Point, control: Point, end: Point): Route {
  const middle = pointAt({ start, control, end }, 0.5);
  const angle = Math.atan2(end.y - control.y, end.x - control.x);
  const length = Math.min(ARROW, Math.hypot(end.x - start.x, end.y - start.y) / 2);
  const barbs = [barb(end, angle - 0.45, length), barb(end, angle + 0.45, length)] as const;
  const along = Array.from({ length: SEGMENTS + 1 }, (_, step) => pointAt({ start, control, end }, step / SEGMENTS));
  const box = union([...along, ...barbs].map((point) => ({ ...point, w: 0, h: 0 })));
  return { start, control, end, middle, barbs, bounds: grow(box ?? { ...start, w: 0, h: 0 }, LINE_WIDTH) };
}

/** The point of the curve at t, 0 to 1. */
export function pointAt(curve: Pick<Route, 'start' | 'control' | 'end'>, t: number): Point {
  const { start, control, end } = curve;
  const u = 1 - t;
  return {
    x: u * u * start.x + 2 * u * t * control.x + t * t * end.x,
    y: u * u * start.y + 2 * u * t * control.y + t * t * end.y,
  };
}

function* segments(curve: Route): Generator<readonly [Point, Point]> {
  let last = curve.start;
  for (let step = 1; step <= SEGMENTS; step += 1) {
    const next = pointAt(curve, step / SEGMENTS);
    yield [last, next];
    last = next;
  }
}

export function distanceToRoute(point: Point, curve: Route): number {
  let least = Infinity;
  for (const [a, b] of segments(curve)) least = Math.min(least, distanceToSegment(point, a, b));
  return least;
}

export function routeMeets(rect: Rect, curve: Route): boolean {
  for (const [a, b] of segments(curve)) if (segmentMeets(rect, a, b)) return true;
  return false;
}
