/**
 * A pen (mouse, finger) on the cloth. Ink is logged while it is drawn, so breaking off is an undo: Esc takes the stroke back, and a
 * second finger does if the stroke had only begun; what the system broke off stays.
 */
import type { BoardController } from '../controller.svelte';
import { Drawing } from '../drawing';
import type { Afloat, Going, Press } from '../modes';

/** A second finger that comes sooner wanted to pan and zoom from the start. */
const BEGUN_MS = 400;

export interface Draw extends Going {
  readonly drawing: Drawing;
}

export function draw(control: BoardController, afloat: Afloat, press: Press, begun_ms: number): Draw {
  let now_ms = begun_ms;
  const first = { ...press.at, pressure: press.isTouch ? 0.5 : press.pressure };
  const drawing = new Drawing(control, first, 0.9 / control.camera.zoom, begun_ms);
  afloat.onlive();
  return {
    kind: 'draw',
    id: press.id,
    takesBoard: false,
    drawing,
    follow({ event, at, points }) {
      now_ms = event.timeStamp;
      drawing.add(points.length > 0 ? points : [{ ...at, pressure: 0.5 }], now_ms);
      afloat.onlive();
    },
    finish({ event }) {
      drawing.end(event.timeStamp);
    },
    cancel(why) {
      drawing.end(now_ms);
      if (why === 'escape' || (why === 'second' && now_ms - begun_ms < BEGUN_MS)) control.replica.undo();
    },
  };
}
