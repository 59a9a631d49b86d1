/**
 * What a person did that did not fit any more when it came to the log: changes that somebody else had made long since
 * (FOLD-21), changes of what was set aside (FOLD-23), words that found no place. Nothing of it is forced on the board, and
 * nothing of it is lost: it is listed, on this device, until the person puts it or leaves it.
 *
 * Pure but for the list, which the device keeps where it can.
 */

import type { Board, Value } from '../core/board.ts';
import type { Missed } from './interface.ts';
import type { Item } from './outbox.ts';
import type { PendingStore } from './pending.ts';

/** Reasons after which a person may still want it. Others say that it can't be, or that it is there already. */
const LISTED: ReadonlySet<string> = new Set([
  'stale',
  'aside',
  'locked',
  'unknown-element',
  'out-of-range',
  'old-base',
  'text-full',
  'board-full',
  'bad-words',
  'long-ago',
]);
const MOST = 200;
const MOST_CALLED = 80;

export type MissedDraft = Omit<Missed, 'id'>;

/** What of these items a person may want to put yet, an element each. `stale`: of a `set`, only these did not apply. */
export function missedOf(
  code: string,
  items: readonly Item[],
  stale: readonly string[] | null,
  called: (element: string) => string,
): MissedDraft[] {
  if (!LISTED.has(code)) return [];
  const found = new Map<string, { values: Record<string, Value>; said: Record<string, string>; words: string }>();
  for (const { edit, change } of items) {
    const one = found.get(edit.element) ?? { values: {}, said: {}, words: '' };
    found.set(edit.element, one);
    const isWanted = ([name]: readonly [string, unknown]): boolean => stale === null || stale.includes(name);
    if (edit.kind === 'set') {
      Object.assign(one.values, Object.fromEntries([...edit.values].filter(isWanted)));
      Object.assign(one.said, Object.fromEntries([...edit.words].filter(isWanted)));
    } else if (edit.kind === 'order') one.values['order'] = edit.key;
    else if (edit.kind === 'text') one.words += change.words;
  }
  return [...found]
    .filter(([, { values, said, words }]) => Object.keys(values).length + Object.keys(said).length > 0 || words.trim() !== '')
    .map(([element, one]) => ({ code, element, called: [...called(element)].slice(0, MOST_CALLED).join(''), ...one }));
}

/** Whether what one wanted is as it is now: then there is nothing to choose. */
export function isThere(missed: Missed, board: Board): boolean {
  const element = board.elements.get(missed.element);
  if (element === undefined || element.aside !== null || missed.words !== '') return false;
  const isSame = Object.entries(missed.values).every(([name, value]) => element.prop(name) === value);
  return isSame && Object.entries(missed.said).every(([name, said]) => (element.words.get(name) ?? '') === said);
}

/** The list of one board. */
export class MissedList {
  all: readonly Missed[] = [];
  readonly #space: string;
  readonly #board: string;
  readonly #store: () => PendingStore;
  readonly #newId: () => string;

  constructor(space: string, board: string, store: () => PendingStore, newId: () => string) {
    this.#space = space;
    this.#board = board;
    this.#store = store;
    this.#newId = newId;
  }

  /** Begin with what this device kept. */
  async load(): Promise<void> {
    const kept = await this.#store().missed(this.#space, this.#board);
    const known = new Set(this.all.map((one) => one.id));
    this.all = [...kept.filter(({ missed }) => !known.has(missed.id)).map(({ missed }) => missed), ...this.all];
  }

  /** Later changes of the same element join the earlier ones. */
  add(drafts: readonly MissedDraft[]): void {
    for (const draft of drafts) {
      const same = this.all.find((one) => one.element === draft.element && one.code === draft.code);
      const missed: Missed = {
        ...draft,
        id: same?.id ?? this.#newId(),
        values: { ...same?.values, ...draft.values },
        said: { ...same?.said, ...draft.said },
        words: (same?.words ?? '') + draft.words,
      };
      this.all = [...this.all.filter((one) => one !== same), missed].slice(-MOST);
      void this.#store().keepMissed({ space: this.#space, board: this.#board, id: missed.id, missed }).catch(() => undefined);
    }
  }

  /** It was put or left. Answers it, or null if it is not here. */
  take(id: string): Missed | null {
    const missed = this.all.find((one) => one.id === id) ?? null;
    this.all = this.all.filter((one) => one !== missed);
    void this.#store().forgetMissed(this.#space, this.#board, id).catch(() => undefined);
    return missed;
  }
}
