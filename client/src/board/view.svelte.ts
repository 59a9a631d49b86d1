/**
 * The camera as the screens see it: which part of the board the surface shows, with short flights where a jump would
 * leave a person behind.
 *
 * Every move of a hand (wheel, pinch, drag) sets the camera at once and ends a flight. Flights take at most 150 ms and don't happen with
 * reduced motion. `looked` is false until somebody or something chose a place, so that a board opens at its content.
 */
import { centredOn, fitted, flown, panned, revealed, seen, stepZoom, toBoard, toScreen, zoomed, type Size } from './camera';
import { nextFrame } from './frames';
import type { Camera, Point, Rect } from './geometry';

const FLIGHT_MS = 150;

export class View {
  camera: Camera = $state.raw({ x: 0, y: 0, zoom: 1 });
  size_px: Size = $state.raw({ width: 0, height: 0 });
  /** CSS pixels of the surface's lower edge that a keyboard on the screen covers. */
  covered_px = $state(0);
  looked = false;
  /** The view is about to go somewhere else by a person's own act; not when it is led. */
  onmove: () => void = () => undefined;
  #flight = 0;
  readonly #isCalm: () => boolean;

  constructor(isCalm: () => boolean) {
    this.#isCalm = isCalm;
  }

  get isShown(): boolean {
    return this.size_px.width > 0 && this.size_px.height > 0;
  }

  /** What a person can see: the surface without what a keyboard covers. */
  get open_px(): Size {
    return { width: this.size_px.width, height: Math.max(1, this.size_px.height - this.covered_px) };
  }

  get middle_px(): Point {
    return { x: this.size_px.width / 2, y: this.open_px.height / 2 };
  }

  get middle(): Point {
    return toBoard(this.camera, this.middle_px);
  }

  /** The part of the board that is seen. */
  get area(): Rect {
    return seen(this.camera, this.size_px);
  }

  toBoard(px: Point): Point {
    return toBoard(this.camera, px);
  }

  toScreen(at: Point): Point {
    return toScreen(this.camera, at);
  }

  resize(size_px: Size): void {
    this.size_px = size_px;
  }

  /** Go there at once. */
  jump(camera: Camera): void {
    this.onmove();
    this.lead(camera);
  }

  /** Go there at once, because somebody whom one follows did. */
  lead(camera: Camera): void {
    this.#flight += 1;
    this.looked = true;
    this.camera = camera;
  }

  /** Go there in a short flight, if flights are wanted. */
  fly(to: Camera): void {
    if (!this.isShown || this.#isCalm()) {
      this.jump(to);
      return;
    }
    this.onmove();
    this.looked = true;
    this.#flight += 1;
    const flight = this.#flight;
    const from = this.camera;
    let start: number | null = null;
    const step = (now: number): void => {
      if (flight !== this.#flight) return;
      start ??= now;
      const t = Math.min(1, (now - start) / FLIGHT_MS);
      this.camera = flown(from, to, t, this.size_px);
      if (t < 1) nextFrame(step);
    };
    nextFrame(step);
  }

  panBy_px(dx: number, dy: number): void {
    this.jump(panned(this.camera, dx, dy));
  }

  zoomAt(zoom: number, around_px: Point): void {
    this.jump(zoomed(this.camera, zoom, around_px));
  }

  step(nearer: boolean): void {
    this.fly(zoomed(this.camera, stepZoom(this.camera.zoom, nearer), this.middle_px));
  }

  zoomTo(zoom: number, around_px: Point = this.middle_px): void {
    this.fly(zoomed(this.camera, zoom, around_px));
  }

  /** Show all of a rectangle. */
  fit(rect: Rect): void {
    this.fly(fitted(rect, this.size_px));
  }

  /**
   * The first look: all of `rect` if its words can be read then; else, at the zoom `least`, as much of it as can be seen
   * together with where reading begins, at `first`.
   */
  begin(rect: Rect, first: Rect, least: number): void {
    const whole = fitted(rect, this.size_px);
    if (whole.zoom >= least) {
      this.jump(whole);
      return;
    }
    const { w, h } = seen({ x: 0, y: 0, zoom: least }, this.size_px);
    const from = (edge: number, start: number, length: number, room: number): number =>
      start + length - edge <= room ? edge : start;
    const pad = 24 / least;
    const x = from(rect.x, first.x, first.w, w - 2 * pad) - pad;
    this.jump({ x, y: from(rect.y, first.y, first.h, h - 2 * pad) - pad, zoom: least });
  }

  panTo(at: Point): void {
    this.fly(centredOn(this.camera, at, this.size_px));
  }

  /** Bring a rectangle into view with the least move, at least as near as `least`. */
  reveal(rect: Rect, least = 0): void {
    let camera = this.camera;
    if (camera.zoom < least) camera = zoomed(camera, least, toScreen(camera, { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 }));
    camera = revealed(camera, rect, this.open_px);
    const { x, y, zoom } = this.camera;
    if (camera.x !== x || camera.y !== y || camera.zoom !== zoom) this.fly(camera);
  }
}
