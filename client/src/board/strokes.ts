/**
 * Strokes as pictures: from the pieces of the log (FOLD-40) to outlines, bounds and hit tests; and from a pen's points to
 * pieces.
 *
 * An outline depends on the logged points, the width and nothing else, so every screen draws the same stroke. Decoded
 * pieces are kept by their bytes' identity: a board replaces elements when they change, but never the bytes of a piece.
 * Runs end where a piece was withheld; nothing is drawn across the gap. Everything is relative to the element's own x, y.
 */
import { getStroke } from 'perfect-freehand';
import { decodePoints, encodePoints, type Point as InkPoint } from '../core/ink';
import { distanceToSegment, grow, segmentMeets, type Point, type Rect } from './geometry';

export interface Piece {
  readonly points: Uint8Array | null;
}

/** Points without a gap: `[x, y, pressure 0–255]`. */
export type Run = readonly InkPoint[];

const decoded = new WeakMap<Uint8Array, Run>();

function pieceRun(bytes: Uint8Array): Run {
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  const run = decodePoints(bytes) ?? [];
  decoded.set(bytes, run);
  return run;
}

/** The stroke's runs, in order. */
export function runsOf(pieces: readonly Piece[]): readonly Run[] {
  const runs: InkPoint[][] = [];
  let open: InkPoint[] | null = null;
  for (const { points } of pieces) {
    if (points === null) {
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      runs.push(open);
    }
    open.push(...pieceRun(points));
  }
  return runs;
}

/** Bounds of the middle line, without the width; null for a stroke with no points (all withheld, or none yet). */
export function runsBounds(runs: readonly Run[]): Rect | null {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const run of runs) {
    for (const [x, y] of run) {
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return left === Infinity ? null : { x: left, y: top, w: right - left, h: bottom - top };
}

export function strokeBounds(runs: readonly Run[], width: number): Rect | null {
  const line = runsBounds(runs);
  return line === null ? null : grow(line, width * 0.8 + 1);
}

/**
 * A mouse or a finger has no pressure: all its points carry the half of it, and the pace of the hand stands in for it. A pen may press evenly
 * too, lightly or hard: that is kept.
 */
function isEven(run: Run): boolean {
  return run.every((point) => point[2] === 127 || point[2] === 128);
}

/**
 * The outline of a run as a closed polygon. `done` is false while the pen is still down: the tip then stays blunt.
 */
export function outlineOf(run: Run, width: number, done = true): readonly (readonly [number, number])[] {
  const even = isEven(run);
  return getStroke(
    run.map(([x, y, pressure]) => [x, y, pressure / 255]),
    // A quick mouse should write thinner, not vanish.
    { size: width, thinning: even ? 0.3 : 0.6, smoothing: 0.55, streamline: 0.35, simulatePressure: even, last: done },
  ) as [number, number][];
}

/** Where an outline goes: a Path2D, or a canvas itself. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  closePath(): void;
}

/** Draws an outline with its corners rounded: each point bends the line between the middles of its sides. */
export function tracePath(sink: PathSink, outline: readonly (readonly [number, number])[]): void {
  const first = outline[0];
  const second = outline[1];
  if (first === undefined || second === undefined) return;
  sink.moveTo((first[0] + second[0]) / 2, (first[1] + second[1]) / 2);
  for (let index = 1; index <= outline.length; index += 1) {
    const at = outline[index % outline.length] ?? first;
    const next = outline[(index + 1) % outline.length] ?? first;
    sink.quadraticCurveTo(at[0], at[1], (at[0] + next[0]) / 2, (at[1] + next[1]) / 2);
  }
  sink.closePath();
}

/** The middle line of a run, through the middles of its sides; a dot is a short piece. */
export function traceLine(sink: PathSink & { lineTo(x: number, y: number): void }, run: Run): void {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return;
  sink.moveTo(first[0], first[1]);
  if (run.length === 1) sink.lineTo(first[0] + 1, first[1]);
  for (let index = 1; index + 1 < run.length; index += 1) {
    const [at, next] = [run[index] ?? last, run[index + 1] ?? last];
    sink.quadraticCurveTo(at[0], at[1], (at[0] + next[0]) / 2, (at[1] + next[1]) / 2);
  }
  sink.lineTo(last[0], last[1]);
}

/** How far a point is from the middle line of a stroke; Infinity if it has no points. */
export function distanceToRuns(point: Point, runs: readonly Run[]): number {
  let least = Infinity;
  for (const run of runs) {
    let last = run[0];
    for (const next of run) {
      if (last === undefined) break;
      const from = { x: last[0], y: last[1] };
      least = Math.min(least, distanceToSegment(point, from, { x: next[0], y: next[1] }));
      last = next;
    }
  }
  return least;
}

export function runsMeet(rect: Rect, runs: readonly Run[]): boolean {
  for (const run of runs) {
    let last = run[0];
    for (const next of run) {
      if (last === undefined) break;
      if (segmentMeets(rect, { x: last[0], y: last[1] }, { x: next[0], y: next[1] })) return true;
      last = next;
    }
  }
  return false;
}

/** A pen's place on the board, in board units, with its pressure from 0 to 1. */
export interface PenPoint extends Point {
  readonly pressure: number;
}

/**
 * The points of one stroke on their way to the log.
 *
 * Takes what the pen says, leaves out what lies closer than `spacing` board units to the last, and gives it back in pieces
 * of whole board units relative to `origin`. `unlogged` is what others should see beyond what is logged.
 */
export class PenTrail {
  readonly origin: Point;
  private readonly spacing: number;
  private readonly kept: InkPoint[] = [];
  private logged = 0;
  private waiting: InkPoint | null = null;

  constructor(first: PenPoint, spacing: number) {
    this.origin = { x: Math.round(first.x), y: Math.round(first.y) };
    this.spacing = spacing;
    this.kept.push(this.rounded(first));
  }

  private rounded(point: PenPoint): InkPoint {
    const pressure = Math.max(0, Math.min(255, Math.round(point.pressure * 255)));
    return [Math.round(point.x) - this.origin.x, Math.round(point.y) - this.origin.y, pressure];
  }

  add(point: PenPoint): void {
    const next = this.rounded(point);
    const last = this.kept.at(-1);
    const near = last !== undefined && Math.hypot(next[0] - last[0], next[1] - last[1]) < this.spacing;
    if (near) this.waiting = next;
    else {
      this.kept.push(next);
      this.waiting = null;
    }
  }

  /** The pen was lifted: its last place counts, however near. */
  end(): void {
    const last = this.kept.at(-1);
    const rest = this.waiting;
    if (rest !== null && last !== undefined && (rest[0] !== last[0] || rest[1] !== last[1])) this.kept.push(rest);
    this.waiting = null;
  }

  get run(): Run {
    return this.kept;
  }

  get count(): number {
    return this.kept.length;
  }

  /** What was not taken yet, as one piece; it counts as logged from now on. Null if there is nothing new. */
  take(): { readonly count: number; readonly points: Uint8Array } | null {
    const fresh = this.kept.slice(this.logged);
    if (fresh.length === 0) return null;
    this.logged = this.kept.length;
    return { count: fresh.length, points: encodePoints(fresh) };
  }

  /** The points after the last `take`, for presence; begins with the last logged one, so that the line has no gap. At most `most` bytes: the latest. */
  unlogged(most: number): Uint8Array {
    let fresh = this.kept.slice(Math.max(0, this.logged - 1));
    let bytes = encodePoints(fresh);
    while (bytes.length > most) {
      fresh = fresh.slice(Math.ceil(fresh.length / 4));
      bytes = encodePoints(fresh);
    }
    return bytes;
  }
}
