/** The eraser: strokes that it meets grow faint, and are set aside together when it is lifted. Only strokes: words are never met. */
import type { BoardController } from '../controller.svelte';
import { between, grow, type Point } from '../geometry';
import { hits } from '../hit';
import type { Afloat, Going, Press } from '../modes';

/** Strokes within `reach` board units of the way from one point to another. */
export function strokesMet(control: BoardController, from: Point, to: Point, reach: number): string[] {
  const near = control.scene.search(grow(between(from, to), reach)).filter((item) => item.kind === 'ink');
  if (near.length === 0) return [];
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / Math.max(1, reach)));
  const way = Array.from({ length: steps + 1 }, (_, i): Point => ({
    x: from.x + ((to.x - from.x) * i) / steps,
    y: from.y + ((to.y - from.y) * i) / steps,
  }));
  return near.filter((item) => way.some((at) => hits(control.scene, item, at, reach))).map((item) => item.id);
}

/** How far the eraser reaches, in board units: its width on the screen, more under a finger. */
export function eraserReach(control: BoardController, isTouch: boolean): number {
  return (control.pen.width / 2 + (isTouch ? 6 : 0)) / control.camera.zoom;
}

export function erase(control: BoardController, afloat: Afloat, press: Press): Going {
  const reach = eraserReach(control, press.isTouch);
  const met = new Set(strokesMet(control, press.at, press.at, reach));
  let last = press.at;
  const show = (): void => {
    afloat.erased = new Set(met);
    afloat.onlive();
  };
  if (met.size > 0) show();
  return {
    kind: 'erase',
    id: press.id,
    takesBoard: false,
    follow({ at, points }) {
      const before = met.size;
      for (const next of points.length > 0 ? points : [at]) {
        for (const id of strokesMet(control, last, next, reach)) met.add(id);
        last = next;
      }
      if (met.size !== before) show();
    },
    finish: () => control.erase([...met]),
    cancel() {},
  };
}
