/** A rectangle dragged over the cloth chooses what it touches; with Shift it adds to what is chosen. */
import type { BoardController } from '../controller.svelte';
import { between } from '../geometry';
import { caughtBy } from '../hit';
import type { Afloat, Going, Press } from '../modes';

export function marquee(control: BoardController, afloat: Afloat, press: Press): Going {
  const was = control.selection;
  const before = press.keys.adds ? was : [];
  control.askFocus(null);
  return {
    kind: 'marquee',
    id: press.id,
    takesBoard: true,
    follow({ at }) {
      const area = between(press.at, at);
      afloat.marquee = area;
      control.select([...before, ...caughtBy(control.scene, area).map((item) => item.id)]);
    },
    finish() {},
    cancel: () => control.select(was),
  };
}
