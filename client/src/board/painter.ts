/**
 * What is painted instead of laid out: connectors under the notes, ink over them, and whatever is not mounted.
 *
 * Two sheets lie in the same layer as the notes, each a bitmap of a part of the board larger than the view. A pan moves the
 * layer and paints nothing, until the view nears a sheet's edge; a zoom stretches the sheets and paints them anew when the hand rests. A
 * stroke that grew or came on top is drawn on what is there. What is
 * painted how: paint/.
 *
 * A highlighter's ink has a sheet of its own under the other ink, which darkens what it covers and never hides words (BoardCanvas).
 * Rejected: a path element for each stroke (a thousand of them halve the pan), redrawing at every frame.
 */
import type { LiveStroke } from './others.svelte';
import type { Drawing } from './drawing';
import { encloses, overlaps, type Camera, type Point, type Rect } from './geometry';
import { drawBoxes } from './paint/boxes';
import { drawInk, glowPath, strokeGlow, strokePath } from './paint/ink';
import { drawLines, drawReplies } from './paint/lines';
import { isGlow, type Scenery } from './paint/scenery';
import type { Palette } from './palette';
import { compareItems, nameOf, type Item } from './scene';
import { Sheet } from './sheet';
import type { Run } from './strokes';

export type { Scenery } from './paint/scenery';

/** A sheet's bitmap has at most so many pixels. */
const MOST_PIXELS = 6_500_000;
/** A sheet that was painted at another zoom than this much is painted anew once the hand rests. */
const SHARP = 1.02;

export class Painter {
  readonly #under: Sheet;
  readonly #glow: Sheet;
  readonly #over: Sheet;
  readonly #wet: CanvasRenderingContext2D;
  readonly #wetCanvas: HTMLCanvasElement;
  #isStale = true;
  #wasWet = false;
  #painted = new Map<string, Item>();

  constructor(under: HTMLCanvasElement, glow: HTMLCanvasElement, over: HTMLCanvasElement, wet: HTMLCanvasElement) {
    this.#under = new Sheet(under);
    this.#glow = new Sheet(glow);
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
      if (item?.kind === 'ink' && this.#under.region !== null && (before === undefined || before.element.props === item.element.props)) {
        this.#addInk(item, scenery);
      } else this.#isStale = matters(before, item, scenery);
    }
  }

  #addInk(item: Item, scenery: Scenery): void {
    const { region } = this.#under;
    this.#painted.set(item.id, item);
    if (region === null || !overlaps(region, item.rect) || item.id === scenery.inHand) return;
    const sheet = isGlow(item) ? this.#glow : this.#over;
    const isOnTop = scenery.scene.search(item.rect).every((other) => other.id === item.id || compareItems(other, item) < 0);
    if (isOnTop && !sheet.isEmpty && (!isGlow(item) || item.element.ink.length === 1)) {
      drawInk(sheet.context, [item], scenery, region);
      sheet.changed();
    } else this.#isStale = true;
  }

  /** `isResting` is false while a hand zooms: then sheets are only stretched, unless the view leaves them. */
  paint(camera: Camera, area: Rect, scenery: Scenery, ratio: number, isResting: boolean, origin: Point): void {
    const isAway = this.#under.region === null || !encloses(this.#under.region, area);
    const blur = this.#under.zoom === 0 ? Infinity : Math.max(camera.zoom / this.#under.zoom, this.#under.zoom / camera.zoom);
    if (this.#isStale || isAway || (isResting && blur > SHARP)) this.#paintAll(camera, area, scenery, ratio);
    this.#under.place(origin);
    this.#glow.place(origin);
    this.#over.place(origin);
  }

  #paintAll(camera: Camera, area: Rect, scenery: Scenery, ratio: number): void {
    this.#isStale = false;
    const pixels = area.w * area.h * (camera.zoom * ratio) ** 2;
    const room = Math.max(0.04, Math.min(0.35, (Math.sqrt(MOST_PIXELS / Math.max(1, pixels)) - 1) / 2));
    const region = { x: area.x - area.w * room, y: area.y - area.h * room, w: area.w * (1 + 2 * room), h: area.h * (1 + 2 * room) };
    const items = scenery.scene.search(region).sort(compareItems);
    this.#painted = new Map(items.map((item) => [item.id, item]));
    const boxes = items.filter((item) => item.kind !== 'ink' && item.kind !== 'connector' && scenery.isPainted(item.id));
    const lines = items.filter((item) => item.kind === 'connector');
    const replies = repliesAmong(items, scenery);
    const ink = items.filter((item) => item.kind === 'ink');
    // The lower sheet is always there: it knows what is painted.
    this.#under.begin(region, camera.zoom, lines.length + boxes.length + replies.length === 0 ? 0 : ratio);
    const under = this.#under.context;
    drawBoxes(under, boxes.filter((item) => item.kind === 'zone'), scenery, camera.zoom);
    drawReplies(under, replies, scenery);
    drawLines(under, lines, scenery);
    drawBoxes(under, boxes.filter((item) => item.kind !== 'zone'), scenery, camera.zoom);
    const glow = ink.filter(isGlow);
    this.#glow.begin(region, camera.zoom, glow.length === 0 ? 0 : ratio);
    drawInk(this.#glow.context, glow, scenery, region);
    this.#over.begin(region, camera.zoom, ink.length === glow.length ? 0 : ratio);
    drawInk(this.#over.context, ink.filter((item) => !isGlow(item)), scenery, region);
  }

  /** Strokes in hand, mine and the others', over everything. */
  paintWet(camera: Camera, size_px: { readonly width: number; readonly height: number }, ratio: number, mine: Drawing | null, others: readonly LiveStroke[], palette: Palette, tipOf: (id: string) => string): void {
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
    const draw = (at: Point, run: Run, tip: string, size: number, colour: string): void => {
      context.setTransform(scale, 0, 0, scale, (at.x - camera.x) * scale, (at.y - camera.y) * scale);
      const paint = palette.pens.get(colour) ?? palette.ink;
      context.globalAlpha = 1;
      context.fillStyle = paint;
      if (tip === 'highlighter') strokeGlow(context, glowPath([run]), size, paint);
      else context.fill(strokePath([run], size, false));
    };
    for (const stroke of others) draw(stroke, stroke.run, tipOf(stroke.element), stroke.width, stroke.colour);
    if (mine !== null) draw(mine.trail.origin, mine.trail.run, mine.pen.tip, mine.pen.width, mine.pen.colour);
  }
}

/** Notes that answer something, where the line to it may be seen: those near, and those that answer what is near. */
function repliesAmong(items: readonly Item[], { scene }: Scenery): Item[] {
  const found = new Map<string, Item>();
  for (const item of items) {
    if (item.kind === 'note' && nameOf(item.element, 're') !== '') found.set(item.id, item);
    for (const id of scene.repliesTo(item.id)) {
      const reply = scene.get(id);
      if (reply !== undefined) found.set(id, reply);
    }
  }
  return [...found.values()];
}

/** Whether a change of an item changes what is painted. */
function matters(before: Item | undefined, item: Item | undefined, scenery: Scenery): boolean {
  if (before === undefined && item === undefined) return false;
  const kind = item?.kind ?? before?.kind;
  if (kind === 'ink' || kind === 'connector') return true;
  const id = item?.id ?? before?.id ?? '';
  if (item === undefined || scenery.isPainted(id)) return true;
  const isInThread = scenery.scene.repliesTo(id).size > 0 || nameOf(item.element, 're') !== '' || (before !== undefined && nameOf(before.element, 're') !== '');
  if (isInThread && before?.element.props !== item.element.props) return true;
  // A mounted note that moved matters where it covers ink.
  const hasMoved = before === undefined || before.element.props !== item.element.props;
  const coversInk = (rect: Rect): boolean => scenery.scene.search(rect).some((other) => other.kind === 'ink');
  return hasMoved && (coversInk(item.rect) || (before !== undefined && coversInk(before.rect)));
}

