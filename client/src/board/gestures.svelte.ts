/**
 * From pointers to acts: what mouse, pen and fingers do on the cloth, by tool.
 *
 * One gesture at a time, as one `Mode`. A press is undecided until it moves, lasts or ends: then it is a drag, a pan, a
 * marquee, a long press or a tap. Two fingers always pan and zoom, and take back what the first had begun. A finger moves only
 * what was chosen before, so that nobody pushes others' notes about while they look around (PEERS: "participants moved
 * everything"); once a pen was seen, fingers don't draw. Everything here can be done by tap or key as well (WCAG 2.5.7).
 *
 * What is under a pointer is found by geometry (hit.ts), not by the page: notes, ink and connectors lie on different layers.
 */
import type { Item } from './scene';
import type { BoardController } from './controller.svelte';
import { Drawing } from './drawing';
import { edgePan } from './edges';
import { nextFrame } from './frames';
import { between, union, type Point, type Rect } from './geometry';
import { carriedBy, caughtBy, hitAt } from './hit';
import { Lifted } from './lifted';
import type { Going, Mode, Pinch, Pointed, Press, Resize } from './modes';
import { draggedFrame, type Handle } from './resize';
import type { PenPoint } from './strokes';
import { Taps } from './taps';

const MOUSE_SLOP_PX = 4;
const TOUCH_SLOP_PX = 9;
const LONG_PRESS_MS = 500;
/** How far beside a thin line a press may be. */
const MOUSE_REACH_PX = 6;
const TOUCH_REACH_PX = 14;
/** A zone dragged smaller than this was a tap. */
const LEAST_ZONE_PX = 24;

export class Gestures {
  /** What is dragged out just now, in board units. */
  marquee: Rect | null = $state.raw(null);
  zone: Rect | null = $state.raw(null);
  /** A link on its way: from a thing to a point, or to the thing under it. */
  linking: { readonly from: string; readonly to: Point; readonly over: string | null } | null = $state.raw(null);
  kind: Mode['kind'] = $state('idle');
  /** What the mouse rests on. */
  over: string | null = $state(null);
  /** Space is held: the left button pans. */
  isSpaceHeld = $state(false);
  /** A long press or a right button asks for the menu, at a place on the surface in CSS pixels. */
  onmenu: (px: Point) => void = () => {};
  /** Somebody's press or drag changed live places or the stroke in hand. */
  onlive: () => void = () => {};

  readonly #control: BoardController;
  readonly #taps: Taps;
  readonly #touches = new Map<number, Point>();
  #mode: Mode = { kind: 'idle' };
  #penSeen = false;
  #edge: { readonly event: Pointed; readonly px: Point } | null = null;
  #pannedBySpace = false;

  constructor(control: BoardController) {
    this.#control = control;
    this.#taps = new Taps(control);
  }

  /** The stroke in hand. */
  get drawing(): Drawing | null {
    return this.#mode.kind === 'draw' ? this.#mode.drawing : null;
  }

  #enter(mode: Mode): void {
    if (this.#mode.kind === 'press') clearTimeout(this.#mode.timer);
    this.#mode = mode;
    this.kind = mode.kind;
  }

  #board(px: Point): Point {
    return this.#control.view.toBoard(px);
  }

  #hit(px: Point, isTouch: boolean, takes?: (item: Item) => boolean): Item | null {
    const reach = (isTouch ? TOUCH_REACH_PX : MOUSE_REACH_PX) / this.#control.camera.zoom;
    return hitAt(this.#control.scene, this.#board(px), reach, takes);
  }

  // ---- down

  down(event: Pointed, px: Point): void {
    const isTouch = event.pointerType === 'touch';
    if (event.pointerType === 'pen') this.#penSeen = true;
    if (isTouch) {
      if (this.#mode.kind === 'draw' && this.#penSeen) return; // the palm
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
      this.#enter({ kind: 'pan', id: event.pointerId, px });
      return;
    }
    if (event.button !== 0) return;
    const press = this.#pressed(event, px, isTouch);
    this.#enter(press);
    if (!isTouch) this.#beginAtOnce(press, event);
  }

  #pressed(event: Pointed, px: Point, isTouch: boolean): Press {
    const timer = isTouch ? setTimeout(() => this.#longPress(), LONG_PRESS_MS) : undefined;
    return {
      kind: 'press',
      id: event.pointerId,
      px,
      at: this.#board(px),
      item: this.#hit(px, isTouch),
      isTouch,
      keys: { adds: event.shiftKey || event.ctrlKey || event.metaKey, alone: event.altKey },
      pressure: event.pressure,
      timer,
    };
  }

  /** Mouse and pen don't have to wait whether a second finger comes. */
  #beginAtOnce(press: Press, event: Pointed): void {
    const control = this.#control;
    if (control.editing !== null && control.editing.element !== press.item?.id) control.stopEditing();
    if (control.tool === 'draw') this.#draw(press, event.timeStamp);
    else if (control.tool === 'choose' && press.item !== null && !press.keys.adds && !control.selection.has(press.item.id)) {
      control.select([press.item.id]);
      control.askFocus(press.item.id);
    }
  }

  #longPress(): void {
    const press = this.#mode;
    if (press.kind !== 'press') return;
    this.#enter({ kind: 'idle' });
    this.menuAt(press.px, press.item);
  }

  /** Choose what is under the pointer, unless it is chosen, and ask for the menu. */
  menuAt(px: Point, item: Item | null = this.#hit(px, false)): void {
    const control = this.#control;
    if (item === null) control.clearSelection();
    else if (!control.selection.has(item.id)) control.select([item.id]);
    if (item !== null) control.askFocus(item.id);
    this.onmenu(px);
  }

  #pinch(): void {
    this.cancel();
    const [a, b] = [...this.#touches.values()];
    if (a === undefined || b === undefined) return;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    this.#enter({ kind: 'pinch', middle, spread: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)), camera: this.#control.camera });
  }

  /** A handle of the selection was pressed. */
  resize(event: Pointed, px: Point, handle: Handle): void {
    if (this.#mode.kind !== 'idle' || event.button !== 0 || !this.#control.replica.mayEdit) return;
    const items = this.#control.items();
    const frame = union(items.map((item) => item.rect));
    if (frame === null) return;
    this.#enter({ kind: 'resize', id: event.pointerId, start: this.#board(px), handle, frame, lifted: new Lifted(this.#control, items) });
  }

  // ---- move

  /** `coalesced`: all places since the last event, the last one being `px`, with their pressure. */
  move(event: Pointed, px: Point, coalesced: readonly PenPoint[] = []): void {
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
      this.#decide(mode, event);
      if (this.#mode.kind !== 'press' && this.#mode.kind !== 'idle') this.move(event, px, coalesced);
      return;
    }
    this.#follow(mode, event, px, coalesced);
    if (mode.kind !== 'pan' && mode.kind !== 'draw') this.#pushEdge(mode, event, px);
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
      this.#follow(mode, edge.event, edge.px, []);
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
    this.over = control.tool === 'choose' || links ? (this.#hit(px, false, takes)?.id ?? null) : null;
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
  #decide(press: Press, event: Pointed): void {
    const control = this.#control;
    const { id, px, at, item } = press;
    const mayEdit = control.replica.mayEdit;
    if (control.tool === 'draw' && !(press.isTouch && this.#penSeen)) this.#draw(press, event.timeStamp);
    else if (control.tool === 'zone' && mayEdit) this.#enter({ kind: 'zone', id, start: at });
    else if (control.tool === 'link' && mayEdit && item !== null && control.canLink(item.id)) this.#enter({ kind: 'link', id, from: item.id });
    else if (control.tool === 'choose' && item !== null && mayEdit && this.#mayDrag(press, item)) this.#drag(press, item);
    else if (control.tool === 'choose' && !press.isTouch) {
      const before = press.keys.adds ? control.selection : new Set<string>();
      control.askFocus(null);
      this.#enter({ kind: 'marquee', id, start: at, before });
    } else this.#enter({ kind: 'pan', id, px });
  }

  #mayDrag(press: Press, item: Item): boolean {
    const control = this.#control;
    if (control.editing?.element === item.id) return false;
    return !press.isTouch || control.selection.has(item.id);
  }

  #draw(press: Press, now: number): void {
    if (!this.#control.replica.mayEdit) return;
    const first = { ...press.at, pressure: press.isTouch ? 0.5 : press.pressure };
    const drawing = new Drawing(this.#control, first, 0.9 / this.#control.camera.zoom, now);
    this.#enter({ kind: 'draw', id: press.id, drawing });
    this.onlive();
  }

  #drag(press: Press, item: Item): void {
    const control = this.#control;
    if (!control.selection.has(item.id)) {
      if (press.keys.adds) control.toggle(item.id);
      else control.select([item.id]);
    }
    const items = new Map(control.items().map((one) => [one.id, one]));
    // A zone takes along what lies in it; with Alt it goes alone.
    for (const one of press.keys.alone ? [] : [...items.values()]) {
      if (one.kind === 'zone') for (const inside of carriedBy(control.scene, one)) items.set(inside.id, inside);
    }
    this.#enter({ kind: 'drag', id: press.id, start: press.at, lifted: new Lifted(control, items.values()) });
  }

  #follow(mode: Going, event: Pointed, px: Point, coalesced: readonly PenPoint[]): void {
    const control = this.#control;
    const at = this.#board(px);
    switch (mode.kind) {
      case 'pan':
        control.panBy_px(mode.px.x - px.x, mode.px.y - px.y);
        mode.px = px;
        break;
      case 'drag':
        mode.lifted.moveBy(at.x - mode.start.x, at.y - mode.start.y);
        this.onlive();
        break;
      case 'resize':
        this.#resized(mode, at, event);
        break;
      case 'marquee': {
        this.marquee = between(mode.start, at);
        control.select([...mode.before, ...caughtBy(control.scene, this.marquee).map((item) => item.id)]);
        break;
      }
      case 'zone':
        this.zone = between(mode.start, at);
        break;
      case 'link': {
        const over = this.#hit(px, event.pointerType === 'touch', (item) => control.canLink(item.id) && item.id !== mode.from);
        this.linking = { from: mode.from, to: at, over: over?.id ?? null };
        break;
      }
      case 'draw': {
        const points = coalesced.length > 0 ? coalesced : [{ ...at, pressure: 0.5 }];
        mode.drawing.add(points, event.timeStamp);
        this.onlive();
        break;
      }
    }
  }

  #resized(mode: Resize, at: Point, event: Pointed): void {
    const frame = draggedFrame(mode.frame, mode.handle, at.x - mode.start.x, at.y - mode.start.y, event.shiftKey, event.altKey);
    mode.lifted.reframe(mode.frame, frame);
    this.onlive();
  }

  // ---- up

  up(event: Pointed, px: Point): void {
    this.#touches.delete(event.pointerId);
    const mode = this.#mode;
    if (mode.kind === 'pinch') {
      const rest = [...this.#touches][0];
      this.#enter(rest === undefined ? { kind: 'idle' } : { kind: 'pan', id: rest[0], px: rest[1] });
      return;
    }
    if (mode.kind === 'idle' || mode.id !== event.pointerId) return;
    this.#enter({ kind: 'idle' });
    this.#finish(mode, event, px);
    this.marquee = this.zone = this.linking = null;
    this.onlive();
  }

  #finish(mode: Press | Going, event: Pointed, px: Point): void {
    const control = this.#control;
    switch (mode.kind) {
      case 'press':
        this.#taps.tap(mode, event.timeStamp, this.#penSeen);
        break;
      case 'drag':
      case 'resize':
        mode.lifted.keep();
        break;
      case 'zone': {
        const rect = between(mode.start, this.#board(px));
        const least = LEAST_ZONE_PX / control.camera.zoom;
        if (rect.w > least && rect.h > least) control.addZone(rect);
        else this.#taps.zoneAt(mode.start);
        break;
      }
      case 'link': {
        const over = this.linking?.over ?? null;
        if (over === null) control.endLink();
        else control.connect(mode.from, over);
        break;
      }
      case 'draw':
        mode.drawing.end(event.timeStamp);
        break;
      case 'pan':
      case 'marquee':
        break;
    }
  }

  /** Take back what is under way: Esc, a second finger, or the system took the pointer. Ink that was drawn stays: it is logged. */
  cancel(): void {
    const mode = this.#mode;
    this.#enter({ kind: 'idle' });
    if (mode.kind === 'draw') mode.drawing.end(performance.now());
    if (mode.kind === 'drag' || mode.kind === 'resize') mode.lifted.drop();
    if (mode.kind === 'marquee') this.#control.select(mode.before);
    this.marquee = this.zone = this.linking = null;
    this.onlive();
  }

  /** The system took a pointer away. */
  lost(pointerId: number): void {
    this.#touches.delete(pointerId);
    const mode = this.#mode;
    if (mode.kind !== 'idle' && mode.kind !== 'pinch' && mode.id === pointerId) this.cancel();
    if (mode.kind === 'pinch' && this.#touches.size === 0) this.#enter({ kind: 'idle' });
  }

  /** The mouse left the surface. */
  left(): void {
    this.over = null;
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
