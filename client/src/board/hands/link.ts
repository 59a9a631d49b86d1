/** A line on its way from a thing, or from the bare cloth, to another: an arrow, or a plain line (`head` none). */
import type { BoardController } from '../controller.svelte';
import type { Point } from '../geometry';
import type { Afloat, Going, Hand, Press } from '../modes';
import type { EndName } from '../craft.svelte';
import { nameOf, numberOf } from '../scene';

/** From point to point shorter than this, nothing was meant. */
const LEAST_PX = 20;

function thingUnder(control: BoardController, afloat: Afloat, { px, event }: Hand, but: string): string | null {
  const isTouch = event.pointerType === 'touch';
  return afloat.hit(px, isTouch, (item) => control.canLink(item.id) && item.id !== but)?.id ?? null;
}

export function link(control: BoardController, afloat: Afloat, press: Press, head: 'end' | 'none'): Going {
  const { item } = press;
  const from = item !== null && control.canLink(item.id) ? item.id : press.at;
  const own = typeof from === 'string' ? from : '';
  return {
    kind: 'link',
    id: press.id,
    takesBoard: true,
    follow: (hand) => (afloat.linking = { from, to: hand.at, over: thingUnder(control, afloat, hand, own) }),
    finish(hand) {
      const over = thingUnder(control, afloat, hand, own);
      const far_px = Math.hypot(hand.at.x - press.at.x, hand.at.y - press.at.y) * control.camera.zoom;
      if (over === null && far_px < LEAST_PX) control.endLink();
      else if (over !== null && own !== '' && head === 'end') control.connect(own, over);
      else control.craft.addLine(from, over ?? hand.at, head);
    },
    cancel() {},
  };
}

/** An end of a connector is dragged to another thing, or to the bare cloth. */
export function moveEnd(control: BoardController, afloat: Afloat, pointer: number, id: string, end: EndName): Going | null {
  const item = control.scene.get(id);
  const route = control.scene.route(id);
  if (item?.kind !== 'connector' || route === null) return null;
  const bound = nameOf(item.element, end === 'from' ? 'to' : 'from');
  const [x, y] = end === 'from' ? ['x2', 'y2'] : ['x', 'y'];
  const free: Point = { x: numberOf(item.element, x ?? ''), y: numberOf(item.element, y ?? '') };
  const from = bound !== '' && control.scene.get(bound) !== undefined ? bound : free;
  return {
    kind: 'end',
    id: pointer,
    takesBoard: true,
    follow: (hand) => (afloat.linking = { from, to: hand.at, over: thingUnder(control, afloat, hand, bound) }),
    finish: (hand) => control.craft.setEnd(id, end, thingUnder(control, afloat, hand, bound) ?? hand.at),
    cancel() {},
  };
}
