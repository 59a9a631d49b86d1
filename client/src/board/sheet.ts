/**
 * A painted bitmap over a part of the board, standing in the page's moved and scaled world.
 *
 * It is painted on paper that is not on the page, and then laid onto it as a finished picture (`bitmaprenderer`): a canvas
 * that can be drawn on is copied by browsers without a graphics card at every frame in which the page moves, whether it changed
 * or not: 1.3 ms for each sheet of 1,750 by 1,480 pixels, measured. Where a browser has no such canvas, the page's own is painted.
 *
 * Rejected: `desynchronized` (as fast, but shows half a picture on some systems); an `img` of a blob (encodes each time).
 */
import type { Point, Rect } from './geometry';

const NOWHERE: Rect = { x: 0, y: 0, w: 0, h: 0 };

export class Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  readonly #paper: HTMLCanvasElement;
  readonly #shown: ImageBitmapRenderingContext | null;
  /** What is painted, in board units; null: nothing yet. */
  region: Rect | null = null;
  zoom = 0;
  isEmpty = true;
  /** Where the bitmap stands on the page. */
  #placed: Rect = NOWHERE;
  #isLaid = true;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#shown = typeof OffscreenCanvas === 'function' ? canvas.getContext('bitmaprenderer') : null;
    this.#paper = this.#shown === null ? canvas : document.createElement('canvas');
    const context = this.#paper.getContext('2d');
    if (context === null) throw new Error('this browser has no canvas');
    this.context = context;
  }

  /** Begin to paint a region: afterwards the context's units are the board's. A `ratio` of 0 has nothing to paint: no memory, no layer. */
  begin(region: Rect, zoom: number, ratio: number): void {
    this.region = region;
    this.zoom = zoom;
    this.isEmpty = ratio === 0;
    this.#canvas.hidden = this.isEmpty;
    this.#isLaid = false;
    const scale = zoom * ratio;
    const width = Math.max(1, Math.ceil(region.w * scale));
    const height = Math.max(1, Math.ceil(region.h * scale));
    if (this.#paper.width !== width || this.#paper.height !== height) {
      this.#paper.width = width;
      this.#paper.height = height;
    } else {
      this.context.setTransform(1, 0, 0, 1, 0, 0);
      this.context.clearRect(0, 0, width, height);
    }
    this.context.setTransform(scale, 0, 0, scale, -region.x * scale, -region.y * scale);
  }

  /** Something was added to what is painted. */
  changed(): void {
    this.#isLaid = false;
  }

  /** Show what is painted, where its region is on the page. */
  place(origin: Point): void {
    if (this.region === null) return;
    if (!this.#isLaid) this.#lay();
    const { x, y, w, h } = this.region;
    const [left, top] = [x - origin.x, y - origin.y];
    const at = this.#placed;
    // To write a style, even the one that stands there, makes the browser sort all its layers anew: 3 ms of a pan's frame.
    if (left === at.x && top === at.y && w === at.w && h === at.h) return;
    this.#placed = { x: left, y: top, w, h };
    const style = this.#canvas.style;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${w}px`;
    style.height = `${h}px`;
  }

  #lay(): void {
    this.#isLaid = true;
    if (this.#shown === null) return;
    if (this.isEmpty) {
      this.#shown.transferFromImageBitmap(null);
      return;
    }
    const { width, height } = this.#paper;
    const copy = new OffscreenCanvas(width, height);
    copy.getContext('2d')?.drawImage(this.#paper, 0, 0);
    this.#shown.transferFromImageBitmap(copy.transferToImageBitmap());
  }
}
