/**
 * Things in the hand: shown where they are carried, put down as one step of undo, back where they lay if it is broken off.
 *
 * They snap to what is near, unless Ctrl or Cmd is held; with Alt a second one is put down and the first stays. What is held still
 * does not move, and says so.
 */
import type { BoardController } from '../controller.svelte';
import { moved, union } from '../geometry';
import { Lifted } from '../lifted';
import type { Afloat, Going, Press } from '../modes';
import type { Item } from '../scene';

/** What is under the press is chosen, if it is not. Null if nothing of it may move. */
export function drag(control: BoardController, afloat: Afloat, press: Press, item: Item): Going | null {
  const { arrange } = control;
  if (!control.selection.has(item.id)) {
    if (press.keys.adds) control.toggle(item.id);
    else control.select([item.id]);
  }
  const free = arrange.holding.free(control.items());
  // A zone takes along what lies on it; with Ctrl and Alt it goes alone.
  const items = press.keys.alone ? free : arrange.carried(free);
  const frame = union(items.map((one) => control.scene.rect(one.id) ?? one.rect));
  if (frame === null) return null;
  const lifted = new Lifted(control, items);
  const moving = new Set(items.map((one) => one.id));
  const line = arrange.lining.begin(moving);
  // A second one may be in line with the first, which stays.
  const copyLine = arrange.lining.begin(moving, items.map((one) => one.rect));
  let by = { x: 0, y: 0 };
  return {
    kind: 'drag',
    id: press.id,
    takesBoard: true,
    follow({ at, event }) {
      const [dx, dy] = [at.x - press.at.x, at.y - press.at.y];
      const copies = event.altKey && !press.keys.alone;
      const snap = (copies ? copyLine : line).moved(moved(frame, dx, dy), event.ctrlKey || event.metaKey);
      by = { x: dx + snap.dx, y: dy + snap.dy };
      lifted.moveBy(by.x, by.y);
      afloat.copies = copies ? items.map((one) => one.rect) : [];
      afloat.onlive();
    },
    finish({ event }) {
      line.end();
      if (!event.altKey || press.keys.alone) {
        lifted.keep();
        return;
      }
      lifted.drop();
      control.clipboard.duplicate(by.x, by.y, items);
    },
    cancel() {
      line.end();
      lifted.drop();
    },
  };
}
