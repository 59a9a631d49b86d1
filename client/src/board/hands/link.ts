/** A link on its way from a thing to another. */
import type { BoardController } from '../controller.svelte';
import type { Afloat, Going, Hand } from '../modes';

export function link(control: BoardController, afloat: Afloat, id: number, from: string): Going {
  const overOf = ({ px, event }: Hand): string | null =>
    afloat.hit(px, event.pointerType === 'touch', (item) => control.canLink(item.id) && item.id !== from)?.id ?? null;
  return {
    kind: 'link',
    id,
    takesBoard: true,
    follow: (hand) => (afloat.linking = { from, to: hand.at, over: overOf(hand) }),
    finish(hand) {
      const over = overOf(hand);
      if (over === null) control.endLink();
      else control.connect(from, over);
    },
    cancel() {},
  };
}
