/** Something new is dragged out from corner to corner: a zone, a shape. What stays smaller than a press wobbles was a tap. */
import { between, type Rect } from '../geometry';
import type { Afloat, Going, Hand, Press } from '../modes';

const LEAST_PX = 24;

/** `drawn` makes it; `tapped` makes one of the usual size. Shift makes it as high as wide. */
export function dragOut(afloat: Afloat, press: Press, zoom: () => number, drawn: (rect: Rect) => void, tapped: () => void): Going {
  const rectOf = ({ at, event }: Hand): Rect => {
    const { x, y } = press.at;
    if (!event.shiftKey) return between(press.at, at);
    const side = Math.max(Math.abs(at.x - x), Math.abs(at.y - y));
    return between(press.at, { x: x + side * Math.sign(at.x - x || 1), y: y + side * Math.sign(at.y - y || 1) });
  };
  return {
    kind: 'out',
    id: press.id,
    takesBoard: true,
    follow: (hand) => (afloat.zone = rectOf(hand)),
    finish(hand) {
      const rect = rectOf(hand);
      const least = LEAST_PX / zoom();
      if (rect.w > least && rect.h > least) drawn(rect);
      else tapped();
    },
    cancel() {},
  };
}
