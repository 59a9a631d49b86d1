/** Things in the hand: shown where they are carried, put down as one step of undo, back where they lay if it is broken off. */
import type { BoardController } from '../controller.svelte';
import { carriedBy } from '../hit';
import { Lifted } from '../lifted';
import type { Afloat, Going, Press } from '../modes';
import type { Item } from '../scene';

/** What is chosen, and what lies in the zones among it, unless they go alone (Alt). */
export function takenAlong(control: BoardController, alone: boolean): Item[] {
  const items = new Map(control.items().map((one) => [one.id, one]));
  for (const one of alone ? [] : [...items.values()]) {
    if (one.kind === 'zone') for (const inside of carriedBy(control.scene, one)) items.set(inside.id, inside);
  }
  return [...items.values()];
}

/** What is under the press is chosen, if it is not. */
export function drag(control: BoardController, afloat: Afloat, press: Press, item: Item): Going {
  if (!control.selection.has(item.id)) {
    if (press.keys.adds) control.toggle(item.id);
    else control.select([item.id]);
  }
  const lifted = new Lifted(control, takenAlong(control, press.keys.alone));
  return {
    kind: 'drag',
    id: press.id,
    takesBoard: true,
    follow({ at }) {
      lifted.moveBy(at.x - press.at.x, at.y - press.at.y);
      afloat.onlive();
    },
    finish: () => void lifted.keep(),
    cancel: () => lifted.drop(),
  };
}
