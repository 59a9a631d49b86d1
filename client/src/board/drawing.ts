/**
 * A stroke while the pen is down: the element is added at once, its points are logged about every second and at the end,
 * and others see the rest through presence. So a crash loses no more than a second of ink, and nobody waits for it.
 */
import type { Value } from '../core/edits';
import { MAX_INK_POINTS } from '../core/limits';
import type { BoardControl, Pen } from './control';
import { keepCoordinate } from './resize';
import { PenTrail, type PenPoint } from './strokes';

const LOG_EVERY_MS = 1000;
/** What a presence frame takes (wire/frames.py). */
const MOST_BYTES = 4096;

export class Drawing {
  readonly pen: Pen;
  #trail: PenTrail;
  #id: string | null = null;
  #logged_ms: number;
  readonly #control: BoardControl;
  readonly #spacing: number;

  /** `spacing`: points nearer than this, in board units, are left out. `now`: ms. */
  constructor(control: BoardControl, first: PenPoint, spacing: number, now: number) {
    this.#control = control;
    this.#spacing = spacing;
    this.pen = control.pen;
    this.#trail = new PenTrail(first, spacing);
    this.#logged_ms = now;
    this.#begin();
  }

  #begin(): void {
    const { x, y } = this.#trail.origin;
    const { colour, width, tip } = this.pen;
    const values: Record<string, Value> = { x: keepCoordinate(x), y: keepCoordinate(y), colour, width };
    if (tip === 'highlighter') values['tip'] = tip;
    const ink = this.#trail.take();
    const [id = null] = this.#control.replica.add([{ type: 'ink', values, ...(ink === null ? {} : { ink }) }]);
    this.#id = id;
  }

  get id(): string | null {
    return this.#id;
  }

  get trail(): PenTrail {
    return this.#trail;
  }

  add(points: readonly PenPoint[], now: number): void {
    for (const point of points) this.#trail.add(point);
    if (now - this.#logged_ms >= LOG_EVERY_MS) this.#log(now);
    this.#show();
    const last = points.at(-1);
    if (this.#trail.count >= MAX_INK_POINTS - 8 && last !== undefined) {
      // FOLD-41: a stroke takes so many points; the line goes on as another one from here.
      this.#log(now);
      this.#trail = new PenTrail(last, this.#spacing);
      this.#begin();
    }
  }

  #log(now: number): void {
    const piece = this.#trail.take();
    if (piece !== null && this.#id !== null) this.#control.replica.extendInk(this.#id, piece.count, piece.points);
    this.#logged_ms = now;
  }

  #show(): void {
    if (this.#id === null) return;
    const { x, y } = this.#trail.origin;
    const points = this.#trail.unlogged(MOST_BYTES);
    this.#control.say({ stroke: { element: this.#id, x, y, colour: this.pen.colour, width: this.pen.width, points } });
  }

  end(now: number): void {
    this.#trail.end();
    this.#log(now);
    this.#control.say({ stroke: null });
  }
}
