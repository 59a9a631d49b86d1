/**
 * From pointers to acts: what mouse, pen and fingers do on the cloth, by tool.
 *
 * One gesture at a time, as one `Mode`. A press is undecided until it moves, lasts or ends: then it becomes one of `hands/`, a
 * long press or a tap (taps.ts). Two fingers always pan and zoom, and take back what the first had begun. A finger moves only
 * what was chosen before, so that nobody pushes others' notes about while they look around (PEERS: "participants moved
 * everything"). A pen goes before fingers: while it is near, what else touches is the palm. Everything here can be done by tap or key
 * as well (WCAG 2.5.7).
 *
 * What is under a pointer is found by geometry (hit.ts), not by the page: notes, ink and connectors lie on different layers.
 */
import type { BoardController } from './controller.svelte';
import type { Drawing } from './drawing';
import { edgePan } from './edges';
import { nextFrame } from './frames';
import type { Point, Rect } from './geometry';
import { drag } from './hands/drag';
import { draw, type Draw } from './hands/draw';
import { erase } from './hands/erase';
import { link } from './hands/link';
import { marquee } from './hands/marquee';
import { dragOut } from './hands/out';
import { pan } from './hands/pan';
import { resize } from './hands/resize';
import { hitAt } from './hit';
import type { Afloat, Break, Going, Linking, Mode, Pinch, Pointed, Press } from './modes';
import type { Handle } from './resize';
import type { Item } from './scene';
import type { PenPoint } from './strokes';
import { Taps } from './taps';

const MOUSE_SLOP_PX = 4;
const TOUCH_SLOP_PX = 9;
const LONG_PRESS_MS = 500;
/** How far beside a thin line a press may be. */
const MOUSE_REACH_PX = 6;
const TOUCH_REACH_PX = 14;
/** What touches so soon after the pen spoke is the palm. */
const PALM_MS = 500;
const NOTHING: ReadonlySet<string> = new Set();

export class Gestures implements Afloat {
  marquee: Rect | null = $state.raw(null);
  zone: Rect | null = $state.raw(null);
  linking: Linking | null = $state.raw(null);
  copies: readonly Rect[] = $state.raw([]);
  erased: ReadonlySet<string> = $state.raw(NOTHING);
  kind: Mode['kind'] = $state('idle');
  /** What the mouse rests on. */
  over: string | null = $state(null);
  /** Space is held: the left button pans. */
  isSpaceHeld = $state(false);
  /** Whose name, at their cursor, the mouse rests on. */
  flag: string | null = $state(null);
  /** Whose name stands at a place of the surface. */
  flagAt: (px: Point, isTouch: boolean) => string | null = () => null;
  /** What stands in a thing's words at a place of the surface: a box to tick, an address. */
  partAt: (px: Point, id: string) => HTMLElement | null = () => null;
  /** A long press or a right button asks for the menu, at a place on the surface in CSS pixels. */
  onmenu: (px: Point) => void = () => {};
  onlive: () => void = () => {};

  readonly #control: BoardController;
  readonly #taps: Taps;
  readonly #touches = new Map<number, Point>();
  #mode: Mode = { kind: 'idle' };
  /** When the pen last spoke, in ms of event time. */
  #pen_ms = -Infinity;
  #edge: { readonly event: Pointed; readonly px: Point } | null = null;
  #pannedBySpace = false;

  constructor(control: BoardController) {
    this.#control = control;
    this.#taps = new Taps(control, (px, id) => this.partAt(px, id));
  }

  /** The stroke in hand. */
  get drawing(): Drawing | null {
    return this.#mode.kind === 'draw' ? (this.#mode as Draw).drawing : null;
  }

  #enter(mode: Mode): void {
    if (this.#mode.kind === 'press') clearTimeout(this.#mode.timer);
    this.#mode = mode;
    this.kind = mode.kind;
  }

  #board(px: Point): Point {
    return this.#control.view.toBoard(px);
  }

  /** Names at cursors can be pressed where one chooses or looks about; other tools go through them. */
  #flagAt(px: Point, isTouch: boolean): string | null {
    return this.#control.tool === 'choose' ? this.flagAt(px, isTouch) : null;
  }

  hit(px: Point, isTouch: boolean, takes?: (item: Item) => boolean): Item | null {
    const reach = (isTouch ? TOUCH_REACH_PX : MOUSE_REACH_PX) / this.#control.camera.zoom;
    return hitAt(this.#control.scene, this.#board(px), reach, takes);
  }

  // ---- down

  down(event: Pointed, px: Point): void {
    const isTouch = event.pointerType === 'touch';
    if (event.pointerType === 'pen') this.#penCame(event);
    if (isTouch) {
      if (event.timeStamp - this.#pen_ms < PALM_MS) return;
      this.#touches.set(event.pointerId, px);
      if (this.#touches.size === 2) {
        this.#pinch();
        return;
      }
      if (this.#touches.size > 2) return;
    }
    if (this.#mode.kind !== 'idle') return;
    const isPan = event.button === 1 || this.isSpaceHeld || (event.button === 0 && this.#control.tool === 'hand');
    if (isPan) {
      this.#pannedBySpace = this.isSpaceHeld;
      this.#enter(pan(this.#control.view, event.pointerId, px));
      return;
    }
    if (event.button !== 0) return;
    const press = this.#pressed(event, px, isTouch);
    this.#enter(press);
    if (!isTouch) this.#beginAtOnce(press, event);
  }

  /** The palm is often there before the pen is: whatever fingers began is taken back. */
  #penCame(event: Pointed): void {
    this.#pen_ms = event.timeStamp;
    this.#control.penSeen();
    if (this.#touches.size === 0) return;
    const mode = this.#mode;
    if (mode.kind === 'pinch') this.#control.view.jump(mode.camera);
    this.cancel('second');
    this.#touches.clear();
  }

  #pressed(event: Pointed, px: Point, isTouch: boolean): Press {
    const timer = isTouch ? setTimeout(() => this.#longPress(), LONG_PRESS_MS) : undefined;
    return {
      kind: 'press',
      id: event.pointerId,
      px,
      at: this.#board(px),
      item: this.hit(px, isTouch),
      flag: this.#flagAt(px, isTouch),
      isTouch,
      keys: { adds: event.shiftKey || event.ctrlKey || event.metaKey, alone: event.altKey && (event.ctrlKey || event.metaKey) },
      opens: event.ctrlKey || event.metaKey,
      pressure: event.pressure,
      timer,
    };
  }

  /** Mouse and pen don't have to wait whether a second finger comes. */
  #beginAtOnce(press: Press, event: Pointed): void {
    const control = this.#control;
    if (control.editing !== null && control.editing.element !== press.item?.id) control.stopEditing();
    if (control.tool === 'draw' && control.replica.mayEdit) this.#enter(this.#pens(press, event));
    // A name lies over it: a tap is for the name, and only a drag for what lies under it.
    else if (press.flag === null) this.#chooses(press);
  }

  #chooses({ item, keys }: Press): void {
    const control = this.#control;
    if (control.tool !== 'choose' || item === null || keys.adds || control.selection.has(item.id)) return;
    control.select([item.id]);
    control.askFocus(item.id);
  }

  #longPress(): void {
    const press = this.#mode;
    if (press.kind !== 'press') return;
    this.#enter({ kind: 'idle' });
    this.menuAt(press.px, press.item);
  }

  /** Choose what is under the pointer, unless it is chosen, and ask for the menu. */
  menuAt(px: Point, item: Item | null = this.hit(px, false)): void {
    const control = this.#control;
    if (item === null) control.clearSelection();
    else if (!control.selection.has(item.id)) control.select([item.id]);
    if (item !== null) control.askFocus(item.id);
    this.onmenu(px);
  }

  #pinch(): void {
    this.cancel('second');
    const [a, b] = [...this.#touches.values()];
    if (a === undefined || b === undefined) return;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    this.#enter({ kind: 'pinch', middle, spread: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)), camera: this.#control.camera });
  }

  /** A handle of the selection was pressed. */
  resize(event: Pointed, px: Point, handle: Handle): void {
    if (event.button !== 0) return;
    this.take(() => resize(this.#control, this, event.pointerId, this.#board(px), handle));
  }

  /** Something beside the cloth was pressed and becomes a gesture of its own. */
  take(begin: () => Going | null): void {
    if (this.#mode.kind !== 'idle' || !this.#control.replica.mayEdit) return;
    const going = begin();
    if (going !== null) this.#enter(going);
  }

  // ---- move

  /** `points`: all places since the last event, the last one being `px`, with their pressure. */
  move(event: Pointed, px: Point, points: readonly PenPoint[] = []): void {
    if (event.pointerType === 'pen') this.#pen_ms = event.timeStamp;
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, px);
    const mode = this.#mode;
    if (mode.kind === 'pinch') {
      this.#pinched(mode);
      return;
    }
    if (event.pointerType !== 'touch' || mode.kind !== 'idle') this.#point(px);
    if (mode.kind === 'idle') {
      if (event.pointerType !== 'touch') this.#rest(px);
      return;
    }
    if (mode.id !== event.pointerId) return;
    if (mode.kind === 'press') {
      const slop = mode.isTouch ? TOUCH_SLOP_PX : MOUSE_SLOP_PX;
      if (Math.hypot(px.x - mode.px.x, px.y - mode.px.y) <= slop) return;
      this.#enter(this.#becomes(mode, event));
      if (this.#mode.kind !== 'idle') this.move(event, px, points);
      return;
    }
    mode.follow({ event, px, at: this.#board(px), points });
    if (mode.takesBoard) this.#pushEdge(mode, event, px);
  }

  /** What is dragged to the edge takes the board along, as long as it stays there. */
  #pushEdge(mode: Going, event: Pointed, px: Point): void {
    const isFirst = this.#edge === null;
    const { x, y } = edgePan(px, this.#control.surface_px);
    this.#edge = x === 0 && y === 0 ? null : { event, px };
    if (!isFirst || this.#edge === null) return;
    const step = (): void => {
      const edge = this.#edge;
      if (edge === null || this.#mode !== mode) {
        this.#edge = null;
        return;
      }
      const by = edgePan(edge.px, this.#control.surface_px);
      this.#control.panBy_px(by.x, by.y);
      mode.follow({ ...edge, at: this.#board(edge.px), points: [] });
      nextFrame(step);
    };
    nextFrame(step);
  }

  #point(px: Point): void {
    const { x, y } = this.#board(px);
    this.#control.say({ at: [Math.round(x), Math.round(y)] });
  }

  #rest(px: Point): void {
    const control = this.#control;
    const links = control.tool === 'link';
    const takes = links ? (item: Item): boolean => control.canLink(item.id) : undefined;
    this.flag = this.#flagAt(px, false);
    if (this.flag !== null) this.over = null;
    else this.over = control.tool === 'choose' || links ? (this.hit(px, false, takes)?.id ?? null) : null;
    if (links && control.linkFrom !== null) this.linking = { from: control.linkFrom, to: this.#board(px), over: this.over };
    else if (this.linking !== null) this.linking = null;
  }

  #pinched(mode: Pinch): void {
    const [a, b] = [...this.#touches.values()];
    if (a === undefined || b === undefined) return;
    const view = this.#control.view;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const spread = Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    view.jump(mode.camera);
    view.zoomAt((mode.camera.zoom * spread) / mode.spread, mode.middle);
    view.panBy_px(mode.middle.x - middle.x, mode.middle.y - middle.y);
  }

  /** The press moved: what is it? */
  #becomes(press: Press, event: Pointed): Going {
    const control = this.#control;
    const { id, px, item } = press;
    if (press.flag !== null && !press.isTouch) this.#chooses(press);
    const panning = (): Going => pan(control.view, id, px);
    const zoom = (): number => control.camera.zoom;
    if (control.tool === 'choose') {
      const carried = item !== null && control.replica.mayEdit && this.#mayDrag(press, item) ? drag(control, this, press, item) : null;
      if (carried !== null) return carried;
      return press.isTouch ? panning() : marquee(control, this, press);
    }
    if (!control.replica.mayEdit) return panning();
    switch (control.tool) {
      case 'draw':
        return press.isTouch && !control.fingersDraw ? panning() : this.#pens(press, event);
      case 'zone':
        return dragOut(this, press, zoom, (rect) => control.addZone(rect), () => this.#taps.zoneAt(press.at));
      case 'shape':
        if (control.craft.making === 'line') return link(control, this, press, 'none');
        return dragOut(this, press, zoom, (rect) => control.craft.addShape(rect), () => control.craft.addShape(press.at));
      case 'link':
        return press.isTouch && item === null ? panning() : link(control, this, press, 'end');
      default:
        return panning();
    }
  }

  #pens(press: Press, event: Pointed): Going {
    return this.#control.pen.tip === 'eraser' ? erase(this.#control, this, press) : draw(this.#control, this, press, event.timeStamp);
  }

  #mayDrag(press: Press, item: Item): boolean {
    const control = this.#control;
    if (control.editing?.element === item.id) return false;
    return !press.isTouch || control.selection.has(item.id);
  }

  // ---- up

  up(event: Pointed, px: Point): void {
    if (event.pointerType === 'pen') this.#pen_ms = event.timeStamp;
    this.#touches.delete(event.pointerId);
    const mode = this.#mode;
    if (mode.kind === 'pinch') {
      const rest = [...this.#touches][0];
      this.#enter(rest === undefined ? { kind: 'idle' } : pan(this.#control.view, rest[0], rest[1]));
      return;
    }
    if (mode.kind === 'idle' || mode.id !== event.pointerId) return;
    this.#enter({ kind: 'idle' });
    if (mode.kind === 'press') this.#taps.tap(mode, event.timeStamp);
    else mode.finish({ event, px, at: this.#board(px), points: [] });
    this.#settle();
  }

  #settle(): void {
    this.marquee = this.zone = this.linking = null;
    this.erased = NOTHING;
    this.copies = [];
    this.onlive();
  }

  /** Take back what is under way. */
  cancel(why: Break = 'escape'): void {
    const mode = this.#mode;
    this.#enter({ kind: 'idle' });
    if (mode.kind !== 'idle' && mode.kind !== 'press' && mode.kind !== 'pinch') mode.cancel(why);
    this.#settle();
  }

  /** The system took a pointer away. */
  lost(pointerId: number): void {
    this.#touches.delete(pointerId);
    const mode = this.#mode;
    if (mode.kind !== 'idle' && mode.kind !== 'pinch' && mode.id === pointerId) this.cancel('lost');
    if (mode.kind === 'pinch' && this.#touches.size === 0) this.#enter({ kind: 'idle' });
  }

  /** The mouse left the surface. */
  left(): void {
    this.over = this.flag = null;
    this.#control.say({ at: null });
  }

  // ---- space

  /** Space goes down or up. Answers whether it was only pressed, with no pan while it was held. */
  space(isHeld: boolean): boolean {
    const wasOnlyPressed = this.isSpaceHeld && !isHeld && !this.#pannedBySpace;
    this.isSpaceHeld = isHeld;
    if (isHeld) return false;
    this.#pannedBySpace = false;
    return wasOnlyPressed;
  }
}
