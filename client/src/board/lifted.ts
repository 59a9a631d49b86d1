/**
 * Things in somebody's hand: shown elsewhere, here and to the others, until they are put down as one group, or dropped back.
 *
 * Nothing is logged while they are lifted (DESIGN §3: a drag logs one `set` at its end).
 */
import type { BoardController } from './controller.svelte';
import { moved, type Rect } from './geometry';
import { reframed } from './resize';
import type { Item } from './scene';

/** As many as a presence frame takes (wire/frames.py). */
const MOST_SHOWN = 50;

export class Lifted {
  readonly #control: BoardController;
  readonly #parts: readonly (readonly [Item, Rect])[];

  constructor(control: BoardController, items: Iterable<Item>) {
    this.#control = control;
    this.#parts = [...items].map((item) => [item, control.scene.rect(item.id) ?? item.rect] as const);
  }

  /** So far from where they lay, in whole board units. */
  moveBy(dx: number, dy: number): void {
    this.#show(new Map(this.#parts.map(([item, rect]) => [item.id, moved(rect, Math.round(dx), Math.round(dy))])));
  }

  /** As the frame around all of them becomes another. */
  reframe(from: Rect, to: Rect): void {
    const parts = this.#parts.map(([item, rect]) => ({ id: item.id, kind: item.kind, rect }));
    this.#show(reframed(parts, from, to));
  }

  #show(rects: ReadonlyMap<string, Rect>): void {
    const drag = [];
    for (const [element, rect] of rects) {
      this.#control.scene.setLive(element, rect);
      const [x, y, w, h] = [rect.x, rect.y, rect.w, rect.h].map(Math.round) as [number, number, number, number];
      if (drag.length < MOST_SHOWN) drag.push({ element, x, y, w, h });
    }
    this.#control.say({ drag });
  }

  /** Put them down where they are shown: one group, one step of undo. Answers whether anything changed. */
  keep(): boolean {
    const { scene } = this.#control;
    // What somebody set aside meanwhile is not there any more.
    const places = this.#parts.flatMap(([{ id }]) => {
      const [item, rect] = [scene.get(id), scene.rect(id)];
      return item === undefined || rect === undefined ? [] : [[item, rect] as const];
    });
    this.drop();
    return this.#control.moveTo(places);
  }

  /** Back to where they lay. */
  drop(): void {
    for (const [item] of this.#parts) this.#control.scene.setLive(item.id, null);
    this.#control.say({ drag: [] });
  }
}
