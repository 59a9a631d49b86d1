/**
 * What the others do just now, shown smoothly: their cursors, drags and strokes in hand.
 *
 * Presence comes about twenty times a second and is thinned under load; between two reports things glide towards the
 * last one. With reduced motion they jump. A drag that ended keeps its place until the log has brought the element's new one, or
 * for a moment, so that nothing jumps back and forth; a stroke in hand likewise.
 */
import { decodePoints } from '../core/ink';
import type { Around } from '../sync/interface';
import type { BoardController } from './controller.svelte';
import { nextFrame } from './frames';
import type { Rect } from './geometry';
import type { Item } from './scene';
import type { Run } from './strokes';

const GLIDE_MS = 55;
const HOLD_MS = 600;
/** Nearer than this, in board units, a gliding thing has arrived. */
const ARRIVED = 0.4;

export interface Cursor {
  readonly who: string;
  readonly author: string;
  readonly x: number;
  readonly y: number;
  readonly isLaser: boolean;
  /** When they last pointed elsewhere, in ms of this device's monotonic clock. */
  readonly moved: number;
}

export interface LiveStroke {
  readonly who: string;
  readonly element: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly width: number;
  readonly run: Run;
  /** When its owner stopped showing it; it stays until its ink is there. */
  readonly ended: number | null;
  /** How many points the element had when it ended. */
  readonly had: number;
}

interface LiveDrag {
  target: Rect;
  shown: Rect;
  ended: number | null;
  item: Item | undefined;
}

export class Others {
  cursors: readonly Cursor[] = $state.raw([]);
  strokes: readonly LiveStroke[] = [];
  /** Drags or strokes changed what is to be painted. */
  onlive: () => void = () => {};
  readonly #control: BoardController;
  readonly #drags = new Map<string, LiveDrag>();
  readonly #isCalm: () => boolean;
  #last = 0;
  #isRunning = false;

  constructor(control: BoardController, isCalm: () => boolean) {
    this.#control = control;
    this.#isCalm = isCalm;
  }

  /** Presence, or the board, changed. */
  follow(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#last = 0;
    nextFrame(this.#step);
  }

  readonly #step = (now: number): void => {
    const passed = this.#last === 0 ? 16 : Math.min(100, now - this.#last);
    this.#last = now;
    const share = this.#isCalm() ? 1 : 1 - Math.exp(-passed / GLIDE_MS);
    const around = [...this.#control.replica.around.values()];
    // Each runs: `||` would stop at the first that is on its way.
    const moving = [this.#glideCursors(around, share, now), this.#glideDrags(around, share, now), this.#takeStrokes(around, now)];
    this.#isRunning = moving.includes(true);
    if (this.#isRunning) nextFrame(this.#step);
  };

  #glideCursors(around: readonly Around[], share: number, now: number): boolean {
    let isMoving = false;
    const before = new Map(this.cursors.map((cursor) => [cursor.who, cursor]));
    const next: Cursor[] = [];
    for (const { who, author, at, laser } of around) {
      if (at === null) continue;
      const from = before.get(who);
      const [x, y] = from === undefined ? at : [glide(from.x, at[0], share), glide(from.y, at[1], share)];
      isMoving ||= x !== at[0] || y !== at[1];
      const isSame = from !== undefined && from.x === x && from.y === y && from.isLaser === laser;
      next.push(isSame ? from : { who, author, x, y, isLaser: laser, moved: now });
    }
    if (next.length !== before.size || next.some((cursor) => before.get(cursor.who) !== cursor)) this.cursors = next;
    return isMoving;
  }

  #glideDrags(around: readonly Around[], share: number, now: number): boolean {
    const { scene } = this.#control;
    const dragged = new Set<string>();
    for (const one of around) {
      for (const { element, x, y, w, h } of one.drag) {
        dragged.add(element);
        const known = this.#drags.get(element);
        if (known !== undefined) [known.target, known.ended] = [{ x, y, w, h }, null];
        else {
          const rect = scene.rect(element);
          if (rect !== undefined) this.#drags.set(element, { target: { x, y, w, h }, shown: rect, ended: null, item: scene.get(element) });
        }
      }
    }
    let isMoving = false;
    for (const [id, drag] of this.#drags) {
      if (!dragged.has(id)) drag.ended ??= now;
      const item = scene.get(id);
      const isSettled = drag.ended !== null && (now - drag.ended > HOLD_MS || item?.rect !== drag.item?.rect);
      if (item === undefined || isSettled) {
        this.#drags.delete(id);
        scene.setLive(id, null);
        isMoving = true;
        continue;
      }
      drag.item = drag.ended === null ? item : drag.item;
      const { shown, target } = drag;
      drag.shown = {
        x: glide(shown.x, target.x, share),
        y: glide(shown.y, target.y, share),
        w: glide(shown.w, target.w, share),
        h: glide(shown.h, target.h, share),
      };
      scene.setLive(id, drag.shown);
      isMoving = true;
    }
    if (isMoving) this.onlive();
    return this.#drags.size > 0;
  }

  #takeStrokes(around: readonly Around[], now: number): boolean {
    const board = this.#control.replica.view;
    const had = (element: string): number => board.elements.get(element)?.inkCount() ?? 0;
    const next: LiveStroke[] = [];
    const inHand = new Set<string>();
    for (const { who, stroke } of around) {
      if (stroke === null) continue;
      inHand.add(stroke.element);
      const known = this.strokes.find((one) => one.element === stroke.element && one.ended === null);
      const isSame = known !== undefined && known.run.length > 0 && sameBytes.get(known.run) === stroke.points;
      if (isSame) next.push(known);
      else {
        const { element, x, y, colour, width, points } = stroke;
        const run = decodePoints(points) ?? [];
        sameBytes.set(run, points);
        next.push({ who, element, x, y, colour, width, run, ended: null, had: had(element) });
      }
    }
    for (const stroke of this.strokes) {
      if (inHand.has(stroke.element)) continue;
      const ended = stroke.ended ?? now;
      const hasArrived = had(stroke.element) > stroke.had;
      if (now - ended < HOLD_MS && !hasArrived) next.push(stroke.ended === null ? { ...stroke, ended } : stroke);
    }
    const isChanged = next.length !== this.strokes.length || next.some((stroke, index) => stroke !== this.strokes[index]);
    this.strokes = next;
    if (isChanged) this.onlive();
    return next.some((stroke) => stroke.ended !== null);
  }
}

/** Which bytes a run was read from, so that the same are not read again. */
const sameBytes = new WeakMap<Run, Uint8Array>();

function glide(from: number, to: number, share: number): number {
  const next = from + (to - from) * share;
  return Math.abs(to - next) < ARRIVED ? to : next;
}
