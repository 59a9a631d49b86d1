/**
 * A handle of the frame around what is chosen: Shift keeps the proportions, Alt the middle. Edges snap to what is near, unless Ctrl or
 * Cmd is held; proportions that are kept don't snap.
 */
import type { BoardController } from '../controller.svelte';
import { union, type Point } from '../geometry';
import { Lifted } from '../lifted';
import type { Afloat, Going } from '../modes';
import { draggedFrame, type Handle } from '../resize';

/** Null if nothing is chosen that may change. */
export function resize(control: BoardController, afloat: Afloat, id: number, start: Point, handle: Handle): Going | null {
  const items = control.arrange.holding.free(control.items());
  const frame = union(items.map((item) => item.rect));
  if (frame === null) return null;
  const lifted = new Lifted(control, items);
  const line = control.arrange.lining.begin(new Set(items.map((item) => item.id)));
  return {
    kind: 'resize',
    id,
    takesBoard: true,
    follow({ at, event }) {
      const isFree = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
      const dragged = draggedFrame(frame, handle, at.x - start.x, at.y - start.y, event.shiftKey, event.altKey);
      lifted.reframe(frame, line.resized(dragged, handle, isFree));
      afloat.onlive();
    },
    finish() {
      line.end();
      lifted.keep();
    },
    cancel() {
      line.end();
      lifted.drop();
    },
  };
}
