/**
 * "Hold still": leases on things (FOLD-52), as a screen knows them. They name who and why, they end by themselves, and anybody ends
 * them in one tap; while they last, nobody moves, changes or sets the thing aside, the one who asked for it neither.
 *
 * The fold says until when; here is the clock that shows it (the log's, as this device knows it): it moves on when the next lease
 * ends, and no oftener. What the screen lets through in spite of all is refused by the fold, and told.
 */
import { t, tWhen } from '../../i18n';
import type { Lock } from '../../core/board';
import type { Item } from '../scene';
import type { Desk } from './desk';

export const HOLD_MINUTES = { short: 10, hour: 60 } as const;
/** A lease lasts eight hours at most. */
const MOST_MINUTES = 480;
/** Timers of browsers are not exact: look a moment after. */
const AFTER_MS = 60;

/** Minutes until midnight here, within what a lease can last. */
export function minutesToday(now: Date): number {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return Math.max(1, Math.min(MOST_MINUTES, Math.ceil((midnight.getTime() - now.getTime()) / 60_000)));
}

export class Holding {
  readonly #desk: Desk;
  /** Things that have a lease, in force or not. */
  readonly #leased = new Set<string>();
  #now: number = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.heard(null);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** These elements changed; null: all of them. */
  heard(ids: Iterable<string> | null): void {
    const { view } = this.#desk.replica;
    if (ids === null) this.#leased.clear();
    let isNew = ids === null;
    for (const id of ids ?? view.elements.keys()) {
      const element = view.elements.get(id);
      const isLeased = element?.lock != null && element.aside === null;
      if (isLeased) this.#leased.add(id);
      else if (!this.#leased.delete(id)) continue;
      isNew = true;
    }
    if (isNew) this.#look();
  }

  /** Look at the clock, and again when the next lease ends. */
  #look(): void {
    const { view, now } = this.#desk.replica;
    this.#now = now;
    let next = Infinity;
    for (const id of this.#leased) {
      const until = view.elements.get(id)?.lock?.until ?? 0;
      if (until > this.#now) next = Math.min(next, until);
    }
    clearTimeout(this.#timer);
    if (next !== Infinity) this.#timer = setTimeout(() => this.#look(), next - this.#now + AFTER_MS);
  }

  /** The lease that is in force on a thing, if any. */
  of(id: string): Lock | null {
    void this.#desk.changes;
    const lock = this.#desk.replica.view.elements.get(id)?.lock ?? null;
    return lock !== null && lock.until > this.#now ? lock : null;
  }

  /** Things that are held, in no order. */
  get held(): readonly string[] {
    void this.#desk.changes;
    return [...this.#leased].filter((id) => this.of(id) !== null);
  }

  /** "Ben holds this still until 14:30: we vote on it". Null if nobody does. */
  words(id: string): string | null {
    const lock = this.of(id);
    if (lock === null) return null;
    const until = tWhen(lock.until, this.#now);
    const why = (lock.why ?? '').trim();
    if (lock.stamp.author === this.#desk.me) {
      return why === '' ? t('arrange.held.byMe', { until }) : t('arrange.held.byMeWhy', { until, why });
    }
    const name = this.#desk.nameOf(lock.stamp.author);
    return why === '' ? t('arrange.held.by', { name, until }) : t('arrange.held.byWhy', { name, until, why });
  }

  /** Those that may be changed. If any may not, it is said once, with the way to free them. */
  free(items: readonly Item[]): Item[] {
    const held = items.filter((item) => this.of(item.id) !== null);
    const [first] = held;
    if (first === undefined) return [...items];
    if (this.#desk.replica.mayEdit) {
      const ids = held.map((item) => item.id);
      this.#desk.offer(this.words(first.id) ?? '', t('arrange.free'), () => this.release(ids));
    }
    return items.filter((item) => this.of(item.id) === null);
  }

  hold(ids: Iterable<string>, minutes: number, why = ''): void {
    const here = [...ids].filter((id) => this.#desk.scene.get(id) !== undefined);
    if (here.length === 0 || !this.#desk.replica.mayEdit) return;
    this.#desk.replica.lock(here, Math.max(1, Math.min(MOST_MINUTES, Math.round(minutes))), why.trim());
    const { now } = this.#desk.replica;
    const until = tWhen(now + minutes * 60_000, now);
    this.#desk.announce(t('arrange.holding', { until }));
  }

  release(ids: Iterable<string>): void {
    const held = [...ids].filter((id) => this.of(id) !== null);
    if (held.length === 0 || !this.#desk.replica.mayEdit) return;
    this.#desk.replica.unlock(held);
    this.#desk.announce(t('arrange.freed'));
  }
}
