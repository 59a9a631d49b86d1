/**
 * What is painted instead of laid out: connectors under the notes, ink over them, and whatever is not mounted.
 *
 * Two sheets lie in the same layer as the notes, each a bitmap of a part of the board larger than the view. A pan moves the
 * layer and paints nothing, until the view nears a sheet's edge; a zoom stretches the sheets and paints them anew when the hand rests. A
 * stroke that grew or came on top is drawn on what is there. Outlines are kept as paths by the ink they came from.
 *
 * A note that lies over a stroke is cut out of it, so ink and notes keep their pile although they lie on two layers.
 * Rejected: a path element for each stroke (a thousand of them halve the pan), redrawing at every frame.
 */
import type { InkPiece } from '../core/board';
import type { LiveStroke } from './others.svelte';
import { LINE_WIDTH, type Route } from './connectors';
import type { Drawing } from './drawing';
import { LINE_HEIGHT, noteScale, NOTE_WEIGHT, PAD_X, PAD_Y } from './fit';
import { encloses, grow, overlaps, type Camera, type Point, type Rect } from './geometry';
import { inkOrigin } from './hit';
import type { Palette } from './palette';
import { compareItems, nameOf, numberOf, type Item, type Scene } from './scene';
import { outlineOf, tracePath, type Run } from './strokes';
import { fitOf } from './words.svelte';
import { textDirection } from '../i18n';

/** A sheet's bitmap has at most so many pixels. */
const MOST_PIXELS = 6_500_000;
/** Painted letters smaller than this, in pixels, become bars; smaller still, nothing. */
const READABLE_PX = 4.5;
const BAR_PX = 1.6;
/** A sheet that was painted at another zoom than this much is painted anew once the hand rests. */
const SHARP = 1.02;

const paths = new WeakMap<readonly InkPiece[], { readonly width: number; readonly path: Path2D }>();

export function strokePath(runs: readonly Run[], width: number): Path2D {
  const path = new Path2D();
  for (const run of runs) tracePath(path, outlineOf(run, width));
  return path;
}

function pathOf(item: Item): Path2D {
  const width = numberOf(item.element, 'width');
  const known = paths.get(item.element.ink);
  if (known?.width === width) return known.path;
  const path = strokePath(item.runs, width);
  paths.set(item.element.ink, { width, path });
  return path;
}

/** A bitmap over a part of the board. `place` is called with where it lies, in board units. */
class Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  /** What is painted, in board units; null: nothing yet. */
  region: Rect | null = null;
  zoom = 0;
  isEmpty = true;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser has no canvas');
    this.#canvas = canvas;
    this.context = context;
  }

  /** Begin to paint a region: afterwards the context's units are the board's. A `ratio` of 0 has nothing to paint: no memory, no layer. */
  begin(region: Rect, zoom: number, ratio: number): void {
    this.region = region;
    this.zoom = zoom;
    this.isEmpty = ratio === 0;
    this.#canvas.hidden = this.isEmpty;
    const scale = zoom * ratio;
    const width = Math.max(1, Math.ceil(region.w * scale));
    const height = Math.max(1, Math.ceil(region.h * scale));
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    } else {
      this.context.setTransform(1, 0, 0, 1, 0, 0);
      this.context.clearRect(0, 0, width, height);
    }
    this.context.setTransform(scale, 0, 0, scale, -region.x * scale, -region.y * scale);
  }

  /** Put the bitmap where its region is on the page. */
  place(origin: Point): void {
    if (this.region === null) return;
    const { x, y, w, h } = this.region;
    const style = this.#canvas.style;
    style.transform = `translate(${x - origin.x}px, ${y - origin.y}px)`;
    style.width = `${w}px`;
    style.height = `${h}px`;
  }
}

export interface Scenery {
  readonly scene: Scene;
  readonly palette: Palette;
  /** What is painted because it does not stand on the page. */
  isPainted(id: string): boolean;
  /** The stroke in my hand: it is on the wet sheet. */
  readonly inHand: string | null;
  /** What the eraser met: shown faint. */
  readonly erased: ReadonlySet<string>;
}

export class Painter {
  readonly #under: Sheet;
  readonly #over: Sheet;
  readonly #wet: CanvasRenderingContext2D;
  readonly #wetCanvas: HTMLCanvasElement;
  #isStale = true;
  #wasWet = false;
  #painted = new Map<string, Item>();

  constructor(under: HTMLCanvasElement, over: HTMLCanvasElement, wet: HTMLCanvasElement) {
    this.#under = new Sheet(under);
    this.#over = new Sheet(over);
    const context = wet.getContext('2d');
    if (context === null) throw new Error('this browser has no canvas');
    this.#wet = context;
    this.#wetCanvas = wet;
  }

  /** All must be painted anew: another theme, another board, a live drag. */
  stale(): void {
    this.#isStale = true;
  }

  /**
   * These items changed. Words alone change nothing that is painted of a note that is mounted; ink that grew or came on top is
   * added to what is there; anything else paints all anew at the next `paint`.
   */
  touched(ids: ReadonlySet<string> | null, scenery: Scenery): void {
    if (ids === null) {
      this.#isStale = true;
      return;
    }
    for (const id of ids) {
      if (this.#isStale) return;
      const before = this.#painted.get(id);
      const item = scenery.scene.get(id);
      if (item?.kind === 'ink' && this.#over.region !== null && (before === undefined || before.element.props === item.element.props)) {
        this.#addInk(item, scenery);
      } else this.#isStale = matters(before, item, scenery);
    }
  }

  #addInk(item: Item, scenery: Scenery): void {
    const { region } = this.#over;
    this.#painted.set(item.id, item);
    if (region === null || !overlaps(region, item.rect) || item.id === scenery.inHand) return;
    const isOnTop = scenery.scene.search(item.rect).every((other) => other.id === item.id || compareItems(other, item) < 0);
    if (isOnTop && !this.#over.isEmpty) drawInk(this.#over.context, [item], scenery, region);
    else this.#isStale = true;
  }

  /** `isResting` is false while a hand zooms: then sheets are only stretched, unless the view leaves them. */
  paint(camera: Camera, area: Rect, scenery: Scenery, ratio: number, isResting: boolean, origin: Point): void {
    const isAway = this.#under.region === null || !encloses(this.#under.region, area);
    const blur = this.#under.zoom === 0 ? Infinity : Math.max(camera.zoom / this.#under.zoom, this.#under.zoom / camera.zoom);
    if (this.#isStale || isAway || (isResting && blur > SHARP)) this.#paintAll(camera, area, scenery, ratio);
    this.#under.place(origin);
    this.#over.place(origin);
  }

  #paintAll(camera: Camera, area: Rect, scenery: Scenery, ratio: number): void {
    this.#isStale = false;
    const pixels = area.w * area.h * (camera.zoom * ratio) ** 2;
    const room = Math.max(0.04, Math.min(0.35, (Math.sqrt(MOST_PIXELS / Math.max(1, pixels)) - 1) / 2));
    const region = { x: area.x - area.w * room, y: area.y - area.h * room, w: area.w * (1 + 2 * room), h: area.h * (1 + 2 * room) };
    const items = scenery.scene.search(region).sort(compareItems);
    this.#painted = new Map(items.map((item) => [item.id, item]));
    const boxes = items.filter((item) => (item.kind === 'note' || item.kind === 'zone') && scenery.isPainted(item.id));
    const lines = items.filter((item) => item.kind === 'connector');
    const ink = items.filter((item) => item.kind === 'ink');
    // The lower sheet is always there: it knows what is painted.
    this.#under.begin(region, camera.zoom, lines.length + boxes.length === 0 ? 0 : ratio);
    drawBoxes(this.#under.context, boxes.filter((item) => item.kind === 'zone'), scenery, camera.zoom);
    drawLines(this.#under.context, lines, scenery);
    drawBoxes(this.#under.context, boxes.filter((item) => item.kind === 'note'), scenery, camera.zoom);
    this.#over.begin(region, camera.zoom, ink.length === 0 ? 0 : ratio);
    drawInk(this.#over.context, ink, scenery, region);
  }

  /** Strokes in hand, mine and the others', over everything. */
  paintWet(camera: Camera, size_px: { readonly width: number; readonly height: number }, ratio: number, mine: Drawing | null, others: readonly LiveStroke[], palette: Palette): void {
    const isWet = mine !== null || others.length > 0;
    if (!isWet && !this.#wasWet) return;
    this.#wasWet = isWet;
    const canvas = this.#wetCanvas;
    const [width, height] = isWet ? [Math.ceil(size_px.width * ratio), Math.ceil(size_px.height * ratio)] : [0, 0];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    canvas.hidden = !isWet;
    if (!isWet) return;
    const context = this.#wet;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const scale = camera.zoom * ratio;
    const draw = (at: Point, run: Run, size: number, colour: string): void => {
      context.setTransform(scale, 0, 0, scale, (at.x - camera.x) * scale, (at.y - camera.y) * scale);
      context.fillStyle = palette.pens.get(colour) ?? palette.ink;
      const path = new Path2D();
      tracePath(path, outlineOf(run, size, false));
      context.fill(path);
    };
    for (const stroke of others) draw(stroke, stroke.run, stroke.width, stroke.colour);
    if (mine !== null) draw(mine.trail.origin, mine.trail.run, mine.pen.width, mine.pen.colour);
  }
}

/** Whether a change of an item changes what is painted. */
function matters(before: Item | undefined, item: Item | undefined, scenery: Scenery): boolean {
  if (before === undefined && item === undefined) return false;
  const kind = item?.kind ?? before?.kind;
  if (kind === 'ink' || kind === 'connector') return true;
  const id = item?.id ?? before?.id ?? '';
  if (item === undefined || scenery.isPainted(id)) return true;
  // A mounted note that moved matters where it covers ink.
  const hasMoved = before === undefined || before.element.props !== item.element.props;
  const coversInk = (rect: Rect): boolean => scenery.scene.search(rect).some((other) => other.kind === 'ink');
  return hasMoved && (coversInk(item.rect) || (before !== undefined && coversInk(before.rect)));
}

function drawInk(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery, region: Rect): void {
  const { scene, palette, inHand } = scenery;
  for (const item of items) {
    if (item.id === inHand) continue;
    const rect = scene.rect(item.id) ?? item.rect;
    const covering = scene.search(rect).filter((other) => other.kind === 'note' && compareItems(other, item) > 0);
    context.save();
    if (covering.length > 0) cutOut(context, grow(region, 10), covering.map((other) => scene.rect(other.id) ?? other.rect));
    const origin = inkOrigin(scene, item);
    context.translate(origin.x, origin.y);
    if (scenery.erased.has(item.id)) context.globalAlpha = 0.2;
    context.fillStyle = palette.pens.get(nameOf(item.element, 'colour')) ?? palette.ink;
    context.fill(pathOf(item));
    context.restore();
  }
}

/** Paint only outside of these. */
function cutOut(context: CanvasRenderingContext2D, region: Rect, holes: readonly Rect[]): void {
  for (const hole of holes) {
    context.beginPath();
    context.rect(region.x, region.y, region.w, region.h);
    context.rect(hole.x, hole.y, hole.w, hole.h);
    context.clip('evenodd');
  }
}

export function drawRoute(context: CanvasRenderingContext2D, line: Route): void {
  const { start, control, end, barbs } = line;
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.quadraticCurveTo(control.x, control.y, end.x, end.y);
  context.moveTo(barbs[0].x, barbs[0].y);
  context.lineTo(end.x, end.y);
  context.lineTo(barbs[1].x, barbs[1].y);
  context.stroke();
}

function drawLines(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery): void {
  context.lineWidth = LINE_WIDTH;
  context.lineCap = context.lineJoin = 'round';
  for (const item of items) {
    const line = scenery.scene.route(item.id);
    if (line === null) continue;
    context.strokeStyle = scenery.palette.pens.get(nameOf(item.element, 'colour')) ?? scenery.palette.ink;
    drawRoute(context, line);
  }
}

/** Notes and zones that are not mounted. */
function drawBoxes(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery, zoom: number): void {
  const { scene, palette } = scenery;
  context.textBaseline = 'alphabetic';
  for (const item of items) {
    const rect = scene.rect(item.id) ?? item.rect;
    const colour = palette.notes.get(nameOf(item.element, 'colour')) ?? palette.cloth;
    if (item.kind === 'zone') {
      context.globalAlpha = nameOf(item.element, 'colour') === 'white' ? 1 : 0.24;
      context.fillStyle = nameOf(item.element, 'colour') === 'white' ? palette.cloth : colour;
      context.fillRect(rect.x, rect.y, rect.w, rect.h);
      context.globalAlpha = 1;
      context.lineWidth = Math.max(1.5, 1 / zoom);
      context.strokeStyle = palette.line;
      context.strokeRect(rect.x, rect.y, rect.w, rect.h);
      drawTitle(context, item, rect, palette, zoom);
    } else {
      context.fillStyle = colour;
      context.fillRect(rect.x, rect.y, rect.w, rect.h);
      // White paper on white cloth has at least an edge.
      context.lineWidth = 1 / zoom;
      context.strokeStyle = palette.noteEdge;
      context.strokeRect(rect.x, rect.y, rect.w, rect.h);
      drawWords(context, item, rect, palette, zoom);
    }
  }
}

function drawTitle(context: CanvasRenderingContext2D, item: Item, rect: Rect, palette: Palette, zoom: number): void {
  const size = 24;
  if (size * zoom < READABLE_PX) return;
  context.font = `700 ${size}px ${palette.family}`;
  context.fillStyle = palette.ink;
  const words = item.element.text();
  const isRtl = textDirection(words) === 'rtl';
  context.textAlign = isRtl ? 'right' : 'left';
  context.fillText(words, isRtl ? rect.x + rect.w - 18 : rect.x + 18, rect.y + 38, rect.w - 36);
}

function drawWords(context: CanvasRenderingContext2D, item: Item, rect: Rect, palette: Palette, zoom: number): void {
  const words = item.element.text();
  if (words === '') return;
  const fit = fitOf(words, numberOf(item.element, 'w'), numberOf(item.element, 'h'));
  const letters_px = fit.size * zoom;
  if (letters_px < BAR_PX) return;
  const scale = noteScale(rect.w, rect.h);
  const [left, top] = [rect.x + PAD_X * scale, rect.y + PAD_Y * scale];
  const width = rect.w - 2 * PAD_X * scale;
  const room = Math.max(1, Math.floor((rect.h - 2 * PAD_Y * scale) / (fit.size * LINE_HEIGHT)));
  const isRtl = textDirection(words) === 'rtl';
  context.fillStyle = palette.noteInk;
  if (letters_px < READABLE_PX) {
    context.globalAlpha = 0.35;
    for (const [index, line] of fit.lines.slice(0, room).entries()) {
      const long = Math.min(width, line.trim().length * fit.size * 0.5);
      const x = isRtl ? left + width - long : left;
      context.fillRect(x, top + (index + 0.3) * fit.size * LINE_HEIGHT, long, fit.size * 0.5);
    }
    context.globalAlpha = 1;
    return;
  }
  context.font = `${NOTE_WEIGHT} ${fit.size}px ${palette.family}`;
  context.textAlign = isRtl ? 'right' : 'left';
  for (const [index, line] of fit.lines.slice(0, room).entries()) {
    context.fillText(line.trimEnd(), isRtl ? left + width : left, top + (index + 0.74) * fit.size * LINE_HEIGHT, width);
  }
}
