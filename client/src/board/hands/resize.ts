/** A handle of the frame around what is chosen: Shift keeps the proportions, Alt the middle. */
import type { BoardController } from '../controller.svelte';
import { union, type Point } from '../geometry';
import { Lifted } from '../lifted';
import type { Afloat, Going } from '../modes';
import { draggedFrame, type Handle } from '../resize';

/** Null if nothing is chosen. */
export function resize(control: BoardController, afloat: Afloat, id: number, start: Point, handle: Handle): Going | null {
  const items = control.items();
  const frame = union(items.map((item) => item.rect));
  if (frame === null) return null;
  const lifted = new Lifted(control, items);
  return {
    kind: 'resize',
    id,
    takesBoard: true,
    follow({ at, event }) {
      lifted.reframe(frame, draggedFrame(frame, handle, at.x - start.x, at.y - start.y, event.shiftKey, event.altKey));
      afloat.onlive();
    },
    finish: () => void lifted.keep(),
    cancel: () => lifted.drop(),
  };
}
