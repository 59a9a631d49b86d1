/** The reading order of a board, kept until something came, went or moved. It is the outline's, so that both go in step. */
import { language } from '../i18n';
import { onlyIn } from '../outline/oneZone';
import { idsOf, outlineFor } from '../outline/outline';
import { thingsOf } from '../outline/things';
import type { BoardReplica } from '../sync/interface';
import type { Scene } from './scene';

export class ReadingOrder {
  readonly #replica: BoardReplica;
  readonly #scene: Scene;
  #kept: {
    readonly places: number;
    readonly direction: string;
    readonly only: string | null;
    readonly ids: readonly string[];
    readonly replies: ReadonlyMap<string, number>;
  } | null = null;

  constructor(replica: BoardReplica, scene: Scene) {
    this.#replica = replica;
    this.#scene = scene;
  }

  /** All that is not set aside; in one zone alone, if one is named. The same list as long as it holds. */
  ids(only: string | null = this.#kept?.only ?? null): readonly string[] {
    const { direction } = language;
    const { places } = this.#scene;
    const kept = this.#kept;
    if (kept?.direction === direction && kept.places === places && kept.only === only) return kept.ids;
    const outline = outlineFor(thingsOf(this.#replica.view), direction);
    const ids = idsOf(onlyIn(outline, only));
    this.#kept = { places, direction, only, ids, replies: outline.replies };
    return ids;
  }

  /** Whether an answer of `ids` still holds, without reading anew. */
  holds(ids: readonly string[] | null): boolean {
    return ids !== null && this.#kept?.ids === ids && this.#kept.places === this.#scene.places;
  }

  /** How many replies a thing had when the order was last asked for. */
  repliesTo(id: string): number {
    return this.#kept?.replies.get(id) ?? 0;
  }

  /** What one goes to when something that one stood on is gone from the cloth: by the order before it went. */
  after(gone: string, isThere: (id: string) => boolean): string | null {
    const order = this.#kept?.ids ?? [];
    const at = order.indexOf(gone);
    if (at < 0) return null;
    return order.slice(at + 1).find(isThere) ?? order.slice(0, at).findLast(isThere) ?? null;
  }

  /** What one stands on when these are gone: the next, else the one before; null if nothing is left. */
  neighbour(gone: readonly string[]): string | null {
    const order = this.ids();
    const last = Math.max(...gone.map((id) => order.indexOf(id)));
    const stays = (id: string): boolean => !gone.includes(id);
    return order.slice(last + 1).find(stays) ?? order.slice(0, Math.max(0, last)).findLast(stays) ?? null;
  }
}
