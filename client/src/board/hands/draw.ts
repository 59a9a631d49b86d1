/**
 * A pen (mouse, finger) on the cloth. Ink is logged while it is drawn, so breaking off is an undo: Esc takes the stroke back, and a
 * second finger does if the stroke had only begun; what the system broke off stays.
 *
 * A hand that stays still at the end of a stroke asks for what it meant: a straight line or a shape (recognise.ts) takes the stroke's
 * place, and one undo brings the stroke back.
 */
import type { BoardController } from '../controller.svelte';
import { Drawing } from '../drawing';
import type { Point } from '../geometry';
import type { Afloat, Going, Press } from '../modes';
import { meantBy } from '../recognise';

/** A second finger that comes sooner wanted to pan and zoom from the start. */
const BEGUN_MS = 400;
const HOLD_MS = 550;
/** A timer that comes later than this tells of a busy page, which has not heard yet where the hand is. */
const LATE_MS = 100;
/** A hand that is still still trembles so far. */
const STILL_PX = 5;

export interface Draw extends Going {
  /** Null once it was held and became something else. */
  readonly drawing: Drawing | null;
}

export function draw(control: BoardController, afloat: Afloat, press: Press, begun_ms: number): Draw {
  let now_ms = begun_ms;
  let isHeld = false;
  let still: Point = press.at;
  const first = { ...press.at, pressure: press.isTouch ? 0.5 : press.pressure };
  const drawing = new Drawing(control, first, 0.9 / control.camera.zoom, begun_ms);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due_ms = Infinity;
  afloat.onlive();

  const watch = (): void => {
    clearTimeout(timer);
    due_ms = performance.now() + HOLD_MS;
    timer = setTimeout(held, HOLD_MS);
  };
  const held = (): void => {
    if (performance.now() - due_ms > LATE_MS) {
      watch();
      return;
    }
    const { origin, run } = drawing.trail;
    const meant = meantBy(run.map(([x, y]) => ({ x: origin.x + x, y: origin.y + y })));
    if (meant === null || drawing.id === null) return;
    isHeld = true;
    drawing.end(now_ms + HOLD_MS);
    control.craft.straighten(drawing.id, drawing.pen, meant);
    afloat.onlive();
  };
  const wait = (at: Point): void => {
    if (Math.hypot(at.x - still.x, at.y - still.y) * control.camera.zoom <= STILL_PX) return;
    still = at;
    watch();
  };
  return {
    kind: 'draw',
    id: press.id,
    takesBoard: false,
    get drawing() {
      return isHeld ? null : drawing;
    },
    follow({ event, at, points }) {
      if (isHeld) return;
      now_ms = event.timeStamp;
      drawing.add(points.length > 0 ? points : [{ ...at, pressure: 0.5 }], now_ms);
      wait(at);
      afloat.onlive();
    },
    finish({ event }) {
      clearTimeout(timer);
      if (!isHeld) drawing.end(event.timeStamp);
    },
    cancel(why) {
      clearTimeout(timer);
      if (isHeld) return;
      drawing.end(now_ms);
      if (why === 'escape' || (why === 'second' && now_ms - begun_ms < BEGUN_MS)) control.replica.undo();
    },
  };
}
