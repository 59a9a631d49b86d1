/**
 * What a stroke was meant to be, when the hand stays still at its end: a straight line, or one of the four shapes.
 *
 * Pure. An open stroke is a line if it nowhere strays far from its chord. A closed one is compared with each shape laid into its
 * bounds; the nearest counts, if it is near enough. Neither: null, and the stroke stays as it was drawn. The hand asked for
 * it by holding still, so the measure is generous. Rejected: corners by curvature (a slow hand trembles), learned strokes (nobody could
 * say why).
 */
import { cornersOf, FORMS, type Form } from './forms';
import { distanceToSegment, type Point, type Rect } from './geometry';

export type Meant =
  | { readonly kind: 'line'; readonly from: Point; readonly to: Point }
  | { readonly kind: Form; readonly rect: Rect };

/** As parts of the stroke's size. */
const STRAY = 0.11;
const CLOSED = 0.3;
const NEAR = 0.062;
const LEAST_AREA = 0.7;
/** Smaller than this, in board units, it is a letter or a dot. */
const LEAST = 24;
const SAMPLES = 48;

/** So many points at even distances along a way. */
function even(points: readonly Point[], count: number): Point[] {
  const lengths = points.map((point, i) => (i === 0 ? 0 : apart(points[i - 1] ?? point, point)));
  const total = lengths.reduce((sum, one) => sum + one, 0);
  const found: Point[] = [];
  let index = 1;
  let gone = 0;
  for (let step = 0; step < count; step += 1) {
    const want = (total * step) / (count - 1);
    while (index < points.length - 1 && gone + (lengths[index] ?? 0) < want) {
      gone += lengths[index] ?? 0;
      index += 1;
    }
    const [a, b] = [points[index - 1] ?? points[0], points[index] ?? points[0]];
    if (a === undefined || b === undefined) return found;
    const t = Math.min(1, (want - gone) / Math.max(1e-9, lengths[index] ?? 0));
    found.push({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
  }
  return found;
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function distanceToWay(point: Point, way: readonly Point[]): number {
  let least = Infinity;
  for (let i = 1; i < way.length; i += 1) {
    const [a, b] = [way[i - 1], way[i]];
    if (a !== undefined && b !== undefined) least = Math.min(least, distanceToSegment(point, a, b));
  }
  return least;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

/** How far two ways are from each other, both ways round. */
function difference(one: readonly Point[], two: readonly Point[]): number {
  const there = mean(one.map((point) => distanceToWay(point, two)));
  const back = mean(even(two, SAMPLES).map((point) => distanceToWay(point, one)));
  return Math.max(there, back);
}

export function meantBy(points: readonly Point[]): Meant | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return null;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const rect = { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
  const size = Math.hypot(rect.w, rect.h);
  if (size < LEAST) return null;
  const chord = apart(first, last);
  if (chord > size * CLOSED) {
    const stray = Math.max(...points.map((point) => distanceToSegment(point, first, last)));
    return stray <= chord * STRAY ? { kind: 'line', from: first, to: last } : null;
  }
  if (Math.min(rect.w, rect.h) < LEAST / 2) return null;
  const way = even([...points, first], SAMPLES);
  let best: Form | null = null;
  let least = size * NEAR;
  for (const form of FORMS) {
    const corners = cornersOf(form, form === 'rectangle' ? edgesOf(way) : rect);
    // What crosses itself goes round as much as back.
    if (areaOf(way) < areaOf(corners) * LEAST_AREA) continue;
    const far = difference(way, [...corners, ...corners.slice(0, 1)]);
    if (far < least) [best, least] = [form, far];
  }
  return best === null ? null : { kind: best, rect };
}

function areaOf(way: readonly Point[]): number {
  const twice = way.reduce((sum, point, i) => {
    const next = way[(i + 1) % way.length] ?? point;
    return sum + point.x * next.y - next.x * point.y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Where most of a way's outermost points lie: a rectangle's edges without the tremble of the hand. */
function edgesOf(way: readonly Point[]): Rect {
  const most = (values: readonly number[]): [number, number] => {
    const sorted = values.toSorted((a, b) => a - b);
    const cut = Math.floor(sorted.length * 0.1);
    return [sorted[cut] ?? 0, sorted.at(-1 - cut) ?? 0];
  };
  const [left, right] = most(way.map((point) => point.x));
  const [top, bottom] = most(way.map((point) => point.y));
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** Lines that are nearly level or upright become so. */
export function levelled(from: Point, to: Point): Point {
  const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
  if (dy < dx * 0.07) return { x: to.x, y: from.y };
  return dx < dy * 0.07 ? { x: from.x, y: to.y } : to;
}
