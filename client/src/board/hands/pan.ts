/** The board goes along with the hand. */
import type { Point } from '../geometry';
import type { Going } from '../modes';
import type { View } from '../view.svelte';

export function pan(view: View, id: number, from: Point): Going {
  let last = from;
  return {
    kind: 'pan',
    id,
    takesBoard: false,
    follow({ px }) {
      view.panBy_px(last.x - px.x, last.y - px.y);
      last = px;
    },
    finish() {},
    cancel() {},
  };
}
