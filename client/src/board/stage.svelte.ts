/**
 * What of a board stands on the page: only what is seen and a little around it, as few changes at a time as a frame bears.
 *
 * Near, notes are DOM: words that can be read out, translated and selected. Where more is seen than the page lays out in time (far out),
 * nothing but what is chosen, written or focused is mounted, and the painter draws the rest. What is not yet mounted is
 * painted too, so a fast pan shows no holes.
 *
 * Coordinates of the page are counted from `origin`, a board point near the camera: browsers place things with single
 * precision, and boards reach to a thousand million.
 */
import type { BoardController } from './controller.svelte';
import { grow, overlaps, same, encloses, type Point, type Rect } from './geometry';
import { compareItems, type Item } from './scene';

/** A thing on the page. Replaced when anything in it changes. */
export interface Shown {
  readonly id: string;
  readonly item: Item;
  readonly rect: Rect;
  /** Its place in the pile, among those shown. */
  readonly z: number;
  readonly isUnsaved: boolean;
  /** Which of how many it is in reading order, from 1; 0 while that is not known. */
  readonly place: number;
  /** How many replies it has, as of the same reading. */
  readonly replies: number;
}

/** What every component that shows a thing on the page is given. */
export interface Showing {
  readonly control: BoardController;
  readonly shown: Shown;
  /** Where the page's coordinates are counted from, in board units. */
  readonly origin: Point;
  /** How many things lie on the board. */
  readonly total: number;
  readonly isChosen: boolean;
  /** Its words stand in the text box just now. */
  readonly isWritten: boolean;
  /** The Tab key stops here. */
  readonly isStop: boolean;
  /** A link would end here. */
  readonly isTarget: boolean;
}

const FAR = 420;
const NEAR = 330;
/** Mounted in one frame, at most. */
const SEEN_AT_ONCE = 32;
const AROUND_AT_ONCE = 12;
const ORIGIN_REACH = 500_000;
const RANK_MS = 350;

export class Stage {
  shown: readonly Shown[] = $state.raw([]);
  isFar = false;
  /** Something that is seen is not mounted: it has to be painted. */
  hasHoles = false;
  /** How many things lie on the board, for "3 of 40". */
  total = $state(0);
  origin: Point = $state.raw({ x: 0, y: 0 });
  /** Whether one of the things has the focus. */
  hasFocus: () => boolean = () => false;
  readonly #control: BoardController;
  #mounted: ReadonlyMap<string, Shown> = new Map();
  #region: Rect | null = null;
  #ranks = new Map<string, number>();
  #rankTimer: ReturnType<typeof setTimeout> | undefined;
  #isWhole = true;
  /** The reading order that the ranks are of. */
  #ranked: readonly string[] | null = null;

  constructor(control: BoardController) {
    this.#control = control;
  }

  close(): void {
    clearTimeout(this.#rankTimer);
  }

  isMounted(id: string): boolean {
    return this.#mounted.has(id);
  }

  /** The camera moved: look anew only if what is seen left what was looked at. Answers whether to come again next frame. */
  moved(): boolean {
    const area = this.#control.view.area;
    const far = Math.abs(area.x - this.origin.x) > ORIGIN_REACH || Math.abs(area.y - this.origin.y) > ORIGIN_REACH;
    if (far) this.origin = { x: Math.round(area.x), y: Math.round(area.y) };
    const isInside = this.#region !== null && encloses(this.#region, area) && this.#region.w < area.w * 6;
    if (isInside && this.#isWhole && !far) return false;
    return this.renew();
  }

  /** Look at everything in and around the view. Answers whether there is more to mount in the next frame. */
  renew(): boolean {
    const { scene, view } = this.#control;
    const area = view.area;
    this.#region = grow(area, Math.min(area.w, area.h) * 0.4);
    const near = scene.search(this.#region);
    const inView: Item[] = [];
    const around: Item[] = [];
    for (const item of near) (overlaps(scene.rect(item.id) ?? item.rect, area) ? inView : around).push(item);
    this.isFar = inView.length > (this.isFar ? NEAR : FAR);
    this.total = scene.size;
    const wanted = this.isFar ? [] : [...this.#some(inView, SEEN_AT_ONCE), ...this.#some(around, AROUND_AT_ONCE)];
    this.#isWhole = this.isFar || wanted.length === near.length;
    this.#mount(this.#withPinned(wanted));
    this.hasHoles = this.isFar || inView.some((item) => !this.#mounted.has(item.id));
    return !this.#isWhole;
  }

  /** Those that stand already, and so many new ones. */
  #some(items: readonly Item[], fresh: number): Item[] {
    let left = fresh;
    return items.filter((item) => this.#mounted.has(item.id) || left-- > 0);
  }

  /** What is chosen, written or focused stays, wherever it lies: a focus must not be lost by looking around. */
  #withPinned(items: readonly Item[]): Item[] {
    const control = this.#control;
    const all = new Map(items.map((item) => [item.id, item]));
    const pin = (id: string | null | undefined): void => {
      const item = id == null ? undefined : control.scene.get(id);
      if (item !== undefined) all.set(item.id, item);
    };
    pin(control.focused);
    pin(control.editing?.element);
    pin(control.linkFrom);
    if (control.selection.size <= 60) for (const id of control.selection) pin(id);
    return [...all.values()];
  }

  #mount(items: readonly Item[]): void {
    const { scene, replica } = this.#control;
    const next = new Map<string, Shown>();
    const pile = [...items].sort(compareItems);
    for (const [z, item] of pile.entries()) {
      const before = this.#mounted.get(item.id);
      const rect = scene.rect(item.id) ?? item.rect;
      const isUnsaved = replica.unsaved.has(item.id);
      const place = this.#ranks.get(item.id) ?? 0;
      const replies = this.#control.repliesTo(item.id);
      const isSame =
        before !== undefined &&
        before.item === item &&
        before.z === z &&
        before.isUnsaved === isUnsaved &&
        before.place === place &&
        before.replies === replies &&
        same(before.rect, rect);
      next.set(item.id, isSame ? before : { id: item.id, item, rect, z, isUnsaved, place, replies });
    }
    this.#rankLater(pile);
    const isSame = next.size === this.#mounted.size && [...next].every(([id, one]) => this.#mounted.get(id) === one);
    if (isSame) return;
    this.#mounted = next;
    this.shown = this.#ordered(next);
  }

  /**
   * The page's order is that of reading; what has no rank yet comes last. While one of the things has the focus, those that
   * stand keep their order: a node that is moved loses its focus.
   */
  #ordered(next: ReadonlyMap<string, Shown>): Shown[] {
    if (this.hasFocus()) {
      const standing = this.shown.flatMap((one) => next.get(one.id) ?? []);
      const known = new Set(standing.map((one) => one.id));
      return [...standing, ...[...next.values()].filter((one) => !known.has(one.id))];
    }
    const rank = (one: Shown): number => (one.place === 0 ? Infinity : one.place);
    return [...next.values()].sort((a, b) => (rank(a) === rank(b) ? a.z - b.z : rank(a) - rank(b)));
  }

  /** The focus left the things: put them in reading order. */
  settle(): void {
    this.shown = this.#ordered(this.#mounted);
  }

  /** Reading order costs a look at the whole board: not with every letter. */
  #rankLater(pile: readonly Item[]): void {
    const isKnown = this.#control.isRead(this.#ranked) && pile.every((item) => this.#ranks.has(item.id));
    if (isKnown || this.#rankTimer !== undefined) return;
    this.#rankTimer = setTimeout(() => {
      this.#rankTimer = undefined;
      this.rank();
    }, RANK_MS);
  }

  rank(): void {
    const order = this.#control.reading();
    if (this.#ranked === order) return;
    this.#ranked = order;
    this.#ranks = new Map(order.map((id, index) => [id, index + 1]));
    this.#mount([...this.#mounted.values()].flatMap((one) => this.#control.scene.get(one.id) ?? []));
  }
}
