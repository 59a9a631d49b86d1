/**
 * The sessions that this tab sends for on one board, in their order, and what a group says when its turn has come.
 *
 * The last lane is one's own; before it stand sessions of closed tabs (PROTOCOL-25). One lane sends at a time, and one's own
 * only when the others are settled: own words were written over what they hold.
 *
 * k and n are given here. Words are said as splices over the field as it is folded at that moment, so that no base ever
 * falls out of the window while a device is away (FOLD-34).
 */

import type { Board } from '../core/board.ts';
import { handKey } from '../core/text.ts';
import { isWords, type Items } from './items.ts';
import { type Group, type Item, Outbox } from './outbox.ts';
import { inParts } from './words.ts';

/** What the lanes tell: groups to keep on the device as they now are, and groups that are done with. */
export interface Kept {
  readonly put: Set<Group>;
  readonly gone: Set<Group>;
}

/** Kinds of edits that bring something that others can speak of. */
export const MAKES: ReadonlySet<string> = new Set(['add', 'propose']);

export class Lanes {
  readonly #author: string;
  readonly #items: Items;
  readonly #kept: () => Kept;
  #lanes: Outbox[];
  /** Groups about elements that a rollback took away, until these are put back by whoever had made them. */
  #parked: Group[] = [];

  constructor(author: string, session: string, items: Items, kept: () => Kept) {
    this.#author = author;
    this.#items = items;
    this.#kept = kept;
    this.#lanes = [new Outbox(session)];
  }

  get own(): Outbox {
    return this.#lanes[this.#lanes.length - 1] as Outbox;
  }

  /** The lane whose turn it is to send. */
  get first(): Outbox {
    return this.#lanes.find((lane) => lane.groups.length > 0) ?? this.own;
  }

  get groups(): Group[] {
    return [...this.#lanes.flatMap((lane) => lane.groups), ...this.#parked];
  }

  /** Let groups of one's own wait whose elements are not on this board, nor on their way to it. */
  park(board: Board): void {
    const added = new Set<string>();
    for (const { items } of this.groups) for (const { edit } of items) if (MAKES.has(edit.kind)) added.add(edit.element);
    const isThere = (group: Group): boolean =>
      group.items.every(({ edit }) => board.hands(edit.element).size > 0 || added.has(edit.element));
    const waiting = this.own.groups.filter((group) => !isThere(group));
    for (const group of waiting) this.own.remove(group);
    this.#parked.push(...waiting);
  }

  get parked(): readonly Group[] {
    return this.#parked;
  }

  /** Elements came back: what waited for them goes on. */
  unpark(board: Board): void {
    if (this.#parked.length === 0) return;
    const parked = this.#parked;
    this.#parked = [];
    for (const group of parked) this.own.add(group);
    this.park(board);
  }

  of(session: string): Outbox | undefined {
    return this.#lanes.find((lane) => lane.session === session);
  }

  /** Groups that a device kept, before all of one's own; each session's stand together. */
  adopt(groups: readonly Group[]): void {
    const lanes: Outbox[] = [];
    for (const group of groups) {
      let lane = lanes.at(-1);
      if (lane?.session !== group.session) {
        lane = new Outbox(group.session);
        lanes.push(lane);
      }
      lane.add(group);
    }
    this.#lanes = [...lanes, this.own];
  }

  /** Everything goes on in one lane under a new session; hand and k keep what the log has from counting twice. */
  restart(session: string): void {
    const own = new Outbox(session);
    const { groups } = this;
    this.#parked = [];
    for (const group of groups) {
      group.session = session;
      group.n = null;
      group.state = 'new';
      own.add(group);
      this.#kept().put.add(group);
    }
    this.#lanes = [own];
  }

  /** A group is settled or dropped. A repeat is harmless. */
  remove(group: Group): void {
    for (const lane of this.#lanes) lane.remove(group);
    this.#parked = this.#parked.filter((one) => one !== group);
    this.#lanes = this.#lanes.filter((lane) => lane.groups.length > 0 || lane === this.own);
    const { put, gone } = this.#kept();
    put.delete(group);
    gone.add(group);
  }

  lost(): void {
    for (const lane of this.#lanes) lane.lost();
  }

  /** Groups to send now, in order. From here on they count as sent; keep them on the device before they leave. */
  sendable(confirmed: Board): Group[] {
    const lane = this.first;
    return lane.sendable(
      (group) => this.#mayStart(lane, group),
      (group, n) => this.#number(confirmed, group, n),
    );
  }

  /** Words wait while earlier ones of the same field are on their way: so fast typing becomes few edits. */
  #mayStart(lane: Outbox, group: Group): boolean {
    if (group.items.some((item) => item.waitsFor !== null)) return false;
    const [item] = group.items;
    if (group.items.length !== 1 || item === undefined || !isWords(item)) return true;
    const { element, field } = item.edit;
    const isSame = (one: Item): boolean => isWords(one) && one.edit.element === element && one.edit.field === field;
    return !lane.groups.some((other) => other.state === 'sent' && other.items.some(isSame));
  }

  #number(confirmed: Board, group: Group, n: number): void {
    group.n = n;
    const lastK = new Map<string, number>();
    const items: Item[] = [];
    for (const item of group.items) {
      const { element, hand } = item.edit;
      const place = `${element} ${hand}`;
      let k = lastK.get(place) ?? this.#lastK(confirmed, element, hand);
      for (const said of this.#said(confirmed, group, item)) {
        k += 1;
        said.edit = { ...said.edit, k };
        items.push(said);
      }
      lastK.set(place, k);
    }
    group.items = items;
    group.size = items.length;
    group.unfolded = items.length;
    if (items.length === 0) this.remove(group);
    else this.#kept().put.add(group);
  }

  /** An item as it is said now: words may have been taken apart by others' words, or have nothing left to do. */
  #said(confirmed: Board, group: Group, item: Item): Item[] {
    const base = confirmed.seq;
    if (!isWords(item)) {
      item.edit = { ...item.edit, base: Math.min(item.edit.base, base) };
      return [item];
    }
    let before: Item = item;
    const said = inParts(item.change).map(({ splices, inserted, change }, i): Item => {
      const edit = { ...item.edit, base, splices, inserted };
      if (i === 0) return Object.assign(item, { edit, change });
      const more: Item = { edit, change, waitsFor: null };
      this.#items.add(more, group, before);
      before = more;
      return more;
    });
    if (said.length === 0) this.#items.remove(item);
    return said;
  }

  /** The last k of a hand, what is on its way included (PROTOCOL-24). */
  #lastK(confirmed: Board, element: string, hand: string): number {
    let last = confirmed.hands(element).get(handKey(this.#author, hand))?.k ?? 0;
    for (const item of this.#items.of(element)) {
      const state = this.#items.groupOf(item)?.state;
      const isUnderWay = state === 'sent' || state === 'again' || state === 'acked';
      if (isUnderWay && item.edit.hand === hand) last = Math.max(last, item.edit.k);
    }
    return last;
  }
}
