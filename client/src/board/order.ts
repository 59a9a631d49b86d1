/** The reading order of a board, kept until something came, went or moved. It is the outline's, so that both go in step. */
import { language } from '../i18n';
import { outlineOf } from '../outline/outline';
import { thingsOf } from '../outline/things';
import type { BoardReplica } from '../sync/interface';
import type { Scene } from './scene';

export class ReadingOrder {
  readonly #replica: BoardReplica;
  readonly #scene: Scene;
  #kept: { readonly places: number; readonly direction: string; readonly ids: readonly string[] } | null = null;

  constructor(replica: BoardReplica, scene: Scene) {
    this.#replica = replica;
    this.#scene = scene;
  }

  /** All that is not set aside. The same list as long as it holds. */
  ids(): readonly string[] {
    const { direction } = language;
    const { places } = this.#scene;
    if (this.#kept?.direction === direction && this.#kept.places === places) return this.#kept.ids;
    const { groups, drawings, links } = outlineOf(thingsOf(this.#replica.view), direction);
    const ids: string[] = [];
    for (const { zone, lines } of groups) {
      if (zone !== null) ids.push(zone.id);
      for (const { thing } of lines) ids.push(thing.id);
    }
    for (const thing of [...drawings, ...links]) ids.push(thing.id);
    this.#kept = { places, direction, ids };
    return ids;
  }

  /** Whether an answer of `ids` still holds, without reading anew. */
  holds(ids: readonly string[] | null): boolean {
    return ids !== null && this.#kept?.ids === ids && this.#kept.places === this.#scene.places;
  }

  /** What one stands on when these are gone: the next, else the one before; null if nothing is left. */
  neighbour(gone: readonly string[]): string | null {
    const order = this.ids();
    const last = Math.max(...gone.map((id) => order.indexOf(id)));
    const stays = (id: string): boolean => !gone.includes(id);
    return order.slice(last + 1).find(stays) ?? order.slice(0, Math.max(0, last)).findLast(stays) ?? null;
  }
}
